"""A clock that runs faster than the machine's, the same one in every process: a minute in a few seconds."""

import asyncio
import os
import time
from datetime import UTC, datetime

RATE, VARIABLE = 6.0, "TEST_CLOCK"


class FastClock:
    """Six seconds pass in one."""

    def __init__(self, began: float | None = None) -> None:
        """Be right at that instant, in seconds since 1970, and ahead from then on."""
        self.began = time.time() if began is None else began

    @classmethod
    def given(cls) -> "FastClock":
        """Take the clock that the test goes by."""
        return cls(float(os.environ[VARIABLE]))

    def now(self) -> datetime:
        """Return this clock's instant."""
        return datetime.fromtimestamp(self.began + self.monotonic(), UTC)

    def monotonic(self) -> float:
        """Return this clock's seconds since it began; not quite the machine's monotonic ones, but shared."""
        return (time.time() - self.began) * RATE

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of this clock."""
        await asyncio.sleep(seconds / RATE)
