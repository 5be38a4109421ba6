"""What is known about a gig beside its words, handed to screening together with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import TypeAlias

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.desk import Desk
from bot.gigs.rules import Standing
from bot.gigs.screening import Repeat, RuleBook, Screening, load_rules, screen, with_phishing
from bot.gigs.sketch import NEAR, bands, similarity
from bot.gigs.tables import Gig, GigBand
from bot.people.tables import Member

Typical: TypeAlias = Callable[
    [AsyncSession, int, Sequence[str], str, str], Awaitable["tuple[int, int] | None"]
]
"""What people of a community are paid: session, community, skills, currency, per; in hundredths."""

PAID = ("live", "filled")
_POSTERS_MIN = 5
_LATEST = 200
_COMPARED = (*rules.OPEN_STATES, "refused")
_NEAREST = 20


class Vetting:
    """Weighs a gig's row in the unit of work that is about to let it out."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk
        # The rules of screening; an operator may know more sites.
        self.book: RuleBook = load_rules()

    def know_phishing(self, sites: frozenset[str]) -> None:
        """Hold whatever links to these sites."""
        self.book = with_phishing(self.book, sites)

    async def weigh(
        self, session: AsyncSession, row: Gig, standing: Standing, beside: int | None = None
    ) -> Screening:
        """Screen a gig; `beside` is the live gig whose words it would replace.

        Raises:
            KithError: `gig_already_posted` when the poster's same gig is still open.
        """
        return screen(
            words(row),
            repeat=await self._repeat(session, row, beside),
            similar=await self._similar(session, row, beside),
            account_days=standing.account_days,
            member_days=await self.tenure(session, row, standing),
            pay_ratio=await self.pay_ratio(session, row),
            book=self.book,
        )

    async def _repeat(self, session: AsyncSession, row: Gig, beside: int | None) -> Repeat:
        """Whether this text is on the board or was refused; a member's own open gig is not posted twice."""
        query = select(Gig.member_id, Gig.state).where(
            Gig.community_id == row.community_id, Gig.fingerprint == row.fingerprint,
            Gig.id.not_in([row.id or 0, beside or 0]),
        )  # fmt: skip
        same = (await session.execute(query)).all()
        if any(owner == row.member_id and state in rules.OPEN_STATES for owner, state in same):
            raise KithError("gig_already_posted")
        if any(state == "refused" for _owner, state in same):
            return "refused"
        return "open" if any(state in rules.OPEN_STATES for _owner, state in same) else ""

    async def _similar(self, session: AsyncSession, row: Gig, beside: int | None) -> Repeat:
        """Whether nearly this text is on the board, or was held or refused; found by the bands they share."""
        wanted = sorted(set(bands(tuple(row.sketch))))
        if not wanted:
            return ""
        shared = (
            select(GigBand.gig_id)
            .join(Gig, Gig.id == GigBand.gig_id)
            .where(
                GigBand.community_id == row.community_id, GigBand.band.in_(wanted), Gig.state.in_(_COMPARED),
                Gig.id.not_in([row.id or 0, beside or 0]),
            )
            .group_by(GigBand.gig_id).order_by(func.count().desc(), GigBand.gig_id.desc()).limit(_NEAREST)
        )  # fmt: skip
        others = await session.execute(select(Gig.state, Gig.sketch).where(Gig.id.in_(shared)))
        mine = tuple(row.sketch)
        near = {state for state, theirs in others if similarity(mine, tuple(theirs)) >= NEAR}
        if near & {"held", "refused"}:
            return "refused"
        return "open" if near else ""

    async def keep(self, session: AsyncSession, row: Gig) -> None:
        """Let later texts be compared with this one."""
        await session.execute(
            delete(GigBand).where(GigBand.gig_id == row.id).execution_options(synchronize_session=False)
        )
        kept = [
            {"gig_id": row.id, "band": band, "community_id": row.community_id}
            for band in sorted(set(bands(tuple(row.sketch))))
        ]
        if kept:
            await session.execute(insert(GigBand), kept)

    async def pay_ratio(self, session: AsyncSession, row: Gig) -> float | None:
        """How this budget compares with the median of others here, None where fewer than five posted one."""
        others: list[tuple[int, int, int]] = []
        for state in PAID:
            latest = (  # of one state they come in the order of the index, however many there are
                select(Gig.member_id, Gig.low, Gig.high, Gig.currency, Gig.per)
                .where(Gig.community_id == row.community_id, Gig.state == state)
                .order_by(Gig.id.desc()).limit(_LATEST).subquery()
            )  # fmt: skip
            alike = select(latest.c.member_id, latest.c.low, latest.c.high).where(
                latest.c.currency == row.currency, latest.c.per == row.per,
                latest.c.member_id != row.member_id,
            )  # fmt: skip
            others += [(member_id, low, high) for member_id, low, high in await session.execute(alike)]
        if len({member_id for member_id, _low, _high in others}) < _POSTERS_MIN:
            return None
        return (row.low + row.high) / median(low + high for _member_id, low, high in others)

    async def tenure(self, session: AsyncSession, row: Gig, standing: Standing) -> int:
        """Days the poster has been here: as Discord knows it, or since Kith met them where that is longer."""
        member = await session.get_one(Member, row.member_id)
        return max(standing.tenure_days or 0, (self.desk.clock.now() - member.joined_at).days)


def words(row: Gig) -> str:
    """Everything a poster typed that readers would see: all of it is screened."""
    typed = (row.title, row.description, row.budget, row.terms, row.hours, row.length, row.apply)
    return "\n".join(filter(None, typed))
