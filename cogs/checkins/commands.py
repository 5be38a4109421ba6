"""The slash commands of check-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction, app_commands
from discord.ext import commands

from bot.checkins.service import CheckinService
from bot.edge.answer import answer_of, who
from cogs.checkins.cards import history_card, plan_card, prompt_card, stopped_card
from cogs.days import DAYS

if TYPE_CHECKING:
    from bot.edge.client import Kith

HOURS = range(24)


@app_commands.guild_only()
class Checkins(
    commands.GroupCog, group_name="checkin", group_description="Weekly check-ins at your own hour"
):
    """Weekly check-ins: begin, open one now, look back, stop."""

    def __init__(self, service: CheckinService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="start")
    @app_commands.describe(day="The day I ask you about your week", hour="The hour, in your own time zone")
    @app_commands.choices(
        day=[app_commands.Choice(name=name, value=number) for number, name in enumerate(DAYS)],
        hour=[app_commands.Choice(name=f"{hour:02d}:00", value=hour) for hour in HOURS],
    )
    async def start(self, interaction: Interaction[Kith], day: int, hour: int) -> None:
        """Get a weekly check-in by DM, or move it to another day and hour."""
        plan = await self.service.start(who(interaction), day, hour)
        await answer_of(interaction).show(plan_card(plan))

    @app_commands.command(name="now")
    async def now(self, interaction: Interaction[Kith]) -> None:
        """Open this week's check-in at once."""
        view = await self.service.now(who(interaction))
        await answer_of(interaction).show(prompt_card(view))

    @app_commands.command(name="history")
    async def history(self, interaction: Interaction[Kith]) -> None:
        """Look back on your latest weeks, in private."""
        view = await self.service.history(who(interaction))
        await answer_of(interaction).show(history_card(view))

    @app_commands.command(name="stop")
    async def stop(self, interaction: Interaction[Kith]) -> None:
        """Get no more check-ins."""
        stopped = await self.service.stop(who(interaction))
        await answer_of(interaction).show(stopped_card(stopped))
