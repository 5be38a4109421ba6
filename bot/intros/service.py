"""Use cases of the introductions: take part, leave, when is mine, how did it go, keep apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.store import Store, insert_new
from bot.core.worker import Worker
from bot.intros import reading, rules, ties
from bot.intros.erasing import Erasing
from bot.intros.meeting import Meeting
from bot.intros.reading import PURPOSE
from bot.intros.requests import Requests
from bot.intros.rounds import Rounds
from bot.intros.scoring import Reason, reasons
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.intros.views import CardView, EnrolmentView, OutcomeView, PastView
from bot.people.service import MemberView, PeopleService, Who

__all__ = ["CardView", "EnrolmentView", "IntroService", "OutcomeView", "PastView"]

HISTORY_SHOWN = 10


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
        self.rounds = Rounds(store, clock, agenda, outbox, people, worker)
        self.meeting = Meeting(store, clock, agenda, outbox, people)
        self.requests = Requests(store, clock, agenda, outbox, people)

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

    async def join(self, who: Who) -> EnrolmentView:
        """Take part from the next round on.

        Raises `intro_needs_both`, `intro_needs_niche` or `intro_needs_zone` until the profile allows it.
        """
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            me = await self.people.view(session, member.id)
            _require_profile(me)
            now = self.clock.now()
            await insert_new(session, Enrolment, member_id=me.id, state="off", joined_at=now, waited=0)
            agreed = await self.people.consent(session, me.id, PURPOSE)
            row = await session.get_one(Enrolment, me.id)
            changed = row.state != "on" or agreed
            if changed:
                row.state, row.joined_at = "on", now
                await self.outbox.say(
                    session,
                    kind="intro.welcome",
                    subject=me.id,
                    key=f"intro.welcome:{me.id}:{int(now.timestamp())}",
                    recipient=me.person_id,
                    community_id=me.community_id,
                    answers_click=True,
                )
            return await self._enrolment(session, me, changed=changed)

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
        """End the introductions of one member, within the caller's unit of work."""
        await self._leave(session, await self.people.view(session, member_id))

    async def erase(self, session: AsyncSession, member_id: int) -> None:
        """Let go of everything about a member who is being deleted, and tell those they were to meet."""
        await self._erasing.erase(session, member_id, self.clock.now())

    async def next(self, who: Who) -> EnrolmentView:
        """Tell where the acting member stands and when the next round is."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            return await self._enrolment(session, await self.people.view(session, member.id))

    async def history(self, who: Who) -> list[PastView]:
        """Return the acting member's latest introductions, newest first."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is None:
                return []
            query = (
                select(Seat, Introduction.created_at)
                .join(Introduction, Introduction.id == Seat.introduction_id)
                .where(Seat.member_id == me.id)
                .order_by(Introduction.id.desc())
                .limit(HISTORY_SHOWN)
            )
            found = (await session.execute(query)).all()
            return [
                PastView(await self._names_beside(session, seat), created_at, seat.outcome)
                for seat, created_at in found
            ]

    async def avoid(self, who: Who, person_id: int) -> str:
        """Never introduce these two to each other; nobody is told. Return the other's name.

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
            return other.name

    # --- one introduction --------------------------------------------------------------------------

    async def card(self, seat_id: int) -> CardView | None:
        """Return what a seat's card shows; None when the member no longer takes part."""
        async with self.store.read() as session:
            seat = await session.get(Seat, seat_id)
            if seat is None:
                return None
            view = await reading.card_view(session, self.people, seat)
            here = await reading.enrolled(session, self.people, view.me.community_id, [seat.member_id])
            return view if seat.member_id in here else None

    async def standing(self, member_id: int) -> EnrolmentView | None:
        """Return where a member stands, for a message about it; None when they no longer take part."""
        async with self.store.read() as session:
            me = (await self.people.views(session, [member_id])).get(member_id)
            view = await self._enrolment(session, me) if me else None
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
        if outcome not in rules.OUTCOMES:
            raise KithError("intro_over")
        async with self.store.write() as session:
            seat = await session.get(Seat, seat_id, with_for_update=True)
            if seat is None:
                raise KithError("intro_over")
            owner = await self.people.view(session, seat.member_id)
            if owner.person_id != person_id:
                raise KithError("not_yours")
            changed = seat.outcome != outcome
            if changed:
                seat.outcome, seat.answered_at = outcome, self.clock.now()
            view = await reading.card_view(session, self.people, seat)
            names = tuple(other.name for other in view.others)
            return OutcomeView(seat_id, outcome, changed, names, view)

    def reasons_between(self, me: MemberView, other: MemberView) -> list[Reason]:
        """Return why these two should meet, as a round would say it if they had never met."""
        start = rules.week_start(self.clock.now())
        return reasons(reading.candidate(me, 0, start), reading.candidate(other, 0, start), None)

    # --- inside ------------------------------------------------------------------------------------

    async def _leave(self, session: AsyncSession, me: MemberView) -> EnrolmentView:
        """Withdraw, and give those who have not yet heard of their meeting the first place next time."""
        row = await session.get(Enrolment, me.id, with_for_update=True)
        changed = row is not None and row.state == "on"
        await self.people.withdraw(session, me.id, PURPOSE)
        if row is not None and changed:
            row.state, row.waited = "off", 0
            mine = select(Seat.introduction_id).where(Seat.member_id == me.id)
            waiting = select(Seat.member_id).where(
                Seat.introduction_id.in_(mine), Seat.state == "planned", Seat.member_id != me.id
            )
            await session.execute(
                update(Enrolment)
                .where(Enrolment.member_id.in_(waiting))
                .values(waited=Enrolment.waited + 1)
                .execution_options(synchronize_session=False)
            )
        return await self._enrolment(session, me, changed=changed)

    async def _enrolment(
        self, session: AsyncSession, me: MemberView, *, changed: bool = True
    ) -> EnrolmentView:
        """Where this member stands now."""
        await session.flush()
        community = await self.people.community(session, me.community_id)
        pool = await reading.enrolled(session, self.people, me.community_id)
        following: Round | None = await reading.planned_round(session, me.community_id)
        return EnrolmentView(
            member_id=me.id,
            community_name=community.name if community else "",
            enrolled=me.id in pool,
            started=community is not None and community.started,
            paused=community is not None and community.paused,
            next_at=following.due_at if following else None,
            others=len(pool.keys() - {me.id}),
            waited=pool.get(me.id, 0),
            changed=changed,
        )

    async def _names_beside(self, session: AsyncSession, seat: Seat) -> tuple[str, ...]:
        """Names of the others in an introduction."""
        seats = await reading.seats_of(session, seat.introduction_id)
        views = await self.people.views(session, [one.member_id for one in seats if one.id != seat.id])
        return tuple(view.name for view in views.values())

    async def _card_arrived(self, session: AsyncSession, said: Said) -> None:
        """Remember that a member knows whom they meet."""
        seat = await session.get(Seat, said.subject)
        if seat is not None:
            seat.state = "told"


def _require_profile(me: MemberView) -> None:
    """Refuse, with what to do next, until there is a niche and a time zone."""
    if not me.niches and me.zone is None:
        raise KithError("intro_needs_both")
    if not me.niches:
        raise KithError("intro_needs_niche")
    if me.zone is None:
        raise KithError("intro_needs_zone")
