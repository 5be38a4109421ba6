"""Several wishes in one integer weight, each larger than everything below it together (MATCHING.md, 3.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.intros.scoring import BALANCE_MAX, WORTH_MAX

if TYPE_CHECKING:
    from bot.intros.nearest import Edges

LONGEST_WAIT = 8
"""Rounds of waiting beyond which the price of leaving a member out no longer grows."""
VALUES = WORTH_MAX + 2 * BALANCE_MAX + 1
"""How many different values a meeting can have."""
INT64 = 1 << 62


@dataclass(frozen=True, slots=True)
class Tiers:
    """Sizes of the tiers for a pool of `count`.

    From the bottom: new pairs, repeats inside the cooldown, too few shared hours, missing twice, and being
    left out where no trio could help. A tier nobody needs is left away, which keeps the weights small: the
    first without the wish for new pairs first, the next two where no rule has to give way.
    """

    count: int
    new_first: bool = True
    relaxing: bool = True
    new: int = field(init=False)
    repeat: int = field(init=False)
    hours: int = field(init=False)
    missed: int = field(init=False)
    stranded: int = field(init=False)

    def __post_init__(self) -> None:
        """Build the ladder from the bottom."""
        half = self.count // 2 + 2
        below = VALUES
        wanted = {"new": self.new_first, "repeat": self.relaxing, "hours": self.relaxing, "missed": True}
        for name, used in wanted.items():
            object.__setattr__(self, name, half * below if used else 0)
            below += half * below if used else 0
        object.__setattr__(self, "stranded", (self.count + 1) * (LONGEST_WAIT + 1) * below)

    def weight(self, value: int, again: bool, cooled: bool, short: bool) -> int:
        """One integer for one meeting."""
        return value - self.new * again - self.repeat * cooled - self.hours * short

    def weights(self, edges: Edges) -> Any:
        """One integer for each meeting: an int64 array where that is enough, else one of Python ints."""
        large = self.missed * (LONGEST_WAIT + 1) * 4 >= INT64
        kind = object if large else "int64"
        found = edges.value.astype(kind)
        for flags, size in ((edges.again, self.new), (edges.cooled, self.repeat), (edges.short, self.hours)):
            if flags.any():
                found = found - flags.astype(kind) * size
        return found

    def price(self, waited: int) -> int:
        """What it costs to leave a member out who waited so long."""
        return self.missed * min(waited, LONGEST_WAIT)
