"""The frozen values that finding hands out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.people.views import MemberView

Way = Literal["older", "newer"]
START = 0
"""The cursor of a first page; no member has this id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks for, in words as the seeds or the community have them: (kind, slug, name)."""

    filters: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed into a search; None is any."""

    niche: str | None = None
    offer: str | None = None
    discipline: str | None = None
    stage: str | None = None
    direction: str | None = None
    language: str | None = None
    open_for_work: bool = False


@dataclass(frozen=True, slots=True)
class Wider:
    """A search with one filter dropped, and how many it would show (`more`: at least so many)."""

    without: str
    name: str
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those who fit, newest first; the cursors are None where there is nobody further.

    `wider` is filled where nobody fits. `over`: the search has more, but not in the direction asked for.
    """

    search_id: int
    community_name: str
    asked: Asked
    members: tuple[MemberView, ...]
    newer: int | None = None
    older: int | None = None
    alert: bool = False
    over: bool = False
    wider: tuple[Wider, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A search whose member is told when someone comes; `changed` is False when it was so already."""

    search_id: int
    community_name: str
    asked: Asked
    changed: bool = True


@dataclass(frozen=True, slots=True)
class News:
    """Who came and fits a kept search, as the one who keeps it may see them."""

    kept: Kept
    members: tuple[MemberView, ...]
    more: int = 0


class WhyMeet(Protocol):
    """One true reason why two members should meet; `giver` brings it, None where it is shared."""

    @property
    def name(self) -> str:
        """Which kind of reason."""

    @property
    def points(self) -> int:
        """What it is worth."""

    @property
    def values(self) -> tuple[str, ...]:
        """The slugs it is about."""

    @property
    def giver(self) -> int | None:
        """The member who brings it."""

    @property
    def taker(self) -> int | None:
        """The member who gets it."""


Reasons: TypeAlias = Callable[[MemberView, MemberView], Sequence[WhyMeet]]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Somebody worth knowing, as the asker may see them, and the reasons, strongest first."""

    view: MemberView
    reasons: tuple[WhyMeet, ...]
