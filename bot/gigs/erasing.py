"""What happens to gigs and pitches when a member deletes themselves."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.ids import new_id
from bot.gigs.desk import Desk, take_back
from bot.gigs.pitches import UNSAID
from bot.gigs.tables import Gig, Interest


class Erasing:
    """Takes a member's gigs down, within the unit of work that deletes the member."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk
        self.outbox = desk.outbox
        self.people = desk.people

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Replace every post, tell those who have not heard how their pitch ended, and leave the threads."""
        me = await self.people.view(session, member_id)
        await self._leave(session, member_id, me.person_id)
        gigs = (await session.scalars(select(Gig).where(Gig.member_id == member_id).order_by(Gig.id))).all()
        for gig in gigs:
            await take_back(self.outbox, session, gig.community_id, gig.channel_id, gig.message_id)
        await self._tell(session, [gig.id for gig in gigs], me.community_id)
        await self.outbox.retract(
            session,
            kinds=["gig.post"],
            subjects=[gig.id for gig in gigs],
            into="gig.removed",
            except_for=me.person_id,
        )

    async def _leave(self, session: AsyncSession, member_id: int, person_id: int) -> None:
        """Have them taken out of the threads they share; nothing but this work knows of them any more."""
        query = (
            select(Interest.thread_id, Gig.community_id).join(Gig, Gig.id == Interest.gig_id)
            .where(
                or_(Gig.member_id == member_id, Interest.member_id == member_id),
                Interest.thread_id.is_not(None),
            )
        )  # fmt: skip
        for thread_id, community_id in (await session.execute(query)).all():
            await self.desk.agenda.plan(
                session, kind="gig.out", key=f"gig.out:{thread_id}:{new_id()}", subject=person_id,
                community_id=community_id, due_at=self.desk.clock.now(),
            )  # fmt: skip

    async def _tell(self, session: AsyncSession, gig_ids: list[int], community_id: int) -> None:
        query = select(Interest.member_id).where(Interest.gig_id.in_(gig_ids), Interest.state.in_(UNSAID))
        waiting = await self.people.views(session, await session.scalars(query))
        for applicant in waiting.values():
            await self.outbox.say(
                session,
                kind="gig.ended",
                subject=applicant.id,
                key=f"gig.ended:{new_id()}",
                recipient=applicant.person_id,
                community_id=community_id,
                quiet=not await self.people.has_consent(session, applicant.id, "gigs"),
            )
