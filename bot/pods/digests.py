"""The end of the week: what a pod shows each other, and what a community shows in public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Handler, Work
from bot.core.errors import KithError
from bot.core.schedule import next_local
from bot.people.service import Who
from bot.pods import rules
from bot.pods.room import DIGEST_AT, DIGEST_ON, Room
from bot.pods.tables import DigestSettings, Pod, PodSeat
from bot.pods.views import CommunityDigest, DigestState, PodDigest, WeekOf, Win, WinView

WEEK = timedelta(days=7)
CHECKINS = "checkins"


class Digests:
    """Digests of pods and of communities; the agenda work `community.digest`."""

    def __init__(self, room: Room) -> None:
        """Stand on what all parts of pods share."""
        self.room = room

    def handlers(self) -> dict[str, Handler]:
        """Name the work; `pod.digest` is begun where the thread is."""
        return {"community.digest": self._due}

    def expired(self) -> dict[str, Handler]:
        """Name what happens with a digest that comes too late: it is let go, the next one is planned."""
        return {"community.digest": self._too_late, "pod.digest": self._too_late}

    async def _too_late(self, work: Work) -> None:
        async with self.room.store.write() as session:
            await self._next(session, work)
            await self.room.agenda.settle(session, work)

    async def _next(self, session: AsyncSession, work: Work) -> bool:
        """Plan the next one while it is wanted, and tell whether it is."""
        if work.kind == "pod.digest":
            pod = await self.room.pod(session, work.subject, lock=True)
            wanted = pod is not None and pod.state == "active"
        else:
            wanted = await session.get(DigestSettings, work.subject) is not None
        if wanted and work.community_id is not None:
            await self.room.plan_digest(session, work.kind, work.subject, work.community_id)
        return wanted

    # --- pods --------------------------------------------------------------------------------------

    async def post(self, work: Work, thread_id: int | None) -> None:
        """Say what a pod's members showed, in its thread, or to each by DM; a week without is left alone."""
        async with self.room.store.write() as session:
            if await self._next(session, work) and await self.room.speaks(session, work.community_id or 0):
                pod = await session.get_one(Pod, work.subject)
                if (await self._digest(session, pod, work.due_at)).weeks:
                    await self._say(session, pod, work.due_at, thread_id)
            await self.room.agenda.settle(session, work)

    async def _say(self, session: AsyncSession, pod: Pod, until: datetime, thread_id: int | None) -> None:
        stamp = int(until.timestamp())
        if thread_id is not None:
            await self.room.outbox.say(
                session,
                kind="pod.digest",
                subject=pod.id,
                key=f"pod.digest:{pod.id}:{stamp}",
                recipient=thread_id,
                community_id=pod.community_id,
                target="channel",
            )
            return
        seats = await self.room.seats(session, pod.id)
        views = await self.room.people.views(session, [seat.member_id for seat in seats])
        for seat in seats:
            await self.room.tell(session, "pod.letter", seat.id, views[seat.member_id], stamp)

    async def of_pod(self, pod_id: int, until: datetime) -> PodDigest | None:
        """Return a pod's digest of the week that ended then, as far as it is still shown."""
        async with self.room.store.read() as session:
            pod = await self.room.pod(session, pod_id)
            return await self._digest(session, pod, until) if pod is not None else None

    async def of_seat(self, seat_id: int, until: datetime) -> tuple[PodDigest, int] | None:
        """Return the same for one member by DM, with that member; None once they left."""
        async with self.room.store.read() as session:
            seat = await session.get(PodSeat, seat_id)
            if seat is None or seat.state != "in":
                return None
            pod = await session.get_one(Pod, seat.pod_id)
            return await self._digest(session, pod, until), seat.member_id

    async def _digest(self, session: AsyncSession, pod: Pod, until: datetime) -> PodDigest:
        """Only who was in the pod by then; a week before is shown to nobody who came later unasked."""
        seats = await self.room.seats(session, pod.id)
        ids = [seat.member_id for seat in seats if seat.joined_at is not None and seat.joined_at <= until]
        shown = await self.room.outside.checkins.weeks(session, ids, until - WEEK, until)
        view = await self.room.view(session, pod)
        weeks = [
            WeekOf(person.name, week.commitments, week.win, week.stuck)
            for person in view.people
            if (week := shown.get(person.member_id)) is not None
        ]
        return PodDigest(view, until, tuple(weeks))

    # --- communities -------------------------------------------------------------------------------

    async def state(self, who: Who) -> DigestState:
        """Return whether and where a community has its digest."""
        async with self.room.store.write() as session:
            await self.room.people.known(session, who)
            return await self._state(session, who, changed=False)

    async def turn_on(self, who: Who, channel_id: int) -> DigestState:
        """Post a digest each week in this channel."""
        async with self.room.store.write() as session:
            await self.room.people.known(session, who)
            row = await session.get(DigestSettings, who.community_id, with_for_update=True)
            changed = row is None or row.channel_id != channel_id
            if row is None:
                now = self.room.clock.now()
                row = DigestSettings(community_id=who.community_id, channel_id=channel_id, since=now)
                session.add(row)
            row.channel_id = channel_id
            await session.flush()
            if changed:
                await self.room.people.note(session, who.community_id, who.person_id, "digest.on")
            await self.room.plan_digest(session, "community.digest", who.community_id, who.community_id)
            return await self._state(session, who, changed=changed)

    async def turn_off(self, who: Who) -> DigestState:
        """Post no more digests."""
        async with self.room.store.write() as session:
            row = await session.get(DigestSettings, who.community_id, with_for_update=True)
            if row is not None:
                await session.delete(row)
                await session.flush()
                await self.room.people.note(session, who.community_id, who.person_id, "digest.off")
            return await self._state(session, who, changed=row is not None)

    async def _state(self, session: AsyncSession, who: Who, *, changed: bool) -> DigestState:
        row = await session.get(DigestSettings, who.community_id)
        community = await self.room.people.community(session, who.community_id)
        next_at = self.room.digest_at(community.zone if community else "UTC") if row else None
        return DigestState(who.community_name, row.channel_id if row else None, next_at, changed)

    async def _due(self, work: Work) -> None:
        async with self.room.store.write() as session:
            if await self._next(session, work) and await self.room.speaks(session, work.subject):
                settings = await session.get_one(DigestSettings, work.subject)
                found = await self._of_community(session, work.subject, work.due_at)
                if found.written is not None or found.wins:
                    stamp = int(work.due_at.timestamp())
                    await self.room.outbox.say(
                        session,
                        kind="community.digest",
                        subject=stamp,
                        key=f"community.digest:{work.subject}:{stamp}",
                        recipient=settings.channel_id,
                        community_id=work.subject,
                        target="channel",
                    )
            await self.room.agenda.settle(session, work)

    async def of_community(self, community_id: int, until: datetime) -> CommunityDigest:
        """Return a community's digest of the week that ended then."""
        async with self.room.store.read() as session:
            return await self._of_community(session, community_id, until)

    async def _of_community(
        self, session: AsyncSession, community_id: int, until: datetime
    ) -> CommunityDigest:
        checkins = self.room.outside.checkins
        counts = await checkins.counts(session, community_id, until - WEEK, until)
        enough = counts.written >= rules.COUNTED_FROM
        before = counts.written_before >= rules.COUNTED_FROM
        wins = await checkins.wins(session, community_id, until - WEEK, until)
        writers = [win.member_id for win in wins]
        agreed = set(await self.room.people.consented(session, community_id, CHECKINS, writers))
        views = await self.room.people.views(session, agreed)
        community = await self.room.people.community(session, community_id)
        return CommunityDigest(
            community_name=community.name if community else "",
            until=until,
            written=counts.written if enough else None,
            done=counts.done if enough and before else None,
            pods=await self._pods(session, community_id) if enough else None,
            wins=tuple(
                (views[win.member_id].name, win.text)
                for win in wins
                if win.member_id in views and not views[win.member_id].barred
            ),
        )

    async def _pods(self, session: AsyncSession, community_id: int) -> int:
        query = select(func.count(Pod.id)).where(Pod.community_id == community_id, Pod.state == "active")
        return await session.scalar(query) or 0

    async def show_again(self, session: AsyncSession, community_id: int) -> None:
        """Have the digests of a community shown anew, where they stand."""
        await self.room.edit(session, ["community.digest"], (), community_id)

    # --- wins --------------------------------------------------------------------------------------

    async def my_win(self, who: Who) -> WinView:
        """Return the win of the acting member's latest week; raises `pod_no_win` without one."""
        async with self.room.store.read() as session:
            me = await self.room.people.find(session, who.community_id, who.person_id)
            win = await self.room.outside.checkins.latest_win(session, me.id) if me else None
            if me is None or win is None:
                raise KithError("pod_no_win")
            return await self._win(session, win, me.community_id)

    async def share_win(self, person_id: int, checkin_id: int, *, public: bool) -> WinView:
        """Show the win of a week to the community, or no longer; raises `not_yours` and `pod_no_win`.

        What is taken back goes from the digests that stand; a win whose digest is out is added there.
        """
        checkins = self.room.outside.checkins
        async with self.room.store.write() as session:
            win = await checkins.win_of(session, checkin_id)
            if win is None:
                raise KithError("pod_no_win")
            me = await self.room.owner(session, person_id, win.member_id)
            changed = await checkins.share_win(session, checkin_id, public=public)
            if changed and (not public or self._posted(win, (await self._zone(session, me.community_id)))):
                await self.show_again(session, me.community_id)
            now = await checkins.win_of(session, checkin_id)
            assert now is not None
            return await self._win(session, now, me.community_id, changed=changed)

    async def _win(
        self, session: AsyncSession, win: Win, community_id: int, *, changed: bool = True
    ) -> WinView:
        community = await self.room.community(session, community_id)
        digest = await session.get(DigestSettings, community_id) is not None
        posted = self._posted(win, community.zone)
        return WinView(win.checkin_id, community.name, win.text, win.public, digest, changed, posted)

    async def _zone(self, session: AsyncSession, community_id: int) -> str:
        return (await self.room.community(session, community_id)).zone

    def _posted(self, win: Win, zone: str) -> bool:
        """Tell whether the digest of the week in which a win was written has been due already."""
        return next_local(win.written_at, zone, DIGEST_ON, DIGEST_AT) <= self.room.clock.now()


def moment(stamp: str) -> datetime:
    """Read the moment that is part of a message's key."""
    return datetime.fromtimestamp(int(stamp), UTC)
