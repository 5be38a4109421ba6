"""Two weeks after a gig was filled: was somebody hired, paid, is it done? Both are asked in private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Handler, Work
from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.gigs import manners
from bot.gigs.board import Board
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, GigOutcome, Interest
from bot.gigs.ties import worked_together
from bot.gigs.views import InterestView
from bot.people.service import Who

Side = Literal["poster", "worker"]
OnUnworked = Callable[[AsyncSession, int, str], Awaitable[None]]
Vouch = Callable[[Who, int, str], Awaitable[object]]

Moderators = Literal["", "told", "knew", "nobody"]
"""What moderators know of open pay: nothing to know, told just now, told before, or there is no channel."""
OPEN, SETTLED = "open", "settled"
"""How a message to moderators about pay is marked: something is owed, or no longer."""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What one side of an accepted pitch said so far; None is not answered, or not clear yet."""

    interest: InterestView
    side: Side
    hired: bool | None
    paid: bool | None
    finished: bool | None

    @property
    def me(self) -> tuple[int, str]:
        """Who says so: id and name."""
        gig, applicant = self.interest.gig, self.interest.applicant
        return (gig.person_id, gig.name) if self.side == "poster" else (applicant.person_id, applicant.name)

    @property
    def other(self) -> tuple[int, str]:
        """Whom it is about: id and name."""
        gig, applicant = self.interest.gig, self.interest.applicant
        return (gig.person_id, gig.name) if self.side == "worker" else (applicant.person_id, applicant.name)


@dataclass(frozen=True, slots=True)
class OutcomeSaid:
    """What an answer left behind; False where it was the same before."""

    view: OutcomeView
    changed: bool
    moderators: Moderators


