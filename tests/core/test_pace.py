"""What processes agree on through rows: pace, turns and who must wait, on either database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.clock import TurnedClock
from bot.core.pace import NEVER, Holds, Pacing
from bot.core.shared import Pace
from bot.core.store import Store, Unit
from bot.edge.pace import SharedBucket


@pytest.fixture
def pacing(store: Store, clock: TurnedClock) -> Pacing:
    return Pacing(store, clock)


async def test_a_bucket_begins_full_and_then_gives_at_its_rate(pacing: Pacing, clock: TurnedClock) -> None:
    assert await pacing.draw("sends", rate=4, burst=2, wanted=3) == [0.0, 0.0, 0.25]
    assert await pacing.draw("sends", rate=4, burst=2, wanted=1) == [0.5]
    await clock.advance(timedelta(seconds=10))
    assert await pacing.draw("sends", rate=4, burst=2, wanted=3) == [0.0, 0.0, 0.25]


async def test_processes_that_draw_at_once_never_get_the_same_token(
    store: Store, clock: TurnedClock, pacing: Pacing
) -> None:
    others = [Pacing(store, clock) for _ in range(4)]
    portions = await asyncio.gather(*(one.draw("sends", 10, 10, 5) for one in [pacing, *others] * 2))
    waits = sorted(wait for portion in portions for wait in portion)
    assert waits[:10] == [0.0] * 10
    assert waits[10:] == pytest.approx([number / 10 for number in range(1, 41)])


async def test_a_clock_put_back_neither_stops_nor_fills_a_bucket(
    store: Store, clock: TurnedClock, pacing: Pacing
) -> None:
    await pacing.draw("sends", rate=4, burst=2, wanted=2)
    async with store.write() as session:
        await session.execute(update(Pace).values(at=clock.now() + timedelta(hours=1)))
    assert await pacing.draw("sends", rate=4, burst=2, wanted=1) == [0.25]
    assert await pacing.take("opens", rate=1, burst=1) == 0
    async with store.write() as session:
        await session.execute(update(Pace).values(at=clock.now() + timedelta(hours=1)))
    assert await pacing.take("opens", rate=1, burst=1) == 1


async def test_one_token_is_there_or_said_when(pacing: Pacing, clock: TurnedClock) -> None:
    assert await pacing.take("opens", rate=0.5, burst=1) == 0
    assert await pacing.take("opens", rate=0.5, burst=1) == 2
    await clock.advance(timedelta(seconds=2))
    assert await pacing.take("opens", rate=0.5, burst=1) == 0
    assert await pacing.take("never", rate=0, burst=0) == NEVER


async def test_a_bucket_that_one_process_shut_is_shut_for_all(
    store: Store, clock: TurnedClock, pacing: Pacing
) -> None:
    other = Pacing(store, clock)
    assert await other.shut_for("opens") == 0
    await pacing.shut("opens", clock.now() + timedelta(hours=6), burst=5)
    assert await other.shut_for("opens") == 6 * 3600
    assert await other.take("opens", rate=1, burst=5) == 6 * 3600
    await clock.advance(timedelta(hours=6))
    assert [await other.take("opens", rate=1, burst=5) for _ in range(2)] == [0, 1]  # one at a time


async def test_turns_are_apart_whoever_takes_them(store: Store, clock: TurnedClock, pacing: Pacing) -> None:
    others = [Pacing(store, clock) for _ in range(5)]
    waits = await asyncio.gather(*(one.turn("identify:0", 5) for one in [pacing, *others]))
    assert sorted(waits) == [0, 5, 5, 5, 5, 5]
    await clock.advance(timedelta(seconds=3))
    assert await pacing.turn("identify:0", 5) == 2
    assert await pacing.turn("identify:1", 5) == 0
    await clock.advance(timedelta(seconds=2))
    assert [await pacing.turn("identify:0", 5) for _ in range(2)] == [0, 5]
    await pacing.end_turn("identify:0")
    assert await pacing.turn("identify:0", 5) == 0


async def test_a_turn_from_a_future_that_was_put_right_holds_up_nobody(
    store: Store, clock: TurnedClock, pacing: Pacing
) -> None:
    await pacing.turn("identify:0", 5)
    async with store.write() as session:
        await session.execute(update(Pace).values(at=clock.now() + timedelta(hours=1)))
    assert await pacing.turn("identify:0", 5) == 0


async def test_a_turn_that_took_long_to_store_begins_when_it_was_stored(
    store: Store, clock: TurnedClock, pacing: Pacing, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, slow = store.write, [3.0, 0.0]

    @asynccontextmanager
    async def slowly() -> AsyncIterator[Unit]:
        async with write() as session:
            yield session
        await clock.advance(timedelta(seconds=slow.pop(0)))

    monkeypatch.setattr(store, "write", slowly)
    assert await pacing.turn("identify:0", 5) == 0
    monkeypatch.undo()
    assert await pacing.turn("identify:0", 5) == 5


async def test_a_hold_is_seen_by_all_until_it_is_over_or_let_go(store: Store, clock: TurnedClock) -> None:
    here, there = Holds(store, clock), Holds(store, clock)
    until = clock.now() + timedelta(minutes=5)
    await here.hold(7, until - timedelta(minutes=1))
    await here.hold(7, until)
    await here.hold(8, until)
    assert await there.of([7, 8, 9]) == {7: until, 8: until}
    await there.let_go([8])
    assert await here.of([7, 8, 9]) == {7: until}
    await clock.advance(timedelta(minutes=5))
    assert await there.of([7]) == {}
    await there.hold(9, clock.now() + timedelta(minutes=1))
    async with store.read() as session:
        (name,) = await session.scalars(select(Pace.name))  # what was over is swept
    assert name.removeprefix("held:") != "9"
    assert len(name) == 30


class TestSharedBucket:
    """Two processes' buckets on the same rows."""

    async def test_together_they_keep_the_pace_and_each_gets_its_part(
        self, store: Store, pacing: Pacing
    ) -> None:
        clock, sent = TurnedClock(), []  # it runs
        buckets = [SharedBucket(clock, Pacing(store, clock), "sends", rate=100, burst=10) for _ in range(2)]

        async def send(number: int) -> None:
            await buckets[number].take()
            sent.append((clock.monotonic(), number))

        await asyncio.gather(*(send(number) for _ in range(75) for number in (0, 1)))
        first, last = sent[0][0], sent[-1][0]
        assert 1.35 <= last - first < 2.5  # 150, of which 10 at once
        in_the_middle = [number for at, number in sent if at - first < 1.0]
        assert 30 <= sum(in_the_middle) <= len(in_the_middle) - 30
        assert len(in_the_middle) <= 10 + 100

    async def test_what_is_not_asked_for_is_not_drawn(self, store: Store, clock: TurnedClock) -> None:
        bucket = SharedBucket(clock, Pacing(store, clock), "sends", rate=50, burst=50)
        await bucket.take()
        async with store.read() as session:
            assert await session.scalar(select(Pace.level)) == 49
        await asyncio.gather(*(bucket.take() for _ in range(30)))
        async with store.read() as session:
            assert await session.scalar(select(Pace.level)) == 19

    async def test_a_single_process_is_as_fast_as_alone(self, store: Store) -> None:
        clock = TurnedClock()
        bucket = SharedBucket(clock, Pacing(store, clock), "sends", rate=50, burst=1)
        began = clock.monotonic()
        await asyncio.gather(*(bucket.take() for _ in range(76)))
        assert clock.monotonic() - began < 1.5 * 1.25
