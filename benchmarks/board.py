"""How long a page of the gig board takes, and weighing one post, with 100, 1,000 and 10,000 gigs."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import func, insert, select, text

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox
from bot.core.seal import Sealer, new_key
from bot.core.store import Base, Store
from bot.gigs import rules
from bot.gigs.browse import Wish
from bot.gigs.screening import fingerprint
from bot.gigs.service import GigService, Standing
from bot.gigs.sketch import BANDS, ROWS, bands, sketch
from bot.gigs.tables import Gig, GigBand
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Member, Person
from migrations import runner

SIZES = (100, 1_000, 10_000)
REPETITIONS = 60
SEED, COMMUNITY, POSTERS, COPIES = 7, 10, 50, 5
OPENING = datetime(2026, 1, 5, 9, tzinfo=UTC)
AT_ONCE = 5_000
MOST = 3.0
_MILLI = 1000
_WORDS = (
    "forecast", "demand", "energy", "retailer", "model", "python", "tests", "report", "dashboard", "invoice",
    "scan", "label", "pipeline", "data", "warehouse", "churn", "customer", "price", "route", "fleet",
    "sensor", "image", "text", "search", "ranking", "survey", "museum", "harbour",
)  # fmt: skip
REFUSED = (
    "Join our app optimisation team. Every day you rate forty products for shops, and when a set is done the "
    "balance is paid out. Training takes an hour, and a mentor explains how the first sets are unlocked."
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """Median seconds with this many gigs."""

    gigs: int
    first: float
    middle: float
    filtered: float
    nothing: float
    words: float
    weighed: float


def _gigs(count: int, chance: random.Random) -> Iterator[Row]:
    """Live gigs as people would write them; the last few are refused ones that nearly say the same."""
    for number in range(1, count + 1):
        words = " ".join(chance.choices(_WORDS, k=60))
        refused = number <= COPIES
        body = f"{REFUSED} Reference {number}." if refused else f"{words}."
        low = chance.randint(20, 120) * 100
        yield {
            "id": number, "community_id": COMMUNITY, "member_id": number % POSTERS + 1,
            "kind": rules.KINDS[number % 4], "title": f"Gig {number} about {words[:40]}", "description": body,
            "budget": "80–120 €/h", "low": low, "high": low * 2, "currency": "EUR", "per": "hour",
            "terms": "",
            "niches": ["energy"] if number % 3 else ["ocr"], "skills": ["pricing"] if number % 5 else [],
            "hours": "", "length": "", "apply": "", "starter": number % 7 == 0, "audience": "board",
            "state": "refused" if refused else "live", "score": 0, "findings": [],
            "fingerprint": fingerprint(body), "sketch": list(_signature(body, chance, real=refused)),
            "created_at": OPENING, "expires_at": OPENING + timedelta(days=14), "renewals": 0,
        }  # fmt: skip


def _signature(body: str, chance: random.Random, *, real: bool) -> tuple[int, ...]:
    """The sketch of a text; for most a made-up one, as unlike all others as real ones are, in no time."""
    return sketch(body) if real else tuple(chance.getrandbits(61) for _place in range(BANDS * ROWS))


async def _fill(store: Store, count: int) -> None:
    """Store that many gigs with the bands of their sketches, each table in large pieces."""
    people = [{"id": n, "name": f"Person {n}", "locale": "en-US", "dm_state": "unknown"} for n in _posters()]
    members = [
        {
            "id": n, "community_id": COMMUNITY, "person_id": n, "headline": "", "comfort": "text",
            "joined_at": OPENING - timedelta(days=400), "contact_hours": [], "links": {}, "visibility": {},
            "hinted": False,
        }
        for n in _posters()
    ]  # fmt: skip
    gigs = list(_gigs(count, random.Random(SEED)))
    kept = [
        {"gig_id": gig["id"], "community_id": COMMUNITY, "band": band}
        for gig in gigs
        for band in sorted(set(bands(tuple(gig["sketch"]))))
    ]
    tables: tuple[tuple[type[Base], list[Row]], ...] = (
        (Person, people), (Member, members), (Gig, gigs), (GigBand, kept),
    )  # fmt: skip
    async with store.write() as session:
        await session.execute(
            insert(Community).values(
                id=COMMUNITY, name="Data", created_at=OPENING, gig_channel_id=1, mod_channel_id=2
            )
        )
        for table, rows in tables:
            for start in range(0, len(rows), AT_ONCE):
                await session.execute(insert(table), rows[start : start + AT_ONCE])
        if not store.is_sqlite:  # the rows came with their ids
            for name in ("member", "gig"):
                await session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))


def _posters() -> range:
    return range(1, POSTERS + 1)


def _settled(url: str) -> None:
    """Do what PostgreSQL does by itself within a minute after so many new rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    """The median seconds of one piece of work, caches and plans warm."""
    await work()
    took: list[float] = []
    for _each in range(REPETITIONS):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return median(took)


