"""Days without introductions: read as people write them, and stepped over. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.core.errors import KithError
from bot.core.schedule import local_date, next_local

WEEKS = (1, 2, 4)
"""A community's choice: every week, every two or every four."""
HOLIDAYS_MAX = 100
_STEPS = 60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?(?:,?\s*(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})(?:,?\s*(\d{4}))?")


def parse_day(text: str, today: date) -> date:
    """Return the day that '2026-12-24', '24 Dec' or 'December 24, 2026' means; without a year the next one.

    Raises:
        KithError: `date_unknown`, or `date_past` for a day that is over.
    """
    typed = " ".join(text.lower().split())
    found = _iso(typed) or _in_words(typed, today)
    if found is None:
        raise KithError("date_unknown")
    if found < today:
        raise KithError("date_past")
    return found


def _iso(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _in_words(typed: str, today: date) -> date | None:
    if found := _DAY_MONTH.fullmatch(typed):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(typed):
        name, day, year = found.groups()
    else:
        return None
    # "sept", "june", "december": three letters tell the month, the rest must not be another word.
    if name[:3] not in _MONTHS:
        return None
    month = _MONTHS.index(name[:3]) + 1
    if year is not None:
        return _day(int(year), month, int(day))
    this = _day(today.year, month, int(day))
    return this if this is not None and this >= today else _day(today.year + 1, month, int(day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
