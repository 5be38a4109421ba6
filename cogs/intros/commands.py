"""The slash commands of the introductions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction, Member, app_commands
from discord.ext import commands

from bot.edge.answer import answer_of, who
from bot.intros.service import IntroService
from cogs.intros.cards import avoided_card, enrolled_card, history_card, left_card, next_card

if TYPE_CHECKING:
    from bot.edge.client import Kith


@app_commands.guild_only()
class Intros(
    commands.GroupCog, group_name="intro", group_description="Meet one person at a time, for a reason"
):
    """Introductions: take part, leave, when is mine, whom did I meet, keep us apart."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="join")
    async def join(self, interaction: Interaction[Kith]) -> None:
        """Be introduced to someone who fits, in every round."""
        await answer_of(interaction).show(enrolled_card(await self.service.join(who(interaction))))

    @app_commands.command(name="leave")
    async def leave(self, interaction: Interaction[Kith]) -> None:
        """Get no more introductions."""
        await answer_of(interaction).show(left_card(await self.service.leave(who(interaction))))

    @app_commands.command(name="next")
    async def next(self, interaction: Interaction[Kith]) -> None:
        """See when your next introduction comes."""
        await answer_of(interaction).show(next_card(await self.service.next(who(interaction))))

    @app_commands.command(name="history")
    async def history(self, interaction: Interaction[Kith]) -> None:
        """See whom you were introduced to, in private."""
        await answer_of(interaction).show(history_card(await self.service.history(who(interaction))))

    @app_commands.command(name="avoid")
    @app_commands.describe(member="The person you would rather not be introduced to; they are not told")
    async def avoid(self, interaction: Interaction[Kith], member: Member) -> None:
        """Never be introduced to one person; nobody is told."""
        name = await self.service.avoid(who(interaction), member.id)
        await answer_of(interaction).show(avoided_card(name))
