"""The metronome: beats go on whatever one of them does."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import apscheduler.schedulers.base
import pytest

import bot.core.clock
from bot.core.metronome import Metronome

OFTEN = 0.05


async def test_a_beat_that_raises_stops_neither_itself_nor_the_others() -> None:
    beats = {"broken": 0, "sound": 0}
    enough = asyncio.Event()

    async def broken() -> int:
        beats["broken"] += 1
        raise RuntimeError("the database is away")

    async def sound() -> int:
        beats["sound"] += 1
        if min(beats.values()) >= 3:
            enough.set()
        return 0

    metronome = Metronome(broken, sound, every=OFTEN)
    metronome.start()
    await asyncio.wait_for(enough.wait(), 30)
    await metronome.stop(1)
    after = dict(beats)
    await asyncio.sleep(4 * OFTEN)
    assert beats == after


async def test_stopping_lets_a_run_finish_and_cuts_one_that_takes_too_long(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, ended = asyncio.Event(), list[str]()

    async def short() -> int:
        await asyncio.sleep(0.2)
        ended.append("short")
        return 0

    async def endless() -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("endless")
        return 0

    metronome = Metronome(short, endless, every=OFTEN)
    metronome.start()
    await asyncio.wait_for(begun.wait(), 30)
    await metronome.stop(1)
    await asyncio.sleep(0.05)
    assert sorted(ended) == ["endless", "short"]
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
async def test_beats_go_on_when_the_machines_clock_is_set(
    monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    shift = timedelta(0)

    class Machine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(UTC).astimezone(tz) + shift

    for module in (bot.core.clock, apscheduler.schedulers.base):
        monkeypatch.setattr(module, "datetime", Machine)
    beats = 0

    async def beat() -> int:
        nonlocal beats
        beats += 1
        return 0

    metronome = Metronome(beat, every=OFTEN)
    metronome.start()
    for wanted in (2, 4):
        async with asyncio.timeout(30):
            while beats < wanted:  # noqa: ASYNC110 - it is about real time
                await asyncio.sleep(OFTEN / 5)
        shift = by
    assert beats < 40, "it does not make up for the hour"
    await metronome.stop(1)
