"""A year of weekly rounds, with joins and leaves: Kith beside random with memory and greedy.

The table of MATCHING.md, 4. Run alone with `python -m benchmarks.simulation [members ...]`.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from benchmarks.crowd import generated
from bot.intros import rules
from bot.intros.board import Board
from bot.intros.ledger import Ledger, shared_half_hours
from bot.intros.matching import RoundInputs, match_round
from bot.intros.nearest import all_edges
from bot.intros.scoring import SCALE, Candidate, step, worth
from bot.intros.tiers import Tiers

ROUNDS = 52
SIZES = (12, 30, 100, 300)
TAKING_PART = 0.9
MOVING = 0.01
"""The part of a community that leaves, and that joins, in a week."""
SEED = 11
FEW_MEETINGS = 12
FEWEST_MEMBERS = 120
"""Small communities are simulated until there are so many members: one of twelve is mostly luck."""

Groups = list[tuple[int, ...]]
Policy = Callable[[RoundInputs], Groups]


@dataclass
class Year:
    """What happened; worth in points."""

    policy: str
    members: int
    seconds: float = 0.0
    coverable: int = 0
    covered: int = 0
    meetings: int = 0
    repeats: int = 0
    worths: float = 0.0
    worst: list[float] = field(default_factory=list)
    twice: int = 0
    steps: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    both: Counter[int] = field(default_factory=Counter)

    @property
    def cover(self) -> float:
        """Covered, of those who could meet anybody."""
        return self.covered / max(1, self.coverable)

    @property
    def mean(self) -> float:
        """Mean worth of a round to those who could meet somebody; to be left out is worth nothing."""
        return self.worths / max(1, self.coverable)

    @property
    def worst_pair(self) -> float:
        """Mean over the rounds of the least worth to anybody covered."""
        return sum(self.worst) / max(1, len(self.worst))

    def peer_shares(self, everyone: bool = False) -> list[float]:
        """Peers among the meetings of each member whose community can give them peers and others."""
        known = {who: steps for who, steps in self.steps.items() if steps.total() >= FEW_MEETINGS}
        return [
            steps[0] / steps.total()
            for who, steps in known.items()
            if everyone or self.both[who] >= steps.total() / 2
        ]


def with_kith(inputs: RoundInputs) -> Groups:
    """The matching under test."""
    return [group.members for group in match_round(inputs).groups]


def at_random(inputs: RoundInputs) -> Groups:
    """What others do, and a filter for time zones: somebody at random not met lately, else anybody."""
    chance = random.Random(inputs.seed)
    last = {rules.pair_key(one, other): number for one, other, number in inputs.met}
    order = list(inputs.candidates)
    chance.shuffle(order)
    found: Groups = []
    while order:
        one = order.pop()
        near = [other for other in order if shared_half_hours(one, other) >= rules.NEEDED_HALF_HOURS]

        def since(other: Candidate, one: Candidate = one) -> int:
            met = last.get(rules.pair_key(one.member_id, other.member_id))
            return inputs.number if met is None else inputs.number - met

        fresh = [other for other in near if since(other) > rules.LONGEST_COOLDOWN]
        if near:
            other = chance.choice(fresh) if fresh else max(near, key=since)
            order.remove(other)
            found.append(rules.pair_key(one.member_id, other.member_id))
    return found


def greedily(inputs: RoundInputs) -> Groups:
    """The best meeting that is left, again and again, by the same weights; who waited comes first."""
    ledger = Ledger(inputs)
    if not ledger.members:
        return []
    edges = all_edges(Board(ledger))
    tiers = Tiers(len(ledger.members))
    waited = [tiers.price(who.waited) for who in ledger.members]
    weights = [
        (weight + waited[i] + waited[j], i, j)
        for i, j, weight in zip(
            edges.left.tolist(), edges.right.tolist(), tiers.weights(edges).tolist(), strict=True
        )
    ]
    taken: set[int] = set()
    found: Groups = []
    for _, i, j in sorted(weights, reverse=True):
        if i not in taken and j not in taken:
            taken |= {i, j}
            found.append((ledger.members[i].member_id, ledger.members[j].member_id))
    return found


POLICIES: dict[str, Policy] = {"kith": with_kith, "greedy": greedily, "random with memory": at_random}


def simulate(name: str, members: int, rounds: int = ROUNDS) -> Year:
    """A year of one policy; every policy sees the same people come and go, in several small communities."""
    year = Year(name, members)
    for community in range(max(1, FEWEST_MEMBERS // members)):
        _live(year, community, rounds)
    return year


def _live(year: Year, community: int, rounds: int) -> None:
    """A year of one community."""
    moves = random.Random(SEED + community)
    first = community * 100_000
    everyone = generated(year.members * 4, random.Random(year.members + community))
    everyone = [replace(who, member_id=first + who.member_id) for who in everyone]
    pool, newcomers = everyone[: year.members], iter(everyone[year.members :])
    met: list[tuple[int, int, int]] = []
    waited: Counter[int] = Counter()
    for number in range(1, rounds + 1):
        pool = [next(newcomers) if moves.random() < MOVING else who for who in pool]
        here = [who for who in pool if moves.random() < TAKING_PART]
        candidates = tuple(replace(who, waited=waited[who.member_id]) for who in here)
        inputs = RoundInputs(number, candidates, tuple(met), seed=number)
        began = time.perf_counter()
        groups = POLICIES[year.policy](inputs)
        year.seconds += time.perf_counter() - began
        _note(year, inputs, groups, waited)
        met += [(*rules.pair_key(*pair), number) for group in groups for pair in combinations(group, 2)]


def _note(year: Year, inputs: RoundInputs, groups: Groups, waited: Counter[int]) -> None:
    """Count a round; what a trio is worth to a member is the mean of both meetings."""
    by_id = {who.member_id: who for who in inputs.candidates}
    last = {rules.pair_key(one, other): number for one, other, number in inputs.met}
    reachable = _reachable(inputs.candidates)
    worths: dict[int, list[float]] = defaultdict(list)
    for pair in (pair for group in groups for pair in combinations(group, 2)):
        before = last.get(rules.pair_key(*pair))
        one, other = by_id[pair[0]], by_id[pair[1]]
        year.meetings += 1
        year.repeats += before is not None
        found = worth(one, other, None if before is None else inputs.number - before) / SCALE
        for me, them in ((one, other), (other, one)):
            worths[me.member_id].append(found)
            ahead = step(me.stage, them.stage)
            if ahead is not None:
                year.steps[me.member_id][ahead] += 1
                year.both[me.member_id] += reachable.get(me.member_id, False)
    means = [sum(found) / len(found) for found in worths.values()]
    year.coverable += len(reachable)
    year.covered += len(means)
    year.worths += sum(means)
    year.worst += [min(means)] if means else []
    for who in by_id:
        year.twice += who not in worths and who in reachable and waited[who] > 0
        waited[who] = 0 if who in worths else waited[who] + 1


def _reachable(pool: Sequence[Candidate]) -> dict[int, bool]:
    """Who could meet anybody, and whether at least a quarter of those are peers and a quarter are not."""
    near: dict[int, Counter[bool]] = defaultdict(Counter)
    for one, other in combinations(pool, 2):
        if shared_half_hours(one, other) >= rules.NEEDED_HALF_HOURS:
            for me, them in ((one, other), (other, one)):
                near[me.member_id][step(me.stage, them.stage) == 0] += 1
    return {who: min(kinds[True], kinds[False]) * 4 >= kinds.total() for who, kinds in near.items()}


Line = tuple[str, str, str, bool | None]


def line_of(year: Year) -> Line:
    """One policy in one line."""
    shares, everyone = year.peer_shares(), year.peer_shares(everyone=True)
    share = sum(shares) / max(1, len(shares))
    overall = sum(everyone) / max(1, len(everyone))
    measured = (
        f"cover {year.cover:.1%} · repeats {year.repeats / max(1, year.meetings):.1%} · "
        f"worth {year.mean:.0f} · worst {year.worst_pair:.0f} · twice out {year.twice} · "
        f"peers {share:.2f} (of everyone {overall:.2f})"
    )
    return f"{year.members} members, {year.policy}", measured, "", None


def verdicts(years: Sequence[Year]) -> list[Line]:
    """Kith against the two others of the same size."""
    kith, others = years[0], years[1:]
    n = kith.members
    shares = kith.peer_shares()
    share = sum(shares) / max(1, len(shares))
    lines: list[Line] = [
        (f"{n}: worst pair, cover, left out twice", "against both", "not worse", _better(kith, others)),
        (f"{n}: mean worth", "against both", "not worse", all(kith.mean >= one.mean for one in others)),
    ]
    if n >= 100:
        lines.append((f"{n}: peer share", f"{share:.2f}", "0.45 to 0.55", 0.45 <= round(share, 2) <= 0.55))
    return lines


def _better(kith: Year, others: Iterable[Year]) -> bool:
    """True where nothing is worse than the others' and the worst pair is better."""
    return all(
        kith.worst_pair > one.worst_pair and kith.cover >= one.cover and kith.twice <= one.twice
        for one in others
    )


def measure(sizes: Sequence[int] = SIZES) -> list[Line]:
    """Lines of the whole table."""
    lines: list[Line] = []
    for members in sizes:
        years = [simulate(name, members) for name in POLICIES]
        lines += [line_of(year) for year in years] + verdicts(years)
    return lines


if __name__ == "__main__":
    for what, measured, goal, met in measure([int(one) for one in sys.argv[1:]] or SIZES):
        sys.stdout.write(f"{what:34} {measured} {goal} {'' if met is None else '✔' if met else '✘'}\n")
