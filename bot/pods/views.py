"""What pods hand to the outside, and what they ask of check-ins and introductions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession


class SharedWeek(Protocol):
    """What a member chose to show of a week; commitments are (text, outcome)."""

    @property
    def member_id(self) -> int:
        """Whose week."""

    @property
    def commitments(self) -> tuple[tuple[str, str | None], ...]:
        """What they set out to do."""

    @property
    def win(self) -> str | None:
        """What went well."""

    @property
    def stuck(self) -> str | None:
        """The topic of what is in the way."""


class Win(Protocol):
    """The win of a week, and whether its member shows it to the community."""

    @property
    def checkin_id(self) -> int:
        """The week."""

    @property
    def member_id(self) -> int:
        """Whose win."""

    @property
    def text(self) -> str:
        """In their words."""

    @property
    def public(self) -> bool:
        """Whether the community sees it."""

    @property
    def written_at(self) -> datetime:
        """When its week was written, which tells in which digest it is."""


class Counts(Protocol):
    """Numbers of a community's week."""

    @property
    def written(self) -> int:
        """Check-ins written."""

    @property
    def written_before(self) -> int:
        """Check-ins written the week before."""

    @property
    def done(self) -> int:
        """Commitments of the week before that are done."""


class Checkins(Protocol):
    """What pods ask of check-ins; every function joins the caller's unit of work."""

    async def choice(self, session: AsyncSession, member_id: int) -> tuple[str, ...]:
        """Return what a member shows to their pod."""

    async def choose(self, session: AsyncSession, member_id: int, chosen: Collection[str]) -> bool:
        """Keep what a member shows to their pod; False before their first week."""

    async def hide(self, session: AsyncSession, member_id: int) -> None:
        """Show nothing of a member's weeks to a pod until they choose again."""

    async def weeks(
        self, session: AsyncSession, member_ids: Sequence[int], since: datetime, until: datetime
    ) -> Mapping[int, SharedWeek]:
        """Return what these members show of the week they wrote in this time."""

    async def counts(
        self, session: AsyncSession, community_id: int, since: datetime, until: datetime
    ) -> Counts:
        """Count a community's week."""

    async def wins(
        self, session: AsyncSession, community_id: int, since: datetime, until: datetime
    ) -> Sequence[Win]:
        """Return the wins shown to a community."""

    async def latest_win(self, session: AsyncSession, member_id: int) -> Win | None:
        """Return the win of a member's latest week."""

    async def win_of(self, session: AsyncSession, checkin_id: int) -> Win | None:
        """Return the win of a week."""

    async def share_win(self, session: AsyncSession, checkin_id: int, *, public: bool = True) -> bool:
        """Show a win to the community, or no longer."""

    async def has_shared(self, session: AsyncSession, member_id: int) -> bool:
        """Tell whether a member ever showed a win."""


Pairs = Callable[[AsyncSession, Collection[int]], Awaitable[set[tuple[int, int]]]]


@dataclass(frozen=True, slots=True)
class Outside:
    """What other features know, handed in by the composition root.

    `apart` are the pairs among some members who are never brought together, `went_well` those who met.
    """

    checkins: Checkins
    apart: Pairs
    went_well: Pairs


@dataclass(frozen=True, slots=True)
class PodPerson:
    """A member of a pod as the others see them; `about` is their discipline, `zone` where they are."""

    member_id: int
    person_id: int
    name: str
    about: str = ""
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class PodView:
    """A pod with those who are in it; while it is `forming`, with those who are asked as well."""

    id: int
    community_id: int
    community_name: str
    state: str
    people: tuple[PodPerson, ...]
    thread_id: int | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class MineView:
    """Where a member stands: `state` is none · waiting · asked · in; `forms_at` the next forming."""

    member_id: int
    community_name: str
    state: str
    forms_at: datetime
    pod: PodView | None = None
    seat_id: int | None = None
    shares: tuple[str, ...] = ()
    changed: bool = True
    digest_at: datetime | None = None
    term_open: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat of a pod, for the questions that are asked about it."""

    id: int
    member_id: int
    state: str
    wish: str | None
    pod: PodView
    until: datetime
    """When the question is closed."""
    changed: bool = True


@dataclass(frozen=True, slots=True)
class StandingView:
    """A member who is told how it goes on; `waits` for a pod, or not."""

    member_id: int
    community_name: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What a pod's thread should be; `wanted` False: put away."""

    pod_id: int
    community_id: int
    lobby_id: int | None
    thread_id: int | None
    wanted: bool
    inside: tuple[int, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeekOf:
    """One member's part of a digest."""

    name: str
    commitments: tuple[tuple[str, str | None], ...]
    win: str | None
    stuck: str | None


@dataclass(frozen=True, slots=True)
class PodDigest:
    """What the members of a pod showed of their week."""

    pod: PodView
    until: datetime
    weeks: tuple[WeekOf, ...]


@dataclass(frozen=True, slots=True)
class CommunityDigest:
    """A community's week; numbers are None where they would point at somebody. `wins` are (name, text)."""

    community_name: str
    until: datetime
    written: int | None
    done: int | None
    pods: int | None
    wins: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DigestState:
    """Whether and where a community has its digest."""

    community_name: str
    channel_id: int | None
    next_at: datetime | None
    changed: bool = True


@dataclass(frozen=True, slots=True)
class WinView:
    """A member's latest win; `digest`: the community has a digest; `posted`: that of its week was due."""

    checkin_id: int
    community_name: str
    text: str
    public: bool
    digest: bool
    changed: bool = True
    posted: bool = False
