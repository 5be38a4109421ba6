"""How often one person may hear from Kith about things that have no agreed time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

BETWEEN = timedelta(days=1)
WEEK, A_WEEK = timedelta(days=7), 3


def next_slot(taken: Iterable[datetime], wanted: datetime) -> datetime:
    """Return the first moment from `wanted` on that keeps to one message a day and three in any seven days.

    `taken` are the moments of the other messages, past and still to come.
    """
    times = sorted(taken)
    slot = wanted
    while (blocked_until := _blocked(times, slot)) is not None:
        slot = blocked_until
    return slot


def _blocked(times: list[datetime], slot: datetime) -> datetime | None:
    """Return when to look again if a message at `slot` would be one too many, None if it fits."""
    near = [time for time in times if abs(time - slot) < BETWEEN]
    if near:
        return max(near) + BETWEEN
    around = sorted(time for time in times if abs(time - slot) < WEEK)
    with_it = sorted([*around, slot])
    for first, last in zip(with_it, with_it[A_WEEK:], strict=False):
        if last - first < WEEK:
            return first + WEEK if first + WEEK > slot else last + BETWEEN
    return None
