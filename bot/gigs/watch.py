"""Looks after what stands on the board: posts that are gone or were put away, and posters who left.

Every live gig is looked at once a day, and whenever its post is touched; the looking is done at the edge.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.ids import new_id
from bot.core.log import get_logger
from bot.gigs.channels import Channels
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig
from bot.people.tables import Member

log = get_logger(__name__)

EVERY = timedelta(days=1)
AT_ONCE = 100
BETWEEN = timedelta(seconds=2)
"""Two looks are so far apart: a board of hundreds is looked through within minutes, without haste."""

StopMember = Callable[[AsyncSession, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a live gig's post should be: a forum's post or a channel, and the message there."""

    gig_id: int
    channel_id: int
    message_id: int


async def plan_look(desk: Desk, session: AsyncSession, gig: Gig, due_at: datetime | None = None) -> None:
    """Plan to look whether a gig's post is there."""
    await desk.agenda.plan(
        session, kind="gig.look", key=f"gig.look:{gig.id}:{new_id()}", subject=gig.id,
        community_id=gig.community_id, due_at=due_at or desk.clock.now(),
    )  # fmt: skip


async def plan_sweep(desk: Desk, session: AsyncSession, community_id: int) -> None:
    """Plan tomorrow's look at everything that is live; once a day."""
    due_at = desk.clock.now() + EVERY
    await desk.agenda.plan(
        session, kind="gig.sweep", key=f"gig.sweep:{community_id}:{due_at.date()}:0", subject=community_id,
        community_id=community_id, due_at=due_at,
    )  # fmt: skip


class Watch:
    """Says what to look at, and follows what was seen."""

    def __init__(self, desk: Desk, channels: Channels, stop_member: StopMember) -> None:
        """Stand on the desk and the channels; `stop_member` takes a member's gigs off the board."""
        self.desk = desk
        self.channels = channels
        self.stop_member = stop_member

    async def sweep(self, work: Work) -> None:
        """Plan a look at every live gig of a community, and at who posted it; agenda work `gig.sweep`."""
        head, after = work.key.rsplit(":", 1)
        query = (
            select(Gig)
            .where(Gig.community_id == work.subject, Gig.state == "live", Gig.id > int(after))
            .order_by(Gig.id).limit(AT_ONCE)
        )  # fmt: skip
        async with self.desk.store.write() as session:
            due_at = self.desk.clock.now()
            found = (await session.scalars(query)).all()
            for gig in found:
                await plan_look(self.desk, session, gig, due_at)
                await self._plan_poster(session, gig, due_at)
                due_at += BETWEEN
            if len(found) == AT_ONCE:
                await self.desk.agenda.plan(
                    session, kind=work.kind, key=f"{head}:{found[-1].id}", subject=work.subject,
                    community_id=work.community_id, due_at=due_at,
                )  # fmt: skip
            if found:
                await plan_sweep(self.desk, session, work.subject)
                await self.channels.plan(session, work.subject)
            await self.desk.agenda.settle(session, work)

    async def _plan_poster(self, session: AsyncSession, gig: Gig, due_at: datetime) -> None:
        """Plan to look whether a poster is still in the server; once a day, however many gigs they have."""
        await self.desk.agenda.plan(
            session, kind="gig.poster", key=f"gig.poster:{gig.member_id}:{due_at.date()}",
            subject=gig.member_id, community_id=gig.community_id, due_at=due_at,
        )  # fmt: skip

    async def spot(self, gig_id: int) -> Spot | None:
        """Return where a gig's post should be; None for one that is closed or not on the board."""
        async with self.desk.store.read() as session:
            gig = await session.get(Gig, gig_id)
            if gig is None or gig.state != "live" or gig.channel_id is None or gig.message_id is None:
                return None
            return Spot(gig.id, gig.channel_id, gig.message_id)

    async def lost(self, seen: Spot) -> bool:
        """Note that a live gig's post is gone and tell its poster; False when it was noted before."""
        async with self.desk.store.write() as session:
            gig = await session.get(Gig, seen.gig_id)
            if gig is None or gig.state != "live" or gig.message_id != seen.message_id:
                return False
            gig.channel_id = gig.message_id = gig.board_id = None
            await session.flush()
            await self.channels.follow(session, gig)
            await self.desk.tell_poster(session, gig, "gig.lost", str(seen.message_id))
        log.info("gig.post.lost", gig=seen.gig_id)
        return True

    async def poster(self, member_id: int) -> tuple[int, int] | None:
        """Return (community, person) of somebody with a live gig; None when there is nothing to look at."""
        query = (
            select(Member.community_id, Member.person_id)
            .join(Gig, Gig.member_id == Member.id)
            .where(Member.id == member_id, Gig.state == "live").limit(1)
        )  # fmt: skip
        async with self.desk.store.read() as session:
            found = (await session.execute(query)).first()
            return (found[0], found[1]) if found else None

    async def poster_left(self, member_id: int) -> None:
        """Take the gigs of somebody who left the server off the board; who waited for them is told."""
        async with self.desk.store.write() as session:
            await self.stop_member(session, member_id)
        log.info("gig.poster.left", member=member_id)
