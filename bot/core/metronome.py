"""APScheduler as a metronome: a few fixed beats, never the times of members."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.clock import SystemClock
from bot.core.log import get_logger

log = get_logger(__name__)

Beat = Callable[[], Awaitable[object]]


class _Steady(AsyncIOScheduler):  # type: ignore[misc]
    """Beats on when somebody sets the machine's clock back: the next beat would be as far away as that."""

    def __init__(self, every: float) -> None:
        super().__init__(timezone="UTC")
        self._every = every

    def _process_jobs(self) -> float | None:
        now = SystemClock().now()
        for job in self.get_jobs():
            if job.next_run_time > now + 2 * timedelta(seconds=self._every):
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        return None if wait is None else min(wait, self._every)


class Metronome:
    """Calls each beat again and again, one run of each at a time, whatever a run raises."""

    def __init__(self, *beats: Beat, every: float) -> None:
        """Take the beats and the real seconds between two of them."""
        self._scheduler = _Steady(every)
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False
        for beat in beats:
            self._scheduler.add_job(
                self._beat,
                "interval",
                args=[beat],
                seconds=every,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin to beat on the running event loop."""
        self._scheduler.start()

    async def stop(self, within: float) -> None:
        """Stop beating; let what runs finish, for at most that many seconds."""
        self._stopping = True
        self._scheduler.shutdown(wait=False)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within)
            for task in late:
                task.cancel()

    async def _beat(self, beat: Beat) -> None:
        # A task of our own: the scheduler's shutdown cancels its tasks in the middle of a send.
        task = asyncio.create_task(self._safely(beat))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not self._stopping:  # the scheduler would log its own shutdown as our failure
                raise

    async def _safely(self, beat: Beat) -> None:
        try:
            while not self._stopping and await beat():
                pass  # go on until nothing is due: a full batch has more behind it
        except Exception as error:
            log.error("a beat failed", error=type(error).__name__, exc_info=error)
