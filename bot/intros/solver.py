"""Exact maximum-weight matching of maximum cardinality, with benches for those who must stay out.

Only ever run in the worker process: rustworkx holds the interpreter lock while it solves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Pair = tuple[int, int]


def best_pairs(count: int, edges: Mapping[Pair, int], prices: Sequence[int]) -> list[Pair]:
    """The pairs among nodes 0..count-1 that cover most, and among those are worth most.

    `edges` maps (i, j), i < j, to an integer weight of any sign; `prices[i]` is what leaving i out costs. Of
    all matchings with the most pairs, the result maximises the weights minus the prices of those left out.
    A bench is a dummy node joined to everyone: without it, the wrong member is left out (MATCHING.md, 2).
    """
    import rustworkx  # only the worker process may pay for it

    if not edges:
        return []
    reachable = {node for pair in edges for node in pair}
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(count))
    graph.add_edges_from([(i, j, weight) for (i, j), weight in sorted(edges.items())])
    cover = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=lambda _: 1)
    missing = len(reachable) - 2 * len(cover)
    for bench in graph.add_nodes_from(range(count, count + missing)):
        graph.add_edges_from([(node, bench, -prices[node]) for node in sorted(reachable)])
    chosen = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    pairs = [(min(i, j), max(i, j)) for i, j in chosen]
    return sorted((i, j) for i, j in pairs if j < count)
