"""Use cases of finding members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService

Reasons = Callable[[MemberView, MemberView], Sequence[Any]]


class FindService:
    """Searches the directory of a community."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        reasons: Reasons,
    ) -> None:
        """Stand on the core and on people; `reasons` says why two members should meet."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.reasons = reasons

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work of this feature."""
        return {}
