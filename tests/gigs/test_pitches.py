"""Pitches on a real database: limits, bundles, answers, contact, and that everybody hears how it ended."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.manners import PITCHES_A_DAY
from bot.people.service import Who
from tests.gigs.around import ANA, BEN, CLEO, DORA, EVE, PITCH, PITCHES, Around, around

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def board(store: Store, clock: TurnedClock) -> Around:
    return await around(store, clock)


# --- sending ---------------------------------------------------------------------------------------


async def test_a_pitch_keeps_what_was_typed_and_tells_the_poster(board: Around) -> None:
    gig = await board.gig()
    sent = await board.gigs.pitches.send(BEN, gig, f"  {PITCH}\n", " 10 to   15 ", "on Monday")
    assert (sent.pitch, sent.hours, sent.start, sent.state) == (PITCH, "10 to 15", "on Monday", "waiting")
    assert await board.said("gig.interest") == [("gig.interest", sent.id, ANA.person_id)]
    with pytest.raises(KithError, match="gig_interest_again"):
        await board.pitch(BEN, gig)


async def test_two_forms_at_once_are_one_pitch(board: Around) -> None:
    gig = await board.gig()
    await board.member(BEN)
    done = await asyncio.gather(board.pitch(BEN, gig), board.pitch(BEN, gig), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["KithError", "int"]
    assert len(await board.said("gig.interest")) == 1


async def test_the_sixth_pitch_of_a_day_waits_until_tomorrow(board: Around) -> None:
    ids = [await board.gig(title=f"Gig {n}") for n in range(PITCHES_A_DAY + 1)]
    for gig, words in zip(ids[:-1], PITCHES, strict=False):
        await board.pitch(BEN, gig, words)
    with pytest.raises(KithError, match="gig_pitches_day") as told:
        await board.pitch(BEN, ids[-1], PITCHES[5])
    assert told.value.values == {"most": 5, "hours": 24}
    with pytest.raises(KithError, match="gig_pitches_day"):
        await board.gigs.pitches.may_answer(BEN, ids[-1])
    await board.pitch(CLEO, ids[-1], PITCHES[5])  # it is nobody else's limit
    await board.clock.advance(DAY)
    await board.pitch(BEN, ids[-1], PITCHES[5])


async def test_two_pitches_at_once_do_not_slip_past_the_limit(board: Around) -> None:
    ids = [await board.gig(title=f"Gig {n}") for n in range(6)]
    for gig, words in zip(ids[:4], PITCHES, strict=False):
        await board.pitch(BEN, gig, words)
    last = zip(ids[4:], PITCHES[4:], strict=False)
    done = await asyncio.gather(*(board.pitch(BEN, *one) for one in last), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["KithError", "int"]


async def test_fifteen_pitches_may_wait_for_an_answer(board: Around) -> None:
    ids = [await board.gig(title=f"Gig {n}") for n in range(16)]
    sent = []
    for number, gig in enumerate(ids[:15]):
        await board.clock.advance(5 * HOUR)
        sent.append(await board.pitch(BEN, gig, f"{PITCHES[number % 7][::-1]} {PITCHES[number // 7]}"))
    await board.clock.advance(5 * HOUR)
    with pytest.raises(KithError, match="gig_pitches_waiting"):
        await board.pitch(BEN, ids[15], "Words that were never sent before, promised.")
    await board.gigs.pitches.answer(ANA.person_id, sent[0], accept=False)
    await board.pitch(BEN, ids[15], "Words that were never sent before, promised.")


async def test_the_same_words_go_to_three_gigs_at_most(board: Around) -> None:
    ids = [await board.gig(title=f"Gig {n}") for n in range(4)]
    for number, gig in enumerate(ids[:3]):
        await board.pitch(BEN, gig, f"Hello {['Ana', 'Bea', 'Cem'][number]}! {PITCH} {PITCH}")
    with pytest.raises(KithError, match="gig_pitch_same"):
        await board.pitch(BEN, ids[3], f"hello Dan, {PITCH} {PITCH}")
    await board.pitch(BEN, ids[3], PITCHES[1])


@pytest.mark.parametrize("state", ["filled", "withdrawn", "expired", "queued"])
async def test_a_gig_that_is_not_open_takes_no_pitch(board: Around, state: str) -> None:
    gig = await board.gig(state=state)
    with pytest.raises(KithError, match="gig_closed"):
        await board.pitch(BEN, gig)


async def test_nobody_pitches_for_their_own_gig_or_one_of_another_server(board: Around) -> None:
    gig = await board.gig()
    with pytest.raises(KithError, match="gig_own"):
        await board.pitch(ANA, gig)
    with pytest.raises(KithError, match="gig_gone"):
        await board.pitch(Who(2, "Elsewhere", 12, "Ben"), gig)


async def test_in_a_dm_the_gig_tells_the_community_but_not_to_strangers(board: Around) -> None:
    gig = await board.gig()
    await board.member(BEN)
    assert await board.gigs.pitches.place_of(BEN.person_id, gig) == (1, "Data Collective")
    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.pitches.place_of(999, gig)


async def test_a_pitch_taken_back_is_gone_for_the_poster_and_may_be_sent_again(board: Around) -> None:
    gig = await board.gig()
    interest = await board.pitch(BEN, gig)
    with pytest.raises(KithError, match="not_yours"):
        await board.gigs.pitches.take_back(CLEO.person_id, interest)
    assert (await board.gigs.pitches.take_back(BEN.person_id, interest)).changed
    assert not (await board.gigs.pitches.take_back(BEN.person_id, interest)).changed
    answered = await board.gigs.pitches.answer(ANA.person_id, interest, accept=True)
    assert (answered.changed, answered.interest.state) == (False, "withdrawn")
    await board.clock.advance(2 * HOUR)
    assert await board.pitch(BEN, gig, PITCHES[1]) == interest
    assert len(await board.said("gig.interest")) == 2


# --- the poster hears ------------------------------------------------------------------------------


async def test_many_pitches_within_an_hour_are_one_message(board: Around) -> None:
    gig = await board.gig()
    start = board.clock.now()
    for who in (BEN, CLEO, DORA, EVE):
        await board.pitch(who, gig, f"{PITCH} {who.name}")
        await board.clock.advance(timedelta(minutes=5))
    assert len(await board.said("gig.interest")) == 1
    (bundle,) = await board.rows("gig.pitches")
    assert (bundle.subject, bundle.due_at) == (gig, start + HOUR)
    found = await board.gigs.replies.new_pitches(gig)
    assert found is not None
    assert found[1] == 4
    await board.close(gig, "withdrawn")
    assert await board.gigs.replies.new_pitches(gig) is None


async def test_two_pitches_in_the_same_moment_are_not_two_messages(board: Around) -> None:
    gig = await board.gig()
    for who in (BEN, CLEO):
        await board.pitch(who, gig, f"{PITCH} {who.name}")
    assert len(await board.said("gig.interest")) == 1
    assert len(await board.said("gig.pitches")) == 1


async def test_a_poster_reads_one_pitch_after_the_other_the_oldest_first(board: Around) -> None:
    gig = await board.gig()
    for who in (BEN, CLEO, DORA):
        await board.pitch(who, gig, f"{PITCH} {who.name}")
        await board.clock.advance(timedelta(minutes=1))
    pages = [await board.gigs.pitches.page(ANA.person_id, gig, place) for place in (0, 1, 2, 9)]
    assert [page.interest.applicant.name for page in pages if page.interest] == [
        "Ben",
        "Cleo",
        "Dora",
        "Dora",
    ]
    assert [(page.place, page.total) for page in pages] == [(0, 3), (1, 3), (2, 3), (2, 3)]
    with pytest.raises(KithError, match="not_yours"):
        await board.gigs.pitches.page(BEN.person_id, gig)


async def test_the_overview_shows_both_sides_and_no_decline_before_it_was_told(board: Around) -> None:
    gig = await board.gig()
    interest = await board.pitch(BEN, gig)
    assert [number for _gig, number in (await board.gigs.pitches.overview(ANA)).received] == [1]
    await board.gigs.pitches.answer(ANA.person_id, interest, accept=False)
    assert (await board.gigs.pitches.overview(ANA)).received == ()
    assert [state for _gig, state, _id in (await board.gigs.pitches.overview(BEN)).sent] == ["waiting"]
    await board.pass_time(2 * DAY)
    assert [state for _gig, state, _id in (await board.gigs.pitches.overview(BEN)).sent] == ["declined"]
    assert (await board.gigs.pitches.overview(EVE)).sent == ()


# --- answers ---------------------------------------------------------------------------------------


async def test_contact_opens_once_and_both_are_told_when_the_thread_is_there(board: Around) -> None:
    interest = await board.pitch(BEN, await board.gig())
    first = await board.gigs.pitches.answer(ANA.person_id, interest, accept=True)
    second = await board.gigs.pitches.answer(ANA.person_id, interest, accept=False)
    assert (first.changed, second.changed, second.interest.state) == (True, False, "accepted")
    assert await board.said("gig.accepted") == []
    contact = await board.gigs.replies.contact(interest)
    assert contact is not None
    assert (contact.lobby_id, contact.people) == (400, (ANA.person_id, BEN.person_id))
    await board.in_contact(interest, 4711)
    assert await board.said("gig.accepted", "gig.room") == [
        ("gig.room", interest, 4711),
        ("gig.accepted", interest, ANA.person_id),
        ("gig.accepted", interest, BEN.person_id),
    ]
    view = await board.gigs.interest_view(interest)
    assert view is not None
    assert view.thread_id == 4711


async def test_without_a_thread_both_are_told_each_others_name(board: Around) -> None:
    interest = await board.pitch(BEN, await board.gig())
    await board.gigs.pitches.answer(ANA.person_id, interest, accept=True)
    await board.in_contact(interest, None)
    assert len(await board.said("gig.accepted")) == 2
    assert await board.said("gig.room") == []


async def test_two_answers_at_once_are_one(board: Around) -> None:
    interest = await board.pitch(BEN, await board.gig())
    answer = board.gigs.pitches.answer
    done = await asyncio.gather(
        answer(ANA.person_id, interest, accept=True), answer(ANA.person_id, interest, accept=False)
    )
    assert sorted(one.changed for one in done) == [False, True]
    assert len({one.interest.state for one in done if one.changed} | {await board.state(interest)}) == 1


async def test_declines_of_a_day_are_told_together_the_next_morning(board: Around) -> None:
    ids = [await board.pitch(BEN, await board.gig(title=f"Gig {n}"), PITCHES[n]) for n in range(3)]
    for interest in ids:
        await board.gigs.pitches.answer(ANA.person_id, interest, accept=False)
    assert await board.said("gig.declined", "gig.passed") == []
    await board.pass_time(DAY)
    (told,) = await board.rows("gig.passed")
    assert (told.recipient, told.budgeted, told.key.rsplit(":", 1)[-1]) == (BEN.person_id, True, "3")
    assert [await board.state(interest) for interest in ids] == ["declined"] * 3
    await board.pass_time(3 * DAY)
    assert len(await board.said("gig.declined", "gig.passed")) == 1


async def test_a_single_decline_names_its_gig(board: Around) -> None:
    interest = await board.pitch(BEN, await board.gig())
    await board.gigs.pitches.answer(ANA.person_id, interest, accept=False)
    await board.pass_time(DAY)
    assert await board.said("gig.declined") == [("gig.declined", interest, BEN.person_id)]


async def test_a_gig_that_closes_before_the_morning_tells_declined_and_waiting_at_once(board: Around) -> None:
    gig = await board.gig()
    ben, cleo = await board.pitch(BEN, gig), await board.pitch(CLEO, gig)
    await board.gigs.pitches.answer(ANA.person_id, ben, accept=False)
    await board.close(gig, "filled")
    assert await board.said("gig.closed") == [
        ("gig.closed", ben, BEN.person_id),
        ("gig.closed", cleo, CLEO.person_id),
    ]
    await board.pass_time(2 * DAY)
    assert await board.said("gig.declined", "gig.passed") == []


async def test_the_others_are_declined_in_one_press(board: Around) -> None:
    gig = await board.gig()
    ben, *others = [await board.pitch(who, gig, f"{PITCH} {who.name}") for who in (BEN, CLEO, DORA)]
    accepted = await board.gigs.pitches.answer(ANA.person_id, ben, accept=True)
    assert accepted.waiting == 2
    with pytest.raises(KithError, match="not_yours"):
        await board.gigs.pitches.decline_others(BEN.person_id, gig)
    assert (await board.gigs.pitches.decline_others(ANA.person_id, gig))[1] == 2
    assert (await board.gigs.pitches.decline_others(ANA.person_id, gig))[1] == 0
    assert await board.state(ben) == "accepted"
    await board.pass_time(DAY)
    assert sorted(subject for _kind, subject, _to in await board.said("gig.declined")) == sorted(others)


async def test_a_stranger_answers_for_nobody(board: Around) -> None:
    interest = await board.pitch(BEN, await board.gig())
    for stranger in (BEN, CLEO):
        with pytest.raises(KithError, match="not_yours"):
            await board.gigs.pitches.answer(stranger.person_id, interest, accept=True)


# --- endings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["filled", "withdrawn", "expired", "refused"])
async def test_whoever_waits_hears_how_it_ended_once(board: Around, state: str) -> None:
    gig = await board.gig()
    interest = await board.pitch(BEN, gig)
    await board.close(gig, state)
    await board.close(gig, state)
    assert await board.said("gig.closed") == [("gig.closed", interest, BEN.person_id)]
    answered = await board.gigs.pitches.answer(ANA.person_id, interest, accept=True)
    assert (answered.changed, answered.interest.state) == (False, "closed")


async def test_a_gig_that_is_open_again_takes_a_new_pitch_and_closes_aloud_again(board: Around) -> None:
    gig = await board.gig()
    await board.pitch(BEN, gig)
    await board.close(gig, "expired")
    async with board.store.write() as session:
        row = await board.gigs.desk.gig(session, gig)
        row.state = "live"
    await board.clock.advance(DAY)
    await board.pitch(BEN, gig, PITCHES[1])
    await board.close(gig, "filled")
    assert len(await board.said("gig.closed")) == 2


async def test_whoever_stops_is_no_longer_among_the_pitches(board: Around) -> None:
    gig = await board.gig()
    interest = await board.pitch(BEN, gig)
    async with board.store.write() as session:
        await board.gigs.pitches.stop_person(session, BEN.person_id)
    assert await board.state(interest) == "withdrawn"
    assert (await board.gigs.pitches.page(ANA.person_id, gig)).interest is None
