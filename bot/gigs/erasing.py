"""What happens to gigs and pitches when a member deletes themselves."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.ids import new_id
from bot.core.outbox import Outbox
from bot.gigs.tables import Gig, Interest
from bot.people.service import PeopleService


class Erasing:
    """Takes a member's gigs down, within the unit of work that deletes the member."""

    def __init__(self, outbox: Outbox, people: PeopleService) -> None:
        """Stand on the outbox and on people."""
        self.outbox = outbox
        self.people = people

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Replace every post on the board, and tell those whose pitch still waited."""
        me = await self.people.view(session, member_id)
        gigs = (await session.scalars(select(Gig).where(Gig.member_id == member_id).order_by(Gig.id))).all()
        for gig in gigs:
            await self._take_down(session, gig)
        await self._tell(session, [gig.id for gig in gigs], me.community_id)
        await self.outbox.retract(
            session,
            kinds=["gig.post"],
            subjects=[gig.id for gig in gigs],
            into="gig.removed",
            except_for=me.person_id,
        )

    async def _take_down(self, session: AsyncSession, gig: Gig) -> None:
        """The post is known by the gig even when the message's own row is long gone."""
        if gig.channel_id is None or gig.message_id is None:
            return
        await self.outbox.say(
            session,
            kind="gig.removed",
            subject=gig.message_id,
            key=f"gig.removed:{gig.channel_id}:{gig.message_id}",
            recipient=gig.channel_id,
            community_id=gig.community_id,
            target="edit",
            channel_id=gig.channel_id,
            message_id=gig.message_id,
        )

    async def _tell(self, session: AsyncSession, gig_ids: list[int], community_id: int) -> None:
        query = select(Interest.member_id).where(Interest.gig_id.in_(gig_ids), Interest.state == "waiting")
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
