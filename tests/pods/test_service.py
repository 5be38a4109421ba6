"""Every use case of pods on a real database, with a clock that is turned."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.intros.ties import ask_apart
from bot.people.tables import Community, Member
from bot.pods.tables import PodSeat
from tests.pods.world import DAY, DIGEST, FORMING, HERE, THREAD, WEEK, World, who


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


# --- wishing -------------------------------------------------------------------------------------------


async def test_joining_needs_a_zone_and_check_ins(world: World) -> None:
    member = await world.member(1, checks_in=False)
    with pytest.raises(KithError, match="pod_checkins_first"):
        await world.pods.join(1, member)
    await world.member(2, zone=None)  # type: ignore[arg-type]
    with pytest.raises(KithError, match="zone_first"):
        await world.pods.join(2, member + 1)
    with pytest.raises(KithError, match="not_yours"):
        await world.pods.join(2, member)
    assert await world.wishes() == []
    assert await world.planned("pod.form") == []


async def test_joining_puts_on_the_list_agrees_and_plans_the_forming_once(world: World) -> None:
    member = (await world.wish(1))[1]
    again = await world.pods.join(1, member)
    assert (again.state, again.changed, again.forms_at) == ("waiting", False, FORMING)
    await world.wish(2)
    assert await world.planned("pod.form") == [FORMING]
    async with world.store.read() as session:
        assert await world.people.has_consent(session, member, "requests")


async def test_leaving_the_list_and_leaving_nothing(world: World) -> None:
    await world.wish(1)
    assert (await world.pods.leave(who(1))).state == "waiting"
    assert await world.wishes() == []
    with pytest.raises(KithError, match="pod_none"):
        await world.pods.leave(who(1))


# --- forming -------------------------------------------------------------------------------------------


async def test_too_few_wait_and_are_looked_at_again_next_week(world: World) -> None:
    await world.wish(1, 2)
    await world.turn(FORMING)
    assert await world.told("pod.invite") == []
    assert await world.planned("pod.form") == [FORMING + WEEK]
    for person in (1, 2):
        await world.pods.leave(who(person))
    await world.turn(FORMING + WEEK)
    assert await world.planned("pod.form") == []


async def test_three_yes_begin_a_pod(world: World) -> None:
    await world.formed(1, 2, 3)
    pod = await world.pod()
    assert (pod.state, pod.ends_at, pod.thread_id) == ("active", FORMING + 10 * WEEK, THREAD + pod.id)
    assert await world.told("pod.invite") == [1, 2, 3]
    assert await world.wishes() == []
    assert [row.recipient for row in await world.said("pod.welcome", "channel")] == [pod.thread_id]
    assert await world.planned("pod.digest") == [DIGEST]
    mine = await world.pods.mine(who(1))
    assert mine.state == "in"
    assert [person.person_id for person in mine.pod.people] == [1, 2, 3]  # type: ignore[union-attr]


async def test_a_pod_begins_without_who_says_no_and_they_stay_on_the_list(world: World) -> None:
    await world.wish(1, 2, 3, 4)
    await world.turn(FORMING)
    await world.answer(1, joins=False)
    await world.answer(2, 3, 4)
    assert (await world.pod()).state == "active"
    assert await world.wishes() == [1]
    with pytest.raises(KithError, match="pod_invite_over"):
        await world.answer(1)
    await world.answer(2)  # twice: still in


async def test_after_three_days_a_pod_begins_with_those_who_said_yes(world: World) -> None:
    await world.wish(1, 2, 3, 4)
    await world.turn(FORMING)
    await world.answer(1, 2, 3)
    assert (await world.pod()).state == "forming"
    await world.turn(FORMING + 3 * DAY)
    assert (await world.pod()).state == "active"
    assert await world.told("pod.missed") == [4]
    assert await world.wishes() == []


async def test_whom_the_invitation_never_reached_stays_on_the_list_untold(world: World) -> None:
    members = await world.wish(1, 2, 3, 4)
    async with world.store.write() as session:
        for number in range(3):  # their week is used up by others
            await world.outbox.say(
                session,
                kind="other",
                subject=number,
                key=f"other:{number}",
                recipient=4,
                due_at=FORMING + number * DAY,
                budgeted=True,
            )
    await world.turn(FORMING)
    await world.answer(1, 2, 3)
    await world.turn(FORMING + 3 * DAY)
    assert (await world.pod()).state == "active"
    assert await world.told("pod.missed") == []
    assert await world.wishes() == [4]
    async with world.store.read() as session:
        seat = await session.scalar(select(PodSeat).where(PodSeat.member_id == members[4]))
    assert seat is not None
    assert (seat.state, seat.wish) == ("out", None)


async def test_another_pod_sees_nothing_until_its_members_choose_again(world: World) -> None:
    members = await world.wish(1, 2, 3)
    await world.week(members[1], "2026-01-05", FORMING - 2 * DAY, shared=["commitments", "win"])
    await world.turn(FORMING)
    await world.answer(1, 2, 3)
    assert (await world.pods.mine(who(1))).shares == ()
    await world.week(members[1], "2026-01-12", FORMING + DAY)
    await world.turn(DIGEST)
    assert await world.said("pod.digest", "channel") == []


async def test_what_does_not_come_together_puts_the_willing_first(world: World) -> None:
    await world.wish(1, 2, 3)
    await world.turn(FORMING)
    await world.answer(2, 3)
    await world.wish(9)
    await world.turn(FORMING + 3 * DAY)
    assert (await world.pod()).state == "ended"
    assert await world.told("pod.back") == [2, 3]
    assert await world.told("pod.missed") == [1]
    assert set((await world.wishes())[:2]) == {2, 3}
    assert (await world.wishes())[2] == 9


async def test_not_this_one_is_not_asked_the_same_again(world: World) -> None:
    await world.wish(1, 2, 3)
    await world.turn(FORMING)
    await world.answer(1, joins=False)
    assert (await world.pod()).state == "ended"
    await world.turn(FORMING + WEEK)
    assert (await world.told("pod.invite")).count(1) == 1
    await world.wish(4, 5)
    await world.turn(FORMING + 2 * WEEK)
    assert sorted(await world.seats()) == [2, 3, 4, 5]


async def test_who_is_kept_apart_is_never_together(world: World) -> None:
    members = await world.wish(1, 2, 3, 4)
    async with world.store.write() as session:
        await ask_apart(session, members[4], members[2])
    await world.turn(FORMING)
    asked = set(await world.seats())
    assert len(asked) == 3
    assert not {2, 4} <= asked


async def test_people_without_five_hours_in_common_are_not_together(world: World) -> None:
    await world.wish(1, 2)
    async with world.store.write() as session:
        await session.execute(update(Member).values(contact_hours=["mon-morning"]))
    await world.pods.join(3, await world.member(3, "Pacific/Auckland"))
    await world.turn(FORMING)
    assert await world.told("pod.invite") == []
    await world.wish(4)
    await world.turn(FORMING + WEEK)
    assert sorted(await world.seats()) == [1, 2, 4]


async def test_who_stopped_checking_in_or_is_barred_is_not_asked(world: World) -> None:
    members = await world.wish(1, 2, 3, 4, 5)
    async with world.store.write() as session:
        await world.people.withdraw(session, members[1], "checkins")
        barred = update(Member).where(Member.id == members[2]).values(barred_at=FORMING)
        await session.execute(barred)
    await world.turn(FORMING)
    assert sorted(await world.seats()) == [3, 4, 5]


async def test_a_paused_community_forms_nothing(world: World) -> None:
    await world.wish(1, 2, 3)
    async with world.store.write() as session:
        await session.execute(update(Community).values(paused=True))
    await world.turn(FORMING)
    assert await world.told("pod.invite") == []
    assert await world.planned("pod.form") == [FORMING + WEEK]


async def test_downtime_over_the_deadline_gives_the_days_again(world: World) -> None:
    await world.wish(1, 2, 3)
    await world.turn(FORMING)
    await world.turn(FORMING + WEEK)
    assert (await world.pod()).state == "forming"
    assert await world.told("pod.missed") == []
    await world.answer(1, 2, 3)
    assert (await world.pod()).state == "active"


async def test_strangers_cannot_answer(world: World) -> None:
    await world.wish(1, 2, 3)
    await world.turn(FORMING)
    seats = await world.seats()
    with pytest.raises(KithError, match="not_yours"):
        await world.pods.forming.answer(2, seats[1], joins=True)
    with pytest.raises(KithError, match="pod_gone"):
        await world.pods.forming.answer(2, 999, joins=True)


# --- the week ------------------------------------------------------------------------------------------


async def test_the_digest_shows_what_each_chose_and_names_nobody_else(world: World) -> None:
    members = await world.formed(1, 2, 3)
    at = FORMING + DAY
    await world.week(members[1], "2026-01-12", at, shared=["commitments"], outcome="done")
    await world.week(members[2], "2026-01-12", at)
    await world.turn(DIGEST)
    (row,) = await world.said("pod.digest", "channel")
    assert row.recipient == (await world.pod()).thread_id
    digest = await world.pods.digests.of_pod(row.subject, DIGEST)
    assert digest is not None
    (week,) = digest.weeks
    assert (week.name, week.win, week.stuck) == ("Person 1", None, None)
    assert week.commitments == ((f"Plan of {members[1]}", "done"),)
    assert await world.planned("pod.digest") == [DIGEST + WEEK]


async def test_a_week_in_which_nobody_shows_anything_is_left_alone(world: World) -> None:
    members = await world.formed(1, 2, 3)
    await world.week(members[2], "2026-01-12", FORMING + DAY)
    await world.turn(DIGEST)
    assert await world.said("pod.digest", "channel") == []
    assert await world.planned("pod.digest") == [DIGEST + WEEK]


async def test_downtime_of_a_week_lets_the_digest_go_and_never_bursts(world: World) -> None:
    members = await world.formed(1, 2, 3)
    await world.week(members[1], "2026-01-12", FORMING + DAY, shared=["win"])
    await world.turn(DIGEST + 2 * WEEK - DAY)
    assert await world.said("pod.digest", "channel") == []
    assert await world.planned("pod.digest") == [DIGEST + 2 * WEEK]


async def test_without_a_thread_the_start_and_the_digest_come_by_dm(world: World) -> None:
    world.place = None
    members = await world.formed(1, 2, 3)
    assert await world.told("pod.started") == [1, 2, 3]
    await world.week(members[1], "2026-01-12", FORMING + DAY, shared=["win"])
    await world.turn(DIGEST)
    letters = await world.said("pod.letter")
    assert sorted(row.recipient for row in letters) == [1, 2, 3]
    assert all(row.budgeted for row in letters)
    found = await world.pods.digests.of_seat(letters[0].subject, DIGEST)
    assert found is not None
    assert found[0].weeks[0].win == "A lead"


# --- the end of a term ---------------------------------------------------------------------------------

LAST_WEEK = FORMING + 9 * WEEK
END = FORMING + 10 * WEEK


async def choose(world: World, wishes: dict[int, str]) -> None:
    seats = await world.seats()
    for person, wish in wishes.items():
        await world.pods.terms.choose(person, seats[person], wish)


async def test_three_who_renew_go_on_and_the_others_where_they_wish(world: World) -> None:
    await world.formed(1, 2, 3, 4, 5)
    with pytest.raises(KithError, match="pod_term_over"):
        await choose(world, {1: "renew"})
    await world.turn(LAST_WEEK)
    assert await world.told("pod.term") == [1, 2, 3, 4, 5]
    await choose(world, {1: "renew", 2: "renew", 3: "renew", 4: "change"})
    await world.turn(END)
    pod = await world.pod()
    assert (pod.state, pod.ends_at) == ("active", END + 10 * WEEK)
    assert sorted(await world.seats("in")) == [1, 2, 3]
    assert await world.told("pod.over") == [4, 5]
    assert await world.wishes() == [4]
    assert set(world.removed) >= {4, 5}
    assert len(await world.said("pod.welcome", "channel")) == 2
    await world.turn(END + 9 * WEEK)
    assert (await world.told("pod.term")).count(1) == 2


async def test_fewer_than_three_end_the_pod(world: World) -> None:
    await world.formed(1, 2, 3)
    await world.turn(LAST_WEEK)
    await choose(world, {1: "renew", 2: "renew"})
    await world.turn(END)
    assert (await world.pod()).state == "ended"
    assert sorted(await world.wishes()) == [1, 2]
    assert await world.told("pod.over") == [1, 2, 3]
    await world.turn(END + WEEK)
    assert await world.planned("pod.digest") == []


async def test_downtime_over_the_end_still_gives_time_to_choose(world: World) -> None:
    await world.formed(1, 2, 3)
    late = END + DAY
    await world.turn(late)
    assert await world.told("pod.term") == [1, 2, 3]
    assert (await world.pod()).state == "active"
    await choose(world, {1: "renew", 2: "renew", 3: "renew"})
    await world.turn(late + WEEK)
    assert (await world.pod()).state == "active"
    assert await world.told("pod.over") == []


# --- too small -----------------------------------------------------------------------------------------


async def company(world: World, *people: int, wanted: bool = True) -> None:
    seats = await world.seats("in")
    for person in people:
        await world.pods.terms.company(person, seats[person], wanted=wanted)


async def test_a_pod_below_three_is_asked_and_stays_together_with_company(world: World) -> None:
    await world.formed(1, 2, 3)
    await world.pods.leave(who(3))
    await world.due()
    assert await world.told("pod.merge") == [1, 2]
    assert world.removed == [3]
    old = await world.pod()
    await company(world, 1)
    await world.wish(4)
    await world.turn(FORMING + WEEK)
    assert (await world.pod()).id == old.id  # one of the two was not asked for yet
    await company(world, 2)
    await world.turn(FORMING + 2 * WEEK)
    assert sorted(await world.seats()) == [1, 2, 4]
    await world.answer(1, 2, 4)
    await world.due()
    async with world.store.read() as session:
        assert (await session.get_one(type(old), old.id)).state == "ended"
    assert (await world.pod()).state == "active"
    assert (await world.pods.mine(who(1))).pod.id == old.id + 1  # type: ignore[union-attr]


async def test_a_small_pod_goes_on_when_the_company_does_not_come(world: World) -> None:
    await world.formed(1, 2, 3)
    await world.pods.leave(who(3))
    await company(world, 1, 2)
    await world.wish(4)
    await world.turn(FORMING + WEEK)
    await world.answer(4, joins=False)
    mine = await world.pods.mine(who(1))
    assert (mine.state, mine.small) == ("in", True)


async def test_ending_it_leaves_the_other_free(world: World) -> None:
    await world.formed(1, 2, 3)
    await world.pods.leave(who(3))
    await company(world, 1, wanted=False)
    await company(world, 2, wanted=False)
    assert (await world.pod()).state == "ended"
    assert await world.wishes() == []


async def test_a_large_enough_pod_is_not_asked(world: World) -> None:
    await world.formed(1, 2, 3, 4)
    await world.pods.leave(who(4))
    await world.due()
    assert await world.told("pod.merge") == []
    with pytest.raises(KithError, match="pod_enough"):
        await company(world, 1)


# --- going for other reasons ---------------------------------------------------------------------------


async def test_who_stops_is_out_of_everything_and_what_stands_is_shown_again(world: World) -> None:
    members = await world.formed(1, 2, 3, 4)
    await world.week(members[1], "2026-01-12", FORMING + DAY, shared=["win"])
    await world.turn(DIGEST)
    async with world.store.write() as session:
        await world.pods.stop_person(session, 1)
    await world.due()
    assert world.removed == [1]
    assert len(await world.said("pod.digest", "edit")) == 1
    assert len(await world.said("pod.welcome", "edit")) == 1
    (edit,) = await world.said("pod.digest", "edit")
    assert edit.key.split(":")[2] == str(int(DIGEST.timestamp()))
    digest = await world.pods.digests.of_pod(edit.subject, DIGEST)
    assert digest is not None
    assert digest.weeks == ()
    assert (await world.pods.mine(who(1))).state == "none"


async def test_who_is_erased_leaves_the_thread_and_no_trace(world: World) -> None:
    members = await world.formed(1, 2, 3)
    async with world.store.write() as session:
        await world.pods.erase(session, members[1])
        await session.execute(delete(Member).where(Member.id == members[1]))
    assert len(await world.planned("pod.out")) == 1
    await world.due()
    assert set(world.removed) == {1}
    assert await world.planned("pod.out") == []
    assert await world.told("pod.merge") == [2, 3]
    assert len(await world.said("pod.welcome", "edit")) == 1


async def test_an_invitation_goes_on_without_who_is_erased(world: World) -> None:
    members = await world.wish(1, 2, 3, 4)
    await world.turn(FORMING)
    async with world.store.write() as session:
        await world.pods.erase(session, members[4])
        await session.execute(delete(Member).where(Member.id == members[4]))
    edits = {row.subject for row in await world.said("pod.invite", "edit")}
    assert edits == set((await world.seats()).values())  # theirs, and not the one that is gone
    await world.answer(1, 2, 3)
    assert (await world.pod()).state == "active"


# --- the community's digest ----------------------------------------------------------------------------

SUNDAY = DIGEST - WEEK


async def shown(world: World, count: int) -> list[int]:
    """So many members who wrote this week."""
    weeks = []
    for person in range(1, count + 1):
        member = await world.member(person)
        weeks.append(await world.week(member, "2026-01-05", SUNDAY - DAY))
    return weeks


async def test_a_digest_is_off_until_it_is_wanted(world: World) -> None:
    await shown(world, 6)
    await world.turn(SUNDAY + WEEK)
    assert await world.said("community.digest", "channel") == []
    assert (await world.pods.digests.state(who(1))).channel_id is None


async def test_from_five_on_there_are_numbers_and_only_shared_wins(world: World) -> None:
    weeks = await shown(world, 5)
    on = await world.pods.digests.turn_on(who(1), 55)
    assert (on.channel_id, on.next_at, on.changed) == (55, SUNDAY, True)
    assert not (await world.pods.digests.turn_on(who(1), 55)).changed
    win = await world.pods.digests.share_win(2, weeks[1], public=True)
    assert (win.public, win.changed, win.digest) == (True, True, True)
    with pytest.raises(KithError, match="not_yours"):
        await world.pods.digests.share_win(1, weeks[1], public=True)
    await world.turn(SUNDAY)
    (row,) = await world.said("community.digest", "channel")
    assert row.recipient == 55
    digest = await world.pods.digests.of_community(HERE, SUNDAY)
    assert (digest.written, digest.done, digest.pods) == (5, None, 0)
    assert digest.wins == (("Person 2", "A lead"),)
    await world.pods.digests.share_win(2, weeks[1], public=False)
    assert len(await world.said("community.digest", "edit")) == 1
    assert (await world.pods.digests.of_community(HERE, SUNDAY)).wins == ()


async def test_few_check_ins_are_not_counted(world: World) -> None:
    weeks = await shown(world, 4)
    await world.pods.digests.turn_on(who(1), 55)
    await world.turn(SUNDAY)
    assert await world.said("community.digest", "channel") == []
    await world.pods.digests.share_win(1, weeks[0], public=True)
    digest = await world.pods.digests.of_community(HERE, SUNDAY)
    assert (digest.written, digest.pods, len(digest.wins)) == (None, None, 1)


async def test_a_digest_that_is_turned_off_stops(world: World) -> None:
    await shown(world, 6)
    await world.pods.digests.turn_on(who(1), 55)
    assert (await world.pods.digests.turn_off(who(1))).changed
    assert not (await world.pods.digests.turn_off(who(1))).changed
    await world.turn(SUNDAY)
    assert await world.said("community.digest", "channel") == []
    assert await world.planned("community.digest") == []


async def test_the_wins_of_who_stopped_are_shown_no_more(world: World) -> None:
    weeks = await shown(world, 6)
    await world.pods.digests.turn_on(who(1), 55)
    await world.pods.digests.share_win(2, weeks[1], public=True)
    await world.turn(SUNDAY)
    async with world.store.write() as session:
        await world.pods.stop_person(session, 2)
        await world.people.stop_person(session, 2)
    assert len(await world.said("community.digest", "edit")) == 1
    assert (await world.pods.digests.of_community(HERE, SUNDAY)).wins == ()


async def test_my_win_needs_a_win(world: World) -> None:
    member = await world.member(1)
    with pytest.raises(KithError, match="pod_no_win"):
        await world.pods.digests.my_win(who(1))
    await world.week(member, "2026-01-05", SUNDAY - DAY, win=None)
    with pytest.raises(KithError, match="pod_no_win"):
        await world.pods.digests.my_win(who(1))
    later = await world.week(member, "2026-01-12", SUNDAY + timedelta(hours=1))
    seen = await world.pods.digests.my_win(who(1))
    assert (seen.checkin_id, seen.public, seen.digest) == (later, False, False)


async def test_a_win_shared_after_its_digest_is_added_there_and_says_so(world: World) -> None:
    weeks = await shown(world, 6)
    await world.pods.digests.turn_on(who(1), 55)
    before = await world.pods.digests.share_win(1, weeks[0], public=True)
    assert not before.posted
    assert await world.said("community.digest", "edit") == []
    await world.turn(SUNDAY)
    late = await world.pods.digests.share_win(2, weeks[1], public=True)
    assert (late.public, late.posted) == (True, True)
    assert len(await world.said("community.digest", "edit")) == 1
    wins = (await world.pods.digests.of_community(HERE, SUNDAY)).wins
    assert [name for name, _text in wins] == ["Person 1", "Person 2"]
