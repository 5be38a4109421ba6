"""What goes into a round and what comes out: values that travel to the worker process and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.intros.scoring import Candidate, Reason, Recent

NEW_FIRST, REPEATS_COST = "new_first", "repeats_cost"
"""A community's choice: no repeat while a new pair is possible, or at three quarters of its worth."""


@dataclass(frozen=True, slots=True)
class RoundInputs:
    """Everything a round depends on.

    Attributes:
        met: (member, member, round number) of every meeting so far.
        avoided: (member, member) who are kept apart.
        repeats: `NEW_FIRST` or `REPEATS_COST`.
        recent: a member's last six introductions; whoever is missing is counted from `met`.
    """

    number: int
    candidates: tuple[Candidate, ...]
    met: tuple[tuple[int, int, int], ...] = ()
    avoided: tuple[tuple[int, int], ...] = ()
    seed: int = 0
    repeats: str = NEW_FIRST
    recent: Mapping[int, Recent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more members who meet, why, and which rules gave way for it ("repeat", "hours")."""

    members: tuple[int, ...]
    form: str
    reasons: tuple[Reason, ...]
    worth: int
    relaxed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round decided.

    Attributes:
        relaxed: how often each rule gave way, in their fixed order.
        share: how much is proven to be reached of what any round with this cover could be worth, or None.
        jumped: the solver was started from the assignment (extra `scale`).
        fallback: time was up, so this is as many meetings as possible and not the best ones.
    """

    groups: tuple[Group, ...] = ()
    left_out: tuple[int, ...] = ()
    relaxed: tuple[tuple[str, int], ...] = ()
    share: float | None = None
    jumped: bool = False
    fallback: bool = False

    def report(self) -> dict[str, object]:
        """The round in numbers, as JSON takes it."""
        return {
            "groups": len(self.groups),
            "covered": sum(len(group.members) for group in self.groups),
            "left_out": len(self.left_out),
            "relaxed": dict(self.relaxed),
            "share": None if self.share is None else round(self.share, 5),
            "jumped": self.jumped,
            "fallback": self.fallback,
        }
