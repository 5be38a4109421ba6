"""Who did what, and when: the record that every moderator of a community may read."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.community.views import AuditPage, Entry
from bot.core.store import Store
from bot.people.service import Who
from bot.people.tables import AuditEntry, Member, Person

ON_A_PAGE = 10


class Audit:
    """Reads the record; what moderators do is written where it is done, in the same transaction."""

    def __init__(self, store: Store) -> None:
        """Stand on the store."""
        self.store = store

    async def page(self, who: Who, page: int = 0) -> AuditPage:
        """Return a page, the latest first; beyond the last there is the last."""
        async with self.store.read() as session:
            total = select(func.count(AuditEntry.id)).where(AuditEntry.community_id == who.community_id)
            pages = max(1, -(-(await session.scalar(total) or 0) // ON_A_PAGE))
            page = min(max(0, page), pages - 1)
            return AuditPage(await self._entries(session, who.community_id, page), page, pages)

    async def _entries(self, session: AsyncSession, community_id: int, page: int) -> tuple[Entry, ...]:
        about = aliased(Person)
        query = (
            select(AuditEntry, Person.name, about.name)
            .outerjoin(Person, Person.id == AuditEntry.actor_id)
            .outerjoin(Member, Member.id == AuditEntry.member_id)
            .outerjoin(about, about.id == Member.person_id)
            .where(AuditEntry.community_id == community_id)
            .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
            .limit(ON_A_PAGE)
            .offset(page * ON_A_PAGE)
        )
        return tuple(
            Entry(row.at, row.actor_id, actor or "", row.action, row.detail, name or "")
            for row, actor, name in (await session.execute(query)).all()
        )
