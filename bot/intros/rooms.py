"""The private room of an introduction: opened once, whoever asks and however often."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.intros import reading
from bot.intros.moves import moved
from bot.intros.seats import open_seat, with_views
from bot.intros.tables import Introduction
from bot.intros.views import RoomView
from bot.people.service import PeopleService

CLAIM_HOLDS = timedelta(minutes=1)
"""So long one press has to open the room before another may try; a crash leaves the claim behind."""


class Rooms:
    """Who opens the room; Discord's part of it is in `cogs/intros/meeting_room.py`.

    `room_id` is the thread's id, above zero. Below zero it is a claim: milliseconds since 1970, negated.
    """

    def __init__(self, store: Store, clock: Clock, people: PeopleService) -> None:
        """Stand on the store, the clock and the people."""
        self.store = store
        self.clock = clock
        self.people = people

    async def claim(self, person_id: int, seat_id: int) -> RoomView:
        """Return the open room, or the right to open it.

        Raises `intro_no_lobby` without a place for it and `intro_room_opening` while the other opens it.
        """
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await open_seat(session, self.people, person_id, seat_id)
            community = await self.people.community(session, introduction.community_id)
            if community is None or community.lobby_channel_id is None:
                raise KithError("intro_no_lobby")
            await moved(session, seat, now)
            room_id = introduction.room_id
            claim = None
            if room_id is None or room_id < 0:
                claim = -int(now.timestamp() * 1000)
                await self._take(session, introduction.id, claim)
            seats = await reading.seats_of(session, introduction.id)
            return RoomView(
                introduction_id=introduction.id,
                community_id=community.id,
                lobby_id=community.lobby_channel_id,
                room_id=room_id if claim is None else None,
                claim=claim,
                people=tuple(
                    (view.person_id, view.name)
                    for _seat, view in await with_views(session, self.people, seats)
                ),
            )

    async def opened(self, introduction_id: int, claim: int, room_id: int) -> int:
        """Store the room under its claim; return the one that counts."""
        async with self.store.write() as session:
            await session.execute(
                update(Introduction)
                .where(Introduction.id == introduction_id, Introduction.room_id == claim)
                .values(room_id=room_id)
            )
            introduction = await session.get(Introduction, introduction_id, populate_existing=True)
            kept = introduction.room_id if introduction is not None else None
            return kept if kept is not None and kept > 0 else room_id

    async def let_go(self, introduction_id: int, held: int) -> None:
        """Forget a claim that came to nothing, or a room that was deleted: the next press opens one."""
        async with self.store.write() as session:
            await session.execute(
                update(Introduction)
                .where(Introduction.id == introduction_id, Introduction.room_id == held)
                .values(room_id=None)
            )

    async def _take(self, session: AsyncSession, introduction_id: int, claim: int) -> None:
        """Claim a room that nobody opens, or of which an old claim was left behind."""
        stale = claim + int(CLAIM_HOLDS / timedelta(milliseconds=1))
        free = or_(
            Introduction.room_id.is_(None), (Introduction.room_id < 0) & (Introduction.room_id >= stale)
        )
        taken = await session.execute(
            update(Introduction)
            .where(Introduction.id == introduction_id, free)
            .values(room_id=claim)
            .returning(Introduction.id)
            .execution_options(synchronize_session=False)
        )
        if taken.scalar_one_or_none() is None:
            raise KithError("intro_room_opening")
