"""The slash commands of profiles and niches, and the menu *View profile*."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.kit import plain
from bot.people.service import PeopleService
from cogs.people.cards import browse_card, clock_words, niche_card, profile_card, zone_card

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX = 100
Choices = list[app_commands.Choice[str]]


async def show_profile(service: PeopleService, interaction: Interaction[Kith], person_id: int) -> None:
    """Show a person's profile to whoever asked, in private."""
    view = await service.profile_of(who(interaction), person_id)
    mine = person_id == interaction.user.id
    shown = profile_card(view, service.catalogue, service.clock.now(), mine=mine)
    await answer_of(interaction).show(shown)


@app_commands.guild_only()
class Profiles(
    commands.GroupCog, group_name="profile", group_description="Who you are, for people who fit you"
):
    """The member's profile: write it, look at one, set the time zone."""

    def __init__(self, service: PeopleService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="edit")
    async def edit(self, interaction: Interaction[Kith]) -> None:
        """Write or change your profile in one short form."""
        form = await interaction.client.forms.build("profile.edit", "0", interaction)
        await answer_of(interaction).form(form)

    @app_commands.command(name="view")
    @app_commands.describe(member="Whose profile; yours if you leave it out")
    async def view(self, interaction: Interaction[Kith], member: discord.User | None = None) -> None:
        """Look at a profile, in private."""
        await show_profile(self.service, interaction, (member or interaction.user).id)

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


@app_commands.guild_only()
class Niches(commands.GroupCog, group_name="niche", group_description="The subjects members gather around"):
    """Niches: join, leave, browse."""

    def __init__(self, service: PeopleService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="join")
    @app_commands.describe(niche="An industry, a technique or a deliverable")
    async def join(self, interaction: Interaction[Kith], niche: str) -> None:
        """Join the people who share your subject."""
        change = await self.service.join_niche(who(interaction), niche)
        await answer_of(interaction).show(niche_card(change, self.service.catalogue, joined=True))

    @join.autocomplete("niche")
    async def to_join(self, _interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest niches, also by alias and when mistyped."""
        found = self.service.catalogue.search_niches(current)
        return [app_commands.Choice(name=_(niche.name), value=niche.slug) for niche in found]

    @app_commands.command(name="leave")
    @app_commands.describe(niche="One of yours")
    async def leave(self, interaction: Interaction[Kith], niche: str) -> None:
        """Leave a niche."""
        change = await self.service.leave_niche(who(interaction), niche)
        await answer_of(interaction).show(niche_card(change, self.service.catalogue, joined=False))

    @leave.autocomplete("niche")
    async def to_leave(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest the member's own niches."""
        mine = await self.service.niches_of(who(interaction))
        found = self.service.catalogue.search_niches(current, limit=len(self.service.catalogue.niches))
        named = [niche for niche in found if niche.slug in mine]
        return [app_commands.Choice(name=_(niche.name), value=niche.slug) for niche in named[:25]]

    @app_commands.command(name="browse")
    async def browse(self, interaction: Interaction[Kith]) -> None:
        """See every niche and how many members are in it."""
        counts = await self.service.browse(who(interaction))
        await answer_of(interaction).show(browse_card(counts, self.service.catalogue))


def city_choices(service: PeopleService, current: str) -> Choices:
    """Turn what was typed into places, each with the time there now."""
    return [
        app_commands.Choice(
            name=plain(f"{place.label} · {clock_words(place.local_now)}", CHOICE_MAX), value=place.label
        )
        for place in service.search_zones(current)
    ]
