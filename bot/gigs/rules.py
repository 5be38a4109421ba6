"""What a gig may be, which state follows which, and who may do what. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.core.errors import KithError
from bot.gigs.screening import Verdict
from bot.people.niches import NicheBook

State = Literal["queued", "held", "live", "filled", "withdrawn", "refused", "expired"]
KINDS = ("hire", "subcontract", "scoping", "partner")
TITLE_MAX, TITLE_MIN = 90, 8
DESCRIPTION_MAX, DESCRIPTION_MIN = 1500, 40
BUDGET_MAX, TERMS_MAX, PITCH_MAX, PITCH_MIN = 200, 200, 600, 20
_PIECE_MAX = 40  # longer parts are sentences, not niches
OPEN_FOR = timedelta(days=14)
OPEN_STATES = ("live", "queued", "held")
REVIEWED_STATES = ("queued", "held")
_STATE_OF: dict[Verdict, State] = {"live": "live", "queue": "queued", "held": "held"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A gig as it was typed."""

    kind: str
    title: str
    description: str
    budget: str
    terms: str = ""

    @property
    def text(self) -> str:
        """Everything that is screened."""
        return "\n".join((self.title, self.description, self.budget, self.terms))


def checked(draft: Draft) -> Draft:
    """The draft without stray spaces; raises KithError when a part is missing, too short or too long."""
    clean = replace(
        draft,
        title=" ".join(draft.title.split()),
        description=draft.description.strip(),
        budget=" ".join(draft.budget.split()),
        terms=" ".join(draft.terms.split()),
    )
    if clean.kind not in KINDS:
        raise KithError("gig_kind")
    _long_enough("gig_title", clean.title, TITLE_MIN, TITLE_MAX)
    _long_enough("gig_description", clean.description, DESCRIPTION_MIN, DESCRIPTION_MAX)
    _long_enough("gig_budget_length", clean.budget, 0, BUDGET_MAX)
    _long_enough("gig_terms", clean.terms, 0, TERMS_MAX)
    return clean


def checked_pitch(pitch: str) -> str:
    """The pitch without stray spaces; raises `gig_pitch` when it says nothing or too much."""
    clean = pitch.strip()
    _long_enough("gig_pitch", clean, PITCH_MIN, PITCH_MAX)
    return clean


def state_after(verdict: Verdict) -> State:
    """Where a gig goes after screening."""
    return _STATE_OF[verdict]


def expires(start: datetime) -> datetime:
    """When a gig that goes live now leaves the board."""
    return start + OPEN_FOR


def pieces(terms: str) -> list[str]:
    """The parts of "energy, OCR; 10 h a week" that may each name a niche."""
    return [
        part.strip() for part in re.split(r"[,;\n/|·]| and ", terms) if 1 < len(part.strip()) <= _PIECE_MAX
    ]


def _long_enough(code: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise KithError(code, least=least, most=most, length=len(text))


def niches_in(book: NicheBook, terms: str) -> list[str]:
    """Return the niches that the parts of the last field name; the rest of it stays text."""
    found: set[str] = set()
    for part in pieces(terms):
        try:
            found.add(book.find(part).slug)
        except KithError:
            continue  # "10 h a week" is not a niche, and need not be
    return sorted(found)
