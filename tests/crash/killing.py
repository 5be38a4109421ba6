"""Work that dies at every point it crosses: each attempt one point later, until one gets through.

A point is where the world outside the process changes: just before and after a commit, and just before and
after a request that is no mere question. The n-th attempt of each piece of work is killed at the n-th
point it comes to, and what is left of it is claimed anew, as after a restart.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from discord.http import HTTPClient, Route
from sqlalchemy import select, update

from bot.core.agenda import Agenda, AgendaRow
from bot.core.ids import claim_id
from bot.core.outbox import SAID, OutboxRow
from bot.core.queue import WAITING, Queue
from bot.core.store import Store
from bot.edge.courier import Courier
from sandbox import Sandbox
from tests.crash.scene import Killed

FORGOTTEN = timedelta(minutes=10)
AT_CLAIM, NO_ANSWER = "claimed", "request done, no answer"


@dataclass
class Fuse:
    """Burns at the n-th point that a piece of work comes to; what goes on after that dies as well."""

    left: int
    spared: str = ""
    blown: str = ""
    answered: bool = False

    def live(self) -> None:
        """End whatever goes on after the process is dead."""
        if self.blown:
            raise Killed

    def cross(self, point: str) -> None:
        if point == self.spared and not self.blown:
            return
        self.left -= 1
        if self.blown or self.left < 0:
            self.blown = self.blown or (f"answered, {point}" if self.answered else point)
            raise Killed


@dataclass
class Toll:
    """What was killed, and what became of it: by queue, kind, target and point."""

    cases: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def add(self, other: Toll) -> None:
        self.cases += other.cases
        self.lost += other.lost
        self.doubled += other.doubled


_fuse: ContextVar[Fuse | None] = ContextVar("fuse", default=None)
_made: ContextVar[set[str] | None] = ContextVar("made", default=None)


@contextmanager
def points() -> Iterator[None]:
    """Let commits and requests be points at which a fuse may burn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "read", _read(Store.read))
        patch.setattr(Store, "write", _write(Store.write))
        patch.setattr(HTTPClient, "request", _request(HTTPClient.request))
        yield


async def killed_after(left: int, work: Callable[[], Awaitable[object]]) -> str:
    """Let a process do its work until it has come to so many points; return where it died, if it did."""
    fuse = Fuse(left)
    before = asyncio.all_tasks()
    _fuse.set(fuse)
    try:
        await work()
    except Killed:
        rest = {task for task in asyncio.all_tasks() - before if not _of_the_sandbox(task)}
        if rest:  # what runs beside it dies at the next point it comes to
            await asyncio.wait(rest, timeout=30)
    finally:
        _fuse.set(None)
    return fuse.blown


def _of_the_sandbox(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "__qualname__", "").startswith("RequestHandler")


