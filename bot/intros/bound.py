"""How good a round is at least: a proven share of what any round of the same cover could be worth.

With prices u of nodes and benches, no complete matching is worth more than their sum, provided that no
meeting is worth more than its two ends; where one is, half the excess is added (MATCHING.md, 2). The prices
come from the meetings the solver looked at, the excess from one more pass over all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from bot.intros.board import AGAIN, COOLED, SHORT, STEP, Board
from bot.intros.nearest import Edges
from bot.intros.solver import Solution
from bot.intros.tiers import Tiers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


def proven_share(
    board: Board, edges: Edges, found: Solution, tiers: Tiers, prices: Sequence[int], busy: Sequence[int]
) -> float | None:
    """Return the worth reached, of the most that any round as good in all higher wishes could reach.

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
    most = int(found.duals.sum()) / 2 + _excess(board, found.duals[:size], tiers, busy) / 2
    worth = int(edges.value[chosen].sum())
    return float(worth / (worth + max(0.0, most - reached)))


def _excess(board: Board, duals: Array, tiers: Tiers, busy: Sequence[int]) -> int:
    """By how much each node's best meeting exceeds the prices of its two ends: the sum over all nodes."""
    import numpy as np

    total = 0.0
    lost = np.array([_lost(code, tiers) for code in range(2 * SHORT)])
    for block in board.blocks():
        weight = block.value.astype(np.float64)
        row, column = np.nonzero(block.rank < block.value)
        steps = (block.value[row, column] - block.rank[row, column]) / STEP
        weight[row, column] -= np.where(
            np.isinf(steps), np.inf, lost[np.minimum(steps, len(lost) - 1).astype(int)]
        )
        weight[:, np.isin(block.columns, busy)] = -np.inf
        weight[np.isin(block.rows, busy)] = -np.inf
        over = weight - duals[block.columns] / 2
        best = over.max(axis=1, initial=-np.inf) - duals[block.rows] / 2
        total += np.maximum(0, best).sum()
    return int(np.ceil(total))


def _lost(code: int, tiers: Tiers) -> float:
    """What a meeting loses for being so many steps down; a rule that never gave way costs everything."""
    sizes = {AGAIN: tiers.new, COOLED: tiers.repeat or inf, SHORT: tiers.hours or inf}
    return float(sum(size for flag, size in sizes.items() if code & flag))
