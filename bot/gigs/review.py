"""The moderators' queue: what waits, and what they decide."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.board import Board
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, GigDecision
from bot.gigs.views import Outcome
from bot.people.service import CommunityView, Who


class Review:
    """Where doubtful gigs wait for a person."""

    def __init__(self, desk: Desk, board: Board) -> None:
        """Stand on the desk and the board."""
        self.desk = desk
        self.board = board

    async def ask(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Show a waiting gig to the moderators."""
        if community.mod_channel_id is not None:
            await self.desk.outbox.say(
                session, kind="gig.review", subject=gig.id, key=f"gig.review:{gig.id}", target="channel",
                recipient=community.mod_channel_id, community_id=gig.community_id,
            )  # fmt: skip

    async def decide(self, who: Who, gig_id: int, approve: bool, is_moderator: bool) -> Outcome:
        """Let a waiting gig through or refuse it; a second moderator sees what was decided."""
        if not is_moderator:
            raise KithError("moderators_only")
        async with self.desk.store.write() as session:
            gig = await self.desk.gig_here(session, who, gig_id)
            state: rules.State = "live" if approve else "refused"
            changed = await self.desk.move(session, gig, rules.REVIEWED_STATES, state)
            if changed:
                await self._record(session, gig, who.person_id, approve)
            return Outcome(await self.desk.view(session, gig), changed)

    async def _record(self, session: AsyncSession, gig: Gig, moderator: int, approve: bool) -> None:
        now = self.desk.clock.now()
        decision = "approved" if approve else "refused"
        session.add(GigDecision(gig_id=gig.id, person_id=moderator, decision=decision, at=now))
        if approve:
            gig.expires_at = rules.expires(now)
            await session.flush()
            await self.board.publish(session, gig, await self.desk.board_of(session, gig.community_id))
        await self.desk.tell_poster(session, gig, "gig.decided")
