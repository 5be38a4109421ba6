"""What check-ins hand to the outside: frozen values; rows stay inside the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.checkins import rules
from bot.checkins.rhythm import Rhythm, State
from bot.checkins.tables import Commitment


@dataclass(frozen=True, slots=True)
class PlanView:
    """When a member is asked; ``on`` until they stop, ``changed`` when this call made a difference."""

    member_id: int
    community_name: str
    zone: str
    weekday: int
    hour: int
    on: bool
    next_at: datetime | None
    changed: bool = True
    old_day_kept: bool = False
    """True when the coming prompt is still on the old day, because the new day of its week is over."""


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """One commitment: of which kind, for when, and what came of it, as far as that was said."""

    id: int
    text: str
    outcome: str | None
    kind: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckinView:
    """One week: what was written, and the commitments of the last week written before it."""

    id: int
    member_id: int
    community_name: str
    week: str
    closes_at: datetime
    answered: bool
    commitments: tuple[CommitmentView, ...]
    before: tuple[CommitmentView, ...]
    stuck: str | None
    win: str | None
    after_gap: bool
    next_at: datetime | None
    edited: bool = False
    same: bool = False
    """True when what was sent in is what was written already."""
    until: datetime | None = None
    """Until when it may be written in: the close, or later where it can be caught up with."""
    late: bool = False
    """True once it closed without a word: from then on it is caught up with."""
    ahead: bool = False
    """True when, instead of catching up, this calendar week could be opened."""
    passed: bool = False
    stuck_words: str | None = None
    after_away: bool = False
    froze: int | None = None
    """How many freezes are left, when the last week that counts was kept by one; else None."""

    def prefill(self) -> tuple[str, ...]:
        """Give the commitments a form starts with: those written already, then those carried over."""
        written = [one.text for one in self.commitments] if self.answered else []
        there = {text.casefold() for text in written}
        carried = [
            one.text
            for one in self.before
            if one.outcome == rules.CARRIED and one.text.casefold() not in there
        ]
        return tuple([*written, *carried][: rules.COMMITMENTS_MAX])

    @property
    def writable_until(self) -> datetime:
        """Until when it may be written in."""
        return self.until or self.closes_at


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An outcome that was given; ``week`` is the current week when the commitment is asked about there."""

    commitment: CommitmentView
    changed: bool
    week: CheckinView | None


@dataclass(frozen=True, slots=True)
class WeekView:
    """A past week in the history: what came of it, and what was written."""

    week: str
    state: State
    commitments: tuple[CommitmentView, ...] = ()
    win: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The rhythm ("12 of the last 14 weeks"), the latest weeks with their words, and a year at a glance."""

    member_id: int
    community_name: str
    rhythm: Rhythm
    weeks: tuple[WeekView, ...]
    year: tuple[WeekView, ...]
    """The last 52 weeks without their words; both newest first."""


@dataclass(frozen=True, slots=True)
class AwayDays:
    """Days away, both included; without a last day until they come back."""

    id: int
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class AwayView:
    """When somebody is away, earliest first; ``now`` when that is today."""

    member_id: int
    community_name: str
    days: tuple[AwayDays, ...]
    now: bool
    next_at: datetime | None
    """The first check-in after it; None while nobody knows when they are back."""
    changed: bool = True


def seen(rows: Sequence[Commitment]) -> tuple[CommitmentView, ...]:
    """Freeze the commitments of a week."""
    return tuple(CommitmentView(row.id, row.text, row.outcome, row.kind, row.due_at) for row in rows)
