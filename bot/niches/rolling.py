"""The roles of niches, as rows: what Discord should look like, what it refused, and what it came to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import AgendaRow, Work
from bot.core.ids import new_id
from bot.niches.base import NicheBase
from bot.niches.roles import RoleChange, RolesPlan, RoleWanted, Trouble, change_of
from bot.people.tables import Community, CommunityNiche, Member
from bot.people.visibility import shows_niches

LATER = timedelta(hours=1)


class Rolling(NicheBase):
    """Gives plain values to the edge, which asks Discord outside any transaction and reports back."""

    async def roles_of(self, session: AsyncSession, member_id: int) -> list[int]:
        """Return the ids of the roles a member has through niches."""
        member = await session.get(Member, member_id)
        if member is None:
            return []
        mine = await self.niches_of(session, member_id)
        rows = await self.rows_of(session, member.community_id)
        return [row.role_id for row in rows if row.role_id is not None and row.slug in mine]

    async def role_change(self, work: Work) -> RoleChange | None:
        """Return what to do with a member's roles; agenda work `niche.role`, whose key names the niche.

        A niche that has just become large enough gets its role planned.
        """
        slug = work.key.split(":")[2]
        async with self.store.write() as session:
            member = await session.get(Member, work.subject)
            least = await self.least_for_role(session, member.community_id) if member else None
            if member is None or least is None:
                return None
            book = await self.people.book(session, member.community_id)
            niche = book.get(slug)
            into = niche.slug if niche else slug
            roles = {row.slug: row.role_id for row in await self.rows_of(session, member.community_id)}
            if roles.get(into) is None:
                size = len(await self.members_of(session, member.community_id, into))
                if size >= least:
                    await self.plan_roles(session, member.community_id)
            view = await self.people.view(session, member.id)
            # A role is seen by everyone: whoever hides their niches has none.
            mine = view.niches if shows_niches(view) else ()
            give, take = change_of(slug, into, roles, mine)
            return RoleChange(member.community_id, member.person_id, give, take)

    async def roles_plan(self, community_id: int) -> RolesPlan | None:
        """Return which niches have or need a role; None where the community wants none."""
        async with self.store.read() as session:
            least = await self.least_for_role(session, community_id)
            if least is None:
                return None
            book = await self.people.book(session, community_id)
            rows = await self.rows_of(session, community_id)
            sizes = await self.sizes(session, community_id)
        roles = {row.slug: row.role_id for row in rows}
        wanted = [
            RoleWanted(niche.slug, niche.name, roles.get(niche.slug), sizes.get(niche.slug, 0) >= least)
            for niche in book.niches.values()
        ]
        taken = frozenset(role_id for role_id in roles.values() if role_id is not None)
        kept = tuple(one for one in wanted if one.enough or one.role_id is not None)
        return RolesPlan(community_id, kept, taken)

    async def role_made(self, community_id: int, slug: str, role_id: int) -> None:
        """Keep which role a niche has, and plan it for everybody who is in it."""
        async with self.store.write() as session:
            await self.hold(session, community_id, changing=True)
            niche = (await self.people.book(session, community_id)).get(slug)
            if niche is None:
                return
            row = await self.row_of(session, community_id, niche)
            row.role_id = role_id
            await session.flush()
            members = await self.members_of(session, community_id, niche.slug)
            await self.plan_role(session, community_id, niche.slug, members)

    async def role_lost(self, community_id: int, role_id: int) -> bool:
        """Forget a role that somebody deleted, and plan to look again; False for one of no niche."""
        async with self.store.write() as session:
            gone = await session.execute(
                update(CommunityNiche)
                .where(CommunityNiche.community_id == community_id, CommunityNiche.role_id == role_id)
                .values(role_id=None)
                .returning(CommunityNiche.id)
                .execution_options(synchronize_session=False)
            )
            lost = gone.first() is not None
            if lost:
                await self.plan_roles(session, community_id)
            return lost

    async def check_roles(self, community_ids: Collection[int]) -> None:
        """Plan to look at the roles of these communities: much may have happened while Kith was away."""
        wanting = select(Community.id).where(Community.niche_roles_from.is_not(None)).order_by(Community.id)
        async with self.store.read() as session:
            found = [one for one in (await session.scalars(wanting)).all() if one in community_ids]
        if found:
            async with self.store.write() as session:
                for community_id in found:
                    await self.plan_roles(session, community_id)

    async def role_name(self, row_id: int) -> tuple[int, int, str] | None:
        """Return (community, role, name) of a niche with a role, where roles are wanted."""
        async with self.store.read() as session:
            row = await session.get(CommunityNiche, row_id)
            if row is None or row.role_id is None:
                return None
            if await self.least_for_role(session, row.community_id) is None:
                return None
            return row.community_id, row.role_id, row.name

    # --- when Discord refuses ----------------------------------------------------------------------

    async def put_off(self, work: Work) -> None:
        """Keep work for a later try; at most one of its kind, subject and niche in any hour."""
        due = self.clock.now() + LATER
        about = f"{work.subject}:{work.key.split(':')[2]}" if work.kind == "niche.role" else work.subject
        async with self.store.write() as session:
            await self.agenda.plan(
                session,
                kind=work.kind,
                key=f"{work.kind}:{about}:later-{due:%Y%m%d%H}",
                subject=work.subject,
                community_id=work.community_id,
                due_at=due,
            )

    async def troubled(self, community_id: int, role_id: int) -> bool:
        """Tell whether Discord is known to refuse this role, so that it need not be asked again and again."""
        keys = [_mark(community_id, Trouble("rights")), _mark(community_id, Trouble("order", role_id))]
        async with self.store.read() as session:
            found = await session.execute(select(AgendaRow.id).where(AgendaRow.key.in_(keys)))
            return found.first() is not None

    async def trouble(self, community_id: int, trouble: Trouble) -> None:
        """Tell the moderators what Discord refuses, once until it works again, and plan the next look.

        The planned look is the mark as well: while its row is there, they know.
        """
        async with self.store.write() as session:
            new = await self.agenda.plan(
                session,
                kind="niche.roles",
                key=_mark(community_id, trouble),
                subject=community_id,
                community_id=community_id,
                due_at=self.clock.now() + LATER,
            )
            community = await self.people.community(session, community_id)
            if new and community is not None and community.mod_channel_id is not None:
                await self.outbox.say(
                    session,
                    kind=f"niche.{trouble.what}",
                    subject=trouble.role_id or community_id,
                    key=f"{_mark(community_id, trouble)}:{new_id()}",
                    recipient=community.mod_channel_id,
                    community_id=community_id,
                    target="channel",
                )

    async def mended(self, community_id: int, over: Collection[Trouble]) -> None:
        """Forget troubles that are over, so that the next of its kind is told again."""
        keys = [_mark(community_id, one) for one in over]
        async with self.store.read() as session:
            marks = await session.scalars(select(AgendaRow.key).where(AgendaRow.key.in_(keys)))
            known = list(marks.all())
        if known:
            async with self.store.write() as session:
                await session.execute(
                    delete(AgendaRow)
                    .where(AgendaRow.key.in_(known))
                    .execution_options(synchronize_session=False)
                )


def _mark(community_id: int, trouble: Trouble) -> str:
    return f"niche.trouble:{community_id}:{trouble.what}:{trouble.role_id}"
