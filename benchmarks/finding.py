"""How long finding takes with 100, 1,000 and 10,000 members, and what one more member costs."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import insert, text

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox
from bot.core.seal import Sealer, new_key
from bot.core.store import Base, Store
from bot.find import rules
from bot.find.service import FindService, Wanted
from bot.find.tables import Facet
from bot.people.service import CONSENT_TEXT, MemberView, PeopleService, ProfileEdit, Who
from bot.people.tables import Community, Consent, Member, MemberNiche, MemberTag, Person
from demo.cast import Persona, cast
from migrations import runner

SIZES = (100, 1_000, 10_000)
REPETITIONS, NEWCOMERS = 60, 40
SEED = 7
COMMUNITY = 10
OPENING = datetime(2026, 1, 5, 9, tzinfo=UTC)
AT_ONCE = 5_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """Median seconds with this many members."""

    members: int
    typical: float
    worst: float
    newcomer: float


def _views(members: int, people: PeopleService) -> Iterator[MemberView]:
    """Members as they would have typed themselves in.

    Every other one speaks Dutch and the rest builds a product, so that these two large facets share nobody.
    """
    chance = random.Random(SEED)
    directions = sorted(set(people.catalogue.directions) - {"product"})
    for number, one in enumerate(cast(members, SEED, os.environ.get("KITH_POPULATION")), 1):
        odd = number % 2
        yield MemberView(
            id=number, community_id=COMMUNITY, person_id=number, name=one.name, joined_at=OPENING,
            headline=one.headline, disciplines=(one.discipline,), stage=one.stage, comfort=one.comfort,
            direction="product" if odd else chance.choice(directions), offers=tuple(sorted({*one.offers})),
            asks=tuple(sorted({*one.asks})), niches=tuple(sorted({*one.niches})), niche_names=one.niches,
            languages=("en",) if odd else ("en", "nl"),
        )  # fmt: skip


def _rows(view: MemberView) -> Iterator[tuple[type[Base], Row]]:
    """What is stored about one listed member, parents first."""
    mine = {"member_id": view.id}
    yield Person, {"id": view.person_id, "name": view.name, "locale": "en-US", "dm_state": "unknown"}
    yield (
        Member,
        {
            "id": view.id, "community_id": COMMUNITY, "person_id": view.person_id, "headline": view.headline,
            "stage": view.stage, "direction": view.direction, "comfort": view.comfort, "joined_at": OPENING,
            "contact_hours": [], "links": {}, "visibility": {}, "hinted": False,
        },
    )  # fmt: skip
    for kind, values in (
        ("offer", view.offers),
        ("ask", view.asks),
        ("discipline", view.disciplines),
        ("language", view.languages),
    ):
        yield from ((MemberTag, mine | {"kind": kind, "value": value}) for value in values)
    yield from ((MemberNiche, mine | {"niche": niche}) for niche in view.niches)
    yield (
        Consent,
        mine | {"purpose": "directory", "text_version": CONSENT_TEXT, "granted_at": OPENING},
    )
    for facet, value in sorted(rules.facets_of(view, OPENING)):
        yield Facet, mine | {"community_id": COMMUNITY, "facet": facet, "value": value}


async def _fill(store: Store, people: PeopleService, members: int) -> None:
    """Store that many members, each table in large pieces."""
    tables: dict[type[Base], list[Row]] = {}
    for view in _views(members, people):
        for table, row in _rows(view):
            tables.setdefault(table, []).append(row)
    async with store.write() as session:
        await session.execute(insert(Community).values(id=COMMUNITY, name="Data", created_at=OPENING))
        for table, rows in tables.items():
            for start in range(0, len(rows), AT_ONCE):
                await session.execute(insert(table), rows[start : start + AT_ONCE])
        if not store.is_sqlite:  # the rows came with their ids
            await session.execute(text("SELECT setval('member_id_seq', (SELECT max(id) FROM member))"))


def _settled(url: str) -> None:
    """Do what PostgreSQL does by itself within a minute after so many new rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def _median(work: Callable[[int], Awaitable[object]], times: int) -> float:
    """The median seconds of one piece of work."""
    took: list[float] = []
    for number in range(times):
        began = time.perf_counter()
        await work(number)
        took.append(time.perf_counter() - began)
    return median(took)


async def _measured(url: str, members: int) -> Figures:
    """Fill a database and measure it."""
    store, clock = Store(url, Sealer([new_key()])), TurnedClock(OPENING)
    people = PeopleService(store, clock)
    find = FindService(
        store, clock, Agenda(store, clock), Outbox(store, clock), people, lambda _me, _other: ()
    )
    try:
        await _fill(store, people, members)
        if not store.is_sqlite:
            await asyncio.to_thread(_settled, url)
        me = Who(COMMUNITY, "Data", 1_000_000, "Ana")
        written = list(cast(200, SEED + 1))
        typical = (
            Wanted(niche="ocr"), Wanted(offer="pricing", stage="building"),
            Wanted(niche="llm", discipline="data-scientist"), Wanted(),
            Wanted(niche="energy", language="en", direction="product"),
        )  # fmt: skip
        worst = Wanted(language="nl", direction="product")

        async def newcomer(number: int) -> None:
            await _joins(people, Who(COMMUNITY, "Data", 2_000_000 + number, "New"), written[number])

        for wanted in (*typical, worst):  # warm caches and plans
            await find.search(me, wanted)
        await newcomer(NEWCOMERS)
        assert not (await find.search(me, worst)).members
        return Figures(
            members,
            await _median(lambda n: find.search(me, typical[n % len(typical)]), REPETITIONS),
            await _median(lambda _n: find.search(me, worst), REPETITIONS),
            await _median(newcomer, NEWCOMERS),
        )
    finally:
        await store.close()


async def _joins(people: PeopleService, who: Who, like: Persona) -> None:
    """A new member lets others find them and fills in the form."""
    await people.list_me(who, listed=True)
    edit = ProfileEdit(
        headline=like.headline, disciplines=(like.discipline,), stage=like.stage, offers=like.offers,
        asks=like.asks, languages=("en",),
    )  # fmt: skip
    await people.edit_profile(who, edit)


async def measure(folder: Path, sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Measure a fresh SQLite file of every size."""
    found = []
    for members in sizes:
        url = f"sqlite:///{folder / f'finding{members}.sqlite3'}"
        await asyncio.to_thread(runner.upgrade, url)
        found.append(await _measured(url, members))
    return found


def main() -> None:
    """Measure PostgreSQL, each size in the empty database of one of the URLs given, and print it."""
    for members, url in zip(SIZES, sys.argv[1:], strict=False):
        runner.upgrade(url)
        print(asyncio.run(_measured(url, members)))


if __name__ == "__main__":
    main()
