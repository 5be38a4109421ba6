"""One week of a member: opening it, writing in it, all that its cards show; in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.guessing import guess_kind
from bot.checkins.history import rhythm_of
from bot.checkins.rules import Draft
from bot.checkins.sharing import PUBLIC
from bot.checkins.tables import Checkin, CheckinPlan, Commitment, commitments_of, latest
from bot.checkins.views import CheckinView, seen
from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.store import insert_row
from bot.people.service import MemberView, PeopleService

REMIND = "checkin.remind"


class Weeks:
    """Opens weeks, says who may write in them until when, and writes."""

    def __init__(self, clock: Clock, agenda: Agenda, people: PeopleService) -> None:
        """Stand on the clock, the agenda and the people."""
        self.clock = clock
        self.agenda = agenda
        self.people = people

    # --- whose it is, and until when ---------------------------------------------------------------

    async def owner(self, session: AsyncSession, member_id: int, person_id: int) -> MemberView:
        """Return the member; raises ``not_yours`` for anybody else."""
        me = (await self.people.views(session, [member_id])).get(member_id)
        if me is None or me.person_id != person_id:
            raise KithError("not_yours")
        return me

    async def found(
        self, session: AsyncSession, person_id: int, checkin_id: int, *, lock: bool = False
    ) -> tuple[Checkin, MemberView]:
        """Return a person's own week; raises ``checkin_gone`` and ``not_yours``."""
        checkin = await session.get(Checkin, checkin_id, with_for_update=lock or None)
        if checkin is None:
            raise KithError("checkin_gone")
        return checkin, await self.owner(session, checkin.member_id, person_id)

    async def writable(
        self, session: AsyncSession, person_id: int, checkin_id: int, *, lock: bool = False
    ) -> tuple[Checkin, MemberView]:
        """Return a week that its owner may write in now; raises as ``found``, and when it is closed."""
        checkin, me = await self.found(session, person_id, checkin_id, lock=lock)
        if self.clock.now() >= await self.until(session, checkin):
            newest = (await latest(session, me.id, 1))[0]
            if newest.id != checkin.id and self.clock.now() < await self.until(session, newest):
                raise KithError("checkin_closed_newer")
            raise closed(await session.get(CheckinPlan, checkin.member_id))
        return checkin, me

    async def until(self, session: AsyncSession, checkin: Checkin) -> datetime:
        """Return until when a week may be written in."""
        newest = (await latest(session, checkin.member_id, 1))[0]
        plan = await session.get(CheckinPlan, checkin.member_id)
        return rules.writable_until(
            checkin.closes_at,
            checkin.answered_at,
            newest=newest.id == checkin.id,
            next_at=plan.next_at if plan else None,
        )

    # --- opening -----------------------------------------------------------------------------------

    async def current(
        self, session: AsyncSession, me: MemberView, zone: str, *, ahead: bool = False
    ) -> Checkin:
        """Return the week to write in now: one that waits for an answer, else this calendar week's, opened.

        With ``ahead`` a week that closed without a word is left alone, and this one is opened.
        """
        now = self.clock.now()
        week = rules.week_of(now, zone)
        newest = next(iter(await latest(session, me.id, 1)), None)
        if newest is not None and newest.week >= week:
            if newest.state in (rules.UNASKED, rules.AWAY):
                newest.state, newest.prompted_at, newest.closes_at = rules.OPEN, now, now + rules.OPEN_FOR
                await self._plan_reminder(session, newest, me.community_id)
            return newest
        waits = newest is not None and newest.state == rules.OPEN and newest.answered_at is None
        if newest is not None and waits:
            until = newest.closes_at if ahead else await self.until(session, newest)
            if now < until:
                return newest
        opened = await self.open(session, me, week)
        if opened is None:  # PostgreSQL only: the prompt of this very week was opened at the same moment
            return (await latest(session, me.id, 1))[0]
        return opened

    async def open(
        self, session: AsyncSession, me: MemberView, week: str, state: str = rules.OPEN
    ) -> Checkin | None:
        """Make the row of a week, and plan its reminder; None when the week has one already."""
        now = self.clock.now()
        closes_at = now + rules.OPEN_FOR if state == rules.OPEN else now
        row = {"prompted_at": now, "closes_at": closes_at, "state": state, "shared": []}
        made = await insert_row(session, Checkin, {"member_id": me.id, "week": week, **row})
        opened = await session.get(Checkin, made) if made is not None else None
        if opened is not None and state == rules.OPEN:
            await self._plan_reminder(session, opened, me.community_id)
        return opened

    async def _plan_reminder(self, session: AsyncSession, checkin: Checkin, community_id: int) -> None:
        await self.agenda.plan(
            session,
            kind=REMIND,
            key=_remind_key(checkin.id),
            subject=checkin.id,
            community_id=community_id,
            due_at=checkin.prompted_at + rules.REMIND_AFTER,
            not_after=checkin.closes_at,
        )

    # --- writing -----------------------------------------------------------------------------------

    async def write(self, session: AsyncSession, checkin: Checkin, draft: Draft) -> tuple[bool, bool]:
        """Write a week down; return whether it was written before, and whether with the same words."""
        edited = checkin.answered_at is not None
        there = await commitments_of(session, checkin.id)
        before = Draft(tuple(row.text for row in there), checkin.stuck or rules.NOT_STUCK, checkin.win)
        checkin.answered_at = checkin.answered_at or self.clock.now()
        checkin.state, checkin.reason = rules.ANSWERED, None
        if checkin.stuck != draft.stuck:
            checkin.stuck_words = None
        if checkin.win != draft.win:  # the new words were not shared with the community, the old ones were
            checkin.shared = [part for part in checkin.shared if part != PUBLIC]
        checkin.stuck, checkin.win = draft.stuck, draft.win
        await self._write_commitments(session, checkin, there, draft.commitments)
        await self.agenda.cancel(session, _remind_key(checkin.id))
        return edited, edited and before == draft

    async def _write_commitments(
        self, session: AsyncSession, checkin: Checkin, rows: Sequence[Commitment], texts: Sequence[str]
    ) -> None:
        """Keep the rows of an edited week where there are any, so that their controls go on working."""
        carried = {
            one.text.casefold(): one.id
            for one in await self.before(session, checkin)
            if one.outcome == rules.CARRIED
        }
        for position, text in enumerate(texts):
            if position < len(rows):
                row = rows[position]
            else:
                row = Commitment(checkin_id=checkin.id, position=position, text="")
                session.add(row)
            if row.text != text:
                row.text, row.kind = text, guess_kind(text)
            row.carried_from = carried.get(text.casefold())
        await session.flush()
        await session.execute(
            delete(Commitment).where(Commitment.checkin_id == checkin.id, Commitment.position >= len(texts))
        )

    async def pass_by(self, session: AsyncSession, checkin: Checkin, reason: str) -> None:
        """Let a week go, with a reason or without; raises ``checkin_written`` when it was written already."""
        if checkin.answered_at is not None:
            raise KithError("checkin_written")
        checkin.state, checkin.reason = rules.PASSED, reason or None
        await self.agenda.cancel(session, _remind_key(checkin.id))

    async def before(self, session: AsyncSession, checkin: Checkin) -> list[Commitment]:
        """Read the commitments of the last week that was written before this one."""
        written = await latest(session, checkin.member_id, 1, before=checkin.week, answered=True)
        return await commitments_of(session, written[0].id) if written else []

    # --- showing -----------------------------------------------------------------------------------

    async def view(self, session: AsyncSession, checkin: Checkin, me: MemberView) -> CheckinView:
        """Gather all that a check-in's cards show."""
        await session.flush()
        now = self.clock.now()
        previous = next(iter(await latest(session, me.id, 1, before=checkin.week)), None)
        plan = await session.get(CheckinPlan, me.id)
        community = await self.people.community(session, me.community_id)
        answered = checkin.answered_at is not None
        until = await self.until(session, checkin)
        late = not rules.is_open(checkin.closes_at, now) and not answered and now < until
        return CheckinView(
            id=checkin.id,
            member_id=me.id,
            community_name=community.name if community else "",
            week=checkin.week,
            closes_at=checkin.closes_at,
            answered=answered,
            commitments=seen(await commitments_of(session, checkin.id)),
            before=seen(await self.before(session, checkin)),
            stuck=checkin.stuck,
            win=checkin.win,
            after_gap=previous is not None and previous.state == rules.UNASKED,
            next_at=plan.next_at if plan is not None else None,
            until=until,
            late=late,
            ahead=late and checkin.week < rules.week_of(now, me.zone or "UTC"),
            passed=checkin.state == rules.PASSED,
            stuck_words=checkin.stuck_words,
            after_away=previous is not None and previous.state == rules.AWAY,
            froze=None if answered else await self._froze(session, checkin, me, now),
        )

    async def _froze(
        self, session: AsyncSession, checkin: Checkin, me: MemberView, now: datetime
    ) -> int | None:
        """How many freezes are left, when the last week that counts before this one was kept by one."""
        counted, weeks = await rhythm_of(session, me.id, me.zone or "UTC", now)
        earlier = [
            state
            for one, state in zip(weeks, counted.states, strict=True)
            if one.week < checkin.week and state not in ("away", "unasked")
        ]
        return counted.freezes if earlier[:1] == ["frozen"] else None


def closed(plan: CheckinPlan | None) -> KithError:
    """Say that a week is over, and when the next one comes."""
    if plan is None or plan.state != "on" or plan.next_at is None:
        return KithError("checkin_closed_off")
    return KithError("checkin_closed", next=plan.next_at)


def _remind_key(checkin_id: int) -> str:
    return f"{REMIND}:{checkin_id}"
