"""What a command about the member's own place does, in the community it was given or chosen for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from discord import ui

from bot.core.errors import KithError
from bot.intros.service import IntroService
from bot.people.service import Who
from cogs.intros.cards import left_card
from cogs.intros.standing import history_card, joined_card, next_card, paused_card

Show: TypeAlias = Callable[[ui.LayoutView], Awaitable[None]]

KEEP = "keep"
"""A wish that the command did not mention."""


class Places:
    """The commands that also work in the DM, by name."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the service."""
        self.service = service

    async def run(self, show: Show, command: str, place: Who, args: Sequence[str]) -> None:
        """Do what a command does and show what came of it; raises `button_outdated` for one unknown."""
        match command, *args:
            case ("join", extra, seats):
                await self._join(show, place, _said_yes(extra), _count(seats))
            case ("pause", until):
                await show(paused_card(await self.service.pause(place, until)))
            case ("leave",):
                await show(left_card(await self.service.leave(place)))
            case ("next",):
                await show(next_card(await self.service.where(place)))
            case ("history",):
                await show(history_card(await self.service.history(place)))
            case _:
                raise KithError("button_outdated")

    async def _join(self, show: Show, place: Who, extra: bool | None, seats: int | None) -> None:
        """Take part, and say what that means now."""
        joined = await self.service.join(place, extra=extra, seats=seats)
        await show(joined_card(await self.service.where(place), changed=joined.changed))


def words_of(value: object) -> str:
    """Write an option so that it fits into a menu's id."""
    return KEEP if value is None else str(int(value)) if isinstance(value, (bool, int)) else str(value)


def _said_yes(text: str) -> bool | None:
    return None if text == KEEP else text == "1"


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 1 else None
