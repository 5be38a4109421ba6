"""The slash commands of the gig board."""

from __future__ import annotations

from discord import Interaction, app_commands
from discord.ext import commands

from bot.edge.answer import answer_of, who
from bot.edge.client import Kith
from bot.edge.limits import SEARCH, costs
from bot.gigs.service import GigService
from cogs.gigs import board_cards, posting_cards
from cogs.gigs.check import checked


@app_commands.guild_only()
class GigCommands(commands.GroupCog, group_name="gig", group_description="Paid work, screened"):
    """`/gig post`, `/gig mine`, `/gig check`."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the commands need."""
        self.bot = bot
        self.service = service
        super().__init__()

    @app_commands.command(description="Post paid work on the board")
    async def post(self, interaction: Interaction[Kith]) -> None:
        """Open the form, or show what was left unfinished."""
        unfinished = await self.service.posting.begin(who(interaction))
        answer = answer_of(interaction)
        if unfinished:
            await answer.show(posting_cards.unfinished(unfinished))
        else:
            await answer.form(await self.bot.forms.build("gig", "new", interaction))

    @app_commands.command(description="Your gigs: mark one filled, or take it back")
    async def mine(self, interaction: Interaction[Kith]) -> None:
        """List the member's own gigs."""
        await answer_of(interaction).show(
            board_cards.mine(await self.service.board.mine_page(who(interaction)))
        )

    @app_commands.command(description="Check any offer for signs of a scam")
    @app_commands.describe(text="Paste the offer here; I keep nothing of it")
    @costs(SEARCH)
    async def check(self, interaction: Interaction[Kith], text: app_commands.Range[str, 1, 6000]) -> None:
        """Screen a pasted text."""
        await answer_of(interaction).show(checked(self.service.posting.check(text)))
