"""Every use case of the introductions on a real database, with a clock that is turned."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow, said
from bot.core.store import Store
from bot.intros.service import IntroService
from bot.intros.tables import Round, Seat
from bot.niches.service import NicheService
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Person
from cogs.intros.cards import renderers

FIRST_ROUND = datetime(2026, 1, 6, 10, tzinfo=UTC)  # a Tuesday; the clock starts on the Monday before
WEEK = timedelta(days=7)


def who(number: int, name: str = "") -> Who:
    return Who(10, "Data Collective", number, name or f"Member {number}")


class InProcess:
    """A worker that needs no process; the real one has tests of its own."""

    async def run(self, limit: float, function: Callable[..., Any], /, *args: Any) -> Any:
        return function(*args)


class World:
    """A started community and everything the introductions stand on."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.niches = NicheService(store, clock, self.agenda, self.outbox, self.people)
        worker: Any = InProcess()
        self.intros = IntroService(store, clock, self.agenda, self.outbox, self.people, worker)
        self.agenda.register(self.intros.handlers())

    async def begin(self) -> "World":
        async with self.store.write() as session:
            await self.people.known(session, who(1))
            await session.execute(update(Community).values(started=True))
            await self.intros.started(session, 10)
        return self

    async def enrol(self, *numbers: int) -> None:
        for number in numbers:
            await self.people.set_zone(who(number), "Europe/Lisbon")
            await self.niches.join(who(number), "ocr")
            await self.intros.join(who(number))

    async def turn(self, moment: datetime) -> None:
        await self.clock.turn_to(moment)
        while await self.agenda.tick():
            pass

    async def messages(self, kind: str) -> list[OutboxRow]:
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
            return list(await session.scalars(query))

    async def text(self, row: OutboxRow) -> str | None:
        outgoing = await renderers(self.intros)[row.kind](said(row))
        return None if outgoing is None or outgoing.view is None else str(outgoing.view.to_components())


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def test_joining_says_what_is_missing_first(world: World) -> None:
    for expected, step in (
        ("intro_needs_both", world.people.set_zone(who(2), "Europe/Lisbon")),
        ("intro_needs_niche", world.niches.join(who(2), "ocr")),
    ):
        with pytest.raises(KithError, match=expected):
            await world.intros.join(who(2))
        await step
    view = await world.intros.join(who(2))
    assert (view.enrolled, view.changed, view.next_at) == (True, True, FIRST_ROUND)


async def test_joining_twice_welcomes_once(world: World) -> None:
    await world.enrol(1)
    assert not (await world.intros.join(who(1))).changed
    (welcome,) = await world.messages("intro.welcome")
    assert "You are in" in (await world.text(welcome) or "")


