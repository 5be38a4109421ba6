"""The gig board of every community: its rooms, and what the edge asks of all of them."""

from __future__ import annotations

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.gigs.alert_mail import AlertMail
from bot.gigs.alerts import Alerts
from bot.gigs.browse import Browse
from bot.gigs.change_review import ReviewWithChanges
from bot.gigs.changes import Changes
from bot.gigs.channels import Channels
from bot.gigs.desk import Delivered, Desk
from bot.gigs.editing import Editing
from bot.gigs.erasing import Erasing
from bot.gigs.leads import BoardAfterLeads
from bot.gigs.outcomes import Outcomes
from bot.gigs.pitches import Pitches
from bot.gigs.posting import Posting
from bot.gigs.rates import Rates
from bot.gigs.replies import Replies
from bot.gigs.rules import Details, Draft, Standing
from bot.gigs.saved import Saved
from bot.gigs.tables import Gig, Interest
from bot.gigs.vetting import Vetting
from bot.gigs.views import GigView, InterestOutcome, InterestView, Outcome, Preview
from bot.gigs.watch import Watch
from bot.people.service import PeopleService

__all__ = [
    "Details",
    "Draft",
    "GigService",
    "GigView",
    "InterestOutcome",
    "InterestView",
    "Outcome",
    "Preview",
    "Standing",
]


class GigService:
    """Puts the rooms together; each room has the use cases of its subject."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.desk = Desk(store, clock, agenda, outbox, people)
        self.channels = Channels(self.desk)
        self.board = BoardAfterLeads(self.desk, self.channels)
        self.watch = Watch(self.desk, self.channels, self.board.stop_member)
        self.browse = Browse(self.desk)
        self.saved = Saved(self.desk)
        self.leads = self.board.leads
        vetting = Vetting(self.desk)
        self.changes = Changes(self.desk, vetting)
        self.review = ReviewWithChanges(self.desk, self.board, self.changes)
        self.posting = Posting(self.desk, self.board, self.review, vetting)
        self.editing = Editing(self.desk, self.posting, self.changes)
        self.replies = Replies(self.desk)
        self.pitches = Pitches(self.desk, self.replies)
        self.outcomes = Outcomes(self.desk, self.board)
        self.alerts = Alerts(self.desk)
        self.alert_mail = AlertMail(self.desk)
        self.rates = Rates(self.desk)
        self.erasing = Erasing(self.desk)
        self.posting.typical = self.rates.typical

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of this feature."""
        people = self.replies.handlers() | self.outcomes.handlers() | self.leads.handlers()
        people |= self.alert_mail.handlers()
        return {
            "gig.expire": self.board.expire,
            "gig.ending": self.board.ending,
            "gig.arrive": self.board.arrive,
            "gig.sweep": self.watch.sweep,
            "gig.draft": self.posting.forget,
            "gig.waiting": self.review.remind,
        } | people

    def delivered(self) -> dict[str, Delivered]:
        """What to note once a message reached Discord."""
        return {
            "gig.post": self.board.posted,
            "gig.link": self.channels.linked,
            "gig.guide": self.channels.guided,
            "gig.review": self.review.asked,
        }

    async def gig(self, gig_id: int) -> GigView | None:
        """A gig as it is now, for a card that is about to be sent."""
        async with self.desk.store.read() as session:
            row = await session.get(Gig, gig_id)
            return await self.desk.view(session, row) if row else None

    async def interest_view(self, interest_id: int) -> InterestView | None:
        """An interest as it is now, for a card that is about to be sent."""
        async with self.desk.store.read() as session:
            row = await session.get(Interest, interest_id)
            return await self.desk.interest(session, interest_id) if row else None

    async def community_name(self, community_id: int | None) -> str:
        """A community's name, for a message that is about nothing else any more."""
        async with self.desk.store.read() as session:
            return await self.desk.place(session, community_id or 0)
