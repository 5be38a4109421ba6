"""What the buttons, menus and forms of check-ins do: ask the service, show the card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from discord import Interaction, ui

from bot.checkins.service import CheckinService, CheckinView
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values
from bot.edge.limits import PICTURE, costs
from bot.edge.numbers import number_in
from bot.edge.where import chosen_place
from cogs.checkins import cards
from cogs.checkins.away_cards import away_card
from cogs.checkins.history_cards import history_card
from cogs.checkins.places import Places

FORM, STUCK, SKIP = "checkin", "checkin.stuck", "checkin.skip"

WeekExtra: TypeAlias = Callable[[CheckinView], Sequence[ui.Item[Any]]]
"""What another part adds to the card of a written week."""


class CheckinButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, service: CheckinService, forms: Forms, extras: Sequence[WeekExtra] = ()) -> None:
        """Stand on the service and the client's forms."""
        self.service = service
        self.forms = forms
        self.extras = extras
        self.places = Places(service)

    def buttons(self) -> dict[str, PressHandler]:
        """Name the handler of each button and menu."""
        return {
            "checkin.plan": self.plan,
            "checkin.outcome": self.outcome,
            "checkin.alldone": self.all_done,
            "checkin.kind": self.kind,
            "checkin.stuck": self.stuck,
            "checkin.skip": self.skip,
            "checkin.ahead": self.ahead,
            "checkin.history": self.history,
            "checkin.back": self.back,
            "checkin.here": self.here,
            "checkin.where": self.where,
            "checkin.stop": self.stop,
        }

    def specs(self) -> list[FormSpec]:
        """Describe the forms; the state of each is the id of a week."""
        return [
            FormSpec(name=FORM, build=self._build, submit=self._submit),
            FormSpec(name=STUCK, build=self._build_stuck, submit=self._submit_stuck),
            FormSpec(name=SKIP, build=self._build_skip, submit=self._submit_skip),
        ]

    # --- buttons and menus -------------------------------------------------------------------------

    async def plan(self, press: Press) -> None:
        """Open the form of a week."""
        await press.answer.form(await self._form(press.person_id, _first(press), None))

    async def outcome(self, press: Press) -> None:
        """Note what came of a commitment, on the message that asked."""
        given = await self.service.outcome(press.person_id, _first(press), "".join(press.values[:1]))
        notice = cards.outcome_notice(given.commitment.outcome or "", changed=given.changed)
        if given.week is not None:
            await press.answer.update(cards.prompt_card(given.week, notice))
        else:
            await press.answer.show(cards.noted_card(given.commitment, notice))

    async def all_done(self, press: Press) -> None:
        """Note that all of last week's commitments are done."""
        view, changed = await self.service.all_done(press.person_id, _first(press))
        await press.answer.update(cards.prompt_card(view, cards.outcome_notice("done", changed=changed)))

    async def kind(self, press: Press) -> None:
        """Note of which kind a commitment is, on the week read back."""
        view = await self.service.kind(press.person_id, _first(press), "".join(press.values[:1]))
        await press.answer.update(self._week(view))

    async def stuck(self, press: Press) -> None:
        """Open the form for a sentence about what is stuck."""
        await press.answer.form(await self._stuck_form(press.person_id, _first(press), None))

    async def skip(self, press: Press) -> None:
        """Open the form for a reason to skip this week."""
        await press.answer.form(await self._skip_form(press.person_id, _first(press), None))

    async def ahead(self, press: Press) -> None:
        """Open this calendar week rather than catching up with the last."""
        await press.answer.update(cards.prompt_card(await self.service.ahead(press.person_id, _first(press))))

    @costs(PICTURE)
    async def history(self, press: Press) -> None:
        """Turn to another page of the history."""
        view = await self.service.history_of(press.person_id, _first(press))
        await press.answer.update(history_card(view, _number(press.args[1:])))

    async def back(self, press: Press) -> None:
        """End the days away of today."""
        await press.answer.update(away_card(await self.service.away.back(press.person_id, _first(press))))

    async def here(self, press: Press) -> None:
        """Take planned days away back."""
        await press.answer.update(away_card(await self.service.away.remove(press.person_id, _first(press))))

    async def where(self, press: Press) -> None:
        """Go on with a command from the DM, in the community that was chosen."""
        place = await chosen_place(press, self.service.places_of)
        command, *args = press.args or ("",)
        await self.places.run(press.answer, command, place, args)

    async def stop(self, press: Press) -> None:
        """End the check-ins of the member whose message this is."""
        stopped = await self.service.stop_member(press.person_id, _first(press))
        await press.answer.show(cards.stopped_card(stopped))

    # --- forms -------------------------------------------------------------------------------------

    async def _build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        return await self._form(interaction.user.id, _number((state,)), values)

    async def _form(self, person_id: int, checkin_id: int, values: Values | None) -> FormModal:
        view = await self.service.mine(person_id, checkin_id)
        return self.forms.modal(FORM, str(view.id), _("Plan my week"), cards.week_fields(view, values))

    async def _submit(self, sent: Submission) -> None:
        view = await self.service.submit(
            sent.person_id,
            _number((sent.state,)),
            [sent.text("first"), sent.text("second"), sent.text("third")],
            stuck=sent.text("stuck"),
            win=sent.text("win"),
        )
        await self._answer(sent, self._week(view))

    async def _build_stuck(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        return await self._stuck_form(interaction.user.id, _number((state,)), values)

    async def _stuck_form(self, person_id: int, checkin_id: int, values: Values | None) -> FormModal:
        view = await self.service.mine(person_id, checkin_id)
        title = _("What is stuck")
        return self.forms.modal(STUCK, str(view.id), title, cards.stuck_fields(view, values))

    async def _submit_stuck(self, sent: Submission) -> None:
        view = await self.service.say_more(sent.person_id, _number((sent.state,)), sent.text("words"))
        await self._answer(sent, self._week(view))

    async def _build_skip(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        return await self._skip_form(interaction.user.id, _number((state,)), values)

    async def _skip_form(self, person_id: int, checkin_id: int, values: Values | None) -> FormModal:
        view = await self.service.mine(person_id, checkin_id)
        if view.answered:
            raise KithError("checkin_written")
        return self.forms.modal(SKIP, str(view.id), _("Skip this week"), cards.skip_fields(values))

    async def _submit_skip(self, sent: Submission) -> None:
        view = await self.service.skip(sent.person_id, _number((sent.state,)), sent.text("reason"))
        await self._answer(sent, cards.skipped_card(view))

    def _week(self, view: CheckinView) -> ui.LayoutView:
        return cards.week_card(view, [item for extra in self.extras for item in extra(view)])

    async def _answer(self, sent: Submission, shown: ui.LayoutView) -> None:
        """Show a card: in the DM it stays to be read again; in a server nobody else may see it."""
        await sent.answer.show(shown, private=sent.interaction.guild_id is not None)


def _first(press: Press) -> int:
    return _number(press.args[:1])


def _number(args: tuple[str, ...]) -> int:
    """Read the id that a component carries."""
    return number_in("".join(args[:1]), "button_outdated")
