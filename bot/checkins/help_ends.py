"""How requests for help end when one of the two wants no more messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import topics
from bot.checkins.tables import HelpRequest
from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.people.service import PeopleService


class HelpEnds:
    """Ends requests within the caller's unit of work."""

    def __init__(self, clock: Clock, agenda: Agenda, people: PeopleService) -> None:
        """Stand on the clock, the agenda and the people."""
        self.clock = clock
        self.agenda = agenda
        self.people = people

    async def end_member(self, session: AsyncSession, member_id: int) -> None:
        """Close every request from or to a member who wants no more messages; nobody is told."""
        mine = HelpRequest.from_id == member_id
        query = select(HelpRequest.checkin_id, HelpRequest.created_at).where(
            mine, HelpRequest.created_at > self.clock.now() - topics.OPEN_FOR
        )
        for checkin_id, created_at in set((await session.execute(query)).all()):
            await self.agenda.cancel(session, key_of(checkin_id, created_at))
        await self._close_waiting(session, mine, "withdrawn")
        await self._close_waiting(session, HelpRequest.to_id == member_id, "expired")

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Do so in every community, within the caller's unit of work."""
        for member_id in await self.people.memberships(session, person_id):
            await self.end_member(session, member_id)

    async def _close_waiting(self, session: AsyncSession, which: ColumnElement[bool], state: str) -> None:
        await session.execute(
            update(HelpRequest)
            .where(which, HelpRequest.state == "waiting")
            .values(state=state, decided_at=self.clock.now(), words=None)
            .execution_options(synchronize_session=False)
        )


def key_of(checkin_id: int, asked_at: datetime) -> str:
    """Name the agenda row that closes what was asked for a week at a moment."""
    return f"help.expire:{checkin_id}:{int(asked_at.timestamp())}"
