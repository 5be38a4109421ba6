"""The worker: real processes, ended when they take too long."""

import asyncio
import os
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from bot.core.worker import Worker


def _note_and_hang(file: str) -> None:
    Path(file).write_text(str(os.getpid()))
    time.sleep(60)


def _die() -> None:
    os._exit(3)


async def _ended(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_work_past_its_limit_is_ended_with_its_process_and_the_next_is_done(tmp_path: Path) -> None:
    worker, file = Worker(), tmp_path / "pid"
    try:
        assert await worker.run(20, os.getpid) != os.getpid()
        with pytest.raises(TimeoutError):
            await worker.run(3, _note_and_hang, str(file))
        assert await _ended(int(file.read_text()))
        assert await worker.run(20, abs, -3) == 3
    finally:
        worker.close()


async def test_a_process_that_died_is_replaced() -> None:
    worker = Worker()
    try:
        with pytest.raises(BrokenProcessPool):
            await worker.run(20, _die)
        assert await worker.run(20, abs, -3) == 3
    finally:
        worker.close()
