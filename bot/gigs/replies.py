"""What follows from a pitch: the poster hears of it, contact opens, and a no is told gently."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import AgendaRow, Handler, Work
from bot.gigs import manners
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, Interest
from bot.gigs.views import GigView


@dataclass(frozen=True, slots=True)
class Contact:
    """Two people who agreed to talk, and where a private thread for them could be."""

    interest_id: int
    lobby_id: int | None
    thread_id: int | None
    people: tuple[int, int]


class Replies:
    """The messages between poster and applicants; every method but the handlers joins the unit of work."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk

    def handlers(self) -> dict[str, Handler]:
        """The agenda work that needs nothing of Discord."""
        return {"gig.declines": self.tell_declines}

    # --- the poster hears of a pitch ---------------------------------------------------------------

    async def tell_of_pitch(self, session: AsyncSession, gig: GigView, interest_id: int) -> None:
        """Tell the poster at once, or bundled with others within the hour."""
        times = list(await session.scalars(select(Interest.created_at).where(Interest.gig_id == gig.id)))
        at = manners.told_at(times)
        now_or_later = ("gig.interest", interest_id) if at == max(times) else ("gig.pitches", gig.id)
        await self.desk.tell(
            session, *now_or_later, gig.person_id, gig.community_id, manners.stamp(at), due_at=at
        )

    async def new_pitches(self, gig_id: int) -> tuple[GigView, int] | None:
        """A gig and how many pitches wait, for the bundle that is about to be sent; None when none does."""
        async with self.desk.store.read() as session:
            gig = await session.get(Gig, gig_id)
            waiting = select(func.count()).where(Interest.gig_id == gig_id, Interest.state == "waiting")
            number = await session.scalar(waiting) or 0
            return (await self.desk.view(session, gig), number) if gig is not None and number else None

    # --- contact -----------------------------------------------------------------------------------

    async def plan_contact(self, session: AsyncSession, interest_id: int, community_id: int) -> None:
        """Let a private thread be opened for two who agreed to talk; they hear of it when it is there."""
        await self.desk.agenda.plan(
            session, kind="gig.room", key=f"gig.room:{interest_id}", subject=interest_id,
            community_id=community_id, due_at=self.desk.clock.now(),
        )  # fmt: skip

    async def contact(self, interest_id: int) -> Contact | None:
        """What is needed to open the thread; None when there is nobody to bring together any more."""
        async with self.desk.store.read() as session:
            row = await session.get(Interest, interest_id)
            if row is None or row.state != "accepted":
                return None
            view = await self.desk.interest(session, interest_id)
            community = await self.desk.people.community(session, view.gig.community_id)
            return Contact(
                interest_id=interest_id,
                lobby_id=community.lobby_channel_id if community else None,
                thread_id=row.thread_id,
                people=(view.gig.person_id, view.applicant.person_id),
            )

    async def in_contact(self, work: Work, thread_id: int | None) -> bool:
        """Tell both where they can talk: in their thread, or by each other's name where there is none.

        False when one of them was deleted while the thread was being opened.
        """
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            row = await session.get(Interest, work.subject)
            if row is None or row.state != "accepted":
                return False
            row.thread_id = thread_id
            await session.flush()
            view = await self.desk.interest(session, row.id)
            community_id = view.gig.community_id
            if thread_id is not None:
                await self.desk.outbox.say(
                    session, kind="gig.room", subject=row.id, key=f"gig.room:{row.id}:{thread_id}",
                    recipient=thread_id, community_id=community_id, target="channel",
                )  # fmt: skip
            for person_id in (view.gig.person_id, view.applicant.person_id):
                await self.desk.tell(session, "gig.accepted", row.id, person_id, community_id)
            return True

    async def taken_out(self, work: Work) -> None:
        """Forget that somebody who deleted themselves had to be taken out of a thread."""
        async with self.desk.store.write() as session:
            await session.execute(
                delete(AgendaRow).where(AgendaRow.id == work.id).execution_options(synchronize_session=False)
            )

    # --- what went another way ---------------------------------------------------------------------

    async def plan_declines(self, session: AsyncSession, member_id: int) -> None:
        """Let an applicant hear of all their declines of a day together, on their next morning."""
        applicant = await self.desk.people.view(session, member_id)
        community = await self.desk.people.community(session, applicant.community_id)
        zone = applicant.zone or (community.zone if community else "UTC")
        at = manners.declines_at(self.desk.clock.now(), zone)
        await self.desk.agenda.plan(
            session, kind="gig.declines", key=f"gig.declines:{applicant.id}:{int(at.timestamp())}",
            subject=applicant.id, community_id=applicant.community_id, due_at=at,
        )  # fmt: skip

    async def tell_declines(self, work: Work) -> None:
        """Tell a member which of their pitches went another way; agenda work `gig.declines`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            moved = await session.execute(
                update(Interest)
                .where(Interest.member_id == work.subject, Interest.state == "declining")
                .values(state="declined").returning(Interest.id).execution_options(synchronize_session=False)
            )  # fmt: skip
            told = sorted(row[0] for row in moved)
            if not told:
                return
            applicant = await self.desk.people.view(session, work.subject)
            kind, subject = ("gig.declined", told[0]) if len(told) == 1 else ("gig.passed", applicant.id)
            # No title in a bundle: a poster who deletes themselves could not take it back one by one.
            await self.desk.tell(
                session, kind, subject, applicant.person_id, applicant.community_id, f"{work.id}:{len(told)}",
                budgeted=True,
            )  # fmt: skip
