"""How profiles and time zones look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands

from bot.people.service import PeopleService
from cogs.people.buttons import PeopleButtons
from cogs.people.commands import Profiles, show_profile
from cogs.people.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: PeopleService) -> None:
    """Add the commands, the menu, the forms, the buttons and the sentences of people."""
    await bot.add_cog(Profiles(service))

    @app_commands.context_menu(name="View profile")
    @app_commands.guild_only()
    async def view_profile(interaction: Interaction[Kith], user: discord.User) -> None:
        """Show the profile of the person whose menu was opened."""
        await show_profile(service, interaction, user.id)

    bot.tree.add_command(view_profile)
    handlers = PeopleButtons(service, bot.forms)
    for spec in handlers.specs():
        bot.forms.register(spec)
    bot.sentences.update(SENTENCES)
