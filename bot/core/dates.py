"""Days as people type them: "tomorrow", "in 2 weeks", "friday", "12 May", "2026-05-12". Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from bot.core.schedule import DAYS_A_WEEK

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_FULL_MONTHS = tuple(name.lower() for name in calendar.month_name if name)
_WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_MONTHS_A_YEAR = 12
_YEARS_TO_LEAP = 9  # 29 February may be eight years away
_NEAR = {"today": "0 days", "tomorrow": "1 day", "next week": "1 week", "next month": "1 month"}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8}

_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_IN = re.compile(r"(?:in )?(?P<number>\d{1,3}|[a-z]{1,5}) (?P<unit>day|week|month)s?", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})(?:\.(?: ?(?P<year>\d{4}))?)?", re.ASCII)
_NAMED = (
    re.compile(f"{_DAY} ?(?:of )?{_MONTH}{_YEAR}", re.ASCII),
    re.compile(f"{_MONTH} {_DAY}{_YEAR}", re.ASCII),
)


def read_day(text: str, today: date, *, first: date | None = None) -> date | None:
    """Return the day that was typed, None for anything that is no day.

    A day without a year, or a day of the week, is the next one from `first` on; `first` is today unless said.
    A day with its year may be past: whether that makes sense is for the caller to say.
    """
    typed = " ".join(text.lower().split())
    try:
        return (
            _counted(typed, today)
            or _weekday(typed, first or today)
            or _numbered(typed, first or today)
            or _named(typed, first or today)
        )
    except (ValueError, OverflowError):  # a day that no calendar has
        return None


def _counted(typed: str, today: date) -> date | None:
    """In so many days, weeks or months."""
    found = _IN.fullmatch(_NEAR.get(typed, typed))
    if found is None:
        return None
    number = int(found["number"]) if found["number"].isdecimal() else _NUMBERS.get(found["number"])
    if number is None:
        return None
    if found["unit"] == "month":
        return _months_later(today, number)
    return today + timedelta(days=number * (DAYS_A_WEEK if found["unit"] == "week" else 1))


def _months_later(today: date, number: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(today.month - 1 + number, _MONTHS_A_YEAR)
    year = today.year + years
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _weekday(typed: str, first: date) -> date | None:
    """The next day of that name: "friday", "next fri"."""
    name = typed.removeprefix("next ").removeprefix("on ")
    for number, weekday in enumerate(_WEEKDAYS):
        if name in (weekday, weekday[:3]):
            return first + timedelta(days=(number - first.weekday()) % DAYS_A_WEEK)
    return None


def _numbered(typed: str, first: date) -> date | None:
    """A date in figures: the year first, or the day first with dots."""
    found = _ISO.fullmatch(typed) or _DOTTED.fullmatch(typed)
    return None if found is None else _dated(found["year"], int(found["month"]), int(found["day"]), first)


def _named(typed: str, first: date) -> date | None:
    """A date with the month's name, whole or shortened."""
    for pattern in _NAMED:
        found = pattern.fullmatch(typed)
        if found is None:
            continue
        month = _MONTHS.get(found["month"][:3])
        # "marble" is no March: what follows the three letters must go on as the month does.
        if month is not None and _is_month(found["month"], month):
            return _dated(found["year"], month, int(found["day"]), first)
    return None


def _is_month(typed: str, month: int) -> bool:
    return typed == "sept" or _FULL_MONTHS[month - 1].startswith(typed)


def _dated(year: str | None, month: int, day: int, first: date) -> date:
    """That day of that year, else the next one from `first` on; 29 February waits for its year."""
    if year is not None:
        return date(int(year), month, day)
    for later in range(_YEARS_TO_LEAP):
        if day <= calendar.monthrange(first.year + later, month)[1]:
            found = date(first.year + later, month, day)
            if found >= first:
                return found
    raise ValueError("no such day")
