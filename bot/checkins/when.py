"""The moment a commitment is meant for, from a day and an hour as people type them. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from bot.core.dates import read_day
from bot.core.errors import KithError
from bot.core.schedule import at_local, local_date, zone_of

AHEAD = timedelta(days=14)
"""Nothing further away is a commitment of this week or the next."""
REMIND_BEFORE = timedelta(hours=1)
ASK_AFTER = timedelta(hours=2)
ASK_WITHIN = timedelta(hours=24)
"""How late the question how it went may still come."""
SHOWN_MAX = 40

_HALF_DAY = 12
_SAID = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_HOUR = re.compile(
    r"(?:at )?(?P<hour>\d{1,2})(?:(?:[:.h]|[:.]? )(?P<minute>\d{2}))?(?:h| ?(?P<half>[ap])\.?m\.?)?", re.ASCII
)


def read_hour(text: str) -> time | None:
    """Return the time of day that was typed: "14:00", "9", "2.30 pm", "noon"; None for anything else."""
    typed = " ".join(text.lower().split())
    if typed in _SAID:
        return _SAID[typed]
    found = _HOUR.fullmatch(typed)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] is not None:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if found["half"] == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def read_moment(day: str, hour: str, now: datetime, zone: str) -> datetime:
    """Return the instant that a day and an hour mean on the wall clock of a zone.

    A day of the week is the next one at which that hour is still to come.

    Raises:
        KithError: `when_day` (typed) or `when_hour` (typed) for what cannot be read, `when_past`, or
            `when_far` (days) for more than two weeks ahead.
    """
    at = read_hour(hour)
    if at is None:
        raise KithError("when_hour", typed=hour[:SHOWN_MAX])
    today = local_date(now, zone)
    over = at_local(today, at, zone) <= now
    meant = read_day(day, today, first=today + timedelta(days=1) if over else today)
    if meant is None:
        raise KithError("when_day", typed=day[:SHOWN_MAX])
    try:
        moment = at_local(meant, at, zone)
    except OverflowError:  # the year 9999, a zone further on
        raise KithError("when_far", days=AHEAD.days) from None
    if moment <= now:
        raise KithError("when_past")
    if moment > now + AHEAD:
        raise KithError("when_far", days=AHEAD.days)
    return moment


def on_the_wall(moment: datetime, zone: str) -> tuple[str, str]:
    """Return a moment as the day and the hour that `read_moment` reads back."""
    local = moment.astimezone(zone_of(zone))
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"
