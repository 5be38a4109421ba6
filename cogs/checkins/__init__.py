"""How weekly check-ins look on Discord."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.checkins.service import CheckinService
from cogs.checkins.buttons import CheckinButtons, WeekExtra
from cogs.checkins.cards import renderers
from cogs.checkins.commands import Checkins
from cogs.checkins.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith

__all__ = ["WeekExtra", "renderers", "setup"]


async def setup(bot: Kith, service: CheckinService, extras: Sequence[WeekExtra] = ()) -> None:
    """Add the commands, the buttons, the forms and the sentences; `extras` are added to a written week."""
    await bot.add_cog(Checkins(service))
    handlers = CheckinButtons(service, bot.forms, extras)
    for action, handler in handlers.buttons().items():
        bot.buttons.register(action, handler)
    for spec in handlers.specs():
        bot.forms.register(spec)
    bot.sentences.update(SENTENCES)
