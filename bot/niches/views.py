"""The frozen values the niches hand out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.people.niches import Niche


@dataclass(frozen=True, slots=True)
class NicheCount:
    """A niche with how many members of the community are in it, and whether the asker is."""

    niche: Niche
    members: int
    mine: bool


@dataclass(frozen=True, slots=True)
class NicheList:
    """Every niche of a community, the largest first."""

    counts: tuple[NicheCount, ...]

    def on(self, axis: str) -> tuple[NicheCount, ...]:
        """Return the niches of one axis."""
        return tuple(one for one in self.counts if one.niche.axis == axis)

    def inhabited(self) -> tuple[NicheCount, ...]:
        """Return the niches somebody is in."""
        return tuple(one for one in self.counts if one.members)

    def to_join(self, most: int) -> tuple[NicheCount, ...]:
        """Return the largest niches the asker is not in."""
        return tuple(one for one in self.counts if not one.mine)[:most]


@dataclass(frozen=True, slots=True)
class NicheChange:
    """The outcome of joining or leaving: `changed` is False when it was so already; `mine` are names."""

    niche: Niche
    changed: bool
    members: int
    mine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What came of a suggestion: `near` niches to look at first (`exact`: the very name), or it waits.

    `new` is False when the member had suggested it before.
    """

    name: str
    axis: str
    near: tuple[Niche, ...] = ()
    exact: bool = False
    new: bool = True


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion as moderators see it: how many `asked`, what is `near`, and what was decided (`niche`)."""

    id: int
    community_id: int
    name: str
    axis: str
    state: str
    asked: int
    near: tuple[Niche, ...]
    niche: Niche | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The `first` suggestions that wait for a decision, oldest first, and how many there are in all."""

    first: tuple[SuggestionView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided suggestion; `changed` is False when somebody had decided before."""

    suggestion: SuggestionView
    changed: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the member who suggested a niche is told; `joined`: they are in it now."""

    name: str
    community_name: str
    state: str
    niche: Niche | None
    joined: bool


@dataclass(frozen=True, slots=True)
class MergeView:
    """Two niches that become one: how many members move, and how many are in both."""

    gone: Niche
    kept: Niche
    moving: int
    both: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A niche with its new name, and the one it had."""

    niche: Niche
    before: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A role of the server that now belongs to a niche; `changed` is False when it did already."""

    niche: Niche
    role_id: int
    changed: bool
    gives_roles: bool


@dataclass(frozen=True, slots=True)
class InviteView:
    """A niche that the holders of a role are invited to."""

    row_id: int
    niche: Niche
    role_id: int
