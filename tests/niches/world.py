"""A community and the niches' use cases on a real database."""

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import Clock
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.niches.service import NicheService
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import AuditEntry, Community

PLACE = 1
MODS = 77


def who(number: int, community_id: int = PLACE) -> Who:
    """The member of that number."""
    return Who(community_id, "Data Collective", number, f"Member {number}")


MIA = who(1)  # the moderator
ANA, BEN = who(11), who(12)


class World:
    """Everything niches stand on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.niches = NicheService(store, clock, self.agenda, self.outbox, self.people)

    async def begin(self, *, mod_channel: int | None = MODS) -> "World":
        await self.people.mine(MIA)
        async with self.store.write() as session:
            await session.execute(update(Community).values(mod_channel_id=mod_channel))
        return self

    async def said(self, kind: str) -> list[tuple[int, str]]:
        """The messages of a kind: to whom, and in which state."""
        query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        async with self.store.read() as session:
            return [(row.recipient, row.state) for row in await session.scalars(query)]

    async def planned(self, kind: str) -> list[AgendaRow]:
        """The work of a kind that waits."""
        query = select(AgendaRow).where(AgendaRow.kind == kind, AgendaRow.state == "waiting")
        async with self.store.read() as session:
            return list(await session.scalars(query.order_by(AgendaRow.id)))

    async def audit(self) -> list[tuple[str, str]]:
        async with self.store.read() as session:
            rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            return [(row.action, row.detail) for row in rows]

    async def view(self, one: Who) -> MemberView:
        async with self.store.read() as session:
            found = await self.people.find(session, one.community_id, one.person_id)
        assert found is not None
        return found

    async def niches_of(self, one: Who) -> Sequence[str]:
        return (await self.view(one)).niches
