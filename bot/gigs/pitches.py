"""Interest in a gig: a pitch for its poster, who accepts or declines; everybody learns the outcome."""

from __future__ import annotations

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.gigs import rules
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, Interest
from bot.gigs.views import GigView, InterestOutcome
from bot.people.service import Who
from bot.people.tables import Member


class Pitches:
    """What members write to posters."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk; follow gigs that close."""
        self.desk = desk
        desk.on_closed.append(self.close)

    async def may_answer(self, who: Who, gig_id: int) -> GigView:
        """The gig a member is about to answer; raises for their own, a closed or an answered one."""
        async with self.desk.store.read() as session:
            gig = await self._open_gig(session, who, gig_id)
            if await session.scalar(_interest_of(gig.id, who.person_id)) is not None:
                raise KithError("gig_interest_again")
            return gig

    async def send(self, who: Who, gig_id: int, pitch: str) -> GigView:
        """Hand a pitch to the poster, once per member and gig; asking consents to the answer by DM."""
        pitch = rules.checked_pitch(pitch)
        people = self.desk.people
        async with self.desk.store.write() as session:
            gig = await self._open_gig(session, who, gig_id)
            member = await people.known(session, who)
            new = await insert_new(
                session, Interest, gig_id=gig.id, member_id=member.id, pitch=pitch, state="waiting",
                created_at=self.desk.clock.now(),
            )  # fmt: skip
            if not new:
                raise KithError("gig_interest_again")
            await people.consent(session, member.id, "gigs")
            interest_id = (await session.scalars(_interest_of(gig.id, who.person_id))).one()
            await self.desk.tell(session, "gig.interest", interest_id, gig.person_id, gig.community_id)
            return gig

    async def answer(self, person_id: int, interest_id: int, accept: bool) -> InterestOutcome:
        """Accept or decline, by the poster only; contact opens on accept, a second answer changes nothing."""
        async with self.desk.store.write() as session:
            view = await self.desk.interest(session, interest_id)
            if view.gig.person_id != person_id:
                raise KithError("not_yours")
            state = "accepted" if accept else "declined"
            moved = await session.execute(
                update(Interest).where(Interest.id == interest_id, Interest.state == "waiting")
                .values(state=state).returning(Interest.id).execution_options(synchronize_session=False)
            )  # fmt: skip
            changed = moved.first() is not None
            if changed:
                told = (person_id, view.applicant.person_id) if accept else (view.applicant.person_id,)
                for recipient in told:
                    await self.desk.tell(
                        session, f"gig.{state}", interest_id, recipient, view.gig.community_id
                    )
            session.expire_all()
            return InterestOutcome(await self.desk.interest(session, interest_id), changed)

    async def close(self, session: AsyncSession, gig: Gig) -> None:
        """Tell those who still wait that a gig has closed; nobody is dropped silently."""
        closed = await session.execute(
            update(Interest).where(Interest.gig_id == gig.id, Interest.state == "waiting")
            .values(state="closed")
            .returning(Interest.id, Interest.member_id).execution_options(synchronize_session=False)
        )  # fmt: skip
        waiting = closed.all()
        people = await self.desk.people.views(session, [member_id for _id, member_id in waiting])
        for interest_id, member_id in waiting:
            await self.desk.tell(
                session, "gig.closed", interest_id, people[member_id].person_id, gig.community_id
            )

    async def _open_gig(self, session: AsyncSession, who: Who, gig_id: int) -> GigView:
        gig = await self.desk.view(session, await self.desk.gig_here(session, who, gig_id))
        if gig.state != "live":
            raise KithError("gig_closed")
        if gig.person_id == who.person_id:
            raise KithError("gig_own")
        return gig


def _interest_of(gig_id: int, person_id: int) -> Select[int]:
    return (
        select(Interest.id).join(Member, Member.id == Interest.member_id)
        .where(Interest.gig_id == gig_id, Member.person_id == person_id)
    )  # fmt: skip
