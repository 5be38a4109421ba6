"""One round: from the pool to pairs and trios, with the reasons that really counted (MATCHING.md, 3).

Pure and picklable: `match_round` runs in the worker process. Same inputs and seed, same groups, in whatever
order the members come.

Tiers of one integer weight, each larger than all below it together: cover everyone who can be covered (the
solver's cardinality) > nobody left out twice in a row > few meetings with too few shared hours > few repeats
inside the cooldown > new pairs > worth. The two relaxed rules are therefore only ever used where somebody
would otherwise stay alone, or stay alone once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from bot.intros import rules
from bot.intros.nearest import EVERYONE_UP_TO, nearest_pairs
from bot.intros.scoring import WORTH_MAX, Candidate, Reason, reasons, worth
from bot.intros.solver import Pair, best_pairs

LONGEST_WAIT = 8
"""Rounds of waiting beyond which the price of leaving a member out no longer grows."""
ENUMERATE_TRIOS_UP_TO = 20
TRY_TRIOS_UP_TO = 2000
TRIO_MEMBERS_TRIED, TRIOS_TRIED = 40, 12
PAIR, TRIO = 2, 3


@dataclass(frozen=True, slots=True)
class RoundInputs:
    """Everything a round depends on. `met`: (member, member, round number); `avoided`: (member, member)."""

    number: int
    candidates: tuple[Candidate, ...]
    met: tuple[tuple[int, int, int], ...] = ()
    avoided: tuple[tuple[int, int], ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Two or three members who meet, why, and which rules gave way for it ("repeat", "hours")."""

    members: tuple[int, ...]
    form: str
    reasons: tuple[Reason, ...]
    worth: int
    relaxed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round decided; `relaxed` counts how often each rule gave way, in their fixed order."""

    groups: tuple[Group, ...] = ()
    left_out: tuple[int, ...] = ()
    relaxed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A meeting that is allowed."""

    worth: int
    rounds_since: int | None
    relaxed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tiers:
    """Sizes of the tiers for a pool of `count`: each outweighs the whole range of those below it."""

    count: int
    new: int = field(init=False)
    repeat: int = field(init=False)
    hours: int = field(init=False)
    missed: int = field(init=False)
    stranded: int = field(init=False)

    def __post_init__(self) -> None:
        """Build the ladder from the bottom."""
        half = self.count // 2 + 2
        below = WORTH_MAX + 1
        for name in ("new", "repeat", "hours", "missed"):
            object.__setattr__(self, name, half * below)
            below += half * below
        object.__setattr__(self, "stranded", (self.count + 1) * (LONGEST_WAIT + 1) * below)

    def weight(self, edge: Edge) -> int:
        """One integer for the solver."""
        found = edge.worth + (self.new if edge.rounds_since is None else 0)
        return found - sum(self.repeat if rule == "repeat" else self.hours for rule in edge.relaxed)

    def price(self, member: Candidate) -> int:
        """What it costs to leave this member out."""
        return self.missed * min(member.waited, LONGEST_WAIT)


