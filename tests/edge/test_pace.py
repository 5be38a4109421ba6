"""The token bucket: never faster than it was told, whatever is asked of it when."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from bot.edge.pace import Bucket

T = TypeVar("T")


class HandClock:
    """A clock that only its holder moves; sleeping notes when one would wake."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.woken: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.woken.append(self.seconds + seconds)


def at_once(answer: Coroutine[Any, Any, T]) -> T:
    """Return an answer that nothing had to be waited for."""
    try:
        answer.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("it waits")


STEPS = st.lists(st.floats(0, 30), min_size=1, max_size=60)
RATES = st.floats(0.01, 20)
BURSTS = st.floats(1, 20)


def never_too_many(given_at: list[float], rate: float, burst: float) -> bool:
    """Whether no stretch of time holds more than the burst and what was filled in meanwhile."""
    return all(
        later - earlier + 1 <= burst + rate * (given_at[later] - given_at[earlier]) + 1e-6
        for earlier in range(len(given_at))
        for later in range(earlier, len(given_at))
    )


@given(STEPS, RATES, BURSTS)
def test_asking_never_gives_more_than_burst_and_rate(steps: list[float], rate: float, burst: float) -> None:
    clock = HandClock()
    bucket = Bucket(clock, rate=rate, burst=burst)
    given_at = []
    for step in steps:
        clock.seconds += step
        if at_once(bucket.wait_for_one()) == 0:
            given_at.append(clock.seconds)
    assert never_too_many(given_at, rate, burst)


@given(STEPS, RATES, BURSTS)
def test_waiting_never_gives_more_than_burst_and_rate(steps: list[float], rate: float, burst: float) -> None:
    clock = HandClock()
    bucket = Bucket(clock, rate=rate, burst=burst)
    given_at = []

    async def take_all() -> None:
        for step in steps:
            clock.seconds += step
            clock.woken.clear()
            await bucket.take()
            given_at.append(clock.woken[0] if clock.woken else clock.seconds)

    asyncio.run(take_all())
    assert given_at == sorted(given_at)  # in the order of asking
    assert never_too_many(given_at, rate, burst)


@given(RATES, BURSTS, st.floats(1, 86_400), st.floats(0, 0.99))
def test_an_emptied_bucket_gives_nothing_until_the_time_is_over(
    rate: float, burst: float, shut: float, part: float
) -> None:
    clock = HandClock()
    bucket = Bucket(clock, rate=rate, burst=burst)
    at_once(bucket.empty_for(timedelta(seconds=shut)))
    clock.seconds = shut * part
    assert at_once(bucket.wait_for_one()) > 0
    clock.seconds = shut + 1e-3
    assert at_once(bucket.shut_for()) == 0
    assert at_once(bucket.wait_for_one()) == 0


def test_a_bucket_without_rate_or_burst_gives_nothing() -> None:
    clock = HandClock()
    bucket = Bucket(clock, rate=0, burst=0)
    clock.seconds = 1e6
    assert at_once(bucket.wait_for_one()) > 0
