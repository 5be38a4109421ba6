"""What all processes on one database agree on: how fast they talk together, whose turn it is, who waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.ids import stable_nonce
from bot.core.shared import Pace
from bot.core.store import Store, insert_new

NEVER = 3600.0
"""Seconds after which a bucket that never fills is asked again."""
_HELD, _SHUT = "held:", ":shut"
_PROMPT, _TRIES = timedelta(seconds=0.25), 3
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Pacing:
    """Buckets and turns as rows: each is locked, read, decided upon and written in one short unit of work.

    The clock is read while the row is locked, so that waiting for the lock never makes a turn come early.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        """Stand on the database that the processes share."""
        self._store = store
        self._clock = clock

    async def draw(self, name: str, rate: float, burst: float, wanted: int) -> list[float]:
        """Take so many tokens, on credit if need be; return the seconds until each is really there."""
        async with self._store.write() as session:
            row = await self._locked(session, name, burst)
            now = self._clock.now()
            held = _filled(row, now, rate, burst)
            row.level, row.at = held - wanted, now
        return [max(0.0, (number - held) / rate) for number in range(1, wanted + 1)]

    async def take(self, name: str, rate: float, burst: float) -> float:
        """Take one token if there is one and return 0; otherwise return the seconds until there is."""
        async with self._store.write() as session:
            row = await self._locked(session, name, burst)
            if (shut := await self._shut_for(session, name)) > 0:
                return shut
            now = self._clock.now()
            held = _filled(row, now, rate, burst)
            enough = held >= 1
            row.level, row.at = held - enough, now
        return 0.0 if enough else (1 - held) / rate if rate else NEVER

    async def shut(self, name: str, until: datetime, burst: float) -> None:
        """Let a bucket give nothing until then, and after that one token at a time."""
        async with self._store.write() as session:
            row = await self._locked(session, name, burst)
            row.level, row.at = min(1.0, burst), until
            shut = await self._locked(session, name + _SHUT, 0.0)
            shut.at = until

    async def shut_for(self, name: str) -> float:
        """Return the seconds for which a bucket that was shut still gives nothing."""
        async with self._store.read() as session:
            return await self._shut_for(session, name)

    async def _shut_for(self, session: AsyncSession, name: str) -> float:
        until = await session.scalar(select(Pace.at).where(Pace.name == name + _SHUT))
        return 0.0 if until is None else max(0.0, (until - self._clock.now()).total_seconds())

    async def turn(self, name: str, apart: float) -> float:
        """Take a turn and return 0, or the seconds until one can be tried for; turns are so far apart."""
        taken: datetime | None = None
        for _ in range(_TRIES):
            async with self._store.write() as session:
                row = await self._locked(session, name, 0.0, at=_LONG_AGO)
                now = self._clock.now()
                since = (now - row.at).total_seconds()
                # One further ahead than that was taken before a clock was put right.
                if row.at != taken and -apart <= since < apart:
                    return apart - since
                row.at = taken = now
            if self._clock.now() - taken <= _PROMPT:
                break  # else storing it took so long that the next turn would come too early: begin it anew
        return 0.0

    async def end_turn(self, name: str) -> None:
        """Let the next one have their turn at once."""
        async with self._store.write() as session:
            await session.execute(delete(Pace).where(Pace.name == name))

    async def _locked(
        self, session: AsyncSession, name: str, level: float, at: datetime | None = None
    ) -> Pace:
        """Return a row that is ours until the unit of work ends; a full one is made where there is none."""
        query = select(Pace).where(Pace.name == name).with_for_update()
        row = await session.scalar(query)
        if row is None:
            await insert_new(session, Pace, name=name, level=level, at=at or self._clock.now())
            row = (await session.scalars(query)).one()
        return row


class Holds:
    """Whose messages wait for one before them, whichever process sends them; it survives a restart.

    The rows carry a hash and not the person's id, and they are swept when they are over.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        """Stand on the database that the processes share."""
        self._store = store
        self._clock = clock

    async def of(self, recipients: Iterable[int]) -> dict[int, datetime]:
        """Return which of these are held back, and until when."""
        names = {_name(recipient): recipient for recipient in recipients}
        query = select(Pace.name, Pace.at).where(Pace.name.in_(names), Pace.at > self._clock.now())
        async with self._store.read() as session:
            return {names[name]: at for name, at in await session.execute(query)}

    async def hold(self, recipient: int, until: datetime) -> None:
        """Let a recipient's messages wait until then."""
        name = _name(recipient)
        async with self._store.write() as session:
            over = Pace.name.startswith(_HELD) & (Pace.at <= self._clock.now())
            await session.execute(delete(Pace).where(over))
            if not await insert_new(session, Pace, name=name, level=0.0, at=until):
                row = await session.get_one(Pace, name)
                row.at = until

    async def let_go(self, recipients: Collection[int]) -> None:
        """Hold these back no longer."""
        async with self._store.write() as session:
            names = [_name(recipient) for recipient in recipients]
            await session.execute(delete(Pace).where(Pace.name.in_(names)))


def _filled(row: Pace, now: datetime, rate: float, burst: float) -> float:
    """Return what is in a bucket by now; a clock that was put back takes nothing out of it."""
    passed = max(timedelta(0), now - row.at).total_seconds()
    return min(burst, row.level + passed * rate)


def _name(recipient: int) -> str:
    return _HELD + stable_nonce(f"{_HELD}{recipient}")
