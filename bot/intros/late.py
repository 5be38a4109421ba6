"""What does not wait for a round, or cannot: late joiners, rematches, and a round when time is up."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from bot.intros.ledger import Edge, Ledger
from bot.intros.matching import group_of, outcome_of
from bot.intros.rules import pair_key
from bot.intros.shapes import NEW_FIRST, Group, Outcome, RoundInputs
from bot.intros.solver import Pair, cover

PARTNERS_TRIED = 6
"""Meetings looked at for each member when time is up: with those of others, enough to cover nearly all."""
DRAWS = 60
EXACT_UP_TO, REARRANGED = 2000, 300


def match_late(inputs: RoundInputs, who: int, free: Collection[int]) -> Group | None:
    """The best meeting of one member with somebody who is free or volunteered; None where there is nobody.

    The rules are those of a round, and give way in the same order. For a rematch add the partner who left or
    did not answer to `inputs.avoided`.

    Args:
        inputs: the community's pool, with `who` and everyone who is free.
        who: member id of who joined late, or is to be matched again.
        free: member ids of those still without a meeting, and of volunteers.
    """
    ledger = Ledger(inputs)
    me = ledger.node.get(who)
    if me is None:
        return None
    others = [ledger.node[one] for one in free if one != who and one in ledger.node]
    new_first = inputs.repeats == NEW_FIRST
    found = [
        (_rank(edge, new_first), -node) for node in others if (edge := ledger.edge(me, node)) is not None
    ]
    if not found:
        return None
    return group_of(ledger, (me, -max(found)[1]))


def _rank(edge: Edge, new_first: bool) -> tuple[bool, bool, bool, int]:
    """What makes a meeting better than another, as the tiers have it."""
    return not edge.short, not edge.cooled, edge.rounds_since is None or not new_first, edge.value


def fallback_round(inputs: RoundInputs) -> Outcome:
    """As many meetings as possible, in seconds, whatever they are worth: for when a round takes too long.

    The hard rules hold, and a rule gives way only for those whom the first pairs leave over. Exact for the
    meetings looked at up to `EXACT_UP_TO` members; above, whoever comes first is paired first, and the exact
    solver is given only those left over and enough of the pairs to rearrange.
    """
    ledger = Ledger(inputs)
    count = len(ledger.members)
    chance = random.Random(inputs.seed)
    pairs = sorted(set(_some_pairs(ledger, chance)))
    plan = cover(count, pairs) if count <= EXACT_UP_TO else _paired(pairs, chance)
    if count > EXACT_UP_TO:
        movable, kept = plan[:REARRANGED], plan[REARRANGED:]
        plan = kept + _rearranged(ledger, movable, _alone(count, plan), pairs)
    alone = _alone(count, plan)
    plan += cover(count, [pair for pair in combinations(alone, 2) if ledger.standing(*pair)])
    return replace(outcome_of(ledger, plan), fallback=True)


def _alone(count: int, plan: Collection[Pair]) -> list[int]:
    """Who is in no pair."""
    return sorted(set(range(count)) - {node for pair in plan for node in pair})


def _paired(pairs: Sequence[Pair], chance: random.Random) -> list[Pair]:
    """Pairs in the order of chance, each member once."""
    taken: set[int] = set()
    found = []
    for pair in chance.sample(pairs, len(pairs)):
        if not taken & {*pair}:
            taken |= {*pair}
            found.append(pair)
    return found


def _rearranged(
    ledger: Ledger, plan: Sequence[Pair], alone: Sequence[int], known: Sequence[Pair]
) -> list[Pair]:
    """As many pairs as possible of those alone and those in some pairs."""
    seated = [node for pair in plan for node in pair]
    inside = {*seated, *alone}
    pairs = {pair for pair in known if inside.issuperset(pair)}
    for node in alone:
        for other in (*alone, *seated):
            standing = ledger.standing(node, other) if node != other else None
            if standing is not None and not standing.relaxed:
                pairs.add(pair_key(node, other))
    return cover(len(ledger.members), sorted(pairs))


def _some_pairs(ledger: Ledger, chance: random.Random) -> Iterator[Pair]:
    """A few meetings of everyone in which no rule gives way; all of them in a small pool."""
    count = len(ledger.members)
    for node in range(count):
        draws = range(count) if count <= DRAWS else (chance.randrange(count) for _ in range(DRAWS))
        found = 0
        for other in draws:
            standing = ledger.standing(node, other) if other != node else None
            if standing is not None and not standing.relaxed:
                yield pair_key(node, other)
                found += 1
            if count > DRAWS and found == PARTNERS_TRIED:
                break
