"""What discord.py may not ask for a second time by itself: Discord would make it twice."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Final

import aiohttp

_MAKES: Final = re.compile(r"/(threads|roles|guilds/\d+/channels)$")
_REPEATED: Final = frozenset({500, 502, 504, 524})  # discord.py repeats a request that is answered so


class PerhapsMade(ConnectionError):
    """Discord failed at making something that has no nonce; who asked for it looks whether it is there."""


def once_only() -> aiohttp.TraceConfig:
    """Return the trace that ends a request which would otherwise be repeated."""
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_ended)
    return trace


async def _ended(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    if (
        params.method == "POST"
        and params.response.status in _REPEATED
        and _MAKES.search(params.url.path) is not None
    ):
        raise PerhapsMade(f"{params.response.status} on {params.url.path}")
