"""Sends the outbox: paced, once, with a fallback where a DM is closed; ids and REST only, never the cache."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.core.clock import Clock
from bot.core.errors import LeaseLost, Postponed
from bot.core.log import get_logger
from bot.core.outbox import BLOCKED, IN_INBOX, SAID, Outbox, OutboxRow, Said, said
from bot.core.pace import Holds, Pacing
from bot.core.queue import EXPIRED, FAILED, back_off
from bot.core.store import Store, Unit
from bot.core.text import use_locale
from bot.edge.kit import Outgoing
from bot.edge.pace import pacers
from bot.edge.post import Post, Sent

log = get_logger(__name__)

Renderer = Callable[[Said], Awaitable[Outgoing | None]]
Delivered = Callable[[Unit, Said], Awaitable[None]]

DM_CLOSED = 50007
NO_MUTUAL_SERVER = 50278
OPENING_TOO_FAST = 40003
NO_ACCESS, NO_PERMISSION, NO_CHANNEL = 50001, 50013, 10003
TAG_REQUIRED, THREADS_FULL = 40067, 160006
_MENDABLE = {NO_ACCESS, NO_PERMISSION, TAG_REQUIRED, THREADS_FULL}
GONE = {NO_CHANNEL, 10008, 10007, 10013}
_FORBIDDEN, _TOO_MANY = 403, 429
_OPENING_PAUSE = timedelta(hours=6)
_SILENCED_PAUSE = timedelta(minutes=10)
_MENDED_CHECK = timedelta(minutes=10)
_MENDED_WITHIN = timedelta(days=30)
_ATTEMPTS = 12
_NOTE_ATTEMPTS = 6
_OUTAGE_ATTEMPTS = 60  # about two days: Discord's own trouble is no reason to lose a message
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


class Mending(Protocol):
    """What is done about a channel in which Kith may not speak any more; the communities answer."""

    async def met(self, community_id: int, channel_id: int, code: int, kind: str) -> bool:
        """Note a refusal and tell moderators once; False when waiting for them is of no use."""

    async def mended(self, session: Unit, community_id: int, channel_id: int) -> None:
        """Note that a message arrived there."""


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
        shared: Pacing | None = None,
    ) -> None:
        """Send by this client; with `shared` no faster than that together with other processes."""
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self._directory = directory
        self._post = Post(client)
        self._sends, self._opens = pacers(clock, shared, sends_per_second, dm_opens_per_hour)
        self._opening = asyncio.Lock()
        self._holds = Holds(store, clock)
        self._held: dict[int, datetime] = {}
        # Seconds of sending at once; fewer where others send as well, so that no lease runs out meanwhile.
        self._batch = max(4, round(sends_per_second * (4 if shared is None else 1)))
        self.renderers: dict[str, Renderer] = {}
        self.delivered: dict[str, Delivered] = {}
        # Raises Postponed for a kind of message that a community does not want at present.
        self.gate: Callable[[int | None, str], Awaitable[None]] | None = None
        self.mending: Mending | None = None
        # Told of every message that came to an end: its kind, and how.
        self.settled: list[Callable[[str, str], None]] = []

    def register(
        self, renderers: Mapping[str, Renderer], delivered: Mapping[str, Delivered] | None = None
    ) -> None:
        """Add how a feature's messages look, and what it does once they were sent."""
        self.renderers.update(renderers)
        self.delivered.update(delivered or {})

    async def tick(self) -> int:
        """Send a batch of what is due; return how many rows were taken."""
        rows = await self._outbox.queue.claim(self._batch)
        if not rows:
            return 0
        self._held = await self._holds.of({row.recipient for row in rows})
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
        for row in rows:
            with structlog.contextvars.bound_contextvars(message=row.id, community=row.community_id):
                held = self._held_until(row.recipient)
                if held and not row.answers_click:
                    await self._wait(row, held, "behind another")
                else:
                    await self._one(row)

    async def _one(self, row: OutboxRow) -> None:
        """Bring one message to a settled or waiting state."""
        try:
            await self._attempt(row)
        except LeaseLost:
            log.warning("taken over by another process, or silenced meanwhile", kind=row.kind)

    async def _attempt(self, row: OutboxRow) -> None:
        try:
            if row.expires_at is not None and self._clock.now() > row.expires_at:
                await self._settle(row, EXPIRED)
            elif row.community_id is not None and await self._directory.silenced(row.community_id):
                await self._wait(row, _SILENCED_PAUSE, "the community is paused")
            else:
                if self.gate is not None and row.target != "edit":
                    await self.gate(row.community_id, row.kind)
                await self._deliver(row)
        except LeaseLost:
            raise
        except Postponed as error:
            await self._wait(row, error.after, error.reason)
        except discord.RateLimited as error:
            await self._later(row, "rate limited", timedelta(seconds=error.retry_after))
        except _OUTAGES as error:  # before refusals: a 5xx answer is an HTTPException as well
            await self._later(row, type(error).__name__)
        except discord.HTTPException as error:
            await self._refused(row, error)
        except Exception as error:
            log.exception("message failed", kind=row.kind)
            await self._again(row, type(error).__name__)

    async def _deliver(self, row: OutboxRow) -> None:
        person = row.recipient if row.target == "person" else None
        locale = await self._directory.locale_of(person) if person else None
        with use_locale(locale) if locale else nullcontext():
            outgoing = await self.renderers[row.kind](said(row))
        if outgoing is None:
            await self._settle(row, "dropped", reason="nothing to say any more")
            return
        channel = row.recipient if person is None else await self._dm(row, row.recipient)
        if channel is None:
            return
        await self._sends.take()
        await self._settle(row, SAID, await self._sent(row, channel, outgoing))
        if person is not None and row.answers_click:  # it may have been known as closed
            await self._directory.remember_dm(person, channel, open_=True)

    async def _sent(self, row: OutboxRow, channel: int, outgoing: Outgoing) -> Sent:
        """Send a message, unless it is found to have been sent before a crash."""
        tried_before = await self._outbox.mark_tried(row)
        # The nonce alone holds for minutes only, and our clock may have been set since.
        sent = await self._post.find(row, channel, outgoing) if tried_before else None
        return sent or await self._post.send(row, channel, outgoing)

    async def _dm(self, row: OutboxRow, person: int) -> int | None:
        """Return the person's DM channel, opening it if the pace allows; None when the row was put aside."""
        channel, closed = await self._directory.dm_channel(person)
        if closed and not row.answers_click:
            await self._to_inbox(row)
            return None
        if channel is not None:
            return channel
        async with self._opening:  # one by one, so that "too fast" stops the very next
            asked = self._opens.shut_for() if row.answers_click else self._opens.wait_for_one()
            if (wait := await asked) > 0:
                until = await self._hold(row, timedelta(seconds=wait))
                await self._wait(row, until, "opening DMs slowly")
                return None
            opened = await self._open(person)
        await self._directory.remember_dm(person, opened, open_=True)
        return opened

    async def _open(self, person: int) -> int:
        await self._sends.take()
        try:
            return await self._post.open_dm(person)
        except discord.HTTPException as error:
            if error.code == OPENING_TOO_FAST:
                await self._opens.empty_for(_OPENING_PAUSE)
            raise

    async def _refused(self, row: OutboxRow, error: discord.HTTPException) -> None:
        """Decide what a refusal means: closed for good, wait, or a mistake of ours."""
        if error.code == DM_CLOSED and row.target == "person":
            await self._directory.remember_dm(row.recipient, None, open_=False)
            await self._to_inbox(row)
        elif error.code == OPENING_TOO_FAST:
            until = await self._hold(row, _OPENING_PAUSE)
            await self._wait(row, until, "Discord asked to open fewer DMs")
        elif await self._can_be_mended(row, error.code):
            until = await self._hold(row, _MENDED_CHECK)
            await self._wait(row, until, BLOCKED)
        elif error.code in GONE or error.code == NO_MUTUAL_SERVER:
            await self._settle(row, FAILED, reason=f"gone: {error.code}")
        elif error.status == _TOO_MANY:
            await self._later(row, "429")
        elif error.status == _FORBIDDEN:
            await self._later(row, f"403 {error.code}", most=_ATTEMPTS)
        else:
            log.error("Discord refused a message", kind=row.kind, status=error.status, code=error.code)
            await self._settle(row, FAILED, reason=f"refused: {error.status} {error.code}")

    async def _can_be_mended(self, row: OutboxRow, code: int) -> bool:
        """Tell whether moderators can mend this refusal; they are told. An edit needs its old channel."""
        gone = row.tried_at is not None and self._clock.now() - row.tried_at > _MENDED_WITHIN
        if self.mending is None or row.target == "person" or row.community_id is None or gone:
            return False
        if code not in _MENDABLE and (code != NO_CHANNEL or row.target == "edit"):
            return False
        return await self.mending.met(row.community_id, row.recipient, code, row.kind)

    async def release(self, recipients: Iterable[int]) -> None:
        """Let what was held back go at once: somebody says that it is mended."""
        let_go = set(recipients)
        await self._holds.let_go(let_go)
        for recipient in let_go:
            self._held.pop(recipient, None)

    async def _to_inbox(self, row: OutboxRow) -> None:
        """Leave a note in a private thread where there is a lobby, and keep the message for ``/inbox``.

        Discord's own trouble is worth some patience; a refusal only means that there is no note.
        """
        lobby = await self._directory.lobby_of(row.community_id) if row.community_id else None
        if lobby is not None:
            await self._outbox.mark_tried(row)
            try:
                await self._post.note(lobby, row.recipient, since=row.tried_at)
            except (discord.HTTPException, *_OUTAGES) as error:
                if isinstance(error, _OUTAGES) and row.attempts < _NOTE_ATTEMPTS:
                    await self._later(row, type(error).__name__)
                    return
                log.warning("no thread for a closed DM", error=type(error).__name__)
        await self._settle(row, IN_INBOX, reason="DM closed")

    async def _later(
        self,
        row: OutboxRow,
        reason: str,
        after: timedelta | None = None,
        *,
        most: int = _OUTAGE_ATTEMPTS,
    ) -> None:
        """Try again when Discord may be well again, and let nothing overtake the row meanwhile."""
        until = await self._hold(row, after or back_off(row.attempts))
        await self._again(row, reason, until, most=most)

    async def _again(
        self, row: OutboxRow, reason: str, until: datetime | None = None, *, most: int = _ATTEMPTS
    ) -> None:
        if row.attempts >= most:
            await self._settle(row, FAILED, reason=reason)
            return
        await self._outbox.queue.retry(row, until or back_off(row.attempts), reason)

    async def _wait(self, row: OutboxRow, after: timedelta | datetime, reason: str) -> None:
        """Put a row aside; as it was not tried, that is no attempt of the few it has."""
        await self._outbox.queue.retry(row, after, reason, attempts=row.attempts - 1)

    async def _hold(self, row: OutboxRow, after: timedelta) -> datetime:
        """Let a recipient's later messages wait for this one; before it is put back, for others to see.

        All of them wait for the same instant, so that they come in their old order then.
        """
        self._held[row.recipient] = until = self._clock.now() + after
        await self._holds.hold(row.recipient, until)
        return until

    def _held_until(self, recipient: int) -> datetime | None:
        """Return until when a recipient's messages wait for one before them."""
        until = self._held.get(recipient)
        if until is None or until <= self._clock.now():
            self._held.pop(recipient, None)
            return None
        return until

    async def _settle(
        self, row: OutboxRow, state: str, sent: Sent | None = None, reason: str | None = None
    ) -> None:
        values = {} if sent is None else {"channel_id": sent.channel_id, "message_id": sent.message_id}
        if sent is not None:
            row.channel_id, row.message_id = sent.channel_id, sent.message_id
        hook = self.delivered.get(row.kind) if sent is not None else None
        async with self._store.write() as session:
            await self._outbox.queue.settle(session, row.id, row.owner, state, reason=reason, **values)
            if sent is not None and self.mending is not None and row.target != "person" and row.community_id:
                await self.mending.mended(session, row.community_id, row.recipient)
            if hook is not None:
                await hook(session, said(row))
        for told in self.settled:
            told(row.kind, state)
