"""The slash commands of profiles and zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.edge.answer import answer_of, who
from bot.edge.kit import plain
from bot.people.service import PeopleService
from cogs.people.cards import clock_words, zone_card
from cogs.people.showing import Showing

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX = 100
Choices = list[app_commands.Choice[str]]


@app_commands.guild_only()
class Profiles(
    commands.GroupCog, group_name="profile", group_description="Who you are, for people who fit you"
):
    """The member's profile: write it, look at one, set the time zone."""

    def __init__(self, showing: Showing) -> None:
        """Stand on what shows profiles, and on its service."""
        super().__init__()
        self.showing = showing
        self.service = showing.service

    @app_commands.command(name="edit")
    async def edit(self, interaction: Interaction[Kith]) -> None:
        """Write or change your profile in one short form."""
        form = await interaction.client.forms.build("profile.edit", "0", interaction)
        await answer_of(interaction).form(form)

    @app_commands.command(name="view")
    @app_commands.describe(member="Whose profile; yours if you leave it out")
    async def view(self, interaction: Interaction[Kith], member: discord.User | None = None) -> None:
        """Look at a profile, in private."""
        await answer_of(interaction).show(await self.showing.profile(interaction, member or interaction.user))

    @app_commands.command(name="timezone")
    @app_commands.describe(city="A city in your time zone")
    async def timezone(self, interaction: Interaction[Kith], city: str) -> None:
        """Tell me your city, so that every time is yours."""
        chosen = await self.service.set_zone(who(interaction), city)
        await answer_of(interaction).show(zone_card(chosen))

    @timezone.autocomplete("city")
    async def cities(self, _interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest places with the time there now."""
        return city_choices(self.service, current)


def city_choices(service: PeopleService, current: str) -> Choices:
    """Turn what was typed into places, each with the time there now."""
    return [
        app_commands.Choice(
            name=plain(f"{place.label} · {clock_words(place.local_now)}", CHOICE_MAX), value=place.label
        )
        for place in service.search_zones(current)
    ]
