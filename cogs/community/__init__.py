"""How setup, the check-up and what moderators look at appear on Discord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.community.service import CommunityService
from bot.core.agenda import Handler
from bot.edge.courier import Courier
from cogs.community.buttons import CommunityButtons
from cogs.community.channels import greeting_channel, myself
from cogs.community.commands import Moderation, week_command
from cogs.community.overview import Overview
from cogs.community.watching import Sight, gate_of, watched
from cogs.community.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith

__all__ = ["Overview", "add_week", "guarded", "setup"]


async def setup(bot: Kith, service: CommunityService, courier: Courier, overview: Overview) -> None:
    """Add the commands, the buttons, the form, the first message and the sentences, and watch over sends."""
    handlers = CommunityButtons(service, bot.forms, courier.release)
    await bot.add_cog(Moderation(service, handlers, overview))
    bot.forms.register(handlers.spec())
    bot.buttons.register("kith.setup", handlers.setup)
    bot.buttons.register("kith.start", handlers.start)
    bot.buttons.register("kith.create", handlers.create)
    bot.buttons.register("kith.modules", handlers.modules)
    bot.buttons.register("kith.panel", handlers.panel)
    bot.buttons.register("kith.doctor", handlers.doctor)
    bot.buttons.register("kith.recheck", handlers.recheck)
    bot.buttons.register("kith.tags", handlers.tags)
    bot.buttons.register("kith.preview", overview.preview)
    bot.buttons.register("kith.audit", overview.audit_page)
    bot.sentences.update(SENTENCES)
    bot.gates.append(gate_of(service))
    sight = Sight(bot, service)
    bot.refusals.append(sight.refused)
    service.setbacks.reach = sight.reach
    courier.gate, courier.mending = service.gate.let_out, service.setbacks
    courier.register(overview.renderers(sight))

    async def welcome(guild: discord.Guild) -> None:
        """Greet the moderators of a server that has just added Kith."""
        if not await service.knows(guild.id):
            channel_id = greeting_channel(guild, await myself(guild, bot))
            await service.arrived(guild.id, guild.name, channel_id)

    bot.welcomes.append(welcome)


def add_week(bot: Kith, overview: Overview) -> None:
    """Add `/kith digest week` once the group of digests is there."""
    kith = bot.tree.get_command("kith")
    assert isinstance(kith, app_commands.Group)
    digest = kith.get_command("digest")
    assert isinstance(digest, app_commands.Group)
    digest.add_command(week_command(overview))


def guarded(handlers: Mapping[str, Handler], service: CommunityService) -> dict[str, Handler]:
    """Let work wait while its part is left out, or while a permission is missing."""
    return {
        kind: service.gate.guarded(kind, watched(kind, handler, service.setbacks))
        for kind, handler in handlers.items()
    }
