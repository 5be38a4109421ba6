"""What the introductions tell the cogs: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.intros.scoring import Reason
from bot.people.service import MemberView


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """Where a member stands; `next_at` None: no round is planned; `changed`: something was done."""

    member_id: int
    community_name: str
    enrolled: bool
    started: bool
    paused: bool
    next_at: datetime | None
    others: int
    waited: int = 0
    changed: bool = True


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything one person's introduction card shows; `gone`: someone stepped back before it arrived."""

    seat_id: int
    community_name: str
    me: MemberView
    others: tuple[MemberView, ...]
    form: str
    reasons: tuple[Reason, ...]
    slots: tuple[datetime, ...]
    number: int
    created_at: datetime
    outcome: str | None
    next_at: datetime | None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An answer that was noted; `changed` False: it was the same before."""

    seat_id: int
    outcome: str
    changed: bool
    others: tuple[str, ...]
    card: CardView


@dataclass(frozen=True, slots=True)
class PastView:
    """One line of a member's history."""

    others: tuple[str, ...]
    created_at: datetime
    outcome: str | None
