"""The slash commands of check-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction, app_commands
from discord.ext import commands

from bot.checkins.away import typed_days
from bot.checkins.service import CheckinService
from bot.edge.answer import answer_of
from bot.edge.limits import PICTURE, costs
from bot.edge.where import place_of
from cogs.checkins.places import NONE, Places
from cogs.days import DAYS

if TYPE_CHECKING:
    from bot.edge.client import Kith

HOURS = range(24)


@app_commands.allowed_contexts(guilds=True, dms=True)
class Checkins(
    commands.GroupCog, group_name="checkin", group_description="Weekly check-ins at your own hour"
):
    """Weekly check-ins: begin, open one now, look back, be away, stop."""

    def __init__(self, service: CheckinService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service
        self.places = Places(service)

    @app_commands.command(name="start")
    @app_commands.describe(day="The day I ask you about your week", hour="The hour, in your own time zone")
    @app_commands.choices(
        day=[app_commands.Choice(name=name, value=number) for number, name in enumerate(DAYS)],
        hour=[app_commands.Choice(name=f"{hour:02d}:00", value=hour) for hour in HOURS],
    )
    async def start(self, interaction: Interaction[Kith], day: int, hour: int) -> None:
        """Get a weekly check-in by DM, or move it to another day and hour."""
        await self._here(interaction, "start", day, hour)

    @app_commands.command(name="now")
    async def now(self, interaction: Interaction[Kith]) -> None:
        """Open this week's check-in at once, or catch up with the last."""
        await self._here(interaction, "now")

    @app_commands.command(name="history")
    @costs(PICTURE)
    async def history(self, interaction: Interaction[Kith]) -> None:
        """Look back on your latest weeks, in private."""
        await self._here(interaction, "history")

    @app_commands.command(name="away")
    @app_commands.rename(first="from", last="until")
    @app_commands.describe(
        first="The first day away: tomorrow, 12 May, 2026-05-12; today if left out",
        last="The last day away: in 2 weeks, 20 May; left out, until you come back",
    )
    async def away(
        self, interaction: Interaction[Kith], first: str | None = None, last: str | None = None
    ) -> None:
        """Tell me when you are away, or see what I know; those weeks do not count."""
        days = typed_days(first, last, await self.service.away.today(interaction.user.id))
        if days is None:
            await self._here(interaction, "away")
            return
        begins, ends = days
        await self._here(interaction, "away", begins.isoformat(), ends.isoformat() if ends else NONE)

    @app_commands.command(name="stop")
    async def stop(self, interaction: Interaction[Kith]) -> None:
        """Get no more check-ins."""
        await self._here(interaction, "stop")

    async def _here(self, interaction: Interaction[Kith], command: str, *args: object) -> None:
        """Run a command where it was given; in a DM, in the only community or the one to be chosen."""
        place = await place_of(interaction, self.service.places_of, "checkin.where", command, *args)
        if place is not None:
            await self.places.run(answer_of(interaction), command, place, [str(arg) for arg in args])
