"""The private thread of two who agreed to talk about a gig: Discord's part of it. It may be done again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.edge.threads import private_thread, take_out
from bot.gigs.replies import Contact
from bot.gigs.service import GigService

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

PATIENCE = 4
"""So often Discord may be in trouble before the two are simply told each other's name."""


class PitchRooms:
    """The work `gig.room` and `gig.out`."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Stand on the service; the client speaks to Discord."""
        self.bot = bot
        self.service = service

    def handlers(self) -> dict[str, Handler]:
        """Name the work by kind."""
        return {"gig.room": self.open, "gig.out": self.out}

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
        if not await self.service.replies.in_contact(work, thread_id) and thread_id is not None:
            with suppress(discord.NotFound, discord.Forbidden):
                await self.bot.http.delete_channel(thread_id)

    async def out(self, work: Work) -> None:
        """Take somebody who deleted themselves out of a thread, then forget that."""
        await take_out(self.bot.http, int(work.key.split(":")[1]), work.subject)
        await self.service.replies.taken_out(work)

    async def _opened(self, contact: Contact) -> int | None:
        """Return the thread with both in it; None where there is no place for one, or for one of them."""
        thread = await private_thread(self.bot, contact.lobby_id, f"Our gig · {contact.interest_id}")
        if thread is None:
            return None
        try:
            for person_id in contact.people:
                await thread.add_user(discord.Object(person_id))
        except (discord.NotFound, discord.Forbidden):  # one of them left the server, or cannot see the lobby
            await thread.delete()
            raise
        return thread.id
