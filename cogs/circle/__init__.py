"""How the circle looks on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.circle.service import CircleService
from cogs.circle.buttons import CircleButtons
from cogs.circle.commands import WHERE, Circles
from cogs.circle.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: CircleService) -> None:
    """Add the command, the buttons, the forms and the sentences of the circle."""
    cog = Circles(service)
    await bot.add_cog(cog)
    handlers = CircleButtons(service, bot.forms)
    bot.buttons.register(WHERE, cog.where)
    bot.buttons.register("circle.keep", handlers.keep)
    bot.buttons.register("circle.page", handlers.page)
    bot.buttons.register("circle.stop", handlers.stop)
    bot.buttons.register("circle.stopped", handlers.stopped)
    bot.buttons.register("circle.look", handlers.look)
    bot.buttons.register("circle.person", handlers.person)
    bot.buttons.register("circle.done", handlers.done)
    bot.buttons.register("circle.strike", handlers.strike)
    bot.buttons.register("circle.remove", handlers.remove)
    bot.buttons.register("circle.removed", handlers.removed)
    for spec in handlers.specs():
        bot.forms.register(spec)
    bot.sentences.update(SENTENCES)
