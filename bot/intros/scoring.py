"""What a meeting is worth to each of two members, as named terms that are also the reasons on the card.

Worth is a sum of terms per side; the two sides are joined by their harmonic mean, so that a meeting which
is wonderful for one and useless for the other loses to one that is good for both (MATCHING.md, 1 and 4).
Beside it stands the balance: what a meeting with a peer, or with somebody further along, settles of what
each is owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from bot.intros.rules import LONGEST_COOLDOWN, STAGES

SCALE = 10
"""Pair weights are integers in tenths of a point: the solver needs ints."""

BASE = 10
FIRST_NICHE, MORE_NICHES = 120, 40
SAME_DIRECTION = 60
OFFER_MEETS_ASK = 100
GIVING = 30
STACK_COMPLEMENT = 50
PEER, SENIOR, JUNIOR = 40, 50, 30
OTHER_BACKGROUND = 20
NEVER_MET = 36

WORTH_MAX = SCALE * (
    BASE + FIRST_NICHE + 2 * MORE_NICHES + SAME_DIRECTION + 2 * OFFER_MEETS_ASK + GIVING
    + STACK_COMPLEMENT + SENIOR + OTHER_BACKGROUND + NEVER_MET
)  # fmt: skip

RECENT = 6
"""How many of the last introductions count for the balance of peers and others."""
PEER_DEBT, OTHERS_DEBT, SENIOR_DEBT = 300, 250, 100
"""Price of a debt of one meeting, in the tenths of a pair's worth; it grows with the root of the debt.

On the pair and not on a side: the harmonic mean would let the side that is owed less take most of it away.
Who is owed peers counts for more than who is owed others: where others are scarce, that can never be settled.
Measured over 52 rounds against no such price (`benchmarks.simulation`): the peer share falls from 0.62 to
0.55 among 100 members, for 2 % of the mean worth (254 to 249 points) and 10 % of the worst pair's (144 to
129); among 300 from 0.66 to 0.56, for 2 % (301 to 296) and 8 % (164 to 151).
"""
BALANCE_MAX = 2 * PEER_DEBT * 3 + SENIOR_DEBT * 3

Recent = tuple[int, int, int]
"""Of somebody's last six introductions: with peers, with people further along, with people less far."""

