"""How a gig comes into being: kept as a draft, previewed, screened, sent to the board or the moderators."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.board import Board
from bot.gigs.budget import Budget, find_budget, parse_budget
from bot.gigs.change_rules import UNSENT
from bot.gigs.changes import draft_key
from bot.gigs.desk import Desk
from bot.gigs.review import Review
from bot.gigs.rules import Details, Draft, Standing, State
from bot.gigs.screening import Screening, fingerprint, screen
from bot.gigs.sketch import sketch
from bot.gigs.starter import check_starter
from bot.gigs.tables import Gig
from bot.gigs.vetting import Typical, Vetting
from bot.gigs.views import GigView, Outcome, Preview
from bot.people.service import CommunityView, Who
from bot.people.tables import Member

UNKNOWN = Standing()


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that were checked, their budget as it was understood, and what finds the same text again."""

    draft: Draft
    budget: Budget
    fingerprint: str
    sketch: tuple[int, ...]


class Posting:
    """Takes gigs in."""

    def __init__(self, desk: Desk, board: Board, review: Review, vetting: Vetting) -> None:
        """Stand on the desk, the board, the queue, and what weighs a gig."""
        self.desk = desk
        self.board = board
        self.review = review
        self.vetting = vetting
        # What people here are paid, where another room knows it.
        self.typical: Typical | None = None

    async def begin(self, who: Who) -> list[GigView]:
        """The member's unfinished gigs, newest first.

        Raises:
            KithError: `gig_no_board` where nothing can be posted, `barred` for whom it is closed.
        """
        async with self.desk.store.read() as session:
            await self.desk.board_of(session, who.community_id)
            member = await self.desk.people.find(session, who.community_id, who.person_id)
            if member is None:
                return []
            if member.barred:
                raise KithError("barred")
            query = select(Gig).where(Gig.member_id == member.id, Gig.state == "draft")
            rows = await session.scalars(query.order_by(Gig.id.desc()).limit(rules.DRAFTS_MAX))
            return await self.desk.views(session, rows)

    async def draft(self, who: Who, draft: Draft, standing: Standing = UNKNOWN) -> Preview:
        """Keep a new gig for its poster alone, and return what it would look like.

        Raises:
            KithError: a part is missing (`gig_…`), there is no board, their same gig is still open, or too
                many are unfinished.
        """
        typed = await read_words(draft)
        async with self.desk.store.write() as session:
            member = await self.desk.people.known(session, who)
            await self.desk.board_of(session, who.community_id)
            await self._has_room(session, member.id)
            row = self.blank(member.community_id, member.id, "draft")
            await self.fill(session, row, typed)
            session.add(row)
            return await self.preview_of(session, row, standing)

    async def rewrite(
        self,
        person_id: int,
        gig_id: int,
        draft: Draft,
        standing: Standing = UNKNOWN,
        beside: int | None = None,
    ) -> Preview | None:
        """Give a draft other words; None when it is no longer kept, `gig_published` when it is none now."""
        typed = await read_words(draft)
        async with self.desk.store.write() as session:
            row = await self.unpublished(session, person_id, gig_id, beside)
            if row is None:
                return None
            if row.starter:
                check_starter(typed.budget)
            await self.fill(session, row, typed)
            return await self.preview_of(session, row, standing, beside)

    async def add(
        self, person_id: int, gig_id: int, details: Details, standing: Standing = UNKNOWN,
        beside: int | None = None,
    ) -> Preview:  # fmt: skip
        """Add the details to a draft; raises `gig_draft_gone` when it is no longer kept."""
        details = rules.checked_details(details)
        async with self.desk.store.write() as session:
            row = await self._kept(session, person_id, gig_id, beside)
            if details.starter:
                check_starter(parse_budget(row.budget))
            names = {slug: term.name for slug, term in self.desk.people.catalogue.skills.items()}
            row.skills, strange = rules.skills_in(names, details.skills)
            row.hours, row.length, row.apply = details.hours, details.length, details.apply
            row.starter = details.starter
            return await self.preview_of(session, row, standing, beside, strange=tuple(strange))

    async def preview(
        self, person_id: int, gig_id: int, standing: Standing = UNKNOWN, beside: int | None = None
    ) -> Preview:
        """What a draft looks like now; raises `gig_draft_gone` when it is no longer kept."""
        async with self.desk.store.write() as session:
            row = await self._kept(session, person_id, gig_id, beside)
            return await self.preview_of(session, row, standing, beside)

    async def publish(self, person_id: int, gig_id: int, standing: Standing = UNKNOWN) -> Outcome:
        """Put a draft on the board, or before the moderators; publishing consents to answers by DM.

        The second press changes nothing.
        """
        async with self.desk.store.write() as session:
            row = await self._locked(session, person_id, gig_id)
            if row is None or row.state == "edit" or row.replaces is not None:
                raise KithError("gig_draft_gone")
            changed = row.state in rules.UNPUBLISHED_STATES
            if changed:
                await self._let_out(session, row, await self.vetting.weigh(session, row, standing))
            return Outcome(await self.desk.view(session, row), changed)

    async def post(self, who: Who, draft: Draft, standing: Standing = UNKNOWN) -> GigView:
        """Draft and publish at once, without a look in between."""
        preview = await self.draft(who, draft, standing)
        return (await self.publish(who.person_id, preview.gig.id, standing)).gig

    async def discard(self, person_id: int, gig_id: int) -> bool:
        """Throw a draft away; False when it is not there any more."""
        async with self.desk.store.write() as session:
            row = await self._locked(session, person_id, gig_id)
            if row is None:
                return False
            if row.state not in ("draft", "edit"):
                raise KithError("gig_published")
            await self.drop(session, row)
            return True

    async def forget(self, work: Work) -> None:
        """Delete a draft whose time is over; agenda work `gig.draft`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            await session.execute(delete(Gig).where(Gig.id == work.subject, Gig.state.in_(("draft", "edit"))))

    def check(self, text: str) -> Screening:
        """What screening finds in any pasted text; nothing is stored."""
        return screen(text, budget_named=find_budget(text) is not None, book=self.vetting.book)

    # --- within the caller's unit of work ------------------------------------------------------------

    def blank(self, community_id: int, member_id: int, state: State) -> Gig:
        """A row that nobody but its poster sees."""
        now = self.desk.clock.now()
        return Gig(
            community_id=community_id, member_id=member_id, state=state, score=0, findings=[], skills=[],
            starter=False, created_at=now, expires_at=now + rules.DRAFT_FOR,
        )  # fmt: skip

    async def fill(self, session: AsyncSession, row: Gig, typed: Typed) -> None:
        """Put checked words into a row."""
        draft, budget = typed.draft, typed.budget
        row.kind, row.title, row.description = draft.kind, draft.title, draft.description
        row.budget, row.terms = draft.budget, draft.terms
        row.low, row.high = int(budget.low * 100), int(budget.high * 100)
        row.currency, row.per = budget.currency, budget.per
        row.niches = rules.niches_in(await self.desk.people.book(session, row.community_id), draft.terms)
        row.fingerprint, row.sketch = typed.fingerprint, list(typed.sketch)

    async def preview_of(
        self, session: AsyncSession, row: Gig, standing: Standing, beside: int | None = None,
        strange: tuple[str, ...] = (), instead: bool = False,
    ) -> Preview:  # fmt: skip
        """Keep a row for another week, and show it with what screening makes of it."""
        found = await self.vetting.weigh(session, row, standing, beside)
        judge(row, found)
        await self._keep(session, row)
        book = await self.desk.people.book(session, row.community_id)
        replaced = await self.desk.gig(session, beside) if beside is not None else None
        return Preview(
            gig=await self.desk.view(session, row),
            verdict=found.verdict,
            until=replaced.expires_at if replaced else rules.expires(self.desk.clock.now()),
            beside=beside,
            typical=await self._above(session, row),
            strange=(*rules.strange_niches(book, row.terms), *strange),
            instead=instead,
        )

    async def unpublished(
        self, session: AsyncSession, person_id: int, gig_id: int, beside: int | None
    ) -> Gig | None:
        """A person's own draft, locked; None when it is gone, `gig_published` when it is none any more."""
        row = await self._locked(session, person_id, gig_id)
        if row is None:
            return None
        if beside is not None:
            await self.desk.own(session, person_id, beside)
            if row.state == "edit":  # such a row of an older version does not say what it changes
                row.replaces = row.replaces or beside
        states = UNSENT if beside is not None else rules.UNPUBLISHED_STATES
        if row.replaces != beside or row.state not in states:
            raise KithError("gig_published")
        return row

    async def drop(self, session: AsyncSession, row: Gig) -> None:
        """Delete a draft and what was planned about it."""
        await self.desk.agenda.cancel(session, draft_key(row.id))
        await session.delete(row)

    async def open_to(self, session: AsyncSession, row: Gig) -> CommunityView:
        """The community a row may be published in; raises `barred` or `gig_no_board`."""
        if (await session.get_one(Member, row.member_id)).barred_at is not None:
            raise KithError("barred")
        return await self.desk.board_of(session, row.community_id)

    async def _let_out(self, session: AsyncSession, row: Gig, found: Screening) -> None:
        community = await self.open_to(session, row)
        await self.settle(session, row, found, community)

    async def settle(
        self, session: AsyncSession, row: Gig, found: Screening, community: CommunityView
    ) -> None:
        """Let a draft out of its poster's hands: to the board, or to the moderators."""
        now = self.desk.clock.now()
        judge(row, found)
        if row.state != "change":
            row.created_at = now
        row.state, row.change = rules.state_after(found.verdict), None
        row.expires_at = rules.expires(now)
        await self.desk.agenda.cancel(session, draft_key(row.id))
        await self.desk.people.consent(session, row.member_id, "gigs")
        await session.flush()
        await self.vetting.keep(session, row)
        if row.state == "live":
            await self.board.publish(session, row, community)
        else:
            await self.review.ask(session, row, community)

    async def _keep(self, session: AsyncSession, row: Gig) -> None:
        """A draft is kept for a week from the last touch; what moderators sent back waits for its poster."""
        await session.flush()
        if row.state == "change":
            return
        row.expires_at = self.desk.clock.now() + rules.DRAFT_FOR
        await self.desk.agenda.cancel(session, draft_key(row.id))
        await self.desk.agenda.plan(
            session, kind="gig.draft", key=draft_key(row.id), subject=row.id, community_id=row.community_id,
            due_at=row.expires_at,
        )  # fmt: skip

    async def _kept(self, session: AsyncSession, person_id: int, gig_id: int, beside: int | None) -> Gig:
        row = await self.unpublished(session, person_id, gig_id, beside)
        if row is None:
            raise KithError("gig_draft_gone")
        return row

    async def _locked(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig | None:
        """A person's own row, which nobody else changes meanwhile; None when it is gone."""
        row = await session.get(Gig, gig_id, with_for_update=True, populate_existing=True)
        if row is not None:
            await self.desk.own(session, person_id, gig_id)
        return row

    async def _has_room(self, session: AsyncSession, member_id: int) -> None:
        """A member keeps a few drafts; none is thrown away without being asked."""
        drafts = select(func.count()).where(Gig.member_id == member_id, Gig.state == "draft")
        if (await session.scalar(drafts) or 0) >= rules.DRAFTS_MAX:
            raise KithError("gig_drafts_full", most=rules.DRAFTS_MAX)

    async def _above(self, session: AsyncSession, row: Gig) -> tuple[int, int] | None:
        """What people here are paid, where that is more than this budget."""
        if self.typical is None:
            return None
        paid = await self.typical(session, row.community_id, row.skills, row.currency, row.per)
        return paid if paid is not None and row.high < paid[0] else None


async def read_words(draft: Draft) -> Typed:
    """Check and read what was typed, before any unit of work: comparing long texts takes its time.

    Raises:
        KithError: a part is missing or of no use (`gig_…`).
    """
    draft = rules.checked(draft)
    budget = parse_budget(draft.budget)
    words = draft.title + draft.description
    return Typed(draft, budget, fingerprint(words), await asyncio.to_thread(sketch, words))


def judge(row: Gig, found: Screening) -> None:
    """Note on a row what screening found."""
    row.score, row.findings = found.score, [asdict(finding) for finding in found.findings]
