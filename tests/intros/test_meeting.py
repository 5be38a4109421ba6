"""The use cases of a meeting on a real database: what is planned, passed over, refused and forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import OutboxRow, said
from bot.core.store import Store
from bot.intros.moves import end, moved
from bot.intros.rooms import CLAIM_HOLDS
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Seat
from bot.people.tables import Community
from cogs.intros.meeting_cards import renderers
from tests.intros.test_service import FIRST_ROUND, WEEK, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Pair(World):
    """Two members, 1 and 2, who read each other's card; `seats` are theirs."""

    seats: dict[int, int]

    async def introduce(self) -> "Pair":
        await self.begin()
        await self.enrol(1, 2)
        await self.turn(FIRST_ROUND)
        self.seats = {row.recipient: row.subject for row in await self.messages("intro.card")}
        async with self.store.write() as session:
            await session.execute(update(Seat).values(state="told"))
            await session.execute(update(Community).values(lobby_channel_id=77))
        return self

    async def seat(self, number: int) -> Seat:
        async with self.store.read() as session:
            return await session.get_one(Seat, self.seats[number])

    async def introduction(self) -> Introduction:
        async with self.store.read() as session:
            query = select(Introduction).order_by(Introduction.id).limit(1)
            return (await session.scalars(query)).one()

    async def slots(self) -> tuple[datetime, ...]:
        view = await self.intros.meeting.card(self.seats[1])
        assert view is not None
        return view.slots

    async def waiting(self, kind: str) -> list[str]:
        async with self.store.read() as session:
            query = select(AgendaRow.key).where(AgendaRow.kind == kind, AgendaRow.state == "waiting")
            return sorted(await session.scalars(query))

    async def shown(self, row: OutboxRow) -> bool:
        return await renderers(self.intros)[row.kind](said(row)) is not None


@pytest.fixture
async def pair(store: Store, clock: TurnedClock) -> Pair:
    return await Pair(store, clock).introduce()


async def test_every_introduction_plans_a_nudge_and_the_question(pair: Pair) -> None:
    number = (await pair.introduction()).id
    assert await pair.waiting("intro.nudge") == [f"intro.nudge:{number}"]
    assert await pair.waiting("intro.ask") == [f"intro.ask:{number}"]


async def test_a_pick_moves_the_question_and_plans_one_reminder(pair: Pair) -> None:
    first, second, _third = await pair.slots()
    meeting = pair.intros.meeting
    assert (await meeting.pick(1, pair.seats[1], first)).changed
    assert not (await meeting.pick(2, pair.seats[2], first)).changed
    assert (await meeting.pick(2, pair.seats[2], second)).changed
    stored = await pair.introduction()
    assert (stored.slot_at, stored.slot_turn) == (second, 2)
    assert await pair.waiting("intro.remind") == [f"intro.remind:{stored.id}:2"]
    assert await pair.waiting("intro.ask") == [f"intro.ask:{stored.id}:slot:2"]
    told = await pair.messages("intro.slot")
    assert [await pair.shown(row) for row in told] == [False, False, True, True]
    assert not any(row.budgeted for row in told)


async def test_a_reminder_of_an_earlier_time_is_passed_over_even_when_it_ran(pair: Pair) -> None:
    first, second, _third = await pair.slots()
    await pair.intros.meeting.pick(1, pair.seats[1], first)
    await pair.intros.meeting.pick(1, pair.seats[1], second)
    number = (await pair.introduction()).id
    async with pair.store.write() as session:
        for kind, key in (
            ("intro.remind", f"intro.remind:{number}:1"),
            ("intro.ask", f"intro.ask:{number}:slot:1"),
            ("intro.ask", f"intro.ask:{number}"),
        ):
            await pair.agenda.plan(
                session, kind=kind, key=key, subject=number, community_id=10, due_at=pair.clock.now()
            )
    await pair.turn(first + HOUR)
    assert not await pair.messages("intro.remind")
    assert not await pair.messages("intro.ask")
    await pair.turn(second - HOUR)
    assert len(await pair.messages("intro.remind")) == 2


async def test_a_reminder_after_downtime_is_dropped_once_the_time_has_passed(pair: Pair) -> None:
    first = (await pair.slots())[0]
    await pair.intros.meeting.pick(1, pair.seats[1], first)
    await pair.turn(first + timedelta(minutes=1))
    assert not await pair.messages("intro.remind")


