"""What stands on the board: published, shown again when it changes, taken off when it closes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError
from bot.core.outbox import Said
from bot.gigs import rules
from bot.gigs.desk import Desk, OnWorked
from bot.gigs.rules import State
from bot.gigs.tables import Gig
from bot.gigs.ties import worked_together
from bot.gigs.views import GigView, Outcome
from bot.people.service import CommunityView, Who
from bot.people.tables import Member

_MINE_MAX = 20


class Board:
    """The gigs that everybody sees."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk
        # Told of two members, one way each, who worked together: member, other, kind, source, when.
        self.on_worked: list[OnWorked] = []

    async def publish(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Put a live gig on the board, and plan its end."""
        if community.gig_channel_id is None:
            raise KithError("gig_no_board")
        await self.desk.outbox.say(
            session, kind="gig.post", subject=gig.id, key=f"gig.post:{gig.id}",
            recipient=community.gig_channel_id, community_id=gig.community_id,
            target="forum" if community.gig_channel_kind == "forum" else "channel", expires_at=gig.expires_at,
        )  # fmt: skip
        await self.desk.agenda.plan(
            session, kind="gig.expire", key=f"gig.expire:{gig.id}", subject=gig.id,
            community_id=gig.community_id, due_at=gig.expires_at,
        )  # fmt: skip

    async def filled(self, person_id: int, gig_id: int) -> Outcome:
        """Close a gig that found its person; by the poster, and the same again changes nothing."""
        return await self._close_own(person_id, gig_id, ("live",), "filled")

    async def withdraw(self, person_id: int, gig_id: int) -> Outcome:
        """Take a gig back, also while it waits for the moderators."""
        return await self._close_own(person_id, gig_id, rules.OPEN_STATES, "withdrawn")

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take a person's open gigs off the board: after `/stop` nobody could tell them who applied."""
        for member_id in await self.desk.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Take one member's open gigs off the board, within the caller's unit of work."""
        for gig in (await session.scalars(select(Gig).where(Gig.member_id == member_id))).all():
            if await self.desk.move(session, gig, rules.OPEN_STATES, "withdrawn"):
                await self.closed(session, gig)

    async def mine(self, who: Who) -> list[GigView]:
        """The member's own gigs, newest first."""
        query = (
            select(Gig).join(Member, Member.id == Gig.member_id)
            .where(Member.person_id == who.person_id, Gig.community_id == who.community_id)
            .order_by(Gig.id.desc()).limit(_MINE_MAX)
        )  # fmt: skip
        async with self.desk.store.read() as session:
            return [await self.desk.view(session, row) for row in await session.scalars(query)]

    async def expire(self, work: Work) -> None:
        """Take a gig off the board after its time; agenda work `gig.expire`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)  # before closing, which would call it off
            gig = await session.get(Gig, work.subject)
            if gig is not None and await self.desk.move(session, gig, ("live",), "expired"):
                await self.closed(session, gig)
                await self.desk.tell_poster(session, gig, "gig.expired")

    async def closed(self, session: AsyncSession, gig: Gig) -> None:
        """Show on the board that a gig has closed, and let the other rooms follow."""
        await self.desk.agenda.cancel(session, f"gig.expire:{gig.id}")
        await self.show_again(session, gig)
        for follow in self.desk.on_closed:
            await follow(session, gig)

    async def show_again(self, session: AsyncSession, gig: Gig) -> None:
        """Edit the post on the board, when it is there by now."""
        if gig.channel_id is not None and gig.message_id is not None:
            await self.desk.outbox.say(
                session, kind="gig.post", subject=gig.id, key=f"gig.post:{gig.id}:{gig.state}", target="edit",
                recipient=gig.channel_id, community_id=gig.community_id, channel_id=gig.channel_id,
                message_id=gig.message_id,
            )  # fmt: skip

    async def posted(self, session: AsyncSession, said: Said) -> None:
        """Remember where the post is; what changed while it was being sent is shown at once."""
        gig = await session.get(Gig, said.subject)
        if gig is None or said.target == "edit":
            return
        gig.channel_id, gig.message_id = said.channel_id, said.message_id
        if gig.state != "live":
            await self.show_again(session, gig)

    async def _close_own(self, person_id: int, gig_id: int, before: Sequence[str], state: State) -> Outcome:
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            changed = await self.desk.move(session, gig, before, state)
            if changed:
                await self.closed(session, gig)
                for worked in self.on_worked if state == "filled" else ():
                    for one, other, source in await worked_together(session, gig.id):
                        await worked(session, one, other, "gig", source, self.desk.clock.now())
            elif gig.state != state:
                raise KithError("gig_closed")
            return Outcome(await self.desk.view(session, gig), changed)
