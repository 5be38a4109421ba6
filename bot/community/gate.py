"""One gate for parts that a community leaves out: their commands, their messages, their work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community import modules
from bot.core.agenda import AgendaRow, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError, Postponed
from bot.core.outbox import OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.people.places import places_of
from bot.people.tables import Community

KNOWN_FOR = 30.0
"""Seconds after which another process's change is noticed."""
LOOK_AGAIN = timedelta(hours=6)
OFF = "its part of Kith is off"


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to use: a command, a button or a form; in a DM `community_id` is None.

    `message_id` is the message that was pressed, `chosen` what was chosen in a menu.
    """

    name: str
    person_id: int
    community_id: int | None
    message_id: int | None = None
    chosen: tuple[str, ...] = ()


class Gate:
    """Knows which parts are left out, for a moment by heart: it is asked at every command and message."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Stand on the store."""
        self.store = store
        self.clock = clock
        self._known: dict[int, tuple[float, frozenset[str]]] = {}

    async def off(self, community_id: int) -> frozenset[str]:
        """Return the parts a community leaves out."""
        since, found = self._known.get(community_id, (0.0, None))
        if found is None or self.clock.monotonic() - since > KNOWN_FOR:
            async with self.store.read() as session:
                query = select(Community.modules_off).where(Community.id == community_id)
                found = frozenset(await session.scalar(query) or ())
            self._known[community_id] = (self.clock.monotonic(), found)
        return found

    async def off_for(self, person_id: int, community_id: int | None) -> frozenset[str]:
        """Return the parts that somebody finds left out where they ask: in a DM, everywhere they are."""
        if community_id is not None:
            return await self.off(community_id)
        places = await places_of(self.store, person_id)
        found = [await self.off(place.id) for place in places]
        return frozenset.intersection(*found) if found else frozenset()

    def forget(self, community_id: int) -> None:
        """Look again the next time: it has just changed."""
        self._known.pop(community_id, None)

    async def let_out(self, community_id: int | None, kind: str) -> None:
        """Let a message of this kind be sent; raises Postponed where its part is left out."""
        module = modules.of_message(kind)
        if module is not None and community_id is not None and module in await self.off(community_id):
            raise Postponed(OFF, LOOK_AGAIN)

    async def admit(self, use: Use) -> None:
        """Let somebody through; raises `off_<part>` where that part is left out."""
        module = modules.of_use(use.name)
        if module is None:
            return
        places = [use.community_id] if use.community_id is not None else await self._places(use)
        if places and all([module in await self.off(place) for place in places]):
            raise KithError(f"off_{module}")

    async def _places(self, use: Use) -> list[int]:
        """Return the community a press in a DM is about; all that the person knows where nothing says it."""
        known = [place.id for place in await places_of(self.store, use.person_id)]
        chosen = [place for place in known if str(place) in use.chosen]
        if chosen or use.message_id is None:
            return chosen or known
        query = select(OutboxRow.community_id).where(
            OutboxRow.recipient == use.person_id, OutboxRow.message_id == use.message_id
        )
        async with self.store.read() as session:
            told = await session.scalar(query.limit(1))
        return [told] if told is not None else known

    def guarded(self, kind: str, handler: Handler) -> Handler:
        """Let a handler wait while its part is left out."""
        module = modules.of_work(kind)
        if module is None:
            return handler

        async def wait_or_do(work: Work) -> None:
            if work.community_id is not None and module in await self.off(work.community_id):
                raise Postponed(OFF, LOOK_AGAIN)
            await handler(work)

        return wait_or_do

    async def reopen(self, session: AsyncSession, community_id: int) -> None:
        """Let what waited go on at once; joins the unit of work that turned a part on."""
        for table in (AgendaRow, OutboxRow):
            await session.execute(
                update(table)
                .where(table.community_id == community_id, table.state == WAITING, table.reason == OFF)
                .values(due_at=self.clock.now(), reason=None)
                .execution_options(synchronize_session=False)
            )
