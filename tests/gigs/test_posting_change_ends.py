"""What ends a change of a live gig without a decision, and who may do what about it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.rules import Details
from bot.gigs.service import GigService
from bot.gigs.tables import Gig
from tests.gigs.changing import (
    BETTER,
    DAY,
    ELSEWHERE,
    MIA,
    OTHER,
    PLEASE,
    WHY,
    WORSE,
    arrive,
    cards,
    row_of,
    seen,
    waits,
)
from tests.gigs.posters import (
    ANA,
    BEN,
    GOOD,
    SETTLED,
    board_of,
    stood,
)  # fmt: skip


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A community with a board and a moderators' channel."""
    return await board_of(store, clock)


# --- the gig ends meanwhile ------------------------------------------------------------------------


async def over(gigs: GigService, gig_id: int, change_id: int, end: str, clock: TurnedClock) -> None:
    """Let a gig end while a change of it waits."""
    if end in ("filled", "withdrawn"):
        close = gigs.board.filled if end == "filled" else gigs.board.withdraw
        done = await close(ANA.person_id, gig_id)
        assert (done.changed, done.change_ended) == (True, True)
        assert not (await close(ANA.person_id, gig_id)).change_ended
    elif end == "expired":
        await clock.advance(14 * DAY + timedelta(minutes=1))
        while await gigs.desk.agenda.tick():
            pass
    elif end == "refused":
        await gigs.review.take_down(MIA, gig_id, WHY)
    else:
        async with gigs.desk.store.write() as session:
            await gigs.board.stop_person(session, ANA.person_id)


@pytest.mark.parametrize("end", ["filled", "withdrawn", "expired", "refused", "left"])
@pytest.mark.parametrize("sent_back", [False, True])
async def test_a_change_ends_with_its_gig(
    gigs: GigService, clock: TurnedClock, end: str, sent_back: bool
) -> None:
    gig, change = await waits(gigs)
    await arrive(gigs)
    if sent_back:
        await gigs.review.decide(MIA, change.id, 0, "change", PLEASE)
    since = clock.now()
    await over(gigs, gig.id, change.id, end, clock)
    live, row = await row_of(gigs, gig.id), await row_of(gigs, change.id)
    assert (live.state, row.state) == ("withdrawn" if end == "left" else end, "over")
    assert await gigs.changes.ended(gig.id, since)
    assert (await gigs.review.queue(MIA)).total == 0
    assert (await cards(gigs))[-1] == (change.id, "edit")
    assert not (await gigs.review.decide(MIA, change.id, int(sent_back), "approved")).changed
    assert (await row_of(gigs, gig.id)).description == GOOD.description
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.editing.place(ANA.person_id, change.id)
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.editing.ask(ANA.person_id, change.id, gig.id, SETTLED)


async def test_what_ended_before_a_renewal_is_not_said_again(gigs: GigService, clock: TurnedClock) -> None:
    gig, change = await waits(gigs)
    await over(gigs, gig.id, change.id, "expired", clock)
    assert await gigs.changes.ended(gig.id, gig.expires_at)
    await clock.advance(timedelta(hours=1))
    renewed = (await gigs.board.renew(ANA.person_id, gig.id)).gig
    assert not await gigs.changes.ended(gig.id, renewed.expires_at)
    await clock.advance(timedelta(hours=1))
    assert not (await gigs.board.withdraw(ANA.person_id, gig.id)).change_ended


# --- who may, and what is not one's own ------------------------------------------------------------


async def test_nobody_else_touches_a_change(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    theirs = await stood(gigs, BEN, replace(GOOD, title="Something else", description=GOOD.description * 2))
    for wrong in (
        gigs.editing.discard(BEN.person_id, change.id, gig.id),
        gigs.editing.ask(BEN.person_id, change.id, gig.id, SETTLED),
        gigs.editing.place(BEN.person_id, change.id),
        gigs.editing.discard(BEN.person_id, change.id, theirs.id),
    ):
        with pytest.raises(KithError, match="not_yours"):
            await wrong
    with pytest.raises(KithError, match="gig_published"):
        await gigs.editing.ask(BEN.person_id, theirs.id, theirs.id, SETTLED)
    for close in (gigs.board.withdraw, gigs.board.filled):
        with pytest.raises(KithError, match="gig_gone"):
            await close(ANA.person_id, change.id)
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.review.decide(ELSEWHERE, change.id, 0, "approved")
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.editing.words(ANA.person_id, change.id, BETTER, SETTLED)
    assert (await seen(gigs, change.id)).waits


async def test_words_kept_by_an_older_version_are_handed_over_as_a_change(gigs: GigService) -> None:
    """It did not note what they change; the button under them says it."""
    gig = await stood(gigs)
    shown = await gigs.editing.words(ANA.person_id, gig.id, WORSE, SETTLED)
    async with gigs.desk.store.write() as session:
        await session.execute(update(Gig).where(Gig.id == shown.gig.id).values(replaces=None))
    done = await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert done.gig.replaces == gig.id


async def test_details_of_a_change_that_waited_are_kept(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await gigs.editing.words(ANA.person_id, gig.id, WORSE, SETTLED)
    await gigs.posting.add(ANA.person_id, shown.gig.id, Details("sql", "20"), SETTLED, gig.id)
    await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    again = await gigs.editing.words(ANA.person_id, gig.id, OTHER, SETTLED)
    assert (again.gig.skills, again.gig.hours) == (("sql",), "20")


@pytest.mark.parametrize("turn", range(3))
async def test_a_yes_and_the_end_at_once_leave_one_truth(gigs: GigService, turn: int) -> None:
    gig, change = await waits(gigs)
    decided, closed = await asyncio.gather(
        gigs.review.decide(MIA, change.id, 0, "approved"), gigs.board.filled(ANA.person_id, gig.id)
    )
    live, row = await row_of(gigs, gig.id), await row_of(gigs, change.id)
    assert (closed.changed, live.state, row.state) == (True, "filled", "over")
    assert decided.changed is not closed.change_ended
    assert live.description == (WORSE if decided.changed else GOOD).description
