"""How a gig went, on a real database: who is asked, what counts, what moderators hear."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.manners import ASK_AFTER
from bot.people.service import Who
from bot.people.tables import Community
from tests.gigs.around import ANA, BEN, CLEO, MODS, Around, around

DAY = timedelta(days=1)


@pytest.fixture
async def board(store: Store, clock: TurnedClock) -> Around:
    return await around(store, clock)


@pytest.fixture
def circle(board: Around) -> dict[tuple[int, str], int]:
    """What circles were told: member and source, and whether it stands."""
    told: dict[tuple[int, str], int] = {}

    async def met(_s: AsyncSession, one: int, other: int, kind: str, source: str, _at: datetime) -> None:
        assert (kind, one != other) == ("gig", True)
        told[one, source] = told.get((one, source), 0) + 1

    async def unmet(_s: AsyncSession, one: int, source: str) -> None:
        told[one, source] = 0

    board.gigs.board.on_worked.append(met)
    board.gigs.outcomes.on_unworked.append(unmet)
    return told


async def filled(board: Around, *people: Who) -> tuple[int, list[int]]:
    """A gig that was filled after these people were accepted, and what follows at once."""
    gig = await board.gig()
    ids = [await board.accepted(who, gig) for who in people]
    await board.close(gig, "filled")
    return gig, ids


async def test_both_sides_are_asked_two_weeks_after_and_never_again(board: Around) -> None:
    gig, (ben, cleo) = await filled(board, BEN, CLEO)
    await board.pass_time(ASK_AFTER - timedelta(minutes=1))
    assert await board.said("gig.outcome", "gig.worked") == []
    await board.pass_time(timedelta(minutes=2))
    expected = [
        ("gig.worked", ben, BEN.person_id),
        ("gig.worked", cleo, CLEO.person_id),
        ("gig.outcome", gig, ANA.person_id),
    ]
    assert await board.said("gig.outcome", "gig.worked") == expected
    assert all(row.budgeted for row in await board.rows("gig.worked"))
    await board.close(gig, "filled")
    await board.pass_time(30 * DAY)
    assert await board.said("gig.outcome", "gig.worked") == expected


async def test_nobody_is_asked_where_nobody_was_accepted_or_nothing_was_filled(board: Around) -> None:
    alone = await board.gig()
    await board.pitch(BEN, alone)
    await board.close(alone, "filled")
    gone = await board.gig()
    await board.accepted(BEN, gone)
    await board.close(gone, "withdrawn")
    async with board.store.read() as session:
        planned = select(AgendaRow.id).where(AgendaRow.kind == "gig.outcome")
        assert (await session.scalars(planned)).all() == []
    await board.pass_time(2 * ASK_AFTER)
    assert await board.said("gig.outcome", "gig.worked") == []


async def test_an_answer_is_kept_and_the_same_again_changes_nothing(board: Around) -> None:
    _gig, (ben,) = await filled(board, BEN)
    say = board.gigs.outcomes.say
    first = await say(ANA.person_id, ben, hired=True, paid=True, finished=None)
    again = await say(ANA.person_id, ben, hired=True, paid=True, finished=None)
    assert (first.changed, first.view.side, first.view.hired, first.view.paid) == (True, "poster", True, True)
    assert not again.changed
    mine = await board.gigs.outcomes.mine(BEN.person_id, ben)
    assert (mine.side, mine.hired, mine.other) == ("worker", None, (ANA.person_id, "Ana"))


async def test_strangers_and_gigs_that_were_not_filled_have_no_say(board: Around) -> None:
    _gig, (ben,) = await filled(board, BEN)
    with pytest.raises(KithError, match="not_yours"):
        await board.gigs.outcomes.mine(CLEO.person_id, ben)
    open_gig = await board.gig()
    waiting = await board.pitch(CLEO, open_gig, "Words for another gig, quite different.")
    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.outcomes.say(CLEO.person_id, waiting, hired=True, paid=True, finished=True)
    with pytest.raises(KithError, match="not_yours"):
        await board.gigs.outcomes.page(BEN.person_id, open_gig)


async def test_a_no_takes_it_out_of_both_circles_and_a_yes_brings_it_back(
    board: Around, circle: dict[tuple[int, str], int]
) -> None:
    _gig, (ben,) = await filled(board, BEN)
    assert await board.met(ANA, BEN)
    say = board.gigs.outcomes.say
    await say(ANA.person_id, ben, hired=False, paid=None, finished=None)
    assert set(circle.values()) == {0}
    assert len(circle) == 2
    assert not await board.met(BEN, ANA)
    await say(BEN.person_id, ben, hired=True, paid=True, finished=True)
    assert set(circle.values()) == {1}
    assert await board.met(BEN, ANA)
    await say(BEN.person_id, ben, hired=True, paid=None, finished=True)
    assert set(circle.values()) == {1}


async def test_nobody_hired_is_said_about_everybody_not_yet_answered(board: Around) -> None:
    gig, (ben, cleo) = await filled(board, BEN, CLEO)
    await board.gigs.outcomes.say(ANA.person_id, ben, hired=True, paid=True, finished=True)
    views = await board.gigs.outcomes.nobody(ANA.person_id, gig)
    assert [(view.interest.id, view.hired) for view in views] == [(ben, True), (cleo, False)]
    assert await board.met(ANA, BEN)
    assert not await board.met(ANA, CLEO)


@pytest.mark.parametrize("who", [ANA, BEN])
async def test_not_paid_reaches_the_moderators_once_and_so_does_its_end(board: Around, who: Who) -> None:
    _gig, (ben,) = await filled(board, BEN)
    say = board.gigs.outcomes.say
    first = await say(who.person_id, ben, hired=True, paid=False, finished=True)
    again = await say(who.person_id, ben, hired=True, paid=False, finished=None)
    assert (first.moderators, again.moderators) == ("told", "knew")
    assert await board.said("gig.unpaid") == [("gig.unpaid", ben, MODS)]
    settled = await say(who.person_id, ben, hired=True, paid=True, finished=True)
    assert settled.moderators == ""
    assert [row.key.split(":")[3] for row in await board.rows("gig.unpaid")] == ["open", "settled"]
    await say(who.person_id, ben, hired=True, paid=False, finished=True)
    assert len(await board.said("gig.unpaid")) == 2  # to and fro on one day is no news
    await say(who.person_id, ben, hired=True, paid=True, finished=True)
    await board.clock.advance(DAY)
    assert (await say(who.person_id, ben, hired=True, paid=False, finished=True)).moderators == "told"


async def test_where_moderators_have_no_channel_the_member_is_told_so(board: Around) -> None:
    _gig, (ben,) = await filled(board, BEN)
    async with board.store.write() as session:
        (await session.get_one(Community, 1)).mod_channel_id = None
    done = await board.gigs.outcomes.say(BEN.person_id, ben, hired=True, paid=False, finished=True)
    assert done.moderators == "nobody"
    assert await board.said("gig.unpaid") == []


async def test_nothing_about_pay_is_told_where_nobody_was_hired(board: Around) -> None:
    _gig, (ben,) = await filled(board, BEN)
    done = await board.gigs.outcomes.say(BEN.person_id, ben, hired=False, paid=False, finished=False)
    assert (done.view.paid, done.moderators) == (None, "")
    assert await board.said("gig.unpaid") == []


async def test_both_sides_at_once_are_both_kept(board: Around, circle: dict[tuple[int, str], int]) -> None:
    _gig, (ben,) = await filled(board, BEN)
    say = board.gigs.outcomes.say
    await asyncio.gather(
        say(ANA.person_id, ben, hired=False, paid=None, finished=None),
        say(BEN.person_id, ben, hired=False, paid=None, finished=None),
    )
    assert not await board.met(ANA, BEN)
    assert set(circle.values()) == {0}


async def test_a_vouch_is_offered_in_the_gigs_community(board: Around) -> None:
    _gig, (ben,) = await filled(board, BEN)
    offered: list[tuple[Who, int, str]] = []

    async def offer(who: Who, person_id: int, words: str) -> None:
        offered.append((who, person_id, words))

    with pytest.raises(KithError, match="gig_gone"):
        await board.gigs.outcomes.vouch_for(ANA.person_id, "pt-PT", ben, "Good work.")
    board.gigs.outcomes.vouch = offer
    await board.gigs.outcomes.vouch_for(ANA.person_id, "pt-PT", ben, "Good work.")
    assert offered == [(Who(1, "Data Collective", 11, "Ana", "pt-PT"), BEN.person_id, "Good work.")]
