"""Who should have which role of the server, and what is told when Discord does not let it be. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

What = Literal["rights", "order", "full"]


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What to do with one member's roles: each an id of the server's, or None."""

    community_id: int
    person_id: int
    give: int | None
    take: int | None


@dataclass(frozen=True, slots=True)
class RoleWanted:
    """A niche that has a role, or should have one: `enough` members are in it."""

    slug: str
    name: str
    role_id: int | None
    enough: bool


@dataclass(frozen=True, slots=True)
class RolesPlan:
    """All roles of a community's niches; `taken` are role ids that belong to some niche."""

    community_id: int
    wanted: tuple[RoleWanted, ...]
    taken: frozenset[int]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why Discord refuses: missing rights, a role above Kith's (`role_id`), or no room for more roles."""

    what: What
    role_id: int = 0


def change_of(
    slug: str, into: str, roles: Mapping[str, int | None], mine: Collection[str]
) -> tuple[int | None, int | None]:
    """Return the role to give and the one to take, after a member's place in a niche may have changed.

    Args:
        slug: the niche that changed for the member.
        into: what the slug stands for now; itself unless it was merged.
        roles: the role of each niche that has one, merged ones included.
        mine: the niches the member is in now.

    Roles of other niches are left alone: people hold them by other ways than Kith's.
    """
    give = roles.get(into) if into in mine else None
    held = roles.get(slug)
    return give, None if slug in mine or held == give else held
