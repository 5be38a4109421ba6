"""Commitments with a time, on a real database, with a clock that is turned."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins.dated import Dated
from bot.checkins.tables import Checkin, Commitment
from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Member, Person

ANA, BEN = 1, 2
WHO = Who(10, "Data Collective", ANA, "Ana")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY_TWO = datetime(2026, 1, 8, 19, tzinfo=UTC)  # 14:00 in New York; the clock stands at Monday 09:00
AGREED = datetime(2026, 1, 6, 14, tzinfo=UTC)


class World:
    """Ana in New York with one commitment, and the work that dates it."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.dated = Dated(store, clock, self.agenda, self.outbox, self.people, self._slots)
        self.agenda.register(self.dated.handlers())
        self.one = self.member_id = self.week = 0
        self.asked: list[tuple[datetime, datetime]] = []

    async def _slots(
        self, _session: AsyncSession, member_id: int, begin: datetime, end: datetime
    ) -> Sequence[tuple[datetime, str]]:
        self.asked.append((begin, end))
        return [(AGREED + DAY, "Cleo"), (AGREED, "Ben")] if member_id == self.member_id else []

    async def begin(self) -> "World":
        await self.people.set_zone(WHO, "America/New_York")
        now = self.clock.now()
        async with self.store.write() as session:
            member = await self.people.known(session, WHO)
            await self.people.consent(session, member.id, "checkins")
            week = Checkin(member_id=member.id, week="2026-01-05", prompted_at=now, closes_at=now + 2 * DAY)
            session.add(week)
            await session.flush()
            row = Commitment(checkin_id=week.id, position=0, text="Call three clients")
            session.add(row)
            await session.flush()
            self.one, self.member_id, self.week = row.id, member.id, week.id
        return self

    async def turn_to(self, moment: datetime) -> None:
        await self.clock.turn_to(moment)
        while await self.agenda.tick():
            pass

    async def said(self) -> list[str]:
        async with self.store.read() as session:
            return list(await session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id)))

    async def planned(self) -> list[tuple[str, datetime]]:
        query = select(AgendaRow.kind, AgendaRow.due_at).where(AgendaRow.state == "waiting")
        async with self.store.read() as session:
            return [(kind, at) for kind, at in await session.execute(query.order_by(AgendaRow.due_at))]

    async def do(self, statement: Any) -> None:
        async with self.store.write() as session:
            await session.execute(statement)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def test_a_time_is_the_members_own_and_plans_a_reminder_and_a_question(world: World) -> None:
    view = await world.dated.put(ANA, world.one, "Thu", "14:00")
    assert (view.due_at, view.changed) == (THURSDAY_TWO, True)
    assert (view.day, view.hour) == ("2026-01-08", "14:00")
    assert await world.planned() == [
        ("commitment.remind", THURSDAY_TWO - HOUR),
        ("commitment.ask", THURSDAY_TWO + 2 * HOUR),
    ]
    assert await world.dated.times(world.week) == {world.one: THURSDAY_TWO}
    assert (await world.dated.mine(ANA, world.one)).due_at == THURSDAY_TWO


