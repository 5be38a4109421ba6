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
    async with gigs.desk.store.read() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [(row.kind, row.target, row.recipient) for row in rows]


async def on_board(gigs: GigService) -> GigView:
    """A live gig of Ana's that was delivered to the board."""
    gig = await gigs.posting.post(ANA, GOOD)
    await deliver(gigs, gig)
    return gig


async def deliver(gigs: GigService, gig: GigView) -> None:
    """Do what the courier does once the post reached Discord."""
    async with gigs.desk.store.write() as session:
        await gigs.delivered()["gig.post"](
            session, Said(1, "gig.post", gig.id, BOARD, 1, f"gig.post:{gig.id}", "forum", 700, 701)
        )


async def applied(gigs: GigService, gig: GigView, who: Who = BEN) -> int:
    """Let someone answer a gig; the id of their interest."""
    await gigs.pitches.send(who, gig.id, PITCH)
    async with gigs.desk.store.read() as session:
        subject = await session.scalar(
            select(OutboxRow.subject)
            .where(OutboxRow.kind == "gig.interest")
            .order_by(OutboxRow.id.desc())
            .limit(1)
        )
    assert subject is not None
    return subject


async def test_a_clean_gig_goes_to_the_board_with_its_niches(gigs: GigService) -> None:
    gig = await gigs.posting.post(ANA, GOOD)
    assert (gig.state, gig.niches) == ("live", ("energy", "ocr"))
    assert await said(gigs) == [("gig.post", "forum", BOARD)]


@pytest.mark.parametrize(("draft", "state"), [(DOUBTFUL, "queued"), (DANGEROUS, "held")])
async def test_a_doubtful_or_dangerous_gig_only_reaches_the_moderators(
    gigs: GigService, draft: Draft, state: str
) -> None:
    gig = await gigs.posting.post(ANA, draft)
    assert gig.state == state
    assert gig.findings[0].sentence
    assert await said(gigs) == [("gig.review", "channel", MODS)]


async def test_nothing_is_stored_when_the_budget_is_not_money(gigs: GigService) -> None:
    with pytest.raises(KithError, match="gig_budget_unpaid"):
        await gigs.posting.post(ANA, Draft("hire", GOOD.title, GOOD.description, "great exposure"))
    assert await gigs.board.mine(ANA) == []
    assert await said(gigs) == []


async def test_posting_the_same_gig_twice_is_refused_and_a_copy_by_another_is_queued(
    gigs: GigService,
) -> None:
    await gigs.posting.post(ANA, GOOD)
    with pytest.raises(KithError, match="gig_already_posted"):
        await gigs.posting.post(ANA, GOOD)
    assert (await gigs.posting.post(BEN, GOOD)).state == "queued"


async def test_interest_is_told_to_the_poster_once(gigs: GigService) -> None:
    gig = await on_board(gigs)
    await gigs.pitches.send(BEN, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_interest_again"):
        await gigs.pitches.send(BEN, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_interest_again"):
        await gigs.pitches.may_answer(BEN, gig.id)
    assert (await said(gigs)).count(("gig.interest", "person", ANA.person_id)) == 1


async def test_nobody_answers_their_own_gig_or_one_from_another_server(gigs: GigService) -> None:
    gig = await on_board(gigs)
    with pytest.raises(KithError, match="gig_own"):
        await gigs.pitches.send(ANA, gig.id, PITCH)
    with pytest.raises(KithError, match="gig_gone"):
        await gigs.pitches.send(Who(2, "Elsewhere", 12, "Ben"), gig.id, PITCH)


async def test_a_stranger_can_neither_answer_for_the_poster_nor_close_the_gig(gigs: GigService) -> None:
    gig = await on_board(gigs)
    interest = await applied(gigs, gig)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.pitches.answer(BEN.person_id, interest, accept=True)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.board.filled(BEN.person_id, gig.id)
    with pytest.raises(KithError, match="not_yours"):
        await gigs.board.withdraw(CLEO.person_id, gig.id)


async def test_filling_twice_edits_the_post_once_and_tells_who_still_waits(gigs: GigService) -> None:
    gig = await on_board(gigs)
    await applied(gigs, gig)
    assert (await gigs.board.filled(ANA.person_id, gig.id)).changed
    assert not (await gigs.board.filled(ANA.person_id, gig.id)).changed
    messages = await said(gigs)
    assert messages.count(("gig.post", "edit", 700)) == 1
    assert messages.count(("gig.closed", "person", BEN.person_id)) == 1
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.pitches.send(CLEO, gig.id, PITCH)


async def test_a_gig_filled_while_it_was_being_sent_is_corrected_on_the_board(gigs: GigService) -> None:
    gig = await gigs.posting.post(ANA, GOOD)
    await gigs.board.filled(ANA.person_id, gig.id)
    await deliver(gigs, gig)
    assert ("gig.post", "edit", 700) in await said(gigs)


async def test_a_gig_expires_after_two_weeks_and_everyone_is_told(
    gigs: GigService, clock: TurnedClock
) -> None:
    gig = await on_board(gigs)
    await applied(gigs, gig)
    await clock.advance(timedelta(days=14, minutes=1))
    while await gigs.desk.agenda.tick():
        pass
    assert [mine.state for mine in await gigs.board.mine(ANA)] == ["expired"]
    kinds = [kind for kind, _target, _recipient in await said(gigs)]
    assert kinds[-3:] == ["gig.post", "gig.closed", "gig.expired"]


async def test_a_withdrawn_gig_never_expires(gigs: GigService, clock: TurnedClock) -> None:
    gig = await on_board(gigs)
    await gigs.board.withdraw(ANA.person_id, gig.id)
    await clock.advance(timedelta(days=15))
    while await gigs.desk.agenda.tick():
        pass
    assert [mine.state for mine in await gigs.board.mine(ANA)] == ["withdrawn"]
    with pytest.raises(KithError, match="gig_closed"):
        await gigs.board.filled(ANA.person_id, gig.id)


async def test_pasted_text_is_checked_without_being_stored(gigs: GigService) -> None:
    posting = gigs.posting
    assert posting.check(DANGEROUS.description).verdict == "held"
    assert "no_budget" in {finding.rule for finding in posting.check("Nice work for you, join us.").findings}


async def test_the_operators_phishing_sites_are_known_to_every_check(gigs: GigService) -> None:
    link = "A dashboard, see https://docs.bad.example/brief for the details."
    assert "phishing_link" not in {finding.rule for finding in gigs.posting.check(link).findings}
    gigs.posting.vetting.know_phishing(frozenset({"bad.example"}))
    assert gigs.posting.check(link).verdict == "held"
