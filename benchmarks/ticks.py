"""What an idle tick of the agenda costs with a thousand rows and with a million, and nothing due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.queue import DONE, WAITING
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from migrations import runner

SMALL, LARGE = 1_000, 1_000_000
REPETITIONS, AT_ONCE = 200, 50_000
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Ticks:
    """Median seconds of a tick with few and with many rows."""

    small: float
    large: float


def _rows(count: int) -> Iterator[dict[str, Any]]:
    """Half of the rows are done, the other half waits for a later hour."""
    for number in range(count):
        due = NOW + timedelta(minutes=number + 1)
        yield {
            "kind": "checkin.ask",
            "subject": number,
            "key": f"checkin:{number}",
            "due_at": NOW - timedelta(days=1) if number % 2 else due,
            "state": DONE if number % 2 else WAITING,
            "attempts": number % 2,
        }


async def _filled(folder: Path, count: int) -> Store:
    url = f"sqlite:///{folder / f'ticks{count}.sqlite3'}"
    await asyncio.to_thread(runner.upgrade, url)
    store = Store(url, Sealer([new_key()]))
    rows = _rows(count)
    for _ in range(0, count, AT_ONCE):
        async with store.write() as session:
            await session.execute(insert(AgendaRow), list(islice(rows, AT_ONCE)))
    async with store.write() as session:
        await session.execute(text("ANALYZE"))
    return store


async def _tick(agenda: Agenda) -> float:
    began = time.perf_counter()
    assert await agenda.tick() == 0
    return time.perf_counter() - began


async def measure(folder: Path) -> Ticks:
    """Measure both in turns, so that the machine's other work falls on both alike."""
    few, many = await _filled(folder, SMALL), await _filled(folder, LARGE)
    clock = TurnedClock(NOW, frozen=True)
    small, large = Agenda(few, clock), Agenda(many, clock)
    times = [(await _tick(small), await _tick(large)) for _ in range(REPETITIONS)]
    await few.close()
    await many.close()
    return Ticks(median(one for one, _ in times), median(other for _, other in times))
