"""Servers that removed Kith: silent at once, deleted after a while, as before when they come back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, AgendaRow, Handler, Work
from bot.core.clock import Clock
from bot.core.log import get_logger
from bot.core.outbox import OutboxRow
from bot.core.processes import Share
from bot.core.store import Store
from bot.people.tables import AuditEntry, Community, Member
from bot.privacy.erasing import Erasing

log = get_logger(__name__)

PORTION = 100


class Leaving:
    """Follows servers as they go and return; the agenda work `community.erase`."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, erasing: Erasing, keep_for: timedelta
    ) -> None:
        """Stand on the store and the agenda; a server that left is kept for so long."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.erasing = erasing
        self.keep_for = keep_for

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {"community.erase": self._due}

    async def left(self, community_id: int) -> bool:
        """Fall silent in a server that removed Kith, and plan to delete it; False when that is so already."""
        async with self.store.write() as session:
            row = await session.get(Community, community_id, with_for_update=True)
            if row is None or row.left_at is not None:
                return False
            now = self.clock.now()
            row.left_at = now
            await self.agenda.plan(
                session,
                kind="community.erase",
                key=_key(community_id, now),
                subject=community_id,
                community_id=community_id,
                due_at=now + self.keep_for,
            )
            self._note(session, community_id, "left")
            return True

    async def returned(self, community_id: int) -> bool:
        """Go on as before in a server that added Kith again; False when it had not left."""
        async with self.store.write() as session:
            row = await session.get(Community, community_id, with_for_update=True)
            if row is None or row.left_at is None:
                return False
            await self.agenda.cancel(session, _key(community_id, row.left_at))
            row.left_at = None
            self._note(session, community_id, "returned")
            return True

    async def present(self, ids: Collection[int], share: Share) -> None:
        """Compare with the servers there are at the start: some came or went while Kith was offline.

        A server that Discord cannot reach just now is among `ids` and stays. Those outside of `share` are
        seen by other processes, and left to them.
        """
        async with self.store.read() as session:
            known = (await session.execute(select(Community.id, Community.left_at))).all()
        for community_id, left_at in known:
            if not share.has(community_id):
                continue
            if community_id in ids and left_at is not None:
                await self.returned(community_id)
            elif community_id not in ids and left_at is None:
                await self.left(community_id)

    async def _due(self, work: Work) -> None:
        """Delete a portion of the members at a time, then the rest; whoever came back meanwhile stays."""
        while True:
            async with self.store.write() as session:
                row = await session.get(Community, work.subject, with_for_update=True)
                if row is None or row.left_at is None or row.left_at + self.keep_for > self.clock.now():
                    await self.agenda.settle(session, work)
                    return
                if not await self._some_members(session, row.id):
                    await self._rest(session, row)
                    log.info("community.erased", community=work.subject)
                    return

    async def _some_members(self, session: AsyncSession, community_id: int) -> bool:
        """Delete some members, and the persons who are members nowhere else; False when there were none."""
        query = select(Member.id, Member.person_id).where(Member.community_id == community_id)
        some = (await session.execute(query.order_by(Member.id).limit(PORTION))).all()
        await session.execute(delete(Member).where(Member.id.in_([member for member, _person in some])))
        people = [person for _member, person in some]
        elsewhere = set(await session.scalars(select(Member.person_id).where(Member.person_id.in_(people))))
        for person_id in people:
            if person_id not in elsewhere:
                await self.erasing.person(session, person_id, everywhere=False)
        return bool(some)

    async def _rest(self, session: AsyncSession, row: Community) -> None:
        """Delete the community with all that was planned and said there; this very work goes along."""
        for table in (AgendaRow, OutboxRow):
            await session.execute(delete(table).where(table.community_id == row.id))
        await session.execute(delete(Community).where(Community.id == row.id))

    def _note(self, session: AsyncSession, community_id: int, action: str) -> None:
        """Write it down for the moderators; no person did it."""
        entry = AuditEntry(
            community_id=community_id, actor_id=None, action=action, detail="", at=self.clock.now()
        )
        session.add(entry)
        log.info(f"community.{action}", community=community_id)


def _key(community_id: int, left_at: datetime) -> str:
    return f"community.erase:{community_id}:{int(left_at.timestamp())}"
