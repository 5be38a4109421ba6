"""Who met whom, who is kept apart, and what an introduction of three becomes when one leaves."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.clock import TurnedClock
from bot.core.outbox import OutboxRow, said
from bot.gigs import ties as gig_ties
from bot.intros import ties
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Round, Seat
from bot.people.service import ProfileEdit
from cogs.gigs.renderers import renderers as gig_renderers
from cogs.intros.cards import renderers
from tests.privacy.world import ANA, BEN, CLEO, HERE, NAMES, World, opened, who

DAY = timedelta(days=1)
THREE = (ANA, BEN, CLEO)


@pytest.fixture
async def world(database_url: str, clock: TurnedClock) -> AsyncIterator[World]:
    async with opened(database_url, clock) as made:
        yield made


async def introduced(world: World, *people: int) -> list[int]:
    """An introduction of these, told to them; return their seats."""
    for person in people:
        await world.app.people.set_zone(who(person), "Europe/Lisbon")
        await world.app.niches.join(who(person), "ocr")
        await world.app.intros.join(who(person))
    members = [await world.member(person) for person in people]
    async with world.store.write() as session:
        round_id = await session.scalar(select(Round.id).where(Round.community_id == HERE))
        reasons = [
            {"name": "niche", "points": 9, "values": ["ocr"], "giver": None, "taker": None},
            {"name": "gets", "points": 5, "values": ["pricing"], "giver": members[0], "taker": members[1]},
        ]
        made = Introduction(
            community_id=HERE, round_id=round_id, form="group", reasons=reasons, created_at=world.now
        )
        session.add(made)
        await session.flush()
        seats = [Seat(introduction_id=made.id, member_id=member, state="planned") for member in members]
        session.add_all(seats)
        await session.flush()
        for seat, person in zip(seats, people, strict=True):
            await world.app.outbox.say(
                session, kind="intro.card", subject=seat.id, key=f"intro.card:{seat.id}", recipient=person,
                community_id=HERE,
            )  # fmt: skip
    await world.deliver()
    return [seat.id for seat in seats]


async def test_acquainted_are_those_who_read_of_each_other_and_met_those_who_say_so(world: World) -> None:
    first, _second = await introduced(world, ANA, BEN)
    ana, ben = await world.member(ANA), await world.member(BEN)
    async with world.store.write() as session:
        cleo = (await world.app.people.known(session, who(CLEO))).id
        assert await ties.acquainted(session, ana, ben)
        assert await ties.acquainted(session, ben, ana)
        assert not await ties.acquainted(session, ana, cleo)
        assert not await ties.met(session, ana, ben)
    await world.app.intros.outcome(ANA, first, "met")
    async with world.store.write() as session:
        assert await ties.met(session, ben, ana)
        await session.execute(update(Seat).where(Seat.id == first).values(state="planned"))
        assert not await ties.acquainted(session, ana, ben)


async def test_a_gig_makes_acquainted_once_accepted_and_met_once_filled(world: World) -> None:
    ana = (await world.app.people.mine(who(ANA))).id
    ben = (await world.app.people.mine(who(BEN))).id
    gig = await world.gig(ANA)
    await world.app.gigs.pitches.send(who(BEN), gig.id, "I built three such models for others.")
    (asked,) = [row for row in await world.deliver() if row.kind == "gig.interest"]

    async def known() -> tuple[bool, bool]:
        async with world.store.read() as session:
            one = await gig_ties.acquainted(session, ana, ben), await gig_ties.met(session, ana, ben)
            assert one == (
                await gig_ties.acquainted(session, ben, ana),
                await gig_ties.met(session, ben, ana),
            )
            return one

    assert await known() == (False, False)
    await world.app.gigs.pitches.answer(ANA, asked.subject, accept=True)
    assert await known() == (True, False)
    await world.app.gigs.board.filled(ANA, gig.id)
    assert await known() == (True, True)


async def test_the_poster_sees_of_an_applicant_what_matches_see(world: World) -> None:
    edit = ProfileEdit(headline="Hidden words", stage="booked", visibility={"headline": "nobody"})
    await world.app.people.edit_profile(who(BEN), edit)
    gig = await world.gig(ANA)
    await world.app.gigs.pitches.send(who(BEN), gig.id, "I built three such models for others.")
    (asked,) = [row for row in await world.deliver() if row.kind == "gig.interest"]
    card = await gig_renderers(world.app.gigs)["gig.interest"](said(asked))
    assert card is not None
    assert card.view is not None
    assert "Hidden words" not in str(card.view.to_components())


async def test_who_asked_to_be_kept_apart_is_remembered_for_each_of_the_two(world: World) -> None:
    ana, ben = (await world.app.people.mine(who(ANA))).id, (await world.app.people.mine(who(BEN))).id
    for person, other, apart_from_ana, apart_from_ben in (
        (BEN, ANA, [ben], []),
        (BEN, ANA, [ben], []),
        (ANA, BEN, [ben], [ana]),
    ):
        await world.app.intros.avoid(who(person), other)
        assert await world.count(AvoidedPair) == 1
        async with world.store.read() as session:
            assert await ties.asked_apart_from(session, ana) == apart_from_ana
            assert await ties.asked_apart_from(session, ben) == apart_from_ben


async def test_three_become_two_and_their_cards_lose_the_name(world: World) -> None:
    await introduced(world, *THREE)
    ana = await world.member(ANA)
    assert await world.app.privacy.erase(ANA, None)
    edits = await world.deliver()
    assert [(row.kind, row.target) for row in edits] == [("intro.card", "edit")] * 2
    for row in edits:
        shown = await renderers(world.app.intros)[row.kind](said(row))
        assert shown is not None
        assert shown.view is not None
        text = str(shown.view.to_components())
        assert "Meet" in text
        assert NAMES[ANA] not in text
    assert await world.traces(ana) == []
    assert await world.count(Introduction) == 1


async def test_who_had_not_read_of_it_comes_first_next_time_and_is_told(world: World) -> None:
    seats = await introduced(world, ANA, BEN)
    async with world.store.write() as session:
        await session.execute(update(Seat).where(Seat.id.in_(seats)).values(state="planned"))
        await session.execute(
            update(OutboxRow)
            .where(OutboxRow.kind == "intro.card")
            .values(state="waiting", channel_id=None, message_id=None)
        )
    await world.app.privacy.erase(ANA, HERE)
    told = await world.deliver()
    assert [(row.kind, row.recipient, row.target) for row in told] == [("intro.ended", BEN, "person")]
    ben = await world.member(BEN)
    assert await world.count(Enrolment, Enrolment.member_id == ben, Enrolment.waited == 1) == 1


async def test_long_after_they_answered_nobody_is_told_and_the_card_loses_the_name_all_the_same(
    world: World,
) -> None:
    first, second = await introduced(world, ANA, BEN)
    await world.app.intros.outcome(ANA, first, "met")
    await world.app.intros.outcome(BEN, second, "met")
    async with world.store.write() as session:
        await session.execute(update(Introduction).values(created_at=world.now - 15 * DAY))
    await world.app.privacy.erase(ANA, HERE)
    told = await world.deliver()
    assert [(row.kind, row.target) for row in told] == [("intro.ended", "edit")]
