"""Use cases of the gig board on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow, Said
from bot.core.store import Store
from bot.gigs.rules import Draft
from bot.gigs.service import GigService, GigView
from bot.gigs.tables import GigDecision
from bot.people.service import PeopleService, Who
from bot.people.tables import Community

ANA, BEN, CLEO, MIA = (
    Who(1, "Data Collective", number, name)
    for number, name in ((11, "Ana"), (12, "Ben"), (13, "Cleo"), (14, "Mia"))
)
BOARD, MODS = 500, 600
GOOD = Draft(
    "hire",
    "Forecast energy demand",
    "A day-ahead model in Python for an energy retailer, with tests.",
    "80–120 €/h",
    "energy; OCR, 10 h a week",
)
DOUBTFUL = Draft(
    "hire",
    "Simple dashboards wanted",
    "Two dashboards for a shop. Please contact me on Telegram about it.",
    "50 €/h",
)
DANGEROUS = Draft(
    "hire",
    "Easy data entry work",
    "You will need to pay a small registration fee before you get the tasks.",
    "50 €/h",
)
PITCH = "I built three such models for grid operators."


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    agenda, outbox = Agenda(store, clock), Outbox(store, clock)
    service = GigService(store, clock, agenda, outbox, PeopleService(store, clock))
    agenda.register(service.handlers())
    async with store.write() as session:
        session.add(
            Community(
                id=1,
                name="Data Collective",
                gig_channel_id=BOARD,
                mod_channel_id=MODS,
                created_at=clock.now(),
            )
        )
    return service


async def said(gigs: GigService) -> list[tuple[str, str, int]]:
    """What waits in the outbox: kind, target, recipient."""
    async with gigs.store.read() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [(row.kind, row.target, row.recipient) for row in rows]


async def on_board(gigs: GigService) -> GigView:
    """A live gig of Ana's that was delivered to the board."""
    gig = await gigs.post(ANA, GOOD)
    await deliver(gigs, gig)
    return gig


async def deliver(gigs: GigService, gig: GigView) -> None:
    """Do what the courier does once the post reached Discord."""
    async with gigs.store.write() as session:
        await gigs.delivered()["gig.post"](
            session, Said(1, "gig.post", gig.id, BOARD, 1, f"gig.post:{gig.id}", "forum", 700, 701)
        )


async def applied(gigs: GigService, gig: GigView, who: Who = BEN) -> int:
    """Let someone answer a gig; the id of their interest."""
    await gigs.interest(who, gig.id, PITCH)
    async with gigs.store.read() as session:
        subject = await session.scalar(
            select(OutboxRow.subject)
            .where(OutboxRow.kind == "gig.interest")
            .order_by(OutboxRow.id.desc())
            .limit(1)
        )
    assert subject is not None
    return subject


async def test_a_clean_gig_goes_to_the_board_with_its_niches(gigs: GigService) -> None:
    gig = await gigs.post(ANA, GOOD)
    assert (gig.state, gig.niches) == ("live", ("energy", "ocr"))
    assert await said(gigs) == [("gig.post", "forum", BOARD)]


@pytest.mark.parametrize(("draft", "state"), [(DOUBTFUL, "queued"), (DANGEROUS, "held")])
async def test_a_doubtful_or_dangerous_gig_only_reaches_the_moderators(
    gigs: GigService, draft: Draft, state: str
) -> None:
    gig = await gigs.post(ANA, draft)
    assert gig.state == state
    assert gig.findings[0].sentence
    assert await said(gigs) == [("gig.review", "channel", MODS)]


async def test_nothing_is_stored_when_the_budget_is_not_money(gigs: GigService) -> None:
    with pytest.raises(KithError, match="gig_budget_unpaid"):
        await gigs.post(ANA, Draft("hire", GOOD.title, GOOD.description, "great exposure"))
    assert await gigs.mine(ANA) == []
    assert await said(gigs) == []


async def test_posting_the_same_gig_twice_is_refused_and_a_copy_by_another_is_queued(
    gigs: GigService,
) -> None:
    await gigs.post(ANA, GOOD)
    with pytest.raises(KithError, match="gig_already_posted"):
        await gigs.post(ANA, GOOD)
    assert (await gigs.post(BEN, GOOD)).state == "queued"


