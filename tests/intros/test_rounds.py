"""Rounds as they are announced, approved and sent, on both databases, with a clock that is turned."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.intros.matching import match_round
from bot.intros.preview import PreviewView
from bot.people.service import ProfileEdit, Who
from bot.people.tables import Community, Person
from tests.intros.rounds_world import DAY, HOUR, LAST, MODERATORS, Rounds
from tests.intros.test_service import FIRST_ROUND, WEEK, who


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> Rounds:
    world = Rounds(store, clock)
    await world.begin()
    return world


# --- the notice ------------------------------------------------------------------------------------


async def test_the_day_before_everyone_is_told_once_and_may_skip(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    await world.turn(FIRST_ROUND - 25 * HOUR)
    assert await world.messages("intro.notice") == []
    await world.turn(FIRST_ROUND - DAY)
    notices = await world.messages("intro.notice")
    assert [row.recipient for row in notices] == [1, 2, 3]
    assert not any(row.budgeted for row in notices)
    text = await world.text(notices[0]) or ""
    for words in ("Tomorrow: your next introduction", "Data Collective", "Skip this one", "Pause", "Leave"):
        assert words in text
    view = await world.skip(3, 1)
    assert (view.skips, view.following) == (True, LAST)
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == [{1, 2}]
    assert await world.messages("intro.left_out") == []
    assert (await world.round()).report["skipped"] == 1
    await world.turn(LAST)
    assert 3 in await world.told("intro.card") or 3 in await world.told("intro.left_out")


async def test_a_skipper_takes_part_after_all(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.skip(2, 1)
    assert not (await world.skip(2, 1, skips=False)).skips
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == [{1, 2}]


async def test_only_the_member_skips_and_only_a_round_to_come(world: Rounds) -> None:
    await world.enrol(1, 2)
    mine = await world.member(1)
    with pytest.raises(KithError, match="not_yours"):
        await world.rounds.notices.skip(2, mine, 1, skips=True)
    with pytest.raises(KithError, match="round_gone"):
        await world.skip(1, 2)
    await world.turn(FIRST_ROUND)
    with pytest.raises(KithError, match="round_gone"):
        await world.skip(1, 1)
    await world.intros.leave(who(1))
    with pytest.raises(KithError, match="not_enrolled"):
        await world.skip(1, 2)


async def test_a_notice_done_again_after_a_crash_tells_nobody_twice(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND - DAY)
    async with world.store.write() as session:
        key = f"round.notice:10:1:{FIRST_ROUND.date().isoformat()}"
        row = await world.round()
        await world.agenda.plan(
            session, kind="round.notice", key=f"again:{key}", subject=row.id, community_id=10,
            due_at=world.clock.now(),
        )  # fmt: skip
    await world.turn(FIRST_ROUND - 23 * HOUR)
    assert await world.told("intro.notice") == [1, 2]


async def test_after_a_week_of_downtime_the_round_runs_once_and_no_notice_is_sent_late(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    await world.turn(FIRST_ROUND + 8 * DAY)
    assert await world.messages("intro.notice") == []
    assert len(await world.pairs()) == 2
    assert len(await world.messages("intro.card")) == 4
    assert (await world.intros.next(who(1))).next_at == FIRST_ROUND + 2 * WEEK


async def test_a_moved_round_is_announced_for_its_new_day_only(world: Rounds) -> None:
    await world.enrol(1, 2)
    async with world.store.write() as session:
        await session.execute(update(Community).values(round_weekday=3))
        session.expire_all()
        await world.intros.replan_round(session, 10)
    await world.turn(FIRST_ROUND - DAY)
    assert await world.messages("intro.notice") == await world.messages("intro.skipped") == []
    await world.turn(FIRST_ROUND + DAY)
    assert await world.told("intro.notice") == [1, 2]


async def test_a_round_that_moves_after_its_notice_is_announced_again(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND - DAY)
    assert await world.told("intro.notice") == [1, 2]
    async with world.store.write() as session:
        await session.execute(update(Community).values(round_weekday=3))
        session.expire_all()
        await world.intros.replan_round(session, 10)
    await world.turn(FIRST_ROUND + DAY)
    assert await world.told("intro.notice") == [1, 1, 2, 2]
    assert all([await world.text(row) for row in await world.messages("intro.notice")])


# --- holidays --------------------------------------------------------------------------------------


async def test_a_round_on_a_holiday_moves_on_and_members_hear_it_the_day_before(world: Rounds) -> None:
    await world.enrol(1, 2)
    view = await world.rounds.moderating.add_holidays(who(1), "2026-01-06", None)
    assert (view.changed, view.next_at, view.rules.holidays) == (True, LAST, (date(2026, 1, 6),))
    await world.turn(FIRST_ROUND - DAY)
    skipped = await world.messages("intro.skipped")
    assert [row.recipient for row in skipped] == [1, 2]
    text = await world.text(skipped[0]) or ""
    assert "No introductions this week" in text
    assert "2026-01-06" in text
    assert await world.messages("intro.notice") == []
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == []
    await world.turn(LAST - DAY)
    assert await world.told("intro.notice") == [1, 2]
    await world.turn(LAST)
    assert await world.pairs() == [{1, 2}]


async def test_a_holiday_that_is_removed_brings_the_round_back(world: Rounds) -> None:
    moderating = world.rounds.moderating
    await moderating.add_holidays(who(1), "6 Jan", "20 Jan")
    assert (await moderating.coming(who(1))).at == FIRST_ROUND + 3 * WEEK
    assert not (await moderating.add_holidays(who(1), "7 Jan", None)).changed
    view = await moderating.remove_holidays(who(1), "6 Jan", "12 Jan")
    assert view.next_at == FIRST_ROUND
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == [{1, 2}]
    assert (await moderating.coming(who(1))).at == FIRST_ROUND + 3 * WEEK


# --- how often -------------------------------------------------------------------------------------


async def test_rounds_come_as_often_as_moderators_say(world: Rounds) -> None:
    await world.enrol(1, 2)
    moderating = world.rounds.moderating
    assert (await moderating.settings(who(1), weeks=2)).next_at == FIRST_ROUND
    await world.turn(FIRST_ROUND)
    assert (await moderating.settings(who(1))).next_at == FIRST_ROUND + 2 * WEEK
    assert (await moderating.settings(who(1), weeks=4)).next_at == FIRST_ROUND + 4 * WEEK
    async with world.store.write() as session:
        await session.execute(update(Community).values(round_hour=18))
        session.expire_all()
        moved = await world.intros.replan_round(session, 10)
    assert moved == FIRST_ROUND + 4 * WEEK + 8 * HOUR
    with pytest.raises(KithError, match="round_weeks_unknown"):
        await moderating.settings(who(1), weeks=3)


async def test_a_round_run_early_does_not_bring_the_next_one_nearer(world: Rounds) -> None:
    await world.enrol(1, 2)
    coming = await world.rounds.moderating.coming(who(1))
    await world.rounds.moderating.run_now(who(1), coming.round_id)
    await world.rounds.moderating.run_now(who(1), coming.round_id)
    await world.turn(world.clock.now())
    assert await world.pairs() == [{1, 2}]
    assert (await world.rounds.moderating.coming(who(1))).at == LAST
    with pytest.raises(KithError, match="round_gone"):
        await world.rounds.moderating.run_now(who(1), coming.round_id)
    with pytest.raises(KithError, match="round_gone"):
        await world.rounds.previews.page(Who(11, "Elsewhere", 1, "Mia"), coming.round_id)
    (past,) = await world.rounds.moderating.history(who(1))
    assert (past.state, past.report["matched"], past.report["groups"]) == ("done", 2, 1)


# --- approval --------------------------------------------------------------------------------------


async def test_a_round_waits_for_a_moderator_who_sends_it(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    await world.approving()
    await world.turn(FIRST_ROUND)
    assert await world.pairs() == []
    (ready,) = await world.messages("round.ready")
    assert (ready.recipient, ready.target) == (MODERATORS, "channel")
    assert "The round is ready" in (await world.text(ready) or "")
    view = await world.rounds.previews.show(who(1))
    assert (view.ready, view.matched, view.enrolled, len(view.pairs)) == (True, 4, 4, 2)
    await world.turn(FIRST_ROUND + 5 * HOUR)
    assert await world.rounds.previews.send(who(1), view.round_id) == 1
    assert len(await world.messages("intro.card")) == 4
    with pytest.raises(KithError, match="round_busy"):
        await world.rounds.previews.send(who(1), view.round_id)
    await world.turn(FIRST_ROUND + 4 * DAY)
    assert len(await world.messages("round.ready")) == 1
    assert await world.messages("intro.skipped") == []
    assert (await world.rounds.moderating.coming(who(1))).at == LAST


async def test_two_moderators_who_send_at_once_send_one_round(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.approving()
    await world.turn(FIRST_ROUND)
    number = (await world.round()).id
    done = await asyncio.gather(
        *(world.rounds.previews.send(who(one), number) for one in (1, 2)), return_exceptions=True
    )
    assert sorted(str(one) for one in done) == ["1", "round_busy"]
    assert len(await world.messages("intro.card")) == 2


async def test_without_a_yes_it_is_asked_again_and_then_skipped_and_everyone_told(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.approving()
    await world.turn(FIRST_ROUND)
    await world.turn(FIRST_ROUND + DAY)
    assert len(await world.messages("round.ready")) == 2
    await world.turn(FIRST_ROUND + 71 * HOUR)
    assert await world.messages("intro.skipped") == []
    await world.turn(FIRST_ROUND + 72 * HOUR + timedelta(minutes=1))
    assert await world.told("intro.skipped") == [1, 2]
    text = await world.text((await world.messages("intro.skipped"))[0]) or ""
    assert "did not go out" in text
    assert str(int(LAST.timestamp())) in text
    (report,) = await world.messages("round.report")
    assert "it was skipped" in (await world.text(report) or "")
    assert [await world.text(row) for row in await world.messages("round.ready")] == [None, None]
    with pytest.raises(KithError, match="round_not_ready"):
        await world.rounds.previews.send(who(1), (await world.round()).id)
    assert (await world.rounds.moderating.history(who(1)))[0].state == "skipped"


async def test_a_week_of_downtime_while_a_round_waits_is_no_burst(world: Rounds) -> None:
    await world.enrol(1, 2)
    await world.approving()
    await world.turn(FIRST_ROUND)
    await world.turn(FIRST_ROUND + 9 * DAY)
    assert len(await world.messages("round.ready")) == 1
    assert await world.told("intro.skipped") == [1, 2]
    assert (await world.rounds.moderating.coming(who(1))).at == FIRST_ROUND + 2 * WEEK


async def test_who_left_skipped_or_was_kept_apart_while_it_waited_is_not_sent(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    await world.approving()
    await world.turn(FIRST_ROUND)
    view = await world.rounds.previews.show(who(1))
    people = [await world.person(member) for pair in view.pairs for member, _name in pair.members]
    one, two, three, four = people
    await world.intros.avoid(who(one), two)
    await world.skip(three, 1)
    await world.rounds.previews.send(who(1), view.round_id)
    assert await world.pairs() == []
    assert await world.told("intro.left_out") == sorted([one, two, four])


async def test_a_round_in_which_nobody_meets_asks_no_moderator(world: Rounds) -> None:
    await world.enrol(1)
    await world.approving()
    await world.turn(FIRST_ROUND)
    assert await world.messages("round.ready") == []
    assert await world.told("intro.left_out") == [1]
    assert (await world.round()).state == "done"


async def test_a_split_while_another_moderator_matches_again_is_not_lost(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    previews = world.rounds.previews
    shown = await previews.show(who(1))
    parted = tuple(sorted(member for member, _name in shown.pairs[0].members))
    matched, tries = world.rounds.matched, 0

    async def slowly(round_id: int) -> Any:
        nonlocal tries
        tries += 1
        plan = await matched(round_id)
        if tries == 1:
            await previews.split(who(1), round_id, 0, parted)
        return plan

    world.rounds.matched = slowly
    again = await previews.again(who(1), shown.round_id)
    assert tries == 3  # the first, the split's own, and once more for what was split meanwhile
    assert parted not in [tuple(sorted(member for member, _name in pair.members)) for pair in again.pairs]


async def test_approval_needs_a_channel_to_ask_in(world: Rounds) -> None:
    with pytest.raises(KithError, match="approve_needs_channel"):
        await world.rounds.moderating.settings(who(1), approve=True)


# --- previews --------------------------------------------------------------------------------------


def pair_names(view: PreviewView) -> set[frozenset[str]]:
    return {frozenset(name for _member, name in pair.members) for pair in view.pairs}


async def test_a_preview_stores_no_introduction_and_shows_public_reasons(world: Rounds) -> None:
    await world.enrol(1, 2, 3)
    await world.people.edit_profile(
        who(1), ProfileEdit(direction="consultancy", visibility={"niches": "matches"})
    )
    await world.people.edit_profile(who(2), ProfileEdit(direction="consultancy"))
    view = await world.rounds.previews.show(who(1))
    assert (view.enrolled, view.matched, view.left_out, view.ready) == (3, 2, 1, False)
    assert await world.pairs() == []
    for pair in view.pairs:
        hidden = "Member 1" in [name for _member, name in pair.members]
        assert ("niche" in [reason.name for reason in pair.reasons]) is not hidden
        assert pair.private or not hidden
    assert (await world.rounds.moderating.coming(who(1))).state == "planned"


async def test_split_pairs_do_not_meet_and_kept_pairs_do(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    view = await world.rounds.previews.show(who(1))
    first = tuple(member for member, _name in view.pairs[0].members)
    before = pair_names(view)
    view = await world.rounds.previews.split(who(1), view.round_id, 0, first)
    assert not pair_names(view) & before
    kept = tuple(member for member, _name in view.pairs[0].members)
    view = await world.rounds.previews.keep(who(1), view.round_id, 0, kept)
    assert [pair.locked for pair in view.pairs] == [True, False]
    names = pair_names(view)
    with pytest.raises(KithError, match="round_changed"):
        await world.rounds.previews.split(who(1), view.round_id, 0, first)
    await world.turn(FIRST_ROUND)
    assert {frozenset(f"Member {one}" for one in pair) for pair in await world.pairs()} == names
    await world.turn(LAST)
    assert len(await world.pairs()) == 4  # a split is for one round only


async def test_a_kept_pair_that_may_not_meet_any_more_is_let_go_with_a_word(world: Rounds) -> None:
    await world.enrol(1, 2, 3, 4)
    view = await world.rounds.previews.show(who(1))
    kept = tuple(member for member, _name in view.pairs[0].members)
    await world.rounds.previews.keep(who(1), view.round_id, 0, kept)
    await world.intros.avoid(who(await world.person(kept[0])), await world.person(kept[1]))
    view = await world.rounds.previews.again(who(1), view.round_id)
    assert view.dropped
    assert not any(pair.locked for pair in view.pairs)
    assert kept not in [tuple(member for member, _name in pair.members) for pair in view.pairs]
    assert not (await world.rounds.previews.again(who(1), view.round_id)).dropped


async def test_keeping_again_lets_go_and_pages_stay_in_range(world: Rounds) -> None:
    await world.enrol(*range(1, 21))
    view = await world.rounds.previews.show(who(1))
    assert (view.pages, len(view.pairs)) == (2, 8)
    last = await world.rounds.previews.page(who(1), view.round_id, 99)
    assert (last.page, len(last.pairs)) == (1, 2)
    kept = tuple(member for member, _name in last.pairs[0].members)
    assert (await world.rounds.previews.keep(who(1), view.round_id, 1, kept)).pairs[0].locked
    assert not (await world.rounds.previews.keep(who(1), view.round_id, 1, kept)).pairs[0].locked


async def test_a_matching_that_takes_too_long_is_done_in_a_hurry_and_says_so(world: Rounds) -> None:
    class Slow:
        async def run(self, _limit: float, function: Callable[..., Any], /, *args: Any) -> Any:
            if function is match_round:
                raise TimeoutError
            return function(*args)

    world.rounds.worker = Slow()
    await world.enrol(1, 2, 3, 4)
    await world.turn(FIRST_ROUND)
    assert len(await world.pairs()) == 2
    assert (await world.round()).report["fallback"] is True


async def test_a_report_counts_closed_dms_and_repeats(world: Rounds) -> None:
    await world.enrol(1, 2)
    async with world.store.write() as session:
        await session.execute(update(Person).where(Person.id == 2).values(dm_state="closed"))
    await world.turn(FIRST_ROUND)
    await world.turn(LAST)
    first, second = (await world.round()).report, (await world.round(2)).report
    assert (first["repeats"], first["unreachable"]) == (0, 1)
    assert second["repeats"] == 1
