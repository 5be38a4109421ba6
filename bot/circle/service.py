"""Use cases of the circle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.circle import rules
from bot.circle.days import coming_day, past_day
from bot.circle.reading import Reading
from bot.circle.tables import Circle, CirclePerson, Encounter
from bot.circle.views import CircleView, Kept, Past, PastOf, PersonChange, PersonPage
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.schedule import at_local, local_date
from bot.core.store import Store, insert_new, insert_row
from bot.people.places import Place, places_of
from bot.people.service import MemberView, PeopleService, Who

__all__ = ["CircleService", "CircleView", "Kept", "Past", "PersonChange", "PersonPage"]

NOON = time(12)
"""A day without an hour is kept as its noon, which is the same day for readers in most other zones."""


class CircleService:
    """A member's own diary of the people met through Kith; nobody else ever reads it."""

    def __init__(
        self, store: Store, clock: Clock, people: PeopleService, past: Sequence[PastOf] = ()
    ) -> None:
        """Stand on the store and on people; each of `past` says whom a member met before, in one way."""
        self.store = store
        self.clock = clock
        self.people = people
        self.past = list(past)
        self.reading = Reading(people)

    # --- what other features tell, inside their unit of work ---------------------------------------

    async def met(
        self, session: AsyncSession, member_id: int, other_id: int, kind: str, source: str, at: datetime
    ) -> None:
        """Write down that a member met another, if they keep a circle; the same source counts once."""
        if await self._is_kept(session, member_id):
            await self._write(session, member_id, other_id, kind, source, at)

    async def unmet(self, session: AsyncSession, member_id: int, source: str) -> None:
        """Strike what `met` wrote; somebody of whom nothing else is known leaves the circle with it."""
        mine = select(CirclePerson.id).where(CirclePerson.owner_id == member_id)
        struck = await session.scalars(
            delete(Encounter)
            .where(Encounter.source == source, Encounter.person_id.in_(mine))
            .returning(Encounter.person_id)
        )
        await session.execute(
            delete(CirclePerson).where(
                CirclePerson.id.in_(struck.all()),
                CirclePerson.next_step.is_(None),
                ~exists().where(Encounter.person_id == CirclePerson.id),
            )
        )

    # --- the whole circle --------------------------------------------------------------------------

    async def places_of(self, person_id: int) -> list[Place]:
        """Return the communities in which a person can keep a circle."""
        return await places_of(self.store, person_id)

    async def circle(self, who: Who, page: int = 0) -> CircleView:
        """Return a page of the acting member's circle; raises KithError `barred`."""
        async with self.store.read() as session:
            owner = await self.people.find(session, who.community_id, who.person_id)
            if owner is not None and owner.barred:
                raise KithError("barred")
            return await self.reading.circle(session, who, owner, page)

    async def keep(self, who: Who) -> Kept:
        """Begin to keep a circle, with the people the member said they met; keeping twice changes nothing."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            new = await insert_new(session, Circle, member_id=member.id, since=self.clock.now())
            found: set[int] = set()
            for past_of in self.past if new else ():
                for one in await past_of(session, member.id):
                    await self._write(session, member.id, one.other_id, one.kind, one.source, one.at)
                    found.add(one.other_id)
            owner = await self.people.view(session, member.id)
            return Kept(await self.reading.circle(session, who, owner), len(found), new)

    async def stop(self, who: Who) -> bool:
        """Keep no circle any more and delete all that was in it; False when there was none."""
        async with self.store.write() as session:
            owner = await self.people.find(session, who.community_id, who.person_id)
            if owner is None:
                return False
            # The circle first: whoever is writing into it holds its row, and is waited for.
            gone = await session.execute(
                delete(Circle).where(Circle.member_id == owner.id).returning(Circle.member_id)
            )
            await session.execute(delete(CirclePerson).where(CirclePerson.owner_id == owner.id))
            return gone.first() is not None

    async def add(self, who: Who, person_id: int) -> PersonChange:
        """Put somebody the member met through Kith into their circle, or return who is there already.

        Raises:
            KithError: `circle_self`, `circle_not_kept`, or `circle_not_met` for everybody else, known or not.
        """
        if person_id == who.person_id:
            raise KithError("circle_self")
        async with self.store.write() as session:
            owner = await self.people.view(session, (await self.people.known(session, who)).id)
            if not await self._is_kept(session, owner.id):
                raise KithError("circle_not_kept")
            other = await self.people.find(session, who.community_id, person_id)
            row = await self._row_of(session, owner.id, other.id) if other else None
            new = row is None
            if row is None:
                if other is None or other.barred or not await self._acquainted(session, owner.id, other.id):
                    raise KithError("circle_not_met")
                row = await self._person_row(session, owner.id, other.id)
            return PersonChange(await self.reading.person(session, owner, row), new)

    # --- one person --------------------------------------------------------------------------------

    async def person(self, person_id: int, row_id: int, page: int = 0) -> PersonPage:
        """Return somebody in the acting person's circle.

        Raises:
            KithError: `not_yours`, `circle_gone`, `barred`; so do the following, except that removing
                is open to those the moderators barred.
        """
        async with self.store.read() as session:
            owner, row = await self._owned(session, person_id, row_id)
            return await self.reading.person(session, owner, row, page)

    async def met_again(
        self, person_id: int, row_id: int, *, kind: str, day: str, note: str, once: str
    ) -> PersonChange:
        """Write down that they met, on a day as typed; what has the same `once` counts once."""
        kind, text = rules.checked_kind(kind), rules.checked_note(note)
        async with self.store.write() as session:
            owner, row = await self._owned(session, person_id, row_id, lock=True)
            found = past_day(day, await self._today(session, owner))
            new = await insert_row(
                session,
                Encounter,
                {
                    "person_id": row.id,
                    "kind": kind,
                    "source": f"own:{once}",
                    "note": text,
                    "at": min(await self._noon(session, owner, found), self.clock.now()),
                },
            )
            return PersonChange(await self.reading.person(session, owner, row), new is not None)

    async def plan(self, person_id: int, row_id: int, *, step: str, day: str) -> PersonChange:
        """Keep what the member means to do next with this person; `changed` False when it stood so."""
        step = rules.checked_step(step)
        async with self.store.write() as session:
            owner, row = await self._owned(session, person_id, row_id, lock=True)
            found = coming_day(day, await self._today(session, owner))
            at = await self._noon(session, owner, found) if found else None
            changed = (row.next_step, row.next_at) != (step, at)
            row.next_step, row.next_at = step, at
            await session.flush()
            return PersonChange(await self.reading.person(session, owner, row), changed)

    async def done(self, person_id: int, row_id: int) -> PersonChange:
        """Tick the next step off; `changed` False when there was none."""
        async with self.store.write() as session:
            owner, row = await self._owned(session, person_id, row_id, lock=True)
            changed = row.next_step is not None
            row.next_step = row.next_at = None
            await session.flush()
            return PersonChange(await self.reading.person(session, owner, row), changed)

    async def remove_encounter(self, person_id: int, row_id: int, encounter_id: int) -> PersonChange:
        """Delete one time they met; `changed` False when it was gone already."""
        async with self.store.write() as session:
            owner, row = await self._owned(session, person_id, row_id, lock=True, barred_too=True)
            gone = await session.execute(
                delete(Encounter)
                .where(Encounter.id == encounter_id, Encounter.person_id == row.id)
                .returning(Encounter.id)
            )
            changed = gone.first() is not None
            return PersonChange(await self.reading.person(session, owner, row), changed)

    async def remove_person(self, person_id: int, row_id: int) -> PersonPage:
        """Delete somebody from the acting person's circle, with all that was written; return who it was."""
        async with self.store.write() as session:
            owner, row = await self._owned(session, person_id, row_id, lock=True, barred_too=True)
            removed = await self.reading.person(session, owner, row)
            await session.execute(delete(CirclePerson).where(CirclePerson.id == row.id))
            return removed

    # --- inside ------------------------------------------------------------------------------------

    async def _is_kept(self, session: AsyncSession, member_id: int) -> bool:
        """Tell whether a member keeps a circle, and hold it: nothing is written into one being deleted."""
        query = select(Circle.member_id).where(Circle.member_id == member_id).with_for_update()
        return (await session.execute(query)).first() is not None

    async def _write(
        self, session: AsyncSession, member_id: int, other_id: int, kind: str, source: str, at: datetime
    ) -> None:
        row = await self._person_row(session, member_id, other_id)
        await insert_new(session, Encounter, person_id=row.id, kind=kind, source=source, at=at)

    async def _person_row(self, session: AsyncSession, owner_id: int, other_id: int) -> CirclePerson:
        await insert_new(session, CirclePerson, owner_id=owner_id, other_id=other_id)
        row = await self._row_of(session, owner_id, other_id)
        assert row is not None
        return row

    async def _row_of(self, session: AsyncSession, owner_id: int, other_id: int) -> CirclePerson | None:
        query = select(CirclePerson).where(
            CirclePerson.owner_id == owner_id, CirclePerson.other_id == other_id
        )
        return (await session.scalars(query)).one_or_none()

    async def _owned(
        self,
        session: AsyncSession,
        person_id: int,
        row_id: int,
        *,
        lock: bool = False,
        barred_too: bool = False,
    ) -> tuple[MemberView, CirclePerson]:
        """Return an entry and its owner, when that is who acts."""
        row = await session.get(CirclePerson, row_id, with_for_update=lock)
        if row is None:
            raise KithError("circle_gone")
        owner = await self.people.view(session, row.owner_id)
        if owner.person_id != person_id:
            raise KithError("not_yours")
        if owner.barred and not barred_too:
            raise KithError("barred")
        return owner, row

    async def _acquainted(self, session: AsyncSession, one: int, other: int) -> bool:
        for acquainted in self.people.acquainted:
            if await acquainted(session, one, other):
                return True
        return False

    async def _today(self, session: AsyncSession, owner: MemberView) -> date:
        return local_date(self.clock.now(), await self.reading.zone(session, owner))

    async def _noon(self, session: AsyncSession, owner: MemberView, day: date) -> datetime:
        return at_local(day, NOON, await self.reading.zone(session, owner))
