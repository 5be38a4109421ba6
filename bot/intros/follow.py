"""After two people met: a private note, and two weeks later a reminder to write again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.intros import reading, rules, ties
from bot.intros.moves import moved
from bot.intros.seats import kept_apart, own_seat, speakable, with_views
from bot.intros.tables import Introduction, Seat
from bot.intros.views import FollowView
from bot.people.service import PeopleService

NOTE_MAX = 200
ONCE_MORE = 2
"""A follow-up comes once, and once more when it was not the moment."""


class Follow:
    """Notes and follow-ups; a note is read by nobody but its writer."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on what the service stands on."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        return {"intro.follow": self._due}

    async def view(self, person_id: int, seat_id: int) -> FollowView:
        """Return what the member keeps about a meeting; raises `not_yours` and `intro_over`."""
        async with self.store.write() as session:
            seat, introduction = await own_seat(session, self.people, person_id, seat_id)
            return await self._view(session, seat, introduction)

    async def shown(self, seat_id: int) -> FollowView | None:
        """Return it for a message that is about to be sent; None when there is nothing to say any more."""
        async with self.store.read() as session:
            seat = await session.get(Seat, seat_id)
            if seat is None or not await self._wanted(session, seat):
                return None
            introduction = await session.get_one(Introduction, seat.introduction_id)
            return await self._view(session, seat, introduction)

    async def note(self, person_id: int, seat_id: int, note: str, agreed: str) -> FollowView:
        """Keep one private line and when they agreed to talk again; raises `intro_not_met`."""
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await self._met(session, person_id, seat_id)
            await moved(session, seat, now)
            seat.note = " ".join(note.split())[:NOTE_MAX] or None
            if agreed in rules.AGREEMENTS:
                await self._plan(session, seat, introduction.community_id, rules.follow_due(now, agreed))
            elif seat.note is not None:
                await self._plan(session, seat, introduction.community_id, self._in_time(seat))
            return await self._view(session, seat, introduction)

    async def remind(self, person_id: int, seat_id: int) -> FollowView:
        """Plan the follow-up without a note; raises `intro_not_met`."""
        async with self.store.write() as session:
            seat, introduction = await self._met(session, person_id, seat_id)
            await moved(session, seat, self.clock.now())
            if seat.follow_at is None:
                await self._plan(session, seat, introduction.community_id, self._in_time(seat))
            return await self._view(session, seat, introduction)

    async def done(self, person_id: int, seat_id: int) -> FollowView:
        """Note that the member wrote again; nothing more is asked."""
        async with self.store.write() as session:
            seat, introduction = await own_seat(session, self.people, person_id, seat_id)
            seat.followed_at = seat.followed_at or self.clock.now()
            await self.agenda.cancel(session, _key(seat.id, ONCE_MORE))
            return await self._view(session, seat, introduction)

    async def later(self, person_id: int, seat_id: int) -> FollowView:
        """Ask once more in two weeks; after that never again, and then the view has no `due_at`."""
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await own_seat(session, self.people, person_id, seat_id)
            if seat.followed_at is None and (seat.follow_at is None or seat.follow_at <= now):
                seat.follow_at = None
                due_at = rules.follow_due(now, None)
                await self._plan(session, seat, introduction.community_id, due_at, ONCE_MORE)
            return await self._view(session, seat, introduction)

    async def answered(self, session: AsyncSession, seat: Seat, community_id: int) -> None:
        """Follow an answer that changed, within the caller's unit of work: only who met is followed up."""
        if seat.outcome == "met" and seat.note is not None:
            await self._plan(session, seat, community_id, self._in_time(seat))
        elif seat.outcome != "met" and seat.follow_at is not None:
            seat.follow_at = None
            for turn in (1, ONCE_MORE):
                await self.agenda.cancel(session, _key(seat.id, turn))

    # --- inside --------------------------------------------------------------------------------------

    async def _due(self, work: Work) -> None:
        """Suggest writing again; what was planned for another moment is passed over."""
        async with self.store.write() as session:
            seat = await session.get(Seat, work.subject, with_for_update=True)
            # Not the work's own time: that moves when it has to be tried again.
            due = seat is not None and seat.follow_at is not None and seat.follow_at <= self.clock.now()
            if seat is not None and due and await self._wanted(session, seat):
                (found,) = await with_views(session, self.people, [seat])
                await self.outbox.say(
                    session,
                    kind="intro.follow",
                    subject=seat.id,
                    key=work.key,
                    recipient=found[1].person_id,
                    community_id=work.community_id,
                    budgeted=True,
                )
            await self.agenda.settle(session, work)

    async def _wanted(self, session: AsyncSession, seat: Seat) -> bool:
        """Whether a follow-up may be suggested: they met, and neither stepped back or wants to be apart."""
        introduction = await session.get(Introduction, seat.introduction_id)
        if seat.outcome != "met" or seat.followed_at is not None:
            return False
        if introduction is None or await speakable(session, self.people, introduction) is None:
            return False
        query = select(Seat.member_id).where(
            Seat.introduction_id == introduction.id, Seat.member_id != seat.member_id
        )
        others = list((await session.scalars(query)).all())
        mine = await reading.present(session, self.people, introduction, [seat.member_id], ("on",))
        return bool(others and mine) and not await kept_apart(session, seat.member_id, others)

    async def _met(self, session: AsyncSession, person_id: int, seat_id: int) -> tuple[Seat, Introduction]:
        seat, introduction = await own_seat(session, self.people, person_id, seat_id)
        if seat.outcome != "met":
            raise KithError("intro_not_met")
        return seat, introduction

    def _in_time(self, seat: Seat) -> datetime:
        """Two weeks after they said that they met; at once where that is over."""
        return max(rules.follow_due(seat.answered_at or self.clock.now(), None), self.clock.now())

    async def _plan(
        self, session: AsyncSession, seat: Seat, community_id: int, due_at: datetime, turn: int = 1
    ) -> None:
        """Plan a follow-up in place of the one planned; one that was sent does not come again.

        None for whoever asked to be apart from the other: it would not be sent.
        """
        await self.agenda.cancel(session, _key(seat.id, turn))
        if await self._asked_apart(session, seat):
            seat.follow_at = None
        elif await self.agenda.plan(
            session,
            kind="intro.follow",
            key=_key(seat.id, turn),
            subject=seat.id,
            community_id=community_id,
            due_at=due_at,
            not_after=due_at + rules.FOLLOW_WITHIN,
        ):
            seat.follow_at = due_at

    async def _asked_apart(self, session: AsyncSession, seat: Seat) -> bool:
        """Whether this member asked it; what another asked is not told by a reminder that is missing."""
        seats = await reading.seats_of(session, seat.introduction_id)
        return await ties.has_asked_apart(
            session, seat.member_id, [one.member_id for one in seats if one.id != seat.id]
        )

    async def _view(self, session: AsyncSession, seat: Seat, introduction: Introduction) -> FollowView:
        community = await self.people.community(session, introduction.community_id)
        seats = await reading.seats_of(session, introduction.id)
        others = [view for one, view in await with_views(session, self.people, seats) if one.id != seat.id]
        done = seat.followed_at is not None
        ahead = not done and seat.follow_at is not None and seat.follow_at >= self.clock.now()
        return FollowView(
            seat_id=seat.id,
            member_id=seat.member_id,
            community_name=community.name if community else "",
            others=tuple(view.name for view in others),
            note=seat.note,
            met_at=seat.answered_at,
            due_at=seat.follow_at if ahead else None,
            done=done,
        )


def _key(seat_id: int, turn: int) -> str:
    """The agenda's key of a seat's first follow-up, or of the one more."""
    return f"intro.follow:{seat_id}:{turn}"
