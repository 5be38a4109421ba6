"""How niches look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.niches.service import NicheService
from cogs.niches.buttons import NicheButtons
from cogs.niches.commands import Niches
from cogs.niches.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: NicheService) -> None:
    """Add the commands, the buttons and the sentences of niches."""
    await bot.add_cog(Niches(service))
    handlers = NicheButtons(service)
    bot.buttons.register("niche.browse", handlers.browse)
    bot.buttons.register("niche.join", handlers.join)
    bot.sentences.update(SENTENCES)
