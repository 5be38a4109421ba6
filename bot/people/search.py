"""Finding a thing by what someone typed: prefixes first, then near misses. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

EXACT, PREFIX, WORD_PREFIX, INSIDE, NEAR = 100.0, 96.0, 92.0, 86.0, 72.0
SHORT = 2  # letters: too little for a near miss
TERSE = 3  # letters: too little to look inside words for ("orc" is meant for OCR, not for "force")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Fold case and accents and drop punctuation, so that 'São  Paulo' and 'sao paulo' are one."""
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return " ".join(kept.split())


def score(query: str, name: str) -> float:
    """Say how well a plain name fits a plain query, 0 to 100."""
    if query == name:
        return EXACT
    if name.startswith(query):
        return PREFIX
    if any(word.startswith(query) for word in name.split()):
        return WORD_PREFIX
    if len(query) > TERSE and query in name:
        return INSIDE
    return _nearness(query, name) if len(query) > SHORT else 0.0


def _nearness(query: str, name: str) -> float:
    """Say how close a mistyped query is, always below a true prefix."""
    # Half-typed words are compared with as much of the name as was typed.
    whole = max(fuzz.ratio(query, name), fuzz.token_sort_ratio(query, name))
    begun = fuzz.ratio(query, name[: len(query)]) * 0.95
    # One slip ('orc' for 'ocr') is a near miss however short the word.
    slip = NEAR + 4 if OSA.distance(query, name, score_cutoff=1) <= 1 else 0.0
    return float(min(max(whole, begun, slip), PREFIX - 1))


def ranked(query: str, names: Mapping[str, Iterable[str]], *, least: float = NEAR) -> list[tuple[str, float]]:
    """Return the keys whose best name scores at least `least`, best first; ties keep the order given."""
    typed = plain(query)
    if not typed:
        return []
    scored = [
        (key, max((score(typed, plain(name)) for name in all_names), default=0.0))
        for key, all_names in names.items()
    ]
    return sorted(((k, s) for k, s in scored if s >= least), key=lambda pair: -pair[1])
