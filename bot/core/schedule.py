"""Local-time arithmetic: when a weekly hour comes round in someone's own zone. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAYS_A_WEEK = 7


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def valid_zone(name: str) -> bool:
    """Tell whether a name is an IANA zone that the machine knows."""
    return name in _zones()


def zone_of(name: str) -> ZoneInfo:
    """Return the zone; one that no longer exists is treated as UTC rather than losing a week."""
    return ZoneInfo(name) if valid_zone(name) else ZoneInfo("UTC")


def at_local(day: date, at: time, zone: str) -> datetime:
    """Return the UTC instant at which a wall clock in the zone shows that day and time.

    In a gap (the clock jumps over it) the instant just as long after midnight, so moved forward;
    in a fold (it shows twice) the first, as PEP 495 defines ``fold=0``.
    """
    return datetime.combine(day, at, zone_of(zone)).astimezone(UTC)


def next_local(
    after: datetime, zone: str, weekday: int, hour: int, minute: int = 0, weeks: int = 1
) -> datetime:
    """Return the first instant strictly after ``after`` at that local weekday and time.

    Args:
        after: an aware instant.
        zone: an IANA name.
        weekday: 0 is Monday.
        hour: on the wall clock there.
        minute: past the hour.
        weeks: 1 is the very next; 2 skips one week, and so on.
    """
    local = after.astimezone(zone_of(zone))
    day = local.date() + timedelta(days=(weekday - local.weekday()) % DAYS_A_WEEK)
    instant = at_local(day, time(hour, minute), zone)
    # A zone may leave out a whole day (Samoa, 2011-12-30): the moved instant can fall behind.
    while instant <= after:
        day += timedelta(days=DAYS_A_WEEK)
        instant = at_local(day, time(hour, minute), zone)
    return at_local(day + timedelta(days=DAYS_A_WEEK * (weeks - 1)), time(hour, minute), zone)


def local_date(instant: datetime, zone: str) -> date:
    """Return the calendar day on the wall there."""
    return instant.astimezone(zone_of(zone)).date()