async def test_interest_is_told_to_the_poster_once(gigs: GigService) -> None:
    gig = await on_board(gigs)
    await gigs.interest(BEN, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_interest_again"):
        await gigs.interest(BEN, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_interest_again"):
        await gigs.may_answer(BEN, gig.id)
    assert (await said(gigs)).count(("gig.interest", "person", ANA.person_id)) == 1


async def test_nobody_answers_their_own_gig_or_one_from_another_server(gigs: GigService) -> None:
    gig = await on_board(gigs)
    with pytest.raises(KithError, match="gig_own"):
        await gigs.interest(ANA, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.interest(Who(2, "Elsewhere", 12, "Ben"), gig.id, PITCH)


async def test_accepting_twice_names_the_two_to_each_other_once(gigs: GigService) -> None:
    interest = await applied(gigs, await on_board(gigs))
    first = await gigs.answer_interest(ANA.person_id, interest, accept=True)
    second = await gigs.answer_interest(ANA.person_id, interest, accept=False)
    assert (first.changed, second.changed, second.interest.state) == (True, False, "accepted")
    told = [recipient for kind, _target, recipient in await said(gigs) if kind == "gig.accepted"]
    assert sorted(told) == [ANA.person_id, BEN.person_id]


async def test_a_declined_applicant_is_told_and_the_poster_is_not(gigs: GigService) -> None:
    interest = await applied(gigs, await on_board(gigs))
    await gigs.answer_interest(ANA.person_id, interest, accept=False)
    assert (await said(gigs))[-1] == ("gig.declined", "person", BEN.person_id)


async def test_a_stranger_can_neither_answer_for_the_poster_nor_close_the_gig(gigs: GigService) -> None:
    gig = await on_board(gigs)
    interest = await applied(gigs, gig)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.answer_interest(BEN.person_id, interest, accept=True)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.filled(BEN.person_id, gig.id)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.withdraw(CLEO.person_id, gig.id)


async def test_filling_twice_edits_the_post_once_and_tells_who_still_waits(gigs: GigService) -> None:
    gig = await on_board(gigs)
    await applied(gigs, gig)
    assert (await gigs.filled(ANA.person_id, gig.id)).changed
    assert not (await gigs.filled(ANA.person_id, gig.id)).changed
    messages = await said(gigs)
    assert messages.count(("gig.post", "edit", 700)) == 1
    assert messages.count(("gig.closed", "person", BEN.person_id)) == 1
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.interest(CLEO, gig.id, PITCH)


async def test_a_gig_filled_while_it_was_being_sent_is_corrected_on_the_board(gigs: GigService) -> None:
    gig = await gigs.post(ANA, GOOD)
    await gigs.filled(ANA.person_id, gig.id)
    await deliver(gigs, gig)
    assert ("gig.post", "edit", 700) in await said(gigs)


async def test_two_moderators_cannot_both_decide(gigs: GigService) -> None:
    gig = await gigs.post(ANA, DOUBTFUL)
    first = await gigs.decide(MIA, gig.id, approve=True, is_moderator=True)
    second = await gigs.decide(CLEO, gig.id, approve=False, is_moderator=True)
    assert (first.changed, second.changed, second.gig.state) == (True, False, "live")
    async with gigs.store.read() as session:
        decisions = (await session.scalars(select(GigDecision))).all()
    assert [(row.person_id, row.decision) for row in decisions] == [(MIA.person_id, "approved")]
    assert ("gig.post", "forum", BOARD) in await said(gigs)


async def test_only_a_moderator_of_that_server_decides(gigs: GigService) -> None:
    gig = await gigs.post(ANA, DOUBTFUL)
    with pytest.raises(KithError, match="moderators_only"):
        await gigs.decide(BEN, gig.id, approve=True, is_moderator=False)
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.decide(Who(2, "Elsewhere", 14, "Mia"), gig.id, approve=True, is_moderator=True)


async def test_a_refused_text_is_held_when_it_comes_again(gigs: GigService) -> None:
    gig = await gigs.post(ANA, DOUBTFUL)
    await gigs.decide(MIA, gig.id, approve=False, is_moderator=True)
    assert ("gig.decided", "person", ANA.person_id) in await said(gigs)
    assert (await gigs.post(BEN, DOUBTFUL)).state == "held"


async def test_a_gig_expires_after_two_weeks_and_everyone_is_told(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig = await on_board(gigs)
    await applied(gigs, gig)
    await clock.advance(timedelta(days=14, minutes=1))
    assert await gigs.agenda.tick() == 1
    assert [mine.state for mine in await gigs.mine(ANA)] == ["expired"]
    kinds = [kind for kind, _target, _recipient in await said(gigs)]
    assert kinds[-3:] == ["gig.post", "gig.closed", "gig.expired"]


async def test_a_withdrawn_gig_never_expires(gigs: GigService, clock: TurnedClock) -> None:
    gig = await on_board(gigs)
    await gigs.withdraw(ANA.person_id, gig.id)
    await clock.advance(timedelta(days=15))
    assert await gigs.agenda.tick() == 0
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.filled(ANA.person_id, gig.id)


def test_pasted_text_is_checked_without_being_stored() -> None:
    service = GigService.__new__(GigService)
    assert service.check(DANGEROUS.description).verdict == "held"
    assert "no_budget" in {finding.rule for finding in service.check("Nice work for you, join us.").findings}
