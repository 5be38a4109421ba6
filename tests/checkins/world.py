"""A started community with Ana and Ben in Lisbon, and everything check-ins stand on."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot.checkins.service import CheckinService
from bot.checkins.tables import Checkin
from bot.checkins.views import CheckinView
from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.core.worker import Worker
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Person

ANA = Who(community_id=10, community_name="Data Collective", person_id=1, name="Ana")
BEN = Who(community_id=10, community_name="Data Collective", person_id=2, name="Ben")
THURSDAY_NINE = datetime(2026, 1, 8, 9, tzinfo=UTC)  # the clock starts on the Monday before
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


class World:
    """Turns the clock, and looks at what came of it."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people, self.worker = PeopleService(store, clock), Worker()
        self.service = CheckinService(store, clock, self.agenda, self.outbox, self.people, self.worker)
        self.agenda.register(self.service.handlers(), self.service.expired())

    async def begin(self) -> "World":
        async with self.store.write() as session:
            for who in (ANA, BEN):
                await self.people.known(session, who)
            await session.execute(update(Person).values(zone="Europe/Lisbon"))
            await session.execute(update(Community).values(started=True))
        return self

    async def set(self, table: type, **values: object) -> None:
        async with self.store.write() as session:
            await session.execute(update(table).values(**values))

    async def turn(self, moment: datetime) -> None:
        """Turn the clock and do what is due."""
        await self.clock.turn_to(moment)
        while await self.agenda.tick():
            pass

    async def said(self, kind: str) -> list[OutboxRow]:
        """The messages of a kind, dropped ones too."""
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
            return list(await session.scalars(query))

    async def prompts(self) -> list[int]:
        """The check-ins that a message was written for."""
        return [row.subject for row in await self.said("checkin.prompt")]

    async def asked_about(self) -> CheckinView:
        """What the latest weekly message shows."""
        view = await self.service.prompt((await self.prompts())[-1])
        assert view is not None
        return view

    async def weeks(self) -> list[tuple[str, str]]:
        async with self.store.read() as session:
            found = await session.execute(select(Checkin.week, Checkin.state).order_by(Checkin.week))
            return [(week, state) for week, state in found]

    async def planned(self) -> list[datetime]:
        prompts = select(AgendaRow.due_at).where(AgendaRow.kind == "checkin")
        async with self.store.read() as session:
            return list(await session.scalars(prompts.where(AgendaRow.state == "waiting")))

    async def consents(self) -> list[int]:
        async with self.store.read() as session:
            return await self.people.consented(session, ANA.community_id, "checkins")

    async def prompted(self) -> CheckinView:
        """Ana's first weekly message."""
        await self.service.start(ANA, 3, 9)
        await self.turn(THURSDAY_NINE)
        view = await self.service.prompt((await self.prompts())[-1])
        assert view is not None
        return view
