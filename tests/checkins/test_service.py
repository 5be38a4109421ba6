"""Every use case of check-ins on a real database, with a clock that is turned."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from bot.checkins.views import CheckinView
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people.tables import Community, Person
from tests.checkins.world import ANA, BEN, THURSDAY_NINE, WEEK, World


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


def texts(view: CheckinView) -> Sequence[str]:
    return [one.text for one in view.commitments]


async def test_start_confirms_the_first_prompt_and_records_the_consent(world: World) -> None:
    plan = await world.service.start(ANA, 3, 9)
    assert (plan.next_at, plan.on, plan.changed) == (THURSDAY_NINE, True, True)
    assert await world.planned() == [THURSDAY_NINE]
    assert len(await world.consents()) == 1
    assert (await world.service.welcome(plan.member_id)) is not None


async def test_start_needs_a_zone_first(world: World) -> None:
    await world.set(Person, zone=None)
    with pytest.raises(KithError, match="zone_first"):
        await world.service.start(ANA, 3, 9)
    assert await world.planned() == []


async def test_starting_again_the_same_way_changes_nothing_and_says_so(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    again = await world.service.start(ANA, 3, 9)
    assert not again.changed
    assert await world.planned() == [THURSDAY_NINE]


async def test_a_due_prompt_opens_the_week_writes_one_message_and_plans_the_next(world: World) -> None:
    view = await world.prompted()
    assert view.closes_at == THURSDAY_NINE + timedelta(hours=48)
    assert await world.planned() == [THURSDAY_NINE + WEEK]
    await world.turn(THURSDAY_NINE + timedelta(hours=1))
    assert await world.prompts() == [view.id]


async def test_a_handler_that_fails_at_the_end_leaves_nothing_behind_and_runs_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.service.start(ANA, 3, 9)
    await world.clock.turn_to(THURSDAY_NINE)

    async def broken(*_args: object) -> None:
        raise ConnectionError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr(world.agenda, "settle", broken)
        await world.agenda.tick()
    assert (await world.prompts(), await world.weeks()) == ([], [])
    await world.turn(THURSDAY_NINE + timedelta(hours=1))
    assert len(await world.prompts()) == 1


async def test_moving_to_another_day_after_the_prompt_waits_for_next_week(world: World) -> None:
    await world.prompted()
    moved = await world.service.start(ANA, 5, 18)
    assert moved.next_at == datetime(2026, 1, 17, 18, tzinfo=UTC)
    assert await world.planned() == [moved.next_at]


async def test_moving_to_a_day_that_is_over_keeps_this_week_on_its_old_day(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.clock.turn_to(THURSDAY_NINE - timedelta(days=1))
    moved = await world.service.start(ANA, 0, 9)
    assert (moved.next_at, moved.old_day_kept) == (THURSDAY_NINE, True)
    await world.turn(THURSDAY_NINE)
    assert await world.planned() == [datetime(2026, 1, 12, 9, tzinfo=UTC)]


async def test_a_year_of_prompts_is_one_a_week_at_nine_on_the_wall(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    for week in range(30):
        await world.turn(THURSDAY_NINE + week * WEEK)
    assert len(await world.prompts()) == 30
    assert (await world.planned())[0].hour == 8  # Lisbon's summer


async def test_a_new_zone_moves_the_next_prompt(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.set(Person, zone="America/New_York")
    async with world.store.write() as session:
        await world.service.replan_person(session, ANA.person_id)
    assert await world.planned() == [THURSDAY_NINE + timedelta(hours=5)]


async def test_what_was_written_is_read_back_and_sealed_at_rest(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia", "", "Send offer"], "pricing", "A client!")
    assert (texts(saved), saved.stuck, saved.win, saved.edited) == (
        ["Call Mia", "Send offer"],
        "pricing",
        "A client!",
        False,
    )
    assert saved.next_at == THURSDAY_NINE + WEEK
    async with world.store.read() as session:
        raw = (await session.execute(text("SELECT text FROM commitment"))).scalars().all()
    assert raw
    assert all(b"Mia" not in bytes(one) for one in raw)


async def test_submitting_again_is_an_edit_that_keeps_the_controls_of_what_stays(world: World) -> None:
    view = await world.prompted()
    first = await world.service.submit(1, view.id, ["Call Mia", "Send offer", "Rest"])
    second = await world.service.submit(1, view.id, ["Call Mia", "Send two offers"], "time")
    assert second.edited
    assert texts(second) == ["Call Mia", "Send two offers"]
    assert [one.id for one in second.commitments] == [one.id for one in first.commitments[:2]]


async def test_an_answered_week_is_not_asked_for_any_more(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"])
    assert await world.service.prompt(view.id) is None


async def test_after_the_close_the_next_date_is_told(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["In time"])
    await world.clock.turn_to(view.closes_at)
    with pytest.raises(KithError, match="checkin_closed") as refused:
        await world.service.submit(1, view.id, ["Late"])
    assert refused.value.values == {"next": THURSDAY_NINE + WEEK}
    assert await world.service.prompt(view.id) is None


async def test_nobody_writes_or_stops_for_someone_else(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia"])
    for attempt in (
        world.service.mine(2, view.id),
        world.service.submit(2, view.id, ["Mine now"]),
        world.service.outcome(2, saved.commitments[0].id, "done"),
        world.service.stop_member(2, view.member_id),
    ):
        with pytest.raises(KithError, match="not_yours"):
            await attempt


async def test_next_week_shows_last_weeks_and_carries_over(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia", "Send offer"])
    await world.turn(THURSDAY_NINE + WEEK)
    following = await world.service.prompt((await world.prompts())[-1])
    assert following is not None
    assert [one.text for one in following.before] == ["Call Mia", "Send offer"]
    given = await world.service.outcome(1, saved.commitments[1].id, "carried")
    assert given.changed
    assert given.week is not None
    assert given.week.prefill() == ("Send offer",)


async def test_the_same_outcome_twice_changes_nothing_and_says_so(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia"])
    first = await world.service.outcome(1, saved.commitments[0].id, "done")
    again = await world.service.outcome(1, saved.commitments[0].id, "done")
    assert (first.changed, again.changed, again.commitment.outcome) == (True, False, "done")
    with pytest.raises(KithError, match="checkin_outcome"):
        await world.service.outcome(1, saved.commitments[0].id, "heroic")


async def test_now_opens_this_week_at_once_and_the_prompt_moves_to_the_next(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    view = await world.service.now(ANA)
    assert view.week == "2026-01-05"
    assert await world.planned() == [THURSDAY_NINE + WEEK]
    assert (await world.service.now(ANA)).id == view.id
    await world.turn(THURSDAY_NINE)
    assert await world.prompts() == []


async def test_now_after_the_close_says_when_the_next_one_comes(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["In time"])
    await world.clock.turn_to(view.closes_at)
    with pytest.raises(KithError, match="checkin_closed"):
        await world.service.now(ANA)


async def test_now_without_check_ins_says_how_to_begin(world: World) -> None:
    with pytest.raises(KithError, match="checkin_off"):
        await world.service.now(ANA)


async def test_a_prompt_that_is_far_too_late_is_let_go_and_the_next_one_says_so(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.turn(THURSDAY_NINE + 3 * WEEK + timedelta(hours=40))
    assert await world.prompts() == []
    assert await world.weeks() == [("2026-01-05", "skipped")]
    await world.turn(THURSDAY_NINE + 4 * WEEK)
    view = await world.service.prompt((await world.prompts())[-1])
    assert view is not None
    assert view.after_gap
    assert len(await world.prompts()) == 1


async def test_a_prompt_within_its_grace_is_still_sent(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.turn(THURSDAY_NINE + timedelta(hours=35))
    assert len(await world.prompts()) == 1
    assert await world.planned() == [THURSDAY_NINE + WEEK]


@pytest.mark.parametrize("silent", [{"paused": True}, {"started": False}])
async def test_a_silent_community_sends_nothing_but_keeps_planning(
    world: World, silent: dict[str, bool]
) -> None:
    await world.service.start(ANA, 3, 9)
    await world.set(Community, **silent)
    await world.turn(THURSDAY_NINE)
    assert await world.prompts() == []
    assert await world.planned() == [THURSDAY_NINE + WEEK]
    assert (await world.service.now(ANA)).week == "2026-01-05"


async def test_stop_cancels_what_is_planned_and_withdraws_the_consent(world: World) -> None:
    view = await world.prompted()
    stopped = await world.service.stop(ANA)
    assert (stopped.on, stopped.changed) == (False, True)
    assert (await world.planned(), await world.consents()) == ([], [])
    assert await world.service.prompt(view.id) is None
    again = await world.service.stop_member(1, view.member_id)
    assert not again.changed


async def test_beginning_again_in_the_same_week_does_not_ask_twice(world: World) -> None:
    await world.prompted()
    await world.service.stop(ANA)
    plan = await world.service.start(ANA, 3, 10)
    assert plan.next_at == THURSDAY_NINE + WEEK + timedelta(hours=1)


async def test_a_week_that_was_stopped_and_begun_again_is_still_asked_for(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.service.stop(ANA)
    await world.service.start(ANA, 3, 9)
    await world.turn(THURSDAY_NINE)
    assert len(await world.prompts()) == 1


async def test_stop_for_a_person_leaves_others_alone(world: World) -> None:
    await world.service.start(ANA, 3, 9)
    await world.service.start(BEN, 4, 9)
    async with world.store.write() as session:
        await world.service.stop_person(session, ANA.person_id)
    assert await world.planned() == [THURSDAY_NINE + timedelta(days=1)]
    plan = await world.service.plan(ANA)
    assert plan is not None
    assert not plan.on


async def test_history_counts_written_weeks_and_leaves_out_those_we_skipped(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"])
    await world.turn(THURSDAY_NINE + WEEK)  # never written
    await world.turn(THURSDAY_NINE + 2 * WEEK + timedelta(hours=40))  # too late
    history = await world.service.history(ANA)
    assert (history.rhythm.kept, history.rhythm.of) == (1, 2)
    assert [(week.week, week.state) for week in history.weeks] == [
        ("2026-01-19", "unasked"),
        ("2026-01-12", "missed"),
        ("2026-01-05", "kept"),
    ]
    assert [one.text for one in history.weeks[-1].commitments] == ["Call Mia"]


async def test_a_deleted_member_takes_every_row_along(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"])
    async with world.store.write() as session:
        await session.execute(text("DELETE FROM person WHERE id = 1"))
    async with world.store.read() as session:
        for table in ("checkin_plan", "checkin", "commitment"):
            assert await session.scalar(select(func.count()).select_from(text(table))) == 0
