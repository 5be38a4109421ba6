"""Frames as they go over a gateway socket: plain text, or one compressed stream for the whole connection."""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Protocol

from aiohttp import web

ZLIB, ZSTD = "zlib-stream", "zstd-stream"


class Stream(Protocol):
    """One compression context, flushed at the end of every frame."""

    def frame(self, text: bytes) -> bytes:
        """The frame, so compressed that it can be read at once."""


class ZlibStream:
    """`zlib-stream`: each frame ends with 00 00 ff ff."""

    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def frame(self, text: bytes) -> bytes:
        """One frame."""
        return self._context.compress(text) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """`zstd-stream`, by the libraries discord.py looks for; ImportError where there is none."""

    def __init__(self) -> None:
        try:
            self._context: Any = importlib.import_module("compression.zstd").ZstdCompressor()
            self._block: Any = self._context.FLUSH_BLOCK
        except ImportError:
            library = importlib.import_module("zstandard")
            self._context, self._block = (
                library.ZstdCompressor().compressobj(),
                library.COMPRESSOBJ_FLUSH_BLOCK,
            )

    def frame(self, text: bytes) -> bytes:
        """One frame."""
        head: bytes = self._context.compress(text)
        tail: bytes = self._context.flush(self._block)
        return head + tail


def stream_for(asked: str | None) -> Stream | None:
    """The stream a client asks for; None: plain text, also where zstd is not to be had."""
    if asked == ZLIB:
        return ZlibStream()
    if asked == ZSTD:
        try:
            return ZstdStream()
        except ImportError:
            return None
    return None


class Wire:
    """One socket; what is sent on it keeps its order."""

    def __init__(self, socket: web.WebSocketResponse, asked: str | None) -> None:
        self.socket = socket
        self._stream = stream_for(asked)

    async def send(self, text: str) -> None:
        """Send one frame; compressing and writing are not interrupted by another's."""
        if self._stream is None:
            await self.socket.send_str(text)
        else:
            await self.socket.send_bytes(self._stream.frame(text.encode()))
