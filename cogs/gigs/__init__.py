"""How the gig board looks on Discord."""

from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs.board_buttons import BoardButtons
from cogs.gigs.commands import GigCommands
from cogs.gigs.pitch_buttons import PitchButtons
from cogs.gigs.posting_forms import PostingForms
from cogs.gigs.renderers import renderers
from cogs.gigs.review_buttons import ReviewButtons
from cogs.gigs.words import SENTENCES

__all__ = ["renderers", "setup"]


async def setup(bot: Kith, service: GigService) -> None:
    """Add the commands, buttons, forms and sentences."""
    for room in (PostingForms, BoardButtons, ReviewButtons, PitchButtons):
        room(bot, service).register()
    bot.sentences.update(SENTENCES)
    await bot.add_cog(GigCommands(bot, service))
