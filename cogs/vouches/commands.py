"""The slash command of vouches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.edge.answer import answer_of, who
from bot.vouches.service import VouchService
from cogs.vouches.buttons import VouchButtons
from cogs.vouches.cards import list_card

if TYPE_CHECKING:
    from bot.edge.client import Kith


class Vouches(commands.Cog):
    """`/vouch`: say a good word for someone, or see what there is."""

    def __init__(self, service: VouchService, handlers: VouchButtons) -> None:
        """Stand on the service; the form is shared with its buttons."""
        super().__init__()
        self.service = service
        self.handlers = handlers

    @app_commands.command(name="vouch")
    @app_commands.guild_only()
    @app_commands.describe(member="Someone you met here; leave it out to see your vouches")
    async def vouch(self, interaction: Interaction[Kith], member: discord.User | None = None) -> None:
        """Say a good word for someone you met, or see your vouches."""
        if member is not None:
            await self.handlers.begin(interaction, member.id)
            return
        await answer_of(interaction).show(list_card(await self.service.mine(who(interaction))))
