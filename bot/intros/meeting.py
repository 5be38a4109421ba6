"""What happens between an introduction and the note about it: a time, a reminder, "did you meet?"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.store import Store
from bot.intros import reading, rules, slots, ties
from bot.intros.encounters import Encounters
from bot.intros.follow import Follow
from bot.intros.moves import moved
from bot.intros.rooms import Rooms
from bot.intros.seats import open_seat, own_seat, speakable, with_views
from bot.intros.tables import Introduction, Seat
from bot.intros.views import CardView, OutcomeView, PickView, StepView
from bot.people.service import MemberView, PeopleService

CLOSED = ("not_a_fit", "did_not_happen")
"""Whoever said so hears no more about meeting."""


class Meeting:
    """The life of an introduction after its cards."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on what the service stands on."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.encounters = Encounters()
        self.follow = Follow(store, clock, agenda, outbox, people)
        self.rooms = Rooms(store, clock, people)

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        work: dict[str, Handler] = {
            "intro.nudge": self._nudge,
            "intro.ask": self._ask,
            "intro.remind": self._remind,
        }
        return work | self.follow.handlers()

    def delivered(self) -> dict[str, Callable[[AsyncSession, Said], Awaitable[None]]]:
        """Name what is remembered once a message has arrived."""
        return {}

    # --- what a member does --------------------------------------------------------------------------

    async def card(self, seat_id: int) -> CardView | None:
        """Return what a seat's card shows now; None when the member no longer takes part."""
        async with self.store.read() as session:
            seat = await session.get(Seat, seat_id)
            if seat is None:
                return None
            view = await reading.card_view(session, self.people, seat, self.clock.now())
            introduction = await session.get_one(Introduction, seat.introduction_id)
            here = await reading.present(session, self.people, introduction, [seat.member_id])
            return view if here else None

    async def name_of(self, seat_id: int) -> str | None:
        """Return the name of a seat's member, None where they are gone."""
        async with self.store.read() as session:
            seat = await session.get(Seat, seat_id)
            views = await self.people.views(session, [seat.member_id]) if seat else {}
            return next((view.name for view in views.values()), None)

    async def pick(self, person_id: int, seat_id: int, slot_at: datetime) -> PickView:
        """Agree on a moment and tell everybody; the same moment again changes nothing.

        Raises `intro_slot_past` for one that no longer fits all of them, `intro_slot_turns` after many.
        """
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await open_seat(session, self.people, person_id, seat_id)
            await moved(session, seat, now)
            seated = await with_views(session, self.people, await reading.seats_of(session, introduction.id))
            changed = introduction.slot_at != slot_at
            if changed:
                _require_slot(introduction, [view for _seat, view in seated], slot_at, now)
                await self._agree(session, introduction, slot_at)
                for one, view in seated:
                    if one.id == seat.id or one.outcome not in CLOSED:
                        key = f"{one.id}:{introduction.slot_turn}:{seat.id}"
                        mine = one.id == seat.id
                        await self._say(session, "intro.slot", one, key, view, answers_click=mine)
            await session.flush()
            return PickView(slot_at, changed, await reading.card_view(session, self.people, seat, now))

    async def outcome(self, person_id: int, seat_id: int, outcome: str) -> OutcomeView:
        """Note how an introduction went; the same answer again changes nothing.

        Raises `not_yours` for another's seat and `intro_over` for one that is gone.
        """
        if outcome not in rules.OUTCOMES:
            raise KithError("intro_over")
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await own_seat(session, self.people, person_id, seat_id)
            await moved(session, seat, now)
            changed = seat.outcome != outcome or await self._still_not_yet(session, seat, introduction)
            if changed:
                before, seat.outcome, seat.answered_at = seat.outcome, outcome, now
                await self._after_outcome(session, seat, introduction)
                await self.encounters.answered(session, seat, before, now)
            await session.flush()
            view = await reading.card_view(session, self.people, seat, now)
            names = tuple(other.name for other in view.others)
            return OutcomeView(seat_id, outcome, changed, names, view)

    async def step_up(self, person_id: int, seat_id: int) -> StepView:
        """Keep the wish for a less reserved form; only when everybody has it, everybody is told.

        Raises `intro_no_step` where there is no such form.
        """
        now = self.clock.now()
        async with self.store.write() as session:
            seat, introduction = await open_seat(session, self.people, person_id, seat_id)
            bolder = rules.bolder_form(introduction.form)
            if bolder is None and not seat.step_up:
                raise KithError("intro_no_step")
            await moved(session, seat, now)
            changed = not seat.step_up
            seat.step_up = True
            seated = await with_views(session, self.people, await reading.seats_of(session, introduction.id))
            agreed = all(one.step_up for one, _view in seated)
            if changed and agreed and bolder is not None:
                introduction.form = bolder
                for one, view in seated:
                    if one.outcome not in CLOSED:
                        await self._say(session, "intro.step", one, f"{one.id}", view)
            await session.flush()
            card = await reading.card_view(session, self.people, seat, now)
            return StepView(agreed, changed, card)

    # --- what falls due ------------------------------------------------------------------------------

    async def _nudge(self, work: Work) -> None:
        """Encourage those who read their card, once, if nobody made a move."""
        async with self.store.write() as session:
            introduction = await self._about(session, work)
            seats = await reading.seats_of(session, work.subject)
            still = introduction is not None and introduction.slot_at is None
            if introduction is not None and still and all(seat.moved_at is None for seat in seats):
                told = [seat for seat in seats if seat.state == "told"]
                until = introduction.created_at + rules.ASK_AFTER
                for seat, view in await self._awake(session, introduction, told):
                    await self._say(
                        session, "intro.nudge", seat, f"{seat.id}", view, budgeted=True, expires_at=until
                    )
            await self.agenda.settle(session, work)

    async def _remind(self, work: Work) -> None:
        """Remind everybody an hour before the time they have now; earlier ones are passed over."""
        async with self.store.write() as session:
            introduction = await self._about(session, work)
            turn = _tail(work.key)
            if introduction is not None and turn == introduction.slot_turn:
                slot_at = introduction.slot_at
                seats = await reading.seats_of(session, introduction.id)
                going = [seat for seat in seats if seat.outcome not in CLOSED]
                if slot_at is not None and self.clock.now() < slot_at:
                    for seat, view in await self._awake(session, introduction, going, reading.HERE):
                        key = f"{seat.id}:{turn}"
                        await self._say(session, "intro.remind", seat, key, view, expires_at=slot_at)
            await self.agenda.settle(session, work)

    async def _ask(self, work: Work) -> None:
        """Ask those who may still meet whether they did; keys as `_ask_key` makes them."""
        async with self.store.write() as session:
            introduction = await self._about(session, work)
            if introduction is not None:
                seats = await reading.seats_of(session, introduction.id)
                chosen = [seat for seat in seats if _is_asked(work.key, introduction, seat, self.clock.now())]
                for seat, view in await self._awake(session, introduction, chosen):
                    seat.asked += 1
                    kind = "intro.again" if seat.outcome == "not_yet" else "intro.ask"
                    await self._say(session, kind, seat, f"{seat.id}:{seat.asked}", view, budgeted=True)
            await self.agenda.settle(session, work)

    # --- inside --------------------------------------------------------------------------------------

    async def _agree(self, session: AsyncSession, introduction: Introduction, slot_at: datetime) -> None:
        """Store a moment and plan what belongs to it, in place of what belonged to the one before."""
        before = introduction.slot_turn
        introduction.slot_at, introduction.slot_turn = slot_at, before + 1
        ask = _ask_key(introduction.id)
        for key in (
            ask,
            _ask_key(introduction.id, "slot", before),
            f"intro.remind:{introduction.id}:{before}",
        ):
            await self.agenda.cancel(session, key)
        await self.agenda.plan(
            session,
            kind="intro.remind",
            key=f"intro.remind:{introduction.id}:{before + 1}",
            subject=introduction.id,
            community_id=introduction.community_id,
            due_at=slot_at - rules.REMIND_BEFORE,
            not_after=slot_at,
        )
        key = _ask_key(introduction.id, "slot", before + 1)
        await self._plan_ask(session, introduction, key, slot_at + rules.ASK_AFTER_SLOT)

    async def _after_outcome(self, session: AsyncSession, seat: Seat, introduction: Introduction) -> None:
        """Plan what follows an answer, and take back what followed another one."""
        key = _ask_key(introduction.id, f"seat:{seat.id}", seat.asked + 1)
        await self.agenda.cancel(session, key)
        if seat.outcome == "not_yet" and seat.asked < rules.ASKED_AT_MOST:
            await self._plan_ask(session, introduction, key, self.clock.now() + rules.ASK_AFTER)
        if seat.outcome == "not_a_fit":
            for other in await reading.seats_of(session, introduction.id):
                if other.id != seat.id:
                    await ties.ask_apart(session, seat.member_id, other.member_id)
        await self.follow.answered(session, seat, introduction.community_id)

    async def _still_not_yet(self, session: AsyncSession, seat: Seat, introduction: Introduction) -> bool:
        """Whether *Not yet* said once more is an answer of its own, not a second click."""
        if seat.outcome != "not_yet" or seat.answered_at is None:
            return False
        if self.clock.now() - seat.answered_at >= rules.CLICKED_ONCE:
            return True
        key = _ask_key(introduction.id, f"seat:{seat.id}", seat.asked + 1)
        asked_since = seat.asked < rules.ASKED_AT_MOST
        return asked_since and await self._plan_ask(
            session, introduction, key, self.clock.now() + rules.ASK_AFTER
        )

    async def _plan_ask(
        self, session: AsyncSession, introduction: Introduction, key: str, due_at: datetime
    ) -> bool:
        return await self.agenda.plan(
            session,
            kind="intro.ask",
            key=key,
            subject=introduction.id,
            community_id=introduction.community_id,
            due_at=due_at,
            not_after=due_at + rules.ASK_WITHIN,
        )

    async def _about(self, session: AsyncSession, work: Work) -> Introduction | None:
        """The introduction some work is about, if anything may be said about it."""
        introduction = await session.get(Introduction, work.subject, with_for_update=True)
        return await speakable(session, self.people, introduction)

    async def _awake(
        self,
        session: AsyncSession,
        introduction: Introduction,
        seats: list[Seat],
        states: Collection[str] = ("on",),
    ) -> list[tuple[Seat, MemberView]]:
        """Those of the seats whose members take part, unless somebody stepped back."""
        everyone = [seat.member_id for seat in await reading.seats_of(session, introduction.id)]
        here = await reading.present(session, self.people, introduction, everyone)
        if len(everyone) < 2 or len(here) < len(everyone):  # noqa: PLR2004 - a pair
            return []
        members = [seat.member_id for seat in seats]
        awake = await reading.present(session, self.people, introduction, members, states)
        return await with_views(session, self.people, [seat for seat in seats if seat.member_id in awake])

    async def _say(
        self,
        session: AsyncSession,
        kind: str,
        seat: Seat,
        key: str,
        to: MemberView,
        *,
        budgeted: bool = False,
        answers_click: bool = False,
        expires_at: datetime | None = None,
    ) -> None:
        await self.outbox.say(
            session,
            kind=kind,
            subject=seat.id,
            key=f"{kind}:{key}",
            recipient=to.person_id,
            community_id=to.community_id,
            budgeted=budgeted,
            answers_click=answers_click,
            expires_at=expires_at,
        )


