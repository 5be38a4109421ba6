"""What check-ins hand to the outside: frozen values; rows stay inside the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """One commitment with its outcome, if there is one yet."""

    id: int
    text: str
    outcome: str | None


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

    def prefill(self) -> tuple[str, ...]:
        """Give the commitments a form starts with: those written already, else those carried over."""
        if self.answered:
            return tuple(one.text for one in self.commitments)
        return tuple(one.text for one in self.before if one.outcome == "carried")


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An outcome that was given; ``week`` is the current week when the commitment is asked about there."""

    commitment: CommitmentView
    changed: bool
    week: CheckinView | None


@dataclass(frozen=True, slots=True)
class WeekView:
    """A past week in the history."""

    week: str
    commitments: tuple[CommitmentView, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The rhythm ("12 of the last 14 weeks") and the latest written weeks, newest first."""

    written: int
    of: int
    weeks: tuple[WeekView, ...]


def seen(rows: Sequence[Commitment]) -> tuple[CommitmentView, ...]:
    """Freeze the commitments of a week."""
    return tuple(CommitmentView(row.id, row.text, row.outcome) for row in rows)
