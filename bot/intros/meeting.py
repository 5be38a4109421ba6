"""What happens between an introduction and the note about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.outbox import Outbox, Said
from bot.core.store import Store
from bot.people.service import PeopleService


class Meeting:
    """What happens between an introduction and the note about it."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on what the service stands on."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        return {}

    def delivered(self) -> dict[str, Callable[[AsyncSession, Said], Awaitable[None]]]:
        """Name what is remembered once a message has arrived."""
        return {}
