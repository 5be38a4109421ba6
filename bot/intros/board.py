"""What every two members of a large pool are worth to each other, a block of rows at a time.

The same arithmetic as `scoring`, as matrix products: categories are one-hot columns, tags 0/1 columns. All
numbers are whole and below 2^24, so float32 holds them exactly. Rows are taken in the order of their hours,
so that a block is multiplied only with those it can meet at all (MATCHING.md, 3.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.intros import rules
from bot.intros import scoring as s
from bot.intros.ledger import REPEAT_KEEPS, Ledger, kind
from bot.intros.shapes import NEW_FIRST, REPEATS_COST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

ROWS = 128
KINDS_KEPT = 6000
"""So many different weeks of contact hours are compared once; more, each time they are needed."""
WELL = 2
STEP = float(1 << 15)
"""More than any two values differ: what separates the ranks below."""
AGAIN, COOLED, SHORT = 1, 4, 8
"""How many steps down a meeting ranks that repeats, that repeats inside the cooldown, that lacks hours."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows against all they can meet: `rank` orders partners, -inf where a hard rule forbids it."""

    rows: Array
    columns: Array
    value: Array
    rank: Array


class Board:
    """Tables of a pool, and the blocks made from them."""

    def __init__(self, ledger: Ledger) -> None:
        """Turn members into rows."""
        import numpy as np  # only the worker process may pay for it

        self.ledger = ledger
        self.size = len(ledger.members)
        self.niches = _tags(ledger, "niches")[0]
        self.offers, self.asks = _tags(ledger, "offers", "asks")
        self.gains, self.traits = _categories(ledger)
        self.leanings, self.leanings_met = _leanings(ledger)
        kinds = {one: number for number, one in enumerate(dict.fromkeys(map(kind, ledger.members)))}
        self.kind = np.array([kinds[kind(who)] for who in ledger.members], dtype=np.int32)
        self._bits, self._voice = _hours(list(kinds))
        self._counts = np.bincount(self.kind, minlength=len(kinds))
        self._reach: Array | None = None
        if len(kinds) <= KINDS_KEPT:
            self._reach = np.concatenate([self.reach(some) for some in self.in_rows(np.arange(len(kinds)))])
        self.partners = self._count_partners()
        self.history, self.apart = self._history(), self._apart()

    def blocks(self) -> Iterator[Block]:
        """All rows, a block at a time."""
        import numpy as np

        for rows in self.in_rows(np.argsort(self.kind, kind="stable")):
            yield self.block(rows)

    def in_rows(self, nodes: Array) -> Iterator[Array]:
        """Some nodes, as many at a time as a block holds."""
        for start in range(0, len(nodes), ROWS):
            yield nodes[start : start + ROWS]

    def reach(self, kinds: Array) -> Array:
        """How well some kinds reach every kind: 0 not at all, 1 with fewer hours than needed, 2 well."""
        import numpy as np

        if self._reach is not None:
            return np.asarray(self._reach[kinds])
        shared = self._bits[kinds] @ self._bits.T
        shared[~np.outer(self._voice[kinds], self._voice)] = rules.NEEDED_HALF_HOURS
        found = (shared >= rules.RELAXED_HALF_HOURS).astype(np.int8)
        found += shared >= rules.NEEDED_HALF_HOURS
        return np.asarray(found)

    def block(self, rows: Array, among: Array | None = None) -> Block:
        """Some rows against all they can meet, or all `among` some nodes."""
        import numpy as np

        kinds, place = np.unique(self.kind[rows], return_inverse=True)
        reach = self.reach(kinds)
        columns = np.flatnonzero(np.take(reach.any(axis=0), self.kind)) if among is None else among
        value, again, cooled = self._values(rows, columns)
        rank = value.copy()
        rank[again] -= AGAIN * STEP if self.ledger.inputs.repeats == NEW_FIRST else 0
        rank[cooled] -= COOLED * STEP
        if (reach < WELL).any():
            penalty = np.array([-np.inf, -SHORT * STEP, 0], dtype=np.float32)[reach]
            rank += penalty[place][:, self.kind[columns]]
        rank[_inside(self.apart[:2], rows, columns, self.size)[:2]] = -np.inf
        own = np.searchsorted(columns, rows)
        here = own < len(columns)
        here[here] = columns[own[here]] == rows[here]
        rank[np.flatnonzero(here), own[here]] = -np.inf
        return Block(rows, columns, value, rank)

    def _values(self, rows: Array, columns: Array) -> tuple[Array, Any, Any]:
        """Values of a block, and which meetings repeat, and which do so inside the cooldown."""
        import numpy as np

        mine, theirs = self._sides(rows, columns)
        row, column, found = _inside(self.history, rows, columns, self.size)
        since = found[0] if len(found) else found
        again = np.minimum(since, rules.LONGEST_COOLDOWN) * s.NEVER_MET // (rules.LONGEST_COOLDOWN + 1)
        for side in (mine, theirs):
            side[row, column] += again - s.NEVER_MET
        value = mine * theirs
        value *= 2 * s.SCALE
        mine += theirs
        value /= mine
        np.floor(value, out=value)
        if self.ledger.inputs.repeats == REPEATS_COST:
            value[row, column] = value[row, column] * REPEAT_KEEPS[0] // REPEAT_KEEPS[1]
        value += self.leanings[rows] @ self.leanings_met[columns].T
        fewest = np.minimum(self.partners[rows[row]], self.partners[columns[column]])
        cooled = since <= np.minimum(rules.LONGEST_COOLDOWN, fewest // 2)
        return value, (row, column), (row[cooled], column[cooled])

    def _sides(self, rows: Array, columns: Array) -> tuple[Array, Array]:
        """What each meeting is worth to the row and to the column, as if they never met."""
        import numpy as np

        common = self.niches[rows] @ self.niches[columns].T
        np.minimum(common, 3, out=common)
        both = s.MORE_NICHES * common
        np.minimum(common, 1, out=common)
        common *= s.FIRST_NICHE - s.MORE_NICHES
        both += common
        both += s.BASE + s.NEVER_MET
        get = self.asks[rows] @ self.offers[columns].T
        give = self.offers[rows] @ self.asks[columns].T
        mine = both + self.gains[rows] @ self.traits[columns].T
        theirs = both
        theirs += self.traits[rows] @ self.gains[columns].T
        _exchange(get, mine, theirs)
        _exchange(give, theirs, mine)
        return mine, theirs

    def _count_partners(self) -> Array:
        """How many members each could meet without any rule giving way, history aside."""
        import numpy as np

        found = np.zeros(len(self._counts), dtype=np.int64)
        for kinds in self.in_rows(np.arange(len(found))):
            reached = (self.reach(kinds) == WELL).astype(np.float32)
            found[kinds] = reached @ self._counts - np.diagonal(reached[:, kinds])
        each = found[self.kind]
        for member_id in self.ledger.kept_apart:
            node = self.ledger.node[member_id]
            each[node] = self.ledger.partners(self.ledger.members[node])
        return each

    def _history(self) -> Array:
        """Meetings so far as (row, column, rounds since), both ways round, sorted by row."""
        node, now = self.ledger.node, self.ledger.inputs.number
        known = [
            (node[one], node[other], max(1, now - last))
            for (one, other), last in self.ledger.last_met.items()
            if one in node and other in node
        ]
        return _both_ways(known, 3)

    def _apart(self) -> Array:
        """Those who are kept apart as (row, column), both ways round, sorted by row."""
        node = self.ledger.node
        return _both_ways([(node[one], node[other]) for one, other in self.ledger.avoided], 2)


def _exchange(skills: Array, taker: Array, giver: Array) -> None:
    """Add to both sides what so many skills are worth, in place."""
    import numpy as np

    np.minimum(skills, 2, out=skills)
    taker += s.OFFER_MEETS_ASK * skills
    np.minimum(skills, 1, out=skills)
    skills *= s.GIVING
    giver += skills


def _both_ways(pairs: Sequence[tuple[int, ...]], width: int) -> Array:
    import numpy as np

    turned = [*pairs, *((other, one, *more) for one, other, *more in pairs)]
    return np.array(sorted(turned), dtype=np.int64).reshape(-1, width).T


def _inside(known: Array, rows: Array, columns: Array, size: int) -> tuple[Array, Array, Array]:
    """Of known pairs those inside a block: their row and column there, and what else is known of them."""
    import numpy as np

    first, last = np.searchsorted(known[0], rows, "left"), np.searchsorted(known[0], rows, "right")
    row = np.repeat(np.arange(len(rows)), last - first)
    wide = [np.arange(start, end) for start, end in zip(first, last, strict=True)]
    chosen = known[:, np.concatenate(wide)] if wide else known[:, :0]
    place = np.full(size, -1)
    place[columns] = np.arange(len(columns))
    column = place[chosen[1]]
    here = column >= 0
    return row[here], column[here], chosen[2:, here]


def _tags(ledger: Ledger, *names: str) -> list[Array]:
    """0/1 matrices: a row a member, a column a tag; the same columns for all that are named together."""
    import numpy as np

    known = sorted({tag for who in ledger.members for name in names for tag in getattr(who, name)})
    place = {tag: number for number, tag in enumerate(known)}
    found = []
    for name in names:
        table = np.zeros((len(ledger.members), max(1, len(known))), dtype=np.float32)
        for row, who in enumerate(ledger.members):
            table[row, [place[tag] for tag in getattr(who, name)]] = 1
        found.append(table)
    return found


def _categories(ledger: Ledger) -> tuple[Array, Array]:
    """Points each member gains from each category of the other, and which categories everyone is in."""
    import numpy as np

    everyone = [s.categories(who) for who in ledger.members]
    known = sorted({pair for mine in everyone for pair in mine.items() if pair[1] is not None}, key=str)
    number = {pair: index for index, pair in enumerate(known)}
    traits = np.zeros((len(everyone), max(1, len(known))), dtype=np.float32)
    gains = np.zeros_like(traits)
    rows: dict[tuple[str | None, ...], list[int]] = {}
    for row, mine in enumerate(everyone):
        key = tuple(mine.values())
        if key not in rows:
            rows[key] = [s.category_points(name, mine[name], theirs) for name, theirs in known] or [0]
        gains[row] = rows[key]
        traits[row, [number[pair] for pair in mine.items() if pair[1] is not None]] = 1
    return gains, traits


def _leanings(ledger: Ledger) -> tuple[Array, Array]:
    """The balance each member would settle by meeting each stage, and everyone's stage."""
    import numpy as np

    leanings = np.zeros((len(ledger.members), len(rules.STAGES)), dtype=np.float32)
    stages = np.zeros_like(leanings)
    for row, who in enumerate(ledger.members):
        if who.stage in rules.STAGES:
            stages[row, rules.STAGES.index(who.stage)] = 1
            toward = s.leaning(ledger.recent[who.member_id])
            steps = [s.step(who.stage, stage) for stage in rules.STAGES]
            leanings[row] = [0 if ahead is None else toward[ahead + 1] for ahead in steps]
    # One product gives what both sides settle: mine times their stage, and my stage times theirs.
    return np.hstack([leanings, stages]), np.hstack([stages, leanings])


def _hours(kinds: list[tuple[int, bool]]) -> tuple[Array, Array]:
    """Contact hours of every kind as 0/1 columns, and who wants to talk."""
    import numpy as np

    width = rules.WEEK_HALF_HOURS // 8
    packed = b"".join(hours.to_bytes(width, "little") for hours, _ in kinds)
    raw = np.frombuffer(packed, dtype=np.uint8).reshape(len(kinds), width)
    bits = np.unpackbits(raw, axis=1, bitorder="little").astype(np.float32)
    return bits, np.array([voice for _, voice in kinds], dtype=bool)
