"""A turned clock turns whoever waits for it."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock


async def test_sleepers_wake_when_the_clock_is_turned_far_enough() -> None:
    clock = TurnedClock(frozen=True)
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0.01)
    await clock.advance(timedelta(minutes=59))
    await asyncio.sleep(0.01)
    assert not sleeper.done()
    await clock.advance(timedelta(minutes=1))
    await asyncio.wait_for(sleeper, 30)


async def test_a_running_clock_wakes_short_sleepers_by_itself() -> None:
    clock = TurnedClock()
    await asyncio.wait_for(clock.sleep(0.01), 30)


async def test_a_clock_never_goes_back() -> None:
    clock = TurnedClock(frozen=True)
    before = clock.now()
    with pytest.raises(ValueError, match="forward"):
        await clock.advance(timedelta(seconds=-1))
    await clock.turn_to(before - timedelta(days=1))
    assert clock.now() == before
