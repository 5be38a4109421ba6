"""What outlives a connection to the gateway: a session, the shard it stands for, the events it has had."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.model import Json

if TYPE_CHECKING:
    from sandbox.connection import Connection

KEPT_EVENTS = 1000
LATE_SECONDS = 0.05  # how long an event waits at most for one that overtakes it

Shard = tuple[int, int]

# Events whose own id is the guild's; all others name their guild in `guild_id`, or belong to none.
OF_GUILD = frozenset({"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})


def guild_of(event: str, data: Json) -> int | None:
    """The id of the guild an event belongs to; None for direct messages and the account itself."""
    name = "id" if event in OF_GUILD else "guild_id"
    return int(data[name]) if data.get(name) else None


def carries(shard: Shard, guild_id: int | None) -> bool:
    """Whether that shard is the one for a guild; what belongs to no guild goes to shard 0."""
    number, count = shard
    return (0 if guild_id is None else (guild_id >> 22) % count) == number


@dataclass(eq=False)
class Session:
    """One bot on one shard: its intents, its events by number, its connection while there is one."""

    id: str
    intents: int
    shard: Shard = (0, 1)
    seq: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    connection: Connection | None = None
    late: tuple[str, Any] | None = None

    def push(self, event: str, data: Any) -> None:
        """Number an event, keep it for a resume, and send it if connected."""
        self.seq += 1
        frame = json.dumps({"op": 0, "t": event, "s": self.seq, "d": data})
        self.kept.append((self.seq, frame))
        if self.connection is not None:
            self.connection.out.put_nowait(frame)

    def push_late(self, event: str, data: Any) -> None:
        """Let the next event overtake this one; if none comes, it goes out a moment later."""
        if self.late is not None:
            self.push(event, data)
            self.push_what_is_late()
            return
        self.late = (event, data)
        asyncio.get_running_loop().call_later(LATE_SECONDS, self.push_what_is_late)

    def push_what_is_late(self) -> None:
        """Send the event that was held back, if there is one."""
        if self.late is not None:
            (event, data), self.late = self.late, None
            self.push(event, data)

    def since(self, seq: int) -> list[str] | None:
        """The frames after that sequence number; None if they cannot be known (too old, or never sent)."""
        first_kept = self.kept[0][0] if self.kept else 1
        if seq + 1 < first_kept or seq > self.seq:
            return None
        return [frame for number, frame in self.kept if number > seq]
