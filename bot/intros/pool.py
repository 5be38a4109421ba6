"""A round's meetings with their weights, and the best pairs among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from bot.intros import rules
from bot.intros.board import Board
from bot.intros.ledger import Edge, Ledger
from bot.intros.nearest import BY_CHANCE_WHERE_NEEDED, EVERYONE_UP_TO, Edges, best_edges, edges_for, joined
from bot.intros.shapes import NEW_FIRST
from bot.intros.solver import Pair, Solution, best_pairs, solve
from bot.intros.tiers import Tiers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

TRIO = 3


class Pool:
    """Those who take part in a round; who is `busy` has a seat already."""

    def __init__(self, ledger: Ledger) -> None:
        """Weigh what the solver looks at."""
        self.ledger = ledger
        self.members = ledger.members
        inputs = ledger.inputs
        self.new_first = inputs.repeats == NEW_FIRST
        self.tiers = Tiers(len(self.members), self.new_first)
        self.prices = [self.tiers.price(who.waited) for who in self.members]
        self._weights: dict[Pair, int | None] = {}
        self.board = Board(ledger) if self.members else None
        self.edges = edges_for(self.board, inputs.seed) if self.board else None

    def edge(self, i: int, j: int) -> Edge | None:
        """A meeting; None where a hard rule forbids it."""
        return self.ledger.edge(i, j)

    def weight(self, i: int, j: int) -> int | None:
        """The weight of a meeting, whether or not the solver looked at it."""
        pair = rules.pair_key(i, j)
        if pair not in self._weights:
            edge = self.ledger.edge(*pair)
            again = edge is not None and edge.rounds_since is not None
            self._weights[pair] = (
                self.tiers.weight(edge.value, again, edge.cooled, edge.short) if edge else None
            )
        return self._weights[pair]

    def solve(self, busy: Iterable[int] = (), jumping: bool | None = None) -> tuple[Solution, Edges, Tiers]:
        """The best pairs of those who are not `busy`, and what they were chosen from.

        First without any rule giving way: where that covers everyone who can be, and leaves out none but the
        one whose turn it is, nothing could be better. Otherwise every rule may give way, each in its tier.
        """
        assert self.edges is not None
        free = self._free(busy)
        clean = self.edges.where(free & ~self.edges.relaxed)
        strict = Tiers(len(self.members), self.new_first, relaxing=False)
        found = self._solved(clean, strict, jumping)
        edges = self.edges.where(free)
        reachable = {*edges.left.tolist(), *edges.right.tolist()}
        out = reachable - {node for pair in found.pairs for node in pair}
        if len(out) <= 1 and self._is_cheapest(out, reachable):
            return found, clean, strict
        if len(self.members) > EVERYONE_UP_TO and len(out) > 1:
            assert self.board is not None
            self.edges = best_edges(self.board, self.ledger.inputs.seed, BY_CHANCE_WHERE_NEEDED)
            edges = self.edges.where(self._free(busy))
        return self._solved(edges, self.tiers, jumping), edges, self.tiers

    def look_at(self, more: Edges) -> None:
        """Weigh some more meetings from now on."""
        assert self.edges is not None
        self.edges = joined(self.edges, more, len(self.members))

    def pairs_for_trios(self, busy: Iterable[int]) -> list[Pair]:
        """The best pairs when only those whom a trio would welcome may be left over, as far as possible."""
        assert self.edges is not None
        edges = self.edges.where(self._free(busy))
        prices = [
            price + (0 if self.accepts_groups(node) else self.tiers.stranded)
            for node, price in enumerate(self.prices)
        ]
        return solve(edges.left, edges.right, self.tiers.weights(edges).astype(object), prices).pairs

    def _free(self, busy: Iterable[int]) -> Array:
        """Mask of the edges between members who are not busy."""
        import numpy as np

        assert self.edges is not None
        free = np.ones(len(self.members), dtype=bool)
        free[list(busy)] = False
        found: Array = free[self.edges.left] & free[self.edges.right]
        return found

    def _solved(self, edges: Edges, tiers: Tiers, jumping: bool | None) -> Solution:
        prices = [tiers.price(who.waited) for who in self.members]
        return solve(edges.left, edges.right, tiers.weights(edges), prices, jumping)

    def _is_cheapest(self, out: Iterable[int], reachable: Iterable[int]) -> bool:
        """True where nobody could be left out more cheaply."""
        least = min((self.prices[node] for node in reachable), default=0)
        return all(self.prices[node] <= least for node in out)

    def weights_of_all(self) -> dict[Pair, int]:
        """The weights of the meetings the solver looks at, for a small pool."""
        if self.edges is None:
            return {}
        pairs = zip(self.edges.left.tolist(), self.edges.right.tolist(), strict=True)
        return dict(zip(pairs, self.tiers.weights(self.edges).tolist(), strict=True))

    def pairs_among(self, weights: Mapping[Pair, int], nodes: Iterable[int]) -> list[Pair]:
        """Best pairs among some of the nodes of a small pool."""
        inside = set(nodes)
        some = {pair: value for pair, value in weights.items() if inside.issuperset(pair)}
        return best_pairs(len(self.members), some, self.prices)

    def accepts_groups(self, node: int) -> bool:
        """True where a trio or a table is welcome."""
        return rules.accepts_groups(self.members[node].comfort)

    def trio_value(self, trio: Sequence[int]) -> int | None:
        """Sum of the meetings inside a trio; None where any of them, or a trio as such, is unwelcome."""
        if not all(map(self.accepts_groups, trio)) or not self.ledger.have_common_hours(trio):
            return None
        total = 0
        for i, j in combinations(sorted(trio), 2):
            weight = self.weight(i, j)
            if weight is None:
                return None
            total += weight
        return total

    def quality(self, plan: Sequence[tuple[int, ...]]) -> tuple[int, int, int]:
        """Cover first, then the price of who is left out, then weight; a trio counts as a pair and a half."""
        covered = {node for group in plan for node in group}
        price = sum(price for node, price in enumerate(self.prices) if node not in covered)
        doubled = 0
        for group in plan:
            inside = sum(self.weight(i, j) or 0 for i, j in combinations(group, 2))
            doubled += inside if len(group) == TRIO else 2 * inside
        return len(covered), -price, doubled
