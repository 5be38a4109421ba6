"""What a meeting is worth to each of two members, as named terms that are also the reasons on the card.

Worth is a sum of terms per side; the two sides are joined by their harmonic mean, so that a meeting which is
wonderful for one and useless for the other loses to one that is good for both (MATCHING.md, 1 and 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    """One enrolled member as the matching sees them: only what they typed for it."""

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
    """Two who want to get to the same place; still deciding is no place."""
    if me.direction is None or me.direction != other.direction or me.direction.endswith("deciding"):
        return None
    return Term("direction", SAME_DIRECTION, (me.direction,))


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
    mine, theirs = layer(me.discipline), layer(other.discipline)
    if mine is None or theirs is None or mine == theirs:
        return None
    return Term("stack", STACK_COMPLEMENT, tuple(sorted((str(me.discipline), str(other.discipline)))))


def _balance(me: Candidate, other: Candidate) -> Term | None:
    """Peers are within one stage of each other; further apart, one has walked the road before."""
    if me.stage not in STAGES or other.stage not in STAGES:
        return None
    ahead = STAGES.index(other.stage) - STAGES.index(me.stage)
    if abs(ahead) <= 1:
        return Term("peer", PEER, tuple(sorted({me.stage, other.stage}, key=STAGES.index)))
    return Term("senior", SENIOR, (other.stage,)) if ahead > 0 else Term("junior", JUNIOR, (other.stage,))


def _background(me: Candidate, other: Candidate) -> Term | None:
    """A different way of working is worth hearing about."""
    if me.work_mode is None or other.work_mode is None or me.work_mode == other.work_mode:
        return None
    return Term("background", OTHER_BACKGROUND, tuple(sorted((me.work_mode, other.work_mode))))


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


def reasons(one: Candidate, other: Candidate, rounds_since: int | None) -> list[Reason]:
    """The terms that counted for these two, strongest first, each said once.

    "gives" and "junior" are the other side's "gets" and "senior" and not repeated; that nothing but newness
    or a second meeting speaks for a pair is left to the card to say.
    """
    found: dict[tuple[str, int | None], Reason] = {}
    for me, them in ((one, other), (other, one)):
        for term in terms(me, them, rounds_since):
            if term.name in {"gives", "junior"}:
                continue
            directed = term.name in {"gets", "senior"}
            giver, taker = (them.member_id, me.member_id) if directed else (None, None)
            found[term.name, giver] = Reason(term.name, term.points, term.values, giver, taker)
    return sorted(found.values(), key=lambda reason: (-reason.points, reason.name, reason.giver or 0))
