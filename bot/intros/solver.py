"""Exact maximum-weight matching of maximum cardinality, in which the right members stay out.

Only ever run in the worker process: rustworkx holds the interpreter lock while it solves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.intros import jump

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

Pair = tuple[int, int]

JUMP_FROM = 501
"""Pools from this size start from the assignment, where scipy is there (extra `scale`).

It saves time from about 3,000; below, its prices prove how good a choice among candidates is.
"""


@dataclass(frozen=True, slots=True)
class Solution:
    """The pairs; after a jump `duals`, twice the price of each node and bench, where none was rounded."""

    pairs: list[Pair]
    duals: Array | None = None
    jumped: bool = False


def best_pairs(count: int, edges: Mapping[Pair, int], prices: Sequence[int]) -> list[Pair]:
    """The pairs among nodes 0..count-1 that cover most, and among those are worth most.

    `edges` maps (i, j), i < j, to an integer weight of any sign; `prices[i]` is what leaving i out costs.
    Of all matchings with the most pairs, the result maximises the weights minus the prices of those left
    out. Each end of a meeting brings the price of that member along: what the covered bring in and what the
    left out cost differ by the same sum in every matching.
    """
    weighted = [(i, j, weight + prices[i] + prices[j]) for (i, j), weight in sorted(edges.items())]
    return match(count, weighted)


def match(count: int, weighted: Sequence[tuple[int, int, int]]) -> list[Pair]:
    """Maximum weight among the matchings of maximum cardinality, by Edmonds' blossoms."""
    import rustworkx  # only the worker process may pay for it

    if not weighted:
        return []
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(count))
    graph.add_edges_from(weighted)
    # Without a weight_fn rustworkx ignores the weights without a word (MATCHING.md, 5).
    chosen = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((min(i, j), max(i, j)) for i, j in chosen)


def cover(count: int, pairs: Sequence[Pair]) -> list[Pair]:
    """As many pairs as possible, whatever they are worth."""
    return match(count, [(i, j, 1) for i, j in pairs])


def solve(
    left: Array, right: Array, weights: Array, prices: Sequence[int], jumping: bool | None = None
) -> Solution:
    """`best_pairs` of arrays.

    Args:
        left: first node of each edge.
        right: second node.
        weights: one integer each, int64 or Python's.
        prices: what leaving a node out costs.
        jumping: start from the assignment; None where the pool is large and scipy is there.
    """
    count = len(prices)
    if jumping is None:
        jumping = count >= JUMP_FROM and jump.possible()
    if jumping and len(left):
        found = jump.start(left, right, weights, prices, match)
        if found is not None:
            return Solution(*found, jumped=True)
    lasting = zip(left.tolist(), right.tolist(), weights.tolist(), strict=True)
    return Solution(match(count, [(i, j, weight + prices[i] + prices[j]) for i, j, weight in lasting]))
