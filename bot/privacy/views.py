"""What privacy tells the cogs: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.privacy.rules import Periods


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One yes of a person that is open."""

    community_name: str
    purpose: str
    since: datetime
    text_version: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What the policy says in numbers, whom to ask, and what this person agreed to."""

    periods: Periods
    contact: str | None
    consents: tuple[ConsentView, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A community that somebody is a member of."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """Where Kith knows a person; `anything` also counts what names them outside of a membership."""

    places: tuple[Place, ...]
    anything: bool


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role at Discord that Kith gave a person."""

    community_id: int
    role_id: int


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything about a person, as data and as a page to read."""

    data: dict[str, Any]
    page: str
