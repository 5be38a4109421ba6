"""Members due for their check-in in the same minute: cost of a prompt, the event loop, answers, pace.

Run alone with `python -m benchmarks.weeks [members]`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.answers import TimedSandbox, settings_for
from benchmarks.rounds import DISCORDS_LIMIT, OPENING, PACE, PACE_LEAST, Line, Pulse, pause
from bot.app import App, keep_out_of_collections
from bot.checkins import rules
from bot.checkins.planning import key_of
from bot.checkins.tables import Checkin, CheckinPlan, Commitment
from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.log import configure_logging
from bot.core.store import Base
from bot.people.service import CONSENT_TEXT
from bot.people.tables import Community, Consent, Member, Person
from migrations import runner
from sandbox import Guild
from sandbox.actors import Member as Actor

MEMBERS = 10_000
KEPT = 14
CARDS = 300
QUIET = 40
ZONE = "Europe/Lisbon"
LINE = "/checkin history"
WEEK = timedelta(weeks=1)


@dataclass
class Findings:
    """What was measured; times in seconds."""

    members: int = 0
    asked: int = 0
    seconds: float = 0.0
    pause: float = 0.0
    pause_sending: float = 0.0
    quiet: float = 0.0
    meanwhile: list[float] = field(default_factory=list)
    cards: int = 0
    share_of_pace: float = 0.0
    refused: int = 0


def _rows(guild: Guild, discord: TimedSandbox, members: int, due: datetime) -> list[Base]:
    """A community whose members wrote every week so far, and are all due in the same minute."""
    rows: list[Base] = [Community(id=guild.id, name=guild.name, zone=ZONE, started=True, created_at=OPENING)]
    week = rules.week_of(due, ZONE)
    for number in range(1, members + 1):
        actor = guild.member(f"Member {number}")
        channel = discord.dm(actor.user).id
        rows.append(
            Person(
                id=actor.id,
                name=actor.name,
                zone=ZONE,
                dm_channel_id=channel,
                dm_state="open",
                locale="en-US",
            )
        )
        rows.append(Member(id=number, community_id=guild.id, person_id=actor.id, joined_at=OPENING))
        rows.append(
            Consent(member_id=number, purpose="checkins", text_version=CONSENT_TEXT, granted_at=OPENING)
        )
        plan = CheckinPlan(
            member_id=number, weekday=due.weekday(), hour=due.hour, state="on", started_at=OPENING,
            next_week=week, next_at=due, turn=1,
        )  # fmt: skip
        rows.append(plan)
        rows.append(
            AgendaRow(
                kind="checkin", key=key_of(plan), subject=number, community_id=guild.id, due_at=due,
                not_after=due + rules.GRACE, state="waiting", attempts=0,
            )
        )  # fmt: skip
        for past in range(1, KEPT + 1):
            at = due - past * WEEK
            rows.append(
                Checkin(
                    id=number * 100 + past, member_id=number, week=rules.week_of(at, ZONE), prompted_at=at,
                    closes_at=at + rules.OPEN_FOR, answered_at=at, state=rules.ANSWERED, shared=[],
                )
            )  # fmt: skip
        rows.append(Commitment(checkin_id=number * 100 + 1, position=0, text="Call three clients", kind=None))
    return rows


@asynccontextmanager
async def _community(folder: Path, members: int) -> AsyncIterator[tuple[App, TimedSandbox, Actor]]:
    """Open a community whose members are all due now."""
    clock = TurnedClock(OPENING)
    due = OPENING + timedelta(hours=1)
    file = folder / "weeks.sqlite3"
    runner.upgrade(f"sqlite:///{file}")
    async with TimedSandbox(clock, global_rate=DISCORDS_LIMIT) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        settings = settings_for(discord, file).model_copy(update={"sends_per_second": PACE})
        app = App(settings, clock, beats=False)
        try:
            rows = _rows(guild, discord, members, due)
            kinds = (Community, Person, Member, Consent, CheckinPlan, AgendaRow, Checkin, Commitment)
            async with app.store.write() as session:
                for kind in kinds:
                    session.add_all([row for row in rows if type(row) is kind])
                    await session.flush()
            await app.start()
            await app.ready.wait()
            app.client.gates.clear()  # one person asks for a picture more often than anybody may
            await clock.turn_to(due)
            keep_out_of_collections()  # as `kith run` does
            yield app, discord, guild.member("Member 1")
        finally:
            await app.close()


async def _typing(discord: TimedSandbox, who: Actor, times: list[float], most: int | None = None) -> None:
    """Look back again and again, with a stop-watch."""
    while most is None or len(times) < most:
        await who.slash(LINE)
        times.append(discord.took)
        await asyncio.sleep(0.02)


async def _quiet(discord: TimedSandbox, who: Actor) -> float:
    """The median time of an answer while nothing else goes on; the first ones start the worker process."""
    times: list[float] = []
    await _typing(discord, who, times, QUIET)
    return median(times[QUIET // 2 :])


async def _ask(app: App, discord: TimedSandbox, who: Actor, pulse: Pulse, found: Findings) -> None:
    """Let every prompt fall due, while somebody looks at their history."""
    typing = asyncio.create_task(_typing(discord, who, found.meanwhile))
    pulse.since()
    began = time.perf_counter()
    while taken := await app.agenda.tick():
        found.asked += taken
    found.seconds = time.perf_counter() - began
    found.pause = pulse.since()
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)


async def _deliver(app: App, discord: TimedSandbox, found: Findings) -> None:
    """Send prompts, and compare their pace with the configured one; the first second's burst is left out."""
    before = len(discord.requests)

    def sent() -> list[datetime]:
        posted = [one for one in discord.requests[before:] if one.method == "POST"]
        return [one.at for one in posted if one.path.endswith("/messages") and one.status < 300]

    while len(sent()) < min(CARDS, found.members) and await app.courier.tick():
        pass
    times = sent()
    steady = times[int(PACE) :]
    found.cards = len(times)
    found.share_of_pace = (len(steady) - 1) / (steady[-1] - steady[0]).total_seconds() / PACE
    found.refused = sum(one.status == 429 for one in discord.requests)


