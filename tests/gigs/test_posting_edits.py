"""A post on the board changes its words only for clean ones, and is never lost over it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.rules import DRAFT_FOR, Details, Draft
from bot.gigs.service import GigService, Outcome, Preview
from tests.gigs.posters import ANA, BEN, DANGEROUS, GOOD, SETTLED, board_of, planned, rows, said, stood

BETTER = replace(GOOD, title="Forecast energy demand, day ahead", budget="100 €/h")
WORSE = replace(GOOD, description=DANGEROUS.description)
PITCH = "I built three such models for grid operators."


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A community with a board and a moderators' channel."""
    return await board_of(store, clock)


async def edited(gigs: GigService, gig_id: int, words: object = BETTER) -> Preview:
    return await gigs.editing.words(ANA.person_id, gig_id, words, SETTLED)  # type: ignore[arg-type]


async def test_new_words_wait_beside_until_they_are_saved(gigs: GigService, clock: TurnedClock) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    assert (shown.gig.state, shown.beside, shown.verdict) == ("edit", gig.id, "live")
    assert shown.until == gig.expires_at
    old, _new = await rows(gigs)
    assert (old.title, old.edited_at) == (GOOD.title, None)
    await clock.advance(timedelta(hours=1))
    done = await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert isinstance(done, Outcome)
    assert (done.changed, done.gig.id, done.gig.title, done.gig.low) == (True, gig.id, BETTER.title, 10000)
    (row,) = await rows(gigs)
    assert (row.state, row.edited_at, row.expires_at) == ("live", clock.now(), gig.expires_at)
    assert (row.channel_id, row.message_id) == (700 + gig.id, 800 + gig.id)
    assert await planned(gigs, "gig.draft") == []


async def test_those_who_show_a_gig_follow_its_words(gigs: GigService) -> None:
    followed: list[str] = []

    async def follow(_session: object, row: object) -> None:
        followed.append(row.title)  # type: ignore[attr-defined]

    gigs.desk.on_edited.append(follow)
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    assert followed == []
    await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert followed == [BETTER.title]


async def test_new_words_are_recognised_and_the_old_ones_no_longer(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(
        gigs, gig.id, replace(BETTER, description="Weekly sales of a bakery by shop, in SQL.")
    )
    await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)

    async def noticed(draft: Draft) -> set[str]:
        found = (await gigs.posting.draft(BEN, draft, SETTLED)).gig.findings
        return {finding.rule for finding in found} & {"repeat", "similar"}

    new = replace(BETTER, description="Weekly sales of a bakery by shop, in SQL.")
    assert await noticed(new) == {"repeat"}
    assert await noticed(replace(new, description=new.description + " Now.")) == {"similar"}
    assert await noticed(GOOD) == set()


async def test_saving_twice_or_at_once_changes_once(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    both = await asyncio.gather(
        *(gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED) for _press in range(2))
    )
    assert sorted(done.changed for done in both if isinstance(done, Outcome)) == [False, True]


async def test_only_the_budget_may_change(gigs: GigService) -> None:
    """The same words of one's own are no repetition of what they replace."""
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id, replace(GOOD, budget="90 €/h"))
    done = await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert isinstance(done, Outcome)
    assert (done.gig.low, done.gig.state) == (9000, "live")


async def test_details_stay_and_can_be_changed_beside_the_post(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await gigs.posting.add(ANA.person_id, draft.gig.id, Details("python", "10", "", "", True), SETTLED)
    gig = (await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)).gig
    shown = await edited(gigs, gig.id)
    assert (shown.gig.skills, shown.gig.hours, shown.gig.starter) == (("python",), "10", True)
    details = Details("sql", "20", "a month", "", False)
    shown = await gigs.posting.add(ANA.person_id, shown.gig.id, details, SETTLED, gig.id)
    await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    (row,) = await rows(gigs)
    assert (row.skills, row.hours, row.length, row.starter) == (["sql"], "20", "a month", False)
    cheap = await gigs.editing.open(ANA.person_id, gig.id)
    assert cheap.title == BETTER.title


async def test_a_gig_for_first_timers_stays_above_the_floor(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await gigs.posting.add(ANA.person_id, draft.gig.id, Details(starter=True), SETTLED)
    gig = (await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)).gig
    with pytest.raises(KithError, match="gig_starter_floor"):
        await edited(gigs, gig.id, replace(GOOD, budget="5 €/h"))


