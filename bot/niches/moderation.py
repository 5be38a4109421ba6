"""Use cases of moderators: merge, rename, roles on or off, and niches made of the server's own roles."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.niches import rules
from bot.niches.suggesting import Suggesting
from bot.niches.views import Imported, InviteView, MergeView, Renamed
from bot.people.niches import Niche
from bot.people.service import Who
from bot.people.tables import Community, CommunityNiche, Member, MemberNiche


class Moderation(Suggesting):
    """What moderators make of the niches; who is a moderator is checked at the edge."""

    # --- merging -----------------------------------------------------------------------------------

    async def merge_preview(self, who: Who, source: str, target: str) -> MergeView:
        """Say what merging one niche into another would do; raises `niche_same`, `niche_merged`, …."""
        async with self.store.read() as session:
            book = await self.people.book(session, who.community_id)
            gone, kept = rules.two_niches(book, source, target)
            return await self._merging(session, who.community_id, gone, kept)

    async def merge(self, who: Who, source: str, target: str) -> MergeView:
        """Move everybody from one niche into another, whose alias the old name becomes."""
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.hold(session, who.community_id, changing=True)
            book = await self.people.book(session, who.community_id)
            gone, kept = rules.two_niches(book, source, target)
            done = await self._merging(session, who.community_id, gone, kept)
            moved = await self.members_of(session, who.community_id, gone.slug)
            await self._move(session, who.community_id, gone.slug, kept.slug)
            old = await self.row_of(session, who.community_id, gone)
            new = await self.row_of(session, who.community_id, kept)
            old.into = kept.slug
            new.aliases = rules.with_aliases(new.aliases, gone.name, *gone.aliases)
            await self._merge_roles(session, old, new, moved)
            await self.follow(session, moved)
            detail = f"{gone.name} → {kept.name}"
            await self.people.note(session, who.community_id, who.person_id, "niche.merged", detail=detail)
            return done

    async def _merging(self, session: AsyncSession, community_id: int, gone: Niche, kept: Niche) -> MergeView:
        moving = set(await self.members_of(session, community_id, gone.slug))
        both = moving & set(await self.members_of(session, community_id, kept.slug))
        return MergeView(gone, kept, len(moving), len(both))

    async def _move(self, session: AsyncSession, community_id: int, source: str, target: str) -> None:
        """Let members of the one be in the other, nobody twice."""
        here = select(Member.id).where(Member.community_id == community_id)
        there = select(MemberNiche.member_id).where(MemberNiche.niche == target)
        mine = (MemberNiche.niche == source, MemberNiche.member_id.in_(here))
        await session.execute(
            update(MemberNiche)
            .where(*mine, MemberNiche.member_id.not_in(there))
            .values(niche=target)
            .execution_options(synchronize_session=False)
        )
        await session.execute(delete(MemberNiche).where(*mine).execution_options(synchronize_session=False))

    async def _merge_roles(
        self, session: AsyncSession, old: CommunityNiche, new: CommunityNiche, moved: list[int]
    ) -> None:
        """Let the niche that stays take over the other's role, or else let members change roles."""
        if old.role_id is not None and new.role_id is None:
            old.role_id, new.role_id = None, old.role_id
            await session.flush()
            await self.plan_role_name(session, new)
            everybody = await self.members_of(session, new.community_id, new.slug)
            await self.plan_role(session, new.community_id, new.slug, everybody)
        else:
            await session.flush()
            await self.plan_role(session, new.community_id, old.slug, moved)
            await self.plan_roles(session, new.community_id)

    # --- names -------------------------------------------------------------------------------------

    async def rename(self, who: Who, niche: str, name: str) -> Renamed:
        """Give a niche another name in this community; the old one still finds it.

        Raises:
            KithError: `niche_name_taken` by another niche, or what is wrong with the name.
        """
        name = rules.niche_name(name)
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.hold(session, who.community_id, changing=True)
            book = await self.people.book(session, who.community_id)
            found = rules.live(book, niche)
            if (other := rules.same_named(book, name, but=found.slug)) is not None:
                raise KithError("niche_name_taken", name=other.name)
            row = await self.row_of(session, who.community_id, found)
            if name != found.name:
                row.aliases = [one for one in rules.with_aliases(row.aliases, found.name) if one != name]
                row.name = name
                await session.flush()
                await self.plan_role_name(session, row)
                await self.follow(session, await self.members_of(session, who.community_id, found.slug))
                detail = f"{found.name} → {name}"
                await self.people.note(
                    session, who.community_id, who.person_id, "niche.renamed", detail=detail
                )
            return Renamed(Niche(found.slug, name, found.axis, tuple(row.aliases)), found.name)

    # --- roles -------------------------------------------------------------------------------------

    async def set_roles(self, who: Who, least: int | None) -> bool:
        """Want a role for every niche with that many members, or no longer (None); False for no change."""
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            changed = row.niche_roles_from != least
            row.niche_roles_from = least
            await session.flush()
            if changed:
                said = "off" if least is None else f"from {least}"
                await self.people.note(session, row.id, who.person_id, "niche.roles", detail=said)
            await self._roles_for_all(session, row)
            return changed

    async def _roles_for_all(self, session: AsyncSession, community: Community) -> None:
        """Make what is missing, and give the roles there are to whoever joined meanwhile."""
        await self.plan_roles(session, community.id)
        for row in await self.rows_of(session, community.id):
            if row.role_id is not None and row.into is None:
                await self.plan_role(
                    session, community.id, row.slug, await self.members_of(session, community.id, row.slug)
                )

    # --- import ------------------------------------------------------------------------------------

    async def near_role(self, who: Who, role_id: int, name: str) -> list[Niche]:
        """Return what a role of the server may stand for, best first; raises `niche_role_linked`."""
        async with self.store.read() as session:
            book = await self.people.book(session, who.community_id)
            for row in await self.rows_of(session, who.community_id):
                if row.role_id == role_id and row.into is None:
                    raise KithError("niche_role_linked", name=row.name)
            return book.near(name)

    async def link_role(self, who: Who, role_id: int, slug: str, channel_id: int | None) -> Imported:
        """Let a role of the server be a niche's, and invite its holders; nobody is enrolled.

        The invitation goes to the panel's channel, or else to `channel_id`. Raises `niche_has_role`.
        """
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.hold(session, who.community_id, changing=True)
            book = await self.people.book(session, who.community_id)
            return await self._link(session, who, role_id, rules.live(book, slug), channel_id)

    async def import_role(
        self, who: Who, role_id: int, name: str, axis: str, channel_id: int | None
    ) -> Imported:
        """Make a niche of a role of the server, and invite its holders; a niche of that name is used."""
        name, axis = rules.niche_name(name), rules.known_axis(axis)
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.hold(session, who.community_id, changing=True)
            book = await self.people.book(session, who.community_id)
            niche = rules.same_named(book, name)
            if niche is None:
                await self._not_linked(session, who.community_id, role_id, "")
                niche = await self.add_niche(session, who.community_id, name, axis)
            return await self._link(session, who, role_id, niche, channel_id)

    async def _link(
        self, session: AsyncSession, who: Who, role_id: int, niche: Niche, channel_id: int | None
    ) -> Imported:
        await self._not_linked(session, who.community_id, role_id, niche.slug)
        row = await self.row_of(session, who.community_id, niche)
        if row.role_id not in (None, role_id):
            raise KithError("niche_has_role", name=niche.name)
        changed = row.role_id is None
        gives = await self.least_for_role(session, who.community_id) is not None
        if changed:
            row.role_id = role_id
            await session.flush()
            members = await self.members_of(session, who.community_id, niche.slug)
            await self.plan_role(session, who.community_id, niche.slug, members)
            await self._invite(session, row, role_id, channel_id)
            await self.people.note(
                session, who.community_id, who.person_id, "niche.imported", detail=niche.name
            )
        return Imported(niche, role_id, changed, gives)

    async def _not_linked(self, session: AsyncSession, community_id: int, role_id: int, slug: str) -> None:
        """Refuse a role that belongs to another niche; forget it with one that was merged away."""
        for row in await self.rows_of(session, community_id):
            if row.role_id == role_id and row.slug != slug:
                if row.into is None:
                    raise KithError("niche_role_linked", name=row.name)
                row.role_id = None

    async def _invite(
        self, session: AsyncSession, row: CommunityNiche, role_id: int, channel_id: int | None
    ) -> None:
        community = await self.people.community(session, row.community_id)
        where = (community.panel_channel_id if community else None) or channel_id
        if where is not None:
            await self.outbox.say(
                session,
                kind="niche.invite",
                subject=row.id,
                key=f"niche.invite:{row.id}:{role_id}",
                recipient=where,
                community_id=row.community_id,
                target="channel",
            )

    async def invite(self, row_id: int) -> InviteView | None:
        """Return what an invitation says, as it is true now; None when there is nothing to invite to."""
        async with self.store.read() as session:
            row = await session.get(CommunityNiche, row_id)
            if row is None or row.role_id is None:
                return None
            niche = (await self.people.book(session, row.community_id)).get(row.slug)
            return InviteView(row.id, niche, row.role_id) if niche else None
