"""Who makes up a pod, when it begins, and what becomes of it after its term. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal, TypeAlias

SMALLEST, IDEAL, LARGEST = 3, 4, 5
SHARED_HALF_HOURS = 10
"""All of a pod have at least five hours a week in common."""
ANSWER_WITHIN = timedelta(hours=72)
TERM = timedelta(weeks=10)
ASK_BEFORE = timedelta(weeks=1)
"""So long before the end of a term everybody is asked how to go on."""
LATE = timedelta(hours=12)
"""A deadline that Kith itself slept through by more than this is set anew."""
PUT_AWAY_AFTER = timedelta(hours=1)
DIGEST_GRACE = timedelta(hours=36)
PORTION = 8
"""So many units are grouped at once, exactly: 2^8 subsets take milliseconds."""
COUNTED_FROM = 5
"""Fewer check-ins than this would point at somebody."""

SHARES = ("commitments", "win", "stuck")
NEXT = ("renew", "change", "end")
COMPANY = "company"
"""What a member of a pod that became too small wishes: new people."""
REFUSED, SILENT, CHANGE, RENEW, END = "no", "silent", "change", "renew", "end"
APART_AGAIN = (REFUSED, CHANGE)
"""Seats given up so are not offered with the same people for a term."""

Pair: TypeAlias = tuple[int, int]
Standing = Literal["open", "begins", "fails"]


@dataclass(frozen=True, slots=True)
class Wisher:
    """A member who would like a pod: `mask` are their half-hours, `stage` a step on the ladder.

    Members of one `block` share a pod that became too small, and stay together.
    """

    member_id: int
    since: datetime
    mask: int
    direction: str | None = None
    stage: int | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class _Unit:
    """One wisher, or a block of them, as `place` in the queue."""

    members: tuple[Wisher, ...]
    place: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Units that may be a pod: which of a portion (bits), and how good it is."""

    bits: int
    worth: int


def pair(one: int, other: int) -> Pair:
    """Name two members in a fixed order."""
    return (one, other) if one < other else (other, one)


def form(
    wishers: Iterable[Wisher], apart: AbstractSet[Pair] = frozenset(), liked: AbstractSet[Pair] = frozenset()
) -> tuple[tuple[int, ...], ...]:
    """Group those who wish for a pod; each pod as sorted member ids, the pods in order of these.

    As many as can be are covered, those who wait longest first; then four to a pod, then those who fit:
    pairs of `liked` met and were glad, the same direction, a stage at most one step away. Nobody is put with
    somebody of `apart`. The order in which the wishers come makes no difference.
    """
    maker = _Maker(_units(wishers), apart, liked)
    pods = maker.run()
    return tuple(sorted(tuple(sorted(one.member_id for unit in pod for one in unit.members)) for pod in pods))


def _units(wishers: Iterable[Wisher]) -> list[_Unit]:
    blocks: dict[tuple[int, int], list[Wisher]] = {}
    for one in wishers:
        key = (0, one.member_id) if one.block is None else (1, one.block)
        blocks.setdefault(key, []).append(one)
    ordered = [sorted(block, key=lambda one: one.member_id) for block in blocks.values()]
    ordered.sort(key=lambda block: (min(one.since for one in block), block[0].member_id))
    return [_Unit(tuple(block), place) for place, block in enumerate(ordered)]


_Pods: TypeAlias = "list[tuple[_Unit, ...]]"


