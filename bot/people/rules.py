"""What may stand in a profile, and how typed text is cleaned before it is kept. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import KithError
from bot.people import visibility
from bot.people.hours import DEFAULT, checked_hours
from bot.people.links import checked_link
from bot.people.views import MemberView, ProfileEdit

if TYPE_CHECKING:
    from bot.people.catalogue import Catalogue

HEADLINE_MAX = 120  # characters: one line on a phone, twice
NICHES_MAX = 10
SKILLS_MAX = 8  # a side; more says nothing about a person
DISCIPLINES_MAX, LANGUAGES_MAX = 3, 6
HOURS_A_WEEK, CLIENTS_MAX = 80, 50
MANY_CLIENTS = 3  # above it, work on the business itself tends to stop
OPEN_FOR = timedelta(days=14)
MARKS_MAX = 3  # combining marks in a row; real scripts stay below, 'zalgo' does not
PURPOSES = ("introductions", "checkins", "gigs", "alerts", "requests", "directory")
"""What a member can say yes to; `requests`: answers to what they asked for; `directory`: others find them."""

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


def some_of(
    values: Sequence[str] | None,
    allowed: Iterable[str],
    *,
    most: int = SKILLS_MAX,
    code: str = "too_many_skills",
) -> tuple[str, ...] | None:
    """Pass words of a vocabulary without repeats; raise `choice_unknown`, or `code` (limit) for too many."""
    if values is None:
        return None
    known = set(allowed)
    for value in values:
        one_of(value, known)
    unique = tuple(dict.fromkeys(value for value in values if value))
    if len(unique) > most:
        raise KithError(code, limit=most)
    return unique


def whole_number(text: str, most: int) -> int | None:
    """Return a number as typed, None for nothing typed; raise `number_needed` (most) for anything else."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:9]) > most:
        raise KithError("number_needed", most=most)
    return int(text)


def _links(links: Mapping[str, str] | None) -> dict[str, str] | None:
    if links is None:
        return None
    return {kind: checked_link(kind, text) for kind, text in links.items() if text.strip()}


def _hours(slots: Sequence[str] | None) -> tuple[str, ...] | None:
    """Keep the usual hours as nothing chosen, so that they stay the usual ones when those change."""
    if slots is None:
        return None
    kept = checked_hours(slots)
    return () if kept == DEFAULT else kept


def checked(edit: ProfileEdit, catalogue: Catalogue) -> ProfileEdit:
    """Return the edit with its text cleaned and every choice known; raises KithError otherwise."""
    if edit.comfort == "":
        raise KithError("choice_unknown", value="")
    hours, clients = edit.workload or (None, None)
    if not (0 <= (hours or 0) <= HOURS_A_WEEK and 0 <= (clients or 0) <= CLIENTS_MAX):
        raise KithError("number_needed", most=HOURS_A_WEEK)
    return replace(
        edit,
        headline=clean(edit.headline, limit=HEADLINE_MAX) if edit.headline else edit.headline,
        disciplines=some_of(
            edit.disciplines, catalogue.disciplines, most=DISCIPLINES_MAX, code="too_many_choices"
        ),
        stage=one_of(edit.stage, catalogue.stages),
        work_mode=one_of(edit.work_mode, catalogue.work_modes),
        direction=one_of(edit.direction, catalogue.directions),
        comfort=one_of(edit.comfort, catalogue.comforts),
        offers=some_of(edit.offers, catalogue.skills),
        asks=some_of(edit.asks, catalogue.skills),
        enjoys=some_of(edit.enjoys, catalogue.skills),
        weak=some_of(edit.weak, catalogue.skills),
        languages=some_of(edit.languages, catalogue.languages, most=LANGUAGES_MAX, code="too_many_choices"),
        contact_hours=_hours(edit.contact_hours),
        links=_links(edit.links),
        visibility=None if edit.visibility is None else visibility.checked(edit.visibility),
    )


def hint_for(view: MemberView) -> str | None:
    """Return the one thing that would make this profile match better, None when nothing much is missing."""
    wanting = {
        "niches": not view.niches,
        "asks": not view.asks,
        "offers": not view.offers,
        "zone": view.zone is None,
        "headline": not view.headline,
    }
    return next((what for what, missing in wanting.items() if missing), None)


def word_for(view: MemberView, edit: ProfileEdit, *, open_for_work: bool) -> str | None:
    """Return which gentle word fits what was just said about the workload, None when none does."""
    if edit.workload is None:
        return None
    if (view.clients or 0) > MANY_CLIENTS:
        return "many_clients"
    if open_for_work and view.hours_open == 0:
        return "no_hours_open"
    return None


def room_for_niche(mine: Sequence[str], slug: str) -> None:
    """Raise `niches_full` when one more niche would be too many to mean anything."""
    if slug not in mine and len(mine) >= NICHES_MAX:
        raise KithError("niches_full", limit=NICHES_MAX)
