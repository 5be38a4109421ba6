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
    """Everything one person's introduction card shows; `gone`: someone stepped back or left.

    `slots` may still be picked, `slot_at` was. `step_up`: this member would like a less reserved form.
    `quiet`: nobody has made a move yet. `awake`: they take part at present.
    """

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
    introduction_id: int = 0
    community_id: int = 0
    slot_at: datetime | None = None
    slot_turn: int = 0
    step_up: bool = False
    stepped: bool = False
    quiet: bool = True
    awake: bool = True


@dataclass(frozen=True, slots=True)
class ApartView:
    """A member's private wish about another: kept apart, or no longer."""

    member_id: int
    other_id: int
    name: str


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


@dataclass(frozen=True, slots=True)
class PickView:
    """A moment that was picked; `changed` False: it was picked before."""

    slot_at: datetime
    changed: bool
    card: CardView


@dataclass(frozen=True, slots=True)
class StepView:
    """A wish for a less reserved form; `agreed` only when everybody has it."""

    agreed: bool
    changed: bool
    card: CardView


@dataclass(frozen=True, slots=True)
class FollowView:
    """What somebody keeps about a person they met; `due_at`: when Kith suggests writing again."""

    seat_id: int
    member_id: int
    community_name: str
    others: tuple[str, ...]
    note: str | None
    met_at: datetime | None
    due_at: datetime | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class RoomView:
    """The private room of an introduction: `room_id` once it is open, else the `claim` to open it under."""

    introduction_id: int
    community_id: int
    lobby_id: int
    room_id: int | None
    claim: int | None
    people: tuple[tuple[int, str], ...]
