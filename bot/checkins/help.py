"""Stuck, and somebody who can help: a few members are asked, and the first yes introduces both.

Who asks reads the same whatever becomes of each question: an introduction, or after seven days that nobody
found the time. Who said no, who did not look and who left meanwhile cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import help_pool, topics
from bot.checkins.help_ends import HelpEnds, key_of
from bot.checkins.help_pool import OPEN_PURPOSES, Apart, Pool, Resting
from bot.checkins.help_views import AskedView, HelpedView, HelpView, OfferView, UnansweredView
from bot.checkins.tables import Checkin, HelpRequest, latest
from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import Store, insert_row
from bot.people.places import Place, places_of
from bot.people.rules import clean, tidy
from bot.people.service import MemberView, PeopleService, Who
from bot.people.visibility import seen_by

__all__ = ["AskedView", "Help", "HelpView", "HelpedView", "OfferView", "UnansweredView"]

Introduce: TypeAlias = Callable[[AsyncSession, MemberView, MemberView, str], Awaitable[None]]

PURPOSE = "requests"
"""Who asks, and who says yes, agrees to the introduction that follows."""
LOOKED_BACK = 4
"""Among so many of the latest weeks `/checkin help` looks for one that names something."""


async def _nobody(_session: AsyncSession, _ids: Sequence[int]) -> Collection[int]:
    return ()


class Help:
    """Asking for help; each public method is one unit of work unless it takes a session."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        apart: Apart,
        introduce: Introduce,
        resting: Resting = _nobody,
    ) -> None:
        """Stand on the store, the two queues and the people.

        `apart` tells whether two members are kept apart, `introduce` introduces the asker to the helper over
        a topic, `resting` tells who of some members pauses introductions.
        """
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self._apart = apart
        self._introduce = introduce
        self._resting = resting
        self.ends = HelpEnds(clock, agenda, people)

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work."""
        return {"help.expire": self._expire}

    async def places_of(self, person_id: int) -> list[Place]:
        """Return the communities a person can mean in the DM with Kith."""
        return await places_of(self.store, person_id)

    # --- asking ------------------------------------------------------------------------------------

    async def stuck(self, who: Who) -> OfferView:
        """Return what `offer` does for the acting member's latest week that names something.

        Raises `help_no_topic` without one, and `help_old` when it is long ago.
        """
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            weeks = await latest(session, member.id, LOOKED_BACK, answered=True)
            named = next((one for one in weeks if topics.has_help(one.stuck)), None)
            if named is None:
                raise KithError("help_no_topic")
            checkin, me, topic = await self._own(session, who.person_id, named.id)
            return await self._offer(session, checkin, me, topic)

    async def offer(self, person_id: int, checkin_id: int) -> OfferView:
        """Return how many could help with what a week names, before anybody is asked.

        Raises `checkin_gone`, `not_yours`, `barred`, `help_no_topic` and `help_old`.
        """
        async with self.store.read() as session:
            checkin, me, topic = await self._own(session, person_id, checkin_id)
            return await self._offer(session, checkin, me, topic)

    async def ask(self, person_id: int, checkin_id: int, words: str) -> AskedView:
        """Ask those who can help; they read `words` and nothing else of the week.

        Asking again while the first are asked changes nothing. A `count` of 0: there is nobody to ask.

        Raises:
            KithError: what `offer` raises, or `text_too_long` (limit, length) or `mention_in_text`.
        """
        words = clean(words, limit=topics.WORDS_MAX) if tidy(words) else ""
        async with self.store.write() as session:
            checkin, me, topic = await self._own(session, person_id, checkin_id, lock=True)
            name = await self._community_name(session, me)
            batch = await self._batch(session, checkin.id)
            now = self.clock.now()
            if _settled(batch, now):
                return AskedView(name, topic, len(batch), _until(batch), changed=False)
            pool = self._pool(me, topic)
            order = await help_pool.found(session, pool, checkin.id) if pool else []
            picked = await help_pool.heard_less(session, order[: topics.HELPERS_MAX], now)
            if picked:
                await self.people.consent(session, me.id, PURPOSE)
                await self._send(session, checkin, me, picked, topic, words)
            return AskedView(name, topic, len(picked), now + topics.OPEN_FOR)

    async def _send(
        self,
        session: AsyncSession,
        checkin: Checkin,
        me: MemberView,
        picked: Sequence[int],
        topic: str,
        words: str,
    ) -> None:
        now = self.clock.now()
        for helper in (await self.people.views(session, picked)).values():
            row = {
                "checkin_id": checkin.id,
                "from_id": me.id,
                "to_id": helper.id,
                "topic": topic,
                "words": words or None,
                "state": "waiting",
                "created_at": now,
            }
            made = await insert_row(session, HelpRequest, row)
            if made is None:
                continue
            await self.outbox.say(
                session,
                kind="help.request",
                subject=made,
                key=f"help.request:{made}",
                recipient=helper.person_id,
                community_id=me.community_id,
                expires_at=now + topics.OPEN_FOR,
                budgeted=True,
            )
        await self.agenda.plan(
            session,
            kind="help.expire",
            key=key_of(checkin.id, now),
            subject=checkin.id,
            community_id=me.community_id,
            due_at=now + topics.OPEN_FOR,
        )

    # --- answering ---------------------------------------------------------------------------------

    async def view(self, request_id: int) -> HelpView | None:
        """Return what the asked member reads; None when there is nothing to ask any more."""
        async with self.store.read() as session:
            row = await session.get(HelpRequest, request_id)
            if row is None or not self._open(row):
                return None
            views = await self.people.views(session, [row.from_id, row.to_id])
            asker, me = views[row.from_id], views[row.to_id]
            if not await self._both_want(session, asker, me):
                return None
            name = await self._community_name(session, me)
            until = row.created_at + topics.OPEN_FOR
            return HelpView(row.id, name, seen_by(asker, "members"), row.topic, row.words or "", until)

    async def answer(self, person_id: int, request_id: int, *, yes: bool) -> HelpedView:
        """Take an asked member's answer: the first yes introduces both, a no is never told.

        Raises:
            KithError: `not_yours` for anybody else; `help_over` for what is not open any more.
        """
        async with self.store.write() as session:
            row = await session.get(HelpRequest, request_id)
            if row is None:
                raise KithError("help_over")
            # Two who say yes at the same moment: the second reads what became of the first.
            await session.get(Checkin, row.checkin_id, with_for_update=True)
            await session.refresh(row)
            views = await self.people.views(session, [row.from_id, row.to_id])
            asker, me = views[row.from_id], views[row.to_id]
            if me.person_id != person_id:
                raise KithError("not_yours")
            state, changed = await self._decide(session, row, asker, me, yes=yes)
            name = await self._community_name(session, me)
            return HelpedView(row.id, name, asker.id, asker.name, state, changed)

    async def _decide(
        self, session: AsyncSession, row: HelpRequest, asker: MemberView, me: MemberView, *, yes: bool
    ) -> tuple[str, bool]:
        """Return what the answer is, and whether this press made it so."""
        if row.state in {"accepted", "declined"}:
            return ("yes" if row.state == "accepted" else "no"), False
        batch = await self._batch(session, row.checkin_id, row.created_at)
        if any(one.state == "accepted" for one in batch):
            return "late", False
        if not self._open(row):
            raise KithError("help_over")
        if not yes:
            _close(row, "declined", self.clock.now())
            return "no", True
        if not await self._both_want(session, asker, me):
            raise KithError("help_over")
        await self._accept(session, row, batch, asker, me)
        return "yes", True

    async def _accept(
        self,
        session: AsyncSession,
        row: HelpRequest,
        batch: Sequence[HelpRequest],
        asker: MemberView,
        me: MemberView,
    ) -> None:
        now = self.clock.now()
        for one in batch:
            if one.state == "waiting":
                _close(one, "accepted" if one.id == row.id else "expired", now)
        await self.agenda.cancel(session, key_of(row.checkin_id, row.created_at))
        await self.people.consent(session, me.id, PURPOSE)
        await self._introduce(session, asker, me, row.topic)

    # --- ends --------------------------------------------------------------------------------------

    async def unanswered(self, checkin_id: int) -> UnansweredView | None:
        """Return what the asker is told when nobody found the time; None when it is no longer wanted."""
        async with self.store.read() as session:
            checkin = await session.get(Checkin, checkin_id)
            if checkin is None:
                return None
            me = await self.people.view(session, checkin.member_id)
            if me.barred or not await self._asks(session, me):
                return None
            topic = checkin.stuck if topics.has_help(checkin.stuck) else None
            return UnansweredView(checkin.id, await self._community_name(session, me), topic or "")

    async def _expire(self, work: Work) -> None:
        """Close what nobody answered, and tell the asker once; the same whatever the asked did."""
        async with self.store.write() as session:
            checkin = await session.get(Checkin, work.subject, with_for_update=True)
            if checkin is not None:
                asked_at = work.due_at - topics.OPEN_FOR
                batch = await self._batch(session, checkin.id, asked_at)
                for one in batch:
                    if one.state == "waiting":
                        _close(one, "expired", self.clock.now())
                me = await self.people.view(session, checkin.member_id)
                if not any(one.state == "accepted" for one in batch) and await self._asks(session, me):
                    await self._tell_unanswered(session, work, me)
            await self.agenda.settle(session, work)

    async def _tell_unanswered(self, session: AsyncSession, work: Work, me: MemberView) -> None:
        await self.outbox.say(
            session,
            kind="help.expired",
            subject=work.subject,
            key=f"help.expired:{work.key}",
            recipient=me.person_id,
            community_id=me.community_id,
            expires_at=self.clock.now() + topics.OPEN_FOR,
            budgeted=True,
        )

    # --- inside ------------------------------------------------------------------------------------

    async def _own(
        self, session: AsyncSession, person_id: int, checkin_id: int, *, lock: bool = False
    ) -> tuple[Checkin, MemberView, str]:
        """Return the acting person's week, and the topic it names."""
        checkin = await session.get(Checkin, checkin_id, with_for_update=True if lock else None)
        if checkin is None:
            raise KithError("checkin_gone")
        me = await self.people.view(session, checkin.member_id)
        if me.person_id != person_id:
            raise KithError("not_yours")
        if me.barred:
            raise KithError("barred")
        if checkin.stuck is None or checkin.answered_at is None or not topics.has_help(checkin.stuck):
            raise KithError("help_no_topic")
        if self.clock.now() - checkin.answered_at > topics.WITHIN:
            raise KithError("help_old")
        return checkin, me, checkin.stuck

    async def _offer(self, session: AsyncSession, checkin: Checkin, me: MemberView, topic: str) -> OfferView:
        name = await self._community_name(session, me)
        batch = await self._batch(session, checkin.id)
        words = checkin.stuck_words or ""
        if _settled(batch, self.clock.now()):
            introduced = any(one.state == "accepted" for one in batch)
            until = None if introduced else _until(batch)
            return OfferView(checkin.id, name, topic, len(batch), (), words, until, introduced)
        pool = self._pool(me, topic)
        picked = (await help_pool.found(session, pool, checkin.id))[: topics.HELPERS_MAX] if pool else []
        seen = [await self.people.shown(session, me.id, one) for one in picked]
        names = tuple(one.name for one in seen if one is not None)
        return OfferView(checkin.id, name, topic, len(picked), names, words)

    def _pool(self, me: MemberView, topic: str) -> Pool | None:
        technical = self.people.catalogue.skill_group("technical")
        wanted = topics.need(topic, technical, me.asks, me.niches)
        if wanted is None:
            return None
        return Pool(self.people, me, wanted, self.clock.now(), self._apart, self._resting)

    async def _batch(
        self, session: AsyncSession, checkin_id: int, asked_at: datetime | None = None
    ) -> list[HelpRequest]:
        """Return those who were asked together: at a moment, or last."""
        query = select(HelpRequest).where(HelpRequest.checkin_id == checkin_id).order_by(HelpRequest.id)
        rows = list(await session.scalars(query, execution_options={"populate_existing": True}))
        at = asked_at or max((row.created_at for row in rows), default=None)
        return [row for row in rows if row.created_at == at]

    def _open(self, row: HelpRequest) -> bool:
        return row.state == "waiting" and self.clock.now() < row.created_at + topics.OPEN_FOR

    async def _asks(self, session: AsyncSession, me: MemberView) -> bool:
        return bool(await self.people.consented(session, me.community_id, PURPOSE, [me.id]))

    async def _both_want(self, session: AsyncSession, asker: MemberView, me: MemberView) -> bool:
        """Whether the asker still waits for it, the asked is open to it, and nothing keeps them apart."""
        if asker.barred or me.barred or not await self._asks(session, asker):
            return False
        for purpose in OPEN_PURPOSES:
            if await self.people.consented(session, me.community_id, purpose, [me.id]):
                return not await self._apart(session, asker.id, me.id)
        return False

    async def _community_name(self, session: AsyncSession, me: MemberView) -> str:
        community = await self.people.community(session, me.community_id)
        return community.name if community else ""


def _until(batch: Sequence[HelpRequest]) -> datetime:
    return batch[0].created_at + topics.OPEN_FOR


def _settled(batch: Sequence[HelpRequest], now: datetime) -> bool:
    """Tell whether asking again would be in vain: somebody said yes, or they are still being asked.

    Whoever said no does not change it, else the asker could tell. Who withdrew may begin anew.
    """
    if any(one.state == "accepted" for one in batch):
        return True
    running = bool(batch) and now < _until(batch)
    return running and not any(one.state == "withdrawn" for one in batch)


def _close(row: HelpRequest, state: str, now: datetime) -> None:
    """Decide a request; the asker's words have been read, or never will be."""
    row.state, row.decided_at, row.words = state, now, None
