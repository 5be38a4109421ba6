"""Who left the server: looked up before a round when not seen for long, so that nobody waits for them.

Only the answer that a member is not there ends anything; whatever else went wrong leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.log import get_logger
from bot.core.store import portions
from bot.intros import reading
from bot.intros.gathering import taking_part
from bot.intros.planning import lookup_key
from bot.intros.service import IntroService
from bot.intros.tables import Enrolment, Round, Seat
from bot.people.tables import Consent

log = get_logger(__name__)

UNSEEN_FOR = timedelta(days=14)
MOST = 500
"""Looked up for one round; those who do nothing for long fall out of the rounds by themselves."""
PORTION = 10
"""Looked up at a time: other work on the agenda waits for no more than that."""
_SIGNS: tuple[tuple[Any, Any], ...] = (
    (Enrolment.member_id, Enrolment.joined_at),
    (Consent.member_id, Consent.granted_at),
    (Seat.member_id, Seat.moved_at),
    (Seat.member_id, Seat.answered_at),
)
"""Whose, and when: everything a member does in the introductions."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Whom to look up now, as (member, person), the longest unseen first.

    `asked`: how many were looked up before; `here`: how many of these had not left.
    """

    community_id: int
    wanted: tuple[tuple[int, int], ...]
    asked: int
    here: int


class Leavers:
    """Says whom to look up, and lets those who left go quietly; the asking is done at the edge."""

    def __init__(self, intros: IntroService) -> None:
        """Stand on the introductions."""
        self.intros = intros
        self.on = intros.rounds

    async def unseen(self, work: Work) -> Lookup | None:
        """Return a portion of those to look up; None when nobody is left, or the round is not to come."""
        asked, here = (int(part) for part in work.key.split(":")[-2:])
        async with self.on.store.read() as session:
            round_ = await session.get(Round, work.subject)
            if round_ is None or not await self._wanted(session, work, round_):
                return None
            pool = await taking_part(session, self.on.people, round_.community_id, round_.number)
            waiting = await self._unseen_among(session, pool)
            some = waiting[here : here + min(PORTION, MOST - asked)]
            views = await self.on.people.views(session, some)
        wanted = tuple((one, views[one].person_id) for one in some)
        return Lookup(round_.community_id, wanted, asked, here) if wanted else None

    async def looked(
        self, work: Work, lookup: Lookup, asked: int, gone: Collection[int], again_in: timedelta | None
    ) -> None:
        """Let those who are gone leave, tell whom they were to meet, and plan the rest.

        Args:
            work: what is done with this.
            lookup: what it was about.
            asked: how many of it were looked up.
            gone: the members who are not in the server any more.
            again_in: after how long the rest is looked up; None to let it be.
        """
        async with self.on.store.write() as session:
            left = await self._unseen_among(session, gone)  # whoever came back meanwhile stays
            for member_id in left:
                await self.intros.stop_member(session, member_id)
            if again_in is not None:
                asked_by_now, here = lookup.asked + asked, lookup.here + asked - len(left)
                await self.on.agenda.plan(
                    session, kind=work.kind, key=lookup_key(work.key.rsplit(":", 2)[0], asked_by_now, here),
                    subject=work.subject, community_id=work.community_id,
                    due_at=self.on.clock.now() + again_in, not_after=work.not_after,
                )  # fmt: skip
            await self.on.agenda.settle(session, work)
        if left:
            log.info("round.leavers", community=lookup.community_id, left=len(left))

    async def _wanted(self, session: AsyncSession, work: Work, round_: Round) -> bool:
        """Whether the round is still to come when it was, in a community that hears Kith."""
        community = await self.on.people.community(session, round_.community_id)
        return (
            community is not None
            and community.started
            and reading.hears(community)
            and round_.state == "planned"
            and round_.due_at == work.not_after
        )

    async def _unseen_among(self, session: AsyncSession, members: Collection[int]) -> list[int]:
        """Those of these members who were not seen for long, the longest unseen first."""
        seen: dict[int, datetime] = {}
        for some in portions(members):
            for member, at in _SIGNS:
                query = select(member, func.max(at)).where(member.in_(some), at.is_not(None)).group_by(member)
                for number, when in await session.execute(query):
                    seen[number] = max(when, seen.get(number, when))
        before = self.on.clock.now() - UNSEEN_FOR
        return sorted((one for one in seen if seen[one] <= before), key=lambda one: (seen[one], one))
