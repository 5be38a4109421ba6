"""Whether Kith is well: `/healthz`, `/readyz` and `/metrics` for machines, `kith health` for containers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Protocol
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from sqlalchemy import func, select, text

from bot.core.clock import Clock, SystemClock
from bot.core.log import get_logger
from bot.core.metrics import CONTENT_TYPE, Backlogs, Metrics
from bot.core.seal import Sealer, new_key
from bot.core.shared import Process
from bot.core.store import Store
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from aiohttp import web

log = get_logger(__name__)

BEATS_WITHIN = 15.0
"""Seconds between two beats of a metronome that beats every second; more means that it stopped."""
DONE_WITHIN = 400.0
"""A beat may last as long as the matching of a very large round, and no longer."""
ANSWERS_WITHIN = 3.0
HEARD_WITHIN = timedelta(minutes=1)
_NOT_READY = 503
_ASK_WITHIN = 5.0

Beat = Callable[[], Awaitable[object]]


class Gateway(Protocol):
    """What is asked about the connection to Discord."""

    @property
    def stands(self) -> bool:
        """Whether the connection is up."""

    @property
    def latency(self) -> float:
        """Seconds between a heartbeat and its answer."""


class Pulse:
    """A beat that remembers when it last ran, and whether it is still running."""

    def __init__(self, beat: Beat, clock: Clock) -> None:
        """Beat as `beat` does."""
        self._beat = beat
        self._clock = clock
        self._began: float | None = None
        self._ended: float | None = None

    async def __call__(self) -> object:
        """Beat once."""
        self._began = self._clock.monotonic()
        try:
            return await self._beat()
        finally:
            self._began, self._ended = None, self._clock.monotonic()

    @property
    def felt(self) -> bool:
        """Whether it beats: it ran a moment ago, or runs and may still take a while."""
        now = self._clock.monotonic()
        if self._began is not None:
            return now - self._began < DONE_WITHIN
        return self._ended is not None and now - self._ended < BEATS_WITHIN


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of a running Kith that are looked at."""

    store: Store
    clock: Clock
    gateway: Gateway
    agenda: Pulse
    metrics: Metrics


class HealthServer:
    """Answers on one port of this machine; begins before Discord is reached, so that a slow start is seen."""

    def __init__(self, body: Body, host: str, port: int) -> None:
        """Look at this body, listen here."""
        self._body = body
        self._host, self._port = host, port
        self._backlogs = Backlogs(body.store, body.clock)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to answer.

        Raises:
            SettingsError: the port is taken, or the address is not this machine's.
        """
        from aiohttp import web  # the server's half of aiohttp, for those who watch

        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            where = f"KITH_HEALTH_HOST={self._host} and KITH_HEALTH_PORT={self._port}"
            raise SettingsError([f"{where} cannot be used: {error.strerror}. Choose another."]) from error
        log.info("health.listens", host=self._host, port=self._port)

    async def close(self) -> None:
        """Answer no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def findings(self) -> dict[str, bool]:
        """Return what readiness stands on, and whether each part is well."""
        return {
            "gateway": self._body.gateway.stands,
            "database": await self._database(),
            "agenda": self._body.agenda.felt,
        }

    async def _database(self) -> bool:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), self._body.store.read() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 - whatever the driver says, it does not answer
            log.warning("health.database", error=type(error).__name__)
            return False
        return True

    async def _alive(self, _request: web.Request) -> web.Response:
        """Say that the event loop lives; that it answers is the proof."""
        from aiohttp import web

        return web.json_response({"alive": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        """Say whether Kith can do its work: 200, or 503 and which part is not well."""
        from aiohttp import web

        found = await self.findings()
        fine = all(found.values())
        return web.json_response({"ready": fine, **found}, status=200 if fine else _NOT_READY)

    async def _metrics(self, _request: web.Request) -> web.Response:
        """Give every figure; those of the queues are left as they were when the database does not answer."""
        from aiohttp import web

        metrics = self._body.metrics
        metrics.latency.set(self._body.gateway.latency)
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                for queue, backlog in (await self._backlogs.read()).items():
                    metrics.waits(queue, backlog)
        except Exception as error:  # noqa: BLE001 - the other figures are wanted most when the database is away
            log.warning("health.backlogs", error=type(error).__name__)
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE})


async def examine(settings: Settings, clock: Clock | None = None) -> tuple[bool, str]:
    """Ask the running Kith how it is; without a port, the database about any that was heard of lately.

    Returns whether it is well, and one line that says so.
    """
    if settings.health_port is not None:
        return await asyncio.to_thread(_asked, settings.health_host, settings.health_port)
    if settings.sqlite_file is not None and not settings.sqlite_file.exists():
        return False, "✖ there is no database yet"
    store = Store(settings.database_url, Sealer([new_key()]))  # nothing sealed is read
    try:
        since = (clock or SystemClock()).now() - HEARD_WITHIN
        async with store.read() as session:
            query = select(func.count()).select_from(Process).where(Process.seen_at > since)
            alive = await session.scalar(query) or 0
    except Exception as error:  # noqa: BLE001 - whatever the driver says is the finding
        return False, f"✖ the database does not answer: {type(error).__name__}"
    finally:
        await store.close()
    if alive:
        return True, f"✔ {alive} running, heard of within a minute"
    return False, "✖ nothing runs on this database (KITH_HEALTH_PORT would tell more)"


def _asked(host: str, port: int) -> tuple[bool, str]:
    """Ask `/readyz`; blocking, run it in a thread."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - it listens everywhere, so also here
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/readyz"
    try:
        # Straight to this machine, whatever proxy the environment names.
        with build_opener(ProxyHandler({})).open(address, timeout=_ASK_WITHIN) as answer:
            found = json.load(answer)
    except HTTPError as error:
        found = json.loads(error.read() or b"{}") if error.code == _NOT_READY else {}
    except (OSError, HTTPException, ValueError) as error:
        return False, f"✖ nothing answers on port {port}: {type(error).__name__}"
    ready = found.pop("ready", False) is True
    parts = ", ".join(f"{name} {'ok' if fine else 'NOT OK'}" for name, fine in found.items())
    return ready, f"{'✔' if ready else '✖'} {parts or 'no answer of Kith'}"
