"""Days without introductions: read as people write them, and stepped over. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.core.dates import read_day
from bot.core.errors import KithError
from bot.core.schedule import local_date, next_local

WEEKS = (1, 2, 4)
"""A community's choice: every week, every two or every four."""
HOLIDAYS_MAX = 100
_STEPS = 60


def parse_day(text: str, today: date) -> date:
    """Return the day that '2026-12-24', '24 Dec' or 'December 24, 2026' means; without a year the next one.

    Raises:
        KithError: `date_unknown`, or `date_past` for a day that is over.
    """
    found = read_day(text, today)
    if found is None:
        raise KithError("date_unknown")
    if found < today:
        raise KithError("date_past")
    return found


def days_of(first: date, last: date) -> list[date]:
    """Every day of a stretch.

    Raises:
        KithError: `dates_backwards`, or `holidays_too_many` (most).
    """
    if last < first:
        raise KithError("dates_backwards")
    count = checked_count((last - first).days + 1)
    return [first + timedelta(days=number) for number in range(count)]


def checked_count(days: int) -> int:
    """Pass a number of days that can be kept; raise `holidays_too_many` (most) otherwise."""
    if days > HOLIDAYS_MAX:
        raise KithError("holidays_too_many", most=HOLIDAYS_MAX)
    return days


def stretches(days: Collection[date]) -> list[tuple[date, date]]:
    """Group days into (first, last) of those that follow each other."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def after_holidays(
    at: datetime, zone: str, weekday: int, hour: int, weeks: int, holidays: Collection[date]
) -> datetime:
    """The first regular round, from `at` on, that is on no holiday; where all are, the last tried."""
    for _step in range(_STEPS):
        if local_date(at, zone) not in holidays:
            break
        at = next_local(at, zone, weekday, hour, weeks=weeks)
    return at
