"""Handing a gig on, on a real database: who is asked, when it goes on, and that it ends on the board."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.manners import NICHE_MAX
from bot.gigs.tables import GigAlert
from bot.people.service import Who
from tests.gigs.around import ANA, BEN, CLEO, DORA, EVE, PITCHES, Around, around

HOUR = timedelta(hours=1)


@pytest.fixture
async def board(store: Store, clock: TurnedClock) -> Around:
    return await around(store, clock)


async def handed_on(board: Around, *people: Who, hours: int = 24, **values: Any) -> int:
    """A gig that went out to these people first."""
    gig = await board.gig(state="queued", **values)
    await board.gigs.leads.choose(ANA.person_id, gig, [one.person_id for one in people])
    await board.gigs.leads.set_hours(ANA.person_id, gig, hours)
    await board.publish(gig)
    return gig


async def on_board(board: Around, gig: int) -> bool:
    return ("gig.post", gig) in [(kind, subject) for kind, subject, _to in await board.said("gig.post")]


async def test_only_those_who_said_yes_are_asked_and_the_board_waits(board: Around) -> None:
    await board.member(BEN, "gigs")
    await board.member(CLEO, "alerts")
    await board.member(DORA, "introductions")
    gig = await handed_on(board, BEN, CLEO, DORA, EVE, ANA)
    assert await board.said("gig.lead") == [
        ("gig.lead", gig, BEN.person_id),
        ("gig.lead", gig, CLEO.person_id),
    ]
    assert await board.leads(gig) == {12: "asked", 13: "asked", 14: "chosen"}
    assert not await on_board(board, gig)
    (told, _other) = await board.rows("gig.lead")
    assert (told.budgeted, told.expires_at) == (True, board.clock.now() + 24 * HOUR)


async def test_a_gig_that_is_handed_to_nobody_goes_straight_to_the_board(board: Around) -> None:
    plain = await board.gig(state="queued")
    await board.publish(plain)
    assert await on_board(board, plain)
    back = await board.gig(state="queued")
    await board.gigs.leads.choose(ANA.person_id, back, [BEN.person_id])
    assert (await board.gigs.leads.ask_nobody(ANA.person_id, back)).audience == "board"
    await board.publish(back)
    assert await on_board(board, back)
    assert await board.said("gig.lead", "gig.handed") == []


async def test_nobody_to_ask_means_that_nobody_is_waited_for(board: Around) -> None:
    gig = await handed_on(board, DORA, EVE)
    assert await on_board(board, gig)
    assert (await board.of_gig(gig)).audience == "board"


async def test_it_goes_to_the_niche_and_then_to_the_board_on_a_timer(board: Around) -> None:
    await board.member(BEN, "gigs")
    await board.member(CLEO, "alerts", niche="energy")
    await board.member(DORA, "gigs", niche="energy")  # asked for no news of gigs
    await board.member(EVE, "alerts", niche="ocr")
    gig = await handed_on(board, BEN, hours=12)
    began = board.clock.now()
    await board.pass_time(11 * HOUR)
    assert (await board.of_gig(gig)).audience == "people"
    await board.pass_time(1.1 * HOUR)
    assert (await board.of_gig(gig)).audience == "niche"
    assert [to for _kind, _gig, to in await board.said("gig.lead")] == [BEN.person_id, CLEO.person_id]
    assert not await on_board(board, gig)
    await board.pass_time(12.1 * HOUR)
    row = await board.of_gig(gig)
    assert row.audience == "board"
    assert await on_board(board, gig)
    assert row.expires_at > began + timedelta(days=14, hours=20)
    keys = [told.key.rsplit(":", 1)[-1] for told in await board.rows("gig.handed")]
    assert keys == ["niche", "board"]


async def test_it_goes_on_at_once_when_all_pass_and_not_when_somebody_pitched(board: Around) -> None:
    for who in (BEN, CLEO):
        await board.member(who, "gigs")
    gig = await handed_on(board, BEN, CLEO)
    passes = board.gigs.leads.passes
    assert (await passes(BEN.person_id, gig)).changed
    assert not (await passes(BEN.person_id, gig)).changed
    assert not await on_board(board, gig)
    await passes(CLEO.person_id, gig)
    assert await on_board(board, gig)
    other = await handed_on(board, BEN, CLEO, title="Another one")
    await board.pitch(CLEO, other, PITCHES[1])
    await passes(BEN.person_id, other)
    assert not await on_board(board, other)
    assert await board.leads(other) == {12: "passed", 13: "pitched"}


async def test_two_who_pass_at_once_move_it_on_once(board: Around) -> None:
    for who in (BEN, CLEO):
        await board.member(who, "gigs")
    gig = await handed_on(board, BEN, CLEO)
    passes = board.gigs.leads.passes
    await asyncio.gather(passes(BEN.person_id, gig), passes(CLEO.person_id, gig))
    assert len(await board.said("gig.post")) == 1
    assert len(await board.said("gig.handed")) == 1


async def test_a_timer_of_an_earlier_step_changes_nothing(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await handed_on(board, BEN)
    await board.gigs.leads.passes(BEN.person_id, gig)
    async with board.store.write() as session:
        await board.gigs.desk.agenda.plan(
            session, kind="gig.lead", key=f"gig.lead:{gig}:people", subject=gig, due_at=board.clock.now()
        )
    await board.pass_time(HOUR)
    assert len(await board.said("gig.post")) == 1
    assert len(await board.said("gig.handed")) == 1


async def test_before_the_board_only_those_asked_may_pitch_then_the_niche_then_everybody(
    board: Around,
) -> None:
    await board.member(BEN, "gigs")
    await board.member(CLEO, "alerts", niche="energy")
    await board.member(DORA, "gigs", niche="energy")
    gig = await handed_on(board, BEN)
    for stranger in (CLEO, DORA, EVE):
        with pytest.raises(KithError, match="gig_gone"):
            await board.gigs.pitches.may_answer(stranger, gig)
    await board.gigs.pitches.may_answer(BEN, gig)
    await board.pass_time(25 * HOUR)
    await board.gigs.pitches.may_answer(DORA, gig)
    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.pitches.may_answer(EVE, gig)
    await board.pass_time(25 * HOUR)
    await board.gigs.pitches.may_answer(EVE, gig)


async def test_somebody_chosen_but_never_asked_sees_nothing_and_passes_on_nothing(board: Around) -> None:
    await board.member(BEN, "gigs")
    await board.member(DORA)
    gig = await handed_on(board, BEN, DORA)
    assert await board.gigs.leads.shown(gig, DORA.person_id) is None
    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.leads.passes(DORA.person_id, gig)
    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.pitches.may_answer(DORA, gig)
    shown = await board.gigs.leads.shown(gig, BEN.person_id)
    assert shown is not None
    assert (shown.state, shown.until) == ("asked", board.clock.now() + 24 * HOUR)


async def test_members_who_are_kept_apart_are_never_brought_together_by_a_gig(board: Around) -> None:
    poster, ben = await board.member(ANA), await board.member(BEN, "gigs")
    await board.member(CLEO, "gigs")

    async def apart(_session: AsyncSession, _members: Collection[int]) -> set[tuple[int, int]]:
        return {(min(poster, ben), max(poster, ben))}

    board.gigs.leads.apart = apart
    gig = await handed_on(board, BEN, CLEO)
    assert [to for _kind, _gig, to in await board.said("gig.lead")] == [CLEO.person_id]
    assert not await on_board(board, gig)


async def test_a_niche_is_asked_in_turn_and_never_all_of_it(board: Around) -> None:
    people = [Who(1, "Data Collective", 1000 + n, f"Person {n}") for n in range(NICHE_MAX + 5)]
    for one in people:
        await board.member(one, "alerts", niche="energy")
    first = await handed_on(board, EVE)
    asked = {to for _kind, _gig, to in await board.said("gig.lead")}
    assert len(asked) == NICHE_MAX
    await board.clock.advance(HOUR)
    second = await handed_on(board, EVE, title="Another one")
    again = {to for _kind, gig, to in await board.said("gig.lead") if gig == second}
    assert {one.person_id for one in people} - asked <= again
    assert first != second


async def test_a_closed_gig_is_not_handed_on(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await handed_on(board, BEN)
    await board.close(gig, "withdrawn")
    await board.pass_time(50 * HOUR)
    assert not await on_board(board, gig)
    assert (await board.gigs.leads.passes(BEN.person_id, gig)).gig.state == "withdrawn"
    assert not await on_board(board, gig)


async def test_a_gig_that_waits_for_moderators_meanwhile_goes_on_when_they_let_it(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await handed_on(board, BEN, niches=[])
    async with board.store.write() as session:
        row = await board.gigs.desk.gig(session, gig)
        row.state = "queued"
    await board.pass_time(50 * HOUR)
    assert not await on_board(board, gig)
    await board.publish(gig)
    assert await on_board(board, gig)


async def test_whoever_stops_passes_on_everything(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await handed_on(board, BEN)
    async with board.store.write() as session:
        await board.gigs.leads.stop_person(session, BEN.person_id)
    assert await board.leads(gig) == {12: "passed"}
    assert await on_board(board, gig)


async def test_the_poster_chooses_until_somebody_has_seen_it(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await board.gig(state="queued")
    leads = board.gigs.leads
    assert [one.id for one in await leads.open_to_choice(ANA)] == [gig]
    assert await leads.open_to_choice(BEN) == []
    chosen = await leads.choose(ANA.person_id, gig, [BEN.person_id, EVE.person_id])
    assert (chosen.audience, chosen.hours, chosen.people) == ("people", 24, (BEN.person_id,))
    again = await leads.choose(ANA.person_id, gig, [ANA.person_id])
    assert again.people == ()
    assert (await leads.set_hours(ANA.person_id, gig, 48)).hours == 48
    assert (await leads.plan(ANA.person_id, gig)).niches == ("Energy and utilities",)
    with pytest.raises(KithError, match="gig_gone"):
        await leads.set_hours(ANA.person_id, gig, 1)
    with pytest.raises(KithError, match="gig_lead_many"):
        await leads.choose(ANA.person_id, gig, list(range(6)))
    with pytest.raises(KithError, match="not_yours"):
        await leads.plan(BEN.person_id, gig)
    await board.publish(gig)
    with pytest.raises(KithError, match="gig_lead_late"):
        await leads.choose(ANA.person_id, gig, [BEN.person_id])


async def test_no_timer_is_left_behind(board: Around) -> None:
    await board.member(BEN, "gigs")
    gig = await handed_on(board, BEN)
    await board.gigs.leads.passes(BEN.person_id, gig)
    await board.pass_time(100 * HOUR)
    assert len(await board.said("gig.post")) == 1
    async with board.store.read() as session:
        left = (await session.scalars(select(AgendaRow).where(AgendaRow.kind == "gig.lead"))).all()
    assert all(row.state == "done" for row in left)


async def test_somebody_who_paused_their_alerts_is_not_asked_for_a_niche(board: Around) -> None:
    member = await board.member(CLEO, "alerts", niche="energy")
    async with board.store.write() as session:
        (await session.get_one(GigAlert, member)).paused = True
    gig = await handed_on(board)
    assert await board.said("gig.lead") == []
    assert await on_board(board, gig)
