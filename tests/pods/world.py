"""A community on a database in which some check in and wish for a pod; without Discord."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot.checkins import sharing
from bot.checkins.tables import Checkin, Commitment
from bot.core.agenda import Agenda, AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.outbox import SAID, Outbox, OutboxRow
from bot.core.store import Store
from bot.intros import company
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Person
from bot.pods.service import Outside, PodService
from bot.pods.tables import Pod, PodSeat, PodWish

HERE = 10
FORMING = datetime(2026, 1, 12, 9, tzinfo=UTC)  # the clock starts on the Monday before, at nine
DIGEST = datetime(2026, 1, 18, 18, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
THREAD = 700


def who(person: int) -> Who:
    return Who(HERE, "Data Collective", person, f"Person {person}")


class World:
    """Everything pods stand on; threads are given without Discord."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        outside = Outside(sharing, company.apart, company.went_well)
        self.pods = PodService(store, clock, self.agenda, self.outbox, self.people, outside)
        threads = {"pod.thread": self.thread, "pod.digest": self.digest, "pod.out": self.out}
        self.agenda.register(self.pods.handlers() | threads, self.pods.expired())
        self.place: int | None = THREAD
        self.removed: list[int] = []

    async def thread(self, work: Work) -> None:
        view = await self.pods.terms.thread(work.subject)
        assert view is not None
        self.removed += view.outside
        if view.wanted and self.place is None:
            await self.pods.terms.without_thread(work.subject)
        elif view.wanted and self.place is not None:
            await self.pods.terms.opened(work.subject, self.place + work.subject)

    async def digest(self, work: Work) -> None:
        view = await self.pods.terms.thread(work.subject)
        await self.pods.digests.post(work, view.thread_id if view else None)

    async def out(self, work: Work) -> None:
        assert await self.pods.thread_to_leave(work.key) is not None
        self.removed.append(work.subject)
        await self.pods.taken_out(work.subject)

    async def begin(self) -> World:
        async with self.store.write() as session:
            await self.people.known_community(session, HERE, "Data Collective")
            await session.execute(update(Community).values(started=True))
        return self

    async def member(self, person: int, zone: str = "Europe/Lisbon", *, checks_in: bool = True) -> int:
        """A member with a zone, whose check-ins are on."""
        async with self.store.write() as session:
            member = await self.people.known(session, who(person))
            await session.execute(update(Person).where(Person.id == person).values(zone=zone))
            if checks_in:
                await self.people.consent(session, member.id, "checkins")
            return member.id

    async def wish(self, *people: int) -> dict[int, int]:
        """Members who wish for a pod, by person."""
        members = {person: await self.member(person) for person in people}
        for person, member_id in members.items():
            await self.pods.join(person, member_id)
        return members

    async def turn(self, moment: datetime) -> None:
        """Turn the clock, do what is due, and deliver all that was said by then."""
        await self.clock.turn_to(moment)
        await self.due()

    async def due(self) -> None:
        while await self.agenda.tick():
            pass
        async with self.store.write() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.state == "waiting", OutboxRow.due_at <= self.clock.now())
                .values(state=SAID, channel_id=OutboxRow.recipient, message_id=OutboxRow.id + 5000)
                .execution_options(synchronize_session=False)
            )

    async def seats(self, state: str | None = None) -> dict[int, int]:
        """Seat ids by person: of the latest pod, or in one state anywhere."""
        async with self.store.read() as session:
            query = select(PodSeat)
            if state is None:
                query = query.where(PodSeat.pod_id == await session.scalar(select(func.max(Pod.id))))
            else:
                query = query.where(PodSeat.state == state)
            rows = (await session.scalars(query.order_by(PodSeat.id))).all()
            views = await self.people.views(session, [row.member_id for row in rows])
            return {views[row.member_id].person_id: row.id for row in rows}

    async def answer(self, *people: int, joins: bool = True) -> None:
        """Let people answer the invitation of the latest pod."""
        seats = await self.seats()
        for person in people:
            await self.pods.forming.answer(person, seats[person], joins=joins)

    async def formed(self, *people: int) -> dict[int, int]:
        """A pod of these people that has begun, by their member ids."""
        members = await self.wish(*people)
        await self.turn(FORMING)
        await self.answer(*people)
        await self.due()
        return members

    async def pod(self) -> Pod:
        """The latest pod."""
        async with self.store.read() as session:
            return (await session.scalars(select(Pod).order_by(Pod.id.desc()).limit(1))).one()

    async def wishes(self) -> list[int]:
        """The persons on the list, first in line first."""
        async with self.store.read() as session:
            ids = list(await session.scalars(select(PodWish.member_id).order_by(PodWish.since)))
            views = await self.people.views(session, ids)
            return [views[number].person_id for number in ids]

    async def said(self, kind: str, target: str = "person") -> list[OutboxRow]:
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.target == target)
            return list(await session.scalars(query.order_by(OutboxRow.id)))

    async def told(self, kind: str) -> list[int]:
        """Whom a kind of message was written to."""
        return sorted(row.recipient for row in await self.said(kind))

    async def planned(self, kind: str) -> list[datetime]:
        async with self.store.read() as session:
            query = select(AgendaRow.due_at).where(AgendaRow.kind == kind, AgendaRow.state == "waiting")
            return sorted(await session.scalars(query))

    async def week(
        self,
        member_id: int,
        week: str,
        at: datetime,
        *,
        shared: Collection[str] = (),
        win: str | None = "A lead",
        outcome: str | None = None,
    ) -> int:
        """A week that a member wrote."""
        async with self.store.write() as session:
            row = Checkin(
                member_id=member_id,
                week=week,
                prompted_at=at,
                closes_at=at + 2 * DAY,
                answered_at=at,
                state="answered",
                stuck="pricing",
                win=win,
                shared=list(shared),
            )
            session.add(row)
            await session.flush()
            session.add(
                Commitment(checkin_id=row.id, position=0, text=f"Plan of {member_id}", outcome=outcome)
            )
            return row.id
