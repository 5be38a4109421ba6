"""Use cases of reports and of closing Kith for someone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.service import PeopleService

OnMember: TypeAlias = Callable[[AsyncSession, int], Awaitable[None]]


class SafetyService:
    """Reports to the moderators, and bars."""

    def __init__(
        self, store: Store, clock: Clock, outbox: Outbox, people: PeopleService, ends: Sequence[OnMember]
    ) -> None:
        """Stand on the core and on people; each of `ends` ends one feature for a member."""
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.people = people
        self.ends = ends
