"""The frozen values of reports and bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.people.views import MemberView, Who


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: `here` is the server it happens in, None in a direct message."""

    person_id: int
    here: Who | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whom a card shows: a member, or where the card does not know it, a person in a community."""

    member_id: int = 0
    community_id: int = 0
    person_id: int = 0


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report as it was sent in; `subject` is the row that the card showed, 0 for none."""

    about: About
    place: str
    reason: str
    words: str = ""
    subject: int = 0


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report, for moderators; `teller` is a person's id and name, None when they deleted themselves."""

    id: int
    community_name: str
    about: MemberView
    teller: tuple[int, str] | None
    place: str
    reason: str
    words: str
    state: str
    outcome: str | None
    decided_by: tuple[int, str] | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of the open reports, oldest first; pages count from 1."""

    reports: tuple[ReportView, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A report after a moderator's press; `changed` False: it was decided before."""

    report: ReportView
    changed: bool


@dataclass(frozen=True, slots=True)
class BarView:
    """Someone for whom Kith is closed or open again; `changed` False: it was so already."""

    person_id: int
    name: str
    changed: bool
