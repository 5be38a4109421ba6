"""`/inbox`, `/stop` and `/help`: they work in every server and in the DM with Kith."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol, TypeAlias

from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.errors import KithError
from bot.edge.answer import Answer, answer_of
from bot.edge.buttons import Press
from bot.edge.kit import Outgoing, uploads
from cogs.core import cards

# An interaction takes a handful of follow-ups; the rest is shown on request.
SHOWN_AT_ONCE = 4


class Inbox(Protocol):
    """What waits for a person because it could not be sent; the courier knows."""

    async def inbox(self, person_id: int) -> list[tuple[int, Outgoing]]:
        """Return each waiting message with its id."""

    async def read_in_inbox(self, ids: list[int]) -> None:
        """Mark messages as read."""


Stop: TypeAlias = Callable[[int], Awaitable[None]]
"""Ends the messages of every feature for a person, in one transaction."""
Off: TypeAlias = Callable[[int, int | None], Awaitable[Collection[str]]]
"""Says which parts a person (by id) finds left out in a community, or in their DM (None)."""


class CoreCog(commands.Cog):
    """The commands that belong to no feature."""

    def __init__(self, inbox: Inbox, stop: Stop, off: Off) -> None:
        self._inbox = inbox
        self._stop = stop
        self._off = off

    @app_commands.command(name="inbox", description="Read what could not reach you by DM")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def inbox(self, interaction: Interaction[Any]) -> None:
        """Show what waits."""
        await self._show_inbox(answer_of(interaction), interaction.user.id)

    @app_commands.command(name="stop", description="End every message from Kith, in every community")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def stop(self, interaction: Interaction[Any]) -> None:
        """Ask once, then end everything."""
        await answer_of(interaction).show(cards.stop_card(interaction.user.id))

    @app_commands.command(name="help", description="What you can do with Kith")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def help(self, interaction: Interaction[Any]) -> None:
        """Show the commands that matter."""
        off = await self._off(interaction.user.id, interaction.guild_id)
        moderates = interaction.guild_id is not None and interaction.permissions.manage_guild
        await answer_of(interaction).show(cards.help_card(off, moderates=moderates))

    async def open_inbox(self, press: Press) -> None:
        """Show what waits, from a button."""
        await self._show_inbox(press.answer, press.person_id)

    async def confirm_stop(self, press: Press) -> None:
        """End every message of every feature."""
        if press.args != (str(press.person_id),):
            raise KithError("not_yours")
        await self._stop(press.person_id)
        await press.answer.update(cards.stopped_card())

    async def _show_inbox(self, answer: Answer, person_id: int) -> None:
        waiting = await self._inbox.inbox(person_id)
        if not waiting:
            await answer.show(cards.empty_card())
            return
        for message_id, message in waiting[:SHOWN_AT_ONCE]:
            files = uploads(message)
            card = cards.waiting_card(message)
            if card is not None:
                await answer.show(card, files=files)
            await self._inbox.read_in_inbox([message_id])
        if (left := len(waiting) - SHOWN_AT_ONCE) > 0:
            await answer.show(cards.more_card(left))
