"""The frozen values the people feature hands out; database rows stay inside services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and where: built from an interaction by the edge."""

    community_id: int
    community_name: str
    person_id: int
    name: str
    locale: str = "en-US"


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member's profile; `zone` is None until the person has set one; vocabulary values are slugs."""

    id: int
    community_id: int
    person_id: int
    name: str
    headline: str
    discipline: str | None
    stage: str | None
    work_mode: str | None
    direction: str | None
    comfort: str
    zone: str | None
    offers: tuple[str, ...]
    asks: tuple[str, ...]
    niches: tuple[str, ...]
    joined_at: datetime

    @property
    def has_profile(self) -> bool:
        """True once the member wrote anything others may read."""
        return bool(self.headline or self.discipline or self.stage or self.offers or self.asks or self.niches)


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community's settings."""

    id: int
    name: str
    zone: str
    locale: str
    lobby_channel_id: int | None
    gig_channel_id: int | None
    mod_channel_id: int | None
    round_weekday: int
    round_hour: int
    round_weeks: int
    started: bool
    paused: bool
    created_at: datetime
    gig_channel_kind: str = "forum"


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What a form changes; None leaves a field as it is, an empty string or tuple empties it."""

    headline: str | None = None
    discipline: str | None = None
    stage: str | None = None
    offers: tuple[str, ...] | None = None
    asks: tuple[str, ...] | None = None
    work_mode: str | None = None
    direction: str | None = None
    comfort: str | None = None


@dataclass(frozen=True, slots=True)
class NicheCount:
    """A niche with how many members of the community are in it, and whether the asker is."""

    slug: str
    members: int
    mine: bool


@dataclass(frozen=True, slots=True)
class NicheChange:
    """The outcome of joining or leaving: `changed` is False when it was so already."""

    slug: str
    changed: bool
    members: int
    niches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """A zone that was set, the place it was chosen by, and the time there now."""

    zone: str
    label: str
    local_now: datetime
