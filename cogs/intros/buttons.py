"""What the buttons of the introductions do: ask the service, show the card."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.edge.buttons import Press
from bot.edge.numbers import number_in
from bot.intros.service import IntroService
from cogs.intros.actions import known_place
from cogs.intros.cards import left_card, outcome_card, together_card


class IntroButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the service."""
        self.service = service

    async def outcome(self, press: Press) -> None:
        """Note how it went, on the message that was pressed."""
        seat, outcome, place = _three(press.args)
        view = await self.service.meeting.outcome(press.person_id, _number(seat), outcome)
        await press.answer.update(outcome_card(view, self.service.clock.now(), place))

    async def leave(self, press: Press) -> None:
        """Leave the introductions."""
        view = await self.service.leave_member(press.person_id, _number("".join(press.args[:1])))
        await press.answer.show(left_card(view))

    async def unavoid(self, press: Press) -> None:
        """Take back the wish never to be introduced to somebody."""
        member, other = (*press.args, "", "")[:2]
        view = await self.service.avoid_no_more(press.person_id, _number(member), _number(other))
        await press.answer.update(together_card(view))


def _three(args: tuple[str, ...]) -> tuple[str, str, str]:
    """Seat, outcome, and which message it was; raises `intro_over` for an id Kith never made."""
    match args:
        case (seat, outcome, place):
            return seat, outcome, known_place(place)
        case _:
            raise KithError("intro_over")


def _number(text: str) -> int:
    """An id in a button; raises `intro_over` for one Kith never made."""
    return number_in(text, "intro_over")
