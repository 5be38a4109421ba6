"""Days away: told ahead, for ever, taken back; what is asked and what counts meanwhile."""

from datetime import date, timedelta

import pytest

from bot.checkins.away import STRETCHES_MAX, typed_days
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people.tables import Person
from tests.checkins.world import ANA, BEN, DAY, HOUR, THURSDAY_NINE, WEEK, World

MONDAY = date(2026, 1, 5)
THURSDAY = THURSDAY_NINE.date()


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    world = await World(store, clock).begin()
    await world.service.start(ANA, 3, 9)
    return world


async def test_nothing_is_asked_on_days_away_and_the_week_does_not_count(world: World) -> None:
    view = await world.service.away.add(ANA, THURSDAY, THURSDAY + WEEK)
    assert (view.now, view.changed, view.next_at) == (False, True, THURSDAY_NINE + 2 * WEEK)
    for number in range(3):
        await world.turn(THURSDAY_NINE + number * WEEK)
    assert await world.weeks() == [("2026-01-05", "away"), ("2026-01-12", "away"), ("2026-01-19", "open")]
    assert len(await world.prompts()) == 1
    assert (await world.asked_about()).after_away
    assert (await world.service.history(ANA)).rhythm.of == 0


async def test_away_until_somebody_is_back(world: World) -> None:
    view = await world.service.away.add(ANA, MONDAY, None)
    assert (view.now, view.next_at) == (True, None)
    for number in range(3):
        await world.turn(THURSDAY_NINE + number * WEEK)
    assert await world.prompts() == []
    back = await world.service.away.back(1, view.member_id)
    assert (back.now, back.days, back.next_at) == (False, (), THURSDAY_NINE + 3 * WEEK)
    assert not (await world.service.away.back(1, view.member_id)).changed
    await world.turn(THURSDAY_NINE + 3 * WEEK)
    assert len(await world.prompts()) == 1


async def test_who_is_back_early_keeps_what_was_away_and_is_asked_again(world: World) -> None:
    view = await world.service.away.add(ANA, MONDAY, MONDAY + timedelta(days=20))
    await world.turn(THURSDAY_NINE)
    await world.service.away.back(1, view.member_id)
    await world.turn(THURSDAY_NINE + WEEK)
    assert [state for _, state in await world.weeks()] == ["away", "open"]
    assert [one.state for one in (await world.service.history(ANA)).weeks] == ["open", "away"]


async def test_now_opens_the_week_all_the_same_for_who_wants_it(world: World) -> None:
    await world.service.away.add(ANA, MONDAY, None)
    await world.turn(THURSDAY_NINE)
    view = await world.service.now(ANA)
    assert view.closes_at == THURSDAY_NINE + timedelta(hours=48)
    await world.service.submit(1, view.id, ["From the beach"])
    assert (await world.service.history(ANA)).weeks[0].state == "kept"


async def test_an_open_week_that_days_away_reach_into_is_not_reminded_of_and_does_not_count(
    world: World,
) -> None:
    await world.turn(THURSDAY_NINE)
    await world.service.away.add(ANA, THURSDAY + DAY, None)
    await world.turn(THURSDAY_NINE + DAY)
    await world.turn(THURSDAY_NINE + WEEK)
    assert await world.said("checkin.remind") == []
    assert [one.state for one in (await world.service.history(ANA)).weeks] == ["away", "away"]


async def test_stretches_that_touch_become_one_and_the_same_again_changes_nothing(world: World) -> None:
    await world.service.away.add(ANA, THURSDAY, THURSDAY + DAY)
    both = await world.service.away.add(ANA, THURSDAY + 2 * DAY, THURSDAY + WEEK)
    assert [(one.first, one.last) for one in both.days] == [(THURSDAY, THURSDAY + WEEK)]
    again = await world.service.away.add(ANA, THURSDAY, THURSDAY + DAY)
    assert (again.changed, again.days) == (False, both.days)


async def test_a_stretch_ahead_is_taken_back(world: World) -> None:
    view = await world.service.away.add(ANA, THURSDAY, THURSDAY + DAY)
    with pytest.raises(KithError, match="not_yours"):
        await world.service.away.remove(2, view.days[0].id)
    left = await world.service.away.remove(1, view.days[0].id)
    assert (left.days, left.next_at) == ((), THURSDAY_NINE)
    with pytest.raises(KithError, match="away_gone"):
        await world.service.away.remove(1, view.days[0].id)
    with pytest.raises(KithError, match="not_yours"):
        await world.service.away.back(2, view.member_id)


