"""Tells Discord about the commands, only when they changed since the last start."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol

from discord import app_commands

from bot.core.log import get_logger

log = get_logger(__name__)


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
    tree: app_commands.CommandTree[Any], application_id: int, remembered: Remembered
) -> bool:
    """Replace the global commands if they differ from what was sent last; tell whether they did."""
    key = f"commands:{application_id}"
    now = fingerprint(tree)
    if await remembered.get(key) == now:
        return False
    await tree.sync()
    await remembered.set(key, now)
    log.info("commands.synced", count=len(tree.get_commands()))
    return True
