"""The rhythm of somebody's weeks: how many they turned up for, the streak, the freezes that keep it. Pure.

It is about turning up. A week counts as kept when it was written in time or on the grace day after, whatever
came of it. A week caught up with later does not count as kept, but breaks nothing. Weeks away, weeks in which
Kith could not ask, and a week that can still be written count neither way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from bot.checkins import rules
from bot.core.schedule import local_date

State: TypeAlias = Literal["kept", "caught", "missed", "frozen", "away", "unasked", "open"]

WEEKS = 14
"""How many of the latest weeks that count "12 of the last 14 weeks" looks at."""
EARNED_EVERY = 4
FREEZES_MAX = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days away, both included; without a last day until they come back."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)

    def touches(self, first: date, last: date) -> bool:
        """Say whether any day from one to another lies in it."""
        return self.first <= last and (self.last is None or first <= self.last)


@dataclass(frozen=True, slots=True)
class Opened:
    """One week as it is stored, without its words."""

    week: str
    state: str
    prompted_at: datetime
    closes_at: datetime
    answered_at: datetime | None
    until: datetime
    """Until when it may be written in."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is said about somebody's weeks; `states` newest first, `frozen` where a freeze kept the streak."""

    kept: int
    of: int
    streak: int
    best: int
    freezes: int
    states: tuple[State, ...]


def is_away(stretches: Iterable[Stretch], day: date) -> bool:
    """Say whether a day is one away."""
    return any(one.holds(day) for one in stretches)


def state_of(one: Opened, now: datetime, zone: str, stretches: Collection[Stretch]) -> State:
    """Say what came of one week; an open week that days away reach into counts as away."""
    if one.answered_at is not None:
        return "kept" if one.answered_at <= one.closes_at + rules.GRACE_DAY else "caught"
    if one.state == rules.UNASKED:
        return "unasked"
    first, last = local_date(one.prompted_at, zone), local_date(one.closes_at, zone)
    if one.state == rules.AWAY or any(each.touches(first, last) for each in stretches):
        return "away"
    return "missed" if one.state == rules.PASSED or now >= one.until else "open"


def rhythm(newest_first: Sequence[State]) -> Rhythm:
    """Count the weeks; four kept in a row earn a freeze, which is used by itself for a missed one."""
    found: list[State] = []
    streak = best = in_a_row = freezes = 0
    for state in reversed(newest_first):
        shown = state
        if state == "kept":
            streak, in_a_row = streak + 1, in_a_row + 1
            best = max(best, streak)
            if in_a_row % EARNED_EVERY == 0:
                freezes = min(FREEZES_MAX, freezes + 1)
        elif state in ("missed", "frozen"):
            in_a_row = 0
            shown = "frozen" if freezes else "missed"
            streak = streak if freezes else 0
            freezes = max(0, freezes - 1)
        found.append(shown)
    counted = [one for one in newest_first if one in ("kept", "caught", "missed", "frozen")][:WEEKS]
    kept = sum(one == "kept" for one in counted)
    return Rhythm(kept, len(counted), streak, best, freezes, tuple(reversed(found)))


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Make one of stretches that overlap or follow each other; earliest first."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda each: each.first):
        last = found[-1] if found else None
        if last is None or (last.last is not None and one.first > last.last + timedelta(days=1)):
            found.append(one)
            continue
        open_ended = last.last is None or one.last is None
        ends = None if open_ended else max(last.last or one.first, one.last or one.first)
        found[-1] = Stretch(last.first, ends)
    return found


def without(stretches: Iterable[Stretch], day: date) -> list[Stretch]:
    """End what holds a day on the day before it: somebody is back."""
    left: list[Stretch] = []
    for one in stretches:
        if not one.holds(day):
            left.append(one)
        elif one.first < day:
            left.append(Stretch(one.first, day - timedelta(days=1)))
    return left
