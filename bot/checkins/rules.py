"""The decisions of check-ins: which week a prompt belongs to, when the next one is, what may be written.

A week is the member's own: Monday to Sunday in their zone, named by the ISO date of its Monday. Every
prompt belongs to exactly one week, whichever day it falls on, so a member who moves their day around
still gets one prompt for each week: never two, never none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.errors import KithError
from bot.core.schedule import local_date, next_local

OPEN_FOR = timedelta(hours=48)
"""How long a check-in can be written and edited after it opened."""
GRACE = timedelta(hours=36)
"""How late a prompt may still be sent; later than that, the week is let go and the next one is planned."""
GRACE_DAY = timedelta(hours=24)
"""What is written so soon after the close counts as written in time."""
REMIND_AFTER = timedelta(hours=24)
"""When an open week that nobody wrote in is mentioned once more."""
TEXT_LIMIT = 200
STUCK_LIMIT = 300
COMMITMENTS_MAX = 3

NOT_STUCK = "nothing"
STUCK_TOPICS = (
    NOT_STUCK,
    "pricing",
    "scoping",
    "contracts",
    "clients",
    "delivery",
    "tech",
    "time",
    "motivation",
)
CARRIED = "carried"
OUTCOMES = ("done", "partly", "not_done", CARRIED)
KINDS = ("outreach", "proposal", "delivery", "publishing", "networking", "learning", "admin")

OPEN, ANSWERED, PASSED, AWAY, UNASKED = "open", "answered", "passed", "away", "skipped"
"""The states of a week; `skipped` when Kith could not ask."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One prompt: the week it belongs to (ISO date of the Monday) and its instant in UTC."""

    week: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member wrote, cleaned: one to three commitments, a topic they are stuck on, a win."""

    commitments: tuple[str, ...]
    stuck: str
    win: str | None


def week_of(at: datetime, zone: str) -> str:
    """Name the local week that the instant lies in."""
    return _monday(local_date(at, zone))


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def next_slot(after: datetime, zone: str, weekday: int, hour: int, taken: str | None = None) -> Slot:
    """Find the first prompt strictly after an instant whose week comes later than the week already taken."""
    slot = _slot(next_local(after, zone, weekday, hour), zone, weekday)
    while taken is not None and slot.week <= taken:
        slot = _slot(next_local(slot.at, zone, weekday, hour), zone, weekday)
    return slot


def _slot(at: datetime, zone: str, weekday: int) -> Slot:
    day = local_date(at, zone)
    # A clock change can push a late hour past midnight; the prompt still belongs to the day it was meant for.
    if day.weekday() != weekday:
        day -= timedelta(days=1)
    return Slot(_monday(day), at)


def replan(
    now: datetime, zone: str, weekday: int, hour: int, *, pending: Slot | None, taken: str | None
) -> Slot:
    """Choose the next prompt after the day, the hour or the zone changed.

    ``pending`` is the prompt planned so far, ``taken`` the latest week that already had one. When the new
    day of the pending week is over, that week keeps its old prompt and the new day begins a week later;
    should the old prompt fall on or behind the new one, as after a move eastwards, it comes a day before.
    """
    fresh = next_slot(now, zone, weekday, hour, taken)
    untaken = pending is not None and (taken is None or pending.week > taken)
    if pending is None or not untaken or pending.week >= fresh.week:
        return fresh
    if pending.at < fresh.at:
        return pending
    return Slot(pending.week, max(now + (fresh.at - now) / 2, fresh.at - timedelta(days=1)))


def is_open(closes_at: datetime, now: datetime) -> bool:
    """Say whether a check-in is open for its 48 hours."""
    return now < closes_at


def writable_until(
    closes_at: datetime, answered_at: datetime | None, *, newest: bool, next_at: datetime | None
) -> datetime:
    """Return until when a week may be written in.

    What was written in time can be changed until the week closes. A week that nobody wrote in can be caught
    up with until the next one opens, as long as it is the latest; and at least for the grace day.
    """
    in_time = answered_at is not None and answered_at < closes_at
    if in_time or not newest:
        return closes_at
    return max(closes_at, next_at) if next_at is not None else closes_at + GRACE_DAY


def too_late_to_remind(state: str, answered: bool, closes_at: datetime, now: datetime) -> bool:
    """Say whether there is nothing to be reminded of: written, let go, or closed."""
    return answered or state != OPEN or not is_open(closes_at, now)


def clean(text: str | None, limit: int = TEXT_LIMIT) -> str:
    """Make one line of what was typed: normal form, no control or invisible characters, single spaces.

    Raises ``checkin_long`` rather than cutting a member's words short.
    """
    kept = unicodedata.normalize("NFC", text or "")
    visible = "".join(
        " " if char.isspace() else char
        for char in kept
        # Joiners hold emoji together; other format characters only hide things.
        if char.isspace() or char in "\u200d\ufe0f" or unicodedata.category(char)[0] != "C"
    )
    line = " ".join(visible.split())
    if not line.strip("\u200d\ufe0f "):
        return ""
    if len(line) > limit:
        raise KithError("checkin_long", limit=limit)
    return line


def draft(commitments: Iterable[str | None], stuck: str | None = None, win: str | None = None) -> Draft:
    """Check and clean a filled-in form; the same commitment written twice counts once.

    Raises ``checkin_empty`` without any commitment and ``checkin_long`` for a text over the limit.
    """
    lines: dict[str, str] = {}
    for text in commitments:
        line = clean(text)
        if line:
            lines.setdefault(line.casefold(), line)
    if not lines:
        raise KithError("checkin_empty")
    topic = stuck if stuck in STUCK_TOPICS else NOT_STUCK
    return Draft(tuple(lines.values())[:COMMITMENTS_MAX], topic, clean(win) or None)


def check_outcome(outcome: str) -> str:
    """Let a known outcome through; raises ``checkin_outcome`` for anything else."""
    if outcome not in OUTCOMES:
        raise KithError("checkin_outcome")
    return outcome


def check_kind(kind: str) -> str:
    """Let a known kind of commitment through; raises ``checkin_kind`` for anything else."""
    if kind not in KINDS:
        raise KithError("checkin_kind")
    return kind


def check_when(weekday: int, hour: int) -> None:
    """Raise ``checkin_when`` unless this is a day of the week (Monday is 0) and a full hour of the day."""
    if weekday not in range(7) or hour not in range(24):
        raise KithError("checkin_when")
