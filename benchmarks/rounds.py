"""Rounds of 2,000 and 10,000 members: the worker, the event loop meanwhile, quality, and delivery.

Run alone with `python -m benchmarks.rounds [members]`.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.answers import settings_for
from bot.app import App, keep_out_of_collections
from bot.core.clock import TurnedClock
from bot.core.log import configure_logging
from bot.core.store import Base, Store
from bot.core.worker import Worker
from bot.intros.matching import Outcome, RoundInputs
from bot.intros.tables import Enrolment
from bot.people.service import CONSENT_TEXT, PeopleService
from bot.people.tables import Community, Consent, Member, MemberNiche, MemberTag, Person
from demo.cast import Persona, cast
from migrations import runner
from sandbox import Guild, Sandbox

Line = tuple[str, str, str, bool | None]
P = ParamSpec("P")
R = TypeVar("R")

SIZES = (2000, 10_000)
JUDGED_UP_TO = 2000
"""Members of the largest round whose every pair is weighed; benchmarks/matching.py certifies larger ones."""
CARDS = 300
SEED = 7
OPENING = datetime(2026, 1, 5, 9, tzinfo=UTC)
PACE = 10.0
PAUSE_MOST, PACE_LEAST, BOUND_LEAST = 0.100, 0.95, 0.999
DISCORDS_LIMIT = 50
TICK = 0.001


@dataclass
class Findings:
    """What was measured; times in seconds."""

    enrolled: int = 0
    reachable: int | None = None
    covered: int = 0
    matching: float = 0.0
    whole: float = 0.0
    pause_matching: float = 0.0
    pause_storing: float = 0.0
    pause_delivery: float = 0.0
    share_of_bound: float | None = None
    cards: int = 0
    share_of_pace: float = 0.0
    refused: int = 0


@dataclass
class Pulse:
    """Notices how long the event loop did not come round."""

    longest: float = 0.0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Pulse:
        """Begin to count."""
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop counting."""
        assert self._task is not None
        self._task.cancel()

    def since(self) -> float:
        """Return the longest pause since this was asked last."""
        found, self.longest = self.longest, 0.0
        return found

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            self.longest = max(self.longest, time.perf_counter() - before - TICK)


class TimedWorker(Worker):
    """Remembers what went in and out, how long it took, and what the event loop did meanwhile."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__()
        self.pulse = pulse
        self.took = 0.0
        self.pause = self.reading = 0.0
        self.inputs: object = None
        self.outcome: object = None

    async def run(self, limit: float, function: Callable[P, R], /, *args: P.args, **kw: P.kwargs) -> R:
        """Run it, with a stop-watch."""
        self.reading = self.pulse.since()
        began = time.perf_counter()
        found = await super().run(limit, function, *args, **kw)
        self.took = time.perf_counter() - began
        self.pause = self.pulse.since()
        self.inputs, self.outcome = args[0], found
        return found


def bound(inputs: RoundInputs) -> tuple[int, int]:
    """Return an upper bound on the worth of any round, and how many members can meet anybody at all.

    A round is half of a symmetric assignment of members to members, so no round is worth more than half of
    the best assignment. All pairs are weighed, not only those the matching looks at.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    from bot.intros import rules
    from bot.intros.matching import shared_half_hours
    from bot.intros.scoring import worth

    who = inputs.candidates
    weights = np.zeros((len(who), len(who)), dtype=np.int32)
    for i, j in combinations(range(len(who)), 2):
        if shared_half_hours(who[i], who[j]) >= rules.RELAXED_HALF_HOURS:
            weights[i, j] = weights[j, i] = worth(who[i], who[j], None)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return int(weights[rows, columns].sum()) // 2, int((weights.max(axis=1) > 0).sum())


def _rows(guild: Guild, discord: Sandbox, personas: list[Persona], people: PeopleService) -> list[Base]:
    """A community that has known its members for a while: profiles, consents, open DMs."""
    chance = random.Random(SEED)
    rows: list[Base] = [Community(id=guild.id, name=guild.name, zone="UTC", started=True, created_at=OPENING)]
    for number, one in enumerate(personas, 1):
        actor = guild.member(one.name)
        zone = people.cities.resolve(one.city, OPENING).zone
        channel = discord.dm(actor.user).id
        rows.append(Person(id=actor.id, name=one.name, zone=zone, dm_channel_id=channel, dm_state="open"))
        rows.append(
            Member(
                id=number, community_id=guild.id, person_id=actor.id, headline=one.headline,
                stage=one.stage, comfort=one.comfort, joined_at=OPENING,
                direction=chance.choice(sorted(people.catalogue.directions)),
            )
        )  # fmt: skip
        rows += [MemberNiche(member_id=number, niche=slug) for slug in dict.fromkeys(one.niches)]
        tags = {("offer", skill) for skill in one.offers} | {("ask", skill) for skill in one.asks}
        tags.add(("discipline", one.discipline))
        rows += [MemberTag(member_id=number, kind=kind, value=value) for kind, value in sorted(tags)]
        rows.append(
            Consent(member_id=number, purpose="introductions", text_version=CONSENT_TEXT, granted_at=OPENING)
        )
        rows.append(Enrolment(member_id=number, state="on", joined_at=OPENING, waited=0))
    return rows


