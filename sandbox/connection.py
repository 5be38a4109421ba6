"""One websocket to the gateway: HELLO, heartbeats, IDENTIFY, RESUME, and what a mistake in them costs."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox.model import Json
from sandbox.session import Session, Shard
from sandbox.wire import Wire

if TYPE_CHECKING:
    from sandbox.gateway import Gateway

HEARTBEAT_MS = 41250
HEARTBEAT, IDENTIFY, RESUME = 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
OTHER_OPS = frozenset({3, 4, 8, 31})  # presence, voice, members, soundboard: taken and ignored
MAX_SENDS, MAX_BYTES = 120, 4096
ENDED = frozenset({1000, 1001})  # a client that hangs up with one of these will not come back for its session


class Connection:
    """Reads opcodes, writes the session's frames."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse, compress: str | None) -> None:
        self.gateway, self.socket, self.wire = gateway, socket, Wire(socket, compress)
        self.session: Session | None = None
        self.out: asyncio.Queue[str] = asyncio.Queue()
        self.sent: deque[float] = deque()
        self.hung_up = False  # by the sandbox
        self._writer: asyncio.Task[None] | None = None
        self._transport: asyncio.BaseTransport | None = None

    async def run(self, request: web.Request) -> None:
        """Serve until either side closes."""
        self._transport = request.transport
        await self.send(HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                await self.close(4002)
                break
            code = await self._read(message.data)
            if code:
                await self.close(code)
                break

    async def send(self, op: int, data: Any = None) -> None:
        """Send a bare opcode."""
        await self.wire.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def close(self, code: int) -> None:
        """Hang up with this code."""
        self.hung_up = True
        await self.socket.close(code=code)

    def cut(self) -> None:
        """The line breaks: no close, no goodbye."""
        self.hung_up = True
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()

    def release(self) -> None:
        """Take the session off this connection, which stays open; it may identify again."""
        if self._writer:
            self._writer.cancel()
        session, self.session, self._writer = self.session, None, None
        if session and session.connection is self:
            session.connection = None
        self.gateway.note_change()

    def detach(self) -> None:
        """The connection is gone; its session waits for a resume, unless the client has ended it."""
        session = self.session
        self.release()
        ended = not self.hung_up and self.socket.close_code in ENDED
        if ended and session and session.connection is None:
            self.gateway.forget(session)

    async def _read(self, text: str) -> int:
        """Handle one frame; returns the close code if it is a mistake, else 0."""
        now = asyncio.get_running_loop().time()
        self.sent.append(now)
        while self.sent[0] < now - 60:
            self.sent.popleft()
        if len(self.sent) > MAX_SENDS:
            return 4008
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            return 4002
        if len(text.encode()) > MAX_BYTES:
            return 4002
        if op == HEARTBEAT:
            await self.send(HEARTBEAT_ACK)
            return 0
        return await self._operate(op, data)

    async def _operate(self, op: int, data: Any) -> int:
        if op not in (IDENTIFY, RESUME):
            return (0 if self.session else 4003) if op in OTHER_OPS else 4001
        if not isinstance(data, dict):
            return 4002
        return await (self._identify(data) if op == IDENTIFY else self._resume(data))

    async def _identify(self, data: Json) -> int:
        gateway = self.gateway
        if self.session:
            return gateway.blame(data, 4005, "on a connection that has a session already")
        if code := gateway.refuses(data):
            return code
        shard = shard_of(data)
        if gateway.starts.too_soon(shard[0], alone=not gateway.shards):
            gateway.blame(data, 0, f"less than {gateway.starts.seconds:g} s after another of its bucket")
            await self.send(INVALID_SESSION, False)
            return 0
        if not gateway.starts.take():
            return gateway.exhausted(data)
        await gateway.replace(shard)
        self._attach(gateway.begin(data, shard, self))
        return 0

    async def _resume(self, data: Json) -> int:
        gateway = self.gateway
        if self.session:
            return 4005
        if data.get("token") != gateway.world.token:
            return 4004
        session = gateway.sessions.get(str(data.get("session_id")))
        missed = session.since(int(data.get("seq") or 0)) if session else None
        if session is None or missed is None:
            await self.send(INVALID_SESSION, False)
            return 0
        gateway.resumes += 1
        old, session.connection = session.connection, self
        self._attach(session, missed)
        session.push("RESUMED", {"_trace": []})
        if old:
            old.release()
            await old.close(4000)
        return 0

    def _attach(self, session: Session, missed: Iterable[str] = ()) -> None:
        """From now on this is the session's connection; first it hears what it has missed."""
        for frame in missed:
            self.out.put_nowait(frame)
        self.session = session
        self._writer = asyncio.create_task(self._write())
        self.gateway.note_change()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self.wire.send(await self.out.get())


def shard_of(identify: Json) -> Shard:
    """The shard an IDENTIFY asks for; without one it is the only one."""
    number, count = identify.get("shard") or (0, 1)
    return int(number), int(count)
