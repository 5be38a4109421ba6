"""Asking to be introduced to one person: they alone decide, and a no is never told.

Whoever asks reads the same sentence whatever the other decided, wants or takes part in. Each case is stored
alike, so that asking again tells nothing either; only a person Kith has never met here leaves no row.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import SAID, Outbox, OutboxRow, Said
from bot.core.queue import WAITING
from bot.core.store import Store, insert_row
from bot.intros import asking, reading, rules, ties
from bot.intros.scoring import Reason, reasons
from bot.intros.storing import introduce
from bot.intros.tables import AvoidedPair, Introduction, IntroRequest, Seat
from bot.people.service import MemberView, PeopleService, Who
from bot.people.visibility import seen_by

PURPOSE = "requests"
"""Who asks, and who says yes, agrees to the card that follows, whether or not they take part in rounds."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """What the asked person reads; `asker` as the asker shows themselves to members."""

    request_id: int
    community_name: str
    me: MemberView
    asker: MemberView
    reason: str


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """An answer to a request; `changed` False: it was answered before, with `said_yes`."""

    request_id: int
    member_id: int
    asker_id: int
    name: str
    community_name: str
    said_yes: bool
    changed: bool


class Requests:
    """Asking to be introduced to one person."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on what the service stands on."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        return {"intro.request.expire": self._expire}

    def delivered(self) -> dict[str, Callable[[AsyncSession, Said], Awaitable[None]]]:
        """Name what is remembered once a message has arrived: nothing."""
        return {}

    # --- asking ------------------------------------------------------------------------------------

    async def may_ask(self, who: Who, person_id: int) -> None:
        """Raise what `ask` would raise about the two people, before anything is typed."""
        async with self.store.write() as session:
            await self._asker(session, who, person_id)

    async def ask(self, who: Who, person_id: int, reason: str) -> None:
        """Ask a person whether they want to be introduced to the acting member.

        Raises:
            KithError: `ask_self`, `ask_needs_both` · `_niche` · `_zone`, `ask_introduced` (name),
                `ask_repeated` (name, at), `ask_enough` (limit, again), or what `asking.checked_reason`
                raises. None of them depends on what the other person decided.
        """
        reason = asking.checked_reason(reason)
        async with self.store.write() as session:
            me, other = await self._asker(session, who, person_id)
            await self.people.consent(session, me.id, PURPOSE)
            if other is not None:
                await self._store(session, me, other, reason)

    async def _asker(
        self, session: AsyncSession, who: Who, person_id: int
    ) -> tuple[MemberView, MemberView | None]:
        """Who asks, and who is asked (None: nobody Kith knows here), if that may be now."""
        if person_id == who.person_id:
            raise KithError("ask_self")
        member = await self.people.known(session, who)
        # Two asks of one member at once: the second counts the first.
        await session.refresh(member, with_for_update=True)
        me = await self.people.view(session, member.id)
        asking.require_profile(me, "ask")
        other = await self.people.find(session, who.community_id, person_id)
        now = self.clock.now()
        if other is not None:
            if await self._introduced(session, me.id, other.id, now):
                raise KithError("ask_introduced", name=other.name)
            before = await self._asked_before(session, me.id, other.id, now)
            if before is not None:
                raise KithError("ask_repeated", name=other.name, at=before)
        mine = select(IntroRequest.created_at).where(
            IntroRequest.from_id == me.id, IntroRequest.created_at > now - asking.WEEK
        )
        again = asking.next_ask((await session.scalars(mine)).all(), now)
        if again is not None:
            raise KithError("ask_enough", limit=asking.ASKS_A_WEEK, again=again)
        return me, other

    async def _introduced(self, session: AsyncSession, one: int, other: int, now: datetime) -> bool:
        """Whether they are about to meet, or met, through an introduction that is not long ago."""
        theirs = select(Seat.introduction_id).where(Seat.member_id == other)
        query = (
            select(Seat.id)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(
                Seat.member_id == one,
                Seat.introduction_id.in_(theirs),
                Introduction.ended_at.is_(None),
                Introduction.created_at > now - asking.QUIET_FOR,
            )
        )
        return (await session.execute(query.limit(1))).first() is not None

    async def _asked_before(
        self, session: AsyncSession, from_id: int, to_id: int, now: datetime
    ) -> datetime | None:
        query = select(IntroRequest.created_at).where(
            IntroRequest.from_id == from_id,
            IntroRequest.to_id == to_id,
            IntroRequest.created_at > now - asking.AGAIN_AFTER,
        )
        return (await session.scalars(query.order_by(IntroRequest.id.desc()).limit(1))).first()

    async def _store(self, session: AsyncSession, me: MemberView, other: MemberView, reason: str) -> None:
        """Keep the request, and tell the asked person where they may be told."""
        now = self.clock.now()
        apart = await self._apart(session, me.id, other.id)
        mutual = None if apart else await self._waiting(session, other.id, me.id)
        values = {
            "community_id": me.community_id,
            "from_id": me.id,
            "to_id": other.id,
            "reason": reason,
            "state": "declined" if apart else "accepted" if mutual else "waiting",
            "created_at": now,
            "decided_at": now if apart or mutual else None,
        }
        request_id = await insert_row(session, IntroRequest, values)
        if request_id is None:
            return
        await self._plan_end(session, request_id, me.community_id, now + asking.OPEN_FOR)
        if apart:
            return
        if mutual is not None:  # they asked each other: that is two times yes
            await self._accept(session, mutual, other, me)
            return
        if await self._takes_part(session, other):
            await self._tell(session, request_id, other, now)

    async def _tell(self, session: AsyncSession, request_id: int, other: MemberView, now: datetime) -> None:
        heard = select(OutboxRow.due_at).where(
            OutboxRow.kind == "intro.request",
            OutboxRow.recipient == other.person_id,
            OutboxRow.state.in_((WAITING, SAID)),
            OutboxRow.due_at > now - asking.WEEK,
        )
        await self.outbox.say(
            session,
            kind="intro.request",
            subject=request_id,
            key=f"intro.request:{request_id}",
            recipient=other.person_id,
            community_id=other.community_id,
            due_at=asking.told_at((await session.scalars(heard)).all(), now),
            expires_at=now + asking.OPEN_FOR,
            budgeted=True,
        )

    # --- answering ---------------------------------------------------------------------------------

    async def view(self, request_id: int) -> RequestView | None:
        """Return what the asked person reads; None when there is nothing to ask any more."""
        async with self.store.read() as session:
            row = await session.get(IntroRequest, request_id)
            if row is None or not self._open(row):
                return None
            views = await self.people.views(session, [row.from_id, row.to_id])
            me, asker = views[row.to_id], views[row.from_id]
            community = await self.people.community(session, row.community_id)
            if community is None or not await self._both_want(session, asker, me):
                return None
            return RequestView(row.id, community.name, me, seen_by(asker, "members"), row.reason)

    async def answer(self, person_id: int, request_id: int, *, yes: bool) -> AnsweredView:
        """Take the asked person's answer: a yes introduces both, a no stays between them and Kith.

        Raises:
            KithError: `not_yours` for anybody else; `ask_over` for a request that is not open any more.
        """
        async with self.store.write() as session:
            row = await session.get(IntroRequest, request_id, with_for_update=True)
            if row is None:
                raise KithError("ask_over")
            views = await self.people.views(session, [row.from_id, row.to_id])
            me, asker = views[row.to_id], views[row.from_id]
            if me.person_id != person_id:
                raise KithError("not_yours")
            if row.state not in {"accepted", "declined"}:
                await self._decide(session, row, asker, me, yes=yes)
                return await self._answered(session, row, asker, changed=True)
            return await self._answered(session, row, asker, changed=False)

    async def _decide(
        self, session: AsyncSession, row: IntroRequest, asker: MemberView, me: MemberView, *, yes: bool
    ) -> None:
        if not self._open(row):
            raise KithError("ask_over")
        if not yes:
            self._close(row, "declined")
            return
        if not await self._both_want(session, asker, me):
            raise KithError("ask_over")
        await self._accept(session, row, asker, me)

    async def _answered(
        self, session: AsyncSession, row: IntroRequest, asker: MemberView, *, changed: bool
    ) -> AnsweredView:
        community = await self.people.community(session, row.community_id)
        name = community.name if community else ""
        return AnsweredView(
            row.id, row.to_id, row.from_id, asker.name, name, row.state == "accepted", changed
        )

    async def _accept(
        self, session: AsyncSession, row: IntroRequest, asker: MemberView, me: MemberView
    ) -> None:
        """Introduce both: the yes of each to the asking is what their cards stand on."""
        self._close(row, "accepted")
        await self.people.consent(session, me.id, PURPOSE)
        # Were both asking, the other request is answered as well.
        other_way = (IntroRequest.from_id == me.id) & (IntroRequest.to_id == asker.id)
        await self._close_waiting(session, other_way, "accepted")
        await introduce(
            session,
            self.agenda,
            self.outbox,
            community_id=row.community_id,
            round_id=None,
            origin="ask",
            form=rules.meeting_form([asker.comfort, me.comfort]),
            reasons=await self._reasons(session, asker, me),
            views=[asker, me],
            now=self.clock.now(),
        )

    async def _reasons(self, session: AsyncSession, one: MemberView, other: MemberView) -> list[Reason]:
        """Why these two should meet; that they never did is said only where it is so."""
        start = rules.week_start(self.clock.now())
        found = reasons(reading.candidate(one, 0, start), reading.candidate(other, 0, start), None)
        if await ties.acquainted(session, one.id, other.id):
            return [reason for reason in found if reason.name != "new"]
        return found

    # --- ends --------------------------------------------------------------------------------------

    async def _expire(self, work: Work) -> None:
        """Let a request that nobody answered go, in silence; delete each when the two may ask again.

        Until then all stay as they were stored: what is kept of one must not tell what became of it.
        """
        async with self.store.write() as session:
            row = await session.get(IntroRequest, work.subject, with_for_update=True)
            gone_at = row.created_at + asking.AGAIN_AFTER if row else self.clock.now()
            if row is not None and self.clock.now() < gone_at:
                if row.state == "waiting":
                    self._close(row, "expired")
                await self._plan_end(session, row.id, row.community_id, gone_at)
            elif row is not None:
                await session.delete(row)
            await self.agenda.settle(session, work)

    async def _plan_end(
        self, session: AsyncSession, request_id: int, community_id: int, due_at: datetime
    ) -> None:
        await self.agenda.plan(
            session,
            kind="intro.request.expire",
            key=f"intro.request.expire:{request_id}:{int(due_at.timestamp())}",
            subject=request_id,
            community_id=community_id,
            due_at=due_at,
        )

    async def end_asked(self, session: AsyncSession, member_id: int) -> None:
        """Close what others asked of a member who left the introductions; nobody is told."""
        await self._close_waiting(session, IntroRequest.to_id == member_id, "expired")

    async def end_member(self, session: AsyncSession, member_id: int) -> None:
        """Close every request from or to a member; nobody is told."""
        of_theirs = or_(IntroRequest.to_id == member_id, IntroRequest.from_id == member_id)
        await self._close_waiting(session, of_theirs, "expired")

    async def end_between(self, session: AsyncSession, one: int, other: int) -> None:
        """Close what two members asked each other: one of them would rather not meet."""
        between = or_(
            and_(IntroRequest.from_id == one, IntroRequest.to_id == other),
            and_(IntroRequest.from_id == other, IntroRequest.to_id == one),
        )
        await self._close_waiting(session, between, "declined")

    async def erase(self, session: AsyncSession, me: MemberView) -> None:
        """Take a member's name and words back from the screens of those they asked."""
        query = select(IntroRequest.id, IntroRequest.to_id).where(IntroRequest.from_id == me.id)
        asked = {row.id: row.to_id for row in (await session.execute(query)).all()}
        await self.outbox.retract(
            session,
            kinds=["intro.request"],
            subjects=list(asked),
            into="intro.ended",
            except_for=me.person_id,
            shown=asked,
        )
        mine = or_(IntroRequest.to_id == me.id, IntroRequest.from_id == me.id)
        rows = list((await session.scalars(select(IntroRequest.id).where(mine))).all())
        await self.agenda.forget(session, ["intro.request.expire"], rows)
        await session.execute(delete(IntroRequest).where(IntroRequest.id.in_(rows)))

    # --- inside ------------------------------------------------------------------------------------

    def _open(self, row: IntroRequest) -> bool:
        return row.state == "waiting" and self.clock.now() < row.created_at + asking.OPEN_FOR

    def _close(self, row: IntroRequest, state: str) -> None:
        row.state, row.decided_at = state, self.clock.now()

    async def _close_waiting(self, session: AsyncSession, which: ColumnElement[bool], state: str) -> None:
        await session.execute(
            update(IntroRequest)
            .where(which, IntroRequest.state == "waiting")
            .values(state=state, decided_at=self.clock.now())
        )

    async def _waiting(self, session: AsyncSession, from_id: int, to_id: int) -> IntroRequest | None:
        query = select(IntroRequest).where(
            IntroRequest.from_id == from_id, IntroRequest.to_id == to_id, IntroRequest.state == "waiting"
        )
        row = (await session.scalars(query.with_for_update())).one_or_none()
        return row if row is not None and self._open(row) else None

    async def _apart(self, session: AsyncSession, one: int, other: int) -> bool:
        return await session.get(AvoidedPair, rules.pair_key(one, other)) is not None

    async def _takes_part(self, session: AsyncSession, member: MemberView) -> bool:
        """Whether a member may be asked now."""
        here = await reading.enrolled(session, self.people, member.community_id, [member.id])
        return member.id in here and not member.barred

    async def _both_want(self, session: AsyncSession, asker: MemberView, me: MemberView) -> bool:
        """Whether the asked still takes part, the asker still waits for it, and nothing keeps them apart."""
        asks = await self.people.consented(session, asker.community_id, PURPOSE, [asker.id])
        return (
            bool(asks)
            and not asker.barred
            and await self._takes_part(session, me)
            and not await self._apart(session, asker.id, me.id)
        )
