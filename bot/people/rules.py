"""What may stand in a profile, and how typed text is cleaned before it is kept. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import KithError
from bot.people.views import ProfileEdit

if TYPE_CHECKING:
    from bot.people.catalogue import Catalogue

HEADLINE_MAX = 120  # characters: one line on a phone, twice
NICHES_MAX = 10
SKILLS_MAX = 8  # a side; more says nothing about a person
MARKS_MAX = 3  # combining marks in a row; real scripts stay below, 'zalgo' does not
PURPOSES = ("introductions", "checkins", "gigs", "alerts")

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>|@(?:everyone|here)\b", re.IGNORECASE)
_JOINER = "\u200d"
# Letters by category that draw nothing: Hangul fillers and the empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def known_purpose(purpose: str) -> None:
    """Raise ValueError for a purpose nobody was ever asked about: a mistake in our own code."""
    if purpose not in PURPOSES:
        raise ValueError(f"unknown purpose of consent: {purpose}")


def _visible(text: str) -> str:
    """Drop what draws nothing or disturbs its surroundings; a joiner stays between two emoji."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if char == _JOINER:
            if kept and (unicodedata.category(kept[-1]) == "So" or kept[-1] == "\ufe0f"):
                kept.append(char)
            continue
        if category in ("Cf", "Co", "Cs", "Cn") or char in _BLANK_LETTERS:
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            kept.append(" " if category in ("Cc", "Zl", "Zp", "Zs") else char)
    return " ".join("".join(kept).rstrip(_JOINER).split())


def tidy(text: str) -> str:
    """Return the text on one line, without invisible characters; tidying twice changes nothing."""
    text = _visible(unicodedata.normalize("NFC", text))
    while (again := _visible(unicodedata.normalize("NFC", text))) != text:
        text = again
    return text


def clean(text: str, *, limit: int) -> str:
    """Return typed text as it is kept.

    Raises:
        KithError: `empty_text` (nothing visible), `mention_in_text`, or `text_too_long` (limit, length).
    """
    text = tidy(text)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        raise KithError("empty_text")
    if _MENTION.search(text):
        raise KithError("mention_in_text")
    if len(text) > limit:
        raise KithError("text_too_long", limit=limit, length=len(text))
    return text


def one_of(value: str | None, allowed: Iterable[str]) -> str | None:
    """Pass a value of a vocabulary, None (untouched) or '' (emptied); raise `choice_unknown` otherwise."""
    if value and value not in allowed:
        raise KithError("choice_unknown", value=value)
    return value


def some_of(values: Sequence[str] | None, allowed: Iterable[str]) -> tuple[str, ...] | None:
    """Pass skills without repeats; raise `choice_unknown` or `too_many_skills`."""
    if values is None:
        return None
    known = set(allowed)
    for value in values:
        one_of(value, known)
    unique = tuple(dict.fromkeys(value for value in values if value))
    if len(unique) > SKILLS_MAX:
        raise KithError("too_many_skills", limit=SKILLS_MAX)
    return unique


def checked(edit: ProfileEdit, catalogue: Catalogue) -> ProfileEdit:
    """Return the edit with its text cleaned and every choice known; raises KithError otherwise."""
    headline = edit.headline
    if headline:
        headline = clean(headline, limit=HEADLINE_MAX)
    if edit.comfort == "":
        raise KithError("choice_unknown", value="")
    return replace(
        edit,
        headline=headline,
        discipline=one_of(edit.discipline, catalogue.disciplines),
        stage=one_of(edit.stage, catalogue.stages),
        work_mode=one_of(edit.work_mode, catalogue.work_modes),
        direction=one_of(edit.direction, catalogue.directions),
        comfort=one_of(edit.comfort, catalogue.comforts),
        offers=some_of(edit.offers, catalogue.skills),
        asks=some_of(edit.asks, catalogue.skills),
    )


def room_for_niche(mine: Sequence[str], slug: str) -> None:
    """Raise `niches_full` when one more niche would be too many to mean anything."""
    if slug not in mine and len(mine) >= NICHES_MAX:
        raise KithError("niches_full", limit=NICHES_MAX)
