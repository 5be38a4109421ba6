"""Finds out whether something is denied: "we never ask you to pay", „keine Gebühr“. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

IDEAS = ("not", "not_at_all", "not_after")
"""Denials that count shortly before what they deny, anywhere before it in the clause, and behind it."""
_LEAD = 4  # words before an arrangement in which a denial counts
_TRAIL = 4  # words after it in which a denial that follows its verb counts


@dataclass(frozen=True, slots=True)
class Denials:
    """Where a language denies: how far from each word a denial counts, and how many came before it."""

    least: Sequence[int]
    start: Sequence[int]
    most: Sequence[int]
    said: Sequence[Sequence[int]]
    """How many of `not`, `not_at_all` and `not_after` begin before each word."""

    def hold(self, first: int, last: int) -> bool:
        """Whether a denial stands in a span, shortly before it, or (where verbs end a clause) after it."""
        shortly, anywhere, behind = self.said
        return (
            shortly[last + 1] > shortly[self.least[first]]
            or anywhere[last + 1] > anywhere[self.start[first]]
            or behind[self.most[last] + 1] > behind[first]
        )


def denials_of(
    clauses: Sequence[int], begins: Mapping[str, Mapping[str, Sequence[int]]]
) -> dict[str, Denials]:
    """Every language's denials, counted up so that asking costs next to nothing.

    `clauses` has the clause of every word, `begins` by language the words at which each denial begins.
    """
    length = len(clauses)
    start: list[int] = []
    for place, clause in enumerate(clauses):
        start.append(start[-1] if place > 0 and clauses[place - 1] == clause else place)
    end = list(range(length))
    for place in range(length - 2, -1, -1):
        if clauses[place] == clauses[place + 1]:
            end[place] = end[place + 1]
    least = [max(first, place - _LEAD) for place, first in enumerate(start)]
    most = [min(last, place + _TRAIL) for place, last in enumerate(end)]
    return {
        language: Denials(least, start, most, [_counted(said.get(idea, ()), length) for idea in IDEAS])
        for language, said in begins.items()
    }


def _counted(places: Sequence[int], length: int) -> list[int]:
    begins = [0] * (length + 1)
    for place in places:
        begins[place + 1] += 1
    return list(accumulate(begins))
