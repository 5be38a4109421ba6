"""How a circle counts, and what may be written down in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.errors import KithError
from bot.people.rules import clean

TIE: Final = 8
"""Trust takes about eight interactions; almost everyone stops after one."""

OWN_KINDS: Final = ("event", "helped", "gig", "pod", "other")
"""What a member can write down; introductions and follow-ups are told by Kith alone."""
KINDS: Final = ("introduction", "follow_up", *OWN_KINDS)

NOTE_MAX: Final = 200
PEOPLE_ON_PAGE: Final = 5
ENCOUNTERS_ON_PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class Closeness:
    """How far two people have come: `n` of eight; `tie` once all eight are there."""

    n: int
    tie: bool


def closeness(encounters: int) -> Closeness:
    """Count encounters up to eight; what comes after is friendship and not counted."""
    return Closeness(max(0, min(encounters, TIE)), encounters >= TIE)


def checked_kind(kind: str) -> str:
    """Return what a member wrote down as; raises `choice_unknown` for anything else."""
    if kind not in OWN_KINDS:
        raise KithError("choice_unknown", value=kind)
    return kind


def checked_note(text: str) -> str | None:
    """Return a note as it is kept, None for nothing typed; raises what `clean` raises."""
    return clean(text, limit=NOTE_MAX) if text.strip() else None


def checked_step(text: str) -> str:
    """Return a next step as it is kept; raises what `clean` raises."""
    return clean(text, limit=NOTE_MAX)


def paged(total: int, page: int, size: int) -> tuple[int, int]:
    """Return the page that can be shown and how many there are; pages begin with 0, one always exists."""
    pages = max(1, -(-total // size))
    return max(0, min(page, pages - 1)), pages
