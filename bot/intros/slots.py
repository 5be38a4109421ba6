"""Moments at which people who were introduced could talk. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.intros.rules import HALF_HOUR, REMIND_BEFORE, common_slots, week_start
from bot.people.hours import week_mask

Hours: TypeAlias = "tuple[tuple[str, ...], str | None]"
"""A member's contact hours and zone."""

COUNT = 3
LEAD = timedelta(hours=2)
"""Nothing sooner is offered: both have to read it first."""
AHEAD = timedelta(days=14)
TURNS_AT_MOST = 6
"""So often a time may be picked for one introduction; each time everybody is written to."""


def offered(people: Sequence[Hours], created_at: datetime, now: datetime) -> tuple[datetime, ...]:
    """The moments to choose from now: those the card named as long as they lie ahead, then later ones."""
    found = [slot for slot in _in_week_of(people, created_at) if slot >= now + LEAD]
    days = {slot.date() for slot in found}
    for slot in _in_week_of(people, max(created_at, now)):
        if len(found) < COUNT and slot.date() not in days:
            found.append(slot)
    return tuple(sorted(found))


def fits(people: Sequence[Hours], slot: datetime, now: datetime) -> bool:
    """Whether everybody is within contact hours at `slot`, and it is neither past nor far away."""
    start = week_start(slot)
    half_hours, rest = divmod(slot - start, HALF_HOUR)
    if rest or not now + REMIND_BEFORE < slot <= now + AHEAD:
        return False
    return all(week_mask(hours, zone, start) >> half_hours & 1 for hours, zone in people)


def _in_week_of(people: Sequence[Hours], moment: datetime) -> list[datetime]:
    start = week_start(moment)
    return common_slots([week_mask(hours, zone, start) for hours, zone in people], start, moment, COUNT)
