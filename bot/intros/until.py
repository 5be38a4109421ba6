"""The day until which somebody wants to pause, from what they typed. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.core.errors import KithError

LONGEST = timedelta(days=365)
SUGGESTED_WEEKS = (1, 2, 4, 8)
SHOWN_MAX = 40

_DAYS = {"day": 1, "week": 7}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS_A_YEAR = 12
_MONTH = r"(?P<month>[a-z]{3})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"

_IN = re.compile(r"(?:in |for )?(?P<number>\d{1,3}|[a-z]{1,5}) (?P<unit>day|week|month)s?", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})(?:\.|\. ?(?P<year>\d{4}))?", re.ASCII)
_NAMED = (
    re.compile(f"{_DAY} (?:of )?{_MONTH}{_YEAR}", re.ASCII),
    re.compile(f"{_MONTH} {_DAY}{_YEAR}", re.ASCII),
)


def until_day(text: str, today: date) -> date:
    """Return the day that was typed: "in 2 weeks", "2026-12-24", "24 Dec", "Dec 24", "24.12.", "tomorrow".

    A day without a year is the next one of that name.

    Raises:
        KithError: `pause_unclear` (what was typed), `pause_past` for today and before, `pause_far` for more
            than a year.
    """
    typed = " ".join(text.lower().split()).removeprefix("until ")
    try:
        day = _read(typed, today)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise KithError("pause_unclear", typed=text[:SHOWN_MAX])
    if day <= today:
        raise KithError("pause_past")
    if day - today > LONGEST:
        raise KithError("pause_far")
    return day


def suggested_days(today: date) -> list[tuple[int, date]]:
    """Return how many weeks, and the day then: what is offered before anything is typed."""
    return [(weeks, today + timedelta(weeks=weeks)) for weeks in SUGGESTED_WEEKS]


def _read(typed: str, today: date) -> date | None:
    """The day, None for something else; ValueError for a day that no calendar has."""
    readers: tuple[Callable[[str, date], date | None], ...] = (_said, _numbered, _named)
    for read in readers:
        day = read(typed, today)
        if day is not None:
            return day
    return None


def _said(typed: str, today: date) -> date | None:
    """Tomorrow, next week, in so many days, weeks or months."""
    near = {"today": "0 day", "tomorrow": "1 day", "next week": "1 week", "next month": "1 month"}
    found = _IN.fullmatch(near.get(typed, typed))
    if found is None:
        return None
    number = int(found["number"]) if found["number"].isdecimal() else _NUMBERS.get(found["number"])
    if number is None:
        return None
    if found["unit"] == "month":
        return _months_later(today, number)
    return today + timedelta(days=number * _DAYS[found["unit"]])


def _months_later(today: date, number: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(today.month - 1 + number, _MONTHS_A_YEAR)
    year = today.year + years
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _numbered(typed: str, today: date) -> date | None:
    """A date in figures: the year first, or the day first with dots."""
    found = _ISO.fullmatch(typed) or _DOTTED.fullmatch(typed)
    return None if found is None else _dated(found["year"], int(found["month"]), int(found["day"]), today)


def _named(typed: str, today: date) -> date | None:
    """A date with the month's name."""
    for pattern in _NAMED:
        found = pattern.fullmatch(typed)
        if found is not None and found["month"] in _MONTHS:
            return _dated(found["year"], _MONTHS[found["month"]], int(found["day"]), today)
    return None


def _dated(year: str | None, month: int, day: int, today: date) -> date:
    """That day of that year, else the next one from tomorrow on; 29 February waits for its year."""
    if year is not None:
        return date(int(year), month, day)
    for later in range(9):
        if day <= calendar.monthrange(today.year + later, month)[1]:
            found = date(today.year + later, month, day)
            if found > today:
                return found
    raise ValueError("no such day")
