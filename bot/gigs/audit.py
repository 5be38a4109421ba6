"""What moderators decided about gigs: written down, and read again beside the poster's next gig."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gigs import review_rules
from bot.gigs.desk import Desk
from bot.gigs.review_rules import Reason
from bot.gigs.review_views import DecisionView, History
from bot.gigs.tables import Gig, GigDecision
from bot.people.service import Who
from bot.people.tables import Member, Person

_UNSEEN = ("draft", "edit")
_AGAINST = ("refused", "removed")
_REFUSED_SHOWN = 2


class Audit:
    """Joins the caller's unit of work."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk

    async def record(
        self, session: AsyncSession, who: Who, gig: Gig, decision: str, reason: Reason | None = None
    ) -> GigDecision:
        """Write down who decided what, for the queue and in the community's record."""
        row = GigDecision(
            gig_id=gig.id, person_id=who.person_id, decision=decision, reason=review_rules.joined(reason),
            at=self.desk.clock.now(),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        await self.note(session, who, gig, decision)
        return row

    async def note(self, session: AsyncSession, who: Who, gig: Gig, what: str) -> None:
        """Put a line into the community's record; the poster's words go with the poster."""
        await self.desk.people.note(
            session, gig.community_id, who.person_id, f"gig.{what}", member_id=gig.member_id, detail=gig.title
        )

    async def times(self, session: AsyncSession, gig_id: int) -> int:
        """How often moderators decided about a gig."""
        query = select(func.count()).select_from(GigDecision).where(GigDecision.gig_id == gig_id)
        return await session.scalar(query) or 0

    async def last(self, session: AsyncSession, gig_id: int) -> DecisionView | None:
        """The latest decision about a gig."""
        query = (
            select(GigDecision, Person.name).outerjoin(Person, Person.id == GigDecision.person_id)
            .where(GigDecision.gig_id == gig_id).order_by(GigDecision.id.desc()).limit(1)
        )  # fmt: skip
        found = (await session.execute(query)).first()
        if found is None:
            return None
        row, name = found
        reason = review_rules.split(row.reason)
        return DecisionView(row.id, row.decision, reason, row.person_id, name or "", row.at)

    async def history(self, session: AsyncSession, gig: Gig) -> History:
        """What else this poster posted here, and what was refused last."""
        member = await session.get_one(Member, gig.member_id)
        others = (Gig.member_id == gig.member_id, Gig.id != gig.id, Gig.state.not_in(_UNSEEN))
        counts = select(Gig.state, func.count()).where(*others).group_by(Gig.state).order_by(Gig.state)
        against = (
            select(Gig.title, GigDecision.reason).join(GigDecision, GigDecision.gig_id == Gig.id)
            .where(*others, Gig.state == "refused", GigDecision.decision.in_(_AGAINST))
            .order_by(GigDecision.id.desc()).limit(_REFUSED_SHOWN)
        )  # fmt: skip
        return History(
            member.joined_at,
            tuple((state, number) for state, number in (await session.execute(counts)).all()),
            tuple((title, review_rules.split(why)) for title, why in (await session.execute(against)).all()),
        )
