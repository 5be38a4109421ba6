"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats, and events in plain JSON text frames."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox import payloads
from sandbox.model import Json

if TYPE_CHECKING:
    from sandbox.state import State

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | 1 << 8 | MESSAGE_CONTENT
KEPT_EVENTS = 1000
HEARTBEAT_MS = 41250
CLOSE_SECONDS = 0.5  # a killed bot does not answer the close, and nobody should wait for it
HEARTBEAT, IDENTIFY, RESUME = 1, 2, 6
OTHER_OPS = frozenset({3, 4, 8, 31})  # presence, voice, members, soundboard: taken and ignored
MAX_SENDS, MAX_BYTES = 120, 4096


@dataclass(eq=False)
class Session:
    """What outlives a connection: its intents, its events by sequence number, its guilds at READY."""

    id: str
    intents: int
    seq: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    socket: web.WebSocketResponse | None = None
    out: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    shard: tuple[int, int] = (0, 1)

    def push(self, event: str, data: Any) -> None:
        """Number an event, keep it for a resume, and send it if connected."""
        self.seq += 1
        frame = json.dumps({"op": 0, "t": event, "s": self.seq, "d": data})
        self.kept.append((self.seq, frame))
        if self.socket is not None:
            self.out.put_nowait(frame)


class Gateway:
    """All sessions. Only one connection is alive at a time: a new IDENTIFY ends the old one."""

    def __init__(self, world: State, allowed_intents: int) -> None:
        self.world = world
        self.allowed_intents = allowed_intents
        self.sessions: dict[str, Session] = {}
        self.current: Session | None = None
        self.connected = asyncio.Event()
        self.identifies: list[Json] = []
        self.resumes: int = 0
        self.sockets: set[web.WebSocketResponse] = set()

    def emit(self, event: str, data: Any, intents: int = 0) -> None:
        """Send an event to the session, if it asked for any of these intents (0: everyone gets it)."""
        session = self.current
        if session is None or (intents and not session.intents & intents):
            return
        faults = self.world.faults
        twice = faults.duplicate_events or (event == "INTERACTION_CREATE" and faults.duplicate_interactions)
        for _ in range(1 + twice):
            session.push(event, data)

    async def close(self, code: int = 4000, *, forget: bool = False) -> None:
        """Cut the present connection with this close code; `forget` makes the resume fail too."""
        session = self.current
        if session is None:
            return
        if forget:
            self.sessions.pop(session.id, None)
        if session.socket is not None:
            await session.socket.close(code=code)

    async def send_op(self, op: int, data: Any = None) -> None:
        """Send a bare opcode, as 7 (reconnect) or 9 (invalid session)."""
        if self.current and self.current.socket:
            await self.current.socket.send_str(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One websocket connection, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012)
            return socket
        self.sockets.add(socket)
        connection = Connection(self, socket)
        try:
            await connection.run()
        finally:
            self.sockets.discard(socket)
            connection.detach()
        return socket

    def begin(self, identify: Json, socket: web.WebSocketResponse) -> Session:
        """A new session after a good IDENTIFY."""
        self.identifies.append(identify)
        shard = identify.get("shard") or [0, 1]
        session = Session(secrets.token_hex(16), int(identify["intents"]), shard=(shard[0], shard[1]))
        self.sessions[session.id] = session
        self.current, session.socket = session, socket
        self._greet(session)
        self.connected.set()
        return session

    def _greet(self, session: Session) -> None:
        world = self.world
        guilds = world.bot_guilds()
        ready: Json = {
            "v": 10,
            "user": payloads.user_json(world.bot) | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": world.gateway_url,
            "application": {"id": str(world.bot.id), "flags": 0},
            "shard": list(session.shard),
            "session_type": "normal",
            "private_channels": [],
        }
        session.push("READY", ready)
        if session.intents & GUILDS:
            for guild in filter(world.tells, guilds):
                session.push("GUILD_CREATE", payloads.guild_create_json(guild, world.bot))


class Connection:
    """One websocket: reads opcodes, writes the session's frames."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse) -> None:
        self.gateway, self.socket = gateway, socket
        self.session: Session | None = None
        self.writer: asyncio.Task[None] | None = None
        self.sent: deque[float] = deque()

    async def run(self) -> None:
        """Serve until either side closes."""
        await self._send(10, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                await self.socket.close(code=4002)
                break
            code = await self._read(message.data)
            if code:
                await self.socket.close(code=code)
                break

    def detach(self) -> None:
        """The connection is gone; its session waits for a resume."""
        if self.writer:
            self.writer.cancel()
        if self.session and self.session.socket is self.socket:
            self.session.socket = None
            if self.gateway.current is self.session:
                self.gateway.connected.clear()

    async def _send(self, op: int, data: Any = None) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data, "s": None, "t": None}))

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
            await self._send(11)
            return 0
        return await self._operate(op, data)

    async def _operate(self, op: int, data: Any) -> int:
        if op == IDENTIFY:
            return await self._identify(data)
        if op == RESUME:
            return await self._resume(data)
        return (0 if self.session else 4003) if op in OTHER_OPS else 4001

    async def _identify(self, data: Json) -> int:
        if self.session:
            return 4005
        if data.get("token") != self.gateway.world.token:
            return 4004
        intents = int(data["intents"])
        if intents < 0 or intents >> 26:
            return 4013
        if intents & PRIVILEGED & ~self.gateway.allowed_intents:
            return 4014
        old = self.gateway.current
        if old and old.socket:
            await old.socket.close(code=4000)
            old.socket = None
        self.session = self.gateway.begin(data, self.socket)
        self.writer = asyncio.create_task(self._write(self.session))
        return 0

    async def _resume(self, data: Json) -> int:
        gateway = self.gateway
        if data.get("token") != gateway.world.token:
            return 4004
        session = gateway.sessions.get(str(data.get("session_id")))
        first_kept = session.kept[0][0] if session and session.kept else 1
        seq = int(data.get("seq") or 0)
        if session is None or session is not gateway.current or seq + 1 < first_kept or seq > session.seq:
            await self._send(9, False)
            return 0
        gateway.resumes += 1
        self.session, session.socket, session.out = session, self.socket, asyncio.Queue()
        for number, frame in session.kept:
            if number > seq:
                session.out.put_nowait(frame)
        session.push("RESUMED", {"_trace": []})
        self.writer = asyncio.create_task(self._write(session))
        gateway.connected.set()
        return 0

    async def _write(self, session: Session) -> None:
        out = session.out
        with contextlib.suppress(ConnectionError):
            while True:
                await self.socket.send_str(await out.get())
