"""`/privacy policy`, `export` and `delete`: for everyone, in every server and in the DM with Kith."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands
from discord.ext import commands

from bot.edge.answer import answer_of
from bot.edge.limits import EXPORT, costs
from bot.privacy.service import PrivacyService
from cogs.privacy import cards


@app_commands.allowed_contexts(guilds=True, dms=True)
class Privacy(commands.GroupCog, group_name="privacy", group_description="Your data: what, why, yours"):
    """What Kith keeps; all of it in two files; gone for good. Members the moderators barred may ask too."""

    def __init__(self, service: PrivacyService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="policy")
    async def policy(self, interaction: Interaction[Any]) -> None:
        """What I keep about you, why, for how long, and who sees it."""
        await answer_of(interaction).show(cards.policy_card(await self.service.policy(interaction.user.id)))

    @app_commands.command(name="export")
    @costs(EXPORT)
    async def export(self, interaction: Interaction[Any]) -> None:
        """Get everything I keep about you, as files."""
        files = cards.export_files(await self.service.export(interaction.user.id))
        await answer_of(interaction).files(cards.export_card(files), *files)

    @app_commands.command(name="delete")
    async def delete(self, interaction: Interaction[Any]) -> None:
        """Delete everything I keep about you, here or everywhere."""
        person = interaction.user.id
        held, marks = await self.service.held(person), self.service.periods.marks
        await answer_of(interaction).show(cards.delete_card(person, held, interaction.guild_id, marks))