async def _measured(url: str, count: int) -> Figures:
    """Fill a database and measure it."""
    store, clock = Store(url, Sealer([new_key()])), TurnedClock(OPENING)
    people = PeopleService(store, clock)
    service = GigService(store, clock, Agenda(store, clock), Outbox(store, clock), people)
    try:
        await _fill(store, count)
        if not store.is_sqlite:
            await asyncio.to_thread(_settled, url)
        me = Who(COMMUNITY, "Data", 1, "Ana")
        wished = await service.browse.wish(me, kind="hire", niche="energy", least="50 €/h")

        def page(wish: Wish, before: int | None = None) -> Callable[[], Awaitable[object]]:
            return lambda: service.browse.page(me, wish, before=before)

        assert len((await service.browse.page(me, wished)).gigs) > 1
        return Figures(
            count,
            await _median(page(Wish())),
            await _median(page(Wish(), count // 2)),
            await _median(page(wished)),
            await _median(page(Wish(kind="hire", niche="nowhere"))),
            await _median(page(Wish(text="no such words"))),
            await _median(lambda: _weigh(service)),
        )
    finally:
        await store.close()


async def _weigh(service: GigService) -> None:
    """Screen a post that nearly repeats refused ones, with all that is looked up for it."""
    body = f"{REFUSED} Reference B."
    async with service.desk.store.read() as session:
        row = Gig(
            community_id=COMMUNITY, member_id=1, kind="hire", title="Rate products", description=body,
            budget="50 €/h", low=5000, high=5000, currency="EUR", per="hour", terms="", niches=[], skills=[],
            hours="", length="", apply="", starter=False, fingerprint=fingerprint(body),
            sketch=list(sketch(body)),
        )  # fmt: skip
        found = await service.posting.vetting.weigh(session, row, Standing(2000, 400))
        assert any(one.rule.startswith("similar") for one in found.findings), "the copy was not recognised"
        assert await session.scalar(select(func.count(Gig.id)).where(Gig.id == 1))


async def measure(folder: Path, sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Measure a fresh SQLite file of every size."""
    found = []
    for count in sizes:
        url = f"sqlite:///{folder / f'board{count}.sqlite3'}"
        await asyncio.to_thread(runner.upgrade, url)
        found.append(await _measured(url, count))
    return found


def lines(found: Sequence[Figures]) -> list[tuple[str, str, str, bool | None]]:
    """Every figure with its goal, for `make bench`."""
    small, large = found[0], found[-1]
    sizes = " / ".join(f"{one.gigs:,}" for one in found)
    told: list[tuple[str, str, str, bool | None]] = []
    for name, what in (
        ("first", "/gig browse, the newest"),
        ("middle", "/gig browse, a page in the middle"),
        ("filtered", "/gig browse by kind, niche and rate"),
        ("nothing", "/gig browse for what is not there"),
        ("words", "/gig browse for words that are not there"),
        ("weighed", "one post screened, with near-duplicates looked up"),
    ):
        took = " / ".join(f"{getattr(one, name) * _MILLI:.1f}" for one in found)
        growth = getattr(large, name) / getattr(small, name)
        told.append((f"{what}, with {sizes} gigs", f"{took} ms", "", None))
        ratio = f"… {large.gigs:,} : {small.gigs:,}"
        told.append((ratio, f"{growth:.2f} ×", f"≤ {MOST:g} ×", growth <= MOST))
    return told


def main() -> None:
    """Measure PostgreSQL, each size in the empty database of one of the URLs given, and print it."""
    found = []
    for count, url in zip(SIZES, sys.argv[1:], strict=False):
        runner.upgrade(url)
        found.append(asyncio.run(_measured(url, count)))
    for line in lines(found):
        print(*line)


if __name__ == "__main__":
    main()