async def _fill(store: Store, rows: list[Base]) -> None:
    """Store them, parents first."""
    async with store.write() as session:
        for kind in (Community, Person, Member, MemberNiche, MemberTag, Consent, Enrolment):
            session.add_all([row for row in rows if type(row) is kind])
            await session.flush()


@asynccontextmanager
async def _community(folder: Path, members: int) -> AsyncIterator[tuple[App, Sandbox]]:
    """Open a community whose first round is due."""
    clock = TurnedClock(OPENING)
    file = folder / f"round{members}.sqlite3"
    runner.upgrade(f"sqlite:///{file}")
    async with Sandbox(clock, global_rate=DISCORDS_LIMIT) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        settings = settings_for(discord, file).model_copy(update={"sends_per_second": PACE})
        app = App(settings, clock, beats=False)
        try:
            personas = cast(members, SEED, os.environ.get("KITH_POPULATION"))
            await _fill(app.store, _rows(guild, discord, personas, app.people))
            await app.start()
            await app.ready.wait()
            async with app.store.write() as session:
                due = await app.intros.plan_first_round(session, guild.id)
            assert due is not None
            await clock.turn_to(due)
            keep_out_of_collections()  # as `kith run` does
            yield app, discord
        finally:
            await app.close()


async def measure(folder: Path, members: int) -> Findings:
    """Run the round, then send its first cards."""
    found = Findings()
    async with _community(folder, members) as (app, discord), Pulse() as pulse:
        worker = TimedWorker(pulse)
        app.intros.rounds.worker = worker
        try:
            began = time.perf_counter()
            await app.agenda.tick()
            found.whole = time.perf_counter() - began
            found.matching, found.pause_matching = worker.took, worker.pause
            found.pause_storing = max(worker.reading, pulse.since())
            await _deliver(app, discord, found)
            found.pause_delivery = pulse.since()
            await _judge(worker, found)
        finally:
            worker.close()
    return found


async def _deliver(app: App, discord: Sandbox, found: Findings) -> None:
    """Send cards, and compare their pace with the configured one; the first second's burst is left out."""
    before = len(discord.requests)

    def sent() -> list[datetime]:
        posted = [one for one in discord.requests[before:] if one.method == "POST"]
        return [one.at for one in posted if one.path.endswith("/messages") and one.status < 300]

    while len(sent()) < CARDS and await app.courier.tick():
        pass
    times = sent()
    assert len(times) >= CARDS, f"only {len(times)} cards were sent"
    steady = times[int(PACE) :]
    found.cards = len(times)
    found.share_of_pace = (len(steady) - 1) / (steady[-1] - steady[0]).total_seconds() / PACE
    found.refused = sum(one.status == 429 for one in discord.requests)


async def _judge(worker: TimedWorker, found: Findings) -> None:
    """Count who meets somebody, and compare the round with what no round can exceed."""
    assert isinstance(worker.inputs, RoundInputs)
    assert isinstance(worker.outcome, Outcome)
    groups = worker.outcome.groups
    found.enrolled = len(worker.inputs.candidates)
    found.covered = sum(len(group.members) for group in groups)
    if found.enrolled > JUDGED_UP_TO:
        return
    best, found.reachable = await Worker.run(worker, 120, bound, worker.inputs)
    # A trio's three meetings count as one and a half pairs, as in the bound.
    reached = sum(group.worth if len(group.members) == 2 else group.worth / 2 for group in groups)
    found.share_of_bound = reached / best


def lines(found: Findings) -> list[Line]:
    """The figures with their goals."""
    cards = f"… pace of {found.cards} cards, of {PACE:g} a second"
    everyone = f"{found.covered:,} of {found.reachable or found.enrolled:,}"
    given = [
        (f"round of {found.enrolled:,}: matching in the worker", f"{found.matching:.1f} s", "", None),
        ("… matched, stored and enqueued", f"{found.whole:.1f} s", "", None),
        pause("matching", found.pause_matching),
        pause("reading and storing", found.pause_storing),
        pause("sending", found.pause_delivery),
        _at_least(cards, found.share_of_pace, PACE_LEAST),
        ("… 429 answers", str(found.refused), "0", found.refused == 0),
    ]
    if found.reachable is None or found.share_of_bound is None:
        return [*given, ("… matched, of those who take part", everyone, "", None)]
    return [
        *given,
        ("… matched, of those who can be", everyone, "all", found.covered == found.reachable),
        _at_least("… worth, of a bound no round can exceed", found.share_of_bound, BOUND_LEAST),
    ]


def pause(what: str, longest: float) -> Line:
    """The longest pause of the event loop."""
    milli = f"{longest * 1000:.0f} ms"
    limit = f"≤ {PAUSE_MOST * 1000:.0f} ms"
    return f"… event loop not coming round while {what}", milli, limit, longest <= PAUSE_MOST


def _at_least(what: str, share: float, least: float) -> Line:
    return what, f"{share:.2%}", f"≥ {least:.1%}", share >= least


def main() -> None:
    """Measure the sizes named on the command line, or all."""
    configure_logging("ERROR")
    for members in [int(one) for one in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(measure(Path(folder), members))
        for what, measured, goal, met in lines(found):
            sys.stdout.write(f"{what:60} {measured:30} {goal} {'' if met is None else '✔' if met else '✘'}\n")


if __name__ == "__main__":
    main()
