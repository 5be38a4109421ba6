"""The menus and buttons of niches that moderators press; every press asks again who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import Interaction

from bot.core.errors import KithError
from bot.edge.buttons import Press
from bot.edge.rights import guild_of, moderator
from bot.niches.service import NicheService
from bot.niches.suggesting import Verdict
from cogs.community.channels import myself
from cogs.niches import moderator_cards as cards
from cogs.niches.buttons import chosen, number_of, word_of

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def usable_role(interaction: Interaction[Any], role_id: int) -> discord.Role:
    """Return a role that may belong to a niche; raises KithError that says why it may not."""
    guild = guild_of(interaction)
    role = guild.get_role(role_id)
    if role is None:
        raise KithError("niche_role_gone")
    if role.is_default():
        raise KithError("niche_role_everyone")
    if role.managed:
        raise KithError("niche_role_managed")
    # What everybody may do anyway is no power.
    if role.permissions.value & ~guild.default_role.permissions.value:
        raise KithError("niche_role_powers")
    if role >= (await myself(guild, interaction.client)).top_role:
        raise KithError("niche_role_above")
    return role


class ModeratorButtons:
    """Handles what moderators decide."""

    def __init__(self, service: NicheService) -> None:
        """Stand on the service."""
        self.service = service

    def register(self, bot: Kith) -> None:
        """Add every button and menu."""
        bot.buttons.register("niche.accept", self.accept)
        bot.buttons.register("niche.same", self.same)
        bot.buttons.register("niche.refuse", self.refuse)
        bot.buttons.register("niche.merge", self.merge)
        bot.buttons.register("niche.link", self.link)
        bot.buttons.register("niche.from_role", self.from_role)

    async def accept(self, press: Press) -> None:
        """Make the suggested niche."""
        await self._decide(press, "accepted")

    async def refuse(self, press: Press) -> None:
        """Do not make it."""
        await self._decide(press, "refused")

    async def same(self, press: Press) -> None:
        """It is a niche that exists already."""
        await self._decide(press, "merged", chosen(press))

    async def _decide(self, press: Press, verdict: Verdict, into: str = "") -> None:
        acting = moderator(press.interaction)
        done = await self.service.decide(acting, number_of(press), verdict, into)
        if word_of(press, 1) == "queue":
            waiting = await self.service.queue(acting)
            await press.answer.update(cards.queue_card(waiting, cards.decided_words(done)))
        else:
            await press.answer.update(cards.decided_card(done))

    async def merge(self, press: Press) -> None:
        """Merge the two niches that were looked at."""
        acting = moderator(press.interaction)
        done = await self.service.merge(acting, word_of(press, 0), word_of(press, 1))
        await press.answer.update(cards.merged_card(done))

    async def link(self, press: Press) -> None:
        """Let the role be that niche's."""
        acting = moderator(press.interaction)
        role = await usable_role(press.interaction, number_of(press))
        channel = press.interaction.channel_id
        done = await self.service.link_role(acting, role.id, word_of(press, 1), channel)
        await press.answer.update(cards.imported_card(done))

    async def from_role(self, press: Press) -> None:
        """Make a niche of the role."""
        acting = moderator(press.interaction)
        role = await usable_role(press.interaction, number_of(press))
        channel = press.interaction.channel_id
        done = await self.service.import_role(acting, role.id, role.name, chosen(press), channel)
        await press.answer.update(cards.imported_card(done))
