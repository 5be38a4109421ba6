"""The frozen values the people feature hands out; database rows stay inside services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """A member's profile; vocabulary values are slugs, tuples are sorted, `zone` is None until one was set.

    `niche_names` are the names of `niches` in this community, in the same order. `hours_open` are hours a
    week, `clients` how many now. No `contact_hours` mean the default ones.
    """

    id: int
    community_id: int
    person_id: int
    name: str
    joined_at: datetime
    headline: str = ""
    disciplines: tuple[str, ...] = ()
    stage: str | None = None
    work_mode: str | None = None
    direction: str | None = None
    comfort: str = "text"
    zone: str | None = None
    offers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    enjoys: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    niches: tuple[str, ...] = ()
    niche_names: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours_open: int | None = None
    clients: int | None = None
    open_until: datetime | None = None
    contact_hours: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    visibility: tuple[tuple[str, str], ...] = ()
    barred: bool = False

    @property
    def has_profile(self) -> bool:
        """True once the member wrote anything others may read."""
        return bool(
            self.headline or self.disciplines or self.stage or self.offers or self.asks or self.niches
        )

    @property
    def discipline(self) -> str | None:
        """The first place in the stack, where one is enough."""
        return self.disciplines[0] if self.disciplines else None

    def open_for_work(self, now: datetime) -> bool:
        """Tell whether the member said so, and not too long ago."""
        return self.open_until is not None and now < self.open_until


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
    panel_channel_id: int | None = None
    panel_message_id: int | None = None
    niche_roles_from: int | None = None
    left_at: datetime | None = None
    modules_off: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What a form changes; None leaves a field as it is, an empty string or tuple empties it.

    `workload` is (hours open a week, clients at present), each None where nothing was said. `links` and
    `visibility` replace what was there. `open_for_work` starts or ends the two weeks.
    """

    headline: str | None = None
    disciplines: tuple[str, ...] | None = None
    stage: str | None = None
    offers: tuple[str, ...] | None = None
    asks: tuple[str, ...] | None = None
    enjoys: tuple[str, ...] | None = None
    weak: tuple[str, ...] | None = None
    work_mode: str | None = None
    direction: str | None = None
    comfort: str | None = None
    languages: tuple[str, ...] | None = None
    contact_hours: tuple[str, ...] | None = None
    workload: tuple[int | None, int | None] | None = None
    open_for_work: bool | None = None
    links: Mapping[str, str] | None = None
    visibility: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A changed profile, and what may be said about it: `hint` once ever, `word` a gentle one."""

    view: MemberView
    hint: str | None = None
    word: str | None = None


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """A zone that was set, the place it was chosen by, and the time there now."""

    zone: str
    label: str
    local_now: datetime
