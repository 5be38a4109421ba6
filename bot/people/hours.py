"""When a member is glad to hear from others: weekdays and parts of the day in their own zone. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from bot.core.errors import KithError
from bot.core.schedule import zone_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = {"morning": (7, 12), "afternoon": (12, 18), "evening": (18, 22)}
"""Hours on the wall, from and until."""
SLOTS = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
# For those who chose nothing. Many freelance beside a job, so working days are open until the evening: cut to
# office hours, people six zones apart would never meet. Of the weekend only what disturbs least is taken.
DEFAULT = tuple(slot for slot in SLOTS if slot[:3] not in {"sat", "sun"} or slot.endswith("-afternoon"))

HALF_HOUR = 30
WEEK_HALF_HOURS = 336
_DAY = 24 * 60
_WEEK = 7 * _DAY
_FULL = (1 << _WEEK) - 1


def checked_hours(slots: Sequence[str]) -> tuple[str, ...]:
    """Return the slots once each and in order; none mean the default. Raises KithError `choice_unknown`."""
    for slot in slots:
        if slot not in SLOTS:
            raise KithError("choice_unknown", value=slot)
    return tuple(slot for slot in SLOTS if slot in slots)


def lines(slots: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the days of these slots (of the default, if none) with their parts, both in order."""
    chosen = {slot.partition("-")[::2] for slot in slots or DEFAULT}
    of_days = [(day, tuple(part for part in PARTS if (day, part) in chosen)) for day in DAYS]
    return [(day, parts) for day, parts in of_days if parts]


def week_mask(slots: Sequence[str] | None, zone: str | None, start: datetime) -> int:
    """Return the half-hours of a week that lie wholly inside the chosen slots on the wall clock of a zone.

    Slots that touch are one stretch: a half-hour from 11:45 to 12:15 is inside morning and afternoon.

    Args:
        slots: as `checked_hours` returns them; nothing chosen means `DEFAULT`.
        zone: an IANA name; without one no half-hour is known to suit. One that is unknown counts as UTC.
        start: midnight UTC, aware; bit k stands for the half-hour that begins k half-hours later.
    """
    if start.utcoffset() is None:
        raise ValueError("the week has to start at an aware instant")
    return 0 if zone is None else _week_mask(tuple(slots or DEFAULT), zone, start.astimezone(UTC))


@lru_cache(maxsize=8192)
def _week_mask(slots: tuple[str, ...], zone: str, start: datetime) -> int:
    local = _local_week(slots)
    monday = start.weekday() * _DAY + start.hour * 60 + start.minute
    minutes = 0
    for begins, ends, offset in _stretches(zone, start):
        # Bit m of the turned week is what the wall shows m minutes after the start.
        turn = (monday + offset) % _WEEK
        turned = (local >> turn) | (local << (_WEEK - turn)) & _FULL
        minutes |= turned & ((1 << ends) - (1 << begins))
    return _halves(minutes)


@lru_cache(maxsize=512)
def _local_week(slots: tuple[str, ...]) -> int:
    """One bit for every minute of a week on the wall, from Monday 00:00, set inside the slots."""
    mask = 0
    for slot in slots:
        # One that is no longer known is passed over rather than losing a week.
        if slot in SLOTS:
            day, _, part = slot.partition("-")
            opens, closes = (DAYS.index(day) * _DAY + hour * 60 for hour in PARTS[part])
            mask |= (1 << closes) - (1 << opens)
    return mask


def _stretches(zone: str, start: datetime) -> list[tuple[int, int, int]]:
    """Cut a week where the clocks change: (first minute, end, minutes ahead of UTC) of each stretch."""
    place = zone_of(zone)
    found: list[tuple[int, int, int]] = []
    begins, ahead = 0, _offset(place, start, 0)
    # No zone changes its clock twice within a day, so a look a day and a search between two miss nothing.
    for day in range(0, _WEEK, _DAY):
        later = _offset(place, start, day + _DAY)
        if later != ahead:
            is_later = partial(_is_ahead, place, start, later)
            change = day + bisect_left(range(day, day + _DAY), True, key=is_later)
            found.append((begins, change, ahead))
            begins, ahead = change, later
    return [*found, (begins, _WEEK, ahead)]


def _is_ahead(place: ZoneInfo, start: datetime, offset: int, minute: int) -> bool:
    return _offset(place, start, minute) == offset


def _offset(place: ZoneInfo, start: datetime, minute: int) -> int:
    """How many minutes the zone is ahead of UTC, so long after the start."""
    ahead = (start + timedelta(minutes=minute)).astimezone(place).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() // 60)


def _halves(minutes: int) -> int:
    """One bit for every half-hour of which all minutes are set."""
    run = minutes
    for step in (1, 2, 4, 8, 14):  # runs of 2, 4, 8, 16 and 30 minutes
        run &= run >> step
    return int(f"{run:0{_WEEK}b}"[HALF_HOUR - 1 :: HALF_HOUR], 2)
