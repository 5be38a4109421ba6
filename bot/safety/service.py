"""Use cases of reports and of closing Kith for someone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.core.text import SOURCE_LOCALE
from bot.people.rules import tidy
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import Member, Person
from bot.safety import rules
from bot.safety.tables import Report
from bot.safety.views import About, BarView, Complaint, Decision, Reporter, ReportPage, ReportView

__all__ = [
    "About",
    "BarView",
    "Complaint",
    "Decision",
    "ReportPage",
    "ReportView",
    "Reporter",
    "SafetyService",
]

OnMember: TypeAlias = Callable[[AsyncSession, int], Awaitable[None]]
KeepApart: TypeAlias = Callable[[Who, int], Awaitable[object]]

PURPOSE = "requests"  # the reporter asked for an answer by sending the form


class SafetyService:
    """Reports to the moderators, and bars."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        outbox: Outbox,
        people: PeopleService,
        ends: list[OnMember],
        keep_apart: KeepApart | None = None,
    ) -> None:
        """Stand on the core and on people.

        Args:
            store: the database.
            clock: tells when something was reported or decided.
            outbox: takes the messages.
            people: the members.
            ends: each ends one feature for a member who is barred, in the same transaction.
            keep_apart: never introduces who acts to a person (by id); None: that is not offered.
        """
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.people = people
        self.ends = ends
        self.keep_apart = keep_apart

    # --- reporting ---------------------------------------------------------------------------------

    async def may_report(self, reporter: Reporter, about: About) -> None:
        """Raise what `report` would raise about the two people, before anything is typed."""
        async with self.store.read() as session:
            found = await self._about(session, about)
            me = await self._may_report(session, reporter, found)
            if me is not None:
                await self._told_already(session, me.id, found.id)

    async def report(self, reporter: Reporter, complaint: Complaint) -> int:
        """Hand a report to the moderators; return the reported member's id. Sending it asks for an answer.

        Raises:
            KithError: `safety_not_here` (no such member in a community of the reporter), `safety_self`,
                `safety_told_already`, `barred`, or what is wrong with the form.
        """
        place = rules.known_choice(complaint.place, rules.PLACES)
        reason = rules.known_choice(complaint.reason, rules.REASONS)
        words = rules.checked_words(complaint.words)
        async with self.store.write() as session:
            found = await self._about(session, complaint.about)
            me = await self._may_report(session, reporter, found)
            if me is None and reporter.here is not None:
                me = await self.people.view(session, (await self.people.known(session, reporter.here)).id)
            assert me is not None
            # The same form sent from two devices at once is one report.
            await session.get_one(Member, me.id, with_for_update=True)
            await self._told_already(session, me.id, found.id)
            row = Report(
                community_id=found.community_id,
                reporter_id=me.id,
                about_id=found.id,
                place=place,
                subject=complaint.subject or None,
                reason=reason,
                words=words,
                state="open",
                created_at=self.clock.now(),
            )
            session.add(row)
            await self.people.consent(session, me.id, PURPOSE)
            await session.flush()
            await self._tell_moderators(session, row)
            return found.id

    async def never_introduce(self, person_id: int, member_id: int) -> None:
        """Keep a reporter and the one they reported apart; raises `safety_not_here` for anybody else."""
        query = (
            select(Report.id)
            .join(Member, Member.id == Report.reporter_id)
            .where(Member.person_id == person_id, Report.about_id == member_id)
        )
        async with self.store.read() as session:
            if self.keep_apart is None or (await session.execute(query)).first() is None:
                raise KithError("safety_not_here")
            about = await self.people.view(session, member_id)
            me = await session.get_one(Person, person_id)
            community = await self.people.community(session, about.community_id)
            name = community.name if community else ""
            who = Who(about.community_id, name, me.id, me.name, me.locale)
        await self.keep_apart(who, about.person_id)

    async def _about(self, session: AsyncSession, about: About) -> MemberView:
        if about.member_id:
            found = (await self.people.views(session, [about.member_id])).get(about.member_id)
        else:
            found = await self.people.find(session, about.community_id, about.person_id)
        if found is None:
            raise KithError("safety_not_here")
        return found

    async def _may_report(
        self, session: AsyncSession, reporter: Reporter, found: MemberView
    ) -> MemberView | None:
        """Return the reporter as a member, None when Kith meets them only now."""
        here = reporter.here
        me = await self.people.find(session, found.community_id, reporter.person_id)
        if (me is None) if here is None else (here.community_id != found.community_id):
            raise KithError("safety_not_here")
        if found.person_id == reporter.person_id:
            raise KithError("safety_self")
        if me is not None and me.barred:
            raise KithError("barred")
        return me

    async def _told_already(self, session: AsyncSession, reporter_id: int, about_id: int) -> None:
        query = select(Report.id).where(
            Report.reporter_id == reporter_id, Report.about_id == about_id, Report.state == "open"
        )
        if (await session.execute(query)).first() is not None:
            raise KithError("safety_told_already")

    async def _tell_moderators(self, session: AsyncSession, report: Report) -> None:
        """Write to the moderators' channel; without one, `/kith reports` still shows it."""
        community = await self.people.community(session, report.community_id)
        if community is not None and community.mod_channel_id is not None:
            await self.outbox.say(
                session,
                kind="safety.report",
                subject=report.id,
                key=_key(report.id),
                target="channel",
                recipient=community.mod_channel_id,
                community_id=report.community_id,
            )

    # --- deciding ----------------------------------------------------------------------------------

    async def open_reports(self, who: Who, page: int = 1) -> ReportPage:
        """Return a page of the community's open reports; those about the asking moderator are left out."""
        mine = select(Member.id).where(Member.person_id == who.person_id).scalar_subquery()
        still_open = (
            Report.community_id == who.community_id,
            Report.state == "open",
            Report.about_id.not_in(mine),
        )
        async with self.store.read() as session:
            total = await session.scalar(select(func.count()).select_from(Report).where(*still_open)) or 0
            page, pages = rules.page_within(page, total)
            query = select(Report).where(*still_open).order_by(Report.id)
            rows = await session.scalars(query.offset((page - 1) * rules.PAGE).limit(rules.PAGE))
            reports = [await self._view(session, row) for row in rows.all()]
        return ReportPage(tuple(reports), page, pages, total)

    async def one_report(self, who: Who, report_id: int) -> ReportView:
        """Return a report to a moderator who may decide it; raises as `settle` does."""
        async with self.store.read() as session:
            return await self._view(session, await self._report(session, who, report_id))

    async def settle(self, who: Who, report_id: int, outcome: str) -> Decision:
        """Decide a report, once; `barred` closes Kith for the reported person in the same transaction.

        Raises:
            KithError: `safety_report_gone`, or `safety_about_you` for the reported moderator.
        """
        rules.known_choice(outcome, rules.OUTCOMES)
        async with self.store.write() as session:
            report = await self._report(session, who, report_id)
            moved = await session.execute(
                update(Report)
                .where(Report.id == report.id, Report.state == "open")
                .values(
                    state="settled", outcome=outcome, decided_by=who.person_id, decided_at=self.clock.now()
                )
                .returning(Report.id)
                .execution_options(synchronize_session=False)
            )
            changed = moved.first() is not None
            await session.refresh(report)
            if changed:
                await self._follow(session, who, report)
            return Decision(await self._view(session, report), changed)

    async def _follow(self, session: AsyncSession, who: Who, report: Report) -> None:
        """Do what a decision means, write it down and tell those who wait for it."""
        await self.people.note(
            session,
            report.community_id,
            who.person_id,
            "report.settled",
            member_id=report.about_id,
            detail=report.outcome or "",
        )
        if report.outcome == "barred":
            await self._bar(session, who, report.about_id, "after a report")
        await self._show_again(session, report)
        if report.reporter_id is not None:
            reporter = await self.people.view(session, report.reporter_id)
            agreed = await self.people.has_consent(session, reporter.id, PURPOSE)
            await self.outbox.say(
                session,
                kind="safety.settled",
                subject=report.id,
                key=f"safety.settled:{report.id}",
                recipient=reporter.person_id,
                community_id=report.community_id,
                quiet=not agreed,
            )

    async def _show_again(self, session: AsyncSession, report: Report) -> None:
        """Let the moderators' channel show what was decided, wherever it was decided."""
        query = select(OutboxRow.channel_id, OutboxRow.message_id).where(
            OutboxRow.key == _key(report.id), OutboxRow.message_id.is_not(None)
        )
        if (row := (await session.execute(query)).first()) is None:
            return
        await self.outbox.say(
            session,
            kind="safety.report",
            subject=report.id,
            key=f"{_key(report.id)}:settled",
            target="edit",
            recipient=row.channel_id,
            community_id=report.community_id,
            channel_id=row.channel_id,
            message_id=row.message_id,
        )

    async def report_view(self, report_id: int) -> ReportView | None:
        """Return a report as it is now, for a message that is about to be sent."""
        async with self.store.read() as session:
            row = await session.get(Report, report_id)
            return await self._view(session, row) if row else None

    async def _report(self, session: AsyncSession, who: Who, report_id: int) -> Report:
        row = await session.get(Report, report_id)
        if row is None or row.community_id != who.community_id:
            raise KithError("safety_report_gone")
        if (await self.people.view(session, row.about_id)).person_id == who.person_id:
            raise KithError("safety_about_you")
        return row

    async def _view(self, session: AsyncSession, row: Report) -> ReportView:
        views = await self.people.views(session, [row.about_id, row.reporter_id or 0])
        teller = views.get(row.reporter_id or 0)
        decider = await session.get(Person, row.decided_by) if row.decided_by else None
        community = await self.people.community(session, row.community_id)
        return ReportView(
            id=row.id,
            community_name=community.name if community else "",
            about=views[row.about_id],
            teller=(teller.person_id, teller.name) if teller else None,
            place=row.place,
            reason=row.reason,
            words=row.words or "",
            state=row.state,
            outcome=row.outcome,
            decided_by=(row.decided_by, decider.name if decider else "") if row.decided_by else None,
            created_at=row.created_at,
        )

    # --- bars --------------------------------------------------------------------------------------

    async def bar(self, who: Who, person_id: int, name: str, reason: str = "") -> BarView:
        """Close Kith for a person in this community, also for one Kith has not met; they get no message."""
        if person_id == who.person_id:
            raise KithError("safety_bar_self")
        async with self.store.write() as session:
            member = await self._member(session, who, person_id, name)
            changed = await self._bar(session, who, member.id, reason)
            return BarView(person_id, (await self.people.view(session, member.id)).name, changed)

    async def unbar(self, who: Who, person_id: int, name: str) -> BarView:
        """Open Kith again; what ended stays ended. Raises `safety_not_barred` and keeps nothing otherwise."""
        if person_id == who.person_id:
            raise KithError("safety_unbar_self")
        async with self.store.write() as session:
            member = await self._member(session, who, person_id, name)
            await session.refresh(member, with_for_update=True)
            if member.barred_at is None:
                raise KithError("safety_not_barred", name=name)
            member.barred_at = None
            view = await self.people.changed(session, member.id)
            await self.people.note(
                session, who.community_id, who.person_id, "member.unbarred", member_id=member.id
            )
            return BarView(person_id, view.name, True)

    async def _member(self, session: AsyncSession, who: Who, person_id: int, name: str) -> Member:
        """Return a person's row, made where it is new; what is known of them stays as they know it."""
        person = await session.get(Person, person_id)
        known = Who(
            who.community_id,
            who.community_name,
            person_id,
            person.name if person else name,
            person.locale if person else SOURCE_LOCALE,
        )
        try:
            return await self.people.known(session, known)
        except KithError as error:
            if error.code != "barred":
                raise
        # Barred: by a moderator, or because a bar from before they deleted themselves came back.
        return (await session.scalars(_member_of(who.community_id, person_id))).one()

    async def _bar(self, session: AsyncSession, who: Who, member_id: int, reason: str) -> bool:
        """End everything for a member and close the door; False when it was closed already."""
        member = await session.get_one(Member, member_id, with_for_update=True, populate_existing=True)
        if member.barred_at is not None:
            return False
        member.barred_at = self.clock.now()
        await session.flush()
        for end in self.ends:
            await end(session, member.id)
        await self.people.stop_member(session, member.id)
        await self._silence(session, member)
        await self.people.note(
            session,
            who.community_id,
            who.person_id,
            "member.barred",
            member_id=member.id,
            detail=tidy(reason),
        )
        return True

    async def _silence(self, session: AsyncSession, member: Member) -> None:
        """Drop what still waits for them here; their other communities go on, and so does their inbox."""
        await session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.recipient == member.person_id,
                OutboxRow.target == "person",
                OutboxRow.community_id == member.community_id,
                OutboxRow.state == WAITING,
            )
            .values(state="dropped", reason="barred")
            .execution_options(synchronize_session=False)
        )


def _key(report_id: int) -> str:
    """Return the key of a report's message to the moderators."""
    return f"safety.report:{report_id}"


def _member_of(community_id: int, person_id: int) -> Select[Member]:
    return select(Member).where(Member.community_id == community_id, Member.person_id == person_id)