async def findings(folder: Path, members: int) -> Findings:
    """Measure one community."""
    found = Findings(members)
    async with _community(folder, members) as (app, discord, who), Pulse() as pulse:
        found.quiet = await _quiet(discord, who)
        await _ask(app, discord, who, pulse, found)
        pulse.since()
        await _deliver(app, discord, found)
        found.pause_sending = pulse.since()
    return found


def lines(found: Findings) -> list[Line]:
    """The figures with their goals."""
    each = found.seconds / max(1, found.asked)
    busy = median(found.meanwhile)
    cards = f"… pace of {found.cards} prompts, of {PACE:g} a second"
    return [
        (
            f"{found.asked:,} check-ins due in the same minute: a prompt",
            f"{each * 1000:.1f} ms, all {found.seconds:.1f} s",
            "",
            None,
        ),
        ("… all of them asked", f"{found.asked:,}", f"{found.members:,}", found.asked == found.members),
        pause("asking", found.pause),
        pause("sending", found.pause_sending),
        (f"… {LINE} meanwhile / quiet", f"{busy * 1000:.1f} / {found.quiet * 1000:.1f} ms", "", None),
        (cards, f"{found.share_of_pace:.1%}", f"≥ {PACE_LEAST:.0%}", found.share_of_pace >= PACE_LEAST),
        ("… 429 answers", str(found.refused), "0", found.refused == 0),
    ]


def measure(members: int = MEMBERS) -> list[Line]:
    """Measure a community of so many members in a loop of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return lines(asyncio.run(findings(Path(folder), members)))


if __name__ == "__main__":
    configure_logging("ERROR")
    for what, measured, goal, met in measure(*[int(one) for one in sys.argv[1:2]]):
        sys.stdout.write(f"{what:60} {measured:30} {goal} {'' if met is None else '✔' if met else '✘'}\n")
