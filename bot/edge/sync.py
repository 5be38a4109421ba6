"""Tells Discord about the commands, only when they changed since the last start."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol

from discord import app_commands

from bot.core.clock import Clock
from bot.core.log import get_logger
from bot.edge.identify import Turns

log = get_logger(__name__)

_SYNC_WITHIN = 60.0  # seconds after which a process that began to sync is taken for dead
_LOOK_EVERY = 1.0


class Remembered(Protocol):
    """Keeps small texts across restarts."""

    async def get(self, key: str) -> str | None:
        """Return what is kept under a key."""

    async def set(self, key: str, value: str) -> None:
        """Keep a text under a key."""


def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """Return a hash of every command as Discord would get it; the order does not matter."""
    commands = sorted(json.dumps(command.to_dict(tree), sort_keys=True) for command in tree.get_commands())
    return hashlib.sha256("\n".join(commands).encode()).hexdigest()


async def sync_if_changed(
    tree: app_commands.CommandTree[Any],
    application_id: int,
    remembered: Remembered,
    clock: Clock,
    turns: Turns | None = None,
) -> bool:
    """Replace the global commands if they differ from what was sent last; tell whether this process did.

    Of several processes that start together one does it, and the others wait until it is done.
    """
    key = f"commands:{application_id}"
    now = fingerprint(tree)
    while await remembered.get(key) != now:
        if turns is not None and (wait := await turns.turn(key, _SYNC_WITHIN)) > 0:
            await clock.sleep(min(wait, _LOOK_EVERY))
            continue
        try:
            await tree.sync()
            await remembered.set(key, now)
        finally:
            if turns is not None:
                await turns.end_turn(key)
        log.info("commands.synced", count=len(tree.get_commands()))
        return True
    return False
