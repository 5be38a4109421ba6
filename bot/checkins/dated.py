"""A commitment with a day and an hour: a reminder before it, one question after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import when
from bot.checkins.tables import Checkin, Commitment
from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService

Slots: TypeAlias = Callable[
    [AsyncSession, int, datetime, datetime], Awaitable[Sequence[tuple[datetime, str]]]
]

PURPOSE = "checkins"
REMIND, ASK = "commitment.remind", "commitment.ask"
AGREED_WITHIN = timedelta(days=7)
AGREED_MAX = 5


@dataclass(frozen=True, slots=True)
class DatedView:
    """A commitment with its moment; `day` and `hour` are that moment on the member's wall, for a form.

    `changed` False: it had that moment before.
    """

    id: int
    member_id: int
    community_name: str
    text: str
    due_at: datetime | None
    day: str = ""
    hour: str = ""
    changed: bool = True


async def _none(
    _session: AsyncSession, _member_id: int, _begin: datetime, _end: datetime
) -> Sequence[tuple[datetime, str]]:
    return ()


class Dated:
    """Puts times to commitments; each public method is one unit of work unless it takes a session."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        slots: Slots = _none,
    ) -> None:
        """Stand on the store, the two queues and the people.

        `slots` returns what a member agreed with others between two moments: when, and with whom.
        """
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self._slots = slots

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        return {REMIND: self._remind, ASK: self._ask}

    # --- the member's own --------------------------------------------------------------------------

    async def mine(self, person_id: int, commitment_id: int) -> DatedView:
        """Return a commitment for the form that dates it.

        Raises `checkin_gone`, `not_yours`, `zone_first`, and `dated_done` when it has an outcome already.
        """
        async with self.store.read() as session:
            row, me = await self._own(session, person_id, commitment_id)
            return await self._view(session, row, me)

    async def put(self, person_id: int, commitment_id: int, day: str, hour: str) -> DatedView:
        """Put a time to a commitment, move it, or take it away again with nothing typed.

        Raises what `mine` and `when.read_moment` raise.
        """
        async with self.store.write() as session:
            row, me = await self._own(session, person_id, commitment_id, lock=True)
            before = row.due_at
            row.due_at = None
            if day.strip() or hour.strip():
                row.due_at = when.read_moment(day, hour, self.clock.now(), me.zone or "UTC")
            changed = row.due_at != before
            if changed:
                await self._replan(session, row, me, before)
            return await self._view(session, row, me, changed=changed)

    async def agreed(self, member_id: int) -> tuple[tuple[datetime, str], ...]:
        """Return what a member agreed with others in the coming week, the soonest first."""
        now = self.clock.now()
        async with self.store.read() as session:
            found = await self._slots(session, member_id, now, now + AGREED_WITHIN)
            return tuple(sorted(found)[:AGREED_MAX])

    async def times(self, checkin_id: int) -> dict[int, datetime]:
        """Return the moments of a week's commitments that have one, by commitment."""
        query = select(Commitment.id, Commitment.due_at).where(
            Commitment.checkin_id == checkin_id, Commitment.due_at.is_not(None)
        )
        async with self.store.read() as session:
            rows = (await session.execute(query)).all()
            return {commitment_id: due_at for commitment_id, due_at in rows if due_at is not None}

    # --- what is said ------------------------------------------------------------------------------

    async def reminder(self, commitment_id: int) -> DatedView | None:
        """Return what a reminder shows; None once the moment has come, was moved or taken away."""
        async with self.store.read() as session:
            view = await self._wanted(session, commitment_id)
            soon = self.clock.now() + when.REMIND_BEFORE
            return view if view and view.due_at and self.clock.now() < view.due_at <= soon else None

    async def question(self, commitment_id: int) -> DatedView | None:
        """Return what the question after it shows; None when it is answered, moved or taken away."""
        async with self.store.read() as session:
            view = await self._wanted(session, commitment_id)
            return view if view and view.due_at and view.due_at <= self.clock.now() else None

    async def _wanted(self, session: AsyncSession, commitment_id: int) -> DatedView | None:
        row = await session.get(Commitment, commitment_id)
        if row is None or row.due_at is None or row.outcome is not None:
            return None
        checkin = await session.get_one(Checkin, row.checkin_id)
        me = await self.people.view(session, checkin.member_id)
        if me.barred or not await self._agrees(session, me):
            return None
        return await self._view(session, row, me)

    # --- when it falls due -------------------------------------------------------------------------

    async def _remind(self, work: Work) -> None:
        await self._say(work, until=timedelta(0))

    async def _ask(self, work: Work) -> None:
        await self._say(work, until=when.ASK_AFTER + when.ASK_WITHIN)

    async def _say(self, work: Work, *, until: timedelta) -> None:
        """Say what fell due, unless the commitment was moved, taken away or answered meanwhile."""
        async with self.store.write() as session:
            row = await session.get(Commitment, work.subject, with_for_update=True)
            if row is not None and row.due_at is not None and work.key == _key(work.kind, row.id, row.due_at):
                view = await self._wanted(session, row.id)
                if view is not None:
                    checkin = await session.get_one(Checkin, row.checkin_id)
                    me = await self.people.view(session, checkin.member_id)
                    await self.outbox.say(
                        session,
                        kind=work.kind,
                        subject=row.id,
                        key=work.key,
                        recipient=me.person_id,
                        community_id=me.community_id,
                        expires_at=row.due_at + until,
                    )
            await self.agenda.settle(session, work)

    # --- steps -------------------------------------------------------------------------------------

    async def _replan(
        self, session: AsyncSession, row: Commitment, me: MemberView, before: datetime | None
    ) -> None:
        if before is not None:
            for kind in (REMIND, ASK):
                await self.agenda.cancel(session, _key(kind, row.id, before))
        if row.due_at is None:
            return
        due = row.due_at
        remind_at, ask_at = due - when.REMIND_BEFORE, due + when.ASK_AFTER
        planned = [(ASK, ask_at, ask_at + when.ASK_WITHIN)]
        if remind_at > self.clock.now():
            planned.append((REMIND, remind_at, due))
        for kind, at, not_after in planned:
            await self.agenda.plan(
                session,
                kind=kind,
                key=_key(kind, row.id, due),
                subject=row.id,
                community_id=me.community_id,
                due_at=at,
                not_after=not_after,
            )

    async def _own(
        self, session: AsyncSession, person_id: int, commitment_id: int, *, lock: bool = False
    ) -> tuple[Commitment, MemberView]:
        row = await session.get(Commitment, commitment_id, with_for_update=True if lock else None)
        if row is None:
            raise KithError("checkin_gone")
        checkin = await session.get_one(Checkin, row.checkin_id)
        me = await self.people.view(session, checkin.member_id)
        if me.person_id != person_id:
            raise KithError("not_yours")
        if me.barred:
            raise KithError("barred")
        if row.outcome is not None:
            raise KithError("dated_done")
        if me.zone is None:
            raise KithError("zone_first")
        if not await self._agrees(session, me):
            raise KithError("checkin_off")
        return row, me

    async def _agrees(self, session: AsyncSession, me: MemberView) -> bool:
        return bool(await self.people.consented(session, me.community_id, PURPOSE, [me.id]))

    async def _view(
        self, session: AsyncSession, row: Commitment, me: MemberView, *, changed: bool = True
    ) -> DatedView:
        community = await self.people.community(session, me.community_id)
        name = community.name if community else ""
        day, hour = when.on_the_wall(row.due_at, me.zone or "UTC") if row.due_at else ("", "")
        return DatedView(row.id, me.id, name, row.text, row.due_at, day, hour, changed)


def _key(kind: str, commitment_id: int, due_at: datetime) -> str:
    """Name the work of a moment, so that the work of an earlier one is recognised when it runs after all."""
    return f"{kind}:{commitment_id}:{int(due_at.timestamp())}"