@pytest.mark.parametrize("away", [timedelta(days=-3), timedelta(minutes=7), timedelta(days=40)])
async def test_no_other_moment_can_be_picked(pair: Pair, away: timedelta) -> None:
    first = (await pair.slots())[0]
    with pytest.raises(KithError, match="intro_slot_past"):
        await pair.intros.meeting.pick(1, pair.seats[1], first + away)
    assert (await pair.introduction()).slot_turn == 0


async def test_only_its_owner_uses_a_seat(pair: Pair) -> None:
    meeting, mine, first = pair.intros.meeting, pair.seats[1], (await pair.slots())[0]
    for refused in (
        meeting.pick(2, mine, first),
        meeting.step_up(2, mine),
        meeting.outcome(2, mine, "not_a_fit"),
        meeting.rooms.claim(2, mine),
        meeting.follow.note(2, mine, "x", "week"),
        meeting.follow.remind(2, mine),
        meeting.follow.done(2, mine),
        meeting.follow.later(2, mine),
        meeting.follow.view(2, mine),
    ):
        with pytest.raises(KithError, match="not_yours"):
            await refused
    with pytest.raises(KithError, match="intro_over"):
        await meeting.pick(1, 999, first)
    seat = await pair.seat(1)
    assert (seat.moved_at, seat.outcome, seat.step_up) == (None, None, False)


async def test_a_move_is_remembered_once_and_ends_the_silence(pair: Pair) -> None:
    async with pair.store.write() as session:
        await session.execute(update(Enrolment).values(silent=2))
    await pair.intros.meeting.outcome(1, pair.seats[1], "not_yet")
    at = pair.clock.now()
    await pair.turn(at + DAY)
    async with pair.store.write() as session:
        seat = await session.get_one(Seat, pair.seats[1])
        await moved(session, seat, pair.clock.now())
        rows = (await session.execute(select(Enrolment.member_id, Enrolment.silent))).all()
        silent = {row.member_id: row.silent for row in rows}
        assert silent[seat.member_id] == 0
        assert sorted(silent.values()) == [0, 2]
    assert (await pair.seat(1)).moved_at == at


async def test_the_nudge_waits_for_room_and_is_dropped_once_somebody_moved(pair: Pair) -> None:
    await pair.turn(FIRST_ROUND + 2 * DAY)
    nudges = await pair.messages("intro.nudge")
    assert {row.recipient for row in nudges} == {1, 2}
    assert all(row.budgeted for row in nudges)
    assert await pair.shown(nudges[0])
    await pair.intros.meeting.outcome(2, pair.seats[2], "not_yet")
    assert not await pair.shown(nudges[0])


async def test_a_nudge_goes_only_to_those_who_read_their_card(pair: Pair) -> None:
    async with pair.store.write() as session:
        await session.execute(update(Seat).where(Seat.id == pair.seats[2]).values(state="planned"))
    await pair.turn(FIRST_ROUND + 2 * DAY)
    assert [row.recipient for row in await pair.messages("intro.nudge")] == [1]


async def test_nothing_is_asked_of_who_pauses_but_an_agreed_time_is_kept(pair: Pair) -> None:
    slot = (await pair.slots())[0]
    await pair.intros.meeting.pick(1, pair.seats[1], slot)
    async with pair.store.write() as session:
        mine = select(Seat.member_id).where(Seat.id == pair.seats[2]).scalar_subquery()
        await session.execute(update(Enrolment).where(Enrolment.member_id == mine).values(state="paused"))
    await pair.turn(slot - HOUR)
    assert {row.recipient for row in await pair.messages("intro.remind")} == {1, 2}
    await pair.turn(slot + 2 * HOUR)
    assert {row.recipient for row in await pair.messages("intro.ask")} == {1}


async def test_an_introduction_that_ended_is_asked_nothing(pair: Pair) -> None:
    number = (await pair.introduction()).id
    async with pair.store.write() as session:
        assert await end(session, number, pair.clock.now())
        assert not await end(session, number, pair.clock.now())
    await pair.turn(FIRST_ROUND + WEEK - HOUR)
    assert not await pair.messages("intro.nudge")
    view = await pair.intros.meeting.card(pair.seats[1])
    assert view is not None
    assert view.gone
    with pytest.raises(KithError, match="intro_ended"):
        await pair.intros.meeting.rooms.claim(1, pair.seats[1])


