"""New words that wait beside a live gig, and what becomes of them.

They are a row of their own, which knows the gig they would change (`Gig.replaces`). At most one change of a
gig waits for the moderators; the post keeps its old words until they say yes. Whoever touches both rows locks
the live gig first, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import portions
from bot.gigs.change_rules import OVER, UNSENT, WAITING
from bot.gigs.desk import Desk, Follow
from bot.gigs.tables import Gig, GigBand, Interest
from bot.gigs.vetting import Vetting
from bot.people.tables import Member

_PAY = ("low", "high", "currency", "per")
_WORDS = (
    "kind",
    "title",
    "description",
    "budget",
    "terms",
    "niches",
    "fingerprint",
    "sketch",
    *_PAY,
    "skills",
    "hours",
    "length",
    "apply",
    "starter",
    "score",
    "findings",
)
_INTERESTED = ("waiting", "accepted")


class Changes:
    """Joins the caller's unit of work."""

    def __init__(self, desk: Desk, vetting: Vetting) -> None:
        """Stand on the desk, and follow what closes; the post on the board follows every edit."""
        self.desk = desk
        self.vetting = vetting
        # Told of a change that waited and is over; what moderators see of it follows.
        self.on_over: list[Follow] = []
        desk.on_closed.append(self._end)

    async def locked(self, session: AsyncSession, gig_id: int) -> Gig | None:
        """Return a live gig's row as nobody else changes it meanwhile; always before that of its change."""
        return await session.get(Gig, gig_id, with_for_update=True, populate_existing=True)

    async def newest(self, session: AsyncSession, gig_id: int, states: Collection[str]) -> Gig | None:
        """Return the newest change of a gig that stands like this."""
        query = select(Gig).where(Gig.replaces == gig_id, Gig.state.in_(states))
        return (await session.scalars(query.order_by(Gig.id.desc()).limit(1))).first()

    async def put_in(self, session: AsyncSession, gig: Gig, row: Gig) -> None:
        """Let a live gig say the new words everywhere; whoever answered for another pay is told."""
        paid = [getattr(gig, name) for name in _PAY]
        for name in _WORDS:
            setattr(gig, name, getattr(row, name))
        gig.edited_at = self.desk.clock.now()
        await session.execute(
            delete(GigBand).where(GigBand.gig_id == row.id).execution_options(synchronize_session=False)
        )
        await session.flush()
        await self.vetting.keep(session, gig)
        for follow in self.desk.on_edited:
            await follow(session, gig)
        if paid != [getattr(gig, name) for name in _PAY]:
            await self._tell_interested(session, gig)

    async def make_room(self, session: AsyncSession, gig_id: int, but: int | None = None) -> bool:
        """Let one change of a gig be the only one; tells whether another waited, which is over now."""
        query = select(Gig).where(
            Gig.replaces == gig_id, Gig.state.in_({*UNSENT, *WAITING}), Gig.id != (but or 0)
        )
        waited = False
        for row in (await session.scalars(query.order_by(Gig.id).with_for_update())).all():
            waited |= row.state != "edit"
            await self.leave(session, row)
        return waited

    async def leave(self, session: AsyncSession, row: Gig) -> None:
        """Let a change go: what nobody else has seen is deleted, what moderators have seen says so."""
        if row.state == "edit":
            await self.desk.agenda.cancel(session, draft_key(row.id))
            await session.delete(row)
            await session.flush()
            return
        row.state, row.waiting_since = OVER, None
        await self._over(session, row)

    async def _end(self, session: AsyncSession, gig: Gig) -> None:
        """A gig has closed, and what waited to change it is over with it."""
        query = select(Gig).where(Gig.replaces == gig.id, Gig.state.in_(WAITING))
        for row in (await session.scalars(query.order_by(Gig.id).with_for_update())).all():
            # By both times it is known later that it ended with its gig, and when.
            row.waiting_since = row.waiting_since or row.created_at
            row.state, row.expires_at = OVER, self.desk.clock.now()
            await self._over(session, row)

    async def _over(self, session: AsyncSession, row: Gig) -> None:
        await session.flush()
        for follow in self.on_over:
            await follow(session, row)

    async def ended(self, gig_id: int, since: datetime) -> bool:
        """Tell whether a change of a gig ended with it, for a card about that."""
        async with self.desk.store.read() as session:
            return await ended(session, gig_id, since)

    async def _tell_interested(self, session: AsyncSession, gig: Gig) -> None:
        query = (
            select(Interest.id, Member.person_id).join(Member, Member.id == Interest.member_id)
            .where(Interest.gig_id == gig.id, Interest.state.in_(_INTERESTED)).order_by(Interest.id)
        )  # fmt: skip
        assert gig.edited_at is not None
        for interest_id, person_id in (await session.execute(query)).all():
            await self.desk.tell(
                session, "gig.repaid", interest_id, person_id, gig.community_id,
                mark=f"{gig.edited_at.timestamp():.0f}",
            )  # fmt: skip


async def ended(session: AsyncSession, gig_id: int, since: datetime) -> bool:
    """Tell whether a change of a gig ended with it at that time or later."""
    query = select(Gig.id).where(
        Gig.replaces == gig_id, Gig.state == OVER, Gig.waiting_since.is_not(None), Gig.expires_at >= since
    )
    return (await session.execute(query.limit(1))).first() is not None


async def beside(session: AsyncSession, gig_ids: Iterable[int]) -> dict[int, str]:
    """Return how the newest change of each of these gigs stands, of those that can still go in."""
    found: dict[int, str] = {}
    for some in portions(gig_ids):
        query = select(Gig).where(Gig.replaces.in_(some), Gig.state.in_({*UNSENT, *WAITING}))
        rows = await session.scalars(query.order_by(Gig.id))
        found |= {row.replaces: row.state for row in rows if row.replaces is not None}
    return found


def draft_key(gig_id: int) -> str:
    """What the work is called that forgets words nobody published."""
    return f"gig.draft:{gig_id}"
