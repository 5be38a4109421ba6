"""The moderators' queue, which also has the changes of live gigs in it.

Approved, the new words go into the post that stands there; refused or sent back, it keeps its old ones.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs.board import Board
from bot.gigs.change_rules import OVER, WAITING
from bot.gigs.changes import Changes
from bot.gigs.desk import Desk
from bot.gigs.review import Review
from bot.gigs.review_rules import Reason, Verdict
from bot.gigs.review_views import ReviewView
from bot.gigs.tables import Gig
from bot.gigs.views import GigView
from bot.people.service import Who


@dataclass(frozen=True, slots=True)
class ChangeView(ReviewView):
    """New words for a live gig as moderators see them; `live` is the gig as it stands, or stood last."""

    live: GigView | None = None


class ReviewWithChanges(Review):
    """Decides about changes of live gigs as about gigs, and puts what is approved into the post."""

    def __init__(self, desk: Desk, board: Board, changes: Changes) -> None:
        """Stand on the desk, the board and the room of changes, and follow those that are over."""
        super().__init__(desk, board)
        self.changes = changes
        changes.on_over.append(self._is_over)

    async def _settle(
        self,
        session: AsyncSession,
        who: Who,
        gig: Gig,
        verdict: Verdict,
        reason: Reason | None,
        remember: bool,
    ) -> None:
        if gig.replaces is None or verdict != "approved":
            await super()._settle(session, who, gig, verdict, reason, remember)
            return
        gig.state, gig.waiting_since, gig.change = OVER, None, None
        await self.changes.put_in(session, await session.get_one(Gig, gig.replaces), gig)
        await self._written(session, who, gig, verdict, reason)

    async def _known(self, session: AsyncSession, who: Who, gig_id: int, *, lock: bool = False) -> Gig:
        if lock:
            query = select(Gig.replaces).where(Gig.id == gig_id, Gig.community_id == who.community_id)
            await self._lock_live(session, await session.scalar(query))
        return await super()._known(session, who, gig_id, lock=lock)

    async def _own(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        """A change is appealed for as long as its gig is live and no other change of it waits."""
        replaces = (await self.desk.own(session, person_id, gig_id)).replaces
        live = await self._lock_live(session, replaces)
        gig = await super()._own(session, person_id, gig_id)
        if live is not None and gig.state == "refused":
            other = await self.changes.newest(session, live.id, WAITING)
            if live.state != "live" or other is not None:
                raise KithError("gig_appeal_not")
        return gig

    async def _lock_live(self, session: AsyncSession, gig_id: int | None) -> Gig | None:
        return await self.changes.locked(session, gig_id) if gig_id is not None else None

    async def _is_over(self, session: AsyncSession, row: Gig) -> None:
        await self._show_again(session, row, f"{OVER}:{self._stamp()}")

    async def _view(self, session: AsyncSession, gig: Gig) -> ReviewView:
        view = await super()._view(session, gig)
        live = await session.get(Gig, gig.replaces) if gig.replaces is not None else None
        if live is None:
            return view
        seen = {field.name: getattr(view, field.name) for field in fields(view)}
        return ChangeView(**seen, live=await self.desk.view(session, live))
