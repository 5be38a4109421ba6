"""What a command about the member's own check-ins does, in the community it was given or chosen for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import discord

from bot.checkins.service import CheckinService, HistoryView
from bot.core.errors import KithError
from bot.edge.answer import Answer
from bot.people.service import Who
from cogs.checkins.away_cards import away_card
from cogs.checkins.cards import plan_card, prompt_card, stopped_card
from cogs.checkins.history_cards import history_card, picture_of
from cogs.checkins.pictures import NAME

NONE = "none"
"""A day that the command did not name."""


class Places:
    """The commands of check-ins, by name; they also work in the DM."""

    def __init__(self, service: CheckinService) -> None:
        """Stand on the service."""
        self.service = service

    async def run(self, answer: Answer, command: str, place: Who, args: Sequence[str]) -> None:
        """Do what a command does and show what came of it; raises `button_outdated` for one unknown."""
        match command, *args:
            case ("start", day, hour):
                plan = await self.service.start(place, _number(day), _number(hour))
                await answer.show(plan_card(plan))
            case ("now",):
                await answer.show(prompt_card(await self.service.now(place)))
            case ("history",):
                await self._history(answer, await self.service.history(place))
            case ("away",):
                await answer.show(away_card(await self.service.away.show(place)))
            case ("away", first, last):
                until = None if last == NONE else _date(last)
                await answer.show(away_card(await self.service.away.add(place, _date(first), until)))
            case ("stop",):
                await answer.show(stopped_card(await self.service.stop(place)))
            case _:
                raise KithError("button_outdated")

    async def _history(self, answer: Answer, view: HistoryView) -> None:
        """Look back, with a picture where one can be drawn."""
        svg = picture_of(view)
        drawn = await self.service.draw(svg) if svg is not None else None
        if drawn is None:
            await answer.show(history_card(view))
            return
        await answer.files(history_card(view, pictured=True), discord.File(io.BytesIO(drawn), NAME))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise KithError("button_outdated")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise KithError("button_outdated") from error
