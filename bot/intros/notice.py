"""The day before a round: told, with a way to skip this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError
from bot.core.schedule import local_date
from bot.core.store import portions
from bot.intros import reading
from bot.intros.gathering import taking_part
from bot.intros.planning import OPEN, open_round, regular_of
from bot.intros.tables import Enrolment, Round
from bot.people.service import CommunityView

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

AT_ONCE = 50
"""Messages planned in one transaction, so that others can write in between."""
HOLIDAY, UNAPPROVED = "holiday", "approval"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What the notice of a round says; `skips`: the member sits it out. `due_at` None: none is planned."""

    member_id: int
    community_name: str
    number: int
    due_at: datetime | None
    skips: bool
    following: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkippedView:
    """A round that does not take place: why, which day, and when the next one is."""

    member_id: int
    community_name: str
    why: str
    day: date | None
    next_at: datetime | None


class Notices:
    """Tells those who take part about the round ahead, or that there is none this time."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def due(self, work: Work) -> None:
        """Tell everyone; agenda work `round.notice`. Done again after a crash, it tells nobody twice.

        Each portion of members is a transaction of its own, or 2,000 would keep all others from writing.
        """
        day = date.fromisoformat(work.key.rsplit(":", 1)[1])
        async with self.on.store.read() as session:
            round_ = await session.get(Round, work.subject)
            community = await self.on.people.community(session, work.community_id or 0)
            planned = round_ is not None and round_.state == "planned"
            members: list[int] = []
            if round_ is not None and planned and community is not None and reading.hears(community):
                members = sorted(await taking_part(session, self.on.people, community.id, round_.number))
        if round_ is not None and community is not None:
            await self._tell(community, round_, day, members)
        async with self.on.store.write() as session:
            await self.on.agenda.settle(session, work)

    async def _tell(self, community: CommunityView, round_: Round, day: date, members: list[int]) -> None:
        """Say what the day turned out to be: the round's, a holiday, or nothing any more."""
        if local_date(round_.due_at, community.zone) == day:
            key = f"{community.id}:{round_.number}:{day.isoformat()}"  # a round that moved is told again
            await self.say_all("intro.notice", key, members, round_.due_at)
        elif local_date(regular_of(round_), community.zone) == day:
            await self.say_all("intro.skipped", f"{HOLIDAY}:{day.isoformat()}:{community.id}", members)

    async def say_all(
        self, kind: str, key: str, members: list[int], expires_at: datetime | None = None
    ) -> None:
        """Enqueue one message to each of these members, a few in each transaction."""
        for some in portions(members, AT_ONCE):
            async with self.on.store.write() as session:
                for view in (await self.on.people.views(session, some)).values():
                    await self.on.say(session, kind, view, f"{key}:{view.id}", expires_at=expires_at)

    # --- the member's answer -----------------------------------------------------------------------

    async def skip(self, person_id: int, member_id: int, number: int, *, skips: bool) -> NoticeView:
        """Sit this round out, or take part after all.

        Raises:
            KithError: `not_yours`, `not_enrolled`, or `round_gone` when it has gone out.
        """
        async with self.on.store.write() as session:
            me = await self.on.mine(session, person_id, member_id)
            row = await self.on.enrolment(session, me)
            coming = await open_round(session, me.community_id)
            if coming is None or coming.number != number:
                raise KithError("round_gone")
            row.skips = number if skips else None
            await session.flush()
            return await self._view(session, me.community_id, row, coming)

    async def view(self, member_id: int, number: int | None = None) -> NoticeView | None:
        """Return what the notice shows as it is sent; None when that round or the member is gone."""
        async with self.on.store.read() as session:
            me = (await self.on.people.views(session, [member_id])).get(member_id)
            coming = await open_round(session, me.community_id) if me else None
            if me is None or coming is None or number not in (None, coming.number):
                return None
            if me.id not in await reading.enrolled(session, self.on.people, me.community_id, [me.id]):
                return None
            row = await session.get_one(Enrolment, me.id)
            return await self._view(session, me.community_id, row, coming)

    async def _view(
        self, session: AsyncSession, community_id: int, row: Enrolment, coming: Round
    ) -> NoticeView:
        community = await self.on.people.community(session, community_id)
        assert community is not None
        return NoticeView(
            row.member_id,
            community.name,
            coming.number,
            coming.due_at if coming.state in OPEN else None,
            row.skips == coming.number,
            self.on.planner.after(community, coming),
        )

    async def skipped(self, member_id: int, why: str, day: date | None) -> SkippedView | None:
        """Return what is said about a round that does not take place; None for who takes part no more."""
        async with self.on.store.read() as session:
            me = (await self.on.people.views(session, [member_id])).get(member_id)
            community = await self.on.people.community(session, me.community_id) if me else None
            if me is None or community is None:
                return None
            if me.id not in await reading.enrolled(session, self.on.people, community.id, [me.id]):
                return None
            coming = await reading.planned_round(session, community.id)
            return SkippedView(me.id, community.name, why, day, coming.due_at if coming else None)
