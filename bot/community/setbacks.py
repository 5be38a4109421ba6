"""Permissions taken away later: noticed at the first refusal, told once; what was to be said waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.tables import Setback
from bot.community.views import NOTHING, BesideOf, Trouble, channels_of
from bot.core.agenda import AgendaRow
from bot.core.clock import Clock
from bot.core.outbox import BLOCKED, Outbox, OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store, insert_new
from bot.people.tables import Community

TOLD = "community.setback"
NO_CHANNEL = 10003
"""Discord's code for a channel that was deleted."""
FORGOTTEN = timedelta(days=7)
"""What was not met for so long was mended meanwhile: what waits is tried every few minutes."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A server as Discord shows it now; `channel_id` is where moderators can be told of a blocked channel."""

    available: bool = True
    channel_id: int | None = None


Reach = Callable[[int, int], Awaitable[Reached]]
"""Look at a server (its id), for a channel other than the given one."""


async def _out_of_sight(_community_id: int, _channel_id: int) -> Reached:
    return Reached()


class Setbacks:
    """Keeps what Kith may not do; one row for a channel and a code, gone once it works again."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox, beside: BesideOf = NOTHING.beside) -> None:
        """Stand on the store; other features name their channels, and the cogs say how a server looks."""
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.beside = beside
        self.reach: Reach = _out_of_sight

    async def met(self, community_id: int, channel_id: int, code: int, kind: str) -> bool:
        """Note a refusal and tell moderators once; False when waiting for them is of no use."""
        reached = await self.reach(community_id, channel_id)
        if not reached.available:
            return True  # an outage of Discord is nobody's to mend
        async with self.store.write() as session:
            community = await session.get(Community, community_id)
            if community is None:
                return False
            if code == NO_CHANNEL and not await self._uses(session, community, channel_id):
                return False
            await self._note(session, community, channel_id, code, kind, reached.channel_id)
        return True

    async def _uses(self, session: AsyncSession, community: Community, channel_id: int) -> bool:
        beside = await self.beside(session, community.id)
        return channel_id in channels_of(community).values() or channel_id in {
            one.channel_id for one in beside
        }

    async def _note(
        self,
        session: AsyncSession,
        community: Community,
        channel_id: int,
        code: int,
        kind: str,
        elsewhere: int | None,
    ) -> None:
        now = self.clock.now()
        key = {"community_id": community.id, "channel_id": channel_id, "code": code}
        old = delete(Setback).filter_by(**key).where(Setback.last_at < now - FORGOTTEN)
        await session.execute(old.execution_options(synchronize_session=False))
        if not await insert_new(session, Setback, **key, kind=kind, first_at=now, last_at=now, times=1):
            known = update(Setback).filter_by(**key)
            await session.execute(known.values(last_at=now, times=Setback.times + 1))
            return
        setback = (await session.scalars(select(Setback).filter_by(**key))).one()
        told_in = community.mod_channel_id
        if told_in is None or told_in == channel_id:
            told_in = elsewhere
        if told_in is None or kind == TOLD:
            return  # nowhere to say it, or it is about saying it: the check-up shows it
        await self.outbox.say(
            session,
            kind=TOLD,
            subject=setback.id,
            key=f"{TOLD}:{channel_id}:{code}:{int(now.timestamp())}",
            recipient=told_in,
            community_id=community.id,
            target="channel",
        )

    async def mended(self, session: AsyncSession, community_id: int, channel_id: int) -> None:
        """Forget what was wrong with a channel: something arrived there."""
        await session.execute(
            delete(Setback)
            .where(Setback.community_id == community_id, Setback.channel_id == channel_id)
            .execution_options(synchronize_session=False)
        )

    async def works_again(self, community_id: int, channels: Collection[int]) -> list[int]:
        """Forget what was wrong with channels that look well now, and let what waits there go at once.

        Returns the channels in which something was wrong.
        """
        async with self.store.write() as session:
            query = select(Setback.channel_id).where(
                Setback.community_id == community_id, Setback.channel_id.in_(channels)
            )
            found = sorted(set(await session.scalars(query)))
            for channel_id in found:
                await self.mended(session, community_id, channel_id)
                await self.hurry(session, channel_id)
            if found:  # work says no channel; what is not mended yet is only tried once more
                await session.execute(
                    update(AgendaRow)
                    .where(AgendaRow.community_id == community_id, AgendaRow.state == WAITING)
                    .where(AgendaRow.reason == BLOCKED)
                    .values(due_at=self.clock.now())
                    .execution_options(synchronize_session=False)
                )
            return found

    async def look_again(self, community_id: int, channels: Collection[int]) -> None:
        """Try again what waits in channels that cannot be looked at; forget those where nothing waits."""
        async with self.store.write() as session:
            for channel_id in channels:
                if await self._waiting(session, channel_id):
                    await self.hurry(session, channel_id)
                else:
                    await self.mended(session, community_id, channel_id)

    async def channels(self, community_id: int) -> list[int]:
        """Return the channels in which something is wrong at present."""
        async with self.store.read() as session:
            query = select(Setback.channel_id).where(Setback.community_id == community_id).distinct()
            return list(await session.scalars(query))

    async def hurry(self, session: AsyncSession, channel_id: int, into: int | None = None) -> None:
        """Send at once what waited for a permission in a channel, or what is to go `into` another now."""
        await session.execute(
            update(OutboxRow)
            .where(OutboxRow.recipient == channel_id, OutboxRow.state == WAITING, OutboxRow.reason == BLOCKED)
            .where(OutboxRow.target != "edit" if into is not None else OutboxRow.target != "person")
            .values(due_at=self.clock.now(), recipient=into if into is not None else channel_id)
            .execution_options(synchronize_session=False)
        )

    async def moved(self, session: AsyncSession, community_id: int, old: int, new: int) -> None:
        """Let what could not be said in the old channel go to the new one."""
        await self.hurry(session, old, into=new)
        await self.mended(session, community_id, old)

    async def of(self, session: AsyncSession, community_id: int) -> tuple[Trouble, ...]:
        """Return what is wrong at present, the oldest first."""
        rows = await session.scalars(
            select(Setback).where(Setback.community_id == community_id).order_by(Setback.first_at)
        )
        return tuple([_trouble(row, await self._waiting(session, row.channel_id)) for row in rows])

    async def one(self, setback_id: int) -> Trouble | None:
        """Return one trouble for a message about it; None once it is mended."""
        async with self.store.read() as session:
            row = await session.get(Setback, setback_id)
            return _trouble(row, await self._waiting(session, row.channel_id)) if row else None

    async def _waiting(self, session: AsyncSession, channel_id: int) -> int:
        query = select(func.count(OutboxRow.id)).where(
            OutboxRow.recipient == channel_id, OutboxRow.state == WAITING
        )
        return await session.scalar(query) or 0


def _trouble(row: Setback, waiting: int) -> Trouble:
    first: datetime = row.first_at
    return Trouble(row.channel_id, row.code, row.kind, first, row.last_at, row.times, waiting)
