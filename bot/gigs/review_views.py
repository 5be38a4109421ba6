"""The frozen values of the moderators' queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.gigs.review_rules import Reason
from bot.gigs.rules import REVIEWED_STATES
from bot.gigs.views import GigView


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a moderator decided; `name` is "" where Kith knows none, `person_id` 0 for who is gone."""

    id: int
    decision: str
    reason: Reason
    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """A poster in this community: since when, their other gigs by state, and what was refused last."""

    since: datetime
    gigs: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[str, Reason], ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A gig as moderators see it.

    `asking` counts how often they decided before: a button of an older card carries a smaller one. `appeal`
    are the poster's words against a decision, "" where they only asked, None where they did not. `remembered`
    tells whether the same words would be held.
    """

    gig: GigView
    asking: int
    since: datetime
    history: History
    appeal: str | None = None
    last: DecisionView | None = None
    remembered: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.gig.state in REVIEWED_STATES


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One gig of the queue; pages count from 1, `total` wait, the oldest of them since `oldest`."""

    view: ReviewView | None
    page: int
    total: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a press left behind; False: somebody was faster, or the words are others by now."""

    view: ReviewView
    changed: bool


@dataclass(frozen=True, slots=True)
class Appealed:
    """A gig back in the queue, and False where it was there already; `words` is what the poster said."""

    gig: GigView
    changed: bool
    words: str = ""
