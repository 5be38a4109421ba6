"""How setup and the check-up look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.community.service import CommunityService
from cogs.community.buttons import CommunityButtons
from cogs.community.cards import renderers as renderers
from cogs.community.channels import greeting_channel, myself
from cogs.community.commands import Moderation
from cogs.community.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: CommunityService) -> None:
    """Add the commands, the buttons, the form, the first message and the sentences of moderators."""
    handlers = CommunityButtons(service, bot.forms)
    await bot.add_cog(Moderation(service, handlers))
    bot.forms.register(handlers.spec())
    bot.buttons.register("kith.setup", handlers.setup)
    bot.buttons.register("kith.start", handlers.start)
    bot.buttons.register("kith.create", handlers.create)
    bot.buttons.register("kith.panel", handlers.panel)
    bot.buttons.register("kith.doctor", handlers.doctor)
    bot.buttons.register("kith.recheck", handlers.recheck)
    bot.sentences.update(SENTENCES)

    async def welcome(guild: discord.Guild) -> None:
        """Greet the moderators of a server that has just added Kith."""
        if not await service.knows(guild.id):
            channel_id = greeting_channel(guild, await myself(guild, bot))
            await service.arrived(guild.id, guild.name, channel_id)

    bot.welcomes.append(welcome)
