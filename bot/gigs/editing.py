"""Changing a gig that is on the board: its post is never lost.

New words are a row of their own that knows the gig they would change. Clean ones take the place of the old
words, and the post follows. Others wait beside: the post keeps its old words, and the poster either mends the
new ones or hands them to the moderators, who see what would change.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.change_rules import UNSENT, WITH_MODERATORS
from bot.gigs.changes import Changes
from bot.gigs.desk import Desk
from bot.gigs.posting import UNKNOWN, Posting, judge, read_words
from bot.gigs.rules import Draft, Standing
from bot.gigs.starter import check_starter
from bot.gigs.tables import Gig
from bot.gigs.views import GigView, Outcome, Preview

_DETAILS = ("skills", "hours", "length", "apply", "starter")


class Editing:
    """Changes words that others see."""

    def __init__(self, desk: Desk, posting: Posting, changes: Changes) -> None:
        """Stand on the desk, on how gigs are taken in, and on the room of changes."""
        self.desk = desk
        self.posting = posting
        self.changes = changes
        desk.on_edited.append(posting.board.show_again)

    async def place(self, person_id: int, gig_id: int) -> tuple[int, int]:
        """Say where an edit of one's own gig goes on: the row of its words, and the live gig beside; or 0.

        Raises:
            KithError: another's gig, one that moderators read (`gig_edit_waiting`), or a closed one.
        """
        async with self.desk.store.read() as session:
            row = await self.desk.own(session, person_id, gig_id)
            if row.replaces is not None:
                live = await self.desk.gig(session, row.replaces)
                if row.state in UNSENT and live.state == "live":
                    return row.id, live.id
                row = live  # those words are out of the poster's hands: others begin on the live gig
            self._changeable(row)
            if row.state != "live":
                return row.id, 0
            kept = await self.changes.newest(session, row.id, UNSENT)
            return (kept.id if kept is not None else 0), row.id

    async def open(self, person_id: int, gig_id: int) -> GigView:
        """A person's own words that they may change: of a live gig those they wrote last.

        Raises `gig_edit_waiting` or `gig_closed` for others.
        """
        async with self.desk.store.read() as session:
            row = await self.desk.own(session, person_id, gig_id)
            self._changeable(row)
            if row.state == "live":
                row = await self.changes.newest(session, row.id, WITH_MODERATORS) or row
            return await self.desk.view(session, row)

    async def words(self, person_id: int, gig_id: int, draft: Draft, standing: Standing = UNKNOWN) -> Preview:
        """Keep new words beside a live gig, and show what they would look like.

        They take the place of other new words of the same gig, which wait for the moderators no longer.
        """
        typed = await read_words(draft)
        async with self.desk.store.write() as session:
            gig = await self._live(session, person_id, gig_id)
            base = await self.changes.newest(session, gig.id, WITH_MODERATORS) or gig
            row = self.posting.blank(gig.community_id, gig.member_id, "edit")
            row.replaces = gig.id
            for name in _DETAILS:
                setattr(row, name, getattr(base, name))
            if row.starter:
                check_starter(typed.budget)
            instead = await self.changes.make_room(session, gig.id)
            await self.posting.fill(session, row, typed)
            session.add(row)
            return await self.posting.preview_of(session, row, standing, gig.id, instead=instead)

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
            return await self._saved(session, gig, row)

    async def ask(self, person_id: int, edit_id: int, gig_id: int, standing: Standing = UNKNOWN) -> Outcome:
        """Hand new words to the moderators; the post on the board stays as it is until they say yes.

        The second press changes nothing. Clean words are saved at once.
        """
        async with self.desk.store.write() as session:
            gig = await self._live(session, person_id, gig_id)
            known = await session.get(Gig, edit_id, with_for_update=True, populate_existing=True)
            if known is not None and known.replaces == gig_id and known.state in WITH_MODERATORS:
                return Outcome(await self.desk.view(session, known), False)
            row = await self.posting.unpublished(session, person_id, edit_id, gig_id)
            if row is None:
                raise KithError("gig_draft_gone")
            community = await self.posting.open_to(session, row)
            found = await self.posting.vetting.weigh(session, row, standing, gig_id)
            if found.verdict == "live":
                judge(row, found)
                return await self._saved(session, gig, row)
            await self.changes.make_room(session, gig_id, row.id)
            await self.posting.settle(session, row, found, community)
            return Outcome(await self.desk.view(session, row), True)

    async def discard(self, person_id: int, edit_id: int, gig_id: int) -> Outcome:
        """Throw new words away, also those that moderators read; the post stays as it is.

        The second press changes nothing.
        """
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            await self.changes.locked(session, gig_id)
            row = await session.get(Gig, edit_id, with_for_update=True, populate_existing=True)
            left = row is None or row.state not in (*UNSENT, *WITH_MODERATORS)
            if row is not None and not left:
                await self.desk.own(session, person_id, edit_id)
                if row.replaces != gig_id and (row.replaces, row.state) != (None, "edit"):
                    raise KithError("gig_gone")
                await self.changes.leave(session, row)
            return Outcome(await self.desk.view(session, gig), not left)

    async def _saved(self, session: AsyncSession, gig: Gig, row: Gig) -> Outcome:
        """Let the live gig say the words of a row that is not needed any more."""
        await self.changes.put_in(session, gig, row)
        await self.changes.make_room(session, gig.id)
        return Outcome(await self.desk.view(session, gig), True)

    async def _live(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        row = await self.changes.locked(session, gig_id)
        if row is None:
            raise KithError("gig_gone")
        await self.desk.own(session, person_id, gig_id)
        if row.state != "live" or row.replaces is not None:
            raise KithError("gig_closed")
        return row

    def _changeable(self, row: Gig) -> None:
        if row.state in rules.REVIEWED_STATES:
            raise KithError("gig_edit_waiting")
        if row.state not in ("live", "edit", *rules.UNPUBLISHED_STATES):
            raise KithError("gig_closed")