async def test_words_that_need_a_moderator_never_reach_the_post(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id, WORSE)
    assert shown.verdict != "live"
    again = await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert isinstance(again, Preview)
    old, new = await rows(gigs)
    assert (old.state, old.description, new.state) == ("live", GOOD.description, "edit")
    mended = await gigs.posting.rewrite(ANA.person_id, new.id, BETTER, SETTLED, gig.id)
    assert mended is not None
    assert mended.verdict == "live"


async def test_moderators_are_asked_once_about_new_words_and_the_post_stays(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id, WORSE)
    done = await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert done.gig.id == shown.gig.id
    assert done.gig.state in ("queued", "held")
    old, new = await rows(gigs)
    assert (old.state, old.description) == ("live", GOOD.description)
    assert new.description == WORSE.description
    assert len(await said(gigs, "gig.review")) == 1
    assert new.replaces == gig.id
    again = await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert (again.changed, again.gig.id) == (False, new.id)
    assert len(await said(gigs, "gig.review")) == 1


async def test_asking_about_clean_words_saves_them(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    done = await gigs.editing.ask(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert (done.gig.id, done.gig.title) == (gig.id, BETTER.title)
    assert len(await rows(gigs)) == 1


@pytest.mark.parametrize(
    ("budget", "told"), [("90 €/h", True), ("80–120 EUR an hour", False), ("80–120 €/day", True)]
)
async def test_whoever_answered_hears_of_another_pay(gigs: GigService, budget: str, told: bool) -> None:
    gig = await stood(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    shown = await edited(gigs, gig.id, replace(GOOD, budget=budget))
    assert await said(gigs, "gig.repaid") == []
    await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert await said(gigs, "gig.repaid") == ([("gig.repaid", BEN.person_id)] if told else [])


async def test_every_change_of_pay_is_told(gigs: GigService, clock: TurnedClock) -> None:
    gig = await stood(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    for budget in ("90 €/h", "95 €/h"):
        await clock.advance(timedelta(minutes=1))
        shown = await edited(gigs, gig.id, replace(GOOD, budget=budget))
        await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    assert len(await said(gigs, "gig.repaid")) == 2


async def test_an_edit_ends_where_its_gig_does(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    await gigs.board.filled(ANA.person_id, gig.id)
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.editing.save(ANA.person_id, shown.gig.id, gig.id, SETTLED)
    with pytest.raises(KithError, match="gig_closed"):
        await edited(gigs, gig.id)
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.editing.open(ANA.person_id, gig.id)
    old, _new = await rows(gigs)
    assert old.title == GOOD.title


async def test_an_unsaved_edit_is_forgotten_and_the_post_stays(gigs: GigService, clock: TurnedClock) -> None:
    gig = await stood(gigs)
    await edited(gigs, gig.id)
    await clock.advance(DRAFT_FOR + timedelta(hours=1))
    await gigs.desk.agenda.tick()
    assert [row.id for row in await rows(gigs)] == [gig.id]


async def test_what_moderators_read_keeps_its_words(gigs: GigService) -> None:
    gig = await gigs.posting.post(ANA, DANGEROUS, SETTLED)
    with pytest.raises(KithError, match="gig_edit_waiting"):
        await gigs.editing.open(ANA.person_id, gig.id)
    with pytest.raises(KithError, match="gig_closed"):
        await edited(gigs, gig.id)


async def test_nobody_else_edits_a_gig_nor_uses_ones_own_draft_for_it(gigs: GigService) -> None:
    gig = await stood(gigs)
    shown = await edited(gigs, gig.id)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.editing.words(BEN.person_id, gig.id, BETTER, SETTLED)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.editing.save(BEN.person_id, shown.gig.id, gig.id, SETTLED)
    draft = await gigs.posting.draft(BEN, WORSE, SETTLED)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.posting.rewrite(BEN.person_id, draft.gig.id, BETTER, SETTLED, gig.id)
    with pytest.raises(KithError, match="gig_draft_gone"):
        await gigs.posting.publish(ANA.person_id, shown.gig.id, SETTLED)
    mine = await gigs.posting.draft(ANA, replace(GOOD, title="Something else"), SETTLED)
    with pytest.raises(KithError, match="gig_published"):
        await gigs.editing.save(ANA.person_id, mine.gig.id, gig.id, SETTLED)
    assert [row.state for row in await rows(gigs)] == ["live", "edit", "draft", "draft"]
