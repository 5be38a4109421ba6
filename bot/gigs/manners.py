"""How the people around a gig treat each other: limits, bundles, turns, and what counts as work. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from rapidfuzz import fuzz

from bot.core.schedule import at_local, local_date

Audience = Literal["people", "niche", "board"]
AUDIENCES: tuple[Audience, ...] = ("people", "niche", "board")

DAY = timedelta(days=1)
PITCHES_A_DAY = 5
WAITING_MAX = 15
SAME_MAX = 3
"""So many gigs may get the same words; the next one wants words of its own."""
ALIKE = 88.0
"""Out of 100: two pitches closer than that are one text with a name changed."""
SAME_WITHIN = timedelta(days=30)
BETWEEN_TELLS = timedelta(hours=1)
"""A poster hears of new pitches for one gig at most this often."""
MARGIN = timedelta(minutes=1)
"""What comes so shortly before a message may miss it, and goes with the next one."""
DECLINES_AT = time(10)
ASK_AFTER = timedelta(days=14)
LEADS_MAX, NICHE_MAX = 5, 25
LEAD_HOURS = (12, 24, 48)
LEAD_HOURS_DEFAULT = 24
_WORD = re.compile(r"\w+")


# --- pitches ---------------------------------------------------------------------------------------


def next_pitch(sent: Iterable[datetime], now: datetime) -> datetime:
    """When one more pitch may be sent: now, or once fewer than five were sent within a day."""
    recent = sorted(at for at in sent if at > now - DAY)
    return now if len(recent) < PITCHES_A_DAY else recent[-PITCHES_A_DAY] + DAY


def alike(one: str, other: str) -> bool:
    """Whether two pitches say the same in nearly the same words; case and punctuation do not count."""
    first, second = (" ".join(_WORD.findall(text.casefold())) for text in (one, other))
    return first == second or fuzz.ratio(first, second) >= ALIKE


def sprayed(pitch: str, earlier: Iterable[str]) -> bool:
    """Whether these words went to as many gigs as one text may."""
    return sum(alike(pitch, other) for other in earlier) >= SAME_MAX


def told_at(created: Iterable[datetime]) -> datetime:
    """When the poster hears of the last of these pitches: at once, or an hour after hearing of one before."""
    times = sorted(created)
    told = times[0]
    for at in times[1:]:
        if at > told - MARGIN:
            told = max(at, told + BETWEEN_TELLS)
    return told


def declines_at(now: datetime, zone: str) -> datetime:
    """When somebody hears of the gigs that went another way: the next morning on their own clock."""
    today = at_local(local_date(now, zone), DECLINES_AT, zone)
    return today if today > now + MARGIN else at_local(local_date(now, zone) + DAY, DECLINES_AT, zone)


def stamp(at: datetime) -> str:
    """A moment as a part of a message's key, in milliseconds."""
    return str(int(at.timestamp() * 1000))


# --- handing a gig on ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the gig's niches; `asked_at` is when they were last asked before everybody else."""

    member_id: int
    open_for_work: bool
    asked_at: datetime | None


def next_audience(audience: str) -> Audience:
    """Who may see a gig after these had their time."""
    place = AUDIENCES.index(audience)
    return AUDIENCES[min(place + 1, len(AUDIENCES) - 1)]


def all_passed(states: Collection[str]) -> bool:
    """Whether nobody who was asked is left to wait for; one who pitched waits for the poster."""
    return bool(states) and all(state == "passed" for state in states)


def in_turn(candidates: Iterable[Candidate]) -> list[int]:
    """Who of a niche is asked first: those open for work, of them who was asked longest ago or never."""

    def turn(one: Candidate) -> tuple[bool, float, int]:
        return (not one.open_for_work, one.asked_at.timestamp() if one.asked_at else 0.0, one.member_id)

    return [one.member_id for one in sorted(candidates, key=turn)]


# --- how it went -----------------------------------------------------------------------------------


def worked(hired: Sequence[bool | None]) -> bool:
    """Whether two members count as having worked together, from what each side said.

    Silence counts: the gig was filled and the pitch accepted. A no counts where nobody says yes.
    """
    return True in hired or False not in hired


def tidy(hired: bool, paid: bool | None, finished: bool | None) -> tuple[bool, bool | None, bool | None]:
    """What is kept of an answer: where nobody was hired, there is nothing to say about pay."""
    return (hired, paid, finished) if hired else (False, None, None)
