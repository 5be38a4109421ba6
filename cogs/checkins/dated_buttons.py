"""The form that puts a time to a commitment, and the buttons that answer how it went."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.checkins.dated import Dated
from bot.checkins.service import CheckinService
from bot.core.text import _
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values
from cogs.checkins.dated_cards import FORM, answered_card, dated_card, time_fields
from cogs.checkins.help_buttons import first_number


class DatedButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, dated: Dated, service: CheckinService, forms: Forms) -> None:
        """Stand on both services and the client's forms."""
        self.dated = dated
        self.service = service
        self.forms = forms

    def actions(self) -> dict[str, PressHandler]:
        """Name every action."""
        return {"checkin.time": self.time, "commitment.outcome": self.outcome}

    async def time(self, press: Press) -> None:
        """Open the form for the commitment of the button, or the one chosen in the menu."""
        commitment_id = first_number(press.values or press.args)
        await press.answer.form(await self._form(press.person_id, commitment_id, None))

    async def outcome(self, press: Press) -> None:
        """Note what came of it, on the message that asked."""
        given = await self.service.outcome(
            press.person_id, first_number(press.args), "".join(press.args[1:2])
        )
        await press.answer.update(answered_card(given.commitment, changed=given.changed))

    def spec(self) -> FormSpec:
        """Describe the form; its state is the id of the commitment."""
        return FormSpec(FORM, self._build, self._submit)

    async def _build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        return await self._form(interaction.user.id, first_number((state,)), values)

    async def _form(self, person_id: int, commitment_id: int, values: Values | None) -> FormModal:
        view = await self.dated.mine(person_id, commitment_id)
        return self.forms.modal(FORM, str(view.id), _("When will you do it?"), time_fields(view, values))

    async def _submit(self, sent: Submission) -> None:
        view = await self.dated.put(
            sent.person_id, first_number((sent.state,)), sent.text("day"), sent.text("hour")
        )
        await sent.answer.show(dated_card(view))