class Pool:
    """The members of a round in a seeded order, however they came, and who may meet whom."""

    def __init__(self, inputs: RoundInputs) -> None:
        """Order the members and weigh every meeting that is allowed."""
        self.members = sorted(
            inputs.candidates, key=lambda who: (_lot(inputs.seed, who.member_id), who.member_id)
        )
        self.tiers = Tiers(len(self.members))
        self._last_met: dict[Pair, int] = {}
        for one, other, number in inputs.met:
            key = rules.pair_key(one, other)
            self._last_met[key] = max(number, self._last_met.get(key, number))
        avoided = {rules.pair_key(*pair) for pair in inputs.avoided}
        self.edges = self._weigh(self._open_pairs(avoided, inputs.seed), inputs.number)
        self.weights = {pair: self.tiers.weight(edge) for pair, edge in self.edges.items()}
        self.prices = [self.tiers.price(member) for member in self.members]

    def _key(self, pair: Pair) -> Pair:
        """Node numbers to member ids."""
        return rules.pair_key(self.members[pair[0]].member_id, self.members[pair[1]].member_id)

    def _open_pairs(self, avoided: set[Pair], seed: int) -> dict[Pair, int]:
        """Pairs that no hard rule forbids, with their shared half-hours (None needed: as many as needed)."""
        count = len(self.members)
        near = combinations(range(count), 2) if count <= EVERYONE_UP_TO else nearest_pairs(self.members, seed)
        found: dict[Pair, int] = {}
        for pair in near:
            shared = shared_half_hours(self.members[pair[0]], self.members[pair[1]])
            if shared >= rules.RELAXED_HALF_HOURS and self._key(pair) not in avoided:
                found[pair] = shared
        return found

    def _weigh(self, pairs: Mapping[Pair, int], number: int) -> dict[Pair, Edge]:
        """Worth and broken soft rules of every open pair."""
        partners = [0] * len(self.members)
        for pair, shared in pairs.items():
            if shared >= rules.NEEDED_HALF_HOURS:
                for node in pair:
                    partners[node] += 1
        found: dict[Pair, Edge] = {}
        for pair, shared in pairs.items():
            one, other = pair
            last = self._last_met.get(self._key(pair))
            since = None if last is None else max(1, number - last)
            relaxed = []
            if since is not None and since <= rules.cooldown(partners[one], partners[other]):
                relaxed.append("repeat")
            if shared < rules.NEEDED_HALF_HOURS:
                relaxed.append("hours")
            found[pair] = Edge(worth(self.members[one], self.members[other], since), since, tuple(relaxed))
        return found

    def pairs_among(self, nodes: Iterable[int], extra: Mapping[int, int] | None = None) -> list[Pair]:
        """Best pairs among some of the nodes; `extra` raises the price of leaving a node out."""
        inside = set(nodes)
        weights = {pair: value for pair, value in self.weights.items() if inside.issuperset(pair)}
        prices = [price + (extra or {}).get(node, 0) for node, price in enumerate(self.prices)]
        return best_pairs(len(self.members), weights, prices)

    def trio_value(self, trio: Sequence[int]) -> int | None:
        """Sum of the meetings inside a trio; None where any of them, or a trio as such, is unwelcome."""
        if not all(rules.accepts_groups(self.members[node].comfort) for node in trio):
            return None
        inside = [self.weights.get(pair) for pair in combinations(sorted(trio), 2)]
        return None if None in inside else sum(value for value in inside if value is not None)


def shared_half_hours(one: Candidate, other: Candidate) -> int:
    """Half-hours both can be reached in; where one prefers text none are needed, which counts as enough."""
    if not (rules.wants_voice(one.comfort) and rules.wants_voice(other.comfort)):
        return rules.NEEDED_HALF_HOURS
    return (one.hours & other.hours).bit_count()


def match_round(inputs: RoundInputs) -> Outcome:
    """Pairs, trios where someone would stay alone, and who is left out this time."""
    pool = Pool(inputs)
    plans = _plans(pool)
    best = max(plans, key=lambda plan: _quality(pool, plan))
    groups = [_group(pool, nodes) for nodes in best]
    covered = {member for group in groups for member in group.members}
    used = [rule for group in groups for rule in group.relaxed]
    return Outcome(
        groups=tuple(sorted(groups, key=lambda group: group.members)),
        left_out=tuple(sorted(who.member_id for who in pool.members if who.member_id not in covered)),
        relaxed=tuple((rule, used.count(rule)) for rule in ("repeat", "hours") if rule in used),
    )


