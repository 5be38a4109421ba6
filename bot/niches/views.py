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
