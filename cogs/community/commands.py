"""The slash commands of moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.community.service import CommunityService, SetupEdit
from bot.core.text import _
from bot.edge.answer import answer_of
from bot.edge.limits import EXPORT, PICTURE, PREVIEW, costs
from bot.edge.rights import moderator
from cogs.community.buttons import CommunityButtons
from cogs.community.cards import setup_card
from cogs.community.channels import kind_of
from cogs.community.overview import Overview
from cogs.days import DAYS

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX = 100


class BoardChannel(app_commands.Transformer):
    """A forum or a text channel; the plain annotation would also offer media channels, no board."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that Discord shows a channel picker."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say which channels it offers."""
        return [discord.ChannelType.forum, discord.ChannelType.text]

    async def transform(
        self, _interaction: Interaction[Any], value: app_commands.AppCommandChannel, /
    ) -> app_commands.AppCommandChannel:
        """Take the chosen channel as it is."""
        return value


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Moderation(commands.GroupCog, group_name="kith", group_description="Set Kith up and look after it"):
    """Setup and check-up, what was decided and by whom, pause and resume."""

    def __init__(self, service: CommunityService, handlers: CommunityButtons, overview: Overview) -> None:
        """Stand on the service; the check-up is shared with its buttons."""
        super().__init__()
        self.service = service
        self.handlers = handlers
        self.overview = overview

    @app_commands.command(name="setup")
    @app_commands.describe(
        city="The city whose clock your community goes by",
        lobby="The text channel under which private rooms are opened",
        gigs="The forum (or text channel) of the gig board",
        moderators="The private text channel for reports and doubtful gigs",
        panel="The text channel where newcomers begin; only Kith should write there",
        day="The day of the introductions",
        hour="The hour of the introductions, in that city",
    )
    @app_commands.choices(
        day=[app_commands.Choice(name=name, value=number) for number, name in enumerate(DAYS)]
    )
    async def setup(
        self,
        interaction: Interaction[Kith],
        city: str | None = None,
        lobby: discord.TextChannel | None = None,
        gigs: app_commands.Transform[app_commands.AppCommandChannel, BoardChannel] | None = None,
        moderators: discord.TextChannel | None = None,
        panel: discord.TextChannel | None = None,
        day: int | None = None,
        hour: app_commands.Range[int, 0, 23] | None = None,
    ) -> None:
        """Set Kith up, one step or all at once; come back at any time."""
        ids = [channel.id if channel else None for channel in (lobby, gigs, moderators, panel)]
        edit = SetupEdit(city, ids[0], ids[1], kind_of(gigs), ids[2], ids[3], day, hour)
        setup = await self.service.configure(moderator(interaction), edit)
        await answer_of(interaction).show(setup_card(setup, _("Saved.") if edit != SetupEdit() else ""))

    @setup.autocomplete("city")
    async def cities(self, _interaction: Interaction[Kith], current: str) -> list[app_commands.Choice[str]]:
        """Suggest places with the time there now."""
        return [
            app_commands.Choice(name=f"{p.label} · {p.local_now:%H:%M}"[:CHOICE_MAX], value=p.label)
            for p in self.service.people.search_zones(current)
        ]

    @app_commands.command(name="doctor")
    async def doctor(self, interaction: Interaction[Kith]) -> None:
        """Check every permission, with the exact fix for what is missing."""
        await answer_of(interaction).show(await self.handlers.examined(interaction))

    @app_commands.command(name="settings")
    async def settings(self, interaction: Interaction[Kith]) -> None:
        """See everything that is set here, and how to change it."""
        await self.overview.settings(interaction)

    @app_commands.command(name="preview")
    @costs(PREVIEW)
    async def preview(self, interaction: Interaction[Kith]) -> None:
        """See what members get, with made-up people; nothing is sent."""
        await self.overview.show_preview(interaction, answer_of(interaction))

    @app_commands.command(name="audit")
    async def audit(self, interaction: Interaction[Kith]) -> None:
        """See who did what, and when."""
        await self.overview.audit(interaction)

    @app_commands.command(name="export")
    @costs(EXPORT)
    async def export(self, interaction: Interaction[Kith]) -> None:
        """Take your community's data along, as CSV files."""
        await self.overview.export(interaction)

    @app_commands.command(name="pause")
    async def pause(self, interaction: Interaction[Kith]) -> None:
        """Silence every message to members until you resume."""
        setup = await self.service.pause(moderator(interaction))
        note = _("Paused.") if setup.changed else _("It was paused already.")
        await answer_of(interaction).show(setup_card(setup, note))

    @app_commands.command(name="resume")
    async def resume(self, interaction: Interaction[Kith]) -> None:
        """Let messages go out again."""
        setup = await self.service.resume(moderator(interaction))
        note = _("Resumed.") if setup.changed else _("It was not paused.")
        await answer_of(interaction).show(setup_card(setup, note))


def week_command(overview: Overview) -> app_commands.Command[commands.Cog, ..., None]:
    """Make `/kith digest week`, which is added beside the digest of check-ins."""

    @app_commands.command(
        name="week", description="See the week in numbers now; moderators get it on Mondays"
    )
    @costs(PICTURE)
    async def week(interaction: Interaction[Kith]) -> None:
        await overview.week(interaction)

    return week
