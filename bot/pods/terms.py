"""The end of a term, and pods that became too small: everybody is asked, nobody is moved without a yes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Handler, Work
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.pods import rules
from bot.pods.room import Room, key
from bot.pods.tables import Pod, PodSeat
from bot.pods.views import SeatView, StandingView, ThreadView

log = get_logger(__name__)


class Terms:
    """The agenda work `pod.term` and `pod.end`, and the answers to their questions."""

    def __init__(self, room: Room) -> None:
        """Stand on what all parts of pods share."""
        self.room = room

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {"pod.term": self._ask, "pod.end": self._end}

    # --- a week before the end ---------------------------------------------------------------------

    async def _ask(self, work: Work) -> None:
        """Ask everybody how to go on. They have a week, also when Kith was away meanwhile."""
        async with self.room.store.write() as session:
            pod = await self.room.pod(session, work.subject, lock=True)
            if pod is not None and pod.state == "active" and pod.ends_at is not None:
                pod.ends_at = max(pod.ends_at, self.room.clock.now() + rules.ASK_BEFORE - rules.LATE)
                seats = await self.room.seats(session, pod.id)
                if len(seats) >= rules.SMALLEST:
                    await self._say(session, pod, seats)
                await self.room.plan(session, "pod.end", pod.id, pod.community_id, pod.ends_at)
            await self.room.agenda.settle(session, work)

    async def _say(self, session: AsyncSession, pod: Pod, seats: Sequence[PodSeat]) -> None:
        assert pod.ends_at is not None
        views = await self.room.people.views(session, [seat.member_id for seat in seats])
        turn = int(pod.ends_at.timestamp())
        for seat in seats:
            member = views[seat.member_id]
            await self.room.tell(session, "pod.term", seat.id, member, turn, expires_at=pod.ends_at)

    async def choose(self, person_id: int, seat_id: int, wish: str) -> SeatView:
        """Note how a member would like to go on after the term.

        Raises `not_yours`, `pod_gone`, `choice_unknown`, and `pod_term_over` outside the last week.
        """
        if wish not in rules.NEXT:
            raise KithError("choice_unknown", value=wish)
        async with self.room.store.write() as session:
            seat, pod, _me = await self.room.own_seat(session, person_id, seat_id)
            if seat.state != "in" or not self.open(pod):
                raise KithError("pod_term_over")
            changed = seat.wish != wish
            seat.wish = wish
            return await self._view(session, seat, pod, changed=changed)

    def open(self, pod: Pod) -> bool:
        """Tell whether members may say now how they would like to go on."""
        if pod.state != "active" or pod.ends_at is None:
            return False
        return self.room.clock.now() >= pod.ends_at - rules.ASK_BEFORE

    async def question(self, seat_id: int) -> SeatView | None:
        """Return what the question about the term shows, None when it is over."""
        async with self.room.store.read() as session:
            seat = await session.get(PodSeat, seat_id)
            pod = await self.room.pod(session, seat.pod_id) if seat is not None else None
            if seat is None or pod is None or seat.state != "in" or not self.open(pod):
                return None
            return await self._view(session, seat, pod)

    # --- the end -----------------------------------------------------------------------------------

    async def _end(self, work: Work) -> None:
        """Begin a new term with those who wish it, or end the pod; everybody else is told how it goes on."""
        async with self.room.store.write() as session:
            pod = await self.room.pod(session, work.subject, lock=True)
            running = pod is not None and pod.state == "active" and pod.ends_at is not None
            if pod is not None and running and work.key == self._end_key(pod):
                await self._over(session, pod)
            await self.room.agenda.settle(session, work)

    def _end_key(self, pod: Pod) -> str:
        """Name the end of the present term: one that was moved is recognised."""
        assert pod.ends_at is not None
        return key("pod.end", pod.id, pod.ends_at)

    async def _over(self, session: AsyncSession, pod: Pod) -> None:
        seats = await self.room.seats(session, pod.id)
        again = rules.renews([seat.wish for seat in seats])
        going = [seat for seat in seats if not (again and seat.wish == rules.RENEW)]
        await self._release(session, pod, going)
        if again:
            await self._renew(session, pod)
        else:
            pod.state = "ended"
        await self.room.plan_thread(session, pod)
        log.info("pod.term_over", pod=pod.id, renewed=again, going=len(going))

    async def _release(self, session: AsyncSession, pod: Pod, seats: Sequence[PodSeat]) -> None:
        """Let members go, those who wish so onto the list."""
        views = await self.room.people.views(session, [seat.member_id for seat in seats])
        waits = False
        for seat in seats:
            seat.state = "out"
            if rules.looks_on(seat.wish):
                await self.room.wait(session, seat.member_id, pod.created_at)
                waits = True
            await self.room.tell(session, "pod.over", seat.member_id, views[seat.member_id], seat.id)
        await session.flush()
        if waits:
            await self.room.plan_forming(session, pod.community_id)

    async def _renew(self, session: AsyncSession, pod: Pod) -> None:
        pod.ends_at = self.room.clock.now() + rules.TERM
        for seat in await self.room.seats(session, pod.id):
            seat.wish = None
        await session.flush()
        await self.room.plan(session, "pod.term", pod.id, pod.community_id, pod.ends_at - rules.ASK_BEFORE)

    async def standing(self, member_id: int) -> StandingView | None:
        """Return how it goes on for a member whose pod, or invitation, is over."""
        async with self.room.store.read() as session:
            view = (await self.room.people.views(session, [member_id])).get(member_id)
            if view is None or view.barred:
                return None
            held = await self.room.seat_of(session, member_id, "active")
            waits = await self.room.waits(session, member_id)
            if held is not None and not waits:  # in a pod again since
                waits = held[0].wish == rules.COMPANY
            community = await self.room.community(session, view.community_id)
            return StandingView(member_id, community.name, waits)

    # --- too small ---------------------------------------------------------------------------------

    async def company(self, person_id: int, seat_id: int, *, wanted: bool) -> SeatView:
        """Look for new people for a pod that became too small, or leave it.

        Raises `not_yours`, `pod_gone`, and `pod_enough` for a pod that is large enough or over.
        """
        async with self.room.store.write() as session:
            seat, pod, _me = await self.room.own_seat(session, person_id, seat_id)
            if seat.state != "in" or not await self._small(session, pod):
                raise KithError("pod_enough")
            changed = not wanted or seat.wish != rules.COMPANY
            if wanted:
                seat.wish = rules.COMPANY
                await self.room.plan_forming(session, pod.community_id)
            else:
                await self.room.go(session, seat, pod, rules.END)
            return await self._view(session, seat, pod, changed=changed)

    async def too_small(self, seat_id: int) -> SeatView | None:
        """Return what the question about company shows, None when there is nothing to ask any more."""
        async with self.room.store.read() as session:
            seat = await session.get(PodSeat, seat_id)
            pod = await self.room.pod(session, seat.pod_id) if seat is not None else None
            if seat is None or pod is None or seat.state != "in" or not await self._small(session, pod):
                return None
            return await self._view(session, seat, pod)

    async def _small(self, session: AsyncSession, pod: Pod) -> bool:
        return pod.state == "active" and len(await self.room.seats(session, pod.id)) < rules.SMALLEST

    # --- the thread --------------------------------------------------------------------------------

    async def thread(self, pod_id: int) -> ThreadView | None:
        """Return what a pod's thread should be like now; None where Kith is not any more."""
        async with self.room.store.read() as session:
            pod = await self.room.pod(session, pod_id)
            community = await self.room.people.community(session, pod.community_id) if pod else None
            if pod is None or community is None or community.left_at is not None:
                return None
            seats = await self.room.seats(session, pod_id, ["in", "out"])
            views = await self.room.people.views(session, [seat.member_id for seat in seats])
            been = [seat for seat in seats if seat.joined_at is not None and seat.state == "out"]
            return ThreadView(
                pod_id=pod.id,
                community_id=pod.community_id,
                lobby_id=community.lobby_channel_id,
                thread_id=pod.thread_id,
                wanted=pod.state == "active",
                inside=tuple(views[seat.member_id].person_id for seat in seats if seat.state == "in"),
                outside=tuple(views[seat.member_id].person_id for seat in been),
            )

    async def opened(self, pod_id: int, thread_id: int) -> None:
        """Store a pod's thread, and welcome its people there once for each term."""
        async with self.room.store.write() as session:
            pod = await self.room.pod(session, pod_id, lock=True)
            if pod is None or pod.state != "active" or pod.ends_at is None:
                return
            pod.thread_id = thread_id
            await self.room.outbox.say(
                session,
                kind="pod.welcome",
                subject=pod.id,
                key=f"pod.welcome:{pod.id}:{thread_id}:{self._term(pod)}",
                recipient=thread_id,
                community_id=pod.community_id,
                target="channel",
            )

    async def without_thread(self, pod_id: int) -> None:
        """Tell the people of a pod that has no thread that it begins; once for each term."""
        async with self.room.store.write() as session:
            pod = await self.room.pod(session, pod_id, lock=True)
            if pod is None or pod.state != "active" or pod.ends_at is None:
                return
            pod.thread_id = None
            seats = await self.room.seats(session, pod.id)
            views = await self.room.people.views(session, [seat.member_id for seat in seats])
            for seat in seats:
                view = views[seat.member_id]
                await self.room.tell(session, "pod.started", seat.id, view, self._term(pod))

    def _term(self, pod: Pod) -> int:
        """Number the terms of a pod; the end of one may move by a few days."""
        assert pod.ends_at is not None
        return round((pod.ends_at - pod.created_at) / rules.TERM)

    async def _view(
        self, session: AsyncSession, seat: PodSeat, pod: Pod, *, changed: bool = True
    ) -> SeatView:
        shown = await self.room.view(session, pod)
        until = pod.ends_at or pod.created_at
        return SeatView(seat.id, seat.member_id, seat.state, seat.wish, shown, until, changed)
