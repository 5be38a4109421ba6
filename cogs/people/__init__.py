"""How profiles and time zones look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands

from bot.edge.answer import answer_of
from cogs.people.buttons import PeopleButtons
from cogs.people.commands import Profiles
from cogs.people.forms import ProfileForms
from cogs.people.showing import Showing
from cogs.people.words import SENTENCES

__all__ = ["Showing", "setup"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, showing: Showing) -> None:
    """Add the commands, the menu, the forms, the buttons and the sentences of people."""
    await bot.add_cog(Profiles(showing))

    @app_commands.context_menu(name="View profile")
    @app_commands.guild_only()
    async def view_profile(interaction: Interaction[Kith], user: discord.User) -> None:
        """Show the profile of the person whose menu was opened."""
        await answer_of(interaction).show(await showing.profile(interaction, user))

    bot.tree.add_command(view_profile)
    for spec in ProfileForms(showing, bot.forms).specs():
        bot.forms.register(spec)
    buttons = PeopleButtons(showing, bot.forms)
    bot.buttons.register("profile.more", buttons.more)
    bot.buttons.register("profile.list", buttons.list_me)
    bot.sentences.update(SENTENCES)