class _Maker:
    """Groups portion by portion, then mends: whoever is left is tried again with the pods that fit best."""

    def __init__(self, units: list[_Unit], apart: AbstractSet[Pair], liked: AbstractSet[Pair]) -> None:
        self.units = units
        self.apart = apart
        self.liked = liked

    def run(self) -> _Pods:
        pods: _Pods = []
        waiting, left = list(self.units), []
        while waiting:
            seed, *others = waiting
            portion = [seed, *self._nearest(seed, others, PORTION - 1)]
            made = self._best(sorted(portion, key=lambda unit: unit.place))
            pods += made
            taken = {unit for pod in made for unit in pod}
            if seed not in taken:
                left.append(seed)
            waiting = [unit for unit in others if unit not in taken]
        return self._mended(pods, left)

    def _mended(self, pods: _Pods, left: list[_Unit]) -> _Pods:
        """Group those left again together with a few pods, as long as that covers more."""
        again = True
        while again and left:
            again = False
            for seed in left:
                near, opened = self._opened(seed, pods, left)
                made = self._best(sorted(near, key=lambda unit: unit.place))
                if _covered(made) > _covered(opened):
                    pods = [pod for pod in pods if pod not in opened] + made
                    everybody = {unit for pod in pods for unit in pod}
                    left = [unit for unit in self.units if unit not in everybody]
                    again = True
                    break
        return pods

    def _opened(self, seed: _Unit, pods: _Pods, left: list[_Unit]) -> tuple[list[_Unit], _Pods]:
        """Choose the pods nearest to somebody left over, and fill up with others who are left."""
        near, opened = [seed], []
        by_fit = sorted(
            pods, key=lambda pod: (-sum(self._fit(seed, unit) for unit in pod) / len(pod), pod[0].place)
        )
        for pod in by_fit:
            if len(near) + len(pod) <= PORTION:
                near += pod
                opened.append(pod)
        others = self._nearest(seed, [unit for unit in left if unit is not seed], PORTION - len(near))
        return [*near, *others], opened

    def _nearest(self, seed: _Unit, others: Sequence[_Unit], count: int) -> list[_Unit]:
        return sorted(others, key=lambda unit: (-self._fit(seed, unit), unit.place))[:count]

    def _best(self, portion: list[_Unit]) -> _Pods:
        """Choose pods of a portion, exactly: the best for every subset, from the smallest up."""
        groups: dict[int, list[_Group]] = {}
        for group in self._groups(portion):
            groups.setdefault(group.bits & -group.bits, []).append(group)
        best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        for subset in range(1, 1 << len(portion)):
            lowest = subset & -subset
            found = best[subset ^ lowest]
            for group in groups.get(lowest, ()):
                if group.bits & ~subset == 0:
                    worth, chosen = best[subset ^ group.bits]
                    if worth + group.worth > found[0]:
                        found = (worth + group.worth, (*chosen, group.bits))
            best.append(found)
        return [
            tuple(unit for place, unit in enumerate(portion) if bits >> place & 1) for bits in best[-1][1]
        ]

    def _groups(self, portion: list[_Unit]) -> Iterable[_Group]:
        for count in range(1, LARGEST + 1):
            for places in combinations(range(len(portion)), count):
                chosen = [portion[place] for place in places]
                members = [one for unit in chosen for one in unit.members]
                if SMALLEST <= len(members) <= LARGEST and self.may_be(members):
                    bits = sum(1 << place for place in places)
                    yield _Group(bits, self._worth(chosen, members, len(self.units)))

    def may_be(self, members: Sequence[Wisher]) -> bool:
        """Tell whether these could be a pod: hours in common, and nobody kept apart."""
        return fits(members, self.apart)

    def _worth(self, chosen: Sequence[_Unit], members: Sequence[Wisher], queue: int) -> int:
        """Weigh what counts, each far above the next: covered, waited, size, fit."""
        waited = sum((queue - unit.place) * len(unit.members) for unit in chosen)
        uneven = (LARGEST - IDEAL) ** 2 * 4 - (len(members) - IDEAL) ** 2
        fit = sum(self._pair_fit(one, other) for one, other in combinations(members, 2))
        return ((len(members) * 10**7 + waited) * 10 + uneven) * 10**4 + fit

    def _fit(self, one: _Unit, other: _Unit) -> int:
        """How well two units go together; far below zero for those who may not."""
        both = [*one.members, *other.members]
        score = sum(self._pair_fit(mine, theirs) for mine in one.members for theirs in other.members)
        return score if self.may_be(both) else score - 1000

    def _pair_fit(self, one: Wisher, other: Wisher) -> int:
        score = 6 if pair(one.member_id, other.member_id) in self.liked else 0
        score += 3 if one.direction is not None and one.direction == other.direction else 0
        if one.stage is not None and other.stage is not None:
            score += max(0, 3 - abs(one.stage - other.stage)) if abs(one.stage - other.stage) <= 1 else 0
        return score


def fits(members: Sequence[Wisher], apart: Collection[Pair] = frozenset()) -> bool:
    """Tell whether these members have enough hours in common and none is kept apart from another."""
    shared = -1
    for one in members:
        shared &= one.mask
    if shared.bit_count() < SHARED_HALF_HOURS:
        return False
    return not any(pair(a.member_id, b.member_id) in apart for a, b in combinations(members, 2))


def _covered(pods: _Pods) -> int:
    return sum(len(unit.members) for pod in pods for unit in pod)


def standing(said_yes: int, asked: int, *, over: bool) -> Standing:
    """Say how an invitation stands: who has not answered (`asked`) may until it is over."""
    if said_yes + asked < SMALLEST:
        return "fails"
    if asked and not over:
        return "open"
    return "begins" if said_yes >= SMALLEST else "fails"


def renews(wishes: Collection[str | None]) -> bool:
    """Tell whether enough members wish for another term together."""
    return sum(wish == RENEW for wish in wishes) >= SMALLEST


def looks_on(wish: str | None) -> bool:
    """Tell whether a member whose pod ended waits for another one."""
    return wish in (RENEW, CHANGE, COMPANY)
