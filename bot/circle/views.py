"""The frozen values of the circle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from bot.core.store import Unit


@dataclass(frozen=True, slots=True)
class Past:
    """One time a member met another before they kept a circle, as another feature remembers it.

    `source` is the one its `met` gives, so that the same time is never written down twice.
    """

    other_id: int
    kind: str
    source: str
    at: datetime


PastOf: TypeAlias = Callable[[Unit, int], Awaitable[Sequence[Past]]]


@dataclass(frozen=True, slots=True)
class EncounterView:
    """One time they met; `kind` is one of `rules.KINDS`, `day` the day of it where the owner lives."""

    id: int
    kind: str
    at: datetime
    day: date
    note: str | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody in a circle; without a `name` they left Kith. `last` is the latest encounter."""

    id: int
    community_id: int
    community_name: str
    name: str | None
    person_id: int | None
    count: int
    last: EncounterView | None
    next_step: str | None
    next_at: datetime | None
    next_day: date | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person with a page of the times they met, the latest first; pages begin with 0."""

    person: PersonView
    encounters: tuple[EncounterView, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CircleView:
    """A page of a member's circle; `kept` False: nothing is written down about whom they meet."""

    community_id: int
    community_name: str
    kept: bool
    people: tuple[PersonView, ...] = ()
    total: int = 0
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A circle somebody began to keep; `found` people came in at once, `changed` False: it was kept."""

    circle: CircleView
    found: int
    changed: bool


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person's page after a change; `changed` False: it was so already."""

    page: PersonPage
    changed: bool
