"""A pause until a day, and the way back that nobody has to remember."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError
from bot.core.schedule import at_local, local_date
from bot.intros import reading
from bot.intros.tables import Enrolment
from bot.people.service import MemberView

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

BACK_AT = time(9)
"""On the member's own clock."""
LONGEST = timedelta(days=366)


class Pausing:
    """Pauses a member's introductions; `pause` and `resume` join the caller's unit of work."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    def day_after(self, me: MemberView, span: timedelta) -> date:
        """The member's own day when so much time has passed."""
        return local_date(self.on.clock.now() + span, me.zone or "UTC")

    async def pause(self, session: AsyncSession, me: MemberView, until: date) -> datetime:
        """Introduce the member to nobody until the morning of a day; return that instant.

        Raises:
            KithError: `not_enrolled`, `date_past` for a day that does not lie ahead, `pause_too_long`.
        """
        row = await session.get(Enrolment, me.id, with_for_update=True)
        if row is None or row.state == "off":
            raise KithError("not_enrolled")
        back_at = at_local(until, BACK_AT, me.zone or "UTC")
        now = self.on.clock.now()
        if back_at <= now:
            raise KithError("date_past")
        if back_at > now + LONGEST:
            raise KithError("pause_too_long")
        row.state, row.paused_until, row.silent, row.skips = "paused", back_at, 0, None
        await session.flush()
        key = f"intro.resume:{me.id}:{int(back_at.timestamp())}"
        await self.on.agenda.plan(
            session, kind="intro.resume", key=key, subject=me.id, community_id=me.community_id, due_at=back_at
        )
        return back_at

    async def resume(self, session: AsyncSession, me: MemberView) -> bool:
        """Take the member along again; False when there was no pause."""
        row = await session.get(Enrolment, me.id, with_for_update=True)
        if row is None or row.state != "paused":
            return False
        row.state, row.paused_until = "on", None
        await session.flush()
        return True

    async def pause_mine(self, person_id: int, member_id: int, weeks: int) -> datetime:
        """Pause for some weeks, from a button; raises what `pause` raises, and `not_yours`."""
        async with self.on.store.write() as session:
            me = await self.on.mine(session, person_id, member_id)
            return await self.pause(session, me, self.day_after(me, timedelta(weeks=weeks)))

    async def due(self, work: Work) -> None:
        """Bring a member back on the day they named, and tell them; a pause that was moved waits on."""
        async with self.on.store.write() as session:
            row = await session.get(Enrolment, work.subject, with_for_update=True)
            over = (
                row is not None
                and row.state == "paused"
                and row.paused_until is not None
                and row.paused_until <= self.on.clock.now()
            )
            if row is not None and over:
                me = await self.on.people.view(session, row.member_id)
                await self.resume(session, me)
                community = await self.on.people.community(session, me.community_id)
                agreed = await self.on.people.has_consent(session, me.id, reading.PURPOSE)
                if community is not None and community.left_at is None and agreed:
                    key = f"{me.id}:{int(work.due_at.timestamp())}"
                    await self.on.say(session, "intro.resumed", me, key)
            await self.on.agenda.settle(session, work)
