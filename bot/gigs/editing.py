"""Changing a gig that is on the board: its post is never lost.

New words are a row of their own, in the state `edit`, until their poster saves them. Clean ones take the
place of the old words, and the post follows. Others wait beside: the post keeps its old words, and the poster
either mends the new ones or hands them to the moderators as a gig of its own.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.desk import Desk
from bot.gigs.posting import UNKNOWN, Posting, judge, read_words
from bot.gigs.rules import Draft, Standing
from bot.gigs.starter import check_starter
from bot.gigs.tables import Gig, Interest
from bot.gigs.views import GigView, Outcome, Preview
from bot.people.tables import Member

_PAY = ("low", "high", "currency", "per")
_DETAILS = ("skills", "hours", "length", "apply", "starter")
_WORDS = (
    "kind",
    "title",
    "description",
    "budget",
    "terms",
    "niches",
    "fingerprint",
    "sketch",
    *_PAY,
    *_DETAILS,
)
_INTERESTED = ("waiting", "accepted")


class Editing:
    """Changes words that others see."""

    def __init__(self, desk: Desk, posting: Posting) -> None:
        """Stand on the desk, and on how gigs are taken in; the post on the board follows every edit."""
        self.desk = desk
        self.posting = posting
        desk.on_edited.append(posting.board.show_again)

    async def open(self, person_id: int, gig_id: int) -> GigView:
        """A person's own gig that they may change; raises `gig_edit_waiting` or `gig_closed` for others."""
        async with self.desk.store.read() as session:
            row = await self.desk.own(session, person_id, gig_id)
            self._changeable(row)
            return await self.desk.view(session, row)

    async def words(self, person_id: int, gig_id: int, draft: Draft, standing: Standing = UNKNOWN) -> Preview:
        """Keep new words beside a live gig, and show what they would look like."""
        typed = await read_words(draft)
        async with self.desk.store.write() as session:
            gig = await self._live(session, person_id, gig_id)
            row = self.posting.blank(gig.community_id, gig.member_id, "edit")
            for name in _DETAILS:
                setattr(row, name, getattr(gig, name))
            if row.starter:
                check_starter(typed.budget)
            await self.posting.fill(session, row, typed)
            session.add(row)
            return await self.posting.preview_of(session, row, standing, gig.id)

    async def save(
        self, person_id: int, edit_id: int, gig_id: int, standing: Standing = UNKNOWN
    ) -> Outcome | Preview:
        """Put the new words in the place of the old ones; a preview comes back where they are not clean."""
        async with self.desk.store.write() as session:
            gig = await self._live(session, person_id, gig_id)
            row = await self.posting.unpublished(session, person_id, edit_id, gig_id)
            if row is None:
                return Outcome(await self.desk.view(session, gig), False)
            await self.posting.open_to(session, gig)
            found = await self.posting.vetting.weigh(session, row, standing, gig_id)
            if found.verdict != "live":
                return await self.posting.preview_of(session, row, standing, gig_id)
            judge(row, found)
            await self._replace(session, gig, row)
            return Outcome(await self.desk.view(session, gig), True)

    async def ask(self, person_id: int, edit_id: int, gig_id: int, standing: Standing = UNKNOWN) -> Outcome:
        """Hand new words to the moderators as a gig of its own; the post on the board stays as it is."""
        async with self.desk.store.write() as session:
            row = await self.posting.unpublished(session, person_id, edit_id, gig_id)
            if row is None:
                raise KithError("gig_draft_gone")
            community = await self.posting.open_to(session, row)
            found = await self.posting.vetting.weigh(session, row, standing, gig_id)
            if found.verdict == "live":
                gig = await self._live(session, person_id, gig_id)
                judge(row, found)
                await self._replace(session, gig, row)
                return Outcome(await self.desk.view(session, gig), True)
            await self.posting.settle(session, row, found, community)
            return Outcome(await self.desk.view(session, row), True)

    async def _replace(self, session: AsyncSession, gig: Gig, row: Gig) -> None:
        """Let the old gig say the new words, everywhere."""
        paid = [getattr(gig, name) for name in _PAY]
        for name in (*_WORDS, "score", "findings"):
            setattr(gig, name, getattr(row, name))
        gig.edited_at = self.desk.clock.now()
        await self.posting.drop(session, row)
        await session.flush()
        await self.posting.vetting.keep(session, gig)
        for follow in self.desk.on_edited:
            await follow(session, gig)
        if paid != [getattr(gig, name) for name in _PAY]:
            await self._tell_interested(session, gig)

    async def _tell_interested(self, session: AsyncSession, gig: Gig) -> None:
        """Whoever answered for another pay hears of the new one."""
        query = (
            select(Interest.id, Member.person_id).join(Member, Member.id == Interest.member_id)
            .where(Interest.gig_id == gig.id, Interest.state.in_(_INTERESTED)).order_by(Interest.id)
        )  # fmt: skip
        assert gig.edited_at is not None
        for interest_id, person_id in (await session.execute(query)).all():
            await self.desk.tell(
                session, "gig.repaid", interest_id, person_id, gig.community_id,
                mark=f"{gig.edited_at.timestamp():.0f}",
            )  # fmt: skip

    async def _live(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        row = await session.get(Gig, gig_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise KithError("gig_gone")
        await self.desk.own(session, person_id, gig_id)
        if row.state != "live":
            raise KithError("gig_closed")
        return row

    def _changeable(self, row: Gig) -> None:
        if row.state in rules.REVIEWED_STATES:
            raise KithError("gig_edit_waiting")
        if row.state not in ("live", "edit", *rules.UNPUBLISHED_STATES):
            raise KithError("gig_closed")
