"""How the gig board looks on Discord."""

from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs.buttons import GigButtons
from cogs.gigs.cards import renderers
from cogs.gigs.commands import GigCommands
from cogs.gigs.words import SENTENCES

__all__ = ["renderers", "setup"]


async def setup(bot: Kith, service: GigService) -> None:
    """Add the commands, buttons, forms and sentences."""
    GigButtons(bot, service).register()
    bot.sentences.update(SENTENCES)
    await bot.add_cog(GigCommands(bot, service))
