"""Pauses, silence, late joiners and rematches, on both databases, with a clock that is turned."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.intros.tables import Introduction
from cogs.intros.standing import next_card
from tests.intros.rounds_world import DAY, HOUR, LAST, Rounds
from tests.intros.test_service import FIRST_ROUND, WEEK, who


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> Rounds:
    world = Rounds(store, clock)
    await world.begin()
    return world


# --- pauses ----------------------------------------------------------------------------------------


async def test_a_pause_ends_by_itself_on_its_morning(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    member = await world.member(3)
    back_at = await world.rounds.pausing.pause_mine(3, member, 2)
    assert back_at == datetime(2026, 1, 19, 9, tzinfo=UTC)
    await world.turn(FIRST_ROUND - DAY)
    assert await world.told("intro.notice") == [1, 2]
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == [{1, 2}]
    await world.turn(back_at)
    (back,) = await world.messages("intro.resumed")
    assert (back.recipient, back.budgeted) == (3, False)
    assert "Welcome back" in (await world.text(back) or "")
    assert (await world.enrolment(3)).state == "on"


async def test_a_pause_that_was_moved_or_ended_by_hand_brings_nobody_back_early(world: Rounds) -> None:
    await world.enrol(1)
    member = await world.member(1)
    await world.rounds.pausing.pause_mine(1, member, 1)
    later = await world.rounds.pausing.pause_mine(1, member, 3)
    await world.turn(FIRST_ROUND + WEEK)
    assert (await world.enrolment(1)).state == "paused"
    async with world.store.write() as session:
        view = await world.people.view(session, member)
        assert await world.rounds.pausing.resume(session, view)
        assert not await world.rounds.pausing.resume(session, view)
    await world.turn(later)
    assert await world.messages("intro.resumed") == []


async def test_a_pause_needs_a_place_and_an_end(world: Rounds) -> None:
    await world.enrol(1)
    view_of = world.people.view
    async with world.store.write() as session:
        me = await view_of(session, await world.member(1))
        for until, code in ((date(2026, 1, 5), "date_past"), (date(2028, 1, 1), "pause_too_long")):
            with pytest.raises(KithError, match=code):
                await world.rounds.pausing.pause(session, me, until)
    await world.intros.leave(who(1))
    with pytest.raises(KithError, match="not_enrolled"):
        await world.rounds.pausing.pause_mine(1, await world.member(1), 1)
    with pytest.raises(KithError, match="not_yours"):
        await world.rounds.pausing.pause_mine(2, await world.member(1), 1)


# --- silence ---------------------------------------------------------------------------------------


async def silent(world: Rounds, rounds: int = 4) -> None:
    """Rounds in which nobody does anything."""
    for number in range(rounds):
        await world.turn(FIRST_ROUND + number * WEEK)
        await world.arrive()


async def test_three_introductions_without_a_move_are_asked_about_once(world: Rounds) -> None:
    await world.enrol(1, 2)
    await silent(world)
    assert await world.told("intro.silent") == [1, 2]
    (question, _other) = await world.messages("intro.silent")
    assert question.budgeted
    assert "Do introductions still suit you?" in (await world.text(question) or "")
    assert len(await world.pairs()) == 3
    await silent(world, 6)
    assert len(await world.messages("intro.silent")) == 2
    assert len(await world.pairs()) == 3
    assert await world.messages("intro.left_out") == []
    for number in (1, 2):
        await world.rounds.silence.stay(number, await world.member(number))
    assert await world.text(question) is None
    await world.turn(FIRST_ROUND + 6 * WEEK)
    assert len(await world.pairs()) == 4


async def test_an_introduction_counts_once_though_the_rounds_after_it_are_skipped(world: Rounds) -> None:
    await world.enrol(1, 2)
    await silent(world, 2)
    await world.approving()  # and nobody ever sends
    for number in range(2, 6):
        await world.turn(FIRST_ROUND + number * WEEK)
        await world.turn(FIRST_ROUND + number * WEEK + 4 * DAY)
    assert len(await world.pairs()) == 2
    assert (await world.enrolment(1)).silent == 2
    assert await world.messages("intro.silent") == []


async def test_who_fell_silent_reads_why_nothing_comes_and_joins_again_at_once(
    world: Rounds,
) -> None:
    await world.enrol(1, 2)
    await silent(world)
    view = await world.intros.where(who(1))
    assert view.asked
    shown = str(next_card(view).to_components())
    assert "until you tell me" in shown
    assert "round.stay" in shown
    assert (await world.intros.join(who(1))).changed
    assert not (await world.intros.where(who(1))).asked
    assert (await world.enrolment(1)).silent == 0


async def test_later_is_a_pause_of_four_weeks(world: Rounds) -> None:
    await world.enrol(1, 2)
    await silent(world)
    back_at = await world.rounds.silence.later(1, await world.member(1))
    await world.turn(back_at - HOUR)
    assert (await world.enrolment(1)).state == "paused"
    await world.turn(back_at)
    row = await world.enrolment(1)
    assert (row.state, row.silent) == ("on", 0)
    with pytest.raises(KithError, match="not_yours"):
        await world.rounds.silence.stay(1, await world.member(2))


async def test_any_move_starts_anew(world: Rounds) -> None:
    await world.enrol(1, 2)
    await silent(world, 3)
    assert (await world.enrolment(1)).silent == 2
    card = next(row for row in await world.messages("intro.card") if row.recipient == 1)
    await world.intros.outcome(1, card.subject, "not_yet")
    await world.turn(FIRST_ROUND + 3 * WEEK)
    assert await world.told("intro.silent") == [2]


# --- late joiners and rematches --------------------------------------------------------------------


async def test_a_late_joiner_meets_who_was_left_out(world: Rounds) -> None:
    await world.enrol(1)
    await world.turn(FIRST_ROUND)
    assert await world.told("intro.left_out") == [1]
    await world.turn(FIRST_ROUND + DAY)
    await world.enrol(2)
    await world.turn(FIRST_ROUND + DAY)
    assert await world.pairs() == [{1, 2}]
    async with world.store.read() as session:
        made = (await session.scalars(select(Introduction))).one()
    assert (made.origin, made.round_id) == ("late", (await world.round()).id)
    assert (await world.enrolment(1)).waited == 0
    await world.intros.leave(who(2))
    await world.turn(LAST)


async def test_a_late_joiner_meets_a_volunteer_once_a_round(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    await world.set_enrolment(1, extra=True)
    await world.turn(FIRST_ROUND + DAY)
    await world.enrol(3, 4)
    await world.turn(FIRST_ROUND + DAY)
    late = (await world.pairs())[1:]
    assert len(late) == 1
    assert 1 in late[0]


async def test_with_a_round_near_or_nobody_free_a_newcomer_waits(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    await world.enrol(3)
    await world.turn(FIRST_ROUND + HOUR)
    await world.set_enrolment(1, extra=True)
    await world.turn(LAST - 12 * HOUR)
    await world.enrol(4)
    await world.turn(LAST - 11 * HOUR)
    assert await world.pairs() == [{1, 2}]


async def test_coming_back_after_leaving_is_no_way_to_meet_more_people(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    (mine,) = [pair for pair in await world.pairs() if 1 in pair]
    for row in await world.messages("intro.card"):
        await world.intros.outcome(row.recipient, row.subject, "not_yet")
    (other,) = mine - {1}
    await world.set_enrolment(other, extra=True)
    await world.intros.leave(who(1))
    await world.intros.join(who(1))
    await world.turn(FIRST_ROUND + DAY)
    assert len(await world.pairs()) == 2


async def test_when_a_partner_leaves_before_any_move_the_other_is_told_and_matched_again(
    world: Rounds,
) -> None:
    await world.enrol(1, 2, 3)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    (first,) = await world.pairs()
    gone, stays = sorted(first)
    (waiting,) = {1, 2, 3} - first
    await world.intros.leave(who(gone))
    await world.turn(FIRST_ROUND + HOUR)
    assert await world.told("intro.ended") == [stays]
    assert (await world.pairs())[1:] == [{stays, waiting}]
    card = next(row for row in await world.messages("intro.card") if row.recipient == stays)
    assert "Meet" not in (await world.text(card) or "")


async def test_when_nobody_is_free_the_other_comes_first_next_time(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    await world.intros.leave(who(1))
    await world.turn(FIRST_ROUND + HOUR)
    assert len(await world.pairs()) == 1
    assert (await world.enrolment(2)).waited == 1


async def test_an_introduction_that_began_is_not_replaced(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    (pair,) = await world.pairs()
    one, two = sorted(pair)
    card = next(row for row in await world.messages("intro.card") if row.recipient == two)
    await world.intros.outcome(two, card.subject, "met")
    await world.intros.leave(who(one))
    await world.turn(FIRST_ROUND + HOUR)
    assert len(await world.pairs()) == 1
    assert await world.messages("intro.ended") == []


async def test_two_newcomers_at_once_do_not_share_one_partner(world: Rounds) -> None:
    await world.enrol(1)
    await world.turn(FIRST_ROUND)
    await world.enrol(2, 3)
    await world.turn(FIRST_ROUND + HOUR)
    met = await world.pairs()
    assert len(met) == 1
    assert 1 in met[0]


async def test_who_pauses_is_told_that_the_other_left_and_is_not_matched_again(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    (pair,) = await world.pairs()
    one, two = sorted(pair)
    await world.rounds.pausing.pause_mine(two, await world.member(two), 2)
    await world.intros.leave(who(one))
    await world.turn(FIRST_ROUND + HOUR)
    (told,) = await world.messages("intro.ended")
    assert told.recipient == two
    assert await world.text(told) is not None
    assert len(await world.pairs()) == 1


async def test_who_fell_silent_is_not_matched_at_once_either(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    (pair,) = await world.pairs()
    one, two = sorted(pair)
    await world.set_enrolment(two, silent=3)
    await world.intros.leave(who(one))
    await world.turn(FIRST_ROUND + HOUR)
    assert len(await world.pairs()) == 1