async def test_not_yet_again_is_a_new_answer_only_after_another_question(pair: Pair) -> None:
    meeting, seat = pair.intros.meeting, pair.seats[1]
    assert (await meeting.outcome(1, seat, "not_yet")).changed
    assert not (await meeting.outcome(1, seat, "not_yet")).changed
    await pair.turn(FIRST_ROUND + WEEK)
    assert [row.recipient for row in await pair.messages("intro.again")] == [1]
    assert (await meeting.outcome(1, seat, "not_yet")).changed
    assert not (await meeting.outcome(1, seat, "not_yet")).changed
    assert (await pair.seat(1)).asked == 1


async def test_not_a_fit_keeps_apart_and_ends_what_was_planned(pair: Pair) -> None:
    meeting, seat = pair.intros.meeting, pair.seats[1]
    await meeting.outcome(1, seat, "met")
    await meeting.follow.note(1, seat, "solar", "week")
    await meeting.outcome(1, seat, "not_a_fit")
    assert await pair.waiting("intro.follow") == []
    async with pair.store.read() as session:
        (kept,) = (await session.scalars(select(AvoidedPair))).all()
    assert (kept.low_asked, kept.high_asked) == (True, False)
    await meeting.pick(2, pair.seats[2], (await pair.slots())[0])
    assert [row.recipient for row in await pair.messages("intro.slot")] == [2]


async def test_a_wish_counts_once_and_only_a_double_one_changes_the_form(pair: Pair) -> None:
    meeting = pair.intros.meeting
    assert not (await meeting.step_up(1, pair.seats[1])).agreed
    assert not (await meeting.step_up(1, pair.seats[1])).changed
    theirs = await meeting.card(pair.seats[2])
    assert theirs is not None
    assert (theirs.step_up, theirs.stepped, theirs.form) == (False, False, "text")
    assert not await pair.messages("intro.step")
    assert (await meeting.step_up(2, pair.seats[2])).agreed
    assert (await meeting.step_up(2, pair.seats[2])).agreed
    assert {row.recipient for row in await pair.messages("intro.step")} == {1, 2}
    assert (await pair.introduction()).form == "voice"


@pytest.mark.parametrize(
    ("agreed", "days"), [("no", 14), ("week", 7), ("fortnight", 14), ("month", 30), ("rubbish", 14)]
)
async def test_the_follow_up_comes_when_it_was_agreed(pair: Pair, agreed: str, days: int) -> None:
    follow, seat = pair.intros.meeting.follow, pair.seats[1]
    with pytest.raises(KithError, match="intro_not_met"):
        await follow.note(1, seat, "solar", agreed)
    await pair.intros.meeting.outcome(1, seat, "met")
    at = pair.clock.now()
    view = await follow.note(1, seat, "  solar\n maps ", agreed)
    assert (view.note, view.due_at) == ("solar maps", at + timedelta(days=days))
    await pair.turn(at + timedelta(days=days) - timedelta(minutes=1))
    assert not await pair.messages("intro.follow")
    await pair.turn(at + timedelta(days=days))
    (told,) = await pair.messages("intro.follow")
    assert (told.recipient, told.budgeted) == (1, True)
    assert await pair.shown(told)
    await follow.done(1, seat)
    assert not await pair.shown(told)
    assert (await follow.later(1, seat)).due_at is None


async def test_a_note_is_sealed_and_changing_the_date_leaves_one_follow_up(
    pair: Pair,
) -> None:
    follow, seat = pair.intros.meeting.follow, pair.seats[1]
    await pair.intros.meeting.outcome(1, seat, "met")
    await follow.note(1, seat, "secretly solar", "week")
    await follow.note(1, seat, "secretly solar", "month")
    assert len(await pair.waiting("intro.follow")) == 1
    await pair.turn(FIRST_ROUND + 29 * DAY)
    assert not await pair.messages("intro.follow")
    async with pair.store.read() as session:
        raw = await session.connection()
        row = (await raw.exec_driver_sql(f"SELECT note FROM seat WHERE id = {seat}")).scalar_one()
    assert "solar" not in str(row)


async def test_nobody_is_reminded_of_who_wants_to_be_apart(pair: Pair) -> None:
    await pair.intros.meeting.outcome(1, pair.seats[1], "met")
    await pair.intros.meeting.follow.remind(1, pair.seats[1])
    await pair.intros.meeting.outcome(2, pair.seats[2], "not_a_fit")
    await pair.turn(FIRST_ROUND + 15 * DAY)
    assert not await pair.messages("intro.follow")


