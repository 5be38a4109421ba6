"""The frozen values the gig board hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.gigs.screening import Finding
from bot.gigs.tables import Gig
from bot.people.views import MemberView


@dataclass(frozen=True, slots=True)
class GigView:
    """A gig with its poster's name; `channel_id` and `message_id` are known once it is on the board."""

    id: int
    community_id: int
    community_name: str
    person_id: int
    name: str
    kind: str
    title: str
    description: str
    budget: str
    terms: str
    niches: tuple[str, ...]
    state: str
    score: int
    findings: tuple[Finding, ...]
    channel_id: int | None
    message_id: int | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InterestView:
    """One member's interest in one gig, as its poster sees it."""

    id: int
    gig: GigView
    applicant: MemberView
    pitch: str
    state: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press left behind: the gig, and False where it had been so before."""

    gig: GigView
    changed: bool


@dataclass(frozen=True, slots=True)
class InterestOutcome:
    """What an answer to an interest left behind, and False where it had been answered before."""

    interest: InterestView
    changed: bool


def gig_view(row: Gig, poster: MemberView, community_name: str) -> GigView:
    """Freeze a gig's row."""
    return GigView(
        id=row.id,
        community_id=row.community_id,
        community_name=community_name,
        person_id=poster.person_id,
        name=poster.name,
        kind=row.kind,
        title=row.title,
        description=row.description,
        budget=row.budget,
        terms=row.terms,
        niches=tuple(row.niches),
        state=row.state,
        score=row.score,
        findings=tuple(Finding(**finding) for finding in row.findings),
        channel_id=row.channel_id,
        message_id=row.message_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
