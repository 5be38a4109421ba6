"""What stands on the board: published, shown again when it changes, renewed, taken off when it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError, Postponed
from bot.core.ids import new_id
from bot.core.outbox import BLOCKED, OutboxRow, Said
from bot.core.queue import WAITING
from bot.gigs import rules, shelves
from bot.gigs.changes import beside, ended
from bot.gigs.channels import Channels
from bot.gigs.desk import Desk, OnWorked
from bot.gigs.rules import State
from bot.gigs.tables import Gig
from bot.gigs.ties import worked_together
from bot.gigs.views import GigView, Outcome
from bot.gigs.watch import plan_look, plan_sweep
from bot.people.service import CommunityView, Who
from bot.people.tables import Member

MINE_ON_A_PAGE = 5
_ARRIVES_WITHIN = timedelta(minutes=10)
_PATIENCE = timedelta(hours=1)
# What its poster manages: new words that wait beside a live gig are part of that gig.
_MINE = ("draft", "change", *rules.OPEN_STATES, "filled", "withdrawn", "refused", "expired")
_TAKEN_BACK = (*rules.OPEN_STATES, "change")


@dataclass(frozen=True, slots=True)
class Mine:
    """One page of a member's own gigs, newest first, and before which the next page begins.

    `changes` says how new words stand that wait beside a gig, by its id.
    """

    gigs: tuple[GigView, ...]
    now: datetime
    older: int | None = None
    changes: Mapping[int, str] = field(default_factory=dict)


class Board:
    """The gigs that everybody sees."""

    def __init__(self, desk: Desk, channels: Channels) -> None:
        """Stand on the desk and the board's channels."""
        self.desk = desk
        self.channels = channels
        # Told of two members, one way each, who worked together: member, other, kind, source, when.
        self.on_worked: list[OnWorked] = []

    # --- onto the board ----------------------------------------------------------------------------

    async def publish(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Put a live gig on the board, or show it anew where it is there already, and plan its end."""
        if gig.message_id is not None:
            await self._plan_end(session, gig)
            await self.show_again(session, gig)
            return
        await self._send(session, gig, community)
        await self._plan_end(session, gig)
        for follow in self.desk.on_live:
            await follow(session, gig)

    async def _send(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Send the post to the channel the gig is to live in; whether it arrives is looked up."""
        home = await self.channels.home(session, gig, community)
        gig.board_id = home.channel_id
        await self.channels.plan(session, gig.community_id)
        key = f"gig.post:{gig.id}"
        while not await self.desk.outbox.say(
            session, kind="gig.post", subject=gig.id, key=key, recipient=home.channel_id,
            community_id=gig.community_id, target="forum" if home.kind == "forum" else "channel",
            expires_at=gig.expires_at,
        ):  # fmt: skip
            key = f"gig.post:{gig.id}:{new_id()}"  # it was on the board before
        now = self.desk.clock.now()
        await self.desk.agenda.plan(
            session, kind="gig.arrive", key=f"gig.arrive:{key}", subject=gig.id,
            community_id=gig.community_id, due_at=now + _ARRIVES_WITHIN,
        )  # fmt: skip
        await plan_sweep(self.desk, session, gig.community_id)

    async def _plan_end(self, session: AsyncSession, gig: Gig) -> None:
        """Plan the end of a gig, and the word before it."""
        warn_at = gig.expires_at - shelves.WARN_BEFORE
        for kind, due_at, until in (
            ("gig.expire", gig.expires_at, None), ("gig.ending", warn_at, gig.expires_at),
        ):  # fmt: skip
            await self.desk.agenda.plan(
                session, kind=kind, key=_end_key(kind, gig), subject=gig.id, community_id=gig.community_id,
                due_at=due_at, not_after=until,
            )  # fmt: skip

    async def posted(self, session: AsyncSession, said: Said) -> None:
        """Remember where the post is; what changed while it was being sent is shown at once."""
        gig = await session.get(Gig, said.subject)
        if gig is None or said.target == "edit":
            return
        gig.channel_id, gig.message_id, gig.board_id = said.channel_id, said.message_id, said.recipient
        await session.flush()
        if gig.state == "live":
            await self.channels.announce(session, gig)
        await self.channels.follow(session, gig)
        if gig.state != "live" or gig.edited_at is not None or gig.renewals:
            await self.channels.show(session, gig)

    async def arrive(self, work: Work) -> None:
        """Ask after a post that was sent; agenda work `gig.arrive`, whose key names the message.

        Raises:
            Postponed: it still waits; where moderators have to mend the board first, the poster is told once.
        """
        key = work.key.removeprefix("gig.arrive:")
        query = select(OutboxRow.recipient).where(OutboxRow.key == key, OutboxRow.state == WAITING)
        async with self.desk.store.write() as session:
            gig = await session.get(Gig, work.subject)
            if gig is None or gig.state != "live" or gig.message_id is not None or gig.board_id is None:
                return
            channel = await session.scalar(query)
            if channel is None:
                gig.board_id = None
                await self.desk.tell_poster(session, gig, "gig.lost", new_id())
                await self.desk.agenda.settle(session, work)
                return
            blocked = select(OutboxRow.id).where(  # itself, or what waits before it
                OutboxRow.recipient == channel, OutboxRow.state == WAITING, OutboxRow.reason == BLOCKED
            )
            if (await session.execute(blocked)).first() is not None:
                await self.desk.tell_poster(session, gig, "gig.blocked", key)
                # A tag that found no room may be what is missing.
                await self.channels.plan(session, gig.community_id, new_id())
        raise Postponed("its post waits", _PATIENCE)

    # --- what its poster does ----------------------------------------------------------------------

    async def filled(self, person_id: int, gig_id: int) -> Outcome:
        """Close a gig that found its person; by the poster, and the same again changes nothing."""
        return await self._close_own(person_id, gig_id, ("live",), "filled")

    async def withdraw(self, person_id: int, gig_id: int) -> Outcome:
        """Take a gig back, also while it waits for the moderators."""
        return await self._close_own(person_id, gig_id, _TAKEN_BACK, "withdrawn")

    async def renew(self, person_id: int, gig_id: int) -> Outcome:
        """Give a gig two more weeks: shortly before its end, or after it; posting anew consents anew.

        Raises:
            KithError: another's gig, one that is closed for good or ended too long ago, or a barred poster.
        """
        now = self.desk.clock.now()
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            await self._refuse_barred(session, gig)
            if not shelves.may_renew(gig.state, gig.expires_at, now):
                if gig.state != "live":
                    raise KithError("gig_renew_late" if gig.state == "expired" else "gig_closed")
                return Outcome(await self.desk.view(session, gig), changed=False)
            community = await self.desk.board_of(session, gig.community_id)
            await self._refuse_often_lost(session, gig, person_id)
            await self._call_off(session, gig)
            back = gig.state == "expired"
            renewed = await session.execute(
                update(Gig).where(Gig.id == gig.id, Gig.state == gig.state, Gig.renewals == gig.renewals)
                .values(
                    state="live", audience="board", expires_at=rules.expires(now), renewals=gig.renewals + 1
                )
                .returning(Gig.id).execution_options(synchronize_session=False)
            )  # fmt: skip
            changed = renewed.first() is not None
            await session.refresh(gig)
            if changed:
                gig.findings = rules.lasting(gig.findings)
                await self.desk.people.consent(session, gig.member_id, "gigs")
                await self._plan_end(session, gig)
                await self._show_or_send(session, gig, community)
                for follow in self.desk.on_back if back else ():
                    await follow(session, gig)
            return Outcome(await self.desk.view(session, gig), changed)

    async def post_again(self, person_id: int, gig_id: int) -> Outcome:
        """Put a live gig back on the board whose post is gone; again, it is on its way already.

        Raises:
            KithError: another's gig, a closed one, a post that was deleted again, or no board.
        """
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            await session.refresh(gig, with_for_update=True)
            await self._refuse_barred(session, gig)
            view = await self.desk.view(session, gig)
            if gig.state != "live":
                raise KithError("gig_closed")
            if not view.lost:
                return Outcome(view, changed=False)
            await self._refuse_often_lost(session, gig, person_id)
            await self.channels.plan(session, gig.community_id, new_id())  # the cause may be mended there
            await self._send(session, gig, await self.desk.board_of(session, gig.community_id))
            return Outcome(await self.desk.view(session, gig), changed=True)

    async def may_post_again(self, gig: GigView) -> bool:
        """Tell whether a gig's poster may put it back by themselves."""
        async with self.desk.store.read() as session:
            row = await session.get(Gig, gig.id)
            return gig.lost and row is not None and (
                await self._losses(session, row, gig.person_id) < shelves.LOSSES_MAX
            )  # fmt: skip

    async def mine(self, who: Who) -> list[GigView]:
        """The member's own gigs, newest first."""
        return list((await self.mine_page(who)).gigs)

    async def mine_page(self, who: Who, before: int | None = None) -> Mine:
        """One page of the member's own gigs, newest first."""
        query = (
            select(Gig).join(Member, Member.id == Gig.member_id)
            .where(
                Member.person_id == who.person_id, Gig.community_id == who.community_id,
                Gig.state.in_(_MINE), Gig.replaces.is_(None),
            )
            .order_by(Gig.id.desc()).limit(MINE_ON_A_PAGE + 1)
        )  # fmt: skip
        if before is not None:
            query = query.where(Gig.id < before)
        async with self.desk.store.read() as session:
            found = await self.desk.views(session, await session.scalars(query))
            shown = tuple(found[:MINE_ON_A_PAGE])
            changes = await beside(session, [gig.id for gig in shown if gig.state == "live"])
        older = shown[-1].id if len(found) > MINE_ON_A_PAGE else None
        return Mine(shown, self.desk.clock.now(), older, changes)

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take a person's open gigs off the board: after `/stop` nobody could tell them who applied."""
        for member_id in await self.desk.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Take one member's open gigs off the board, within the caller's unit of work."""
        query = select(Gig).where(Gig.member_id == member_id, Gig.replaces.is_(None))
        for gig in (await session.scalars(query)).all():
            if await self.desk.move(session, gig, _TAKEN_BACK, "withdrawn"):
                await self.closed(session, gig)

    async def _close_own(self, person_id: int, gig_id: int, before: Sequence[str], state: State) -> Outcome:
        now = self.desk.clock.now()
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            if gig.replaces is not None:
                raise KithError("gig_gone")
            changed = await self.desk.move(session, gig, before, state)
            if changed:
                if state == "filled":
                    gig.filled_at = now
                await self.closed(session, gig)
                for worked in self.on_worked if state == "filled" else ():
                    for one, other, source in await worked_together(session, gig.id):
                        await worked(session, one, other, "gig", source, now)
            elif gig.state != state:
                raise KithError("gig_closed")
            change_ended = changed and await ended(session, gig.id, now)
            return Outcome(await self.desk.view(session, gig), changed, change_ended)

    async def _refuse_barred(self, session: AsyncSession, gig: Gig) -> None:
        if (await self.desk.people.view(session, gig.member_id)).barred:
            raise KithError("barred")

    async def _refuse_often_lost(self, session: AsyncSession, gig: Gig, person_id: int) -> None:
        """What somebody deleted again and again is not put back by its poster alone."""
        if gig.message_id is None and await self._losses(session, gig, person_id) >= shelves.LOSSES_MAX:
            raise KithError("gig_lost_again")

    async def _show_or_send(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        if gig.message_id is not None:
            await self.show_again(session, gig)
        elif gig.board_id is None:
            await self._send(session, gig, community)

    async def _losses(self, session: AsyncSession, gig: Gig, person_id: int) -> int:
        """How often the poster was told that the post is gone."""
        query = select(func.count(OutboxRow.id)).where(
            OutboxRow.recipient == person_id, OutboxRow.kind == "gig.lost", OutboxRow.subject == gig.id
        )
        return await session.scalar(query) or 0

    # --- off the board -----------------------------------------------------------------------------

    async def ending(self, work: Work) -> None:
        """Say a word to the poster two days before the end; agenda work `gig.ending`."""
        async with self.desk.store.write() as session:
            gig = await session.get(Gig, work.subject)
            if gig is not None and gig.state == "live" and work.key == _end_key(work.kind, gig):
                await self.desk.tell_poster(session, gig, "gig.ending", str(gig.renewals))
                await plan_look(self.desk, session, gig)
            await self.desk.agenda.settle(session, work)

    async def expire(self, work: Work) -> None:
        """Take a gig off the board after its time; agenda work `gig.expire`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)  # before closing, which would call it off
            gig = await session.get(Gig, work.subject)
            if gig is None or gig.expires_at > self.desk.clock.now():
                return  # renewed meanwhile
            if await self.desk.move(session, gig, ("live",), "expired"):
                await self.closed(session, gig)
                await self.desk.tell_poster(session, gig, "gig.expired", str(gig.renewals))

    async def closed(self, session: AsyncSession, gig: Gig) -> None:
        """Show on the board that a gig has closed, and let the other rooms follow."""
        await self._call_off(session, gig)
        await self.show_again(session, gig)
        for follow in self.desk.on_closed:
            await follow(session, gig)

    async def show_again(self, session: AsyncSession, gig: Gig) -> None:
        """Show the post and every link as the gig is now; while it is live, look whether they are there."""
        await self.channels.show(session, gig)
        await self.channels.follow(session, gig)
        if gig.state == "live":
            await plan_look(self.desk, session, gig)

    async def _call_off(self, session: AsyncSession, gig: Gig) -> None:
        for kind in ("gig.expire", "gig.ending"):
            await self.desk.agenda.cancel(session, _end_key(kind, gig))


def _end_key(kind: str, gig: Gig) -> str:
    """What the work at the end of these two weeks is called; a gig that is renewed has another end."""
    return f"{kind}:{gig.id}:{int(gig.expires_at.timestamp())}"
