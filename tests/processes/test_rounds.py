"""A round over several processes: one is killed in the middle, or all are replaced one by one."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.agenda import AgendaRow
from bot.core.queue import LEASE
from tests.databases import PostgresTemplate
from tests.processes.scene import PACE, Fleet, fleet_on

MINUTE = timedelta(minutes=1)
BUSY = timedelta(minutes=3)  # half a minute of a busy machine's, on a clock that is six times as fast
LOOSE = 3  # sends that arrive together though they were not sent together


def keeps(pace: float, at: list[datetime]) -> bool:
    """Whether in no stretch of time more was sent than the pace allows, counting what a full bucket holds."""
    return all(
        last - first + 1 <= pace * (1 + (at[last] - at[first]).total_seconds()) + LOOSE
        for first in range(len(at))
        for last in range(first, len(at))
    )


async def killed_in_the_middle(fleet: Fleet, processes: int) -> None:
    """Let processes begin a round, kill one of them, and see the others end it within a minute."""
    await fleet.a_round_is_due()
    running = [await fleet.start(str(number), processes) for number in range(processes)]
    victim, *others = running
    await fleet.until(lambda: fleet.told() >= 6, *running)
    await fleet.discord.connected(shards=processes)
    victim.process.kill()
    await victim.process.wait()
    killed_at = fleet.clock.now()
    assert fleet.told() < len(fleet.members)
    await fleet.until_all_is_said(*others)
    assert LEASE < MINUTE
    assert fleet.clock.now() - killed_at < MINUTE + BUSY
    await asyncio.sleep(1.2)  # a beat: nothing may follow
    await fleet.everybody_has_one_card()
    assert keeps(PACE, fleet.sends())
    async with fleet.store.read() as session:
        rounds = select(AgendaRow.state).where(AgendaRow.kind == "round", AgendaRow.due_at < killed_at)
        assert list(await session.scalars(rounds)) == ["done", "done"]


async def test_three_processes_on_postgresql_lose_one(
    postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    with postgres_template.copy() as url:
        async with fleet_on(url, tmp_path) as fleet:
            await killed_in_the_middle(fleet, 3)


async def test_two_processes_on_one_sqlite_file_lose_one(sqlite_url: str, tmp_path: Path) -> None:
    async with fleet_on(sqlite_url, tmp_path) as fleet:
        await killed_in_the_middle(fleet, 2)


async def replaced_one_by_one(fleet: Fleet) -> None:
    """Let two processes begin a round, and replace each while the other goes on."""
    await fleet.a_round_is_due()
    old = [await fleet.start(str(number), 2) for number in range(2)]
    await fleet.until(lambda: fleet.told() >= 3, *old)
    await fleet.discord.connected(shards=2)
    new = []
    for number, one in enumerate(old):
        await one.stop()
        assert one.process.returncode == 0, one.log.read_text()
        new.append(await fleet.start(str(number), 2))
        await fleet.until(lambda: len(fleet.discord.gateway.shards) == 2, *new)
    await fleet.until_all_is_said(*new)
    await asyncio.gather(*(one.ready() for one in new))
    await asyncio.sleep(1.2)
    await fleet.everybody_has_one_card()
    assert keeps(PACE, fleet.sends())
    assert fleet.discord.gateway.shards == {(0, 2), (1, 2)}


async def test_both_are_replaced_one_after_the_other_and_nothing_is_lost(
    postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    with postgres_template.copy() as url:
        async with fleet_on(url, tmp_path) as fleet:
            await replaced_one_by_one(fleet)


@pytest.mark.parametrize(
    ("seconds", "kept"), [([0, 0, 1, 1, 2, 2], True), ([0, 0, 0, 0, 0, 0], False), ([5.0] * 4, True)]
)
def test_the_measure_of_pace_can_fail(seconds: list[float], kept: bool) -> None:
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    assert keeps(2, [begin + timedelta(seconds=each) for each in seconds]) is kept
