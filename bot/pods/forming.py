"""How pods come together: once a week those who wait are grouped, and each is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Handler, Work
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.people.hours import week_mask
from bot.people.service import MemberView
from bot.people.tables import Member
from bot.people.visibility import seen_by
from bot.pods import rules
from bot.pods.room import PURPOSE, Room
from bot.pods.rules import Wisher
from bot.pods.tables import Pod, PodSeat, PodWish
from bot.pods.views import PodView, SeatView

log = get_logger(__name__)

CHECKINS = "checkins"
"""The consent that says that somebody's check-ins are on."""
FIRST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Since when a member waits, and with whom they stay together."""

    since: datetime
    block: int | None


class Forming:
    """The agenda work `pod.form` and `pod.close`, and the answers to an invitation."""

    def __init__(self, room: Room) -> None:
        """Stand on what all parts of pods share."""
        self.room = room

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {"pod.form": self._form, "pod.close": self._close}

    # --- grouping ----------------------------------------------------------------------------------

    async def _form(self, work: Work) -> None:
        """Group who waits and ask them; look again next week while anybody waits."""
        async with self.room.store.read() as session:
            speaks = await self.room.speaks(session, work.subject)
            waiting = await self._waiting(session, work.subject) if speaks else {}
            wishers = await self._wishers(session, waiting)
            apart = await self.room.outside.apart(session, waiting) | await self._refused(session, waiting)
            liked = await self.room.outside.went_well(session, waiting)
        # A thread: a large community would hold up everything else.
        pods = await asyncio.to_thread(rules.form, wishers, apart, liked)
        async with self.room.store.write() as session:
            still = await self._waiting(session, work.subject) if pods else {}
            for members in pods:
                if still.keys() >= set(members):
                    await self._ask(session, work.subject, members)
            if await self._anybody(session, work.subject):
                await self.room.plan_forming(session, work.subject)
            await self.room.agenda.settle(session, work)
        log.info("pods.formed", community=work.subject, waiting=len(waiting), pods=len(pods))

    async def _waiting(self, session: AsyncSession, community_id: int) -> dict[int, _Waiting]:
        """Return who waits for a pod and may be asked now: check-ins on, a zone, not asked already."""
        query = select(PodWish.member_id, PodWish.since).join(Member, Member.id == PodWish.member_id)
        rows = (await session.execute(query.where(Member.community_id == community_id))).all()
        found = {member_id: _Waiting(since, None) for member_id, since in rows}
        found |= await self._blocks(session, community_id)
        asked = select(PodSeat.member_id).join(Pod, Pod.id == PodSeat.pod_id)
        open_seats = (Pod.state == "forming") & PodSeat.state.in_(("asked", "in"))
        busy = set(await session.scalars(asked.where(Pod.community_id == community_id, open_seats)))
        agreed = set(await self.room.people.consented(session, community_id, CHECKINS, sorted(found)))
        views = await self.room.people.views(session, agreed - busy)
        return {
            number: found[number]
            for number, view in views.items()
            if view.zone is not None and not view.barred
        }

    async def _blocks(self, session: AsyncSession, community_id: int) -> dict[int, _Waiting]:
        """Return the members of pods that became too small and all wish for new people."""
        query = select(Pod).where(Pod.community_id == community_id, Pod.state == "active").order_by(Pod.id)
        found: dict[int, _Waiting] = {}
        for pod in (await session.scalars(query)).all():
            seats = await self.room.seats(session, pod.id)
            if len(seats) < rules.SMALLEST and all(seat.wish == rules.COMPANY for seat in seats):
                found |= {seat.member_id: _Waiting(pod.created_at, pod.id) for seat in seats}
        return found

    async def _wishers(self, session: AsyncSession, waiting: Mapping[int, _Waiting]) -> list[Wisher]:
        views = await self.room.people.views(session, waiting)
        monday = datetime.combine(self.room.clock.now().date(), time(), UTC)
        return [self._wisher(view, waiting[number], monday) for number, view in views.items()]

    def _wisher(self, view: MemberView, waiting: _Waiting, start: datetime) -> Wisher:
        """What a member hides from everybody is not used: who is put together would tell."""
        seen = seen_by(view, "matches")
        ladder = list(self.room.people.catalogue.stages)
        return Wisher(
            member_id=view.id,
            since=waiting.since,
            mask=week_mask(view.contact_hours, view.zone, start),
            direction=seen.direction,
            stage=ladder.index(seen.stage) if seen.stage in ladder else None,
            block=waiting.block,
        )

    async def _refused(self, session: AsyncSession, among: Collection[int]) -> set[rules.Pair]:
        """Return whom not to offer each other again so soon: one said no, or wished for another pod."""
        since = self.room.clock.now() - rules.TERM
        recent = func.coalesce(Pod.ends_at, Pod.created_at) > since
        query = (
            select(PodSeat.pod_id, PodSeat.member_id)
            .join(Pod, Pod.id == PodSeat.pod_id)
            .where(PodSeat.state == "out", PodSeat.wish.in_(rules.APART_AGAIN), recent)
        )
        found: set[rules.Pair] = set()
        for pod_id, member_id in (await session.execute(query)).all():
            if member_id in among:
                others = await session.scalars(select(PodSeat.member_id).where(PodSeat.pod_id == pod_id))
                found |= {rules.pair(member_id, other) for other in others if other != member_id}
        return found

    async def _anybody(self, session: AsyncSession, community_id: int) -> bool:
        """Tell whether anybody wishes for a pod, also when they cannot be asked just now."""
        query = select(PodWish.member_id).join(Member, Member.id == PodWish.member_id)
        wishes = await session.execute(query.where(Member.community_id == community_id).limit(1))
        return wishes.first() is not None or bool(await self._blocks(session, community_id))

    # --- asking ------------------------------------------------------------------------------------

    async def _ask(self, session: AsyncSession, community_id: int, members: Sequence[int]) -> None:
        now = self.room.clock.now()
        pod = Pod(community_id=community_id, state="forming", created_at=now)
        session.add(pod)
        await session.flush()
        seats = [PodSeat(pod_id=pod.id, member_id=member, state="asked") for member in members]
        session.add_all(seats)
        await session.flush()
        views = await self.room.people.views(session, members)
        for seat in seats:
            await self.room.tell(session, "pod.invite", seat.id, views[seat.member_id], "first")
        await self.room.plan(session, "pod.close", pod.id, community_id, now + rules.ANSWER_WITHIN)

    async def answer(self, person_id: int, seat_id: int, *, joins: bool) -> SeatView:
        """Take a member's answer to an invitation; they may change it until the pod begins.

        Raises `not_yours`, `pod_gone`, and `pod_invite_over` when it is settled without them.
        """
        async with self.room.store.write() as session:
            seat, pod, me = await self.room.own_seat(session, person_id, seat_id)
            wanted = "in" if joins else "out"
            if pod.state != "forming":
                if pod.state == "active" and seat.state == wanted == "in":
                    return await self.seat_view(session, seat, pod, changed=False)
                raise KithError("pod_invite_over")
            changed = seat.state != wanted
            if changed:
                seat.state, seat.wish = wanted, None if joins else rules.REFUSED
                seat.joined_at = self.room.clock.now() if joins else None
                await session.flush()
                if joins:
                    await self.room.people.consent(session, me.id, PURPOSE)
                await self.settle(session, pod)
            return await self.seat_view(session, seat, pod, changed=changed)

    async def invitation(self, seat_id: int, *, again: bool = False) -> SeatView | None:
        """Return what an invitation shows, None when there is nothing to answer; `again`: in any case."""
        async with self.room.store.read() as session:
            seat = await session.get(PodSeat, seat_id)
            pod = await self.room.pod(session, seat.pod_id) if seat is not None else None
            if seat is None or pod is None:
                return None
            if not again and (pod.state != "forming" or seat.state != "asked"):
                return None
            return await self.seat_view(session, seat, pod)

    async def pod(self, pod_id: int) -> PodView | None:
        """Return a pod with its people."""
        async with self.room.store.read() as session:
            pod = await self.room.pod(session, pod_id)
            return await self.room.view(session, pod) if pod is not None else None

    async def seat_view(
        self, session: AsyncSession, seat: PodSeat, pod: Pod, *, changed: bool = True
    ) -> SeatView:
        """Freeze a seat with its pod."""
        shown = await self.room.view(session, pod)
        until = pod.created_at + rules.ANSWER_WITHIN
        return SeatView(seat.id, seat.member_id, seat.state, seat.wish, shown, until, changed)

    # --- settling ----------------------------------------------------------------------------------

    async def _close(self, work: Work) -> None:
        """Settle an invitation when its time is over; what Kith itself slept through is given again."""
        async with self.room.store.write() as session:
            pod = await self.room.pod(session, work.subject, lock=True)
            if pod is not None and pod.state == "forming":
                now = self.room.clock.now()
                if now > work.due_at + rules.LATE:
                    again = now + rules.ANSWER_WITHIN
                    await self.room.plan(session, "pod.close", pod.id, pod.community_id, again)
                else:
                    await self.settle(session, pod, over=True)
            await self.room.agenda.settle(session, work)

    async def settle(self, session: AsyncSession, pod: Pod, *, over: bool = False) -> None:
        """Begin a pod that enough said yes to, end one that cannot come together, else wait."""
        asked = await self.room.seats(session, pod.id, ["asked"])
        yes = await self.room.seats(session, pod.id)
        match rules.standing(len(yes), len(asked), over=over):
            case "begins":
                await self._missed(session, asked)
                await self._begin(session, pod, yes)
            case "fails":
                if over:
                    await self._missed(session, asked)
                await self._fail(session, pod, yes)
            case _:
                pass

    async def _begin(self, session: AsyncSession, pod: Pod, seats: Sequence[PodSeat]) -> None:
        """Start a term; whoever was in a pod that became too small leaves it for this one.

        What a member chose to show another pod is not shown to this one: they choose anew.
        """
        members = [seat.member_id for seat in seats]
        for member_id in members:
            await self.room.outside.checkins.hide(session, member_id)
            held = await self.room.seat_of(session, member_id, "active")
            if held is not None:
                await self.room.go(session, *held, None)
        await session.execute(delete(PodWish).where(PodWish.member_id.in_(members)))
        now = self.room.clock.now()
        pod.state, pod.ends_at = "active", now + rules.TERM
        await session.flush()
        await self.room.plan_thread(session, pod)
        await self.room.plan_digest(session, "pod.digest", pod.id, pod.community_id)
        await self.room.plan(session, "pod.term", pod.id, pod.community_id, pod.ends_at - rules.ASK_BEFORE)
        log.info("pod.began", pod=pod.id, people=len(members))

    async def _fail(self, session: AsyncSession, pod: Pod, yes: Sequence[PodSeat]) -> None:
        """Tell those who said yes that they are first in line, and look again next week."""
        pod.state = "ended"
        await session.execute(
            update(PodSeat)
            .where(PodSeat.pod_id == pod.id, PodSeat.state != "out")
            .values(state="out")
            .execution_options(synchronize_session="fetch")
        )
        views = await self.room.people.views(session, [seat.member_id for seat in yes])
        for member_id, view in views.items():
            await self._first_in_line(session, member_id)
            await self.room.tell(session, "pod.back", member_id, view, pod.id)
        await self.room.plan_forming(session, pod.community_id)

    async def _first_in_line(self, session: AsyncSession, member_id: int) -> None:
        first = await session.scalar(select(func.min(PodWish.since)))
        if first is not None:
            await session.execute(
                update(PodWish).where(PodWish.member_id == member_id).values(since=first - FIRST)
            )

    async def _missed(self, session: AsyncSession, asked: Sequence[PodSeat]) -> None:
        """Ask those no more who did not answer, until they say so: told once, and kindly.

        Whom the invitation never reached, because others used up their week, stays on the list.
        """
        unread = await self.room.unsaid(session, "pod.invite", [seat.id for seat in asked])
        for seat in asked:
            seat.state, seat.wish = "out", None if seat.id in unread else rules.SILENT
        asked = [seat for seat in asked if seat.id not in unread]
        views = await self.room.people.views(session, [seat.member_id for seat in asked])
        for seat in asked:
            held = await self.room.seat_of(session, seat.member_id, "active")
            if held is not None:
                held[0].wish = None
            await session.execute(delete(PodWish).where(PodWish.member_id == seat.member_id))
            await self.room.tell(session, "pod.missed", seat.member_id, views[seat.member_id], seat.id)
        await session.flush()