class Outcomes:
    """Asks both sides how it went, and lets circles and moderators follow."""

    def __init__(self, desk: Desk, board: Board) -> None:
        """Stand on the desk; follow gigs that are filled."""
        self.desk = desk
        self.board = board
        # Told of two members, one way each, who turn out not to have worked together: member, source.
        self.on_unworked: list[OnUnworked] = []
        # Offers a vouch: who gives it, to whom, in which words; handed in by the composition root.
        self.vouch: Vouch | None = None
        desk.on_closed.append(self.plan)

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of outcomes."""
        return {"gig.outcome": self.ask}

    # --- asking ------------------------------------------------------------------------------------

    async def plan(self, session: AsyncSession, gig: Gig) -> None:
        """Ask in two weeks, when a gig was filled by somebody from here."""
        if gig.state != "filled" or not await worked_together(session, gig.id):
            return
        await self.desk.agenda.plan(
            session, kind="gig.outcome", key=f"gig.outcome:{gig.id}", subject=gig.id,
            community_id=gig.community_id, due_at=self.desk.clock.now() + manners.ASK_AFTER,
        )  # fmt: skip

    async def ask(self, work: Work) -> None:
        """Ask the poster once and every accepted applicant; agenda work `gig.outcome`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            gig = await session.get(Gig, work.subject)
            if gig is None or gig.state != "filled":
                return
            ids = await self._accepted(session, gig.id)
            for interest_id in ids:
                for side in ("poster", "worker"):
                    await self._row(session, interest_id, side)
                view = await self.desk.interest(session, interest_id)
                await self.desk.tell(
                    session, "gig.worked", interest_id, view.applicant.person_id, gig.community_id,
                    budgeted=True,
                )  # fmt: skip
            if ids:
                poster = await self.desk.people.view(session, gig.member_id)
                await self.desk.tell(
                    session, "gig.outcome", gig.id, poster.person_id, gig.community_id, budgeted=True
                )

    # --- answering ---------------------------------------------------------------------------------

    async def page(self, person_id: int, gig_id: int) -> list[OutcomeView]:
        """What the poster of a gig said about each person they accepted."""
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            return [await self._view(session, one, "poster") for one in await self._accepted(session, gig.id)]

    async def mine(self, person_id: int, interest_id: int) -> OutcomeView:
        """What this person said about a pitch, for the form; raises `not_yours` for anybody else's."""
        async with self.desk.store.write() as session:
            return await self._view(session, interest_id, await self._side(session, person_id, interest_id))

    async def shown(self, interest_id: int, side: Side) -> OutcomeView | None:
        """What a side said, for a message that is about to be sent; None when there is nothing of it."""
        async with self.desk.store.read() as session:
            row = await session.get(GigOutcome, (interest_id, side))
            return await self._frozen(session, row) if row is not None else None

    async def say(
        self, person_id: int, interest_id: int, hired: bool, paid: bool | None, finished: bool | None
    ) -> OutcomeSaid:
        """Keep what one side says; it may be said anew, and the same again changes nothing."""
        async with self.desk.store.write() as session:
            side = await self._side(session, person_id, interest_id)
            # Both sides may answer at once: what follows depends on both answers.
            await session.get_one(Interest, interest_id, with_for_update=True, populate_existing=True)
            row = await self._row(session, interest_id, side)
            before = await self._counts(session, interest_id)
            was_unpaid = row.paid is False
            old = (row.hired, row.paid, row.finished)
            row.hired, row.paid, row.finished = manners.tidy(hired, paid, finished)
            changed = old != (row.hired, row.paid, row.finished)
            row.answered_at = self.desk.clock.now()
            await session.flush()
            await self._follow(session, interest_id, before)
            told = await self._tell_moderators(session, row, was_unpaid)
            return OutcomeSaid(await self._frozen(session, row), changed, told)

    async def nobody(self, person_id: int, gig_id: int) -> list[OutcomeView]:
        """The poster hired nobody from here: said about everybody of whom nothing was said yet."""
        for view in await self.page(person_id, gig_id):
            if view.hired is None:
                await self.say(person_id, view.interest.id, hired=False, paid=None, finished=None)
        return await self.page(person_id, gig_id)

    async def vouch_for(self, person_id: int, locale: str, interest_id: int, words: str) -> OutcomeView:
        """Offer the other side a vouch; it is shown to others once they accept it."""
        view = await self.mine(person_id, interest_id)
        gig = view.interest.gig
        if self.vouch is None:
            raise KithError("gig_gone")
        giver = Who(gig.community_id, gig.community_name, *view.me, locale)
        await self.vouch(giver, view.other[0], words)
        return view

    # --- inside ------------------------------------------------------------------------------------

    async def _accepted(self, session: AsyncSession, gig_id: int) -> list[int]:
        query = select(Interest.id).where(Interest.gig_id == gig_id, Interest.state == "accepted")
        return list(await session.scalars(query.order_by(Interest.id)))

    async def _side(self, session: AsyncSession, person_id: int, interest_id: int) -> Side:
        """As which side somebody answers; only once the gig was filled with this pitch accepted."""
        view = await self.desk.interest(session, interest_id)
        if person_id not in (view.gig.person_id, view.applicant.person_id):
            raise KithError("not_yours")
        if view.state != "accepted" or view.gig.state != "filled":
            raise KithError("gig_gone")
        return "poster" if person_id == view.gig.person_id else "worker"

    async def _row(self, session: AsyncSession, interest_id: int, side: str) -> GigOutcome:
        now = self.desk.clock.now()
        await insert_new(session, GigOutcome, interest_id=interest_id, side=side, asked_at=now)
        return await session.get_one(GigOutcome, (interest_id, side), populate_existing=True)

    async def _view(self, session: AsyncSession, interest_id: int, side: Side) -> OutcomeView:
        return await self._frozen(session, await self._row(session, interest_id, side))

    async def _frozen(self, session: AsyncSession, row: GigOutcome) -> OutcomeView:
        side: Side = "poster" if row.side == "poster" else "worker"
        interest = await self.desk.interest(session, row.interest_id)
        return OutcomeView(interest, side, row.hired, row.paid, row.finished)

    async def _counts(self, session: AsyncSession, interest_id: int) -> bool:
        said = await session.scalars(select(GigOutcome.hired).where(GigOutcome.interest_id == interest_id))
        return manners.worked(said.all())

    async def _follow(self, session: AsyncSession, interest_id: int, before: bool) -> None:
        """Strike the two from each other's circle where nobody was hired, or put them back."""
        after = await self._counts(session, interest_id)
        if before == after:
            return
        row = await session.get_one(Interest, interest_id)
        for one, other, source in await worked_together(session, row.gig_id, interest_id):
            if after:
                for worked in self.board.on_worked:
                    await worked(session, one, other, "gig", source, self.desk.clock.now())
            else:
                for unworked in self.on_unworked:
                    await unworked(session, one, source)

    async def _tell_moderators(self, session: AsyncSession, row: GigOutcome, was_unpaid: bool) -> Moderators:
        """Tell moderators that somebody was not paid as agreed, and when that ends; once a day at most."""
        now_unpaid = row.paid is False
        interest = await self.desk.interest(session, row.interest_id)
        community = await self.desk.people.community(session, interest.gig.community_id)
        if community is None or community.mod_channel_id is None:
            return "nobody" if now_unpaid else ""
        new = False
        if now_unpaid != was_unpaid:
            mark, day = OPEN if now_unpaid else SETTLED, f"{self.desk.clock.now():%Y%m%d}"
            new = await self.desk.outbox.say(
                session, kind="gig.unpaid", subject=row.interest_id, recipient=community.mod_channel_id,
                key=f"gig.unpaid:{row.interest_id}:{row.side}:{mark}:{day}", community_id=community.id,
                target="channel",
            )  # fmt: skip
        if not now_unpaid:
            return ""
        return "told" if new else "knew"