class Killer:
    """Kills every piece of work at every point, in all processes there are while it is at work."""

    def __init__(
        self, toll: Toll, *, forgotten: bool = False, only: dict[str, set[str]] | None = None
    ) -> None:
        """Kill only these kinds, by table; all where nothing is said."""
        self.toll, self.forgotten, self.only = toll, forgotten, only
        self.sandboxes: list[Sandbox] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with points(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(Agenda, "_run", self._run(Agenda._run))
            patch.setattr(Courier, "_one", self._one(Courier._one))
            patch.setattr(Sandbox, "__aenter__", self._entered(Sandbox.__aenter__))
            yield

    def _entered(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def entered(sandbox: Sandbox) -> Any:
            self.sandboxes.append(sandbox)
            sandbox.route_limits.haste = 0  # each attempt sends again; waiting for its turn proves nothing
            return await original(sandbox)

        return entered

    def _run(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def run(agenda: Agenda, row: AgendaRow) -> None:
            async def attempt(claimed: AgendaRow) -> None:
                await original(agenda, claimed)

            await self._attempts(agenda._queue, row, "work", attempt)

        return run

    def _one(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def one(courier: Courier, row: OutboxRow) -> None:
            made: set[str] = set()
            _made.set(made)

            async def attempt(claimed: OutboxRow) -> None:
                await original(courier, claimed)

            await self._attempts(courier._outbox.queue, row, row.target, attempt)
            await self._judge(courier._store, row, made)
            _made.set(None)

        return one

    async def _attempts(self, queue: Queue[Any], row: Any, target: str, attempt: Callable[..., Any]) -> None:
        """Let a claimed row be attempted again and again, and die one point later each time."""
        table = row.__tablename__
        if self.only is not None and row.kind not in self.only[table]:
            await attempt(row)
            return
        self.toll.cases[table, row.kind, target, AT_CLAIM] += 1
        first = row.attempts
        # What is found again is not answered: so that a kill after the answer is met, this one is left out.
        spared = NO_ANSWER if self.forgotten and target not in ("work", "edit") else ""
        for number in itertools.count():
            again = await self._claimed_anew(queue, row.id, first)
            if again is None:
                return
            fuse = Fuse(number, spared)
            _fuse.set(fuse)
            try:
                await attempt(again)
            except Killed:
                self.toll.cases[table, row.kind, target, fuse.blown] += 1
            finally:
                _fuse.set(None)
            if not fuse.blown:
                return

    async def _claimed_anew(self, queue: Queue[Any], row_id: int, attempts: int) -> Any:
        """Take the row as another process does after the first one's end; None when there is nothing left."""
        table: Any = queue._table
        now = queue._clock.now()
        values: dict[str, Any] = {"owner": claim_id(), "attempts": attempts}
        if self.forgotten and table is OutboxRow:
            for sandbox in self.sandboxes:
                sandbox.nonces.clear()
        async with queue._store.write() as session:
            left = (table.id == row_id, table.state == WAITING, table.due_at <= now)
            row = (
                await session.scalars(update(table).where(*left).values(**values).returning(table))
            ).first()
        if row is not None and self.forgotten and getattr(row, "tried_at", None):
            row.tried_at -= FORGOTTEN
        return row

    async def _judge(self, store: Store, row: OutboxRow, made: set[str]) -> None:
        """Hold what arrived against what the row says."""
        async with store.read() as session:
            state = await session.scalar(select(OutboxRow.state).where(OutboxRow.id == row.id))
        name = f"{row.kind} → {row.target}"
        if len(made) > 1:
            self.toll.doubled.append(name)
        if state == SAID and row.target != "edit" and not made:
            self.toll.lost.append(name)


def _read(original: Callable[..., Any]) -> Callable[..., Any]:
    @asynccontextmanager
    async def read(store: Store) -> AsyncIterator[Any]:
        if (fuse := _fuse.get()) is not None:
            fuse.live()
        async with original(store) as session:
            yield session

    return read


def _write(original: Callable[..., Any]) -> Callable[..., Any]:
    @asynccontextmanager
    async def write(store: Store) -> AsyncIterator[Any]:
        if (fuse := _fuse.get()) is not None:
            fuse.live()
        async with original(store) as session:
            yield session
            if fuse is not None:
                await session.flush()
                fuse.cross("before the commit")
        if fuse is not None:
            fuse.cross("after the commit")

    return write


def _request(original: Callable[..., Any]) -> Callable[..., Any]:
    async def request(client: HTTPClient, route: Route, **more: Any) -> Any:
        fuse = _fuse.get()
        asks = route.method == "GET"
        if fuse is not None:
            fuse.live()
        if fuse is not None and not asks:
            fuse.cross("before the request")
        answer = await original(client, route, **more)
        made = _made.get()
        if made is not None and route.method == "POST" and route.path.endswith(("/messages", "/threads")):
            made.add(str(answer["id"]))
        if fuse is not None and not asks:
            fuse.cross(NO_ANSWER)
            fuse.answered = True
        return answer

    return request
