"""The worker process for heavy arithmetic, so that the event loop never waits for it."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Worker:
    """Runs one function at a time in a process of its own, started when first needed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, limit: float, function: Callable[P, R], /, *args: P.args, **kw: P.kwargs) -> R:
        """Return what a picklable top-level function returns.

        Args:
            limit: seconds of real time it may take.
            function: defined at the top of a module.
            args: picklable.
            kw: picklable.

        Raises:
            TimeoutError: it took longer; the process was ended.
            BrokenProcessPool: the process died; the next call starts a new one.
        """
        future = self._started().submit(function, *args, **kw)
        try:
            async with asyncio.timeout(limit):
                return await asyncio.wrap_future(future)
        except (TimeoutError, BrokenProcessPool):
            self.close()
            raise

    def close(self) -> None:
        """End the process, whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        children = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.terminate()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # spawn: a forked child would share the event loop's sockets and SQLite's locks
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_follow_parent)
        return self._pool


def _follow_parent() -> None:
    """End this process with its parent, also when that is killed and can tell nobody."""
    # A thread for every core makes products of small matrices slower, and starves the event loop beside it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
