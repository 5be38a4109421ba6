"""The jump start: blossom begins from the prices of an assignment (MATCHING.md, 2). Needs the extra `scale`.

A matching is half of a symmetric assignment of nodes to nodes, which sparse algorithms solve fast. Its
prices u make the reduced costs `U_i + U_j - 2 w_ij >= 0` (U = 2u, so that halves stay whole), and nearly
all that blossom still has to do is to break the odd cycles. In a graph that can be covered completely,
prices move every complete matching by the same sum, so the optimum is that of the plain weights. Benches
make the cover complete: a dummy for each who must stay out, joined to everyone at minus the price of
leaving them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

Pair = tuple[int, int]
Match = Callable[[int, list[tuple[int, int, int]]], list[Pair]]

BENCH_EDGES = 2_000_000
"""More would cost more than the jump saves."""
SWEEPS = 5000
"""Many times what has been seen to be needed."""
EXACT = 1 << 49
"""Weights up to here keep sums exact in the assignment's floats."""


def possible() -> bool:
    """True where scipy is installed."""
    return find_spec("scipy") is not None


def start(
    left: Array, right: Array, weights: Array, prices: Sequence[int], match: Match
) -> tuple[list[Pair], Array | None] | None:
    """Return the best pairs and the doubled prices of nodes and benches; None where a plain start is as good.

    No prices are returned where they had to be rounded: they prove nothing then.

    The fewest benches are one or none; when that leaves somebody over, the matching has shown how many it
    takes.
    """
    import numpy as np

    reachable = np.unique(np.concatenate([left, right]))
    benches = len(reachable) % 2
    for _ in range(2):
        if benches * len(reachable) > BENCH_EDGES:
            return None
        graph = _with_benches(left, right, weights, prices, reachable, benches)
        duals = _duals(*graph, len(prices) + benches)
        if duals is None:
            benches = _needed(left, right, len(prices), len(reachable), match)
            continue
        pairs, proven = _reduced(*graph, duals, match)
        missing = len(reachable) + benches - 2 * len(pairs)
        if not missing:
            return [pair for pair in pairs if pair[1] < len(prices)], duals if proven else None
        benches += missing
    return None


def _needed(left: Array, right: Array, count: int, reachable: int, match: Match) -> int:
    """How many must stay out."""
    pairs = match(count, [(i, j, 1) for i, j in zip(left.tolist(), right.tolist(), strict=True)])
    return reachable - 2 * len(pairs)


def _with_benches(
    left: Array, right: Array, weights: Array, prices: Sequence[int], reachable: Array, benches: int
) -> tuple[Array, Array, Array]:
    """The edges and those of the benches."""
    import numpy as np

    if not benches:
        return left, right, weights
    out = np.array([-prices[node] for node in reachable.tolist()], dtype=weights.dtype)
    seats = np.repeat(np.arange(len(prices), len(prices) + benches), len(reachable))
    return (
        np.concatenate([left, np.tile(reachable, benches)]),
        np.concatenate([right, seats]),
        np.concatenate([weights, np.tile(out, benches)]),
    )


def _duals(left: Array, right: Array, weights: Array, count: int) -> Array | None:
    """Twice the price of each node, from the assignment of the double cover; None where there is none."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    gain = _fitting(weights)
    used = np.unique(np.concatenate([left, right]))
    place = np.zeros(count, dtype=np.int64)
    place[used] = np.arange(len(used))
    one, other = place[left], place[right]
    row, column = np.concatenate([one, other]), np.concatenate([other, one])
    both = np.concatenate([gain, gain])
    order = np.lexsort((column, row))
    row, column, both = row[order], column[order], both[order]
    # Zeros would be taken for missing edges.
    cost = csr_array(((both.max() - both + 1).astype(float), (row, column)), shape=(len(used), len(used)))
    try:
        rows, columns = min_weight_full_bipartite_matching(cost)
    except ValueError:
        return None
    holder = np.empty(len(used), dtype=np.int64)
    holder[columns] = rows
    held = np.zeros(len(used), dtype=np.int64)
    mine = holder[column] == row
    held[column[mine]] = both[mine]
    potential = _potentials(row, column, both, holder, held)
    found = np.zeros(count, dtype=np.int64)
    found[used] = potential + (held - potential[holder])
    return found


def _fitting(weights: Array) -> Array:
    """The weights as int64 small enough for exact sums; shrunk where they are not, which costs only speed."""
    import numpy as np

    shrunk = _shrunk(weights)
    return np.array([weight >> shrunk for weight in weights.tolist()], dtype=np.int64)


def _potentials(row: Array, column: Array, gain: Array, holder: Array, held: Array) -> Array:
    """Row potentials p with p_i + v_j >= w_ij and equality where assigned: Bellman-Ford, a sweep at a time.

    An optimal assignment has no improving cycle, so it converges. Where it does not, because the floats could
    not hold the sums, the optimum is still right and only slower to find: any prices keep it.
    """
    import numpy as np

    potential = np.zeros(len(holder), dtype=np.int64)
    first = np.searchsorted(row, np.arange(len(holder)))
    offset, source = gain - held[column], holder[column]
    for _ in range(min(len(holder) + 1, SWEEPS)):
        better = np.maximum.reduceat(offset + potential[source], first)
        if not (better > potential).any():
            break
        potential = np.maximum(potential, better)
    return potential


def _reduced(
    left: Array, right: Array, weights: Array, duals: Array, match: Match
) -> tuple[list[Pair], bool]:
    """The best complete matching, found on the reduced costs, and whether none of these is negative."""
    shrunk = _shrunk(weights)
    prices = duals.astype(object) << shrunk if shrunk else duals
    cost = prices[left] + prices[right] - 2 * weights
    top = cost.max() + 1
    reduced = zip(left.tolist(), right.tolist(), (top - cost).tolist(), strict=True)
    return match(len(duals), list(reduced)), not shrunk and bool(cost.min() >= 0)


def _shrunk(weights: Array) -> int:
    """By how many bits the weights exceed what the assignment's floats can add up."""
    largest = max(int(weights.max()), -int(weights.min()))
    return max(0, largest.bit_length() - EXACT.bit_length() + 1)
