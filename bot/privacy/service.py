"""Use cases of privacy: what is kept, all of it to take along, and gone for good."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.seal import Sealer
from bot.core.store import Store
from bot.people.tables import Community, Consent, Member, Person
from bot.people.views import MemberView
from bot.privacy import atlas, rules
from bot.privacy.erasing import Erasing, Hooks
from bot.privacy.export import Export
from bot.privacy.leaving import Leaving
from bot.privacy.retention import Retention
from bot.privacy.rules import Periods
from bot.privacy.views import ConsentView, Exported, Held, Place, PolicyView, RoleHeld

__all__ = ["Exported", "Held", "Hooks", "Periods", "Place", "PolicyView", "PrivacyService", "RoleHeld"]

PAGE_TITLE = "Everything Kith keeps about you"


class PrivacyService:
    """What a person may know and decide about their data, barred or not, in servers and in the DM."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        sealer: Sealer,
        hooks: Hooks,
        periods: Periods,
        contact: str | None = None,
    ) -> None:
        """Stand on the core; `hooks` are the other features', `periods` and `contact` the operator's."""
        self.store = store
        self.clock = clock
        self.hooks = hooks
        self.periods = periods
        self.contact = contact
        self.erasing = Erasing(agenda, outbox, sealer, hooks, timedelta(days=periods.marks))
        self.retention = Retention(store, clock, agenda, periods)
        self.leaving = Leaving(store, clock, agenda, self.erasing, timedelta(days=periods.left_community))

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work: the daily tidying, and the end of a server that left."""
        return self.retention.handlers() | self.leaving.handlers()

    async def begin(self) -> None:
        """Plan the daily tidying; to be called at every start."""
        await self.retention.begin()

    async def restore(self, session: AsyncSession, member: MemberView) -> None:
        """Let a bar and others' wishes hold again for a new member who was here before."""
        await self.erasing.restore(session, member, self.clock.now())

    async def policy(self, person_id: int) -> PolicyView:
        """Return the numbers of the policy, and what this person agreed to."""
        query = (
            select(Community.name, Consent.purpose, Consent.granted_at, Consent.text_version)
            .join(Member, Member.id == Consent.member_id)
            .join(Community, Community.id == Member.community_id)
            .where(Member.person_id == person_id, Consent.withdrawn_at.is_(None))
            .order_by(Community.id, Consent.granted_at, Consent.id)
        )
        async with self.store.read() as session:
            found = (await session.execute(query)).all()
        return PolicyView(self.periods, self.contact, tuple(ConsentView(*row) for row in found))

    async def held(self, person_id: int) -> Held:
        """Return where Kith knows a person."""
        query = (
            select(Community.id, Community.name)
            .join(Member, Member.community_id == Community.id)
            .where(Member.person_id == person_id)
            .order_by(Community.id)
        )
        async with self.store.read() as session:
            places = tuple(Place(*row) for row in (await session.execute(query)).all())
            return Held(places, bool(places) or await self._named(session, person_id))

    async def export(self, person_id: int) -> Exported:
        """Gather everything about a person, in every community, with sealed text opened."""
        async with self.store.read() as session:
            data = await Export(session, person_id, self.clock.now()).everything(self.erasing)
        return Exported(data, rules.page(data, PAGE_TITLE))

    async def roles(self, person_id: int, community_id: int | None) -> list[RoleHeld]:
        """Return the roles Kith gave a person, in one community or all; they go before the rows do."""
        if self.hooks.roles_of is None:
            return []
        async with self.store.read() as session:
            return [
                RoleHeld(member.community_id, role_id)
                for member in await self._members(session, person_id, community_id)
                for role_id in await self.hooks.roles_of(session, member.id)
            ]

    async def erase(self, person_id: int, community_id: int | None) -> bool:
        """Delete a person in one community, or everywhere; False when there was nothing to delete."""
        now = self.clock.now()
        async with self.store.write() as session:
            await session.get(Person, person_id, with_for_update=True)  # two devices: one after the other
            members = await self._members(session, person_id, community_id)
            for member in members:
                await self.erasing.membership(session, member, now)
            found = bool(members)
            if community_id is None:
                return await self.erasing.person(session, person_id, everywhere=True) or found
            found = await self.erasing.traces(session, person_id, community_id) or found
            if found and not await self._members(session, person_id, None):
                await self.erasing.person(session, person_id, everywhere=False)
            return found

    async def _members(self, session: AsyncSession, person_id: int, community_id: int | None) -> list[Member]:
        query = select(Member).where(Member.person_id == person_id).order_by(Member.id)
        if community_id is not None:
            query = query.where(Member.community_id == community_id)
        return list(await session.scalars(query))

    async def _named(self, session: AsyncSession, person_id: int) -> bool:
        """Tell whether any row names a person who is a member nowhere."""
        if await session.get(Person, person_id) is not None:
            return True
        for naming in atlas.NAMINGS:
            if naming.of == "person":
                column = atlas.table_of(naming.table).c[naming.column]
                query = select(column).where(column == person_id).limit(1)
                if (await session.execute(query)).first() is not None:
                    return True
        return False
