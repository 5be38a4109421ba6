"""A gateway client without a library: sees every frame, and does only what it is told.

It reads all the time, so that it answers a close at once, as any client does.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox import Sandbox

TAIL = b"\x00\x00\xff\xff"


class Raw:
    """One websocket. `events` are the dispatches read so far, `seq` the last number."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []
        self.kinds: list[aiohttp.WSMsgType] = []
        self._inflate = zlib.decompressobj()
        self._arrived: asyncio.Queue[aiohttp.WSMessage] = asyncio.Queue()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        message = None
        while message is None or message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            message = await self.socket.receive()
            self._arrived.put_nowait(message)

    @property
    def seq(self) -> int:
        return int(self.events[-1]["s"])

    @property
    def session(self) -> str:
        return str(self.events[0]["d"]["session_id"])

    def named(self, name: str) -> list[Any]:
        """The data of the events of that name."""
        return [event["d"] for event in self.events if event["t"] == name]

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def frame(self, patience: float = 5) -> dict[str, Any]:
        """The next frame; ConnectionError with the code if the socket was closed instead."""
        message = await asyncio.wait_for(self._arrived.get(), patience)
        self.kinds.append(message.type)
        if message.type is aiohttp.WSMsgType.BINARY:
            assert message.data.endswith(TAIL)
            text = self._inflate.decompress(message.data).decode()
        elif message.type is aiohttp.WSMsgType.TEXT:
            text = message.data
        else:
            raise ConnectionError(self.socket.close_code)
        found: dict[str, Any] = json.loads(text)
        if found["op"] == 0:
            self.events.append(found)
        return found

    async def until(self, name: str) -> Any:
        """Read up to the next event of that name; its data."""
        while (found := await self.frame())["t"] != name:
            pass
        return found["d"]

    async def op(self, number: int) -> Any:
        """Read up to the next frame with that opcode; its data."""
        while (found := await self.frame())["op"] != number:
            pass
        return found["d"]

    async def hang_up(self, code: int) -> None:
        """Close from this side."""
        await self.socket.close(code=code)

    async def code(self) -> int:
        """Read until the socket is closed; the code."""
        try:
            while True:
                await self.frame()
        except ConnectionError as end:
            return int(end.args[0])

    async def identify(self, sandbox: Sandbox, shard: tuple[int, int] | None = None, **more: Any) -> Raw:
        """Send IDENTIFY."""
        data: dict[str, Any] = {"token": sandbox.token, "intents": 1, "properties": {}} | more
        await self.send(2, data | {"shard": list(shard)} if shard else data)
        return self

    async def resume(self, sandbox: Sandbox, session: str, seq: int) -> Raw:
        """Send RESUME."""
        await self.send(6, {"token": sandbox.token, "session_id": session, "seq": seq})
        return self


@asynccontextmanager
async def raw(sandbox: Sandbox, compress: str | None = None) -> AsyncIterator[Raw]:
    """Connect and read HELLO."""
    query = "?v=10&encoding=json" + (f"&compress={compress}" if compress else "")
    async with aiohttp.ClientSession() as http, http.ws_connect(sandbox.gateway_url + query) as socket:
        client = Raw(socket)
        assert (await client.frame())["op"] == 10
        try:
            yield client
        finally:
            await socket.close()
            await asyncio.gather(client.reading, return_exceptions=True)


@asynccontextmanager
async def identified(
    sandbox: Sandbox, shard: tuple[int, int] | None = None, compress: str | None = None, **more: Any
) -> AsyncIterator[Raw]:
    """Connect, identify and read READY."""
    async with raw(sandbox, compress) as client:
        await client.identify(sandbox, shard, **more)
        await client.until("READY")
        yield client
