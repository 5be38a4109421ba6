"""The frozen values the gig board hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.gigs.screening import Finding, Verdict
from bot.gigs.tables import Gig
from bot.people.views import MemberView


@dataclass(frozen=True, slots=True)
class GigView:
    """A gig with its poster's name; `channel_id` and `message_id` are known once it is on the board.

    `low` and `high` are in hundredths; `skills` and `niches` are slugs. `replaces` is the live gig whose
    words these would take the place of.
    """

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
    low: int = 0
    high: int = 0
    currency: str = ""
    per: str = "project"
    skills: tuple[str, ...] = ()
    hours: str = ""
    length: str = ""
    apply: str = ""
    starter: bool = False
    change: str | None = None
    niche_names: tuple[str, ...] = ()
    audience: str = "board"
    board_id: int | None = None
    renewals: int = 0
    appealed: bool = False
    replaces: int | None = None

    @property
    def lost(self) -> bool:
        """Whether its post should be on the board, is not there, and is not on its way either."""
        nowhere = self.board_id is None and self.message_id is None
        return self.state == "live" and self.audience == "board" and nowhere


@dataclass(frozen=True, slots=True)
class InterestView:
    """One member's interest in one gig, as its poster sees it."""

    id: int
    gig: GigView
    applicant: MemberView
    pitch: str
    state: str
    hours: str = ""
    start: str = ""
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press left behind: the gig, and False where it had been so before.

    `change_ended`: new words that waited for the moderators ended with the gig.
    """

    gig: GigView
    changed: bool
    change_ended: bool = False


@dataclass(frozen=True, slots=True)
class InterestOutcome:
    """What an answer to an interest left behind, False where it had been so before, and how many wait."""

    interest: InterestView
    changed: bool
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a poster sees before publishing: the gig, what screening makes of it, what was not understood.

    `beside` is the live gig whose words these would replace. `until` is how long it would stay on the board,
    `typical` what people here are paid (both ends, in hundredths) where that is more. `strange` are niches
    and skills that nobody here knows. `instead`: they take the place of a change that waited for moderators.
    """

    gig: GigView
    verdict: Verdict
    until: datetime
    beside: int | None = None
    typical: tuple[int, int] | None = None
    strange: tuple[str, ...] = ()
    instead: bool = False


def gig_view(row: Gig, poster: MemberView, community_name: str, niche_names: tuple[str, ...] = ()) -> GigView:
    """Freeze a gig's row; `niche_names` are what the community calls its niches."""
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
        low=row.low,
        high=row.high,
        currency=row.currency,
        per=row.per,
        skills=tuple(row.skills),
        hours=row.hours,
        length=row.length,
        apply=row.apply,
        starter=row.starter,
        change=row.change,
        niche_names=niche_names,
        audience=row.audience,
        board_id=row.board_id,
        renewals=row.renewals,
        appealed=row.appeal is not None,
        replaces=row.replaces,
    )
