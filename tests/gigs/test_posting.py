"""A gig is a draft until its poster publishes it; what is known beside its words is weighed with them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.rules import DRAFT_FOR, DRAFTS_MAX, Details, Draft
from bot.gigs.service import GigService, Standing
from bot.gigs.tables import Gig
from bot.people.service import Who
from bot.people.tables import Member
from tests.gigs.posters import (
    ANA,
    BEN,
    COMMUNITY,
    DANGEROUS,
    GOOD,
    SETTLED,
    board_of,
    planned,
    rows,
    said,
    stood,
)

DETAILS = Details("python, forcasting, R, kafka", "10 to 15", "six weeks", "Two models you built", True)
EVERYTHING = ("gig.post", "gig.review")


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A community with a board and a moderators' channel."""
    return await board_of(store, clock)


async def set_state(gigs: GigService, gig_id: int, **values: object) -> None:
    """Let somebody else have changed a row."""
    async with gigs.desk.store.write() as session:
        await session.execute(update(Gig).where(Gig.id == gig_id).values(**values))


# --- drafts ------------------------------------------------------------------------------------------


async def test_a_draft_is_its_posters_alone_and_shows_what_was_understood(gigs: GigService) -> None:
    shown = await gigs.posting.draft(ANA, replace(GOOD, terms="energy, moon mining"), SETTLED)
    assert (shown.gig.state, shown.verdict, shown.strange) == ("draft", "live", ("moon mining",))
    assert (shown.gig.low, shown.gig.high, shown.gig.currency, shown.gig.per) == (8000, 12000, "EUR", "hour")
    assert shown.gig.niches == ("energy",)
    assert await said(gigs, *EVERYTHING) == []
    assert [gig.id for gig in await gigs.posting.begin(ANA)] == [shown.gig.id]
    assert await gigs.posting.begin(BEN) == []


