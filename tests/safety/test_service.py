"""Use cases of reports and bars on a real database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import IN_INBOX, Outbox, OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.people.service import PeopleService, ProfileEdit, Who
from bot.people.tables import AuditEntry, Community, Member, Person
from bot.safety.service import About, Complaint, Reporter, SafetyService
from bot.safety.tables import Report

ANA = Who(1, "Data Collective", 11, "Ana", "pt-BR")
BEN = Who(1, "Data Collective", 12, "Ben")
CLEO = Who(1, "Data Collective", 13, "Cleo")
MIA = Who(1, "Data Collective", 21, "Mia")
ELSEWHERE = Who(2, "Other place", 31, "Eve")
CHANNEL = 900


@pytest.fixture
def safety(store: Store, clock: TurnedClock) -> SafetyService:
    return SafetyService(store, clock, Outbox(store, clock), PeopleService(store, clock), [])


async def member(safety: SafetyService, who: Who) -> int:
    return (await safety.people.mine(who)).id


async def with_channel(safety: SafetyService) -> None:
    async with safety.store.write() as session:
        await safety.people.known_community(session, 1, "Data Collective")
        await session.execute(update(Community).values(mod_channel_id=CHANNEL))


async def told(safety: SafetyService, who: Who, about: int, **other: object) -> int:
    """Report somebody from a server; return the reported member."""
    complaint = Complaint(About(member_id=about), "profile", "spam", **other)  # type: ignore[arg-type]
    return await safety.report(Reporter(who.person_id, who), complaint)


async def count(safety: SafetyService, table: type[Report | Member | Person]) -> int:
    async with safety.store.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def messages(safety: SafetyService) -> list[OutboxRow]:
    async with safety.store.read() as session:
        return list((await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all())


async def audit(safety: SafetyService) -> list[tuple[str, str]]:
    async with safety.store.read() as session:
        rows = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
        return [(row.action, row.detail) for row in rows]


async def test_report_reaches_the_moderators_and_asks_for_an_answer(safety: SafetyService) -> None:
    await with_channel(safety)
    ben = await member(safety, BEN)
    assert await told(safety, ANA, ben, words="He *sells* coins", subject=7) == ben
    (row,) = await messages(safety)
    assert (row.kind, row.target, row.recipient, row.state) == ("safety.report", "channel", CHANNEL, WAITING)
    report = await safety.report_view(row.subject)
    assert report is not None
    assert (report.about.name, report.teller, report.reason) == ("Ben", (11, "Ana"), "spam")
    assert (report.words, report.place, report.state) == ("He *sells* coins", "profile", "open")
    async with safety.store.read() as session:
        ana = await safety.people.find(session, 1, 11)
        assert ana is not None
        assert await safety.people.has_consent(session, ana.id, "requests")
        stored = await session.scalar(select(func.length(Report.words)).where(Report.id == report.id))
        assert stored != len(report.words)  # sealed
    assert await safety.report_view(99) is None


async def test_report_works_without_a_moderators_channel_and_from_a_dm(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    await member(safety, ANA)
    dm = Reporter(ANA.person_id)
    by_person = About(community_id=1, person_id=BEN.person_id)
    await safety.may_report(dm, by_person)
    assert await safety.report(dm, Complaint(by_person, "gig", "other")) == ben
    assert await messages(safety) == []
    page = await safety.open_reports(MIA)
    assert [one.place for one in page.reports] == ["gig"]


@pytest.mark.parametrize(
    ("reporter", "code"),
    [
        (Reporter(BEN.person_id, BEN), "safety_self"),
        (Reporter(ELSEWHERE.person_id, ELSEWHERE), "safety_not_here"),
        (Reporter(ELSEWHERE.person_id), "safety_not_here"),
        (Reporter(ANA.person_id, ELSEWHERE), "safety_not_here"),
        (Reporter(CLEO.person_id, CLEO), "barred"),
        (Reporter(CLEO.person_id), "barred"),
    ],
)
async def test_may_report_and_report_refuse_the_same(
    safety: SafetyService, reporter: Reporter, code: str
) -> None:
    ben = await member(safety, BEN)
    await member(safety, ELSEWHERE)
    await safety.bar(MIA, CLEO.person_id, "Cleo")
    with pytest.raises(KithError, match=code):
        await safety.may_report(reporter, About(member_id=ben))
    with pytest.raises(KithError, match=code):
        await safety.report(reporter, Complaint(About(member_id=ben), "profile", "spam"))
    assert await count(safety, Report) == 0


@pytest.mark.parametrize("about", [About(member_id=2**62), About(), About(community_id=1, person_id=99)])
async def test_report_about_nobody_is_answered(safety: SafetyService, about: About) -> None:
    await member(safety, ANA)
    with pytest.raises(KithError, match="safety_not_here"):
        await safety.report(Reporter(ANA.person_id, ANA), Complaint(about, "profile", "spam"))


@pytest.mark.parametrize(("place", "reason"), [("x" * 40, "spam"), ("profile", "y" * 40)])
async def test_forged_choices_are_refused(safety: SafetyService, place: str, reason: str) -> None:
    ben = await member(safety, BEN)
    with pytest.raises(KithError, match="choice_unknown"):
        await safety.report(Reporter(11, ANA), Complaint(About(member_id=ben), place, reason))


async def test_the_same_report_again_adds_nothing_until_it_is_decided(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    await member(safety, ANA)
    both = await asyncio.gather(told(safety, ANA, ben), told(safety, ANA, ben), return_exceptions=True)
    assert sorted(str(one) for one in both) == [str(ben), "safety_told_already"]
    with pytest.raises(KithError, match="safety_told_already"):
        await safety.may_report(Reporter(11, ANA), About(member_id=ben))
    await told(safety, CLEO, ben)
    first = (await safety.open_reports(MIA)).reports[0]
    await safety.settle(MIA, first.id, "nothing")
    await told(safety, ANA, ben)
    assert await count(safety, Report) == 3


async def test_open_reports_are_paged_oldest_first_and_leave_out_those_about_the_asker(
    safety: SafetyService, clock: TurnedClock
) -> None:
    ben, mia = await member(safety, BEN), await member(safety, MIA)
    for number in range(7):
        await told(safety, Who(1, "Data Collective", 100 + number, f"M{number}"), ben)
        await clock.advance(timedelta(hours=1))
    await told(safety, ANA, mia)
    first, last = await safety.open_reports(MIA), await safety.open_reports(MIA, 99)
    assert [one.teller for one in first.reports] == [(100 + n, f"M{n}") for n in range(5)]
    assert (first.page, first.pages, first.total, last.page, len(last.reports)) == (1, 2, 7, 2, 2)
    assert (await safety.open_reports(CLEO)).total == 8
    assert (await safety.open_reports(ELSEWHERE)).total == 0


async def test_settle_decides_once_and_tells_the_reporter(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    await told(safety, ANA, ben)
    (report,) = (await safety.open_reports(MIA)).reports
    decided = await safety.settle(MIA, report.id, "talked")
    assert decided.changed
    assert (decided.report.outcome, decided.report.decided_by) == ("talked", (21, ""))
    again = await safety.settle(CLEO, report.id, "nothing")
    assert (again.changed, again.report.outcome) == (False, "talked")
    (row,) = await messages(safety)
    assert (row.kind, row.recipient, row.state) == ("safety.settled", 11, WAITING)
    assert await audit(safety) == [("report.settled", "talked")]
    assert (await safety.open_reports(MIA)).total == 0


async def test_two_moderators_at_once_make_one_decision(safety: SafetyService) -> None:
    await told(safety, ANA, await member(safety, BEN))
    (report,) = (await safety.open_reports(MIA)).reports
    both = await asyncio.gather(
        safety.settle(MIA, report.id, "barred"), safety.settle(CLEO, report.id, "nothing")
    )
    assert sorted(one.changed for one in both) == [False, True]
    assert len({one.report.outcome for one in both}) == 1
    assert len([row for row in await messages(safety) if row.kind == "safety.settled"]) == 1


async def test_settle_is_quiet_for_a_reporter_who_said_stop(safety: SafetyService) -> None:
    await told(safety, ANA, await member(safety, BEN))
    (report,) = (await safety.open_reports(MIA)).reports
    async with safety.store.write() as session:
        await safety.people.stop_person(session, ANA.person_id)
    await safety.settle(MIA, report.id, "nothing")
    assert [row.state for row in await messages(safety)] == [IN_INBOX]


async def test_settle_survives_a_reporter_who_is_gone_and_notices_a_report_that_is(
    safety: SafetyService,
) -> None:
    ben, ana = await member(safety, BEN), await member(safety, ANA)
    await told(safety, ANA, ben)
    await told(safety, CLEO, ana)
    one, two = (await safety.open_reports(MIA)).reports
    async with safety.store.write() as session:
        await session.delete(await session.get_one(Member, ana))
    decided = await safety.settle(MIA, one.id, "talked")
    assert (decided.changed, decided.report.teller) == (True, None)
    assert await messages(safety) == []
    with pytest.raises(KithError, match="safety_report_gone"):
        await safety.settle(MIA, two.id, "talked")


async def test_settle_and_one_report_refuse_the_reported_and_other_servers(safety: SafetyService) -> None:
    await told(safety, ANA, await member(safety, BEN))
    (report,) = (await safety.open_reports(MIA)).reports
    for who, code in ((BEN, "safety_about_you"), (ELSEWHERE, "safety_report_gone")):
        with pytest.raises(KithError, match=code):
            await safety.settle(who, report.id, "nothing")
        with pytest.raises(KithError, match=code):
            await safety.one_report(who, report.id)
    with pytest.raises(KithError, match="choice_unknown"):
        await safety.settle(MIA, report.id, "hanged")
    assert (await safety.one_report(MIA, report.id)).state == "open"


async def test_a_decision_is_shown_where_the_report_was_posted(safety: SafetyService) -> None:
    await with_channel(safety)
    await told(safety, ANA, await member(safety, BEN))
    (posted,) = await messages(safety)
    async with safety.store.write() as session:
        await session.execute(update(OutboxRow).values(channel_id=CHANNEL, message_id=901, state="done"))
    await safety.settle(MIA, posted.subject, "nothing")
    edit = (await messages(safety))[1]
    assert (edit.target, edit.channel_id, edit.message_id) == ("edit", CHANNEL, 901)


async def test_settle_as_barred_closes_kith_in_the_same_step(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    await told(safety, ANA, ben)
    (report,) = (await safety.open_reports(MIA)).reports

    async def fails(_session: AsyncSession, _member_id: int) -> None:
        raise RuntimeError("a feature could not end")

    safety.ends.append(fails)
    with pytest.raises(RuntimeError):
        await safety.settle(MIA, report.id, "barred")
    assert (await safety.open_reports(MIA)).total == 1
    assert not (await safety.people.mine(BEN)).barred
    safety.ends.clear()
    await safety.settle(MIA, report.id, "barred")
    with pytest.raises(KithError, match="barred"):
        await safety.people.mine(BEN)
    assert [action for action, _detail in await audit(safety)] == ["report.settled", "member.barred"]


async def test_bar_ends_everything_here_and_nothing_elsewhere(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    there = await member(safety, Who(2, "Other place", BEN.person_id, "Ben"))
    ended: list[int] = []

    async def end(_session: AsyncSession, member_id: int) -> None:
        ended.append(member_id)

    safety.ends.append(end)
    async with safety.store.write() as session:
        for one, community in ((ben, 1), (there, 2)):
            await safety.people.consent(session, one, "introductions")
            await safety.outbox.say(
                session, kind="x", subject=one, key=f"x:{one}", recipient=12, community_id=community
            )
    view = await safety.bar(MIA, BEN.person_id, "Ben", "sold **coins**\n@everyone")
    assert (view.changed, view.name, ended) == (True, "Ben", [ben])
    async with safety.store.read() as session:
        assert not await safety.people.has_consent(session, ben, "introductions")
        assert await safety.people.has_consent(session, there, "introductions")
    assert [row.state for row in await messages(safety)] == ["dropped", WAITING]
    assert await audit(safety) == [("member.barred", "sold **coins** @everyone")]
    assert not (await safety.bar(CLEO, BEN.person_id, "Ben")).changed
    assert ended == [ben]


async def test_bar_of_someone_kith_has_not_met_holds_from_the_start(safety: SafetyService) -> None:
    assert (await safety.bar(MIA, 77, "Zed")).changed
    with pytest.raises(KithError, match="barred"):
        await safety.people.mine(Who(1, "Data Collective", 77, "Zed"))
    assert not (await safety.bar(MIA, 77, "Zed")).changed
    assert not (await safety.people.mine(Who(2, "Other place", 77, "Zed"))).barred


async def test_bar_keeps_the_name_and_language_a_person_chose(safety: SafetyService) -> None:
    await member(safety, ANA)
    await safety.bar(MIA, ANA.person_id, "ana.the.user")
    async with safety.store.read() as session:
        person = await session.get_one(Person, ANA.person_id)
        assert (person.name, person.locale) == ("Ana", "pt-BR")


async def test_unbar_opens_kith_and_nobody_bars_or_unbars_themselves(safety: SafetyService) -> None:
    await safety.people.edit_profile(BEN, ProfileEdit(headline="Grids"))
    await safety.bar(MIA, BEN.person_id, "Ben")
    assert (await safety.unbar(MIA, BEN.person_id, "Ben")).name == "Ben"
    assert (await safety.people.mine(BEN)).headline == "Grids"
    assert [action for action, _detail in await audit(safety)] == ["member.barred", "member.unbarred"]
    with pytest.raises(KithError, match="safety_bar_self"):
        await safety.bar(MIA, MIA.person_id, "Mia")
    with pytest.raises(KithError, match="safety_unbar_self"):
        await safety.unbar(MIA, MIA.person_id, "Mia")


async def test_unbar_of_someone_who_is_not_barred_keeps_nothing_about_them(safety: SafetyService) -> None:
    with pytest.raises(KithError, match="safety_not_barred"):
        await safety.unbar(MIA, 88, "Yan")
    assert (await count(safety, Member), await count(safety, Person)) == (0, 0)


async def test_never_introduce_is_for_the_reporter_alone(safety: SafetyService) -> None:
    ben = await member(safety, BEN)
    await told(safety, ANA, ben)
    apart: list[tuple[Who, int]] = []

    async def keep_apart(who: Who, person_id: int) -> None:
        apart.append((who, person_id))

    with pytest.raises(KithError, match="safety_not_here"):
        await safety.never_introduce(ANA.person_id, ben)
    safety.keep_apart = keep_apart
    for person in (BEN.person_id, CLEO.person_id):
        with pytest.raises(KithError, match="safety_not_here"):
            await safety.never_introduce(person, ben)
    await safety.never_introduce(ANA.person_id, ben)
    assert apart == [(ANA, BEN.person_id)]
