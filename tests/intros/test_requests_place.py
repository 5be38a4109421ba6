"""A member's own place, on a real database: joining with wishes, a pause, what comes next, history, hooks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.intros.tables import Enrolment, Introduction, Seat
from bot.people.service import Who
from bot.people.tables import Community
from cogs.intros.standing import history_card, next_card
from tests.conftest import MONDAY
from tests.intros.test_service import FIRST_ROUND, WEEK, World, who

DAY = timedelta(days=1)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def next_text(world: World, number: int) -> str:
    return str(next_card(await world.intros.where(who(number))).to_components())


async def row_of(world: World, number: int) -> Enrolment:
    async with world.store.read() as session:
        me = await world.people.find(session, 10, number)
        assert me is not None
        return await session.get_one(Enrolment, me.id)


async def test_wishes_stay_until_they_are_changed(world: World) -> None:
    await world.enrol(1)
    await world.intros.join(who(1), extra=True, seats=2)
    await world.intros.join(who(1))
    view = await world.intros.where(who(1))
    assert (view.extra, view.seats) == (True, 2)
    text = await next_text(world, 1)
    assert "glad to meet one more" in text
    assert "2 roundtables" in text
    await world.intros.join(who(1), extra=False, seats=0)
    view = await world.intros.where(who(1))
    assert (view.extra, view.seats) == (False, 0)
    for seats in (-1, 5):
        with pytest.raises(KithError, match="choice_unknown"):
            await world.intros.join(who(1), seats=seats)


async def test_a_pause_ends_by_itself_on_the_morning_of_that_day(world: World) -> None:
    await world.enrol(1, 2)
    view = await world.intros.pause(who(1), "in 2 weeks")
    assert view.until == datetime(2026, 1, 19, 9, tzinfo=UTC)
    await world.turn(FIRST_ROUND)
    assert await world.messages("intro.card") == []
    assert "I bring you back" in await next_text(world, 1)
    await world.turn(view.until)
    assert (await world.intros.next(who(1))).enrolled
    assert (await world.intros.where(who(1))).paused_until is None
    await world.turn(FIRST_ROUND + 2 * WEEK)
    assert {row.recipient for row in await world.messages("intro.card")} == {1, 2}


async def test_joining_ends_a_pause_early(world: World) -> None:
    await world.enrol(1, 2)
    before = (await row_of(world, 1)).joined_at
    await world.clock.advance(timedelta(minutes=5))
    await world.intros.pause(who(1), "24 Feb")
    assert (await world.intros.join(who(1))).changed
    row = await row_of(world, 1)
    assert (row.state, row.paused_until, row.joined_at) == ("on", None, before)
    await world.turn(FIRST_ROUND)
    assert len(await world.messages("intro.card")) == 2


async def test_a_pause_can_be_moved_and_only_the_last_day_counts(world: World) -> None:
    await world.enrol(1)
    first = await world.intros.pause(who(1), "in 1 week")
    second = await world.intros.pause(who(1), "in 3 weeks")
    await world.turn(first.until)
    assert (await world.intros.where(who(1))).paused_until == second.until
    await world.turn(second.until)
    assert (await world.intros.next(who(1))).enrolled


async def test_who_takes_no_part_cannot_pause_and_no_day_is_refused(world: World) -> None:
    await world.people.set_zone(who(1), "Europe/Lisbon")
    with pytest.raises(KithError, match="not_enrolled"):
        await world.intros.pause(who(1), "in 2 weeks")
    await world.enrol(1)
    with pytest.raises(KithError, match="pause_unclear"):
        await world.intros.pause(who(1), "some day")
    assert (await world.intros.next(who(1))).enrolled


async def test_leaving_from_a_pause_is_leaving(world: World) -> None:
    await world.enrol(1)
    await world.intros.pause(who(1), "in 2 weeks")
    assert (await world.intros.leave(who(1))).changed
    await world.turn(MONDAY + 3 * WEEK)
    assert not (await world.intros.next(who(1))).enrolled
    assert (await world.intros.where(who(1))).paused_until is None


@pytest.mark.parametrize(
    ("others", "words"),
    [(0, "You are the first"), (1, "two of you"), (2, "three of you"), (3, "3 others take part")],
)
async def test_next_says_honestly_how_many_there_are(world: World, others: int, words: str) -> None:
    await world.enrol(*range(1, others + 2))
    assert words in await next_text(world, 1)


async def test_next_says_when_there_is_no_new_face(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    assert "next new face comes when someone joins" in await next_text(world, 1)
    await world.enrol(3)
    assert (await world.intros.where(who(1))).unmet == 1
    await world.intros.avoid(who(1), 3)
    assert (await world.intros.where(who(1))).unmet == 0
    assert (await world.intros.where(who(3))).unmet == 2  # who keeps apart from them is no business of theirs


async def test_next_says_that_one_is_skipped_and_who_was_left_out_is_first(world: World) -> None:
    await world.enrol(1)
    await world.turn(FIRST_ROUND)
    assert "first place" in await next_text(world, 1)
    async with world.store.write() as session:
        await session.execute(update(Enrolment).values(skips=2))
    assert "sit this one out" in await next_text(world, 1)
    async with world.store.write() as session:
        await session.execute(update(Enrolment).values(skips=1))
    assert "sit this one out" not in await next_text(world, 1)


async def test_history_comes_in_pages_of_ten_for_its_owner_alone(world: World) -> None:
    await world.enrol(1, 2)
    async with world.store.write() as session:
        members = [await world.people.find(session, 10, number) for number in (1, 2)]
        for count in range(23):
            made = Introduction(
                community_id=10, form="text", reasons=[], created_at=MONDAY + count * DAY, origin="ask"
            )
            session.add(made)
            await session.flush()
            for member in members:
                assert member is not None
                outcome = "not_a_fit" if count == 22 else None
                session.add(Seat(introduction_id=made.id, member_id=member.id, state="told", outcome=outcome))
    first = await world.intros.history(who(1))
    assert (len(first.past), first.page, first.pages) == (10, 1, 3)
    text = str(history_card(first).to_components())
    assert "noted privately" in text
    assert "Page 1 of 3" in text
    assert "Not a fit" not in text
    last = await world.intros.past_of(1, first.member_id, 3)
    assert [one.created_at for one in last.past] == [MONDAY + count * DAY for count in (2, 1, 0)]
    assert (await world.intros.past_of(1, first.member_id, 99)).page == 3
    with pytest.raises(KithError, match="not_yours"):
        await world.intros.past_of(2, first.member_id, 1)


async def test_what_a_member_says_about_meeting_is_told_to_who_counts_it(world: World) -> None:
    told: list[tuple[object, ...]] = []

    async def met(_session: AsyncSession, me: int, other: int, kind: str, source: str, at: datetime) -> None:
        told.append(("met", me, other, kind, source, at))

    async def unmet(_session: AsyncSession, me: int, source: str) -> None:
        told.append(("unmet", me, source))

    world.intros.on_met.append(met)
    world.intros.on_unmet.append(unmet)
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    seat = next(row.subject for row in await world.messages("intro.card") if row.recipient == 1)
    for outcome in ("not_yet", "met", "met", "not_yet", "did_not_happen"):
        await world.intros.outcome(1, seat, outcome)
    async with world.store.read() as session:
        one, two = await world.people.find(session, 10, 1), await world.people.find(session, 10, 2)
        assert one is not None
        assert two is not None
        assert await world.intros.past_met(session, one.id) == []
    source = f"seat:{seat}"
    assert told == [
        ("met", one.id, two.id, "introduction", source, FIRST_ROUND),
        ("unmet", one.id, source),
    ]
    await world.intros.outcome(1, seat, "met")
    async with world.store.read() as session:
        past = await world.intros.past_met(session, one.id)
        assert await world.intros.past_met(session, two.id) == []
    assert past == [(two.id, "introduction", source, FIRST_ROUND)]


async def test_the_places_of_a_person_are_those_that_still_have_kith(world: World) -> None:
    await world.enrol(1)
    async with world.store.write() as session:
        await world.people.known(session, Who(20, "Map Makers", 1, "Member 1"))
        await world.people.known(session, Who(30, "Gone", 1, "Member 1"))
        gone = select(Community).where(Community.id == 30)
        (await session.scalars(gone)).one().left_at = MONDAY
    assert [(place.id, place.name) for place in await world.intros.places_of(1)] == [
        (20, "Map Makers"),
        (10, "Data Collective"),
    ]
    assert await world.intros.places_of(99) == []