async def test_who_asked_to_be_apart_is_promised_no_reminder(pair: Pair) -> None:
    meeting, seat = pair.intros.meeting, pair.seats[1]
    await meeting.outcome(1, seat, "not_a_fit")
    await meeting.outcome(1, seat, "met")
    for view in (await meeting.follow.note(1, seat, "solar", "week"), await meeting.follow.remind(1, seat)):
        assert view.due_at is None
    await meeting.outcome(2, pair.seats[2], "met")
    # What the other asked is not told by a reminder that is missing.
    assert (await meeting.follow.remind(2, pair.seats[2])).due_at is not None
    await pair.turn(FIRST_ROUND + 30 * DAY)
    assert not await pair.messages("intro.follow")


async def test_a_follow_up_that_had_to_be_tried_again_still_comes(pair: Pair) -> None:
    await pair.intros.meeting.outcome(1, pair.seats[1], "met")
    await pair.intros.meeting.follow.remind(1, pair.seats[1])
    say, tries = pair.intros.outbox.say, 0

    async def busy(*args: Any, **more: Any) -> None:
        nonlocal tries
        tries += more["kind"] == "intro.follow"
        if tries == 1:
            raise RuntimeError("the database is busy")
        await say(*args, **more)

    pair.intros.outbox.say = busy  # type: ignore[assignment,method-assign]
    await pair.turn(FIRST_ROUND + 14 * DAY)
    await pair.turn(FIRST_ROUND + 14 * DAY + HOUR)
    assert (tries, len(await pair.messages("intro.follow"))) == (2, 1)


async def test_neither_note_nor_date_plans_nothing(pair: Pair) -> None:
    await pair.intros.meeting.outcome(1, pair.seats[1], "met")
    view = await pair.intros.meeting.follow.note(1, pair.seats[1], " ", "no")
    assert (view.note, view.due_at) == (None, None)
    assert await pair.waiting("intro.follow") == []


async def test_a_room_is_claimed_by_one_and_kept_once(pair: Pair) -> None:
    rooms = pair.intros.meeting.rooms
    mine = await rooms.claim(1, pair.seats[1])
    assert mine.claim is not None
    with pytest.raises(KithError, match="intro_room_opening"):
        await rooms.claim(2, pair.seats[2])
    assert await rooms.opened(mine.introduction_id, mine.claim, 500) == 500
    assert (await rooms.claim(2, pair.seats[2])).room_id == 500


async def test_a_claim_left_behind_is_taken_over_and_a_late_store_changes_nothing(pair: Pair) -> None:
    rooms = pair.intros.meeting.rooms
    dead = await rooms.claim(1, pair.seats[1])
    await pair.clock.turn_to(pair.clock.now() + CLAIM_HOLDS)
    alive = await rooms.claim(2, pair.seats[2])
    assert dead.claim is not None
    assert alive.claim is not None
    assert await rooms.opened(alive.introduction_id, alive.claim, 500) == 500
    assert await rooms.opened(dead.introduction_id, dead.claim, 600) == 500
    await rooms.let_go(dead.introduction_id, dead.claim)
    assert (await rooms.claim(1, pair.seats[1])).room_id == 500
    await rooms.let_go(dead.introduction_id, 500)
    assert (await rooms.claim(1, pair.seats[1])).claim is not None


async def test_a_member_who_is_deleted_leaves_no_work_and_no_message_with_their_name(pair: Pair) -> None:
    meeting = pair.intros.meeting
    await meeting.pick(1, pair.seats[1], (await pair.slots())[0])
    await meeting.outcome(2, pair.seats[2], "met")
    await meeting.follow.note(2, pair.seats[2], "solar", "week")
    for number in (1, 2):
        await meeting.step_up(number, pair.seats[number])
    member = (await pair.seat(1)).member_id
    async with pair.store.write() as session:
        await pair.intros.erase(session, member)
    for kind in ("intro.nudge", "intro.ask", "intro.remind", "intro.follow"):
        assert await pair.waiting(kind) == []
    for kind in ("intro.slot", "intro.step", "intro.card"):
        assert [row for row in await pair.messages(kind) if row.recipient != 1] == []
