"""What all use cases of niches share: who is in which, a community's own rows, and planning the roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.ids import new_id
from bot.core.outbox import Outbox
from bot.core.store import Store, insert_new
from bot.people import rules as people_rules
from bot.people.niches import Niche
from bot.people.service import MemberView, PeopleService
from bot.people.tables import Community, CommunityNiche, Member, MemberNiche


class NicheBase:
    """Stands on the core and on people; its methods join the caller's unit of work."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        people.on_niches_shown.append(self._shown_or_hidden)

    async def _shown_or_hidden(self, session: AsyncSession, view: MemberView) -> None:
        """Give or take the roles of a member who shows their niches to everyone, or no longer."""
        for slug in view.niches:
            await self.plan_role(session, view.community_id, slug, [view.id])

    async def sizes(self, session: AsyncSession, community_id: int) -> dict[str, int]:
        """Return how many members each niche of a community has; empty ones are left out."""
        query = (
            select(MemberNiche.niche, func.count())
            .join(Member, Member.id == MemberNiche.member_id)
            .where(Member.community_id == community_id)
            .group_by(MemberNiche.niche)
        )
        return {row[0]: row[1] for row in await session.execute(query)}

    async def members_of(self, session: AsyncSession, community_id: int, slug: str) -> list[int]:
        """Return the ids of the members in one niche, oldest first."""
        query = (
            select(Member.id)
            .join(MemberNiche, MemberNiche.member_id == Member.id)
            .where(Member.community_id == community_id, MemberNiche.niche == slug)
            .order_by(Member.id)
        )
        return list((await session.scalars(query)).all())

    async def niches_of(self, session: AsyncSession, member_id: int) -> list[str]:
        """Return the slugs of a member's niches."""
        query = select(MemberNiche.niche).where(MemberNiche.member_id == member_id)
        return list((await session.scalars(query.order_by(MemberNiche.niche))).all())

    async def hold(self, session: AsyncSession, community_id: int, *, changing: bool) -> None:
        """Keep a community's niches as they are until the end of this unit of work.

        Members join and leave side by side; who changes the niches themselves (`changing`) waits for them and
        they for them, so that nobody joins a niche while it is merged away. SQLite has one writer anyway.
        """
        lock = select(Community.id).where(Community.id == community_id)
        await session.execute(lock.with_for_update(read=not changing, key_share=changing))

    async def enter(self, session: AsyncSession, member_id: int, slug: str) -> bool:
        """Put a member into a niche; False when they are in it. Raises `niches_full`."""
        people_rules.room_for_niche(await self.niches_of(session, member_id), slug)
        return await insert_new(session, MemberNiche, member_id=member_id, niche=slug)

    async def row_of(self, session: AsyncSession, community_id: int, niche: Niche) -> CommunityNiche:
        """Return the community's own row of a niche, making it where there is only the seed's."""
        await insert_new(
            session,
            CommunityNiche,
            community_id=community_id,
            slug=niche.slug,
            name=niche.name,
            axis=niche.axis,
            aliases=[],
        )
        query = select(CommunityNiche).where(
            CommunityNiche.community_id == community_id, CommunityNiche.slug == niche.slug
        )
        return (await session.scalars(query)).one()

    async def rows_of(self, session: AsyncSession, community_id: int) -> Sequence[CommunityNiche]:
        """Return all rows of a community, merged ones too."""
        query = select(CommunityNiche).where(CommunityNiche.community_id == community_id)
        return (await session.scalars(query.order_by(CommunityNiche.id))).all()

    async def follow(self, session: AsyncSession, member_ids: Iterable[int]) -> None:
        """Let the features follow the changed profiles of many members at once."""
        await session.flush()
        for view in (await self.people.views(session, member_ids)).values():
            for follow in self.people.on_profile:
                await follow(session, view)

    # --- roles -------------------------------------------------------------------------------------

    async def plan_roles(self, session: AsyncSession, community_id: int) -> None:
        """Plan to look at every niche's role, where the community wants roles."""
        if await self.least_for_role(session, community_id) is not None:
            await self.agenda.plan(
                session,
                kind="niche.roles",
                key=f"niche.roles:{community_id}:{new_id()}",
                subject=community_id,
                community_id=community_id,
                due_at=self.clock.now(),
            )

    async def plan_role(
        self, session: AsyncSession, community_id: int, slug: str, member_ids: Iterable[int]
    ) -> None:
        """Plan to follow with the roles of members whose place in a niche changed, where roles are wanted."""
        if await self.least_for_role(session, community_id) is None:
            return
        for member_id in member_ids:
            await self.agenda.plan(
                session,
                kind="niche.role",
                key=f"niche.role:{member_id}:{slug}:{new_id()}",
                subject=member_id,
                community_id=community_id,
                due_at=self.clock.now(),
            )

    async def plan_role_name(self, session: AsyncSession, row: CommunityNiche) -> None:
        """Plan to call a niche's role as the niche is called now."""
        if row.role_id is not None and await self.least_for_role(session, row.community_id) is not None:
            await self.agenda.plan(
                session,
                kind="niche.named",
                key=f"niche.named:{row.id}:{new_id()}",
                subject=row.id,
                community_id=row.community_id,
                due_at=self.clock.now(),
            )

    async def least_for_role(self, session: AsyncSession, community_id: int) -> int | None:
        """Return how many members a niche needs for a role; None when no roles are wanted here."""
        query = select(Community.niche_roles_from).where(
            Community.id == community_id, Community.left_at.is_(None)
        )
        return await session.scalar(query)
