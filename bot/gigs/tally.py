"""Adds up what a text says: the rules it meets, the ideas it speaks of, its words, each with its points.

Pure. The points are in `seeds/screening_points.tsv`, hundredths of the score, and come from a regression over
the texts of the corpus (`python -m benchmarks.screening_fit`). Ideas have words in every language, so what
was learned in one counts in all; single words and pairs count in the language they were seen in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bot.gigs.reading import NUMBER, Reading

_QUOTED = 3
_LEAST = 3
_HUNDRED = 100
_USUAL, _SHARE_MOST = 150, 2.0  # signs of a text that weigh what the table says; the most in a shorter one
_SPEAKING = 6  # letters from which on a word is worth quoting


class Sign(NamedTuple):
    """Something a text says: its kind (rule, half, idea, both, word, pair) and its name."""

    kind: str
    name: str


_OTHER = Sign("other_language", "")
"""What is said of a text in another language than English; it has fewer words that could count."""
_BASE = Sign("base", "")


@dataclass(frozen=True, slots=True)
class Scale:
    """How many points each sign is worth."""

    points: Mapping[Sign, int]

    def counts(self, rule: str) -> bool:
        """Whether a rule is part of the sum; the others count by their weight alone."""
        return Sign("rule", rule) in self.points

    def total(self, signs: Mapping[Sign, tuple[int, int]]) -> int:
        """The score that the signs of a text add up to; below zero where it is plainly about work."""
        if not enough(signs, self.points):
            return 0
        points = share(signs) * sum(self.points.get(sign, 0) for sign in signs)
        return math.floor((self.points.get(_BASE, 0) + points) / _HUNDRED)

    def strongest(self, signs: Mapping[Sign, tuple[int, int]], reading: Reading) -> str:
        """Quote the words behind the signs that weigh most."""
        spans: list[tuple[int, int]] = []
        for sign in sorted(signs, key=lambda sign: (-self.points.get(sign, 0), sign)):
            first, last = signs[sign]
            apart = all(last < begin or end < first for begin, end in spans)
            if _speaks(sign) and self.points.get(sign, 0) > 0 and apart:
                spans.append((first, last))
        quotes = [
            reading.folded.quote(reading.words[first].start, reading.words[last].end)
            for first, last in sorted(spans[:_QUOTED])
        ]
        return " … ".join(quotes)


def share(signs: Sized) -> float:
    """How much one sign of a text weighs: who writes more says more of everything, true or not."""
    return min(_SHARE_MOST, math.sqrt(_USUAL / max(1, len(signs))))


def enough(signs: Iterable[Sign], points: Mapping[Sign, int] | Mapping[Sign, float]) -> bool:
    """Whether there is something to add up: a rule that is met, or three suspicious ideas; words follow."""
    ideas = 0
    for sign in signs:
        if sign.kind in {"rule", "half"} and sign in points:
            return True
        ideas += sign.kind == "idea" and points.get(sign, 0) > 0
    return ideas >= _LEAST


def load_scale(path: Path) -> Scale:
    """Read the table of points: kind, name, points; `#` begins a comment."""
    rows = (
        line.split("\t")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    return Scale({Sign(kind, name): int(points) for kind, name, points in rows})


def signs_of(reading: Reading, met: Mapping[str, int]) -> dict[Sign, tuple[int, int]]:
    """Everything a text says, with the first and last word of where; `met` has rules and shares."""
    signs = {Sign("rule" if share == 1 else "half", rule): (0, -1) for rule, share in met.items()}
    for idea, mark in reading.ideas().items():
        signs[Sign("idea", idea)] = mark.first, mark.last
    if reading.spoken != "en":
        signs[_OTHER] = (0, -1)
    for kind, name, first, last in _words(reading):
        signs.setdefault(Sign(kind, name), (first, last))
    return signs


def _speaks(sign: Sign) -> bool:
    """Whether a sign says something by itself, as "the" does not."""
    return sign.kind == "idea" or (sign.kind in {"word", "pair"} and len(sign.name) >= _SPEAKING)


def _words(reading: Reading) -> Iterator[tuple[str, str, int, int]]:
    """Yield every word and every pair of neighbours; a number counts as a number, whichever it is."""
    plain = [NUMBER if word.text[0].isdecimal() else word.text for word in reading.words]
    for place, word in enumerate(plain):
        yield "word", word, place, place
    for place, (word, following) in enumerate(pairwise(plain)):
        yield "pair", f"{word} {following}", place, place + 1
