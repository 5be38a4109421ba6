"""The gig board of every community: its rooms, and what the edge asks of all of them."""

from __future__ import annotations

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.gigs.board import Board
from bot.gigs.desk import Delivered, Desk
from bot.gigs.pitches import Pitches
from bot.gigs.posting import Posting
from bot.gigs.review import Review
from bot.gigs.rules import Draft
from bot.gigs.tables import Gig, Interest
from bot.gigs.views import GigView, InterestOutcome, InterestView, Outcome
from bot.people.service import PeopleService

__all__ = ["Draft", "GigService", "GigView", "InterestOutcome", "InterestView", "Outcome"]


class GigService:
    """Puts the rooms together; each room has the use cases of its subject."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.desk = Desk(store, clock, agenda, outbox, people)
        self.board = Board(self.desk)
        self.review = Review(self.desk, self.board)
        self.posting = Posting(self.desk, self.board, self.review)
        self.pitches = Pitches(self.desk)

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of this feature."""
        return {"gig.expire": self.board.expire}

    def delivered(self) -> dict[str, Delivered]:
        """What to note once a message reached Discord."""
        return {"gig.post": self.board.posted}

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
