"""The frozen values that moderators' use cases hand out, and what other features tell them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community import rules
from bot.people.tables import Community
from bot.people.views import CommunityView


@dataclass(frozen=True, slots=True)
class SetupEdit:
    """What a moderator changes; None leaves a setting as it is."""

    city: str | None = None
    lobby: int | None = None
    gigs: int | None = None
    gigs_kind: str | None = None
    moderators: int | None = None
    panel: int | None = None
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class LastRound:
    """How the last round went, in numbers."""

    at: datetime
    enrolled: int
    introduced: int
    left_out: int


@dataclass(frozen=True, slots=True)
class RoundsSeen:
    """What the introductions know: the round to come, whether it waits for a moderator, and the last one."""

    next_at: datetime | None = None
    waits: bool = False
    last: LastRound | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """Where setup stands; `changed` is False when an action found everything done already.

    `round_waits`: the round is due, and goes out when a moderator says so.
    """

    community: CommunityView
    missing: tuple[rules.Place, ...]
    next_round: datetime
    round_waits: bool = False
    last_round: LastRound | None = None
    changed: bool = True

    @property
    def ready(self) -> bool:
        """Rooms need the lobby; everything else can follow later."""
        return "lobby" not in self.missing


@dataclass(frozen=True, slots=True)
class Decided:
    """What other features keep of a moderator's decisions."""

    round_weeks: int = 1
    approve: bool = False
    new_first: bool = True
    holidays: tuple[date, ...] = ()
    checkin_digest: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A channel that a feature uses beside those of setup, and what for: `board`, `links` or `digest`."""

    place: rules.Place
    channel_id: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was decided about a community."""

    setup: Setup
    decided: Decided
    week_at: datetime | None
    """When the next weekly numbers come; None where nobody gets any."""
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something Kith may not do in a channel: Discord's code, since when, how often, and what waits."""

    channel_id: int
    code: int
    kind: str
    first_at: datetime
    last_at: datetime
    times: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Messages or work of one kind that were given up lately."""

    kind: str
    count: int
    reason: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """What the check-up knows beside permissions."""

    unreachable: int
    reachable: int
    troubles: tuple[Trouble, ...]
    failures: tuple[Failure, ...]
    week_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A week of a community in numbers. Answers are private: they are counted only where there are enough.

    Answers are those of the last whole week, which ended at `answered_by`. `gigs_waiting` wait for a
    moderator, the oldest since `gigs_since`. `past` are (a week's end, how many were introduced in it),
    oldest first.
    """

    enrolled: int = 0
    introduced: int = 0
    left_out: int = 0
    met: int = 0
    not_yet: int = 0
    answered: int = 0
    answered_by: datetime | None = None
    gigs_waiting: int = 0
    gigs_since: datetime | None = None
    past: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WeekView:
    """The weekly numbers of a community; `counted` says whether enough answered to tell how it went."""

    community: CommunityView
    until: datetime
    figures: Figures
    unreachable: int

    @property
    def counted(self) -> bool:
        """Fewer answers than this would tell who said what."""
        return self.figures.answered >= rules.COUNTED_FROM

    @property
    def met_percent(self) -> int | None:
        """How many of those who answered met, in percent."""
        return round(100 * self.figures.met / self.figures.answered) if self.counted else None


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, and when; `actor_id` None: nobody, or somebody who deleted themselves."""

    at: datetime
    actor_id: int | None
    actor: str
    action: str
    detail: str
    about: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of what was done; pages count from 0."""

    entries: tuple[Entry, ...]
    page: int
    pages: int


Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Table:
    """One file of an export."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())


BesideOf = Callable[[AsyncSession, int], Awaitable[tuple[Beside, ...]]]
RoundsOf = Callable[[AsyncSession, int], Awaitable[RoundsSeen]]
DecidedOf = Callable[[AsyncSession, int], Awaitable[Decided]]
FiguresOf = Callable[[AsyncSession, int, datetime], Awaitable[Figures]]
TablesOf = Callable[[AsyncSession, int, datetime], Awaitable[list[Table]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What other features tell: rounds, decisions, numbers, their part of an export, their channels."""

    rounds: RoundsOf
    decided: DecidedOf
    figures: FiguresOf
    tables: TablesOf
    beside: BesideOf


async def _no_rounds(_session: AsyncSession, _community_id: int) -> RoundsSeen:
    return RoundsSeen()


async def _nothing_decided(_session: AsyncSession, _community_id: int) -> Decided:
    return Decided()


async def _no_figures(_session: AsyncSession, _community_id: int, _until: datetime) -> Figures:
    return Figures()


async def _no_tables(_session: AsyncSession, _community_id: int, _now: datetime) -> list[Table]:
    return []


async def _none_beside(_session: AsyncSession, _community_id: int) -> tuple[Beside, ...]:
    return ()


NOTHING = Told(_no_rounds, _nothing_decided, _no_figures, _no_tables, _none_beside)
"""What is known where nothing plans rounds."""


def channels_of(seen: Community | CommunityView) -> dict[rules.Place, int | None]:
    """Return which channel was chosen for each place that is in use."""
    found: dict[rules.Place, int | None] = {
        "lobby": seen.lobby_channel_id,
        "gigs": seen.gig_channel_id,
        "moderators": seen.mod_channel_id,
        "panel": seen.panel_channel_id,
    }
    return {place: channel for place, channel in found.items() if rules.needed(place, seen.modules_off)}
