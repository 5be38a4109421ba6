"""The gateway: every session there is, one for each shard, and which of them hears what."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import payloads
from sandbox.connection import INVALID_SESSION, RECONNECT, Connection, shard_of
from sandbox.model import Guild, Json
from sandbox.session import Session, Shard, carries, guild_of
from sandbox.starts import StartLimit

if TYPE_CHECKING:
    from sandbox.state import State

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | 1 << 8 | MESSAGE_CONTENT
CLOSE_SECONDS = 0.5  # a killed bot does not answer the close, and nobody should wait for it
MAX_GUILDS = 2500  # of one shard
TO_ALL = frozenset({"USER_UPDATE"})


class Gateway:
    """All sessions, each with its connection or waiting for a resume: at most one for a shard.

    An IDENTIFY for a shard that has a session ends that one; `replaced` notes whose connection was cut by it.
    """

    def __init__(self, world: State, allowed_intents: int) -> None:
        self.world = world
        self.allowed_intents = allowed_intents
        self.starts = StartLimit(world.clock)
        self.recommended_shards = 1
        self.max_guilds = MAX_GUILDS
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.replaced: list[Shard] = []
        self.resumes: int = 0
        self.connections: set[Connection] = set()
        self._change = asyncio.Event()

    # --- who is there ----------------------------------------------------------------------------------

    @property
    def current(self) -> Session | None:
        """The session that was started last, of those that have not ended."""
        return next(reversed(self.sessions.values()), None)

    @property
    def shards(self) -> set[Shard]:
        """The shards that are connected now."""
        return {session.shard for session in self.sessions.values() if session.connection}

    def audience(self, guild_id: int | None, intents: int = 0) -> list[Session]:
        """The sessions that hear of a guild (None: of what belongs to none), with any of these intents."""
        return [
            session
            for session in self.sessions.values()
            if carries(session.shard, guild_id) and (not intents or session.intents & intents)
        ]

    async def until_connected(self, shards: int = 1) -> None:
        """Wait until so many shards are connected."""
        while len(self.shards) < shards:
            await self._change.wait()

    def note_change(self) -> None:
        """Tell those who wait for connections that there is one more or less."""
        changed, self._change = self._change, asyncio.Event()
        changed.set()

    # --- telling them ----------------------------------------------------------------------------------

    def emit(self, event: str, data: Any, intents: int = 0) -> None:
        """Send an event to the shard of its guild, if it asked for any of these intents (0: in any case)."""
        everyone = event in TO_ALL
        for session in self.sessions.values() if everyone else self.audience(guild_of(event, data), intents):
            self.emit_to(session, event, data)

    def emit_to(self, session: Session, event: str, data: Any) -> None:
        """Send an event to one session, as often and in the order that the faults in force make of it."""
        faults = self.world.faults
        if faults.loses(event):
            return
        twice = faults.duplicate_events or (event == "INTERACTION_CREATE" and faults.duplicate_interactions)
        for _ in range(1 + twice):
            if faults.out_of_order:
                session.push_late(event, data)
            else:
                session.push_what_is_late()
                session.push(event, data)

    # --- connections -----------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One websocket connection, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012)
            return socket
        connection = Connection(self, socket, request.query.get("compress"))
        self.connections.add(connection)
        try:
            await connection.run(request)
        finally:
            self.connections.discard(connection)
            connection.detach()
        return socket

    def refuses(self, identify: Json) -> int:
        """The close code for an IDENTIFY that Discord does not take, whenever it comes; else 0."""
        if identify.get("token") != self.world.token:
            return 4004
        try:
            shard, intents = shard_of(identify), int(identify["intents"])
        except (KeyError, TypeError, ValueError):
            return self.blame(identify, 4002, "without intents, or in no shape to be read")
        if not 0 <= shard[0] < shard[1]:
            return self.blame(identify, 4010, "there is no such shard")
        if len(self._guilds_of(shard)) > self.max_guilds:
            return self.blame(identify, 4011, f"more than {self.max_guilds} guilds for one shard")
        if intents < 0 or intents >> 26:
            return 4013
        return 4014 if intents & PRIVILEGED & ~self.allowed_intents else 0

    def blame(self, identify: Json, code: int, why: str) -> int:
        """Note a mistaken IDENTIFY among the violations; returns the close code."""
        self.world.violations.append(f"IDENTIFY {identify.get('shard') or [0, 1]}: {why}")
        return code

    def exhausted(self, identify: Json) -> int:
        """All starts of the day are used up: Discord resets the token. Returns the close code."""
        self.world.reset_token()
        return self.blame(identify, 4004, f"more than {self.starts.total} a day: the token was reset")

    async def replace(self, shard: Shard) -> None:
        """End the session that this shard has, and cut its connection."""
        for session in [session for session in self.sessions.values() if session.shard == shard]:
            self.forget(session)
            if connection := session.connection:
                self.replaced.append(shard)
                connection.release()
                await connection.close(4000)

    def forget(self, session: Session) -> None:
        """The session cannot be resumed any more, and hears nothing."""
        self.sessions.pop(session.id, None)

    def begin(self, identify: Json, shard: Shard, connection: Connection) -> Session:
        """A new session after a good IDENTIFY."""
        self.identifies.append(identify)
        session = Session(secrets.token_hex(16), int(identify["intents"]), shard, connection=connection)
        self.sessions[session.id] = session
        self._greet(session)
        return session

    def _guilds_of(self, shard: Shard) -> list[Guild]:
        return [guild for guild in self.world.bot_guilds() if carries(shard, guild.id)]

    def _greet(self, session: Session) -> None:
        world, guilds = self.world, self._guilds_of(session.shard)
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

    # --- trouble on the line, on purpose ---------------------------------------------------------------

    def _on(self, shard: int | None) -> list[tuple[Session, Connection]]:
        """The connected sessions of all shards, or of those with one number."""
        return [
            (session, session.connection)
            for session in self.sessions.values()
            if session.connection and shard in (None, session.shard[0])
        ]

    async def close(self, code: int = 4000, *, forget: bool = False, shard: int | None = None) -> None:
        """Hang up with this code; `forget` makes the resume fail too."""
        for session, connection in self._on(shard):
            if forget:
                self.forget(session)
            await connection.close(code)

    async def reconnect(self, shard: int | None = None) -> None:
        """Ask for a new connection (op 7); the sessions can be resumed on it."""
        for _, connection in self._on(shard):
            await connection.send(RECONNECT)

    async def invalidate(self, *, resumable: bool, shard: int | None = None) -> None:
        """Call the sessions invalid (op 9); those that are not resumable are gone."""
        for session, connection in self._on(shard):
            connection.release()
            if not resumable:
                self.forget(session)
            await connection.send(INVALID_SESSION, resumable)

    def cut(self, shard: int | None = None) -> None:
        """Break the lines, without a word."""
        for session, connection in self._on(shard):
            connection.cut()
            session.connection = None
        self.note_change()
