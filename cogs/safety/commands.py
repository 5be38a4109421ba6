"""What safety adds to the moderators' `/kith`: the open reports, and closing Kith for someone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import Interaction, app_commands

from bot.core.errors import KithError
from bot.edge.answer import answer_of
from bot.edge.rights import moderator
from bot.safety.service import SafetyService
from cogs.safety.cards import barred_card, reports_card, unbarred_card

if TYPE_CHECKING:
    from bot.edge.client import Kith

REASON_MAX = 200


class MemberGroup(app_commands.Group):
    """`/kith member bar` and `/kith member unbar`."""

    def __init__(self, service: SafetyService) -> None:
        """Stand on the service."""
        super().__init__(name="member", description="Close Kith for someone, or open it again")
        self.service = service

    @app_commands.command(name="bar")
    @app_commands.describe(
        user="For whom Kith is closed in this server", reason="For the moderators' record; they are not told"
    )
    async def bar(
        self,
        interaction: Interaction[Kith],
        user: discord.User,
        reason: app_commands.Range[str, 1, REASON_MAX] | None = None,
    ) -> None:
        """Close Kith for someone in this server; they get no message."""
        acting = moderator(interaction)
        if user.bot:
            raise KithError("safety_bar_bot")
        view = await self.service.bar(acting, user.id, user.display_name, reason or "")
        await answer_of(interaction).show(barred_card(view))

    @app_commands.command(name="unbar")
    @app_commands.describe(user="For whom Kith is opened again in this server")
    async def unbar(self, interaction: Interaction[Kith], user: discord.User) -> None:
        """Open Kith for someone again; nothing comes back by itself."""
        view = await self.service.unbar(moderator(interaction), user.id, user.display_name)
        await answer_of(interaction).show(unbarred_card(view))


def reports_command(service: SafetyService) -> app_commands.Command[Any, ..., None]:
    """Make `/kith reports`."""

    @app_commands.command(name="reports")
    async def reports(interaction: Interaction[Kith]) -> None:
        """See what members reported and nobody has decided yet."""
        page = await service.open_reports(moderator(interaction))
        await answer_of(interaction).show(reports_card(page))

    return reports
