"""What the courier must know about people and communities, answered from their rows."""

from sqlalchemy import select, update

from bot.core.store import Store
from bot.core.text import SOURCE_LOCALE
from bot.people.tables import Community, Person


class PeopleDirectory:
    """Remembers DM channels, languages and pauses for the courier; see ``edge.courier.Directory``."""

    def __init__(self, store: Store) -> None:
        """Stand on the store."""
        self._store = store

    async def dm_channel(self, person_id: int) -> tuple[int | None, bool]:
        """Return a person's DM channel if it was opened before, and whether it is known to be closed."""
        async with self._store.read() as session:
            person = await session.get(Person, person_id)
        return (None, False) if person is None else (person.dm_channel_id, person.dm_state == "closed")

    async def remember_dm(self, person_id: int, channel_id: int | None, *, open_: bool) -> None:
        """Keep what was learnt about a person's DM; the channel is kept even when it is closed."""
        values: dict[str, object] = {"dm_state": "open" if open_ else "closed"}
        if channel_id is not None:
            values["dm_channel_id"] = channel_id
        async with self._store.write() as session:
            await session.execute(update(Person).where(Person.id == person_id).values(**values))

    async def locale_of(self, person_id: int) -> str:
        """Return the language a person reads."""
        async with self._store.read() as session:
            return await session.scalar(select(Person.locale).where(Person.id == person_id)) or SOURCE_LOCALE

    async def silenced(self, community_id: int) -> bool:
        """Tell whether the moderators paused every send of a community, or removed Kith from it."""
        query = select(Community.paused, Community.left_at).where(Community.id == community_id)
        async with self._store.read() as session:
            found = (await session.execute(query)).one_or_none()
        return found is not None and (found.paused or found.left_at is not None)

    async def lobby_of(self, community_id: int) -> int | None:
        """Return the channel under which private rooms are opened."""
        async with self._store.read() as session:
            return await session.scalar(
                select(Community.lobby_channel_id).where(Community.id == community_id)
            )
