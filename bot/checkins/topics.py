"""Who can help with what somebody is stuck on: topics as skills, and in which order to ask. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

HELPERS_MAX = 3
"""So many people are asked at once."""
OPEN_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(days=30)
"""So long nobody is asked a second time by the same person."""
WEEK = timedelta(days=7)
ASKED_A_WEEK = 2
"""So often anybody is asked within a week, whoever asks."""
WORDS_MAX = 300
WITHIN = timedelta(days=14)
"""So long after it was written a week can be helped with."""

TECH = "tech"
"""Not one skill but the whole technical group, narrowed to what the asker wants to learn."""

SKILLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pricing": ("pricing", "negotiation"),
        "scoping": ("scoping", "discovery-calls"),
        "contracts": ("contracts", "negotiation"),
        "clients": ("finding-clients", "cold-outreach", "positioning"),
        "delivery": ("project-management", "client-communication"),
        "time": ("accountability", "retainers", "productising"),
        "motivation": ("accountability", "career-advice"),
        # Older weeks still name these.
        "proposals": ("proposals", "scoping"),
        "scope": ("scoping", "discovery-calls"),
        "focus": ("accountability", "retainers", "productising"),
        "confidence": ("accountability", "career-advice"),
    }
)
"""What it takes to help with a topic, the best suited skill first."""

NEEDED_OVERLAP, GOOD_OVERLAP = 4, 20
"""Half-hours a week in which both like to hear from others: two hours to talk at all, ten to choose from."""


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who might be asked: what they offer, where they gather, when anyone last asked them."""

    member_id: int
    offers: frozenset[str]
    niches: frozenset[str] = frozenset()
    overlap: int = 0
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What help takes: any of these skills, `best` before others; `niches` where a shared one narrows it."""

    skills: tuple[str, ...]
    best: str | None = None
    niches: frozenset[str] = frozenset()


def has_help(topic: str | None) -> bool:
    """Tell whether a topic is one that somebody may offer help with."""
    return topic is not None and (topic == TECH or topic in SKILLS)


def need(
    topic: str, technical: Iterable[str], asks: Collection[str] = (), niches: Collection[str] = ()
) -> Need | None:
    """Return what help with a topic takes; None when that cannot be said.

    For tech: what the asker wants to learn of the technical skills; else any of them, from somebody who
    shares a niche. Whoever named neither would only be sent to strangers.
    """
    if topic != TECH:
        return Need(SKILLS[topic], SKILLS[topic][0]) if topic in SKILLS else None
    skills = tuple(technical)
    wanted = tuple(skill for skill in skills if skill in asks)
    if wanted:
        return Need(wanted)
    return Need(skills, niches=frozenset(niches)) if niches else None


def fit(wanted: Need, helper: Helper) -> int:
    """Tell how well somebody fits; 0: not at all. The best suited skill counts before all others together."""
    offered = [skill for skill in wanted.skills if skill in helper.offers]
    if not offered:
        return 0
    if wanted.niches:
        return len(wanted.niches & helper.niches)
    return len(offered) + (len(wanted.skills) if wanted.best in offered else 0)


def ranked(wanted: Need, helpers: Iterable[Helper], seed: int) -> list[int]:
    """Return who fits, in the order in which they are asked.

    First how well they fit; then whether they would find a time to talk; then who was not asked for longest,
    so that it is not always the same people; chance, the same for the same seed, decides the rest.
    """
    found = [(fit(wanted, one), one) for one in helpers]
    order = sorted(
        (one for points, one in found if points),
        key=lambda one: (
            -fit(wanted, one),
            -_tier(one.overlap),
            one.asked_at is not None,
            one.asked_at.timestamp() if one.asked_at is not None else 0.0,
            _chance(seed, one.member_id),
        ),
    )
    return [one.member_id for one in order]


def may_be_asked(heard: Sequence[datetime], now: datetime) -> bool:
    """Tell whether somebody who was asked at these moments may be asked once more now."""
    return sum(now - at < WEEK for at in heard) < ASKED_A_WEEK


def _tier(overlap: int) -> int:
    return (overlap >= NEEDED_OVERLAP) + (overlap >= GOOD_OVERLAP)


def _chance(seed: int, member_id: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{member_id}".encode(), digest_size=8).digest()
