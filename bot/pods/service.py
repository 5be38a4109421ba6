"""Use cases of pods: wish for one, see where one stands, choose what it shows, leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.ids import new_id
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.places import Place, places_of
from bot.people.service import MemberView, PeopleService, Who
from bot.pods import rules
from bot.pods.digests import Digests
from bot.pods.forming import CHECKINS, Forming
from bot.pods.room import PURPOSE, Room
from bot.pods.tables import Pod, PodSeat, PodWish
from bot.pods.terms import Terms
from bot.pods.views import MineView, Outside

__all__ = ["Outside", "PodService"]


class PodService:
    """Pods; `forming`, `terms` and `digests` are parts of it with use cases of their own."""

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
        self.people = people
        self.outside = outside
        self.room = Room(store, clock, agenda, outbox, people, outside)
        self.forming = Forming(self.room)
        self.terms = Terms(self.room)
        self.digests = Digests(self.room)

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work that needs no Discord."""
        return {**self.forming.handlers(), **self.terms.handlers(), **self.digests.handlers()}

    def expired(self) -> dict[str, Handler]:
        """Name what happens with work that is too late to be done."""
        return self.digests.expired()

    async def places_of(self, person_id: int) -> Sequence[Place]:
        """Return the communities a person is known in."""
        return await places_of(self.store, person_id)

    # --- wishing -----------------------------------------------------------------------------------

    async def mine(self, who: Who) -> MineView:
        """Return where the acting member stands."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            return await self._mine(session, await self.people.view(session, member.id))

    async def join(self, person_id: int, member_id: int) -> MineView:
        """Wish for a pod: the click agrees that those of the pod learn of each other.

        Raises `not_yours`, `barred`, `zone_first` and `pod_checkins_first`.
        """
        async with self.store.write() as session:
            me = await self.room.owner(session, person_id, member_id)
            if me.zone is None:
                raise KithError("zone_first")
            if not await self.people.has_consent(session, me.id, CHECKINS):
                raise KithError("pod_checkins_first")
            before = await self._mine(session, me)
            if before.state == "none":
                await self.people.consent(session, me.id, PURPOSE)
                await self.room.wait(session, me.id, self.clock.now())
            elif before.state != "waiting":
                return await self._mine(session, me, changed=False)
            await self.room.plan_forming(session, me.community_id)
            return await self._mine(session, me, changed=before.state == "none")

    async def leave(self, who: Who) -> MineView:
        """Leave the pod, an invitation or the list; returns where the member stood. Raises `pod_none`."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            return await self._left(session, await self.people.view(session, member.id))

    async def leave_member(self, person_id: int, member_id: int) -> MineView:
        """Do the same from a button; raises `not_yours` for anybody but the member."""
        async with self.store.write() as session:
            return await self._left(session, await self.room.owner(session, person_id, member_id))

    async def share(self, person_id: int, member_id: int, chosen: Collection[str]) -> MineView:
        """Choose what of one's weeks the pod sees.

        Raises `not_yours`, `choice_unknown`, and `pod_no_week` before the first week.
        """
        if not set(chosen) <= set(rules.SHARES):
            raise KithError("choice_unknown", value=",".join(chosen))
        async with self.store.write() as session:
            me = await self.room.owner(session, person_id, member_id)
            if not await self.outside.checkins.choose(session, me.id, chosen):
                raise KithError("pod_no_week")
            return await self._mine(session, me)

    # --- going for other reasons -------------------------------------------------------------------

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take a person out of every pod, within the caller's unit of work."""
        for member_id in await self.people.memberships(session, person_id):
            await self.end_member(session, member_id)

    async def end_member(self, session: AsyncSession, member_id: int) -> None:
        """Take one member out of everything, and their wins out of the digests that stand."""
        await self._leave(session, member_id)
        if await self.outside.checkins.has_shared(session, member_id):
            me = await self.people.view(session, member_id)
            await self.digests.show_again(session, me.community_id)

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Leave nothing of a member in pods and digests; joins the unit of work that deletes the member.

        Digests whose messages Kith has forgotten by now (its messages are kept for a while only) stay.
        """
        me = await self.people.view(session, member_id)
        query = select(Pod, PodSeat).join(PodSeat, PodSeat.pod_id == Pod.id)
        query = query.where(PodSeat.member_id == member_id).order_by(Pod.id)
        held = [(pod, seat, seat.state) for pod, seat in (await session.execute(query)).all()]
        await self.end_member(session, member_id)
        for pod, seat, state in held:
            if state == "out":  # to the others it was seen as they went
                await self.room.show_again(session, pod, seat)
            if pod.thread_id is not None:
                await self._out_of(session, pod, me.person_id)

    async def _out_of(self, session: AsyncSession, pod: Pod, person_id: int) -> None:
        """Have a person taken out of a thread whom nothing else is known of any more; see `taken_out`."""
        await self.agenda.plan(
            session,
            kind="pod.out",
            key=f"pod.out:{pod.id}:{new_id()}",
            subject=person_id,
            community_id=pod.community_id,
            due_at=self.clock.now(),
        )

    async def thread_to_leave(self, key: str) -> int | None:
        """Return the thread that the work `pod.out` is about."""
        async with self.store.read() as session:
            pod = await self.room.pod(session, int(key.split(":")[1]))
            return pod.thread_id if pod is not None else None

    async def taken_out(self, person_id: int) -> None:
        """Forget that somebody who deleted themselves had to be taken out of threads."""
        async with self.store.write() as session:
            await self.agenda.forget(session, ["pod.out"], [person_id])

    # --- steps -------------------------------------------------------------------------------------

    async def _left(self, session: AsyncSession, me: MemberView) -> MineView:
        before = await self._mine(session, me)
        if before.state == "none":
            raise KithError("pod_none")
        await self._leave(session, me.id)
        return before

    async def _leave(self, session: AsyncSession, member_id: int) -> None:
        await session.execute(delete(PodWish).where(PodWish.member_id == member_id))
        invited = await self.room.seat_of(session, member_id, "forming")
        if invited is not None:
            seat, pod = invited
            seat.state, seat.wish = "out", rules.REFUSED
            await session.flush()
            await self.room.show_again(session, pod, seat)
            await self.forming.settle(session, pod)
        held = await self.room.seat_of(session, member_id, "active")
        if held is not None:
            await self.room.go(session, *held, rules.END)

    async def _mine(self, session: AsyncSession, me: MemberView, *, changed: bool = True) -> MineView:
        community = await self.room.community(session, me.community_id)
        held = await self.room.seat_of(session, me.id, "active")
        invited = await self.room.seat_of(session, me.id, "forming")
        waits = await self.room.waits(session, me.id)
        state = "in" if held else "asked" if invited else "waiting" if waits else "none"
        seat, pod = held or invited or (None, None)
        seats = len(await self.room.seats(session, pod.id)) if held and pod else rules.SMALLEST
        return MineView(
            member_id=me.id,
            community_name=community.name,
            state=state,
            forms_at=self.room.forms_at(community.zone),
            pod=await self.room.view(session, pod) if pod else None,
            seat_id=seat.id if seat else None,
            shares=await self.outside.checkins.choice(session, me.id),
            changed=changed,
            digest_at=self.room.digest_at(community.zone),
            term_open=bool(held and pod and self.terms.open(pod)),
            small=seats < rules.SMALLEST,
        )
