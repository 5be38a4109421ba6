"""How a gig comes into being: typed, screened, and sent to the board or before the moderators."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.board import Board
from bot.gigs.budget import Budget, find_budget, parse_budget
from bot.gigs.desk import Desk
from bot.gigs.review import Review
from bot.gigs.rules import Draft
from bot.gigs.screening import Repeat, Screening, fingerprint, screen
from bot.gigs.tables import Gig
from bot.gigs.views import GigView
from bot.people.niches import NicheBook
from bot.people.service import Who
from bot.people.tables import Member


class Posting:
    """Takes gigs in."""

    def __init__(self, desk: Desk, board: Board, review: Review) -> None:
        """Stand on the desk, the board and the queue."""
        self.desk = desk
        self.board = board
        self.review = review

    async def post(self, who: Who, draft: Draft) -> GigView:
        """Screen a gig and put it on the board, or before the moderators; posting consents to answers by DM.

        Raises:
            KithError: a part is missing (`gig_…`), there is no board, or their same gig is still open.
        """
        draft = rules.checked(draft)
        budget = parse_budget(draft.budget)
        people = self.desk.people
        async with self.desk.store.write() as session:
            member = await people.known(session, who)
            community = await self.desk.board_of(session, who.community_id)
            mark = fingerprint(draft.title + draft.description)
            repeat = await self._repeat(session, who.community_id, member.id, mark)
            book = await people.book(session, who.community_id)
            row = self._row(member, draft, budget, screen(draft.text, repeat=repeat), mark, book)
            session.add(row)
            await people.consent(session, member.id, "gigs")
            await session.flush()
            if row.state == "live":
                await self.board.publish(session, row, community)
            else:
                await self.review.ask(session, row, community)
            return await self.desk.view(session, row)

    def check(self, text: str) -> Screening:
        """What screening finds in any pasted text; nothing is stored."""
        return screen(text, budget_named=find_budget(text) is not None)

    def _row(
        self, member: Member, draft: Draft, budget: Budget, found: Screening, mark: str, book: NicheBook
    ) -> Gig:
        now = self.desk.clock.now()
        return Gig(
            community_id=member.community_id,
            member_id=member.id,
            kind=draft.kind,
            title=draft.title,
            description=draft.description,
            budget=draft.budget,
            low=int(budget.low * 100),
            high=int(budget.high * 100),
            currency=budget.currency,
            per=budget.per,
            terms=draft.terms,
            niches=rules.niches_in(book, draft.terms),
            state=rules.state_after(found.verdict),
            score=found.score,
            findings=[asdict(finding) for finding in found.findings],
            fingerprint=mark,
            created_at=now,
            expires_at=rules.expires(now),
        )

    async def _repeat(self, session: AsyncSession, community_id: int, member_id: int, mark: str) -> Repeat:
        """Whether this text is on the board or was refused; a member's own open gig is not posted twice."""
        rows = await session.execute(
            select(Gig.member_id, Gig.state).where(Gig.community_id == community_id, Gig.fingerprint == mark)
        )
        same = rows.all()
        if any(owner == member_id and state in rules.OPEN_STATES for owner, state in same):
            raise KithError("gig_already_posted")
        if any(state == "refused" for _owner, state in same):
            return "refused"
        return "open" if any(state in rules.OPEN_STATES for _owner, state in same) else ""
