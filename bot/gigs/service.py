"""Use cases of the gig board: post, review, answer, close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.store import Store, insert_new
from bot.gigs import rules
from bot.gigs.budget import Budget, find_budget, parse_budget
from bot.gigs.rules import Draft, State
from bot.gigs.screening import Repeat, Screening, fingerprint, screen
from bot.gigs.tables import Gig, GigDecision, Interest
from bot.gigs.ties import worked_together
from bot.gigs.views import GigView, InterestOutcome, InterestView, Outcome, gig_view
from bot.people.niches import NicheBook
from bot.people.service import CommunityView, PeopleService, Who
from bot.people.tables import Member
from bot.people.visibility import seen_by

__all__ = ["Draft", "GigService", "GigView", "InterestOutcome", "InterestView", "Outcome"]

_MINE_MAX = 20
Delivered = Callable[[AsyncSession, Said], Awaitable[None]]
OnWorked = Callable[[AsyncSession, int, int, str, str, datetime], Awaitable[None]]


class GigService:
    """The gig board of every community."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        # Told of two members, one way each, who worked together: member, other, kind, source, when.
        self.on_worked: list[OnWorked] = []

    # --- posting -----------------------------------------------------------------------------------

    async def post(self, who: Who, draft: Draft) -> GigView:
        """Screen a gig and put it on the board, or before the moderators; posting consents to answers by DM.

        Raises:
            KithError: a part is missing (`gig_…`), there is no board, or their same gig is still open.
        """
        draft = rules.checked(draft)
        budget = parse_budget(draft.budget)
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            community = await self._board(session, who.community_id)
            mark = fingerprint(draft.title + draft.description)
            repeat = await self._repeat(session, who.community_id, member.id, mark)
            book = await self.people.book(session, who.community_id)
            row = self._row(member, draft, budget, screen(draft.text, repeat=repeat), mark, book)
            session.add(row)
            await self.people.consent(session, member.id, "gigs")
            await session.flush()
            await self._send_on(session, row, community)
            return await self._view(session, row)

    def check(self, text: str) -> Screening:
        """What screening finds in any pasted text; nothing is stored."""
        return screen(text, budget_named=find_budget(text) is not None)

    def _row(
        self, member: Member, draft: Draft, budget: Budget, found: Screening, mark: str, book: NicheBook
    ) -> Gig:
        now = self.clock.now()
        return Gig(
            community_id=member.community_id,
            member_id=member.id,
            kind=draft.kind,
            title=draft.title,
            description=draft.description,
            budget=draft.budget,
            low=int(budget.low * 100),
            high=int(budget.high * 100),
            currency=budget.currency,
            per=budget.per,
            terms=draft.terms,
            niches=rules.niches_in(book, draft.terms),
            state=rules.state_after(found.verdict),
            score=found.score,
            findings=[asdict(finding) for finding in found.findings],
            fingerprint=mark,
            created_at=now,
            expires_at=rules.expires(now),
        )

    async def _board(self, session: AsyncSession, community_id: int) -> CommunityView:
        community = await self.people.community(session, community_id)
        if community is None or community.gig_channel_id is None:
            raise KithError("gig_no_board")
        return community

    async def _repeat(self, session: AsyncSession, community_id: int, member_id: int, mark: str) -> Repeat:
        """Whether this text is on the board or was refused; a member's own open gig is not posted twice."""
        rows = await session.execute(
            select(Gig.member_id, Gig.state).where(Gig.community_id == community_id, Gig.fingerprint == mark)
        )
        same = rows.all()
        if any(owner == member_id and state in rules.OPEN_STATES for owner, state in same):
            raise KithError("gig_already_posted")
        if any(state == "refused" for _owner, state in same):
            return "refused"
        return "open" if any(state in rules.OPEN_STATES for _owner, state in same) else ""

    async def _send_on(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Announce a gig where its state says: on the board, or to the moderators."""
        if gig.state == "live":
            await self._publish(session, gig, community)
        elif community.mod_channel_id is not None:
            await self.outbox.say(
                session, kind="gig.review", subject=gig.id, key=f"gig.review:{gig.id}", target="channel",
                recipient=community.mod_channel_id, community_id=gig.community_id,
            )  # fmt: skip

    async def _publish(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        if community.gig_channel_id is None:
            raise KithError("gig_no_board")
        await self.outbox.say(
            session, kind="gig.post", subject=gig.id, key=f"gig.post:{gig.id}",
            recipient=community.gig_channel_id, community_id=gig.community_id,
            target="forum" if community.gig_channel_kind == "forum" else "channel", expires_at=gig.expires_at,
        )  # fmt: skip
        await self.agenda.plan(
            session, kind="gig.expire", key=f"gig.expire:{gig.id}", subject=gig.id,
            community_id=gig.community_id, due_at=gig.expires_at,
        )  # fmt: skip

    # --- moderators --------------------------------------------------------------------------------

    async def decide(self, who: Who, gig_id: int, approve: bool, is_moderator: bool) -> Outcome:
        """Let a waiting gig through or refuse it; a second moderator sees what was decided."""
        if not is_moderator:
            raise KithError("moderators_only")
        async with self.store.write() as session:
            gig = await self._gig(session, gig_id)
            if gig.community_id != who.community_id:
                raise KithError("gig_gone")
            changed = await self._move(session, gig, rules.REVIEWED_STATES, "live" if approve else "refused")
            if changed:
                await self._record(session, gig, who.person_id, approve)
            return Outcome(await self._view(session, gig), changed)

    async def _record(self, session: AsyncSession, gig: Gig, moderator: int, approve: bool) -> None:
        now = self.clock.now()
        decision = "approved" if approve else "refused"
        session.add(GigDecision(gig_id=gig.id, person_id=moderator, decision=decision, at=now))
        if approve:
            gig.expires_at = rules.expires(now)
            await session.flush()
            await self._publish(session, gig, await self._board(session, gig.community_id))
        await self._tell_poster(session, gig, "gig.decided")

    # --- interest ----------------------------------------------------------------------------------

    async def may_answer(self, who: Who, gig_id: int) -> GigView:
        """The gig a member is about to answer; raises for their own, a closed or an answered one."""
        async with self.store.read() as session:
            gig = await self._open_gig(session, who, gig_id)
            if await session.scalar(_interest_of(gig.id, who.person_id)) is not None:
                raise KithError("gig_interest_again")
            return gig

    async def interest(self, who: Who, gig_id: int, pitch: str) -> GigView:
        """Hand a pitch to the poster, once per member and gig; asking consents to the answer by DM."""
        pitch = rules.checked_pitch(pitch)
        async with self.store.write() as session:
            gig = await self._open_gig(session, who, gig_id)
            member = await self.people.known(session, who)
            new = await insert_new(
                session, Interest, gig_id=gig.id, member_id=member.id, pitch=pitch, state="waiting",
                created_at=self.clock.now(),
            )  # fmt: skip
            if not new:
                raise KithError("gig_interest_again")
            await self.people.consent(session, member.id, "gigs")
            interest_id = (await session.scalars(_interest_of(gig.id, who.person_id))).one()
            await self._tell(session, "gig.interest", interest_id, gig.person_id, gig.community_id)
            return gig

    async def answer_interest(self, person_id: int, interest_id: int, accept: bool) -> InterestOutcome:
        """Accept or decline, by the poster only; contact opens on accept, a second answer changes nothing."""
        async with self.store.write() as session:
            view = await self._interest(session, interest_id)
            if view.gig.person_id != person_id:
                raise KithError("not_yours")
            state = "accepted" if accept else "declined"
            moved = await session.execute(
                update(Interest).where(Interest.id == interest_id, Interest.state == "waiting")
                .values(state=state).returning(Interest.id).execution_options(synchronize_session=False)
            )  # fmt: skip
            changed = moved.first() is not None
            if changed:
                told = (person_id, view.applicant.person_id) if accept else (view.applicant.person_id,)
                for recipient in told:
                    await self._tell(session, f"gig.{state}", interest_id, recipient, view.gig.community_id)
            session.expire_all()
            return InterestOutcome(await self._interest(session, interest_id), changed)

    async def _open_gig(self, session: AsyncSession, who: Who, gig_id: int) -> GigView:
        gig = await self._view(session, await self._gig(session, gig_id))
        if gig.community_id != who.community_id:
            raise KithError("gig_gone")
        if gig.state != "live":
            raise KithError("gig_closed")
        if gig.person_id == who.person_id:
            raise KithError("gig_own")
        return gig

    # --- closing -----------------------------------------------------------------------------------

    async def filled(self, person_id: int, gig_id: int) -> Outcome:
        """Close a gig that found its person; by the poster, and the same again changes nothing."""
        return await self._close_own(person_id, gig_id, ("live",), "filled")

    async def withdraw(self, person_id: int, gig_id: int) -> Outcome:
        """Take a gig back, also while it waits for the moderators."""
        return await self._close_own(person_id, gig_id, rules.OPEN_STATES, "withdrawn")

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take a person's open gigs off the board: after `/stop` nobody could tell them who applied."""
        for member_id in await self.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Take one member's open gigs off the board, within the caller's unit of work."""
        for gig in (await session.scalars(select(Gig).where(Gig.member_id == member_id))).all():
            if await self._move(session, gig, rules.OPEN_STATES, "withdrawn"):
                await self.agenda.cancel(session, f"gig.expire:{gig.id}")
                await self._after_closing(session, gig)

    async def mine(self, who: Who) -> list[GigView]:
        """The member's own gigs, newest first."""
        query = (
            select(Gig).join(Member, Member.id == Gig.member_id)
            .where(Member.person_id == who.person_id, Gig.community_id == who.community_id)
            .order_by(Gig.id.desc()).limit(_MINE_MAX)
        )  # fmt: skip
        async with self.store.read() as session:
            return [await self._view(session, row) for row in await session.scalars(query)]

    async def expire(self, work: Work) -> None:
        """Take a gig off the board after its time; agenda work `gig.expire`."""
        async with self.store.write() as session:
            gig = await session.get(Gig, work.subject)
            if gig is not None and await self._move(session, gig, ("live",), "expired"):
                await self._after_closing(session, gig)
                await self._tell_poster(session, gig, "gig.expired")
            await self.agenda.settle(session, work)

    async def _close_own(self, person_id: int, gig_id: int, before: Sequence[str], state: State) -> Outcome:
        async with self.store.write() as session:
            gig = await self._gig(session, gig_id)
            if (await self.people.view(session, gig.member_id)).person_id != person_id:
                raise KithError("not_yours")
            changed = await self._move(session, gig, before, state)
            if changed:
                await self.agenda.cancel(session, f"gig.expire:{gig.id}")
                await self._after_closing(session, gig)
                for worked in self.on_worked if state == "filled" else ():
                    for one, other, source in await worked_together(session, gig.id):
                        await worked(session, one, other, "gig", source, self.clock.now())
            elif gig.state != state:
                raise KithError("gig_closed")
            return Outcome(await self._view(session, gig), changed)

    async def _after_closing(self, session: AsyncSession, gig: Gig) -> None:
        """Show it on the board and tell those who still wait; nobody is dropped silently."""
        await self._show_again(session, gig)
        closed = await session.execute(
            update(Interest).where(Interest.gig_id == gig.id, Interest.state == "waiting")
            .values(state="closed")
            .returning(Interest.id, Interest.member_id).execution_options(synchronize_session=False)
        )  # fmt: skip
        waiting = closed.all()
        people = await self.people.views(session, [member_id for _id, member_id in waiting])
        for interest_id, member_id in waiting:
            await self._tell(
                session, "gig.closed", interest_id, people[member_id].person_id, gig.community_id
            )

    async def _show_again(self, session: AsyncSession, gig: Gig) -> None:
        """Edit the post on the board, when it is there by now."""
        if gig.channel_id is not None and gig.message_id is not None:
            await self.outbox.say(
                session, kind="gig.post", subject=gig.id, key=f"gig.post:{gig.id}:{gig.state}", target="edit",
                recipient=gig.channel_id, community_id=gig.community_id, channel_id=gig.channel_id,
                message_id=gig.message_id,
            )  # fmt: skip

    # --- for the edge ------------------------------------------------------------------------------

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of this feature."""
        return {"gig.expire": self.expire}

    def delivered(self) -> dict[str, Delivered]:
        """What to note once a message reached Discord."""
        return {"gig.post": self._posted}

    async def gig(self, gig_id: int) -> GigView | None:
        """A gig as it is now, for a card that is about to be sent."""
        async with self.store.read() as session:
            row = await session.get(Gig, gig_id)
            return await self._view(session, row) if row else None

    async def interest_view(self, interest_id: int) -> InterestView | None:
        """An interest as it is now, for a card that is about to be sent."""
        async with self.store.read() as session:
            row = await session.get(Interest, interest_id)
            return await self._interest(session, interest_id) if row else None

    async def community_name(self, community_id: int | None) -> str:
        """A community's name, for a message that is about nothing else any more."""
        async with self.store.read() as session:
            return await self._place(session, community_id or 0)

    async def _place(self, session: AsyncSession, community_id: int) -> str:
        community = await self.people.community(session, community_id)
        return community.name if community else ""

    async def _posted(self, session: AsyncSession, said: Said) -> None:
        """Remember where the post is; what changed while it was being sent is shown at once."""
        gig = await session.get(Gig, said.subject)
        if gig is None or said.target == "edit":
            return
        gig.channel_id, gig.message_id = said.channel_id, said.message_id
        if gig.state != "live":
            await self._show_again(session, gig)

    # --- shared ------------------------------------------------------------------------------------

    async def _gig(self, session: AsyncSession, gig_id: int) -> Gig:
        gig = await session.get(Gig, gig_id)
        if gig is None:
            raise KithError("gig_gone")
        return gig

    async def _move(self, session: AsyncSession, gig: Gig, before: Sequence[str], after: State) -> bool:
        """Change the state unless another was faster; the row then shows what is true."""
        moved = await session.execute(
            update(Gig).where(Gig.id == gig.id, Gig.state.in_(before)).values(state=after)
            .returning(Gig.id).execution_options(synchronize_session=False)
        )  # fmt: skip
        changed = moved.first() is not None
        await session.refresh(gig)
        return changed

    async def _view(self, session: AsyncSession, gig: Gig) -> GigView:
        poster = await self.people.view(session, gig.member_id)
        return gig_view(gig, poster, await self._place(session, gig.community_id))

    async def _interest(self, session: AsyncSession, interest_id: int) -> InterestView:
        row = await session.get(Interest, interest_id)
        if row is None:
            raise KithError("gig_gone")
        gig = await self._view(session, await self._gig(session, row.gig_id))
        applicant = seen_by(await self.people.view(session, row.member_id), "matches")
        return InterestView(row.id, gig, applicant, row.pitch, row.state)

    async def _tell_poster(self, session: AsyncSession, gig: Gig, kind: str) -> None:
        poster = await self.people.view(session, gig.member_id)
        await self._tell(session, kind, gig.id, poster.person_id, gig.community_id)

    async def _tell(
        self, session: AsyncSession, kind: str, subject: int, person_id: int, community_id: int
    ) -> None:
        """Write to somebody whose yes to gig messages is open; `/stop` takes it back, posting gives it."""
        member = await self.people.find(session, community_id, person_id)
        if member is None or not await self.people.has_consent(session, member.id, "gigs"):
            return
        await self.outbox.say(
            session, kind=kind, subject=subject, key=f"{kind}:{subject}:{person_id}", recipient=person_id,
            community_id=community_id,
        )  # fmt: skip


def _interest_of(gig_id: int, person_id: int) -> Select[int]:
    return (
        select(Interest.id).join(Member, Member.id == Interest.member_id)
        .where(Interest.gig_id == gig_id, Member.person_id == person_id)
    )  # fmt: skip
