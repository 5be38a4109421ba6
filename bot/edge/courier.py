"""Sends the outbox: paced, once, with a fallback where a DM is closed; ids and REST only, never the cache."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from itertools import groupby
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.core.clock import Clock
from bot.core.errors import LeaseLost
from bot.core.log import get_logger
from bot.core.outbox import IN_INBOX, SAID, Outbox, OutboxRow, Said, said
from bot.core.queue import EXPIRED, FAILED, back_off
from bot.core.store import Store, Unit
from bot.core.text import use_locale
from bot.edge.kit import Outgoing
from bot.edge.pace import Bucket
from bot.edge.post import Post, Sent

log = get_logger(__name__)

Renderer = Callable[[Said], Awaitable[Outgoing | None]]
Delivered = Callable[[Unit, Said], Awaitable[None]]

DM_CLOSED = 50007
NO_MUTUAL_SERVER = 50278
OPENING_TOO_FAST = 40003
GONE = {10003, 10008, 10007, 10013}
_OPENING_PAUSE = timedelta(hours=6)
_SILENCED_PAUSE = timedelta(minutes=10)
_NONCE_HOLDS = timedelta(minutes=2)
_ATTEMPTS = 12
_OUTAGES = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError)


class Directory(Protocol):
    """What the courier must know about people and communities; the people feature answers."""

    async def dm_channel(self, person_id: int) -> tuple[int | None, bool]:
        """Return a person's DM channel if it was opened before, and whether it is known to be closed."""

    async def remember_dm(self, person_id: int, channel_id: int | None, *, open_: bool) -> None:
        """Keep what was learnt about a person's DM."""

    async def locale_of(self, person_id: int) -> str:
        """Return the language a person reads."""

    async def silenced(self, community_id: int) -> bool:
        """Tell whether the moderators paused every send of a community."""

    async def lobby_of(self, community_id: int) -> int | None:
        """Return the channel under which private rooms are opened."""


