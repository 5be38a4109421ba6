"""Where a person is known: for commands in the DM with Kith, which say no server."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.core.store import Store
from bot.people.tables import Community, Member


@dataclass(frozen=True, slots=True)
class Place:
    """A community by id and name."""

    id: int
    name: str


async def places_of(store: Store, person_id: int) -> list[Place]:
    """Return the communities a person is known in and that still have Kith, the latest they joined first."""
    query = (
        select(Community.id, Community.name)
        .join(Member, Member.community_id == Community.id)
        .where(Member.person_id == person_id, Community.left_at.is_(None))
        .order_by(Member.id.desc())
    )
    async with store.read() as session:
        return [Place(community_id, name) for community_id, name in (await session.execute(query)).all()]
