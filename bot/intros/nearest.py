"""Which meetings the solver weighs: all in a small pool, everyone's best few and some by chance above.

The random ones keep the graph connected (MATCHING.md, 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bot.intros import market
from bot.intros.board import AGAIN, COOLED, SHORT, STEP, Block, Board

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

EVERYONE_UP_TO = 500
"""Pools up to this size weigh every pair; above, candidates."""
BEST = 32
BY_CHANCE, BY_CHANCE_WHERE_NEEDED = 4, 64


@dataclass(frozen=True, slots=True)
class Edges:
    """Meetings, sorted: two nodes with left < right, the value, and what is soft about each."""

    left: Array
    right: Array
    value: Array
    again: Array
    cooled: Array
    short: Array

    def __len__(self) -> int:
        """How many."""
        return len(self.left)

    def where(self, chosen: Array) -> Edges:
        """Some of them: a mask or places."""
        return Edges(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @property
    def relaxed(self) -> Array:
        """Mask of those that need a rule to give way."""
        found: Array = self.cooled | self.short
        return found


def all_edges(board: Board) -> Edges:
    """Every meeting that no hard rule forbids."""
    import numpy as np

    found = []
    for block in board.blocks():
        row, column = np.nonzero(block.rank > -np.inf)
        upper = block.rows[row] < block.columns[column]
        found.append(taken(board, block, row[upper], column[upper]))
    return edges_of(board, found)


def best_edges(board: Board, seed: int, by_chance: int = BY_CHANCE) -> Edges:
    """Everyone's `BEST` partners for their price, first where no rule gives way, and some by chance."""
    import numpy as np

    rng = np.random.default_rng(seed)
    cost = market.prices(board, seed)
    found = []
    for block in board.blocks():
        width = len(block.columns)
        if not width:
            continue
        keep = min(BEST, width)
        best = np.argpartition(block.rank - cost[block.columns], width - keep, axis=1)[:, width - keep :]
        chance = rng.integers(0, width, size=(len(block.rows), by_chance))
        column = np.concatenate([best, chance], axis=1).ravel()
        row = np.repeat(np.arange(len(block.rows)), keep + by_chance)
        allowed = block.rank[row, column] > -np.inf
        found.append(taken(board, block, row[allowed], column[allowed]))
    return edges_of(board, found)


def edges_for(board: Board, seed: int) -> Edges:
    """What a pool of this size weighs."""
    return all_edges(board) if board.size <= EVERYONE_UP_TO else best_edges(board, seed)


def taken(board: Board, block: Block, row: Array, column: Array) -> Array:
    """Chosen places of a block as columns: key, value, and how many steps down the meeting was ranked."""
    import numpy as np

    one, other = block.rows[row], block.columns[column]
    value = block.value[row, column].astype(np.int64)
    code = ((block.value[row, column] - block.rank[row, column]) / STEP).astype(np.int64)
    return np.stack([np.minimum(one, other) * board.size + np.maximum(one, other), value, code])


def edges_of(board: Board, found: list[Array]) -> Edges:
    """Each meeting once, in the order of its nodes."""
    import numpy as np

    table = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
    keys, first = np.unique(table[0], return_index=True)
    value, code = table[1][first], table[2][first]
    size = max(1, board.size)
    flags = ((code & flag) > 0 for flag in (AGAIN, COOLED, SHORT))
    return Edges(keys // size, keys % size, value, *flags)


def joined(one: Edges, other: Edges, size: int) -> Edges:
    """The edges of both, each once."""
    import numpy as np

    both = Edges(*(np.concatenate([getattr(one, f.name), getattr(other, f.name)]) for f in fields(one)))
    return both.where(np.unique(both.left * size + both.right, return_index=True)[1])