async def plan_meeting(agenda: Agenda, session: AsyncSession, introduction: Introduction) -> None:
    """Plan what follows every introduction: a nudge after two days, the question after seven."""
    plans: tuple[tuple[str, timedelta, timedelta], ...] = (
        ("intro.nudge", rules.NUDGE_AFTER, rules.NUDGE_WITHIN),
        ("intro.ask", rules.ASK_AFTER, rules.ASK_WITHIN),
    )
    for kind, after, within in plans:
        due_at = introduction.created_at + after
        await agenda.plan(
            session,
            kind=kind,
            key=f"{kind}:{introduction.id}",
            subject=introduction.id,
            community_id=introduction.community_id,
            due_at=due_at,
            not_after=due_at + within,
        )


def _require_slot(
    introduction: Introduction, views: list[MemberView], slot_at: datetime, now: datetime
) -> None:
    """Refuse a moment that does not fit everybody, and the one change too many."""
    if introduction.slot_turn >= slots.TURNS_AT_MOST:
        raise KithError("intro_slot_turns")
    if not slots.fits(reading.hours_of(views), slot_at, now):
        raise KithError("intro_slot_past")


def _ask_key(introduction_id: int, about: str = "", turn: int = 0) -> str:
    """The agenda's key of a question: a week later; after a time (`slot`); again, for one `seat:…`."""
    plain = f"intro.ask:{introduction_id}"
    return f"{plain}:{about}:{turn}" if about else plain


def _is_asked(key: str, introduction: Introduction, seat: Seat, now: datetime) -> bool:
    """Whether a question that fell due is for this seat, and not overtaken by another time or answer."""
    if seat.outcome not in rules.OPEN_OUTCOMES or seat.asked >= rules.ASKED_AT_MOST:
        return False
    if key == _ask_key(introduction.id):
        return introduction.slot_turn == 0 and seat.outcome is None
    if key == _ask_key(introduction.id, "slot", introduction.slot_turn):
        return True
    ahead = introduction.slot_at is not None and introduction.slot_at + rules.ASK_AFTER_SLOT > now
    mine = key == _ask_key(introduction.id, f"seat:{seat.id}", seat.asked + 1)
    return mine and seat.outcome == "not_yet" and not ahead


def _tail(key: str) -> int:
    """The number a key ends with."""
    return int(key.rpartition(":")[2])
