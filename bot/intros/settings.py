"""How a community wants its rounds: approved or by themselves, how often, and days without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import insert_new
from bot.intros import dates
from bot.intros.tables import RoundSettings


@dataclass(frozen=True, slots=True)
class RoundRules:
    """The settings of a community's rounds."""

    approve: bool = False
    new_first: bool = True
    holidays: tuple[date, ...] = ()


async def read_rules(session: AsyncSession, community_id: int) -> RoundRules:
    """Return how a community wants its rounds; the defaults where it never said."""
    row = await session.get(RoundSettings, community_id, populate_existing=True)
    if row is None:
        return RoundRules()
    return RoundRules(row.approve, row.new_first, tuple(map(date.fromisoformat, row.holidays)))


async def write_rules(
    session: AsyncSession, community_id: int, *, approve: bool | None, new_first: bool | None
) -> None:
    """Store what is not None."""
    row = await _row(session, community_id)
    row.approve = row.approve if approve is None else approve
    row.new_first = row.new_first if new_first is None else new_first
    await session.flush()


async def write_holidays(session: AsyncSession, community_id: int, days: Iterable[date]) -> None:
    """Store the days without introductions.

    Raises:
        KithError: `holidays_too_many` (most).
    """
    wanted = sorted(set(days))
    dates.checked_count(len(wanted))
    row = await _row(session, community_id)
    row.holidays = [day.isoformat() for day in wanted]
    await session.flush()


async def _row(session: AsyncSession, community_id: int) -> RoundSettings:
    values = {"approve": False, "new_first": True, "holidays": []}
    await insert_new(session, RoundSettings, community_id=community_id, **values)
    return await session.get_one(RoundSettings, community_id, with_for_update=True)
