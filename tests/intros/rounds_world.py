"""A community for the tests of rounds, with what its members and moderators do about them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.core.outbox import OutboxRow, said
from bot.intros.tables import Enrolment, Round, Seat
from bot.people.tables import Community
from cogs.intros import cards, ended, meeting_cards, rounds_cards
from tests.intros.test_service import FIRST_ROUND, WEEK, World, who

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MODERATORS = 77
LAST = FIRST_ROUND + WEEK


class Rounds(World):
    """A started community, with what its moderators and members do about rounds."""

    @property
    def rounds(self) -> Any:
        return self.intros.rounds

    async def text(self, row: OutboxRow) -> str | None:
        found: dict[str, Any] = {}
        for part in (cards, ended, meeting_cards, rounds_cards):
            found |= part.renderers(self.intros)
        outgoing = await found[row.kind](said(row))
        return None if outgoing is None or outgoing.view is None else str(outgoing.view.to_components())

    async def member(self, number: int) -> int:
        async with self.store.read() as session:
            found = await self.people.find(session, 10, number)
            assert found is not None
            return found.id

    async def person(self, member: int) -> int:
        async with self.store.read() as session:
            return (await self.people.view(session, member)).person_id

    async def approving(self) -> None:
        async with self.store.write() as session:
            await session.execute(update(Community).values(mod_channel_id=MODERATORS))
        await self.rounds.moderating.settings(who(1), approve=True)

    async def round(self, number: int = 1) -> Round:
        async with self.store.read() as session:
            return (await session.scalars(select(Round).where(Round.number == number))).one()

    async def set_enrolment(self, number: int, **values: object) -> None:
        member = await self.member(number)
        async with self.store.write() as session:
            await session.execute(update(Enrolment).where(Enrolment.member_id == member).values(**values))

    async def enrolment(self, number: int) -> Enrolment:
        member = await self.member(number)
        async with self.store.read() as session:
            return await session.get_one(Enrolment, member)

    async def pairs(self) -> list[frozenset[int]]:
        """Who meets whom, by person, oldest first."""
        async with self.store.read() as session:
            seats = (await session.scalars(select(Seat).order_by(Seat.id))).all()
            views = await self.people.views(session, [seat.member_id for seat in seats])
        found: dict[int, set[int]] = {}
        for seat in seats:
            found.setdefault(seat.introduction_id, set()).add(views[seat.member_id].person_id)
        return [frozenset(group) for group in found.values()]

    async def arrive(self) -> None:
        """Let every card arrive."""
        async with self.store.write() as session:
            await session.execute(update(Seat).values(state="told"))

    async def told(self, kind: str) -> list[int]:
        return sorted(row.recipient for row in await self.messages(kind))

    async def skip(self, number: int, round_: int, *, skips: bool = True) -> Any:
        return await self.rounds.notices.skip(number, await self.member(number), round_, skips=skips)
