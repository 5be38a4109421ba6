"""How the gig board looks on Discord."""

from discord import app_commands

from bot.core.agenda import Handler
from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs import browse_commands, channels_commands, channels_work
from cogs.gigs.alerts_buttons import AlertButtons
from cogs.gigs.alerts_commands import alerts_commands
from cogs.gigs.board_buttons import BoardButtons
from cogs.gigs.browse_buttons import BrowseButtons
from cogs.gigs.check import check_menu
from cogs.gigs.commands import GigCommands
from cogs.gigs.lead_buttons import LeadButtons
from cogs.gigs.outcome_buttons import OutcomeButtons
from cogs.gigs.pitch_buttons import PitchButtons
from cogs.gigs.pitch_commands import people_commands
from cogs.gigs.pitch_rooms import PitchRooms
from cogs.gigs.posting_forms import PostingForms
from cogs.gigs.rates_buttons import RateButtons
from cogs.gigs.renderers import renderers
from cogs.gigs.review_commands import kith_gigs, queue_command, takedown_command
from cogs.gigs.review_forms import ReviewForms
from cogs.gigs.words import SENTENCES

__all__ = ["handlers", "renderers", "setup"]


async def setup(bot: Kith, service: GigService) -> None:
    """Add the commands, buttons, forms and sentences."""
    for room in (
        PostingForms,
        BoardButtons,
        BrowseButtons,
        ReviewForms,
        PitchButtons,
        LeadButtons,
        OutcomeButtons,
        AlertButtons,
        RateButtons,
    ):
        room(bot, service).register()
    bot.sentences.update(SENTENCES)
    for command in (queue_command(service), takedown_command(bot, service)):
        kith_gigs(bot).add_command(command)
    await bot.add_cog(GigCommands(bot, service))
    group = bot.tree.get_command("gig")
    assert isinstance(group, app_commands.Group)
    for command in people_commands(service) + alerts_commands(service):
        group.add_command(command)
    browse_commands.add_commands(bot, service)
    check_menu(bot, service.posting.check)
    channels_commands.add_commands(bot, service)


def handlers(bot: Kith, service: GigService) -> dict[str, Handler]:
    """Name the agenda work that reaches for Discord: the board's channels, the threads of those who talk."""
    return PitchRooms(bot, service).handlers() | channels_work.handlers(bot, service)
