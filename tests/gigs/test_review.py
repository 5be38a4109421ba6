"""The moderators' queue on a real database: what waits, and what is decided."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Said
from bot.core.store import Store
from bot.gigs.review_rules import Reason
from bot.gigs.rules import Draft
from bot.gigs.service import GigService
from bot.gigs.tables import GigDecision
from bot.people.tables import Community
from tests.gigs.reviewing import (
    ANA,
    BEN,
    BOARD,
    DAY,
    DOUBTFUL,
    ELSEWHERE,
    FIT,
    GOOD,
    MAX,
    MIA,
    MODS,
    OTHERWISE,
    SCAM,
    arrive,
    audit,
    first,
    moderated,
    rows,
    waiting,
)


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    return await moderated(store, clock)


# --- the queue -------------------------------------------------------------------------------------


async def test_the_queue_has_the_oldest_first_and_says_how_old_it_is(
    gigs: GigService, clock: TurnedClock
) -> None:
    began = clock.now()
    older = await waiting(gigs)
    await clock.advance(timedelta(hours=3))
    newer = await waiting(gigs, BEN, OTHERWISE)
    page = await gigs.review.queue(MIA)
    assert (page.page, page.total, page.oldest) == (1, 2, began)
    assert page.view is not None
    assert (page.view.gig.id, page.view.since) == (older.id, began)
    assert [(await gigs.review.queue(MIA, number)).view.gig.id for number in (2, 99)] == [newer.id, newer.id]  # type: ignore[union-attr]
    async with gigs.desk.store.read() as session:
        assert await gigs.review.waiting(session, 1) == (2, began)
        assert await gigs.review.waiting(session, 2) == (0, None)


async def test_an_empty_queue_and_another_communitys_show_nothing(gigs: GigService) -> None:
    empty = await gigs.review.queue(MIA)
    assert (empty.view, empty.page, empty.total, empty.oldest) == (None, 1, 0, None)
    await waiting(gigs)
    assert (await gigs.review.queue(ELSEWHERE)).view is None


async def test_moderators_see_what_else_the_poster_did_here(gigs: GigService, clock: TurnedClock) -> None:
    since = clock.now()
    await gigs.board.filled(ANA.person_id, (await gigs.posting.post(ANA, GOOD)).id)
    refused = await waiting(gigs)
    await gigs.review.decide(MIA, refused.id, 0, "refused", FIT)
    await gigs.posting.draft(ANA, GOOD)  # nobody else's business
    await waiting(gigs, draft=OTHERWISE)
    history = (await first(gigs)).history
    assert history.since == since
    assert dict(history.gigs) == {"filled": 1, "refused": 1}
    assert history.refused == ((DOUBTFUL.title, FIT),)


# --- deciding --------------------------------------------------------------------------------------


async def test_an_approved_gig_goes_live_for_two_weeks_from_then(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig = await waiting(gigs)
    await clock.advance(DAY)
    done = await gigs.review.decide(MIA, gig.id, 0, "approved")
    assert (done.changed, done.view.gig.state, done.view.waits) == (True, "live", False)
    assert done.view.gig.expires_at == clock.now() + 14 * DAY
    (post,) = await rows(gigs, "gig.post")
    assert (post.recipient, post.subject) == (BOARD, gig.id)
    (told,) = await rows(gigs, "gig.decided")
    assert told.recipient == ANA.person_id
    assert await audit(gigs) == [("gig.approved", MIA.person_id, DOUBTFUL.title)]


async def test_a_change_keeps_the_words_and_tells_what_is_wanted(gigs: GigService) -> None:
    gig = await waiting(gigs)
    done = await gigs.review.decide(MIA, gig.id, 0, "change", Reason("", "Drop Telegram."))
    assert (done.view.gig.state, done.view.gig.change) == ("change", "Drop Telegram.")
    assert [row.recipient for row in await rows(gigs, "gig.decided")] == [ANA.person_id]
    async with gigs.desk.store.read() as session:
        assert await gigs.review.waiting(session, 1) == (0, None)


async def test_changed_words_ask_the_moderators_anew_and_every_answer_is_told(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "change", Reason("", "Say more."))
    await clock.advance(DAY)
    longer = Draft("hire", DOUBTFUL.title, DOUBTFUL.description + " They show sales by week.", "60 €/h")
    await gigs.posting.rewrite(ANA.person_id, gig.id, longer)
    await gigs.posting.publish(ANA.person_id, gig.id)
    view = await first(gigs)
    assert (view.gig.id, view.asking, view.since) == (gig.id, 1, clock.now())
    assert view.last is not None
    assert view.last.reason.words == "Say more."
    await gigs.review.decide(MIA, gig.id, 1, "approved")
    assert len(await rows(gigs, "gig.review")) == 2
    assert len(await rows(gigs, "gig.decided")) == 2


async def test_a_press_under_older_words_decides_nothing(gigs: GigService) -> None:
    """Otherwise a harmless text could be exchanged while a moderator is reading it."""
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "change", Reason("", "Say more."))
    await gigs.posting.publish(ANA.person_id, gig.id)
    late = await gigs.review.decide(MAX, gig.id, 0, "approved")
    assert (late.changed, late.view.waits, late.view.asking) == (False, True, 1)
    assert await rows(gigs, "gig.post") == []


async def test_two_moderators_at_once_cannot_both_decide(gigs: GigService) -> None:
    gig = await waiting(gigs)
    both = await asyncio.gather(
        gigs.review.decide(MIA, gig.id, 0, "approved"),
        gigs.review.decide(MAX, gig.id, 0, "refused", SCAM),
    )
    assert sorted(done.changed for done in both) == [False, True]
    assert {done.view.gig.state for done in both} in ({"live"}, {"refused"})
    async with gigs.desk.store.read() as session:
        assert len((await session.scalars(select(GigDecision))).all()) == 1
    assert len(await audit(gigs)) == len(await rows(gigs, "gig.decided")) == 1


async def test_every_card_follows_a_decision_also_one_that_was_on_its_way(gigs: GigService) -> None:
    gig = await waiting(gigs)
    await arrive(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    await gigs.review.appeal(ANA.person_id, gig.id)
    await gigs.review.decide(MIA, gig.id, 1, "refused", SCAM)
    edits = [row for row in await rows(gigs, "gig.review") if row.target == "edit"]
    assert len({row.message_id for row in edits}) == 1, "the second card is not there yet"
    (_first, second) = [row for row in await rows(gigs, "gig.review") if row.target == "channel"]
    async with gigs.desk.store.write() as session:
        said = Said(second.id, "gig.review", gig.id, MODS, 1, second.key, "channel", MODS, 9_999)
        await gigs.delivered()["gig.review"](session, said)
    assert (await rows(gigs, "gig.review"))[-1].message_id == 9_999


async def test_another_community_and_unpublished_gigs_are_out_of_reach(gigs: GigService) -> None:
    gig = await waiting(gigs)
    for call in (
        lambda: gigs.review.decide(ELSEWHERE, gig.id, 0, "approved"),
        lambda: gigs.review.take_down(ELSEWHERE, gig.id, SCAM),
        lambda: gigs.review.remember(ELSEWHERE, gig.id, remember=False),
        lambda: gigs.review.one(ELSEWHERE, gig.id),
        lambda: gigs.review.one(MIA, 99),
    ):
        with pytest.raises(KithError, match="gig_gone"):
            await call()
    draft = (await gigs.posting.draft(BEN, GOOD)).gig
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.review.one(MIA, draft.id)


async def test_without_a_board_nothing_is_decided(gigs: GigService) -> None:
    gig = await waiting(gigs)
    async with gigs.desk.store.write() as session:
        await session.execute(update(Community).values(gig_channel_id=None))
    with pytest.raises(KithError, match="gig_no_board"):
        await gigs.review.decide(MIA, gig.id, 0, "approved")
    assert (await first(gigs)).gig.state == "queued"
    assert await audit(gigs) == []


async def test_what_was_withdrawn_meanwhile_is_not_decided(gigs: GigService) -> None:
    gig = await waiting(gigs)
    await gigs.board.withdraw(ANA.person_id, gig.id)
    done = await gigs.review.decide(MIA, gig.id, 0, "approved")
    assert (done.changed, done.view.gig.state) == (False, "withdrawn")
    assert await rows(gigs, "gig.post") == []
