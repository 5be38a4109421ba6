"""The sandbox itself: the HTTP server in front of the world.

Several shards, several processes:
1. `discord.guild("A", shard=(1, 2))` founds a guild that belongs to shard 1 of 2; DMs belong to shard 0.
2. `Sandbox(..., identify_seconds=5)` paces IDENTIFYs (op 9 and a violation when one comes too soon). Unless
   asked for, they are not paced with `global_rate=0`, nor when nothing else is connected (a restart).
   `gateway.starts.concurrency` is max_concurrency, `gateway.recommended_shards` what `/gateway/bot` says.
3. Every client, in this process or another, is a connection of its own; `await discord.connected(shards=2)`
   waits for them, `discord.gateway.shards` says who is there. An IDENTIFY for a shard that is connected
   ends the older one: `discord.gateway.replaced` must stay empty where processes share shards rightly.
4. `discord.gateway.identifies` are all IDENTIFYs taken, `.resumes` counts RESUMEs, `.starts.early` refusals.
5. `reconnect()`, `invalidate()`, `drop()`, `close_gateway()` (each with `shard=`), `duplicates()`,
   `out_of_order()`, `lose()` make trouble; see `sandbox/trouble.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from math import ceil
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from sandbox import (
    rest_channels,
    rest_commands,
    rest_guilds,
    rest_interactions,
    rest_messages,
    rest_roles,
    rest_threads,
)
from sandbox.errors import ApiError, TooMany
from sandbox.faults import Fault
from sandbox.judge import Judge
from sandbox.limits import GlobalLimit, InvalidLimit, RouteLimits, Standing
from sandbox.model import Clock, Recorded
from sandbox.rest import Call, Routes, RouteSpec, invalid, read
from sandbox.trouble import Trouble

PREFIX = "/api/v10"
MAX_REASON = 512
INVALID = frozenset({401, 403, 429})
GLOBAL_RATE, IDENTIFY_SECONDS = 50, 5.0  # Discord's own
VIA = {"Via": "1.1 google"}
MODULES = (
    rest_messages,
    rest_interactions,
    rest_threads,
    rest_channels,
    rest_guilds,
    rest_roles,
    rest_commands,
)


class RealClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


@cache
def judge_of(openapi: str | None) -> Judge:
    """The judge for that file; reading and compiling it takes a moment, so it is done once."""
    return Judge(openapi)


class Sandbox(Trouble):
    """A Discord on loopback. `async with Sandbox(clock) as discord:`; see `World` for what can be done in it.

    `openapi` names Discord's published OpenAPI file; `global_rate` limits requests per second (0: no limit),
    and above Discord's 50 the limits of each route keep pace (`route_limits.haste = 0`: none of them);
    `allowed_intents` are the privileged intents the application has (none by default); `identify_seconds`
    is the time between two IDENTIFYs of one bucket (None: five seconds, except for restarts; see above).
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        openapi: str | None = os.environ.get("DISCORD_OPENAPI"),
        global_rate: float = GLOBAL_RATE,
        host: str = "127.0.0.1",
        port: int = 0,
        bot_name: str = "Kith",
        allowed_intents: int = 0,
        identify_seconds: float | None = None,
    ) -> None:
        super().__init__(clock or RealClock(), bot_name=bot_name, allowed_intents=allowed_intents)
        self.host, self.port = host, port
        self.judge = judge_of(openapi)
        self.limit = GlobalLimit(global_rate)
        self.route_limits = RouteLimits(self.clock, max(1.0, global_rate / GLOBAL_RATE))
        self.invalid = InvalidLimit()
        self._pace_starts(global_rate, identify_seconds)
        self.requests: list[Recorded] = []
        self.routes = Routes()
        for module in MODULES:
            for key, table in module.routes.by_size.items():
                self.routes.by_size.setdefault(key, []).extend(table)
        self._runner: web.AppRunner | None = None

    def _pace_starts(self, global_rate: float, seconds: float | None) -> None:
        """As Discord does if no seconds are given, but not after a restart nor where nothing is limited."""
        starts = self.gateway.starts
        starts.restarts_free = seconds is None
        default = IDENTIFY_SECONDS * min(1.0, GLOBAL_RATE / global_rate) if global_rate else 0.0
        starts.seconds = default if seconds is None else seconds

    async def __aenter__(self) -> Self:
        """Start listening."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gw/", self.gateway.handle)
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._attachment)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        listener = socket.create_server((self.host, self.port))
        await web.SockSite(self._runner, listener).start()
        self.port = listener.getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Hang up on everyone and stop listening."""
        for connection in list(self.gateway.connections):
            await connection.close(1001)
        if self._runner:
            await self._runner.cleanup()

    async def connected(self, patience: float = 10, *, shards: int = 1) -> None:
        """Wait (in real time) until so many shards have identified; TimeoutError if they do not."""
        await asyncio.wait_for(self.gateway.until_connected(shards), patience)

    # --- every request passes here ---------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = request.rel_url.raw_path
        path = raw.removeprefix(PREFIX) if raw.startswith(PREFIX + "/") else raw
        call = Call(self, request.method, path, query=request.query)
        if self.invalid.shut_out(self.clock.now()):
            self._record(call, HTTPStatus.TOO_MANY_REQUESTS)
            return _cloudflare()
        fault = self.faults.strike(call.method, path)
        if fault and (response := await self._before(fault, request, call)):
            return response
        status, answer, headers = await self._answer(request, call)
        code = answer.get("code") if status >= HTTPStatus.BAD_REQUEST and isinstance(answer, dict) else None
        self._record(call, status, code)
        if status in INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self.invalid.note(self.clock.now())
        if fault and fault.drop == "after":
            return _hang_up(request)
        if fault and fault.after and fault.status:
            return self._refusal(fault)
        return _response(status, answer, headers)

    def _record(self, call: Call, status: int, code: int | None = None) -> None:
        self.requests.append(Recorded(call.method, call.path, call.body, status, self.clock.now(), code))

    async def _before(self, fault: Fault, request: web.Request, call: Call) -> web.StreamResponse | None:
        """What a fault does before the work: wait, hang up, or refuse; None: go on."""
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            self._record(call, 0)
            return _hang_up(request)
        if fault.status and not fault.after:
            await read(request, call)
            self._record(call, fault.status, fault.code)
            return self._refusal(fault)
        return None

    def _refusal(self, fault: Fault) -> web.Response:
        status = fault.status or 500
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            return _response(status, {"message": fault.message or "scripted fault", "code": fault.code}, {})
        if fault.cloudflare:
            return _cloudflare()
        return _too_many(fault.retry_after, fault.scope)

    async def _answer(self, request: web.Request, call: Call) -> tuple[int, Any, dict[str, str]]:
        """Find the route, ask every gatekeeper, do the work."""
        try:
            await read(request, call)
            route = self.routes.find(call)
            if route is None:
                self.violations.append(f"{call.method} {call.path}: unknown route")
                raise ApiError(404, 0, "404: Not Found")
            self._admit(request, call, route)
            status, answer = route.handler(call)
        except TooMany as refusal:
            return refusal.status, refusal.body(), _standing(call.standing) | _refusal(refusal)
        except ApiError as refusal:
            return refusal.status, refusal.body(), _standing(call.standing)
        except (KeyError, TypeError, ValueError) as error:
            # The body has a shape that no rule caught: Discord would not take it either.
            self.violations.append(f"{call.method} {call.path}: {error!r}")
            return 400, invalid(repr(error)).body(), _standing(call.standing)
        return status, answer, _standing(call.standing)

    def _admit(self, request: web.Request, call: Call, route: RouteSpec) -> None:
        if not route.token:
            if request.headers.get("Authorization") != f"Bot {self.token}":
                raise ApiError(401, 0, "401: Unauthorized")
            if wait := self.limit.wait():
                raise TooMany(wait, "global")
        call.standing = self.route_limits.take(f"{route.method} {route.path}", call.major)
        if call.standing.wait:
            raise TooMany(call.standing.wait)
        reason = unquote(request.headers.get("X-Audit-Log-Reason", ""))
        wrong = [] if len(reason) <= MAX_REASON else ["the audit log reason may have 512 characters"]
        wrong += self.judge.violations(call.method, call.path, call.body)
        if wrong:
            self.violations += [f"{call.method} {call.path}: {line}" for line in wrong]
            raise invalid(*wrong)

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file in a message."""
        _, channel = self.find_channel(int(request.match_info["channel"]))
        for message in channel.messages.values() if channel else ():
            for file in message.attachments:
                if str(file.id) == request.match_info["file"]:
                    return web.Response(body=file.data, content_type=file.content_type)
        return web.Response(status=404)


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return web.Response(status=500)


def _cloudflare() -> web.Response:
    """What someone gets who is shut out: no JSON, and no word on how long."""
    return web.Response(status=429, text="error code: 1015")


def _standing(standing: Standing | None) -> dict[str, str]:
    """How the bucket of a request stands, as headers; nothing where there is none."""
    if standing is None:
        return {}
    bucket, limit, remaining, reset_after, _ = standing
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
        "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def _refusal(refusal: TooMany) -> dict[str, str]:
    """What a 429 says besides."""
    headers = {"Retry-After": str(ceil(refusal.retry_after)), "X-RateLimit-Scope": refusal.scope}
    return headers | {"X-RateLimit-Global": "true"} if refusal.scope == "global" else headers


def _too_many(retry_after: float, scope: str) -> web.Response:
    """A 429 made on purpose, for a bucket of its own."""
    refusal, standing = TooMany(retry_after, scope), Standing("sandbox", 5, 0, retry_after)
    return _response(429, refusal.body(), _standing(standing) | _refusal(refusal))


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    """The answer on the wire: exactly `application/json`, and no body at all with 204."""
    sent = VIA | headers
    if status == HTTPStatus.NO_CONTENT:
        return web.Response(status=204, headers=sent)
    body = json.dumps(answer, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, headers=sent | {"Content-Type": "application/json"})
