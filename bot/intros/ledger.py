"""Who may meet whom, one pair at a time: the hard rules, the soft ones, and what the meeting is worth.

The plain counterpart of `board`, which does the same for thousands of pairs at once; tests hold them
together.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.intros import rules
from bot.intros.scoring import RECENT, Candidate, Recent, balance, step, worth
from bot.intros.shapes import REPEATS_COST, RoundInputs

Pair = tuple[int, int]
Kind = tuple[int, bool]
REPEAT_KEEPS = (3, 4)
"""The part of its worth a repeat keeps where a community lets repeats cost a quarter."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an allowed meeting stands to the rules that may give way."""

    rounds_since: int | None
    cooled: bool
    short: bool

    @property
    def relaxed(self) -> tuple[str, ...]:
        """The rules that give way, in their fixed order."""
        return ("repeat",) * self.cooled + ("hours",) * self.short


@dataclass(frozen=True, slots=True)
class Edge(Standing):
    """An allowed meeting; `value` is what the choice counts: worth and balance."""

    worth: int
    value: int


class Ledger:
    """The members of a round in a seeded order, however they came, and what is known about every two."""

    def __init__(self, inputs: RoundInputs) -> None:
        """Order the members and the history."""
        self.inputs = inputs
        self.members = sorted(
            inputs.candidates, key=lambda who: (_lot(inputs.seed, who.member_id), who.member_id)
        )
        self.node = {who.member_id: node for node, who in enumerate(self.members)}
        self.avoided = {
            rules.pair_key(*pair)
            for pair in inputs.avoided
            if self.node.keys() >= {*pair} and pair[0] != pair[1]
        }
        self.last_met: dict[Pair, int] = {}
        for one, other, number in inputs.met:
            key = rules.pair_key(one, other)
            self.last_met[key] = max(number, self.last_met.get(key, number))
        self._partners: dict[int, int] = {}

    @cached_property
    def recent(self) -> dict[int, Recent]:
        """Everyone's last introductions: as given, else counted from the history."""
        return _recent(self.inputs, self.members)

    @cached_property
    def _kinds(self) -> Counter[Kind]:
        return Counter(kind(who) for who in self.members)

    @cached_property
    def kept_apart(self) -> dict[int, list[int]]:
        """Member id to those they are kept apart from."""
        found = defaultdict(list)
        for one, other in self.avoided:
            found[one].append(other)
            found[other].append(one)
        return found

    def partners(self, who: Candidate) -> int:
        """How many members `who` could meet without any rule giving way, history aside."""
        if who.member_id not in self._partners:
            mine = kind(who)
            found = sum(
                count
                for other, count in self._kinds.items()
                if _shared(mine, other) >= rules.NEEDED_HALF_HOURS
            )
            found -= _shared(mine, mine) >= rules.NEEDED_HALF_HOURS
            found -= sum(
                shared_half_hours(who, self.members[self.node[other]]) >= rules.NEEDED_HALF_HOURS
                for other in self.kept_apart.get(who.member_id, ())
            )
            self._partners[who.member_id] = found
        return self._partners[who.member_id]

    def rounds_since(self, one: Candidate, other: Candidate) -> int | None:
        """Rounds since the two met last; None where they never did."""
        last = self.last_met.get(rules.pair_key(one.member_id, other.member_id))
        return None if last is None else max(1, self.inputs.number - last)

    def standing(self, i: int, j: int) -> Standing | None:
        """Which rules the meeting of two nodes touches; None where a hard rule forbids it."""
        one, other = self.members[i], self.members[j]
        shared = shared_half_hours(one, other)
        kept_apart = rules.pair_key(one.member_id, other.member_id) in self.avoided
        if shared < rules.RELAXED_HALF_HOURS or kept_apart:
            return None
        since = self.rounds_since(one, other)
        cooled = since is not None and since <= rules.cooldown(self.partners(one), self.partners(other))
        return Standing(since, cooled, shared < rules.NEEDED_HALF_HOURS)

    def edge(self, i: int, j: int) -> Edge | None:
        """The meeting of two nodes; None where a hard rule forbids it."""
        found = self.standing(i, j)
        if found is None:
            return None
        one, other = self.members[i], self.members[j]
        full = counted = worth(one, other, found.rounds_since)
        if found.rounds_since is not None and self.inputs.repeats == REPEATS_COST:
            counted = full * REPEAT_KEEPS[0] // REPEAT_KEEPS[1]
        value = counted + balance(one, other, self.recent)
        return Edge(found.rounds_since, found.cooled, found.short, full, value)

    def have_common_hours(self, nodes: Iterable[int], needed: int = rules.RELAXED_HALF_HOURS) -> bool:
        """True where one meeting of all of them finds so many half-hours."""
        shared = (1 << rules.WEEK_HALF_HOURS) - 1
        for node in nodes:
            shared &= self.members[node].hours
        return shared.bit_count() >= needed


def kind(who: Candidate) -> Kind:
    """Members of one kind can reach the same others: those who prefer text reach everyone."""
    return (who.hours, True) if rules.wants_voice(who.comfort) else (0, False)


@lru_cache(maxsize=1 << 16)
def _shared(one: Kind, other: Kind) -> int:
    """Half-hours two kinds share; where one prefers text none are needed, which counts as enough."""
    if not (one[1] and other[1]):
        return rules.NEEDED_HALF_HOURS
    return (one[0] & other[0]).bit_count()


def shared_half_hours(one: Candidate, other: Candidate) -> int:
    """Half-hours both can be reached in; where one prefers text none are needed, which counts as enough."""
    return _shared(kind(one), kind(other))


def _recent(inputs: RoundInputs, members: Sequence[Candidate]) -> dict[int, Recent]:
    """Of everyone's last six introductions, how many were with whom; a trio counts as two."""
    stages = {who.member_id: who.stage for who in members}
    found: dict[int, list[int]] = {who.member_id: [] for who in members}
    for one, other, _ in sorted(inputs.met, key=lambda met: (-met[2], *rules.pair_key(met[0], met[1]))):
        for me, them in ((one, other), (other, one)):
            ahead = step(stages.get(me), stages.get(them))
            if ahead is not None and len(found[me]) < RECENT:
                found[me].append(ahead)
    counted = {me: (steps.count(0), steps.count(1), steps.count(-1)) for me, steps in found.items()}
    return counted | {me: recent for me, recent in inputs.recent.items() if me in counted}


def _lot(seed: int, member_id: int) -> bytes:
    """A seeded lot per member: ties favour nobody for having joined early."""
    return hashlib.blake2b(f"{seed}:{member_id}".encode(), digest_size=8).digest()
