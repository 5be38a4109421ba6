"""The crash matrix: every kind of work and message, killed at every point it crosses, in real conversations.

`pytest -n0 -s tests/crash/test_matrix.py` prints the table. With KITH_SOAK=1 everything in each conversation
is killed at every point, also what another conversation is there for.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from _pytest.mark import ParameterSet

from bot.core.clock import TurnedClock
from sandbox import Sandbox
from tests.crash.killing import Killer, Toll
from tests.crash.plays import PLAYS, REASONS, Play
from tests.databases import PostgresTemplate
from tests.stage import running

TABLES = ("agenda", "outbox")
SOAK = bool(os.environ.get("KITH_SOAK"))
_all = Toll()


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """Print what was killed, and what came of it."""
    yield
    points = Counter[tuple[str, str]]()
    for (kind_of, _kind, target, point), number in _all.cases.items():
        points[f"{kind_of}, {target}" if kind_of == "outbox" else kind_of, point] += number
    print(f"\n{'what':18}{'killed':40}{'cases':>8}")
    for (what, point), number in sorted(points.items()):
        print(f"{what:18}{point:40}{number:8}")
    kinds = Counter(table for table, _kind in {(case[0], case[1]) for case in _all.cases})
    print(f"kinds of work {kinds['agenda']}, of messages {kinds['outbox']}; cases {sum(points.values())}")
    print(f"lost {len(_all.lost)}, doubled {len(_all.doubled)}")


async def test_every_kind_of_work_and_of_message_has_its_case(sqlite_url: str, clock: TurnedClock) -> None:
    async with Sandbox(clock, global_rate=0) as discord, running(sqlite_url, discord, clock) as app:
        there = {"agenda": set(app.agenda.handlers), "outbox": set(app.courier.renderers)}
    for table in TABLES:
        proved = set().union(*(play.kinds(table) for play in PLAYS))
        reasons = {kind for where, kind in REASONS if where == table}
        assert there[table] == proved | reasons, "add a play that it is part of, to tests/crash/plays.py"


def of(plays: Sequence[Play], forgotten: bool) -> list[ParameterSet]:
    """The cases; only messages have a nonce that can be forgotten."""
    name = "nonce forgotten" if forgotten else "at once"
    wanted = [play for play in plays if play.says or not forgotten]
    return [pytest.param(play, forgotten, id=f"{play.name.removeprefix('test_')}-{name}") for play in wanted]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("play", "forgotten"), [*of(PLAYS, False), *of(PLAYS, True)])
async def test_nobody_is_missed_and_nobody_is_told_twice(
    sqlite_url: str, play: Play, forgotten: bool
) -> None:
    toll = Toll()
    tables = TABLES[1:] if forgotten and not SOAK else TABLES
    only = None if SOAK else {table: play.kinds(table) if table in tables else set() for table in TABLES}
    with Killer(toll, forgotten=forgotten, only=only).at_work():
        await play.act(sqlite_url)
    _all.add(toll)
    assert (toll.lost, toll.doubled) == ([], [])
    for table in tables:
        killed = {case[1] for case in toll.cases if case[0] == table}
        assert play.kinds(table) <= killed, "the conversation no longer comes to it"


@pytest.mark.parametrize("play", PLAYS[:: 1 if SOAK else 7], ids=lambda play: play.name.removeprefix("test_"))
async def test_the_same_on_postgresql(postgres_template: PostgresTemplate, play: Play) -> None:
    toll = Toll()
    only = {table: play.kinds(table) for table in TABLES}
    with Killer(toll, only=only).at_work(), postgres_template.copy() as url:
        await play.act(url)
    _all.add(toll)
    assert (toll.lost, toll.doubled) == ([], [])
