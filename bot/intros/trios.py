"""Trios for those who would stay alone: in a small pool the best of all of them (MATCHING.md, 3.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from bot.intros import rules
from bot.intros.pool import TRIO, Pool
from bot.intros.solver import Pair

ENUMERATE_UP_TO = 20
EVALUATIONS = 4000
"""Complete plans compared at most in a small pool; one member too many takes 1,140 of them at 20."""
SWAPS_TRIED = 12
PAIR = 2

Plan = list[tuple[int, ...]]


def with_trios(pool: Pool, pairs: Sequence[Pair], busy: Collection[int]) -> Plan:
    """Pairs, and trios where somebody would stay alone."""
    free = [node for node in range(len(pool.members)) if node not in busy]
    plain: Plan = list(pairs)
    if 2 * len(pairs) == len(free) or sum(map(pool.accepts_groups, free)) < TRIO:
        return plain
    if len(free) <= ENUMERATE_UP_TO:
        return _best_of_all(pool, free, plain)
    plans = [_attach(pool, plan, free) for plan in _starts(pool, plain, free)]
    if all(sum(map(len, plan)) < len(free) for plan in plans):
        plans.append(_attach(pool, [*pool.pairs_for_trios(busy)], free))
    return max(plans, key=pool.quality)


def _best_of_all(pool: Pool, free: Sequence[int], plain: Plan) -> Plan:
    """The best plan with as many trios as there are members too many.

    Taking a member out of every trio leaves pairs: a plan with t trios covers at most t more than pairs
    alone.
    """
    weights = pool.weights_of_all()
    trios = [trio for trio in combinations(free, TRIO) if pool.trio_value(trio) is not None]
    best, reached = plain, pool.quality(plain)
    for tried, chosen in enumerate(_choices(trios, len(free) - 2 * len(plain))):
        if tried == EVALUATIONS:
            break
        taken = {node for trio in chosen for node in trio}
        rest = pool.pairs_among(weights, set(free) - taken)
        plan: Plan = [*chosen, *rest]
        quality = pool.quality(plan)
        if quality > reached:
            best, reached = plan, quality
    return _attach(pool, best, free)


def _choices(trios: Sequence[tuple[int, ...]], most: int) -> Iterator[Plan]:
    """Every choice of up to `most` trios without a common member, the smallest choices first."""
    for size in range(1, most + 1):
        yield from _disjoint(trios, size)


def _disjoint(trios: Sequence[tuple[int, ...]], size: int) -> Iterator[Plan]:
    """Every choice of so many trios without a common member."""
    for index, trio in enumerate(trios):
        if size == 1:
            yield [trio]
        else:
            apart = [other for other in trios[index + 1 :] if not {*trio} & {*other}]
            yield from ([trio, *more] for more in _disjoint(apart, size - 1))


def _starts(pool: Pool, plain: Plan, free: Sequence[int]) -> Iterator[Plan]:
    """Pairs to attach to: the best ones, those in which one who may join a trio stays alone instead."""
    yield plain
    left = sorted(set(free) - {node for pair in plain for node in pair})
    for node in left:
        if not pool.accepts_groups(node):
            yield from _swaps(pool, plain, node)


def _swaps(pool: Pool, plain: Plan, alone: int) -> list[Plan]:
    """The plans in which who stays alone takes, at the least loss, a place from somebody trios welcome."""
    found = []
    for place, pair in enumerate(plain):
        for kept, freed in (pair, pair[::-1]):
            weight = pool.weight(alone, kept) if pool.accepts_groups(freed) else None
            if weight is not None:
                loss = (pool.weight(kept, freed) or 0) - weight
                found.append((loss, place, rules.pair_key(alone, kept)))
    return [[*plain[:place], *plain[place + 1 :], pair] for _, place, pair in sorted(found)[:SWAPS_TRIED]]


def _attach(pool: Pool, groups: Sequence[tuple[int, ...]], free: Sequence[int]) -> Plan:
    """Give everyone left over the pair that welcomes a third at the best gain, who waited longest first."""
    result = list(groups)
    covered = {node for group in result for node in group}
    alone = [node for node in free if node not in covered]
    for node in sorted(alone, key=lambda node: (-pool.prices[node], node)):
        gains = [(_gain(pool, group, node), -place) for place, group in enumerate(result)]
        welcome = [(gain, place) for gain, place in gains if gain is not None]
        if welcome:
            index = -max(welcome)[1]
            result[index] = tuple(sorted((*result[index], node)))
    return result


def _gain(pool: Pool, group: tuple[int, ...], node: int) -> int | None:
    """Twice what a third brings to a pair: a trio's three meetings count as one and a half."""
    if len(group) != PAIR or not pool.accepts_groups(node) or not all(map(pool.accepts_groups, group)):
        return None
    value, before = pool.trio_value((*group, node)), pool.weight(group[0], group[1])
    return None if value is None or before is None else value - 2 * before
