"""The channels of the board: which gigs live where, links to them elsewhere, tags and guidelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.ids import new_id
from bot.core.outbox import OutboxRow, Said
from bot.core.queue import WAITING
from bot.core.store import insert_new
from bot.gigs import rules, shelves
from bot.gigs.desk import Desk, take_back
from bot.gigs.shelves import Shelf
from bot.gigs.tables import Gig, GigBoard, GigCopy, GigGuide
from bot.people.service import CommunityView, Who
from bot.people.tables import Member, MemberNiche

_AGAIN_MAX = 200
"""Posts that get new tags at once; older ones get them when they are next touched."""
_FIRST = timedelta(minutes=1)
"""So much earlier the guidelines of a channel are due than the gig that waits for them there."""
NEEDS_TAG = ":tag"
"""How the key of a channel's guidelines ends where a forum takes no post without a tag."""


@dataclass(frozen=True, slots=True)
class BoardSeen:
    """The channels of a community's board, the main one first, with the names of their niches."""

    shelves: tuple[Shelf, ...]
    niche_names: dict[str, str]
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What Discord should look like: the channels that gigs live in, and the tags of each forum."""

    community_id: int
    homes: tuple[Shelf, ...]
    tags: tuple[str, ...]


class Channels:
    """Keeps the board's channels; what reaches for Discord is done at the edge."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk

    # --- which gigs live where ---------------------------------------------------------------------

    async def home(self, session: AsyncSession, gig: Gig, community: CommunityView) -> Shelf:
        """Return the channel a gig is to live in; raise `gig_no_board` where there is none."""
        main = _main(community)
        return shelves.home_of(main, await self._others(session, community), gig.kind, gig.niches)

    async def seen(self, who: Who) -> BoardSeen:
        """List the board's channels."""
        async with self.desk.store.read() as session:
            return await self._seen(session, who.community_id)

    async def add(
        self, who: Who, channel_id: int, channel_kind: str, role: str, kind: str | None, niches: str
    ) -> BoardSeen:
        """Let gigs of a kind, or of some niches, live in one more channel, or be announced there.

        Raises:
            KithError: no main channel yet, or this is it; a home without a rule; links in a forum; a niche
                nobody knows.
        """
        async with self.desk.store.write() as session:
            community = await self.desk.board_of(session, who.community_id)
            if channel_id == community.gig_channel_id:
                raise KithError("gig_channel_main")
            book = await self.desk.people.book(session, who.community_id)
            slugs = sorted({book.find(part).slug for part in rules.pieces(niches)})
            kinds = [kind] if kind in rules.KINDS else []
            if role not in shelves.ROLES or (role == "home" and not (kinds or slugs)):
                raise KithError("gig_channel_rule")
            if role == "links" and channel_kind != "text":
                raise KithError("gig_channel_links")
            row = await self._row(session, who.community_id, channel_id)
            row.kind, row.role, row.kinds, row.niches = channel_kind, role, kinds, slugs
            await session.flush()
            await self._note(session, who, "gigs.channel.add", channel_id)
            await self.plan(session, who.community_id, f"channel-{channel_id}-{new_id()}")
            return await self._seen(session, who.community_id)

    async def remove(self, who: Who, channel_id: int) -> BoardSeen:
        """Use a channel no longer; what lives there stays until it ends. A second time changes nothing."""
        async with self.desk.store.write() as session:
            gone = await session.execute(
                delete(GigBoard)
                .where(GigBoard.community_id == who.community_id, GigBoard.channel_id == channel_id)
                .returning(GigBoard.id)
            )
            changed = gone.first() is not None
            if changed:
                await self._bring_home(session, who.community_id, channel_id)
                await self._note(session, who, "gigs.channel.remove", channel_id)
            return await self._seen(session, who.community_id, changed)

    async def _bring_home(self, session: AsyncSession, community_id: int, channel_id: int) -> None:
        """Let gigs that still wait for a channel go to the main one: it may have been deleted."""
        community = await self.desk.board_of(session, community_id)
        main, kind = community.gig_channel_id, community.gig_channel_kind
        moved = await session.execute(
            update(OutboxRow)
            .where(OutboxRow.kind == "gig.post", OutboxRow.recipient == channel_id)
            .where(OutboxRow.state == WAITING, OutboxRow.target != "edit")
            .values(
                recipient=main, target="forum" if kind == "forum" else "channel", due_at=self.desk.clock.now()
            )
            .returning(OutboxRow.subject)
            .execution_options(synchronize_session=False)
        )
        gigs = Gig.id.in_(moved.scalars().all())
        await session.execute(
            update(Gig).where(gigs).values(board_id=main).execution_options(synchronize_session=False)
        )

    async def _note(self, session: AsyncSession, who: Who, action: str, channel_id: int) -> None:
        await self.desk.people.note(
            session, who.community_id, who.person_id, action, detail=f"<#{channel_id}>"
        )

    async def _row(self, session: AsyncSession, community_id: int, channel_id: int) -> GigBoard:
        """The row of a channel beside the main one, new or there already."""
        query = select(GigBoard).where(GigBoard.community_id == community_id)
        rows = {row.channel_id: row for row in await session.scalars(query)}
        if channel_id not in rows and len(rows) >= shelves.SHELVES_MAX:
            raise KithError("gig_channels_full", most=shelves.SHELVES_MAX)
        row = rows.get(channel_id) or GigBoard(community_id=community_id, channel_id=channel_id)
        session.add(row)
        return row

    async def _others(self, session: AsyncSession, community: CommunityView) -> list[Shelf]:
        query = select(GigBoard).where(
            GigBoard.community_id == community.id, GigBoard.channel_id != (community.gig_channel_id or 0)
        )
        return [
            Shelf(row.channel_id, row.kind, row.role, tuple(row.kinds), tuple(row.niches))
            for row in await session.scalars(query.order_by(GigBoard.id))
        ]

    async def _seen(self, session: AsyncSession, community_id: int, changed: bool = True) -> BoardSeen:
        community = await self.desk.board_of(session, community_id)
        found = (_main(community), *await self._others(session, community))
        book = await self.desk.people.book(session, community_id)
        names = {slug: book.name(slug) for shelf in found for slug in shelf.niches}
        return BoardSeen(found, names, changed)

    # --- links in other channels -------------------------------------------------------------------

    async def announce(self, session: AsyncSession, gig: Gig) -> None:
        """Link to a gig that has just reached its channel from those that want links; once in each."""
        community = await self.desk.people.community(session, gig.community_id)
        others = await self._others(session, community) if community else []
        for shelf in shelves.links_of(others, gig.kind, gig.niches):
            if shelf.channel_id == gig.board_id:
                continue
            await insert_new(session, GigCopy, gig_id=gig.id, channel_id=shelf.channel_id)
            await self.desk.outbox.say(
                session, kind="gig.link", subject=gig.id, key=f"gig.link:{gig.id}:{shelf.channel_id}",
                recipient=shelf.channel_id, community_id=gig.community_id, target="channel",
                expires_at=gig.expires_at,
            )  # fmt: skip

    async def linked(self, session: AsyncSession, said: Said) -> None:
        """Remember where a link is; what changed while it was being sent is shown at once."""
        if said.target == "edit":
            return
        copy = await session.get(GigCopy, (said.subject, said.recipient))
        if copy is None:  # the gig was taken down meanwhile
            await take_back(self.desk.outbox, session, said.community_id, said.channel_id, said.message_id)
            return
        copy.message_id = said.message_id
        await session.flush()
        gig = await session.get(Gig, said.subject)
        if gig is not None and (gig.state != "live" or gig.edited_at is not None):
            await self.follow(session, gig)

    async def follow(self, session: AsyncSession, gig: Gig) -> None:
        """Let every link say how a gig stands now."""
        for copy in await self._copies(session, [gig.id]):
            await self.desk.outbox.say(
                session, kind="gig.link", subject=gig.id, key=f"gig.link:{gig.id}:{new_id()}", target="edit",
                recipient=copy.channel_id, community_id=gig.community_id, channel_id=copy.channel_id,
                message_id=copy.message_id,
            )  # fmt: skip

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Take the links to a member's gigs back, within the unit of work that deletes the member."""
        me = await self.desk.people.view(session, member_id)
        gigs = list(await session.scalars(select(Gig.id).where(Gig.member_id == member_id)))
        for copy in await self._copies(session, gigs):
            await take_back(self.desk.outbox, session, me.community_id, copy.channel_id, copy.message_id)
        await self.desk.outbox.retract(
            session, kinds=["gig.link"], subjects=gigs, into="gig.removed", except_for=me.person_id
        )

    async def _copies(self, session: AsyncSession, gig_ids: Sequence[int]) -> Sequence[GigCopy]:
        """The links that reached Discord."""
        query = select(GigCopy).where(GigCopy.gig_id.in_(gig_ids), GigCopy.message_id.is_not(None))
        return (await session.scalars(query.order_by(GigCopy.gig_id, GigCopy.channel_id))).all()

    # --- tags and guidelines -----------------------------------------------------------------------

    async def plan(self, session: AsyncSession, community_id: int, occasion: str = "") -> None:
        """Plan a look at the board's channels: once a day, and for every occasion that has a name."""
        now = self.desk.clock.now()
        await self.desk.agenda.plan(
            session, kind="gig.board", key=f"gig.board:{community_id}:{occasion or now.date()}",
            subject=community_id, community_id=community_id, due_at=now,
        )  # fmt: skip

    async def wanted(self, community_id: int) -> Plan | None:
        """Return how the board should look; None where there is none."""
        async with self.desk.store.read() as session:
            community = await self.desk.people.community(session, community_id)
            if community is None or community.gig_channel_id is None or community.left_at is not None:
                return None
            others = await self._others(session, community)
            homes = (_main(community), *(one for one in others if one.role == "home"))
            tags = shelves.board_tags(await self._main_niches(session, community_id))
            return Plan(community_id, homes, tags)

    async def _main_niches(self, session: AsyncSession, community_id: int) -> list[str]:
        """The names of the niches with most members, merged ones counted with what they became."""
        query = (
            select(MemberNiche.niche, func.count())
            .join(Member, Member.id == MemberNiche.member_id)
            .where(Member.community_id == community_id)
            .group_by(MemberNiche.niche)
        )
        book = await self.desk.people.book(session, community_id)
        sizes: Counter[str] = Counter()
        for slug, members in (await session.execute(query)).all():
            sizes[book.name(slug)] += members
        return [name for name, _members in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))]

    async def tagged(self, community_id: int, channel_id: int) -> None:
        """Show what lives in a forum once more: it has tags now that it had not."""
        query = (
            select(Gig)
            .where(
                Gig.community_id == community_id, Gig.state == "live", Gig.board_id == channel_id,
                Gig.message_id.is_not(None),
            )
            .order_by(Gig.id.desc()).limit(_AGAIN_MAX)
        )  # fmt: skip
        async with self.desk.store.write() as session:
            for gig in (await session.scalars(query)).all():
                await self.show(session, gig)

    async def show(self, session: AsyncSession, gig: Gig) -> None:
        """Let the post on the board show the gig as it is now, when it is there by now."""
        if gig.channel_id is not None and gig.message_id is not None:
            await self.desk.outbox.say(
                session, kind="gig.post", subject=gig.id, key=f"gig.post:{gig.id}:{gig.state}:{new_id()}",
                target="edit", recipient=gig.channel_id, community_id=gig.community_id,
                channel_id=gig.channel_id, message_id=gig.message_id,
            )  # fmt: skip

    async def guide(self, community_id: int, shelf: Shelf, *, needs_tag: bool) -> None:
        """Post the guidelines in a channel, once: whoever deletes them does not want them there."""
        async with self.desk.store.write() as session:
            if await session.get(GigGuide, shelf.channel_id) is None:
                await self.desk.outbox.say(
                    session, kind="gig.guide", subject=shelf.channel_id,
                    key=f"gig.guide:{shelf.channel_id}" + (NEEDS_TAG if needs_tag else ""),
                    recipient=shelf.channel_id, community_id=community_id,
                    target="forum" if shelf.kind == "forum" else "channel",
                    due_at=self.desk.clock.now() - _FIRST,
                )  # fmt: skip

    async def guided(self, session: AsyncSession, said: Said) -> None:
        """Remember the guidelines of a channel, and plan to pin them."""
        new = await insert_new(
            session, GigGuide, channel_id=said.recipient, community_id=said.community_id,
            post_id=said.channel_id, message_id=said.message_id,
        )  # fmt: skip
        if new:
            await self.desk.agenda.plan(
                session, kind="gig.pin", key=f"gig.pin:{said.recipient}", subject=said.recipient,
                community_id=said.community_id, due_at=self.desk.clock.now(),
            )  # fmt: skip

    async def guidelines(self, channel_id: int) -> tuple[int, int] | None:
        """Return where a channel's guidelines are, as (post or channel, message)."""
        async with self.desk.store.read() as session:
            row = await session.get(GigGuide, channel_id)
            return (row.post_id, row.message_id) if row else None


def _main(community: CommunityView) -> Shelf:
    if community.gig_channel_id is None:
        raise KithError("gig_no_board")
    return Shelf(community.gig_channel_id, community.gig_channel_kind)
