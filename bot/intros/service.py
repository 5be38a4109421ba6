"""Use cases of the introductions: take part, leave, when is mine, how did it go, keep apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.schedule import local_date
from bot.core.store import Store
from bot.core.worker import Worker
from bot.intros import reading, rules, ties
from bot.intros.encounters import past_met
from bot.intros.enrol import Enrolling, HistoryView, PauseView, StandingView
from bot.intros.erasing import Erasing
from bot.intros.meeting import Meeting
from bot.intros.requests import AnsweredView, Requests, RequestView
from bot.intros.rounds import Rounds
from bot.intros.scoring import Reason, reasons
from bot.intros.tables import Seat
from bot.intros.until import until_day
from bot.intros.views import ApartView, CardView, EnrolmentView, OutcomeView, PastView
from bot.people.places import Place, places_of
from bot.people.service import MemberView, PeopleService, Who

__all__ = [
    "AnsweredView",
    "ApartView",
    "CardView",
    "EnrolmentView",
    "HistoryView",
    "IntroService",
    "OutcomeView",
    "PastView",
    "PauseView",
    "RequestView",
    "StandingView",
]


class IntroService:
    """Introductions; methods that take a session join the caller's unit of work."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        worker: Worker,
    ) -> None:
        """Stand on the store, the two queues, the people and the worker process."""
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.people = people
        self._erasing = Erasing(agenda, outbox, people)
        self._enrol = Enrolling(outbox, people)
        self.rounds = Rounds(store, clock, agenda, outbox, people, worker)
        self.meeting = Meeting(store, clock, agenda, outbox, people)
        self.requests = Requests(store, clock, agenda, outbox, people)
        # Called in the unit of work of an answer that began, or ceased, to be "met".
        self.on_met = self.meeting.encounters.on_met
        self.on_unmet = self.meeting.encounters.on_unmet

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work that introductions do when it falls due."""
        return self.rounds.handlers() | self.meeting.handlers() | self.requests.handlers()

    def delivered(self) -> dict[str, Callable[[AsyncSession, Said], Awaitable[None]]]:
        """Name what is remembered once a message has arrived."""
        return {"intro.card": self._card_arrived} | self.meeting.delivered() | self.requests.delivered()

    async def plan_first_round(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Plan the community's next round if none is planned; return when it is."""
        return await self.rounds.plan_first(session, community_id)

    async def started(self, session: AsyncSession, community_id: int) -> None:
        """Plan the first round when a moderator presses Start."""
        await self.rounds.plan_first(session, community_id)

    async def replan_round(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Move the planned round to the day, hour and zone the community has now; return when it is."""
        return await self.rounds.replan(session, community_id)

    # --- the member's own place --------------------------------------------------------------------

    async def join(self, who: Who, *, extra: bool | None = None, seats: int | None = None) -> EnrolmentView:
        """Take part from the next round on, also again before a pause is over.

        `extra`: glad to meet one more when somebody is left over; `seats` a month at roundtables, up to four.
        None leaves a wish as it is. Raises `intro_needs_both`, `intro_needs_niche` or `intro_needs_zone`
        until the profile allows it.
        """
        async with self.store.write() as session:
            me, view = await self._enrol.join(session, who, self.clock.now(), extra, seats)
            if view.changed:
                await self.rounds.late.joined(session, me)
            return view

    async def pause(self, who: Who, until: str) -> PauseView:
        """Pause until the morning of a day, as it was typed.

        Raises `pause_unclear`, `pause_past`, `pause_far`, or `not_enrolled` for whoever takes no part.
        """
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            me = await self.people.view(session, member.id)
            day = until_day(until, local_date(self.clock.now(), me.zone or "UTC"))
            back_at = await self.rounds.pausing.pause(session, me, day)
            view = await self._enrol.enrolment(session, me)
            return PauseView(me.id, view.community_name, back_at)

    async def today(self, person_id: int) -> date:
        """Return the day it is on a person's own calendar; in UTC where their zone is not known."""
        async with self.store.read() as session:
            views = await self.people.views(session, await self.people.memberships(session, person_id))
            zones = [view.zone for view in views.values() if view.zone is not None]
            return local_date(self.clock.now(), zones[0] if zones else "UTC")

    async def leave(self, who: Who) -> EnrolmentView:
        """Take part no more; leaving twice changes nothing."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            return await self._leave(session, await self.people.view(session, member.id))

    async def leave_member(self, person_id: int, member_id: int) -> EnrolmentView:
        """Take part no more, from a button; raises `not_yours` for anybody but the member."""
        async with self.store.write() as session:
            me = (await self.people.views(session, [member_id])).get(member_id)
            if me is None or me.person_id != person_id:
                raise KithError("not_yours")
            return await self._leave(session, me)

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """End the introductions of a person in every community, within the caller's unit of work."""
        for member_id in await self.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """End the introductions of one member, and what they asked, within the caller's unit of work."""
        await self._leave(session, await self.people.view(session, member_id))
        await self.requests.end_member(session, member_id)

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Let go of everything about a member who is being deleted, and tell those they were to meet."""
        await self.requests.erase(session, await self.people.view(session, member_id))
        await self.rounds.late.match_partners_again(session, member_id)
        await self._erasing.erase(session, member_id, self.clock.now())

    async def next(self, who: Who) -> EnrolmentView:
        """Tell where the acting member stands and when the next round is."""
        return (await self.where(who)).enrolment

    async def where(self, who: Who) -> StandingView:
        """Tell where the acting member stands, with their pause, their wishes and whom they never met."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            return await self._enrol.standing(session, await self.people.view(session, member.id))

    async def places_of(self, person_id: int) -> list[Place]:
        """Return the communities a person can mean in the DM with Kith."""
        return await places_of(self.store, person_id)

    async def history(self, who: Who, page: int = 1) -> HistoryView:
        """Return a page of the acting member's introductions, newest first."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is None:
                return HistoryView(())
            return await self._enrol.history(session, me.id, page)

    async def past_of(self, person_id: int, member_id: int, page: int) -> HistoryView:
        """Return a page of it, from a button; raises `not_yours` for anybody but the member."""
        async with self.store.read() as session:
            me = (await self.people.views(session, [member_id])).get(member_id)
            if me is None or me.person_id != person_id:
                raise KithError("not_yours")
            return await self._enrol.history(session, me.id, page)

    async def avoid(self, who: Who, person_id: int) -> ApartView:
        """Never introduce these two to each other; nobody is told.

        Raises `intro_avoid_self`, or `no_profile` for someone Kith has not met here.
        """
        if person_id == who.person_id:
            raise KithError("intro_avoid_self")
        async with self.store.write() as session:
            me = await self.people.known(session, who)
            other = await self.people.find(session, who.community_id, person_id)
            if other is None:
                raise KithError("no_profile")
            await ties.ask_apart(session, me.id, other.id)
            await self.requests.end_between(session, me.id, other.id)
            return ApartView(me.id, other.id, other.name)

    async def avoid_no_more(self, person_id: int, member_id: int, other_id: int) -> ApartView:
        """Take such a wish back, also one that *Not a fit* made; whatever the other wished still holds.

        Raises `not_yours` for anybody but the member, and `no_profile` when the other is gone.
        """
        async with self.store.write() as session:
            views = await self.people.views(session, [member_id, other_id])
            me, other = views.get(member_id), views.get(other_id)
            if me is None or me.person_id != person_id:
                raise KithError("not_yours")
            if other is None or other.community_id != me.community_id:
                raise KithError("no_profile")
            await ties.ask_together(session, me.id, other.id)
            return ApartView(me.id, other.id, other.name)

    # --- one introduction --------------------------------------------------------------------------

    async def standing(self, member_id: int) -> EnrolmentView | None:
        """Return where a member stands, for a message about it; None when they no longer take part."""
        async with self.store.read() as session:
            me = (await self.people.views(session, [member_id])).get(member_id)
            view = await self._enrol.enrolment(session, me) if me else None
            return view if view and view.enrolled else None

    async def community_name(self, community_id: int | None) -> str:
        """Return a community's name, for a message that is about nothing else any more."""
        async with self.store.read() as session:
            community = await self.people.community(session, community_id or 0)
            return community.name if community else ""

    async def outcome(self, person_id: int, seat_id: int, outcome: str) -> OutcomeView:
        """Note how an introduction went; the same answer again changes nothing.

        Raises `not_yours` for another's seat and `intro_over` for one that is gone.
        """
        return await self.meeting.outcome(person_id, seat_id, outcome)

    def reasons_between(self, me: MemberView, other: MemberView) -> list[Reason]:
        """Return why these two should meet, as a round would say it if they had never met."""
        start = rules.week_start(self.clock.now())
        return reasons(reading.candidate(me, 0, start), reading.candidate(other, 0, start), None)

    async def past_met(self, session: AsyncSession, member_id: int) -> list[tuple[int, str, str, datetime]]:
        """Return (other member, kind, source, when) of everyone a member said they met, oldest first."""
        return await past_met(session, member_id)

    # --- inside ------------------------------------------------------------------------------------

    async def _leave(self, session: AsyncSession, me: MemberView) -> EnrolmentView:
        """Withdraw, and end the meetings that nobody has done anything about yet."""
        view = await self._enrol.leave(session, me)
        await self.requests.end_asked(session, me.id)
        await self.rounds.late.left(session, me.id)
        return view

    async def _card_arrived(self, session: AsyncSession, said: Said) -> None:
        """Remember that a member knows whom they meet."""
        seat = await session.get(Seat, said.subject)
        if seat is not None:
            seat.state = "told"
