"""The private thread of two who agreed to talk about a gig: Discord's part of it. It may be done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.gigs.replies import Contact
from bot.gigs.service import GigService

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

THREADS_MAX = 800
"""A server holds 1,000 active threads; the rest is for its people."""
WEEK_MINUTES: Final = 10080
PATIENCE = 4
"""So often Discord may be in trouble before the two are simply told each other's name."""


class PitchRooms:
    """The work `gig.room`."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Stand on the service; the client speaks to Discord."""
        self.bot = bot
        self.service = service

    def handlers(self) -> dict[str, Handler]:
        """Name the work by kind."""
        return {"gig.room": self.open}

    async def open(self, work: Work) -> None:
        """Open the thread where that is possible, and let both be told."""
        contact = await self.service.replies.contact(work.subject)
        if contact is None:
            return
        try:
            thread_id = contact.thread_id or await self._opened(contact)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("no thread for a gig", code=error.code)
            thread_id = None
        except (discord.DiscordServerError, OSError, TimeoutError):
            if work.attempts < PATIENCE:
                raise
            thread_id = None
        await self.service.replies.in_contact(work, thread_id)

    async def _opened(self, contact: Contact) -> int | None:
        """Return the thread with both in it; None where there is no place for one, or for one of them."""
        if contact.lobby_id is None:
            return None
        lobby: Any = self.bot.get_channel(contact.lobby_id) or await self.bot.fetch_channel(contact.lobby_id)
        if not isinstance(lobby, discord.TextChannel):
            return None
        thread = await self._made(lobby, contact.interest_id)
        if thread is None:
            return None
        try:
            for person_id in contact.people:
                await thread.add_user(discord.Object(person_id))
        except (discord.NotFound, discord.Forbidden):  # one of them left the server, or cannot see the lobby
            await thread.delete()
            raise
        return thread.id

    async def _made(self, lobby: discord.TextChannel, interest_id: int) -> discord.Thread | None:
        """The thread: one that was made before a crash is found by its name, which carries the pitch's id.

        No person is named in it, so that nothing about them stays when they delete themselves.
        """
        name = f"Our gig · {interest_id}"
        active = await lobby.guild.active_threads()
        own_id = self.bot.user.id if self.bot.user is not None else 0
        for thread in active:
            if (thread.parent_id, thread.owner_id, thread.name) == (lobby.id, own_id, name):
                return thread
        if len(active) >= THREADS_MAX:
            return None
        return await lobby.create_thread(
            name=name,
            type=discord.ChannelType.private_thread,
            invitable=False,
            auto_archive_duration=WEEK_MINUTES,
        )
