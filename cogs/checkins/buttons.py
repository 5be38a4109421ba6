"""What the buttons, menus and the form of check-ins do: ask the service, show the card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.checkins.service import CheckinService
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values
from cogs.checkins.cards import noted_card, outcome_notice, prompt_card, stopped_card, week_card, week_fields

FORM = "checkin"


class CheckinButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, service: CheckinService, forms: Forms) -> None:
        """Stand on the service and the client's forms."""
        self.service = service
        self.forms = forms

    async def plan(self, press: Press) -> None:
        """Open the form of a week."""
        await press.answer.form(await self._form(press.person_id, _number(press.args), None))

    async def outcome(self, press: Press) -> None:
        """Note what came of a commitment, on the message that asked."""
        given = await self.service.outcome(press.person_id, _number(press.args), "".join(press.values[:1]))
        notice = outcome_notice(given.commitment.outcome or "", changed=given.changed)
        if given.week is not None:
            await press.answer.update(prompt_card(given.week, notice))
        else:
            await press.answer.show(noted_card(given.commitment, notice))

    async def stop(self, press: Press) -> None:
        """End the check-ins of the member whose message this is."""
        stopped = await self.service.stop_member(press.person_id, _number(press.args))
        await press.answer.show(stopped_card(stopped))

    def spec(self) -> FormSpec:
        """Describe the form; its state is the id of the week."""
        return FormSpec(name=FORM, build=self._build, submit=self._submit)

    async def _build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        return await self._form(interaction.user.id, _number((state,)), values)

    async def _form(self, person_id: int, checkin_id: int, values: Values | None) -> FormModal:
        view = await self.service.mine(person_id, checkin_id)
        return self.forms.modal(FORM, str(view.id), _("Plan my week"), week_fields(view, values))

    async def _submit(self, sent: Submission) -> None:
        view = await self.service.submit(
            sent.person_id,
            _number((sent.state,)),
            [sent.text("first"), sent.text("second"), sent.text("third")],
            stuck=sent.text("stuck"),
            win=sent.text("win"),
        )
        # In the DM the week stays to be read again; in a server nobody else may see it.
        await sent.answer.show(week_card(view), private=sent.interaction.guild_id is not None)


def _number(args: tuple[str, ...]) -> int:
    """Read the id that a component carries."""
    if not args or not args[0].isdecimal():
        raise KithError("button_outdated")
    return int(args[0])
