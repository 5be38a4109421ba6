"""Gigs that members want to find again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.gigs.desk import Desk
from bot.gigs.rules import PUBLIC_STATES
from bot.gigs.tables import Gig, SavedGig
from bot.gigs.views import GigView, Outcome
from bot.people.service import Who
from bot.people.tables import Member

ON_A_PAGE = 5


@dataclass(frozen=True, slots=True)
class SavedPage:
    """Some saved gigs, the newest first; `older` is where the next page begins."""

    gigs: tuple[GigView, ...]
    older: int | None = None


class Saved:
    """A member's own list; nobody else sees it, the poster neither."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk

    async def save(self, who: Who, gig_id: int) -> Outcome:
        """Keep a live gig for later; a second time changes nothing."""
        async with self.desk.store.write() as session:
            gig = await self.desk.gig_here(session, who, gig_id)
            if gig.state != "live" or gig.audience != "board":
                raise KithError("gig_closed")
            member = await self.desk.people.known(session, who)
            new = await insert_new(
                session, SavedGig, member_id=member.id, gig_id=gig.id, at=self.desk.clock.now()
            )
            return Outcome(await self.desk.view(session, gig), new)

    async def drop(self, who: Who, gig_id: int) -> Outcome:
        """Keep a gig no longer; a second time changes nothing."""
        async with self.desk.store.write() as session:
            gig = await self.desk.gig_here(session, who, gig_id)
            member = await self._member(session, who)
            gone = await session.execute(
                delete(SavedGig)
                .where(SavedGig.member_id == member, SavedGig.gig_id == gig.id)
                .returning(SavedGig.gig_id)
            )
            if (changed := gone.first() is not None) or gig.state in PUBLIC_STATES:
                return Outcome(await self.desk.view(session, gig), changed)
            raise KithError("gig_gone")  # what is not public is not shown to whoever makes up an id

    async def page(self, who: Who, before: int | None = None) -> SavedPage:
        """Return one page of what the member saved; what was closed or taken down meanwhile says so."""
        async with self.desk.store.read() as session:
            query = (
                select(Gig)
                .join(SavedGig, SavedGig.gig_id == Gig.id)
                .where(SavedGig.member_id == await self._member(session, who))
                .order_by(Gig.id.desc()).limit(ON_A_PAGE + 1)
            )  # fmt: skip
            if before is not None:
                query = query.where(Gig.id < before)
            found = await self.desk.views(session, await session.scalars(query))
        shown = tuple(found[:ON_A_PAGE])
        return SavedPage(shown, shown[-1].id if len(found) > ON_A_PAGE else None)

    async def _member(self, session: AsyncSession, who: Who) -> int:
        query = select(Member.id).where(
            Member.community_id == who.community_id, Member.person_id == who.person_id
        )
        return await session.scalar(query) or 0