_LAYERS = {
    "data-engineer": "foundation",
    "software-engineer": "foundation",
    "data-scientist": "insight",
    "analyst": "insight",
    "data-analyst": "insight",
    "ml-engineer": "insight",
    "web-developer": "face",
    "ux-ui-designer": "face",
    "designer": "face",
    "product": "face",
    "domain-expert": "domain",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enrolled member as the matching sees them: only what they typed for it.

    `waited`: rounds in a row without a meeting. `seats`: how many they welcome at a roundtable now.
    """

    member_id: int
    hours: int = 0
    niches: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    discipline: str | None = None
    stage: str | None = None
    work_mode: str | None = None
    direction: str | None = None
    comfort: str = "text"
    waited: int = 0
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of what a meeting is worth to one side."""

    name: str
    points: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A term that counted, as the card shows it; `giver` brings it, None where it is shared."""

    name: str
    points: int
    values: tuple[str, ...] = ()
    giver: int | None = None
    taker: int | None = None


def layer(discipline: str | None) -> str | None:
    """Where in the stack a discipline works; None where it is unknown."""
    return _LAYERS.get((discipline or "").replace("_", "-"))


def terms(me: Candidate, other: Candidate, rounds_since: int | None) -> list[Term]:
    """What meeting `other` is worth to `me`; `rounds_since` they last met, None where they never did."""
    shared = tuple(sorted(me.niches & other.niches))
    found = [
        Term("niche", FIRST_NICHE + MORE_NICHES * min(2, len(shared) - 1), shared) if shared else None,
        _direction(me, other),
        *_exchange(me, other),
        _stack(me, other),
        _balance(me, other),
        _background(me, other),
        _freshness(rounds_since),
    ]
    return [term for term in found if term is not None]


def _direction(me: Candidate, other: Candidate) -> Term | None:
    """Two who want to get to the same place."""
    mine = direction_of(me)
    if not category_points("direction", mine, direction_of(other)):
        return None
    return Term("direction", SAME_DIRECTION, (str(mine),))


def _exchange(me: Candidate, other: Candidate) -> list[Term]:
    """What they bring me, and the smaller joy of bringing them something."""
    get = tuple(sorted(other.offers & me.asks))
    give = tuple(sorted(me.offers & other.asks))
    found = []
    if get:
        found.append(Term("gets", OFFER_MEETS_ASK * min(2, len(get)), get))
    if give:
        found.append(Term("gives", GIVING, give))
    return found


def _stack(me: Candidate, other: Candidate) -> Term | None:
    """Neighbouring places in the stack can send each other work."""
    if not category_points("layer", layer_of(me), layer_of(other)):
        return None
    return Term("stack", STACK_COMPLEMENT, tuple(sorted((str(me.discipline), str(other.discipline)))))


def _balance(me: Candidate, other: Candidate) -> Term | None:
    """Meeting a peer, somebody who has walked the road before, or somebody who has it ahead."""
    ahead = step(me.stage, other.stage)
    if ahead is None:
        return None
    if ahead == 0:
        return Term("peer", PEER, tuple(sorted({str(me.stage), str(other.stage)}, key=STAGES.index)))
    return Term(*(("senior", SENIOR) if ahead > 0 else ("junior", JUNIOR)), (str(other.stage),))


def step(mine: str | None, theirs: str | None) -> int | None:
    """0 for peers (within one stage of each other), 1 where they are further along, -1 behind, or None."""
    if mine not in STAGES or theirs not in STAGES:
        return None
    ahead = STAGES.index(theirs) - STAGES.index(mine)
    return 0 if abs(ahead) <= 1 else 1 if ahead > 0 else -1


def leaning(recent: Recent) -> tuple[int, int, int]:
    """What meeting (somebody less far, a peer, somebody further along) settles of what a member is owed.

    Half of the meetings should be with peers: whoever met fewer is owed peers, whoever met more is owed
    others. Of the others, whoever met more people less far than further along is owed somebody further
    along.
    """
    peers, ahead, behind = recent
    owed, senior = _root(ahead + behind - peers), max(0, _root(behind - ahead))
    toward = round((PEER_DEBT if owed > 0 else OTHERS_DEBT) * owed)
    return -toward, toward, -toward + round(SENIOR_DEBT * senior)


def _root(debt: int) -> float:
    """The signed square root of a debt, which never counts for more than `RECENT` meetings."""
    debt = max(-RECENT, min(RECENT, debt))
    return sqrt(debt) if debt >= 0 else -sqrt(-debt)


def balance(one: Candidate, other: Candidate, recent: Mapping[int, Recent]) -> int:
    """What a pair settles of the balance owed to both, of either sign, in the units of `worth`."""
    found = 0
    for me, them in ((one, other), (other, one)):
        ahead = step(me.stage, them.stage)
        if ahead is not None and me.member_id in recent:
            found += leaning(recent[me.member_id])[ahead + 1]
    return found


def _background(me: Candidate, other: Candidate) -> Term | None:
    """A different way of working is worth hearing about."""
    if not category_points("work_mode", me.work_mode, other.work_mode):
        return None
    return Term("background", OTHER_BACKGROUND, tuple(sorted((str(me.work_mode), str(other.work_mode)))))


def direction_of(who: Candidate) -> str | None:
    """Where somebody is headed; still deciding is no place."""
    return None if who.direction is None or who.direction.endswith("deciding") else who.direction


def layer_of(who: Candidate) -> str | None:
    """Where in the stack somebody works."""
    return layer(who.discipline)


def categories(who: Candidate) -> dict[str, str | None]:
    """What somebody is, as far as it is known: the part of worth that depends on one word of each side."""
    stage = who.stage if who.stage in STAGES else None
    return {
        "direction": direction_of(who),
        "layer": layer_of(who),
        "work_mode": who.work_mode,
        "stage": stage,
    }


def category_points(category: str, mine: str | None, theirs: str | None) -> int:
    """Points for me from one category of the two of us."""
    if mine is None or theirs is None:
        return 0
    if category == "direction":
        return SAME_DIRECTION * (mine == theirs)
    if category == "stage":
        return {0: PEER, 1: SENIOR, -1: JUNIOR, None: 0}[step(mine, theirs)]
    return {"layer": STACK_COMPLEMENT, "work_mode": OTHER_BACKGROUND}[category] * (mine != theirs)


def _freshness(rounds_since: int | None) -> Term:
    """New people are worth most; somebody met long ago is nearly new again."""
    if rounds_since is None:
        return Term("new", NEVER_MET)
    return Term("again", NEVER_MET * min(rounds_since, LONGEST_COOLDOWN) // (LONGEST_COOLDOWN + 1))


def side(found: Iterable[Term]) -> int:
    """Sum of one side; never zero, so that the harmonic mean exists."""
    return BASE + sum(term.points for term in found)


def worth(one: Candidate, other: Candidate, rounds_since: int | None) -> int:
    """Weight of the pair: the harmonic mean of both sides, an int in tenths of a point."""
    mine, theirs = side(terms(one, other, rounds_since)), side(terms(other, one, rounds_since))
    return SCALE * 2 * mine * theirs // (mine + theirs)


def reasons(one: Candidate, other: Candidate, rounds_since: int | None, settled: int = 0) -> list[Reason]:
    """The terms that counted for these two, strongest first, each said once.

    "gives" and "junior" are the other side's "gets" and "senior" and not repeated; that nothing but newness
    or a second meeting speaks for a pair is left to the card to say. `settled` is their balance: where being
    peers, or apart, spoke against the meeting, it is no reason for it.
    """
    found: dict[tuple[str, int | None], Reason] = {}
    for me, them in ((one, other), (other, one)):
        for term in terms(me, them, rounds_since):
            if term.name in {"gives", "junior"}:
                continue
            directed = term.name in {"gets", "senior"}
            giver, taker = (them.member_id, me.member_id) if directed else (None, None)
            points = term.points + (settled // SCALE if term.name in {"peer", "senior"} else 0)
            if points > 0:
                found[term.name, giver] = Reason(term.name, points, term.values, giver, taker)
    return sorted(found.values(), key=lambda reason: (-reason.points, reason.name, reason.giver or 0))
