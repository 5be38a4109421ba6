"""After a moderator's decision: words that are remembered, gigs taken down, appeals."""

import pytest
from sqlalchemy import delete, select, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.service import GigService
from bot.gigs.sketch import bands, sketch
from bot.gigs.tables import Gig, GigBand, GigCopy
from bot.people.tables import Member
from tests.gigs.reviewing import (
    ANA,
    BEN,
    CLEO,
    DAY,
    DOUBTFUL,
    ELSEWHERE,
    FIT,
    GOOD,
    MAX,
    MIA,
    OTHERWISE,
    SCAM,
    arrive,
    audit,
    first,
    live,
    moderated,
    rows,
    waiting,
)


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    return await moderated(store, clock)


# --- remembering -----------------------------------------------------------------------------------


async def test_refused_words_are_held_unless_they_were_forgotten(gigs: GigService) -> None:
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    again = await waiting(gigs, BEN)
    assert again.state == "held"
    await gigs.board.withdraw(BEN.person_id, again.id)
    assert (await gigs.review.remember(MIA, gig.id, remember=False)).changed
    assert not (await gigs.review.remember(MIA, gig.id, remember=False)).changed
    third = await waiting(gigs, CLEO)
    assert third.state == "queued"
    await gigs.board.withdraw(CLEO.person_id, third.id)
    assert (await gigs.review.remember(MAX, gig.id, remember=True)).view.remembered
    assert (await waiting(gigs, BEN)).state == "held"
    assert [what for what, _who, _gig in await audit(gigs)] == [
        "gig.refused", "gig.forgotten", "gig.remembered",
    ]  # fmt: skip


async def test_nearly_the_same_words_are_forgotten_and_remembered_with_them(gigs: GigService) -> None:
    async def kept() -> set[int]:
        async with gigs.desk.store.read() as session:
            return set(await session.scalars(select(GigBand.band).where(GigBand.gig_id == gig.id)))

    gig = await waiting(gigs)
    signature = sketch(gig.title + gig.description)
    async with gigs.desk.store.write() as session:
        (await session.get_one(Gig, gig.id)).sketch = list(signature)
        await session.execute(delete(GigBand))
        session.add_all([GigBand(gig_id=gig.id, band=band, community_id=1) for band in bands(signature)])
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM, remember=False)
    assert await kept() == set()
    await gigs.review.remember(MIA, gig.id, remember=True)
    assert await kept() == set(bands(signature))


async def test_words_may_be_forgotten_with_the_refusal(gigs: GigService) -> None:
    gig = await waiting(gigs)
    done = await gigs.review.decide(MIA, gig.id, 0, "refused", FIT, remember=False)
    assert not done.view.remembered
    assert (await waiting(gigs, BEN)).state == "queued"


async def test_only_words_of_refused_gigs_are_forgotten(gigs: GigService) -> None:
    gig = await waiting(gigs)
    assert not (await gigs.review.remember(MIA, gig.id, remember=False)).changed
    with pytest.raises(KithError, match="gig_already_posted"):
        await gigs.posting.post(ANA, DOUBTFUL)


# --- taken down ------------------------------------------------------------------------------------


async def test_a_live_gig_is_taken_down_with_its_words_and_links(gigs: GigService) -> None:
    gig = await live(gigs)
    await gigs.pitches.send(BEN, gig.id, "I built three such models for grid operators.")
    async with gigs.desk.store.write() as session:
        session.add(GigCopy(gig_id=gig.id, channel_id=800, message_id=801))
    done = await gigs.review.take_down(MIA, gig.id, SCAM)
    assert (done.changed, done.view.gig.state, done.view.remembered) == (True, "refused", True)
    assert not (await gigs.review.take_down(MAX, gig.id, SCAM)).changed
    removed = [(row.channel_id, row.message_id) for row in await rows(gigs, "gig.removed")]
    assert removed == [(700, 701), (800, 801)]
    assert [row for row in await rows(gigs, "gig.post", "gig.link") if row.target == "edit"] == []
    assert [row.recipient for row in await rows(gigs, "gig.decided")] == [ANA.person_id]
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.pitches.send(CLEO, gig.id, "I built three such models for grid operators.")
    assert (await gigs.posting.post(CLEO, GOOD)).state == "held"
    assert await audit(gigs) == [("gig.removed", MIA.person_id, GOOD.title)]