def _plans(pool: Pool) -> list[list[tuple[int, ...]]]:
    """Complete plans worth comparing: pairs alone, and with trios where someone is left over."""
    everyone = range(len(pool.members))
    plain = pool.pairs_among(everyone)
    plans = [_attach(pool, plain)]
    if 2 * len(plain) == len(pool.members):
        return plans
    groupable = [node for node in everyone if rules.accepts_groups(pool.members[node].comfort)]
    if len(groupable) < TRIO:
        return plans
    if len(pool.members) > ENUMERATE_TRIOS_UP_TO:
        stranded = dict.fromkeys(set(everyone) - set(groupable), pool.tiers.stranded)
        plans.append(_attach(pool, pool.pairs_among(everyone, stranded)))
        if any(sum(map(len, plan)) == len(pool.members) for plan in plans):
            return plans
    for trio in _trios(pool, groupable):
        rest = pool.pairs_among(set(everyone) - set(trio))
        plans.append(_attach(pool, [trio, *rest]))
    return plans


def _trios(pool: Pool, groupable: Sequence[int]) -> list[tuple[int, ...]]:
    """Trios to try first: all of them in a small pool, the few best in a large one."""
    if len(pool.members) <= ENUMERATE_TRIOS_UP_TO:
        return [trio for trio in combinations(groupable, TRIO) if pool.trio_value(trio) is not None]
    valued = [
        (value, trio)
        for trio in combinations(groupable[:TRIO_MEMBERS_TRIED], TRIO)
        if (value := pool.trio_value(trio)) is not None
    ]
    tries = TRIOS_TRIED if len(pool.members) <= TRY_TRIOS_UP_TO else 0
    return [trio for _, trio in sorted(valued, reverse=True)[:tries]]


def _attach(pool: Pool, groups: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Give everyone left over the best pair that welcomes a third, those who waited longest first."""
    result = list(groups)
    covered = {node for group in result for node in group}
    alone = [node for node in range(len(pool.members)) if node not in covered]
    for node in sorted(alone, key=lambda node: (-pool.prices[node], node)):
        best: tuple[int, int] | None = None
        for index, group in enumerate(result):
            value = pool.trio_value((*group, node)) if len(group) == PAIR else None
            if value is not None and (best is None or value > best[0]):
                best = (value, index)
        if best is not None:
            result[best[1]] = tuple(sorted((*result[best[1]], node)))
    return result


def _quality(pool: Pool, plan: Sequence[tuple[int, ...]]) -> tuple[int, int, int]:
    """Cover first, then the price of those left out, then the weight; a trio counts as a pair and a half."""
    covered = {node for group in plan for node in group}
    price = sum(price for node, price in enumerate(pool.prices) if node not in covered)
    weight = sum(
        sum(pool.weights[pair] for pair in combinations(group, 2)) * 6 // (6 if len(group) == PAIR else 12)
        for group in plan
    )
    return len(covered), -price, weight


def _group(pool: Pool, nodes: Sequence[int]) -> Group:
    """What the card needs of one group."""
    inside = [(pair, pool.edges[pair]) for pair in combinations(sorted(nodes), 2)]
    found: dict[tuple[str, tuple[str, ...], int | None, int | None], Reason] = {}
    for (one, other), edge in inside:
        for reason in reasons(pool.members[one], pool.members[other], edge.rounds_since):
            found.setdefault((reason.name, reason.values, reason.giver, reason.taker), reason)
    form = rules.meeting_form(pool.members[node].comfort for node in nodes)
    return Group(
        members=tuple(sorted(pool.members[node].member_id for node in nodes)),
        form=form if len(nodes) == PAIR else "group",
        reasons=tuple(
            sorted(found.values(), key=lambda reason: (-reason.points, reason.name, reason.giver or 0))
        ),
        worth=sum(edge.worth for _, edge in inside),
        relaxed=tuple(sorted({rule for _, edge in inside for rule in edge.relaxed}, reverse=True)),
    )


def _lot(seed: int, member_id: int) -> bytes:
    """A seeded lot per member: ties favour nobody for having joined early."""
    return hashlib.blake2b(f"{seed}:{member_id}".encode(), digest_size=8).digest()
