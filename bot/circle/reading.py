"""Reads a circle, within the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.circle import rules
from bot.circle.tables import Circle, CirclePerson, Encounter
from bot.circle.views import CircleView, EncounterView, PersonPage, PersonView
from bot.core.schedule import local_date
from bot.people.service import MemberView, PeopleService, Who


class Reading:
    """Turns the rows of a circle into what its owner sees."""

    def __init__(self, people: PeopleService) -> None:
        """Stand on people, for the names."""
        self.people = people

    async def circle(
        self, session: AsyncSession, who: Who, owner: MemberView | None, page: int = 0
    ) -> CircleView:
        """Return a page of a member's circle, whom they met last first."""
        if owner is None or await session.get(Circle, owner.id) is None:
            return CircleView(who.community_id, who.community_name, kept=False)
        mine = CirclePerson.owner_id == owner.id
        total = await session.scalar(select(func.count()).select_from(CirclePerson).where(mine)) or 0
        page, pages = rules.paged(total, page, rules.PEOPLE_ON_PAGE)
        last = func.max(Encounter.at)
        query = (
            select(CirclePerson)
            .outerjoin(Encounter, Encounter.person_id == CirclePerson.id)
            .where(mine)
            .group_by(CirclePerson.id)
            # Somebody just added by hand, with nothing written down yet, stands first.
            .order_by(case((last.is_(None), 0), else_=1), last.desc(), CirclePerson.id.desc())
            .limit(rules.PEOPLE_ON_PAGE)
            .offset(page * rules.PEOPLE_ON_PAGE)
        )
        people = await self._people(session, owner, (await session.scalars(query)).all())
        name = who.community_name or await self._community_name(session, owner.community_id)
        return CircleView(owner.community_id, name, True, tuple(people), total, page, pages)

    async def person(
        self, session: AsyncSession, owner: MemberView, row: CirclePerson, page: int = 0
    ) -> PersonPage:
        """Return one person of a circle with a page of the times they met."""
        (shown,) = await self._people(session, owner, [row])
        page, pages = rules.paged(shown.count, page, rules.ENCOUNTERS_ON_PAGE)
        query = (
            select(Encounter)
            .where(Encounter.person_id == row.id)
            .order_by(Encounter.at.desc(), Encounter.id.desc())
            .limit(rules.ENCOUNTERS_ON_PAGE)
            .offset(page * rules.ENCOUNTERS_ON_PAGE)
        )
        zone = await self.zone(session, owner)
        found = tuple(_encounter(each, zone) for each in await session.scalars(query))
        return PersonPage(shown, found, page, pages)

    async def _people(
        self, session: AsyncSession, owner: MemberView, rows: Sequence[CirclePerson]
    ) -> list[PersonView]:
        others = await self.people.views(session, [row.other_id for row in rows if row.other_id is not None])
        community_name = await self._community_name(session, owner.community_id)
        zone = await self.zone(session, owner)
        counts, lasts = await self._encounters(session, [row.id for row in rows], zone)
        views = []
        for row in rows:
            other = others.get(row.other_id) if row.other_id is not None else None
            views.append(
                PersonView(
                    id=row.id,
                    community_id=owner.community_id,
                    community_name=community_name,
                    name=other.name if other else None,
                    person_id=other.person_id if other else None,
                    count=counts.get(row.id, 0),
                    last=lasts.get(row.id),
                    next_step=row.next_step,
                    next_at=row.next_at,
                    next_day=local_date(row.next_at, zone) if row.next_at else None,
                )
            )
        return views

    async def _encounters(
        self, session: AsyncSession, ids: Sequence[int], zone: str
    ) -> tuple[dict[int, int], dict[int, EncounterView]]:
        """Return how often each was met, and the latest time; the few people of one page."""
        query = select(Encounter).where(Encounter.person_id.in_(ids))
        counts: dict[int, int] = {}
        lasts: dict[int, EncounterView] = {}
        for row in await session.scalars(query.order_by(Encounter.at, Encounter.id)):
            counts[row.person_id] = counts.get(row.person_id, 0) + 1
            lasts[row.person_id] = _encounter(row, zone)
        return counts, lasts

    async def zone(self, session: AsyncSession, owner: MemberView) -> str:
        """Return the owner's zone; the community's until they said theirs."""
        if owner.zone is not None:
            return owner.zone
        community = await self.people.community(session, owner.community_id)
        return community.zone if community else "UTC"

    async def _community_name(self, session: AsyncSession, community_id: int) -> str:
        community = await self.people.community(session, community_id)
        return community.name if community else ""


def _encounter(row: Encounter, zone: str) -> EncounterView:
    return EncounterView(row.id, row.kind, row.at, local_date(row.at, zone), row.note)
