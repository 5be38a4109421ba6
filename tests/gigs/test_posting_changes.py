"""New words for a live gig before the moderators: whatever they decide, there is one post and one truth."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import OutboxRow
from bot.core.store import Store
from bot.gigs.change_review import ChangeView
from bot.gigs.change_rules import differences
from bot.gigs.service import GigService, GigView, Outcome
from bot.gigs.tables import GigBand
from tests.gigs.changing import (
    BETTER,
    MAX,
    MIA,
    OTHER,
    PITCH,
    PLEASE,
    WHY,
    WORSE,
    arrive,
    asked,
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
    planned,
    rows,
    said,
    stood,
)  # fmt: skip


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A community with a board and a moderators' channel."""
    return await board_of(store, clock)


# --- before the moderators -------------------------------------------------------------------------


async def test_moderators_see_which_gig_it_changes_and_what(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    view = (await gigs.review.queue(MIA)).view
    assert isinstance(view, ChangeView)
    assert (view.gig.id, view.gig.replaces, view.waits) == (change.id, gig.id, True)
    assert view.live is not None
    assert (view.live.id, view.live.state, view.live.description) == (gig.id, "live", GOOD.description)
    assert [one.field for one in differences(view.live, view.gig)] == ["description", "budget"]
    assert (await row_of(gigs, gig.id)).description == GOOD.description


async def test_under_mine_there_is_one_gig_and_what_waits_for_it(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    mine = await gigs.board.mine_page(ANA)
    assert [one.id for one in mine.gigs] == [gig.id]
    assert mine.changes == {gig.id: change.state}
    await gigs.review.decide(MIA, change.id, 0, "change", PLEASE)
    assert (await gigs.board.mine_page(ANA)).changes == {gig.id: "change"}
    await gigs.review.decide(MIA, (await asked_again(gigs, change.id, gig.id)).id, 1, "approved")
    assert (await gigs.board.mine_page(ANA)).changes == {}
    await gigs.editing.words(ANA.person_id, gig.id, BETTER, SETTLED)
    assert (await gigs.board.mine_page(ANA)).changes == {gig.id: "edit"}


async def asked_again(gigs: GigService, change_id: int, gig_id: int) -> GigView:
    done = await gigs.editing.ask(ANA.person_id, change_id, gig_id, SETTLED)
    assert done.changed
    return done.gig


# --- yes, no, differently --------------------------------------------------------------------------


async def test_approved_words_go_into_the_same_post_and_the_change_is_over(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig, change = await waits(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    await arrive(gigs)
    await clock.advance(timedelta(hours=1))
    done = await gigs.review.decide(MIA, change.id, 0, "approved")
    assert (done.changed, done.view.gig.state, done.view.waits) == (True, "over", False)
    live = await row_of(gigs, gig.id)
    assert (live.state, live.description, live.low, live.edited_at) == (
        "live", WORSE.description, 9000, clock.now(),
    )  # fmt: skip
    assert (live.channel_id, live.message_id, live.expires_at) == (
        700 + gig.id, 800 + gig.id, gig.expires_at,
    )  # fmt: skip
    assert await said(gigs, "gig.repaid") == [("gig.repaid", BEN.person_id)]
    assert await said(gigs, "gig.decided") == [("gig.decided", ANA.person_id)]
    assert await cards(gigs) == [(change.id, "channel"), (change.id, "edit")]
    async with gigs.desk.store.read() as session:
        assert set(await session.scalars(select(GigBand.gig_id))) == {gig.id}
        posts = select(OutboxRow.target).where(OutboxRow.kind == "gig.post").order_by(OutboxRow.id)
        assert [*await session.scalars(posts)] == ["forum", "edit"]
    assert (await gigs.review.queue(MIA)).total == 0
    assert [one.id for one in await gigs.board.mine(ANA)] == [gig.id]


async def test_a_change_of_words_alone_tells_nobody_of_another_pay(gigs: GigService) -> None:
    gig, change = await waits(gigs, replace(WORSE, budget=GOOD.budget))
    await gigs.pitches.send(BEN, gig.id, PITCH)
    await gigs.review.decide(MIA, change.id, 0, "approved")
    assert await said(gigs, "gig.repaid") == []


async def test_refused_words_leave_the_post_and_can_be_appealed_once(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    done = await gigs.review.decide(MIA, change.id, 0, "refused", WHY)
    assert (done.view.gig.state, done.view.remembered) == ("refused", True)
    live = await row_of(gigs, gig.id)
    assert (live.state, live.description, live.edited_at) == ("live", GOOD.description, None)
    assert await said(gigs, "gig.decided", "gig.repaid") == [("gig.decided", ANA.person_id)]
    assert (await gigs.review.appeal(ANA.person_id, change.id)).changed
    assert not (await gigs.review.appeal(ANA.person_id, change.id)).changed
    assert (await seen(gigs, change.id)).waits
    await gigs.review.decide(MAX, change.id, 1, "refused", WHY)
    with pytest.raises(KithError, match="gig_appeal_used"):
        await gigs.review.appeal(ANA.person_id, change.id)


@pytest.mark.parametrize("meanwhile", ["ended", "another"])
async def test_an_appeal_needs_a_live_gig_that_no_other_change_waits_for(
    gigs: GigService, meanwhile: str
) -> None:
    gig, change = await waits(gigs)
    await gigs.review.decide(MIA, change.id, 0, "refused", WHY)
    if meanwhile == "ended":
        await gigs.board.filled(ANA.person_id, gig.id)
    else:
        await asked(gigs, gig.id, OTHER)
    with pytest.raises(KithError, match="gig_appeal_not"):
        await gigs.review.appeal(ANA.person_id, change.id)


async def test_asked_for_a_change_the_same_words_go_on(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await gigs.review.decide(MIA, change.id, 0, "change", PLEASE)
    row = await row_of(gigs, change.id)
    assert (row.state, row.change, row.replaces) == ("change", PLEASE.words, gig.id)
    for begun_at in (gig.id, change.id):
        assert await gigs.editing.place(ANA.person_id, begun_at) == (change.id, gig.id)
    with pytest.raises(KithError, match="gig_published"):  # it is no gig of its own
        await gigs.posting.rewrite(ANA.person_id, change.id, OTHER, SETTLED)
    with pytest.raises(KithError, match="gig_draft_gone"):
        await gigs.posting.publish(ANA.person_id, change.id, SETTLED)
    shown = await gigs.posting.rewrite(ANA.person_id, change.id, OTHER, SETTLED, gig.id)
    assert shown is not None
    assert (shown.verdict == "live", shown.beside, shown.gig.change) == (False, gig.id, PLEASE.words)
    await asked_again(gigs, change.id, gig.id)
    view = await seen(gigs, change.id)
    assert (view.asking, view.waits, view.gig.title) == (1, True, OTHER.title)
    late = await gigs.review.decide(MAX, change.id, 0, "approved")  # a button under the older words
    assert (late.changed, late.view.waits) == (False, True)
    assert (await gigs.review.decide(MAX, change.id, 1, "approved")).changed
    assert (await row_of(gigs, gig.id)).title == OTHER.title


async def test_what_was_sent_back_and_is_clean_by_now_is_saved_at_once(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await gigs.review.decide(MIA, change.id, 0, "change", PLEASE)
    await gigs.posting.rewrite(ANA.person_id, change.id, BETTER, SETTLED, gig.id)
    done = await gigs.editing.save(ANA.person_id, change.id, gig.id, SETTLED)
    assert isinstance(done, Outcome)
    assert (done.changed, done.gig.title) == (True, BETTER.title)
    assert (await row_of(gigs, change.id)).state == "over"
    assert (await gigs.board.mine_page(ANA)).changes == {}


# --- more than once, at once -----------------------------------------------------------------------


async def test_two_moderators_at_once_decide_once(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    both = await asyncio.gather(
        gigs.review.decide(MIA, change.id, 0, "approved"),
        gigs.review.decide(MAX, change.id, 0, "refused", WHY),
    )
    assert sorted(done.changed for done in both) == [False, True]
    row, live = await row_of(gigs, change.id), await row_of(gigs, gig.id)
    assert (row.state, live.description) in (
        ("over", WORSE.description), ("refused", GOOD.description),
    )  # fmt: skip
    assert len(await said(gigs, "gig.decided")) == 1
    assert len(await said(gigs, "gig.repaid")) == (row.state == "over")


async def test_approving_twice_changes_once(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    for first in (True, False):
        done = await gigs.review.decide(MIA, change.id, 0, "approved")
        assert done.changed is first
        assert done.view.last is not None
        assert done.view.last.decision == "approved"
    assert len(await said(gigs, "gig.repaid")) == 1


async def test_a_new_edit_takes_the_place_of_the_one_that_waits(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await arrive(gigs)
    assert await gigs.editing.place(ANA.person_id, gig.id) == (0, gig.id)
    assert (await gigs.editing.open(ANA.person_id, gig.id)).description == WORSE.description
    shown = await gigs.editing.words(ANA.person_id, gig.id, OTHER, SETTLED)
    assert shown.instead
    assert (await row_of(gigs, change.id)).state == "over"
    assert (change.id, "edit") in await cards(gigs)
    late = await gigs.review.decide(MIA, change.id, 0, "approved")
    assert not late.changed
    assert (await row_of(gigs, gig.id)).description == GOOD.description
    await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert (await gigs.review.queue(MIA)).total == 1
    await gigs.review.decide(MIA, shown.gig.id, 0, "approved")
    assert (await row_of(gigs, gig.id)).title == OTHER.title


async def test_there_is_one_unsaved_edit_at_most(gigs: GigService) -> None:
    gig = await stood(gigs)
    for draft in (BETTER, WORSE):
        assert not (await gigs.editing.words(ANA.person_id, gig.id, draft, SETTLED)).instead
    shown = await gigs.editing.words(ANA.person_id, gig.id, OTHER, SETTLED)
    assert [row.state for row in await rows(gigs)] == ["live", "edit"]
    assert await planned(gigs, "gig.draft") == [shown.gig.id]
    assert await gigs.editing.place(ANA.person_id, gig.id) == (shown.gig.id, gig.id)


async def test_an_appealed_change_makes_room_for_newer_words(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await gigs.review.decide(MIA, change.id, 0, "refused", WHY)
    shown = await gigs.editing.words(ANA.person_id, gig.id, BETTER, SETTLED)
    await gigs.review.appeal(ANA.person_id, change.id)
    await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert (await row_of(gigs, change.id)).state == "over"
    assert not (await gigs.review.decide(MIA, change.id, 1, "approved")).changed
    assert (await row_of(gigs, gig.id)).title == BETTER.title


async def test_a_change_is_taken_back_and_the_post_stays(gigs: GigService) -> None:
    gig, change = await waits(gigs)
    await arrive(gigs)
    for first in (True, False):
        done = await gigs.editing.discard(ANA.person_id, change.id, gig.id)
        assert (done.changed, done.gig.id, done.gig.state) == (first, gig.id, "live")
    assert (await gigs.review.queue(MIA)).total == 0
    assert await cards(gigs) == [(change.id, "channel"), (change.id, "edit")]
    assert not await gigs.changes.ended(gig.id, gig.created_at)
    unsaved = await gigs.editing.words(ANA.person_id, gig.id, BETTER, SETTLED)
    assert (await gigs.editing.discard(ANA.person_id, unsaved.gig.id, gig.id)).changed
    assert await planned(gigs, "gig.draft") == []
