"""Which meetings are worth weighing exactly in a large pool: each member's best few, and some by chance.

A matrix product over niches, offers and asks ranks everyone who can be met; the exact worth of those few is
computed afterwards by `scoring`. The random ones keep the graph connected (MATCHING.md, 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.intros import rules
from bot.intros.scoring import FIRST_NICHE, GIVING, OFFER_MEETS_ASK, SAME_DIRECTION, Candidate

EVERYONE_UP_TO = 500
"""Pools up to this size weigh every pair; above, candidates."""
BEST = 32
BY_CHANCE = 4
BLOCK = 512


def nearest_pairs(members: Sequence[Candidate], seed: int) -> list[tuple[int, int]]:
    """Sorted node pairs (i < j) to weigh: for each member the best 32 they can meet and 4 random ones."""
    import numpy as np  # only the worker process may pay for it

    rng = np.random.default_rng(seed)
    (niches,), (roads,) = _tables(members, "niches"), _tables(members, "direction")
    offers, asks = _tables(members, "offers", "asks")
    reach, place = _reachable(members)
    found: set[tuple[int, int]] = set()
    for start in range(0, len(members), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(members)))
        likeness = FIRST_NICHE * (niches[rows] @ niches.T) + SAME_DIRECTION * (roads[rows] @ roads.T)
        both_ways = asks[rows] @ offers.T + offers[rows] @ asks.T
        score = likeness + (OFFER_MEETS_ASK + GIVING) / 2 * both_ways
        score[~reach[place[rows]][:, place]] = -1.0
        score[np.arange(len(rows)), rows] = -1.0
        keep = min(BEST, len(members) - 1)
        best = np.argpartition(-score, keep - 1, axis=1)[:, :keep]
        chance = rng.integers(0, len(members), size=(len(rows), BY_CHANCE))
        for offset, row in enumerate(rows.tolist()):
            near = [node for node in best[offset].tolist() if score[offset, node] >= 0]
            found.update(
                (min(row, node), max(row, node)) for node in near + chance[offset].tolist() if node != row
            )
    return sorted(found)


def _tables(members: Sequence[Candidate], *names: str) -> list[Any]:
    """0/1 matrices: a row a member, a column a tag; the same columns for all that are named together."""
    import numpy as np

    tags = {name: [_tags(getattr(member, name)) for member in members] for name in names}
    known = sorted({tag for rows in tags.values() for found in rows for tag in found})
    column = {tag: index for index, tag in enumerate(known)}
    tables = []
    for name in names:
        table = np.zeros((len(members), max(1, len(column))), dtype=np.float32)
        for row, found in enumerate(tags[name]):
            for tag in found:
                table[row, column[tag]] = 1.0
        tables.append(table)
    return tables


def _tags(value: frozenset[str] | str | None) -> frozenset[str]:
    """One tag or many, as a set."""
    if value is None:
        return frozenset()
    return frozenset({value}) if isinstance(value, str) else value


def _reachable(members: Sequence[Candidate]) -> tuple[Any, Any]:
    """Which kinds of member (contact hours, wants voice) can meet, and each member's kind."""
    import numpy as np

    kinds: dict[tuple[int, bool], int] = {}
    place = [kinds.setdefault((who.hours, rules.wants_voice(who.comfort)), len(kinds)) for who in members]
    reach = np.ones((len(kinds), len(kinds)), dtype=bool)
    for (hours, voice), one in kinds.items():
        for (other_hours, other_voice), other in kinds.items():
            if voice and other_voice:
                reach[one, other] = (hours & other_hours).bit_count() >= rules.NEEDED_HALF_HOURS
    return reach, np.array(place)