async def test_reminder_and_question_come_once_each_and_free(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.turn_to(THURSDAY_TWO - HOUR - timedelta(minutes=1))
    assert await world.said() == []
    await world.turn_to(THURSDAY_TWO - HOUR)
    assert await world.said() == ["commitment.remind"]
    view = await world.dated.reminder(world.one)
    assert view is not None
    assert (view.text, view.community_name) == ("Call three clients", "Data Collective")
    assert await world.dated.question(world.one) is None
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == ["commitment.remind", "commitment.ask"]
    assert await world.dated.reminder(world.one) is None
    assert await world.dated.question(world.one) is not None
    await world.turn_to(THURSDAY_TWO + 5 * DAY)
    assert len(await world.said()) == 2
    async with world.store.read() as session:
        rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
    assert [row.budgeted for row in rows] == [False, False]
    assert [row.expires_at for row in rows] == [THURSDAY_TWO, THURSDAY_TWO + 26 * HOUR]
    assert {row.recipient for row in rows} == {ANA}


async def test_the_same_time_again_changes_nothing_and_says_so(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    planned = await world.planned()
    assert not (await world.dated.put(ANA, world.one, "2026-01-08", "2pm")).changed
    assert await world.planned() == planned


async def test_a_moved_time_forgets_the_earlier_one(world: World) -> None:
    await world.dated.put(ANA, world.one, "Wed", "14:00")
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.turn_to(THURSDAY_TWO - 2 * HOUR)
    assert await world.said() == []
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 3 * HOUR)
    assert await world.said() == ["commitment.remind", "commitment.ask"]


async def test_work_of_an_earlier_time_that_runs_after_all_says_nothing(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.do(update(Commitment).values(due_at=THURSDAY_TWO + DAY))
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == []


async def test_there_and_back_again_keeps_both_messages(world: World) -> None:
    for day in ("Thu", "Wed", "Thu"):
        await world.dated.put(ANA, world.one, day, "14:00")
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == ["commitment.remind", "commitment.ask"]


async def test_nothing_typed_takes_the_time_away(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    view = await world.dated.put(ANA, world.one, " ", "")
    assert (view.due_at, view.changed, view.day) == (None, True, "")
    assert await world.planned() == []
    assert not (await world.dated.put(ANA, world.one, "", "")).changed


async def test_within_the_hour_there_is_no_reminder(world: World) -> None:
    await world.dated.put(ANA, world.one, "today", "04:30")  # it is 04:00 in New York
    assert [kind for kind, _at in await world.planned()] == ["commitment.ask"]


@pytest.mark.parametrize(
    ("down_until", "said"),
    [
        (THURSDAY_TWO - timedelta(minutes=10), ["commitment.remind"]),
        (THURSDAY_TWO + timedelta(minutes=10), []),
        (THURSDAY_TWO + 25 * HOUR, ["commitment.ask"]),
        (THURSDAY_TWO + 27 * HOUR, []),
        (THURSDAY_TWO + 7 * DAY, []),
    ],
)
async def test_after_downtime_nothing_comes_that_is_no_use_any_more(
    world: World, down_until: datetime, said: list[str]
) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.turn_to(down_until)
    assert await world.said() == said


async def test_with_an_outcome_there_is_nothing_to_remind_of_or_ask(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.do(update(Commitment).values(outcome="done"))
    with pytest.raises(KithError, match="dated_done"):
        await world.dated.put(ANA, world.one, "Fri", "14:00")
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == []
    assert await world.dated.question(world.one) is None


async def test_who_stopped_check_ins_hears_nothing_and_sets_no_time(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    async with world.store.write() as session:
        await world.people.withdraw(session, world.member_id, "checkins")
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == []
    with pytest.raises(KithError, match="checkin_off"):
        await world.dated.mine(ANA, world.one)


async def test_who_stops_after_the_message_was_written_is_not_sent_it(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.turn_to(THURSDAY_TWO - HOUR)
    async with world.store.write() as session:
        await world.people.stop_person(session, ANA)
    assert await world.dated.reminder(world.one) is None


async def test_a_commitment_that_is_gone_leaves_work_that_does_nothing(world: World) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    await world.do(delete(Commitment))
    await world.turn_to(THURSDAY_TWO - HOUR)
    await world.turn_to(THURSDAY_TWO + 2 * HOUR)
    assert await world.said() == []
    with pytest.raises(KithError, match="checkin_gone"):
        await world.dated.mine(ANA, world.one)


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        ("Thu", "", "when_hour"),
        ("", "14:00", "when_day"),
        ("30 Jan", "9", "when_far"),
        ("today", "1", "when_past"),
    ],
)
async def test_a_refused_time_leaves_the_old_one(world: World, day: str, hour: str, code: str) -> None:
    await world.dated.put(ANA, world.one, "Thu", "14:00")
    with pytest.raises(KithError, match=code):
        await world.dated.put(ANA, world.one, day, hour)
    assert (await world.dated.mine(ANA, world.one)).due_at == THURSDAY_TWO
    assert len(await world.planned()) == 2


async def test_only_its_member_may_date_a_commitment(world: World) -> None:
    for use in (world.dated.mine(BEN, world.one), world.dated.put(BEN, world.one, "Thu", "14:00")):
        with pytest.raises(KithError, match="not_yours"):
            await use
    await world.do(update(Member).values(barred_at=world.clock.now()))
    with pytest.raises(KithError, match="barred"):
        await world.dated.mine(ANA, world.one)


async def test_without_a_zone_it_is_asked_for_first(world: World) -> None:
    await world.do(update(Person).values(zone=None))
    with pytest.raises(KithError, match="zone_first"):
        await world.dated.put(ANA, world.one, "Thu", "14:00")


async def test_what_was_agreed_in_introductions_shows_up_in_order(world: World) -> None:
    assert await world.dated.agreed(world.member_id) == ((AGREED, "Ben"), (AGREED + DAY, "Cleo"))
    assert world.asked == [(world.clock.now(), world.clock.now() + 7 * DAY)]
    assert await world.dated.agreed(world.member_id + 1) == ()
