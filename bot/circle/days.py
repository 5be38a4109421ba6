"""Reading a day as people type it: "yesterday", "12 May", "2026-05-12". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot.core.errors import KithError

FAR: Final = timedelta(days=3660)
"""Further away than ten years a day is a slip of the keyboard."""
LEAP_YEARS: Final = 8  # the longest wait for a 29 February, across 1900 or 2100

_WORDS: Final = {"": 0, "today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
_UNITS: Final = {"day": 1, "week": 7}
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT: Final = 3  # letters that tell every month, and every weekday, from the others

_COUNT = r"(?P<n>[0-9]{1,4}|a|one)\s(?P<unit>day|week)s?"
_AGO = re.compile(rf"{_COUNT}\sago")
_IN = re.compile(rf"in\s{_COUNT}")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.?\s?(?P<year>[0-9]{4})?")
_NAMED = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.?\s(?P<name>[a-z]+)\.?(?:\s(?P<year>[0-9]{4}))?")
_NAME_FIRST = re.compile(r"(?P<name>[a-z]+)\.?\s(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s(?P<year>[0-9]{4}))?")
_WEEKDAY = re.compile(r"(?:(?:on|last|next|this)\s)?(?P<name>[a-z]+)")


def past_day(text: str, today: date) -> date:
    """Return a day up to today; nothing typed means today, without a year the latest one is meant.

    Raises:
        KithError: `circle_day_unclear`, or `circle_day_ahead` for a day that has not come yet.
    """
    day = _day(text, today, -1)
    if day > today:
        raise KithError("circle_day_ahead")
    return day


def coming_day(text: str, today: date) -> date | None:
    """Return a day from today on, None for nothing typed; without a year the next one is meant.

    Raises:
        KithError: `circle_day_unclear`, or `circle_day_over` for a day that has passed.
    """
    if not text.strip():
        return None
    day = _day(text, today, 1)
    if day < today:
        raise KithError("circle_day_over")
    return day


def _day(text: str, today: date, way: int) -> date:
    """Read a day; `way` is -1 where a day without a year lies behind, 1 where it lies ahead."""
    typed = " ".join(text.lower().replace(",", " ").split())
    try:
        found = _counted(typed, today) or _dated(typed, today, way) or _weekday(typed, today, way)
    except (ValueError, OverflowError):
        found = None
    if found is None or abs(found - today) > FAR:
        raise KithError("circle_day_unclear")
    return found


def _counted(typed: str, today: date) -> date | None:
    """Read "yesterday", "3 days ago", "in a week"."""
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    for pattern, sign in ((_AGO, -1), (_IN, 1)):
        if found := pattern.fullmatch(typed):
            count = int(found["n"]) if found["n"].isdigit() else 1
            return today + timedelta(days=sign * count * _UNITS[found["unit"]])
    return None


def _dated(typed: str, today: date, way: int) -> date | None:
    """Read a day of a month; 12/5 is left unread, since half of the world reads it the other way."""
    for pattern in (_ISO, _DOTTED, _NAMED, _NAME_FIRST):
        if found := pattern.fullmatch(typed):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _named(parts["name"], _MONTHS) + 1
            day = int(parts["day"])
            if parts["year"]:
                return date(int(parts["year"]), month, day)
            years = _years(month, day, today, way)
            return next((each for each in years if (each - today).days * way >= 0), None)
    return None


def _years(month: int, day: int, today: date, way: int) -> Iterator[date]:
    """Return that day in this year and the following ones, or the ones before, where it exists."""
    for step in range(LEAP_YEARS + 1):
        try:
            yield date(today.year + way * step, month, day)
        except ValueError:
            continue


def _weekday(typed: str, today: date, way: int) -> date | None:
    """Read the name of a weekday: the nearest such day in the way that is looked, today included."""
    found = _WEEKDAY.fullmatch(typed)
    if found is None:
        return None
    away = (_named(found["name"], _DAYS) - today.weekday()) * way % 7
    return today + timedelta(days=way * away)


def _named(name: str, names: tuple[str, ...]) -> int:
    """Return the place of a name that was given whole or begun with three letters; ValueError if none."""
    for place, whole in enumerate(names):
        if len(name) >= _SHORT and whole.startswith(name):
            return place
    raise ValueError(name)