async def test_details_are_added_and_what_nobody_knows_is_named(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    shown = await gigs.posting.add(ANA.person_id, draft.gig.id, DETAILS, SETTLED)
    assert shown.gig.skills == ("python", "forecasting", "r")
    assert shown.strange == ("kafka",)
    assert (shown.gig.hours, shown.gig.length, shown.gig.apply, shown.gig.starter) == (
        "10 to 15", "six weeks", "Two models you built", True,
    )  # fmt: skip
    again = await gigs.posting.rewrite(ANA.person_id, draft.gig.id, replace(GOOD, budget="90 €/h"), SETTLED)
    assert again is not None
    assert (again.gig.low, again.gig.skills) == (9000, shown.gig.skills)


async def test_details_are_screened_like_the_words(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    fee = replace(DETAILS, apply="First pay a registration fee of $30, then write to us on Telegram.")
    shown = await gigs.posting.add(ANA.person_id, draft.gig.id, fee, SETTLED)
    assert shown.verdict != "live"
    assert (await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)).gig.state != "live"


@pytest.mark.parametrize("step", ["rewrite", "add", "preview", "publish", "discard"])
async def test_a_strangers_draft_is_out_of_reach(gigs: GigService, step: str) -> None:
    mine = (await gigs.posting.draft(ANA, GOOD, SETTLED)).gig.id
    await gigs.posting.draft(BEN, replace(GOOD, description=GOOD.description + " Two of them."), SETTLED)
    more = {"rewrite": (GOOD,), "add": (DETAILS,)}.get(step, ())
    with pytest.raises(KithError, match="not_yours"):
        await getattr(gigs.posting, step)(BEN.person_id, mine, *more)
    assert [row.state for row in await rows(gigs)] == ["draft", "draft"]


async def test_a_draft_is_forgotten_a_week_after_the_last_touch(gigs: GigService, clock: TurnedClock) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await clock.advance(DRAFT_FOR - timedelta(hours=1))
    await gigs.posting.preview(ANA.person_id, draft.gig.id, SETTLED)
    await clock.advance(DRAFT_FOR - timedelta(hours=1))
    await gigs.desk.agenda.tick()
    assert len(await rows(gigs)) == 1
    await clock.advance(timedelta(hours=2))
    await gigs.desk.agenda.tick()
    assert await rows(gigs) == []
    assert await gigs.posting.rewrite(ANA.person_id, draft.gig.id, GOOD, SETTLED) is None
    for step in (gigs.posting.preview, gigs.posting.publish):
        with pytest.raises(KithError, match="gig_draft_gone"):
            await step(ANA.person_id, draft.gig.id, SETTLED)


async def test_what_was_published_is_not_forgotten_with_the_drafts(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig = await gigs.posting.post(ANA, GOOD, SETTLED)
    assert await planned(gigs, "gig.draft") == []
    await clock.advance(DRAFT_FOR + timedelta(days=1))
    await gigs.desk.agenda.tick()
    assert [row.id for row in await rows(gigs)] == [gig.id]


async def test_a_few_drafts_are_kept_and_none_is_thrown_away_for_another(gigs: GigService) -> None:
    made = [
        (await gigs.posting.draft(ANA, replace(GOOD, title=f"Forecast number {number}"), SETTLED)).gig.id
        for number in range(DRAFTS_MAX)
    ]
    with pytest.raises(KithError, match="gig_drafts_full"):
        await gigs.posting.draft(ANA, GOOD, SETTLED)
    assert [gig.id for gig in await gigs.posting.begin(ANA)] == made[::-1]
    assert await planned(gigs, "gig.draft") == made
    await gigs.posting.discard(ANA.person_id, made[0])
    await gigs.posting.draft(ANA, GOOD, SETTLED)


async def test_discarding_leaves_nothing_and_twice_is_no_mistake(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    assert await gigs.posting.discard(ANA.person_id, draft.gig.id)
    assert not await gigs.posting.discard(ANA.person_id, draft.gig.id)
    assert (await rows(gigs), await planned(gigs, "gig.draft")) == ([], [])


# --- publishing --------------------------------------------------------------------------------------


async def test_publishing_twice_posts_once(gigs: GigService, clock: TurnedClock) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await clock.advance(timedelta(days=3))
    first = await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)
    second = await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)
    assert (first.changed, first.gig.state) == (True, "live")
    assert (second.changed, second.gig.state) == (False, "live")
    assert first.gig.expires_at - clock.now() == timedelta(days=14)
    assert first.gig.created_at == clock.now()
    assert len(await said(gigs, "gig.post")) == 1


async def test_two_presses_at_once_post_once(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    both = await asyncio.gather(
        *(gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED) for _press in range(2))
    )
    assert sorted(done.changed for done in both) == [False, True]
    assert len(await said(gigs, "gig.post")) == 1


async def test_only_publishing_consents_to_messages(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    (row,) = await rows(gigs)

    async def agreed() -> bool:
        async with gigs.desk.store.read() as session:
            return await gigs.desk.people.has_consent(session, row.member_id, "gigs")

    assert not await agreed()
    await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)
    assert await agreed()


async def test_words_cannot_change_behind_the_screening(gigs: GigService) -> None:
    """A form left open on a draft that is live by now must not put its words on the board."""
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)
    with pytest.raises(KithError, match="gig_published"):
        await gigs.posting.rewrite(ANA.person_id, draft.gig.id, DANGEROUS, SETTLED)
    with pytest.raises(KithError, match="gig_published"):
        await gigs.posting.add(ANA.person_id, draft.gig.id, DETAILS, SETTLED)
    with pytest.raises(KithError, match="gig_published"):
        await gigs.posting.discard(ANA.person_id, draft.gig.id)
    assert [row.title for row in await rows(gigs)] == [GOOD.title]


