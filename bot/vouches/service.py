"""Use cases of vouches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.service import PeopleService

Encounter: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[bool]]


class VouchService:
    """Testimonials of members for each other."""

    def __init__(
        self, store: Store, clock: Clock, outbox: Outbox, people: PeopleService, met: Sequence[Encounter]
    ) -> None:
        """Stand on the core and on people; each of `met` tells whether two members met in one way."""
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.people = people
        self.met = met
