"""What a gig may be, which state follows which, and who may do what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core.errors import KithError
from bot.gigs.screening import Verdict
from bot.people.niches import NicheBook
from bot.people.search import ranked

State = Literal[
    "draft", "edit", "queued", "held", "change", "live", "filled", "withdrawn", "refused", "expired", "over"
]
"""`draft`: not published yet · `edit`: new words beside a live gig · `change`: moderators want others ·
`over`: new words of a live gig that nothing comes of any more."""
KINDS = ("hire", "subcontract", "scoping", "partner")
TITLE_MAX, TITLE_MIN = 90, 8
DESCRIPTION_MAX, DESCRIPTION_MIN = 4000, 40
LETTERS_MIN = 20  # of a description: a row of pictures describes no work
TITLE_LETTERS_MIN = 4
BUDGET_MAX, TERMS_MAX, PITCH_MAX, PITCH_MIN = 200, 200, 600, 20
SKILLS_MAX, HOURS_MAX, LENGTH_MAX, APPLY_MAX = 200, 60, 60, 300
_PIECE_MAX = 40  # longer parts are sentences, not niches
_SURE = 86.0  # how well a typed skill must fit a known one
OPEN_FOR = timedelta(days=14)
DRAFT_FOR = timedelta(days=7)
DRAFTS_MAX = 5
OPEN_STATES = ("live", "queued", "held")
REVIEWED_STATES = ("queued", "held")
UNPUBLISHED_STATES = ("draft", "change")
PUBLIC_STATES = ("live", "filled", "withdrawn", "expired")
"""What was taken down, waits, or was never published is in none of these: its words are not shown to all."""
_OF_AGE = ("new_account", "new_member")
_STATE_OF: dict[Verdict, State] = {"live": "live", "queue": "queued", "held": "held"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A gig as it was typed."""

    kind: str
    title: str
    description: str
    budget: str
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What may be added to a gig: skills as typed, hours a week, how long, how to apply, for first-timers."""

    skills: str = ""
    hours: str = ""
    length: str = ""
    apply: str = ""
    starter: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How long the poster has had their account and been in the server, in days; None where nobody knows."""

    account_days: int | None = None
    tenure_days: int | None = None


def checked(draft: Draft) -> Draft:
    """The draft without stray spaces; raises KithError when a part is missing, too short or too long."""
    clean = replace(
        draft,
        title=_one_line(draft.title),
        description=draft.description.strip(),
        budget=_one_line(draft.budget),
        terms=_one_line(draft.terms),
    )
    if clean.kind not in KINDS:
        raise KithError("gig_kind")
    _long_enough("gig_title", clean.title, TITLE_MIN, TITLE_MAX)
    _long_enough("gig_description", clean.description, DESCRIPTION_MIN, DESCRIPTION_MAX)
    _long_enough("gig_budget_length", clean.budget, 0, BUDGET_MAX)
    _long_enough("gig_terms", clean.terms, 0, TERMS_MAX)
    if _letters(clean.title) < TITLE_LETTERS_MIN:
        raise KithError("gig_title_words")
    if _letters(clean.description) < LETTERS_MIN:
        raise KithError("gig_description_words")
    return clean


def checked_details(details: Details) -> Details:
    """The details without stray spaces; raises `gig_details` when one is too long."""
    clean = replace(
        details,
        skills=_one_line(details.skills),
        hours=_one_line(details.hours),
        length=_one_line(details.length),
        apply=_one_line(details.apply),
    )
    for text, most in (
        (clean.skills, SKILLS_MAX), (clean.hours, HOURS_MAX), (clean.length, LENGTH_MAX),
        (clean.apply, APPLY_MAX),
    ):  # fmt: skip
        _long_enough("gig_details", text, 0, most)
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


def lasting(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is still true of a gig weeks later: neither its poster nor their account is new any more."""
    return [finding for finding in findings if finding["rule"] not in _OF_AGE]


def pieces(terms: str) -> list[str]:
    """The parts of "energy, OCR; 10 h a week" that may each name a niche."""
    return [
        part.strip() for part in re.split(r"[,;\n/|·]| and ", terms) if 1 < len(part.strip()) <= _PIECE_MAX
    ]


def niches_in(book: NicheBook, terms: str) -> list[str]:
    """Return the niches that the parts of a field name; the rest of it stays text."""
    return _niches(book, terms)[0]


def strange_niches(book: NicheBook, terms: str) -> list[str]:
    """Return the parts of a field that name no niche."""
    return _niches(book, terms)[1]


def _niches(book: NicheBook, terms: str) -> tuple[list[str], list[str]]:
    found: set[str] = set()
    strange: list[str] = []
    for part in pieces(terms):
        try:
            found.add(book.find(part).slug)
        except KithError:
            strange.append(part)
    return sorted(found), strange


def skills_in(names: Mapping[str, str], text: str) -> tuple[list[str], list[str]]:
    """Return the slugs that a typed list of skills names, in its order, and the parts that name none."""
    known = {slug: (slug, name) for slug, name in names.items()}
    found: list[str] = []
    strange: list[str] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n·]", text))):
        best = ranked(part[:_PIECE_MAX], known, least=_SURE)
        if not best:
            strange.append(part)
        elif best[0][0] not in found:
            found.append(best[0][0])
    return found, strange


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _long_enough(code: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise KithError(code, least=least, most=most, length=len(text))
