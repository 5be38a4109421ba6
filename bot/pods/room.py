"""What every part of pods stands on: reading pods and seats, telling members, planning, and going."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.ids import new_id
from bot.core.outbox import SAID, Outbox, OutboxRow
from bot.core.queue import WAITING
from bot.core.schedule import next_local
from bot.core.store import Store, insert_new
from bot.people.service import CommunityView, MemberView, PeopleService
from bot.people.visibility import seen_by
from bot.pods import rules
from bot.pods.tables import Pod, PodSeat, PodWish
from bot.pods.views import Outside, PodPerson, PodView

PURPOSE = "requests"
"""Joining asks for a pod; what Kith writes about it answers that."""
FORM_ON, FORM_AT = 0, 9
"""Monday at nine, on the community's clock."""
DIGEST_ON, DIGEST_AT = 6, 18
"""Sunday at six in the evening: the end of the community's week."""
PUT_AWAY = "away"
ABOUT_SEATS = ("pod.invite", "pod.started", "pod.letter")
ABOUT_PODS = ("pod.welcome", "pod.digest")
"""Messages that name people of a pod."""


class Room:
    """Shared by forming, terms and digests; every method but the constructor joins a unit of work."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        outside: Outside,
    ) -> None:
        """Stand on the core, the people, and what other features know."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.outside = outside

    # --- reading -----------------------------------------------------------------------------------

    async def pod(self, session: AsyncSession, pod_id: int, *, lock: bool = False) -> Pod | None:
        """Return a pod; with `lock`, nobody else decides about it meanwhile."""
        return await session.get(Pod, pod_id, with_for_update=True if lock else None)

    async def seats(
        self, session: AsyncSession, pod_id: int, states: Collection[str] = ("in",)
    ) -> Sequence[PodSeat]:
        """Return a pod's seats in these states."""
        query = select(PodSeat).where(PodSeat.pod_id == pod_id, PodSeat.state.in_(states))
        found = await session.scalars(
            query.order_by(PodSeat.id), execution_options={"populate_existing": True}
        )
        return found.all()

    async def seat_of(
        self, session: AsyncSession, member_id: int, pod_state: str
    ) -> tuple[PodSeat, Pod] | None:
        """Return the seat a member holds, or is asked to take, in a pod of this state."""
        query = (
            select(PodSeat, Pod)
            .join(Pod, Pod.id == PodSeat.pod_id)
            .where(PodSeat.member_id == member_id, PodSeat.state.in_(("asked", "in")), Pod.state == pod_state)
            .order_by(PodSeat.id.desc())
            .limit(1)
        )
        row = (await session.execute(query)).first()
        return (row[0], row[1]) if row is not None else None

    async def own_seat(
        self, session: AsyncSession, person_id: int, seat_id: int
    ) -> tuple[PodSeat, Pod, MemberView]:
        """Return a seat to its member, its pod locked; raises `pod_gone` and `not_yours`."""
        seat = await session.get(PodSeat, seat_id)
        if seat is None:
            raise KithError("pod_gone")
        me = await self.owner(session, person_id, seat.member_id)
        pod = await self.pod(session, seat.pod_id, lock=True)
        await session.refresh(seat)
        assert pod is not None
        return seat, pod, me

    async def owner(self, session: AsyncSession, person_id: int, member_id: int) -> MemberView:
        """Return a member to themselves; raises `not_yours`, also for one there is not, and `barred`."""
        me = (await self.people.views(session, [member_id])).get(member_id)
        if me is None or me.person_id != person_id:
            raise KithError("not_yours")
        if me.barred:
            raise KithError("barred")
        return me

    async def speaks(self, session: AsyncSession, community_id: int) -> bool:
        """Tell whether Kith works in this community at present."""
        community = await self.people.community(session, community_id)
        return community is not None and community.started and not (community.paused or community.left_at)

    async def view(self, session: AsyncSession, pod: Pod) -> PodView:
        """Freeze a pod as its people see each other."""
        states = ("asked", "in") if pod.state == "forming" else ("in",)
        ids = [seat.member_id for seat in await self.seats(session, pod.id, states)]
        views = await self.people.views(session, ids)
        community = await self.people.community(session, pod.community_id)
        return PodView(
            id=pod.id,
            community_id=pod.community_id,
            community_name=community.name if community else "",
            state=pod.state,
            people=tuple(self.person(views[number]) for number in ids if not views[number].barred),
            thread_id=pod.thread_id,
            ends_at=pod.ends_at,
        )

    def person(self, view: MemberView) -> PodPerson:
        """Show a member as those may see them whom Kith brings together with them."""
        seen = seen_by(view, "matches")
        term = self.people.catalogue.disciplines.get(seen.discipline or "")
        return PodPerson(view.id, view.person_id, view.name, term.name if term else "", seen.zone)

    # --- when --------------------------------------------------------------------------------------

    def forms_at(self, zone: str) -> datetime:
        """Return when pods are formed next."""
        return next_local(self.clock.now(), zone, FORM_ON, FORM_AT)

    def digest_at(self, zone: str) -> datetime:
        """Return when the digests come next."""
        return next_local(self.clock.now(), zone, DIGEST_ON, DIGEST_AT)

    async def plan(
        self,
        session: AsyncSession,
        kind: str,
        subject: int,
        community_id: int,
        due_at: datetime,
        *,
        not_after: datetime | None = None,
    ) -> None:
        """Plan one piece of work; the same one is planned once."""
        await self.agenda.plan(
            session,
            kind=kind,
            key=key(kind, subject, due_at),
            subject=subject,
            community_id=community_id,
            due_at=due_at,
            not_after=not_after,
        )

    async def plan_forming(self, session: AsyncSession, community_id: int) -> None:
        """Look for pods at the start of the next week."""
        community = await self.people.community(session, community_id)
        due_at = self.forms_at(community.zone if community else "UTC")
        await self.plan(session, "pod.form", community_id, community_id, due_at)

    async def plan_digest(self, session: AsyncSession, kind: str, subject: int, community_id: int) -> None:
        """Plan a digest for the end of the week; one that is too late is let go."""
        community = await self.people.community(session, community_id)
        due_at = self.digest_at(community.zone if community else "UTC")
        late = due_at + rules.DIGEST_GRACE
        await self.plan(session, kind, subject, community_id, due_at, not_after=late)

    async def plan_thread(self, session: AsyncSession, pod: Pod) -> None:
        """Have the pod's thread brought into line with who is in it; that of one that ended is put away.

        Later, because what stands in it may have to be shown again, and that opens it.
        """
        now = self.clock.now()
        moments = {new_id(): now, PUT_AWAY: now + rules.PUT_AWAY_AFTER}
        for turn, due_at in moments.items():
            if turn != PUT_AWAY or pod.state == "ended":
                await self.agenda.plan(
                    session,
                    kind="pod.thread",
                    key=f"pod.thread:{pod.id}:{turn}",
                    subject=pod.id,
                    community_id=pod.community_id,
                    due_at=due_at,
                )

    # --- saying ------------------------------------------------------------------------------------

    async def tell(
        self,
        session: AsyncSession,
        kind: str,
        subject: int,
        member: MemberView,
        turn: object,
        *,
        expires_at: datetime | None = None,
    ) -> None:
        """Tell a member something by DM, within their budget; once for each `turn`."""
        quiet = not await self.people.has_consent(session, member.id, PURPOSE)
        await self.outbox.say(
            session,
            kind=kind,
            subject=subject,
            key=f"{kind}:{subject}:{turn}",
            recipient=member.person_id,
            community_id=member.community_id,
            expires_at=expires_at,
            budgeted=not quiet,
            quiet=quiet,
        )

    async def unsaid(self, session: AsyncSession, kind: str, subjects: Collection[int]) -> set[int]:
        """Return those about whom a message of this kind still waits to be sent."""
        query = select(OutboxRow.subject).where(
            OutboxRow.kind == kind,
            OutboxRow.subject.in_(subjects),
            OutboxRow.state == WAITING,
            OutboxRow.tried_at.is_(None),
        )
        return set(await session.scalars(query))

    async def show_again(self, session: AsyncSession, pod: Pod, gone: PodSeat) -> None:
        """Have what the others read about a pod shown anew: somebody who is named there is gone."""
        query = select(PodSeat.id).where(PodSeat.pod_id == pod.id, PodSeat.id != gone.id)
        await self.edit(session, ABOUT_SEATS, list(await session.scalars(query)))
        await self.edit(session, ABOUT_PODS, [pod.id])

    async def edit(
        self,
        session: AsyncSession,
        kinds: Collection[str],
        subjects: Collection[int],
        community_id: int | None = None,
    ) -> None:
        """Render messages that were said again, where they stand."""
        query = select(OutboxRow).where(
            OutboxRow.kind.in_(kinds),
            OutboxRow.state == SAID,
            OutboxRow.target != "edit",
            OutboxRow.message_id.is_not(None),
        )
        here = (
            OutboxRow.subject.in_(subjects)
            if community_id is None
            else (OutboxRow.community_id == community_id)
        )
        for row in (await session.scalars(query.where(here).order_by(OutboxRow.id))).all():
            await self.outbox.say(
                session,
                kind=row.kind,
                subject=row.subject,
                key=f"{row.key}:{new_id()}",
                recipient=row.channel_id or row.recipient,
                community_id=row.community_id,
                target="edit",
                channel_id=row.channel_id,
                message_id=row.message_id,
            )

    # --- waiting and going -------------------------------------------------------------------------

    async def wait(self, session: AsyncSession, member_id: int, since: datetime) -> bool:
        """Put a member on the list of those who would like a pod; False when they were on it."""
        return await insert_new(session, PodWish, member_id=member_id, since=since)

    async def waits(self, session: AsyncSession, member_id: int) -> bool:
        """Tell whether a member is on that list."""
        return await session.get(PodWish, member_id) is not None

    async def go(self, session: AsyncSession, seat: PodSeat, pod: Pod, wish: str | None) -> None:
        """Let a member out of an active pod; what they showed there goes with them."""
        seat.state, seat.wish = "out", wish
        await session.flush()
        await self.show_again(session, pod, seat)
        left = await self.seats(session, pod.id)
        if not left:
            pod.state = "ended"
        elif len(left) < rules.SMALLEST:
            await self._ask_company(session, left)
        await self.plan_thread(session, pod)

    async def _ask_company(self, session: AsyncSession, seats: Iterable[PodSeat]) -> None:
        """Ask those left in a pod that became too small whether they would like new people."""
        left = [seat for seat in seats if seat.wish != rules.COMPANY]
        views = await self.people.views(session, [seat.member_id for seat in left])
        for seat in left:
            await self.tell(session, "pod.merge", seat.id, views[seat.member_id], new_id())

    async def community(self, session: AsyncSession, community_id: int) -> CommunityView:
        """Return a community that is known to be there."""
        found = await self.people.community(session, community_id)
        if found is None:
            raise KithError("server_only")
        return found


def key(kind: str, subject: int, at: datetime) -> str:
    """Name a piece of work by its moment."""
    return f"{kind}:{subject}:{int(at.timestamp())}"
