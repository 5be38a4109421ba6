"""What a new gig costs where 100 or 10,000 members have an alert, and the same number of them fits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, insert, select

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from bot.gigs import rules
from bot.gigs.service import GigService
from bot.gigs.tables import Gig, GigAlert, GigAlertHit
from bot.people.service import CONSENT_TEXT, PeopleService
from bot.people.tables import Community, Consent, Member, Person
from migrations import runner

SIZES = (100, 10_000)
FITTING, GIGS = 20, 40
GROWTH_MOST = 3.0
COMMUNITY, POSTER = 10, 1_000_000
OPENING = datetime(2026, 1, 5, 8, tzinfo=UTC)
_NICHES = ("ocr", "llm", "retail", "health", "finance", "logistics", "education")
_SKILLS = ("sql", "r", "dbt", "excel", "tableau")
_AT_ONCE = 5_000
Line = tuple[str, str, str, bool | None]


def _alert(number: int) -> dict[str, Any]:
    """One member's alert; the first few look for what the new gigs are, the rest for something else."""
    fits = number < FITTING
    return {
        "member_id": number + 1, "community_id": COMMUNITY, "kinds": ["hire"] if number % 3 else [],
        "niches": ["energy"] if fits else [_NICHES[number % len(_NICHES)], "banking"],
        "skills": ["python"] if fits else [_SKILLS[number % len(_SKILLS)], "pipelines"],
        "low": 5000 if number % 2 else None, "currency": "EUR", "per": "hour", "paused": False,
        "created_at": OPENING,
    }  # fmt: skip


async def _fill(store: Store, alerts: int) -> None:
    """Store a poster, and that many members with an alert, each table in large pieces."""
    members = [*range(1, alerts + 1), POSTER]
    tables: list[tuple[type[Any], list[dict[str, Any]]]] = [
        (Community, [{"id": COMMUNITY, "name": "Data", "gig_channel_id": 500, "created_at": OPENING}]),
        (Person, [{"id": one, "name": f"P{one}", "dm_state": "unknown"} for one in members]),
        (
            Member,
            [{"id": i, "community_id": COMMUNITY, "person_id": i, "joined_at": OPENING} for i in members],
        ),
        (
            Consent,
            [
                {"member_id": one, "purpose": "alerts", "text_version": CONSENT_TEXT, "granted_at": OPENING}
                for one in members
            ],
        ),
        (GigAlert, [_alert(number) for number in range(alerts)]),
    ]
    async with store.write() as session:
        for table, rows in tables:
            for start in range(0, len(rows), _AT_ONCE):
                await session.execute(insert(table), rows[start : start + _AT_ONCE])


async def _publish(gigs: GigService) -> int:
    """Put one more gig on the board; what follows is on the agenda."""
    now = gigs.desk.clock.now()
    async with gigs.desk.store.write() as session:
        gig = Gig(
            community_id=COMMUNITY, member_id=POSTER, kind="hire", title="Forecast energy demand",
            description="A day-ahead model in Python.", budget="80–120 €/h", low=8000, high=12000,
            currency="EUR", per="hour", terms="", niches=["energy"], skills=["python"], state="live", score=0,
            findings=[], fingerprint="", created_at=now, expires_at=rules.expires(now),
        )  # fmt: skip
        session.add(gig)
        await session.flush()
        await gigs.alert_mail.noticed(session, gig)
        return gig.id


class _Community:
    """One database with that many alerts, and the services on it."""

    def __init__(self, url: str) -> None:
        clock = TurnedClock(OPENING, frozen=True)
        self.store = Store(url, Sealer([new_key()]))
        self.agenda = Agenda(self.store, clock)
        people = PeopleService(self.store, clock)
        self.gigs = GigService(self.store, clock, self.agenda, Outbox(self.store, clock), people)
        self.agenda.register(self.gigs.alert_mail.handlers())
        self.took: list[float] = []

    async def one_more(self) -> None:
        """Measure how long a new gig takes to find whom to tell."""
        gig_id = await _publish(self.gigs)
        began = time.perf_counter()
        assert await self.agenda.tick() == 1
        self.took.append(time.perf_counter() - began)
        async with self.store.read() as session:
            found = select(func.count()).select_from(GigAlertHit).where(GigAlertHit.gig_id == gig_id)
            assert await session.scalar(found) == FITTING


async def _measured(urls: Sequence[str]) -> list[float]:
    """The median seconds on each database; in turns, since what a disk does meanwhile costs most."""
    places = [_Community(url) for url in urls]
    try:
        for place, alerts in zip(places, SIZES, strict=True):
            await _fill(place.store, alerts)
        for _gig in range(GIGS):
            for place in places:
                await place.one_more()
        return [median(place.took[GIGS // 4 :]) for place in places]
    finally:
        for place in places:
            await place.store.close()


async def alert_lines(folder: Path) -> list[Line]:
    """Measure a fresh SQLite file of either size."""
    urls = [f"sqlite:///{folder / f'alerts{alerts}.sqlite3'}" for alerts in SIZES]
    for url in urls:
        await asyncio.to_thread(runner.upgrade, url)
    seconds = await _measured(urls)
    few, many = SIZES
    growth = seconds[1] / seconds[0]
    took = f"{seconds[0] * 1000:.1f} / {seconds[1] * 1000:.1f} ms"
    return [
        (f"one new gig against {few:,} / {many:,} alerts, {FITTING} fit", took, "", None),
        (f"… {many:,} : {few:,}", f"{growth:.2f} ×", f"≤ {GROWTH_MOST:g} ×", growth <= GROWTH_MOST),
    ]
