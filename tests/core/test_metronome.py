"""The metronome: beats go on whatever one of them does."""

import asyncio

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
    await asyncio.wait_for(enough.wait(), 5)
    await metronome.stop(1)
    after = dict(beats)
    await asyncio.sleep(4 * OFTEN)
    assert beats == after


async def test_stopping_lets_a_run_finish_and_cuts_one_that_takes_too_long() -> None:
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
    await asyncio.wait_for(begun.wait(), 5)
    await metronome.stop(1)
    await asyncio.sleep(0.05)
    assert sorted(ended) == ["endless", "short"]
