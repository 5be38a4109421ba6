"""Use cases of the moderators' queue on a real database."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import SAID, Outbox, OutboxRow, Said
from bot.core.store import Store
from bot.gigs.review_rules import Reason
from bot.gigs.review_views import ReviewView
from bot.gigs.rules import Draft
from bot.gigs.service import GigService, GigView
from bot.gigs.sketch import bands, sketch
from bot.gigs.tables import Gig, GigBand, GigCopy, GigDecision
from bot.people.service import PeopleService, Who
from bot.people.tables import AuditEntry, Community, Member

ANA, BEN, CLEO, MIA, MAX = (
    Who(1, "Data Collective", number, name)
    for number, name in ((11, "Ana"), (12, "Ben"), (13, "Cleo"), (14, "Mia"), (15, "Max"))
)
ELSEWHERE = Who(2, "Elsewhere", 14, "Mia")
BOARD, MODS = 500, 600
DAY = timedelta(days=1)
GOOD = Draft(
    "hire", "Forecast energy demand", "A day-ahead model in Python for an energy retailer, with tests.",
    "80–120 €/h",
)  # fmt: skip
DOUBTFUL = Draft(
    "hire", "Simple dashboards wanted", "Two dashboards for a shop. Please contact me on Telegram about it.",
    "50 €/h",
)  # fmt: skip
OTHERWISE = Draft(
    "hire", "Reports about bicycles", "Three reports about bicycles. Please contact me on Telegram about it.",
    "50 €/h",
)  # fmt: skip
SCAM, FIT = Reason("scam"), Reason("fit", "No shops here.")


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    agenda, outbox = Agenda(store, clock), Outbox(store, clock)
    service = GigService(store, clock, agenda, outbox, PeopleService(store, clock))
    agenda.register({"gig.waiting": service.review.remind})
    async with store.write() as session:
        session.add(
            Community(
                id=1, name="Data Collective", gig_channel_id=BOARD, mod_channel_id=MODS,
                created_at=clock.now(),
            )
        )  # fmt: skip
    return service


async def waiting(gigs: GigService, who: Who = ANA, draft: Draft = DOUBTFUL) -> GigView:
    """A gig that waits for the moderators."""
    gig = await gigs.posting.post(who, draft)
    assert gig.state in ("queued", "held")
    return gig


async def live(gigs: GigService) -> GigView:
    """A gig of Ana's on the board, where Discord has it."""
    gig = await gigs.posting.post(ANA, GOOD)
    async with gigs.desk.store.write() as session:
        await gigs.delivered()["gig.post"](
            session, Said(1, "gig.post", gig.id, BOARD, 1, f"gig.post:{gig.id}", "forum", 700, 701)
        )
    return gig


async def rows(gigs: GigService, *kinds: str) -> list[OutboxRow]:
    """What was enqueued, of these kinds."""
    async with gigs.desk.store.read() as session:
        query = select(OutboxRow).where(OutboxRow.kind.in_(kinds)).order_by(OutboxRow.id)
        return list(await session.scalars(query))


async def arrive(gigs: GigService) -> None:
    """Do what the courier does once the moderators' cards reached Discord."""
    async with gigs.desk.store.write() as session:
        query = select(OutboxRow).where(OutboxRow.kind == "gig.review", OutboxRow.target == "channel")
        for row in (await session.scalars(query)).all():
            row.state, row.channel_id, row.message_id = SAID, MODS, 9_000 + row.id


async def audit(gigs: GigService) -> list[tuple[str, int | None, str]]:
    """The community's record: what, who, about which gig."""
    async with gigs.desk.store.read() as session:
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.actor_id, entry.detail) for entry in entries]


async def first(gigs: GigService) -> ReviewView:
    """The first gig of the queue."""
    view = (await gigs.review.queue(MIA)).view
    assert view is not None
    return view


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


# --- reminders and missing channels ----------------------------------------------------------------


async def remind_until(gigs: GigService, clock: TurnedClock, instant: datetime) -> list[datetime]:
    """Turn the clock hour by hour; when moderators were reminded."""
    while clock.now() < instant:
        await clock.advance(timedelta(hours=1))
        await gigs.desk.agenda.tick()
    return [row.due_at for row in await rows(gigs, "gig.reminder")]


async def test_moderators_are_reminded_after_a_day_and_once_a_day(
    gigs: GigService, clock: TurnedClock
) -> None:
    began = clock.now()
    gig = await waiting(gigs)
    assert await remind_until(gigs, clock, began + timedelta(hours=7)) == []
    other = await waiting(gigs, BEN, OTHERWISE)
    assert await remind_until(gigs, clock, began + 3 * DAY) == [began + DAY, began + 2 * DAY, began + 3 * DAY]
    for one in (gig, other):
        await gigs.review.decide(MIA, one.id, 0, "refused", SCAM)
    assert len(await remind_until(gigs, clock, began + 6 * DAY)) == 3


async def test_a_decided_oldest_leaves_the_others_their_own_day(gigs: GigService, clock: TurnedClock) -> None:
    began = clock.now()
    gig = await waiting(gigs)
    await remind_until(gigs, clock, began + timedelta(hours=10))
    await waiting(gigs, BEN, OTHERWISE)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    assert await remind_until(gigs, clock, began + DAY + timedelta(hours=11)) == [
        began + DAY + timedelta(hours=10)
    ]


async def test_without_a_channel_nobody_is_written_to_until_there_is_one(
    gigs: GigService, clock: TurnedClock
) -> None:
    began = clock.now()
    async with gigs.desk.store.write() as session:
        await session.execute(update(Community).values(mod_channel_id=None))
    await waiting(gigs)
    await waiting(gigs, BEN, OTHERWISE)
    assert await gigs.review.slow(1)
    assert await rows(gigs, "gig.review") == []
    assert (await gigs.review.queue(MIA)).total == 2
    assert await remind_until(gigs, clock, began + 2 * DAY + timedelta(hours=2)) == []
    async with gigs.desk.store.write() as session:
        await session.execute(update(Community).values(mod_channel_id=MODS))
    assert not await gigs.review.slow(1)
    assert await remind_until(gigs, clock, began + 4 * DAY) == [began + 3 * DAY, began + 4 * DAY]