async def test_only_what_is_on_the_board_is_taken_down(gigs: GigService) -> None:
    gig = await waiting(gigs)
    assert not (await gigs.review.take_down(MIA, gig.id, SCAM)).changed
    assert (await first(gigs)).waits


async def test_an_appeal_brings_a_gig_that_was_taken_down_back_as_a_new_post(gigs: GigService) -> None:
    gig = await live(gigs)
    await gigs.review.take_down(MIA, gig.id, SCAM)
    await gigs.review.appeal(ANA.person_id, gig.id)
    await gigs.review.decide(MIA, gig.id, 1, "approved")
    posts = await rows(gigs, "gig.post")
    assert [row.target for row in posts] == ["forum", "forum"]
    assert len({row.key for row in posts}) == 2


async def test_moderators_find_what_is_on_the_board_by_its_title(gigs: GigService) -> None:
    gig = await live(gigs)
    await waiting(gigs, BEN)
    assert await gigs.review.on_board(MIA, " ENERGY ") == [(gig.id, GOOD.title)]
    assert await gigs.review.on_board(MIA, "%") == []
    assert await gigs.review.on_board(ELSEWHERE, "") == []


# --- appeals ---------------------------------------------------------------------------------------


async def test_an_appeal_comes_first_with_the_posters_words_and_works_once(
    gigs: GigService, clock: TurnedClock
) -> None:
    await waiting(gigs, BEN, OTHERWISE)
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    await clock.advance(DAY)
    assert (await gigs.review.appeal(ANA.person_id, gig.id)).changed
    assert not (await gigs.review.appeal(ANA.person_id, gig.id)).changed
    said = await gigs.review.appeal_words(ANA.person_id, gig.id, " It is a real shop. ")
    assert (said.changed, said.words) == (True, "It is a real shop.")
    view = await first(gigs)
    assert (view.gig.id, view.appeal, view.since) == (gig.id, "It is a real shop.", clock.now())
    await gigs.review.decide(MIA, gig.id, 1, "refused", SCAM)
    with pytest.raises(KithError, match="gig_appeal_used"):
        await gigs.review.appeal(ANA.person_id, gig.id)
    with pytest.raises(KithError, match="gig_appeal_not"):
        await gigs.review.appeal_words(ANA.person_id, gig.id, "Once more!")
    assert len(await rows(gigs, "gig.decided")) == 2


async def test_words_that_come_later_reach_the_moderators_card(gigs: GigService) -> None:
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    await gigs.review.appeal(ANA.person_id, gig.id)
    await arrive(gigs)
    await gigs.review.appeal_words(ANA.person_id, gig.id, "It is a real shop.")
    edits = [row for row in await rows(gigs, "gig.review") if row.target == "edit"]
    assert [row.subject for row in edits] == [gig.id, gig.id], "both cards that stand there"
    assert (await gigs.review.appealed(ANA.person_id, gig.id)).words == "It is a real shop."


async def test_an_appeal_is_the_posters_alone(gigs: GigService) -> None:
    gig = await waiting(gigs)
    with pytest.raises(KithError, match="gig_appeal_not"):
        await gigs.review.appeal(ANA.person_id, gig.id)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.review.appeal(BEN.person_id, gig.id)
    with pytest.raises(KithError, match="gig_appeal_not"):
        await gigs.review.appealed(ANA.person_id, gig.id)
    async with gigs.desk.store.write() as session:
        await session.execute(update(Member).values(barred_at=gigs.desk.clock.now()))
    with pytest.raises(KithError, match="barred"):
        await gigs.review.appeal(ANA.person_id, gig.id)
    assert (await gigs.review.queue(MIA)).total == 0


async def test_who_deleted_themselves_leaves_no_appeal_behind(gigs: GigService) -> None:
    gig = await waiting(gigs)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    async with gigs.desk.store.write() as session:
        await session.execute(delete(Gig))
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.review.appeal(ANA.person_id, gig.id)