async def test_what_is_over_of_a_stretch_stays_when_it_is_taken_back(world: World) -> None:
    view = await world.service.away.add(ANA, THURSDAY, THURSDAY + 2 * WEEK)
    await world.turn(THURSDAY_NINE + DAY)
    await world.service.away.remove(1, view.days[0].id)
    assert (await world.service.away.show(ANA)).days == ()
    await world.turn(THURSDAY_NINE + WEEK)
    assert [state for _, state in await world.weeks()] == ["away", "open"]
    assert [one.state for one in (await world.service.history(ANA)).weeks] == ["open", "away"]


async def test_days_away_that_are_over_still_excuse_their_week_when_the_rest_is_taken_back(
    world: World,
) -> None:
    await world.turn(THURSDAY_NINE)
    view = await world.service.away.add(ANA, THURSDAY + DAY, THURSDAY + 3 * WEEK)
    await world.turn(THURSDAY_NINE + 4 * DAY)
    await world.service.away.remove(1, view.days[0].id)
    await world.turn(THURSDAY_NINE + WEEK)
    assert [one.state for one in (await world.service.history(ANA)).weeks] == ["open", "away"]


async def test_days_away_are_those_of_the_members_own_zone(world: World) -> None:
    await world.set(Person, zone="Pacific/Kiritimati")
    async with world.store.write() as session:
        await world.service.replan_person(session, 1)
    (due,) = await world.planned()  # Wednesday evening in UTC
    assert due.date() == THURSDAY - DAY
    await world.service.away.add(ANA, THURSDAY, THURSDAY)
    await world.turn(due + HOUR)
    assert [state for _, state in await world.weeks()] == ["away"]


async def test_a_prompt_too_late_on_a_day_away_is_away_and_not_a_gap(world: World) -> None:
    await world.service.away.add(ANA, THURSDAY, THURSDAY)
    await world.turn(THURSDAY_NINE + timedelta(hours=40))
    assert await world.weeks() == [("2026-01-05", "away")]


async def test_moving_the_day_while_away_neither_costs_nor_doubles_a_week(world: World) -> None:
    await world.service.away.add(ANA, MONDAY, MONDAY + timedelta(days=9))
    await world.turn(THURSDAY_NINE)
    await world.service.start(ANA, 5, 18)
    for day in range(20):
        await world.turn(THURSDAY_NINE + timedelta(days=day))
    assert [week for week, _ in await world.weeks()] == ["2026-01-05", "2026-01-12", "2026-01-19"]
    assert [state for _, state in await world.weeks()] == ["away", "open", "open"]


async def test_only_so_many_stretches_are_kept_and_only_for_who_is_asked(world: World) -> None:
    for number in range(STRETCHES_MAX):
        await world.service.away.add(ANA, THURSDAY + number * WEEK, THURSDAY + number * WEEK)
    with pytest.raises(KithError, match="away_many"):
        await world.service.away.add(ANA, THURSDAY + 20 * WEEK, THURSDAY + 20 * WEEK)
    with pytest.raises(KithError, match="checkin_off"):
        await world.service.away.show(BEN)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, None),
        ("today", None, (MONDAY, None)),
        (None, "in 2 weeks", (MONDAY, MONDAY + timedelta(days=14))),
        ("12 May", "20 May", (date(2026, 5, 12), date(2026, 5, 20))),
        ("28 Dec", "3 Jan", (date(2026, 12, 28), date(2027, 1, 3))),
        ("2026-05-12", "2026-05-12", (date(2026, 5, 12), date(2026, 5, 12))),
    ],
)
def test_what_is_typed_is_read(first: str | None, last: str | None, days: object) -> None:
    assert typed_days(first, last, MONDAY) == days


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("someday", None, "away_unclear"),
        (None, "later", "away_unclear"),
        ("2026-01-04", None, "away_past"),
        (None, "2025-12-31", "away_past"),
        ("2026-05-12", "2026-05-11", "away_backwards"),
        (None, "2027-02-01", "away_far"),
        ("2029-01-01", None, "away_far"),
    ],
)
def test_what_makes_no_sense_is_refused(first: str | None, last: str | None, code: str) -> None:
    with pytest.raises(KithError, match=code):
        typed_days(first, last, MONDAY)


async def test_today_is_the_persons_own_day(world: World) -> None:
    await world.set(Person, zone="Pacific/Kiritimati")
    await world.clock.turn_to(THURSDAY_NINE + timedelta(hours=12))
    assert await world.service.away.today(1) == THURSDAY + DAY
    assert await world.service.away.today(99) == THURSDAY


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (MONDAY, date.max, "away_far"),
        (date.max, None, "away_far"),
        (THURSDAY, MONDAY, "away_backwards"),
    ],
)
async def test_days_that_a_client_made_up_are_refused(
    world: World, first: date, last: date | None, code: str
) -> None:
    with pytest.raises(KithError, match=code):
        await world.service.away.add(ANA, first, last)
    assert (await world.service.away.show(ANA)).days == ()
