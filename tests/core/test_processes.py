"""Who is there: rows of processes, and which servers each hears of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.core import ids
from bot.core.clock import TurnedClock
from bot.core.processes import Processes, Share
from bot.core.shared import Process
from bot.core.store import Store

ELSEWHERE = "0ther000:1:abcdefghijkl"


@given(st.integers(0, 2**63 - 1), st.integers(1, 16))
def test_every_server_belongs_to_exactly_one_shard(guild_id: int, count: int) -> None:
    shares = [Share(count, (number,)) for number in range(count)]
    assert sum(share.has(guild_id) for share in shares) == 1
    assert Share(count, tuple(range(count))).has(guild_id)
    assert Share().has(guild_id)


def test_who_has_all_shards_is_alone() -> None:
    assert Share().whole
    assert Share(2, (0, 1)).whole
    assert not Share(2, (1,)).whole


async def seen(store: Store) -> dict[str, list[int]]:
    async with store.read() as session:
        return {row.id: row.shards for row in await session.scalars(select(Process))}


async def test_a_process_comes_gives_signs_and_goes(store: Store, clock: TurnedClock) -> None:
    here = Processes(store, clock, Share(2, (1,)))
    assert await here.begin() == []
    assert await seen(store) == {here.id: [1]}
    await clock.advance(timedelta(seconds=10))
    await here.beat()
    async with store.read() as session:
        assert await session.scalar(select(Process.seen_at)) == clock.now()
    await here.end()
    assert await seen(store) == {}
    await here.beat()  # another took it for dead
    assert await seen(store) == {here.id: [1]}


async def elsewhere(store: Store, clock: TurnedClock, share: Share, ago: timedelta = timedelta(0)) -> None:
    """Let a process on another machine have been there."""
    other = Processes(store, clock, share)
    await other.begin()
    async with store.write() as session:
        await session.execute(
            update(Process).where(Process.id == other.id).values(id=ELSEWHERE, seen_at=clock.now() - ago)
        )


async def test_those_who_died_here_are_forgotten_and_those_elsewhere_after_a_day(
    store: Store, clock: TurnedClock
) -> None:
    dead = Processes(store, clock, Share())
    await dead.begin()  # under this very process id
    await elsewhere(store, clock, Share(), timedelta(minutes=2))
    here = Processes(store, clock, Share())
    assert await here.begin() == []
    assert set(await seen(store)) == {here.id, ELSEWHERE}
    await clock.advance(timedelta(days=1))
    await here.begin()
    assert ELSEWHERE not in await seen(store)


@pytest.mark.parametrize(
    ("theirs", "warned"),
    [
        (Share(2, (0,)), None),
        (Share(2, (1,)), "shards.had_twice"),
        (Share(4, (0,)), "shards.counted_differently"),
    ],
)
async def test_an_operators_slip_is_logged(
    store: Store, clock: TurnedClock, theirs: Share, warned: str | None
) -> None:
    await elsewhere(store, clock, theirs)
    with capture_logs() as logged:
        (other,) = await Processes(store, clock, Share(2, (1,))).begin()
    assert other.share == theirs
    assert [line["event"] for line in logged] == ([warned] if warned else [])


def test_a_machine_is_known_by_its_name_and_its_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = ids.claim_id()
    assert ids.claimed_by_the_dead(ours)  # we have only just started
    assert not ids.claimed_by_the_dead(ELSEWHERE)
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    ids._machine.cache_clear()
    try:
        assert not ids.claimed_by_the_dead(ours)
    finally:
        ids._machine.cache_clear()
