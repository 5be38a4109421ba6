"""How privacy looks on Discord, and what follows when a server removes Kith."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import discord

from bot.core.processes import Share
from bot.privacy.service import PrivacyService
from cogs.privacy.buttons import PrivacyButtons
from cogs.privacy.cards import renderers
from cogs.privacy.commands import Privacy

__all__ = ["renderers", "setup"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: PrivacyService) -> None:
    """Add the commands and buttons, and follow servers as they go and come back."""
    await bot.add_cog(Privacy(service))
    handlers = PrivacyButtons(bot, service)
    bot.buttons.register("privacy.ask", handlers.ask)
    bot.buttons.register("privacy.delete", handlers.delete)
    bot.buttons.register("privacy.keep", handlers.keep)

    async def farewell(guild: discord.Guild) -> None:
        """Fall silent there, and delete it after a while."""
        await service.leaving.left(guild.id)

    async def welcome(guild: discord.Guild) -> None:
        """Go on as before, if it had left."""
        await service.leaving.returned(guild.id)

    async def present(ids: Collection[int], share: Share) -> None:
        """Notice who came and went while Kith was offline."""
        await service.leaving.present(ids, share)

    bot.farewells.append(farewell)
    bot.welcomes.append(welcome)
    bot.presents.append(present)
