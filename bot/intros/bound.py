"""How good a round is at least: a proven share of what any round of the same cover could be worth.

With prices u of nodes and benches, no complete matching is worth more than their sum, provided that no
meeting is worth more than its two ends; where one is, half the excess is added (MATCHING.md, 2). The prices
come from the meetings the solver looked at, the excess from one more pass over all the others, and what
exceeds is what the solver should have looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from bot.intros.board import AGAIN, COOLED, SHORT, STEP, Block, Board
from bot.intros.nearest import Edges, edges_of, taken
from bot.intros.solver import Solution
from bot.intros.tiers import Tiers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

MISSING = 8
"""Meetings noted at most for each member that the solver should have looked at."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The share that is reached at least, and the meetings with which it may become more."""

    share: float
    missing: Edges


def prove(
    board: Board, edges: Edges, found: Solution, tiers: Tiers, prices: Sequence[int], busy: Sequence[int]
) -> Proof | None:
    """Compare the worth reached with the most that any round as good in all higher wishes could reach.

    None where there are no prices, or where members stay out for whom there could be somebody after all.
    """
    import numpy as np

    size = board.size
    if found.duals is None or len(found.duals) - size > 1:
        return None
    pairs = np.array(found.pairs).T
    chosen = np.searchsorted(edges.left * size + edges.right, pairs[0] * size + pairs[1])
    covered = {node for pair in found.pairs for node in pair}
    seen = set(np.unique(np.concatenate([edges.left, edges.right])).tolist())
    reached = int(tiers.weights(edges)[chosen].sum()) - sum(prices[node] for node in seen - covered)
    excess, missing = _excess(board, found.duals[:size], tiers, busy)
    most = (int(found.duals.sum()) + excess) / 2
    worth = int(edges.value[chosen].sum())
    return Proof(float(worth / (worth + max(0.0, most - reached))), missing)


def _excess(board: Board, duals: Array, tiers: Tiers, busy: Sequence[int]) -> tuple[float, Edges]:
    """By how much each node's best meeting exceeds the prices of its two ends, summed, and those meetings."""
    import numpy as np

    total, found = 0.0, []
    for block in board.blocks():
        over = _weights(block, tiers, busy) - duals[block.columns] / 2
        over -= duals[block.rows][:, None] / 2
        total += np.maximum(0, over.max(axis=1, initial=-np.inf)).sum()
        row, column = np.nonzero(over > 0)
        keep = _largest(row, over[row, column])
        found.append(taken(board, block, row[keep], column[keep]))
    return float(np.ceil(total)), edges_of(board, found)


def _largest(row: Array, over: Array) -> Array:
    """Places of the `MISSING` largest of each row."""
    import numpy as np

    order = np.lexsort((-over, row))
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    found: Array = order[place < MISSING]
    return found


def _weights(block: Block, tiers: Tiers, busy: Sequence[int]) -> Array:
    """What each meeting of a block weighs for the solver; -inf where it is none."""
    import numpy as np

    lost = np.array([_lost(code, tiers) for code in range(2 * SHORT)] + [inf])
    weight = block.value.astype(np.float64)
    row, column = np.nonzero(block.rank < block.value)
    steps = (block.value[row, column] - block.rank[row, column]) / STEP
    weight[row, column] -= lost[np.minimum(steps, len(lost) - 1).astype(int)]
    weight[:, np.isin(block.columns, busy)] = -np.inf
    weight[np.isin(block.rows, busy)] = -np.inf
    return weight


def _lost(code: int, tiers: Tiers) -> float:
    """What a meeting loses for being so many steps down; a rule that never gave way costs everything."""
    sizes = {AGAIN: tiers.new, COOLED: tiers.repeat or inf, SHORT: tiers.hours or inf}
    return float(sum(size for flag, size in sizes.items() if code & flag))