async def test_what_moderators_sent_back_is_mended_and_screened_again(gigs: GigService) -> None:
    gig = await gigs.posting.post(ANA, DANGEROUS, SETTLED)
    assert gig.state in ("queued", "held")
    await set_state(gigs, gig.id, state="change", change="Please leave out the fee.")
    assert (await gigs.editing.open(ANA.person_id, gig.id)).change == "Please leave out the fee."
    shown = await gigs.posting.rewrite(ANA.person_id, gig.id, GOOD, SETTLED)
    assert shown is not None
    assert (shown.gig.state, shown.verdict) == ("change", "live")
    assert await planned(gigs, "gig.draft") == []
    done = await gigs.posting.publish(ANA.person_id, gig.id, SETTLED)
    assert (done.gig.id, done.gig.state, done.gig.change) == (gig.id, "live", None)


async def test_where_there_is_no_board_or_no_leave_nothing_is_begun(store: Store, clock: TurnedClock) -> None:
    gigs = await board_of(store, clock, channel=None)
    for step in (gigs.posting.begin(ANA), gigs.posting.draft(ANA, GOOD, SETTLED)):
        with pytest.raises(KithError, match="gig_no_board"):
            await step
    assert await rows(gigs) == []


async def test_whoever_is_barred_posts_nothing_not_even_a_draft_from_before(gigs: GigService) -> None:
    draft = await gigs.posting.draft(ANA, GOOD, SETTLED)
    async with gigs.desk.store.write() as session:
        await session.execute(update(Member).values(barred_at=gigs.desk.clock.now()))
    with pytest.raises(KithError, match="barred"):
        await gigs.posting.begin(ANA)
    with pytest.raises(KithError, match="barred"):
        await gigs.posting.draft(ANA, GOOD, SETTLED)
    with pytest.raises(KithError, match="barred"):
        await gigs.posting.publish(ANA.person_id, draft.gig.id, SETTLED)
    assert [row.state for row in await rows(gigs)] == ["draft"]


# --- what is known beside the words ------------------------------------------------------------------


async def rules_met(gigs: GigService, who: Who, draft: Draft, standing: Standing = SETTLED) -> set[str]:
    return {finding.rule for finding in (await gigs.posting.draft(who, draft, standing)).gig.findings}


async def test_a_new_account_is_noted_and_stops_nothing_by_itself(gigs: GigService) -> None:
    assert await rules_met(gigs, ANA, GOOD, SETTLED) == set()
    shown = await gigs.posting.draft(BEN, replace(GOOD, title="Another model"), Standing(0, 0))
    assert {finding.rule for finding in shown.gig.findings} == {"new_account", "new_member"}
    assert shown.verdict == "live"


async def test_time_with_us_counts_as_well_as_discords_own(gigs: GigService, clock: TurnedClock) -> None:
    await gigs.posting.draft(ANA, GOOD, Standing(None, None))
    await clock.advance(timedelta(days=400))
    assert await rules_met(gigs, ANA, replace(GOOD, title="Another model"), Standing(500, 0)) == set()


async def test_the_same_text_of_somebody_else_is_noted_and_ones_own_is_refused(gigs: GigService) -> None:
    await stood(gigs)
    assert "repeat" in await rules_met(gigs, BEN, GOOD)
    with pytest.raises(KithError, match="gig_already_posted"):
        await gigs.posting.draft(ANA, GOOD, SETTLED)


async def test_a_text_that_was_refused_before_is_held_whoever_posts_it(gigs: GigService) -> None:
    gig = await gigs.posting.post(ANA, GOOD, SETTLED)
    await set_state(gigs, gig.id, state="refused")
    assert "repeat_refused" in await rules_met(gigs, BEN, GOOD)


LONG = replace(
    GOOD, description=GOOD.description + " It runs every morning and warns us of days unlike others."
)
OF_LONG = replace(LONG, description=LONG.description.replace("morning", "evening"))


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ("live", "similar"), ("queued", "similar"),
        ("held", "similar_refused"), ("refused", "similar_refused"),
        ("expired", None), ("filled", None), ("withdrawn", None),
    ],
)  # fmt: skip
async def test_nearly_the_same_text_is_noticed_by_what_became_of_it(
    gigs: GigService, state: str, rule: str | None
) -> None:
    gig = await gigs.posting.post(ANA, LONG, SETTLED)
    await set_state(gigs, gig.id, state=state)
    assert await rules_met(gigs, BEN, OF_LONG) == ({rule} if rule else set())
    other = replace(
        GOOD, title="Dashboards for a bakery", description="Weekly sales by shop and product, in SQL."
    )
    assert await rules_met(gigs, BEN, other) == set()


