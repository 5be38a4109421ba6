"""How weekly check-ins look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.checkins.service import CheckinService
from cogs.checkins.buttons import CheckinButtons
from cogs.checkins.cards import renderers
from cogs.checkins.commands import Checkins
from cogs.checkins.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith

__all__ = ["renderers", "setup"]


async def setup(bot: Kith, service: CheckinService) -> None:
    """Add the commands, the buttons, the form and the sentences of check-ins."""
    await bot.add_cog(Checkins(service))
    handlers = CheckinButtons(service, bot.forms)
    bot.buttons.register("checkin.plan", handlers.plan)
    bot.buttons.register("checkin.outcome", handlers.outcome)
    bot.buttons.register("checkin.stop", handlers.stop)
    bot.forms.register(handlers.spec())
    bot.sentences.update(SENTENCES)
