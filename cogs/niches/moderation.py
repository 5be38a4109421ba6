"""`/kith niches …`: what moderators do with niches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands

from bot.edge.answer import answer_of, who
from bot.edge.rights import moderator
from bot.niches.rules import LEAST_FOR_ROLE
from bot.niches.service import NicheService
from cogs.niches import moderator_cards as cards
from cogs.niches.commands import Choices, niche_choices
from cogs.niches.moderator_buttons import usable_role

if TYPE_CHECKING:
    from bot.edge.client import Kith

LEAST_MAX = 1000


class KithNiches(app_commands.Group):
    """Suggestions, merging, names, roles and import."""

    def __init__(self, service: NicheService) -> None:
        """Stand on the service."""
        super().__init__(name="niches", description="Look after the niches of your community")
        self.service = service

    @app_commands.command(name="queue")
    async def queue(self, interaction: Interaction[Kith]) -> None:
        """See the niches members suggested, and decide."""
        waiting = await self.service.queue(moderator(interaction))
        await answer_of(interaction).show(cards.queue_card(waiting))

    @app_commands.command(name="merge")
    @app_commands.rename(source="from", target="into")
    @app_commands.describe(source="The niche that goes", target="The niche that stays, with everybody in it")
    async def merge(self, interaction: Interaction[Kith], source: str, target: str) -> None:
        """Merge one niche into another; nobody is lost."""
        seen = await self.service.merge_preview(moderator(interaction), source, target)
        await answer_of(interaction).show(cards.merge_card(seen))

    @app_commands.command(name="rename")
    @app_commands.describe(niche="Which niche", name="What your community calls it")
    async def rename(self, interaction: Interaction[Kith], niche: str, name: str) -> None:
        """Call a niche what your community calls it."""
        done = await self.service.rename(moderator(interaction), niche, name)
        await answer_of(interaction).show(cards.renamed_card(done))

    @app_commands.command(name="roles")
    @app_commands.describe(on="Whether niches have roles", least="From how many members a niche has a role")
    async def roles(
        self,
        interaction: Interaction[Kith],
        on: bool,
        least: app_commands.Range[int, 1, LEAST_MAX] = LEAST_FOR_ROLE,
    ) -> None:
        """Give every large enough niche a role, or no longer."""
        wanted = least if on else None
        changed = await self.service.set_roles(moderator(interaction), wanted)
        await answer_of(interaction).show(cards.roles_card(wanted, changed=changed))

    @app_commands.command(name="import")
    @app_commands.describe(role="A role whose members share a subject")
    async def import_(self, interaction: Interaction[Kith], role: discord.Role) -> None:
        """Make a niche of a role you have; its members are invited."""
        acting = moderator(interaction)
        found = await usable_role(interaction, role.id)
        near = await self.service.near_role(acting, found.id, found.name)
        await answer_of(interaction).show(cards.import_card(found.id, near))

    @merge.autocomplete("source")
    @merge.autocomplete("target")
    @rename.autocomplete("niche")
    async def niches(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest niches, also by alias and when mistyped."""
        return niche_choices(await self.service.search(who(interaction), current))