async def test_a_round_introduces_two_and_plans_the_next(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    cards = await world.messages("intro.card")
    assert {row.recipient for row in cards} == {1, 2}
    text = await world.text(cards[0]) or ""
    assert "Meet Member 2" in text
    assert "You share" in text
    assert "Leave introductions" in text
    assert (await world.intros.next(who(1))).next_at == FIRST_ROUND + WEEK


async def test_a_round_that_runs_again_tells_nobody_twice(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    async with world.store.write() as session:
        round_ = (await session.scalars(select(Round).where(Round.number == 1))).one()
        await world.agenda.plan(
            session, kind="round", key="again", subject=round_.id, community_id=10, due_at=FIRST_ROUND
        )
    await world.turn(FIRST_ROUND + timedelta(hours=1))
    assert len(await world.messages("intro.card")) == 2


async def test_the_only_member_is_told_and_the_odd_one_comes_first_next_time(world: World) -> None:
    await world.enrol(1)
    await world.turn(FIRST_ROUND)
    (alone,) = await world.messages("intro.left_out")
    assert "only one taking part" in (await world.text(alone) or "")
    await world.enrol(2, 3)
    await world.turn(FIRST_ROUND)  # who was left out does not wait for the next round when somebody joins
    assert 1 in {row.recipient for row in await world.messages("intro.card")}
    assert (await world.intros.next(who(1))).waited == 0


async def test_a_paused_community_is_not_sent_anything_and_keeps_its_rhythm(world: World) -> None:
    await world.enrol(1, 2)
    async with world.store.write() as session:
        await session.execute(update(Community).values(paused=True))
    await world.turn(FIRST_ROUND)
    assert await world.messages("intro.card") == []
    assert (await world.intros.next(who(1))).next_at == FIRST_ROUND + WEEK


async def test_who_left_or_stopped_is_not_matched(world: World) -> None:
    await world.enrol(1, 2, 3, 4)
    assert (await world.intros.leave(who(3))).changed
    assert not (await world.intros.leave(who(3))).changed
    async with world.store.write() as session:
        await session.execute(update(Person).where(Person.id == 4).values(stopped_at=world.clock.now()))
    await world.turn(FIRST_ROUND)
    assert {row.recipient for row in await world.messages("intro.card")} == {1, 2}


async def test_leaving_before_the_card_arrived_tells_the_other_kindly(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    await world.intros.leave(who(2))
    first, second = await world.messages("intro.card")
    shown = [await world.text(row) for row in (first, second) if row.recipient == 1]
    assert "had to step back" in (shown[0] or "")
    assert [await world.text(row) for row in (first, second) if row.recipient == 2] == [None]
    assert (await world.intros.next(who(1))).waited == 1


async def test_only_the_owner_answers_and_the_same_answer_changes_nothing(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    card = next(row for row in await world.messages("intro.card") if row.recipient == 1)
    with pytest.raises(KithError, match="not_yours"):
        await world.intros.outcome(2, card.subject, "met")
    assert (await world.intros.outcome(1, card.subject, "not_yet")).changed
    assert (await world.intros.outcome(1, card.subject, "met")).changed
    assert not (await world.intros.outcome(1, card.subject, "met")).changed
    assert [past.outcome for past in (await world.intros.history(who(1))).past] == ["met"]


async def test_a_week_later_those_who_have_not_answered_are_asked(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    card = next(row for row in await world.messages("intro.card") if row.recipient == 1)
    await world.intros.outcome(1, card.subject, "met")
    await world.turn(FIRST_ROUND + WEEK)
    (question,) = await world.messages("intro.ask")
    assert question.recipient == 2
    assert "Did you meet Member 1?" in (await world.text(question) or "")


async def test_avoided_pairs_are_never_introduced(world: World) -> None:
    await world.enrol(1, 2)
    await world.intros.avoid(who(2), 1)
    await world.turn(FIRST_ROUND)
    assert await world.messages("intro.card") == []
    assert len(await world.messages("intro.left_out")) == 2


@pytest.mark.parametrize(("both", "met"), [(False, True), (True, False)])
async def test_a_wish_taken_back_leaves_the_others_wish(world: World, both: bool, met: bool) -> None:
    await world.enrol(1, 2)
    kept = await world.intros.avoid(who(2), 1)
    if both:
        await world.intros.avoid(who(1), 2)
    with pytest.raises(KithError, match="not_yours"):
        await world.intros.avoid_no_more(1, kept.member_id, kept.other_id)
    for _twice in range(2):
        await world.intros.avoid_no_more(2, kept.member_id, kept.other_id)
    await world.turn(FIRST_ROUND)
    assert bool(await world.messages("intro.card")) is met


async def test_a_card_that_arrived_is_remembered(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    row = (await world.messages("intro.card"))[0]
    async with world.store.write() as session:
        await world.intros.delivered()["intro.card"](session, said(row))
    async with world.store.read() as session:
        states = list(await session.scalars(select(Seat.state).order_by(Seat.id)))
    assert sorted(states) == ["planned", "told"]


async def test_moving_the_round_day_moves_the_planned_round(world: World) -> None:
    async with world.store.write() as session:
        await session.execute(update(Community).values(round_weekday=3))
        session.expire_all()
        moved = await world.intros.replan_round(session, 10)
    assert moved == FIRST_ROUND + timedelta(days=2)
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    assert await world.messages("intro.card") == []
    await world.turn(moved)
    assert len(await world.messages("intro.card")) == 2
