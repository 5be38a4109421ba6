"""Decisions of the introductions that need no database: hours, comfort, cooldown, slots.

Everything here is pure. A week of contact hours is one int with 336 bits: bit k is the k-th half-hour
after `week_start` (midnight UTC of the round's day), so two members share hours where `a & b` has bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

HALF_HOUR = timedelta(minutes=30)
WEEK_HALF_HOURS = 336

NEEDED_HALF_HOURS = 4
"""Two hours shared in the week: what two people who want to talk need."""
RELAXED_HALF_HOURS = 2
"""One hour: accepted, and reported, only when someone would stay alone."""
LONGEST_COOLDOWN = 12
"""Rounds before the same two may meet again, in a pool that is large enough."""

COMFORTS = ("text", "voice", "video", "group", "talk")
STAGES = ("exploring", "starting", "building", "booked", "scaling")
OUTCOMES = ("met", "not_yet", "did_not_happen", "not_a_fit")
OPEN_OUTCOMES = (None, "not_yet")
"""They may still meet."""

NUDGE_AFTER = timedelta(hours=48)
NUDGE_WITHIN = timedelta(days=2)
ASK_AFTER = timedelta(days=7)
ASK_WITHIN = timedelta(days=7)
ASK_AFTER_SLOT = timedelta(hours=2)
ASKED_AT_MOST = 3
CLICKED_ONCE = timedelta(days=1)
"""The same answer a day later is a new one."""
REMIND_BEFORE = timedelta(hours=1)
FOLLOW_AFTER = timedelta(days=14)
FOLLOW_WITHIN = timedelta(days=14)
AGREEMENTS = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}
"""When two who met agreed to talk again."""


def comfort_rank(comfort: str) -> int:
    """Order of how much a member is comfortable with; an unknown word counts as text, the gentlest."""
    return COMFORTS.index(comfort) if comfort in COMFORTS else 0


def wants_voice(comfort: str) -> bool:
    """True where the member likes to hear the other: then shared hours matter."""
    return comfort_rank(comfort) >= comfort_rank("voice")


def accepts_groups(comfort: str) -> bool:
    """True where a trio is welcome."""
    return comfort_rank(comfort) >= comfort_rank("group")


def meeting_form(comforts: Iterable[str]) -> str:
    """The form to suggest: the more reserved comfort decides; two people never need more than video."""
    lowest = min(comfort_rank(comfort) for comfort in comforts)
    return COMFORTS[min(lowest, comfort_rank("video"))]


def week_start(moment: datetime) -> datetime:
    """Midnight UTC of the day of `moment`: where the week of contact hours begins."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def cooldown(partners_of_one: int, partners_of_other: int) -> int:
    """Rounds two people wait before they meet again: shrinks with the smaller of their two pools."""
    return min(LONGEST_COOLDOWN, min(partners_of_one, partners_of_other) // 2)


def pair_key(one: int, other: int) -> tuple[int, int]:
    """Two member ids, the smaller first: how every pair is written down."""
    return (one, other) if one < other else (other, one)


def common_slots(masks: Sequence[int], start: datetime, after: datetime, count: int = 3) -> list[datetime]:
    """Up to `count` moments on different days when everybody is within contact hours.

    A whole hour is preferred to half of one, and the middle of the shared time to its edges; nothing sooner
    than a day after `after`, so that nobody has to hurry.
    """
    shared = (1 << WEEK_HALF_HOURS) - 1
    for mask in masks:
        shared &= mask
    earliest = after + timedelta(days=1)
    found: dict[int, datetime] = {}
    for run in sorted(_runs(shared), key=lambda run: (-min(run[1], 2), run[0])):
        middle = run[0] + max(0, run[1] - 2) // 2
        moment = start + middle * HALF_HOUR
        day = middle // 48
        if moment >= earliest and day not in found and len(found) < count:
            found[day] = moment
    return sorted(found.values())


def follow_due(met_at: datetime, agreed: str | None) -> datetime:
    """When to suggest writing again: two weeks after they met, sooner or later only as they agreed.

    Two weeks: sooner feels like pressure, later the conversation is forgotten (DESIGN.md 4.1).
    """
    return met_at + AGREEMENTS.get(agreed or "", FOLLOW_AFTER)


def bolder_form(form: str) -> str | None:
    """The next less reserved way for two to meet; None where there is none to offer."""
    return {"text": "voice", "voice": "video"}.get(form)


def _runs(mask: int) -> Iterator[tuple[int, int]]:
    """(first half-hour, length) of every unbroken stretch of shared time."""
    index = 0
    while index < WEEK_HALF_HOURS:
        length = 0
        while index + length < WEEK_HALF_HOURS and mask >> (index + length) & 1:
            length += 1
        if length:
            yield index, length
        index += length + 1
