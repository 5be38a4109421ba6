"""The moderators' queue: what waits, and what they decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.core.errors import KithError
from bot.core.outbox import OutboxRow, Said
from bot.gigs import review_rules, rules
from bot.gigs.audit import Audit
from bot.gigs.board import Board
from bot.gigs.desk import Desk, take_back
from bot.gigs.memory import Memory
from bot.gigs.review_rules import REMIND_AFTER, Reason, Verdict
from bot.gigs.review_views import Appealed, Decided, QueuePage, ReviewView
from bot.gigs.tables import Gig, GigCopy
from bot.people.service import CommunityView, Who

_AFTER: dict[Verdict, rules.State] = {"approved": "live", "change": "change", "refused": "refused"}
_SUGGESTED = 25


class Review:
    """Where doubtful gigs wait for a person; who is a moderator is checked at the edge."""

    def __init__(self, desk: Desk, board: Board) -> None:
        """Stand on the desk and the board."""
        self.desk = desk
        self.board = board
        self.audit = Audit(desk)
        self.memory = Memory()
        desk.on_closed.append(self._closed)

    # --- what waits ----------------------------------------------------------------------------------

    async def ask(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Show a gig that waits to the moderators, and plan the day after which they are reminded."""
        gig.waiting_since = gig.waiting_since or self.desk.clock.now()
        asking = await self.audit.times(session, gig.id)
        if community.mod_channel_id is not None:
            await self.desk.outbox.say(
                session, kind="gig.review", subject=gig.id, key=_card_key(gig.id, asking), target="channel",
                recipient=community.mod_channel_id, community_id=gig.community_id,
            )  # fmt: skip
        await self.desk.agenda.plan(
            session, kind="gig.waiting", key=f"gig.waiting:{gig.id}:{asking}", subject=gig.community_id,
            community_id=gig.community_id, due_at=self.desk.clock.now() + REMIND_AFTER,
        )  # fmt: skip

    async def waiting(self, session: AsyncSession, community_id: int) -> tuple[int, datetime | None]:
        """How many gigs wait for the moderators of a community, and since when the oldest does."""
        query = select(func.count(), func.min(_since())).where(*_waiting(community_id))
        number, oldest = (await session.execute(query)).one()
        return number, oldest

    async def slow(self, community_id: int) -> bool:
        """Tell whether moderators only see what waits when they ask: they have no channel."""
        async with self.desk.store.read() as session:
            community = await self.desk.people.community(session, community_id)
            return community is None or community.mod_channel_id is None

    async def queue(self, who: Who, page: int = 1) -> QueuePage:
        """One gig of the queue: appeals first, then the oldest; a page that is not there becomes the last."""
        async with self.desk.store.read() as session:
            total, oldest = await self.waiting(session, who.community_id)
            page = min(max(1, page), max(1, total))
            query = (
                select(Gig).where(*_waiting(who.community_id))
                .order_by(Gig.appeal.is_(None), _since(), Gig.id).offset(page - 1).limit(1)
            )  # fmt: skip
            row = (await session.scalars(query)).first()
            return QueuePage(await self._view(session, row) if row else None, page, total, oldest)

    async def one(self, who: Who, gig_id: int) -> ReviewView:
        """A gig of the moderators' own community; raises `gig_gone` for any other."""
        async with self.desk.store.read() as session:
            return await self._view(session, await self._known(session, who, gig_id))

    async def card(self, gig_id: int) -> ReviewView | None:
        """A gig as it is now, for a message that is about to be sent."""
        async with self.desk.store.read() as session:
            row = await session.get(Gig, gig_id)
            return await self._view(session, row) if row else None

    async def backlog(self, community_id: int) -> tuple[int, datetime | None]:
        """What a reminder says: how many wait, and since when the oldest does."""
        async with self.desk.store.read() as session:
            return await self.waiting(session, community_id)

    async def on_board(self, who: Who, typed: str) -> list[tuple[int, str]]:
        """The live gigs whose titles have these letters, newest first: (id, title)."""
        query = (
            select(Gig.id, Gig.title)
            .where(Gig.community_id == who.community_id, Gig.state == "live")
            .where(Gig.title.icontains(typed.strip(), autoescape=True))
            .order_by(Gig.id.desc()).limit(_SUGGESTED)
        )  # fmt: skip
        async with self.desk.store.read() as session:
            return [(number, title) for number, title in (await session.execute(query)).all()]

    # --- deciding ------------------------------------------------------------------------------------

    async def decide(
        self,
        who: Who,
        gig_id: int,
        asking: int,
        verdict: Verdict,
        reason: Reason | None = None,
        *,
        remember: bool = True,
    ) -> Decided:
        """Decide about a gig that waits, once; `asking` says which words the moderator has read.

        With `remember` the same words are held when they come again after a refusal.

        Raises:
            KithError: `gig_gone`, or `gig_no_board` when there is nowhere to put it.
        """
        async with self.desk.store.write() as session:
            gig = await self._known(session, who, gig_id, lock=True)
            if gig.state in rules.REVIEWED_STATES and asking != await self.audit.times(session, gig.id):
                return Decided(await self._view(session, gig), False)
            changed = await self.desk.move(session, gig, rules.REVIEWED_STATES, _AFTER[verdict])
            if changed:
                await self._settle(session, who, gig, verdict, reason, remember)
            return Decided(await self._view(session, gig), changed)

    async def take_down(
        self, who: Who, gig_id: int, reason: Reason, *, remember: bool = True
    ) -> Decided:  # fmt: skip
        """Take a live gig off the board; whoever answered it, and its poster, are told."""
        async with self.desk.store.write() as session:
            gig = await self._known(session, who, gig_id, lock=True)
            changed = await self.desk.move(session, gig, ("live",), "refused")
            if changed:
                await self._keep(session, gig, remember)
                await self._written(session, who, gig, "removed", reason)
                await self._off_the_board(session, gig)
                await self.board.closed(session, gig)
            return Decided(await self._view(session, gig), changed)

    async def remember(self, who: Who, gig_id: int, *, remember: bool) -> Decided:
        """Hold the words of a refused gig when they come again, or no longer."""
        async with self.desk.store.write() as session:
            gig = await self._known(session, who, gig_id, lock=True)
            changed = gig.state == "refused" and await self._keep(session, gig, remember)
            if changed:
                what = "remembered" if remember else "forgotten"
                await self.audit.note(session, who, gig, what)
                await self._show_again(session, gig, f"{what}:{self._stamp()}")
            return Decided(await self._view(session, gig), changed)

    async def _settle(
        self,
        session: AsyncSession,
        who: Who,
        gig: Gig,
        verdict: Verdict,
        reason: Reason | None,
        remember: bool,
    ) -> None:
        gig.waiting_since = None
        gig.change = reason.words if verdict == "change" and reason else None
        if verdict == "approved":
            gig.expires_at = rules.expires(self.desk.clock.now())
            await self._keep(session, gig, True)
            await session.flush()
            await self.board.publish(session, gig, await self.desk.board_of(session, gig.community_id))
        elif verdict == "refused":
            await self._keep(session, gig, remember)
        await self._written(session, who, gig, verdict, reason)

    async def _written(
        self, session: AsyncSession, who: Who, gig: Gig, decision: str, reason: Reason | None
    ) -> None:
        """Write a decision down, tell the poster and let every card of the moderators show it."""
        row = await self.audit.record(session, who, gig, decision, reason)
        await self.desk.tell_poster(session, gig, "gig.decided", mark=str(row.id))
        await self._show_again(session, gig, str(row.id))

    async def _keep(self, session: AsyncSession, gig: Gig, remember: bool) -> bool:
        return await (self.memory.remember if remember else self.memory.forget)(session, gig)

    # --- the poster's word ---------------------------------------------------------------------------

    async def appeal(self, person_id: int, gig_id: int) -> Appealed:
        """Put a refused gig before the moderators once more, on top; by its poster, and once for ever.

        Who asks for an answer agrees to get one. Raises `not_yours`, `gig_appeal_used`, `gig_appeal_not`
        or `barred`.
        """
        async with self.desk.store.write() as session:
            gig = await self._own(session, person_id, gig_id)
            if gig.state in rules.REVIEWED_STATES and gig.appeal is not None:
                return Appealed(await self.desk.view(session, gig), False, gig.appeal)
            if gig.state != "refused":
                raise KithError("gig_appeal_not")
            if gig.appeal is not None:
                raise KithError("gig_appeal_used")
            gig.state, gig.appeal, gig.waiting_since = "queued", "", self.desk.clock.now()
            await self.desk.people.consent(session, gig.member_id, "gigs")
            await session.flush()
            community = await self.desk.people.community(session, gig.community_id)
            assert community is not None
            await self.ask(session, gig, community)
            return Appealed(await self.desk.view(session, gig), True)

    async def appeal_words(self, person_id: int, gig_id: int, words: str) -> Appealed:
        """Add the poster's words to their appeal, until it is decided; raises `gig_appeal_not` afterwards."""
        words = review_rules.checked_appeal(words)
        async with self.desk.store.write() as session:
            gig = await self._own(session, person_id, gig_id)
            if gig.state not in rules.REVIEWED_STATES or gig.appeal is None:
                raise KithError("gig_appeal_not")
            changed = gig.appeal != words
            gig.appeal = words
            await session.flush()
            if changed:
                await self._show_again(session, gig, f"words:{self._stamp()}")
            return Appealed(await self.desk.view(session, gig), changed, words)

    async def appealed(self, person_id: int, gig_id: int) -> Appealed:
        """A person's own appeal as it stands; raises `gig_appeal_not` where there is none to change."""
        async with self.desk.store.read() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            if gig.state not in rules.REVIEWED_STATES or gig.appeal is None:
                raise KithError("gig_appeal_not")
            return Appealed(await self.desk.view(session, gig), False, gig.appeal)

    async def _own(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        gig = await self.desk.own(session, person_id, gig_id)
        await session.refresh(gig, with_for_update=True)
        if (await self.desk.people.view(session, gig.member_id)).barred:
            raise KithError("barred")
        return gig

    # --- later ---------------------------------------------------------------------------------------

    async def asked(self, session: AsyncSession, said: Said) -> None:
        """A card reached the moderators; what was decided while it was being sent is shown at once."""
        gig = await session.get(Gig, said.subject)
        if said.target != "edit" and gig is not None and gig.state not in rules.REVIEWED_STATES:
            await self._edit(session, gig, said.key, "sent", said.channel_id, said.message_id)

    async def remind(self, work: Work) -> None:
        """Remind the moderators of what waits, at most once a day; agenda work `gig.waiting`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            community = await self.desk.people.community(session, work.subject)
            _number, oldest = await self.waiting(session, work.subject)
            now = self.desk.clock.now()
            if community is None or oldest is None or now - oldest < REMIND_AFTER:
                return  # what came later has its own work
            if community.mod_channel_id is not None:
                if await self._reminded(session, community.mod_channel_id, now):
                    return  # whoever did so goes on
                await self.desk.outbox.say(
                    session, kind="gig.reminder", subject=community.id, target="channel",
                    key=f"gig.reminder:{community.id}:{self._stamp()}", recipient=community.mod_channel_id,
                    community_id=community.id, expires_at=now + REMIND_AFTER,
                )  # fmt: skip
            due_at = now + REMIND_AFTER
            await self.desk.agenda.plan(
                session, kind="gig.waiting", key=f"gig.waiting:again:{community.id}:{due_at:%Y-%m-%d}",
                subject=community.id, community_id=community.id, due_at=due_at,
            )  # fmt: skip

    async def _reminded(self, session: AsyncSession, channel_id: int, now: datetime) -> bool:
        query = select(OutboxRow.id).where(
            OutboxRow.recipient == channel_id, OutboxRow.kind == "gig.reminder",
            OutboxRow.due_at > now - REMIND_AFTER,
        )  # fmt: skip
        return (await session.execute(query.limit(1))).first() is not None

    # --- steps ---------------------------------------------------------------------------------------

    async def _off_the_board(self, session: AsyncSession, gig: Gig) -> None:
        """Replace the post and every link to it: nobody reads these words there any more.

        Approved after an appeal, the gig gets a new post.
        """
        query = select(GigCopy).where(GigCopy.gig_id == gig.id)
        copies = (await session.scalars(query.order_by(GigCopy.channel_id))).all()
        shown = [(gig.channel_id, gig.message_id), *((copy.channel_id, copy.message_id) for copy in copies)]
        for channel_id, message_id in shown:
            await take_back(self.desk.outbox, session, gig.community_id, channel_id, message_id)
        for copy in copies:
            await session.delete(copy)
        gig.channel_id = gig.message_id = gig.board_id = None
        await session.flush()

    async def _known(self, session: AsyncSession, who: Who, gig_id: int, *, lock: bool = False) -> Gig:
        """A published gig of this community; what is still its poster's own is not there for moderators."""
        gig = await self.desk.gig_here(session, who, gig_id)
        if lock:
            await session.refresh(gig, with_for_update=True)
        if gig.state in ("draft", "edit"):
            raise KithError("gig_gone")
        return gig

    async def _closed(self, session: AsyncSession, gig: Gig) -> None:
        """A gig has closed, perhaps while it waited here: nobody has to read it any more."""
        if gig.state != "refused":  # that is a decision, and shows itself
            await self._show_again(session, gig, f"{gig.state}:{self._stamp()}")

    async def _show_again(self, session: AsyncSession, gig: Gig, mark: str) -> None:
        """Let every card about this gig in the moderators' channel show how it stands now."""
        asked = await self.audit.times(session, gig.id)
        keys = [_card_key(gig.id, asking) for asking in range(asked + 1)]
        query = select(OutboxRow).where(OutboxRow.key.in_(keys), OutboxRow.message_id.is_not(None))
        for row in (await session.scalars(query.order_by(OutboxRow.id))).all():
            await self._edit(session, gig, row.key, mark, row.channel_id, row.message_id)

    async def _edit(
        self, session: AsyncSession, gig: Gig, key: str, mark: str, channel_id: int | None,
        message_id: int | None,
    ) -> None:  # fmt: skip
        assert channel_id is not None
        await self.desk.outbox.say(
            session, kind="gig.review", subject=gig.id, key=f"{key}:{mark}", target="edit",
            recipient=channel_id, community_id=gig.community_id, channel_id=channel_id, message_id=message_id,
        )  # fmt: skip

    async def _view(self, session: AsyncSession, gig: Gig) -> ReviewView:
        return ReviewView(
            await self.desk.view(session, gig),
            await self.audit.times(session, gig.id),
            gig.waiting_since or gig.created_at,
            await self.audit.history(session, gig),
            gig.appeal,
            await self.audit.last(session, gig.id),
            gig.fingerprint != "",
        )

    def _stamp(self) -> int:
        return int(self.desk.clock.now().timestamp() * 1000)


def _card_key(gig_id: int, asking: int) -> str:
    """The key of the card that asks moderators about a gig for the first, second … time."""
    return f"gig.review:{gig_id}:{asking}"


def _waiting(community_id: int) -> tuple[ColumnElement[bool], ...]:
    return Gig.community_id == community_id, Gig.state.in_(rules.REVIEWED_STATES)


def _since() -> ColumnElement[datetime]:
    """Since when a gig waits; older rows do not tell."""
    return func.coalesce(Gig.waiting_since, Gig.created_at)
