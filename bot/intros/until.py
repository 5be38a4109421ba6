"""The day until which somebody wants to pause, from what they typed. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.dates import read_day
from bot.core.errors import KithError

LONGEST = timedelta(days=365)
SUGGESTED_WEEKS = (1, 2, 4, 8)
SHOWN_MAX = 40


def until_day(text: str, today: date) -> date:
    """Return the day that was typed: "in 2 weeks", "2026-12-24", "24 Dec", "Dec 24", "24.12.", "tomorrow".

    A day without a year is the next one of that name.

    Raises:
        KithError: `pause_unclear` (what was typed), `pause_past` for today and before, `pause_far` for more
            than a year.
    """
    typed = " ".join(text.lower().split()).removeprefix("until ").removeprefix("for ")
    day = read_day(typed, today, first=today + timedelta(days=1))
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