async def test_a_draft_is_compared_with_nothing_and_nothing_with_it(gigs: GigService) -> None:
    await gigs.posting.draft(ANA, LONG, SETTLED)
    assert await rules_met(gigs, BEN, OF_LONG) == set()


async def others_post(gigs: GigService, budget: str, number: int) -> None:
    for count in range(number):
        who = Who(COMMUNITY, "Data Collective", 100 + count, f"Poster {count}")
        draft = replace(GOOD, title=f"Forecast for shop {count}", budget=budget)
        await gigs.posting.post(who, draft, SETTLED)


@pytest.mark.parametrize(("others", "noted"), [(4, False), (5, True)])
async def test_pay_far_above_the_usual_is_noted_once_five_have_posted(
    gigs: GigService, others: int, noted: bool
) -> None:
    await others_post(gigs, "50 €/h", others)
    assert ("far_pay" in await rules_met(gigs, ANA, replace(GOOD, budget="900 €/h"))) is noted
    for usual in ("60 €/h", "900 USD/h", "900 €/day"):
        assert "far_pay" not in await rules_met(gigs, ANA, replace(GOOD, budget=usual))


async def test_ones_own_pay_is_not_the_usual_pay(gigs: GigService) -> None:
    await others_post(gigs, "50 €/h", 4)
    await gigs.posting.post(ANA, replace(GOOD, title="Dashboards"), SETTLED)
    assert "far_pay" not in await rules_met(gigs, ANA, replace(GOOD, budget="900 €/h"))


async def test_the_pay_of_one_poster_is_not_the_usual_pay(gigs: GigService) -> None:
    for number in range(6):
        await gigs.posting.post(BEN, replace(GOOD, title=f"Forecast {number}", budget="5 €/h"), SETTLED)
    assert "far_pay" not in await rules_met(gigs, ANA, replace(GOOD, budget="80 €/h"))


@pytest.mark.parametrize(("budget", "hinted"), [("40 €/h", True), ("40–60 €/h", False), ("80 €/h", False)])
async def test_a_budget_below_what_people_are_paid_gets_a_hint_and_no_more(
    gigs: GigService, budget: str, hinted: bool
) -> None:
    async def typical(*asked: object) -> tuple[int, int]:
        assert asked[1:] == (COMMUNITY, [], "EUR", "hour")
        return 6000, 9000

    gigs.posting.typical = typical
    shown = await gigs.posting.draft(ANA, replace(GOOD, budget=budget), SETTLED)
    assert shown.typical == ((6000, 9000) if hinted else None)
    assert shown.verdict == "live"


# --- friendly to first-timers ------------------------------------------------------------------------


async def test_a_gig_for_first_timers_pays_a_floor(gigs: GigService) -> None:
    cheap = await gigs.posting.draft(ANA, replace(GOOD, budget="10 €/h"), SETTLED)
    with pytest.raises(KithError, match="gig_starter_floor") as refused:
        await gigs.posting.add(ANA.person_id, cheap.gig.id, DETAILS, SETTLED)
    assert refused.value.values == {"least": "15", "currency": "EUR"}
    plain = await gigs.posting.add(ANA.person_id, cheap.gig.id, replace(DETAILS, starter=False), SETTLED)
    assert not plain.gig.starter
    fair = await gigs.posting.draft(ANA, GOOD, SETTLED)
    await gigs.posting.add(ANA.person_id, fair.gig.id, DETAILS, SETTLED)
    with pytest.raises(KithError, match="gig_starter_floor"):
        await gigs.posting.rewrite(ANA.person_id, fair.gig.id, replace(GOOD, budget="10 €/h"), SETTLED)
