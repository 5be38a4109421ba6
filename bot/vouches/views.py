"""The frozen values of vouches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two people of a vouch."""

    member_id: int
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class VouchView:
    """A testimonial by `giver` for `receiver`; `state`: offered · shown · declined · withdrawn."""

    id: int
    community_name: str
    giver: Side
    receiver: Side
    text: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VouchChange:
    """A vouch after a press; `changed` False: it was so already, `newer`: the words changed meanwhile."""

    vouch: VouchView
    changed: bool
    newer: bool = False


@dataclass(frozen=True, slots=True)
class VouchList:
    """A member's vouches, newest first."""

    about_me: tuple[VouchView, ...]
    by_me: tuple[VouchView, ...]