class Courier:
    """Takes due messages from the outbox and brings them to Discord."""

    def __init__(
        self,
        client: discord.Client,
        store: Store,
        clock: Clock,
        outbox: Outbox,
        directory: Directory,
        *,
        sends_per_second: float,
        dm_opens_per_hour: float,
    ) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self._directory = directory
        self._post = Post(client)
        self._sends = Bucket(clock, rate=sends_per_second, burst=max(1.0, sends_per_second))
        self._opens = Bucket(clock, rate=dm_opens_per_hour / 3600, burst=max(1.0, dm_opens_per_hour / 6))
        self._batch = max(4, round(sends_per_second * 4))
        self.renderers: dict[str, Renderer] = {}
        self.delivered: dict[str, Delivered] = {}

    def register(
        self, renderers: Mapping[str, Renderer], delivered: Mapping[str, Delivered] | None = None
    ) -> None:
        """Add how a feature's messages look, and what it does once they were sent."""
        self.renderers.update(renderers)
        self.delivered.update(delivered or {})

    async def tick(self) -> int:
        """Send a batch of what is due; return how many rows were taken."""
        rows = await self._outbox.queue.claim(self._batch)
        by_recipient = sorted(rows, key=lambda row: (row.recipient, row.due_at, row.id))
        lines = [list(line) for _, line in groupby(by_recipient, key=lambda row: row.recipient)]
        await asyncio.gather(*(self._in_order(line) for line in lines))
        return len(rows)

    async def inbox(self, person_id: int) -> list[tuple[int, Outgoing]]:
        """Return what waits in a person's inbox, rendered as it stands now, with the ids to mark read."""
        waiting: list[tuple[int, Outgoing]] = []
        for message in await self._outbox.inbox(person_id):
            outgoing = await self.renderers[message.kind](message)
            if outgoing is not None:
                waiting.append((message.id, outgoing))
        return waiting

    async def read_in_inbox(self, ids: list[int]) -> None:
        """Mark messages of an inbox as read."""
        await self._outbox.read_in_inbox(ids)

    async def _in_order(self, rows: list[OutboxRow]) -> None:
        """Send one recipient's messages one after the other; a failure holds back those behind it."""
        for place, row in enumerate(rows):
            with structlog.contextvars.bound_contextvars(message=row.id, community=row.community_id):
                if not await self._one(row):
                    for behind in rows[place + 1 :]:
                        await self._outbox.queue.retry(behind, timedelta(seconds=5), "behind another")
                    return

    async def _one(self, row: OutboxRow) -> bool:
        """Bring one message to a settled or waiting state; true when the next may follow."""
        try:
            if row.expires_at is not None and self._clock.now() > row.expires_at:
                await self._settle(row, EXPIRED)
            elif row.community_id is not None and await self._directory.silenced(row.community_id):
                await self._outbox.queue.retry(row, _SILENCED_PAUSE, "the community is paused")
            else:
                return await self._deliver(row)
        except LeaseLost:
            log.warning("taken over by another process", kind=row.kind)
        except discord.HTTPException as error:
            return await self._refused(row, error)
        except _OUTAGES as error:
            await self._again(row, type(error).__name__)
            return False
        except Exception as error:
            log.exception("message failed", kind=row.kind)
            await self._again(row, type(error).__name__)
        return True

    async def _deliver(self, row: OutboxRow) -> bool:
        person = row.recipient if row.target == "person" else None
        locale = await self._directory.locale_of(person) if person else None
        with use_locale(locale) if locale else nullcontext():
            outgoing = await self.renderers[row.kind](said(row))
        if outgoing is None:
            await self._settle(row, "dropped", reason="nothing to say any more")
            return True
        channel = row.recipient if person is None else await self._dm(row, row.recipient)
        if channel is None:
            return True
        await self._sends.take()
        first_try = row.tried_at
        tried_before = await self._outbox.mark_tried(row)
        sent = None
        nonce_forgotten = first_try is not None and self._clock.now() - first_try > _NONCE_HOLDS
        if tried_before and (nonce_forgotten or row.target == "forum"):
            sent = await self._post.find(row, channel, outgoing)
        sent = sent or await self._post.send(row, channel, outgoing)
        await self._settle(row, SAID, sent)
        return True

    async def _dm(self, row: OutboxRow, person: int) -> int | None:
        """Return the person's DM channel, opening it if the pace allows; None when the row was put aside."""
        channel, closed = await self._directory.dm_channel(person)
        if closed and not row.answers_click:
            await self._to_inbox(row)
            return None
        if channel is not None:
            return channel
        if not row.answers_click and (wait := self._opens.wait_for_one()) > 0:
            await self._outbox.queue.retry(row, timedelta(seconds=wait), "opening DMs slowly")
            return None
        await self._sends.take()
        opened = await self._post.open_dm(person)
        await self._directory.remember_dm(person, opened, open_=True)
        return opened

    async def _refused(self, row: OutboxRow, error: discord.HTTPException) -> bool:
        """Decide what a refusal means: closed for good, wait, or a mistake of ours."""
        if error.code == DM_CLOSED and row.target == "person":
            await self._directory.remember_dm(row.recipient, None, open_=False)
            await self._to_inbox(row)
        elif error.code == OPENING_TOO_FAST:
            self._opens.empty_for(_OPENING_PAUSE)
            await self._outbox.queue.retry(row, _OPENING_PAUSE, "Discord asked to open fewer DMs")
        elif error.code in GONE or error.code == NO_MUTUAL_SERVER:
            await self._settle(row, FAILED, reason=f"gone: {error.code}")
        elif isinstance(error, discord.RateLimited) or error.status in (403, 429):
            await self._again(row, f"{error.status} {error.code}")
            return False
        else:
            log.error("Discord refused a message", kind=row.kind, status=error.status, code=error.code)
            await self._settle(row, FAILED, reason=f"refused: {error.status} {error.code}")
        return True

    async def _to_inbox(self, row: OutboxRow) -> None:
        """Keep the message for ``/inbox`` and leave a note in a private thread where there is a lobby."""
        await self._settle(row, IN_INBOX, reason="DM closed")
        lobby = await self._directory.lobby_of(row.community_id) if row.community_id else None
        if lobby is None:
            return
        try:
            await self._post.note(lobby, row.recipient)
        except (discord.HTTPException, *_OUTAGES) as error:
            log.warning("no thread for a closed DM", error=type(error).__name__)

    async def _again(self, row: OutboxRow, reason: str) -> None:
        if row.attempts < _ATTEMPTS:
            await self._outbox.queue.retry(row, back_off(row.attempts), reason)
        else:
            await self._settle(row, FAILED, reason=reason)

    async def _settle(
        self, row: OutboxRow, state: str, sent: Sent | None = None, reason: str | None = None
    ) -> None:
        values = {} if sent is None else {"channel_id": sent.channel_id, "message_id": sent.message_id}
        if sent is not None:
            row.channel_id, row.message_id = sent.channel_id, sent.message_id
        hook = self.delivered.get(row.kind) if sent is not None else None
        async with self._store.write() as session:
            await self._outbox.queue.settle(session, row.id, row.owner, state, reason=reason, **values)
            if hook is not None:
                await hook(session, said(row))
