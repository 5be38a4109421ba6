"""Use cases of suggestions: a member asks for a niche, moderators decide once, whoever asked is told."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.niches import rules
from bot.niches.base import NicheBase
from bot.niches.tables import NicheSuggestion
from bot.niches.views import AnswerView, Decision, Suggested, SuggestionView, Waiting
from bot.people.niches import Niche, NicheBook
from bot.people.rules import NICHES_MAX
from bot.people.service import Who
from bot.people.tables import Member

Verdict = Literal["accepted", "merged", "refused"]
OPEN = ("waiting", "seconded")


class Suggesting(NicheBase):
    """What members ask for and moderators decide."""

    async def suggest(self, who: Who, text: str, axis: str, *, sure: bool = False) -> Suggested:
        """Ask the moderators for a niche, unless something near exists and the member is not `sure`.

        Raises:
            KithError: `niche_too_many_suggestions`, or what is wrong with the name.
        """
        name, axis = rules.niche_name(text), rules.known_axis(axis)
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            await self.hold(session, who.community_id, changing=True)
            book = await self.people.book(session, who.community_id)
            same = rules.same_named(book, name)
            near = [same] if same else book.near(name)
            if near and not (sure and same is None):
                return Suggested(name, axis, tuple(near), exact=same is not None)
            new = await self._ask(session, member, name, axis)
            await self.people.consent(session, member.id, "requests")
            return Suggested(name, axis, new=new)

    async def _ask(self, session: AsyncSession, member: Member, name: str, axis: str) -> bool:
        """Store what is asked for; False when this member asked for it before."""
        wanted = rules.folded(name)
        mine = select(NicheSuggestion.folded).where(
            NicheSuggestion.member_id == member.id, NicheSuggestion.state.in_(OPEN)
        )
        waiting = (await session.scalars(mine)).all()
        if wanted in waiting:
            return False
        if len(waiting) >= rules.WAITING_MAX:
            raise KithError("niche_too_many_suggestions", limit=rules.WAITING_MAX)
        others = select(NicheSuggestion.id).where(
            NicheSuggestion.community_id == member.community_id,
            NicheSuggestion.folded == wanted,
            NicheSuggestion.state.in_(OPEN),
        )
        first = (await session.execute(others.limit(1))).first() is None
        row = NicheSuggestion(
            community_id=member.community_id,
            member_id=member.id,
            name=name,
            folded=wanted,
            axis=axis,
            state="waiting" if first else "seconded",
            created_at=self.clock.now(),
        )
        session.add(row)
        await session.flush()
        if first:
            await self._tell_moderators(session, row)
        return True

    async def _tell_moderators(self, session: AsyncSession, row: NicheSuggestion) -> None:
        """Show it where moderators look; without such a channel it waits in their queue."""
        community = await self.people.community(session, row.community_id)
        if community is not None and community.mod_channel_id is not None:
            await self.outbox.say(
                session,
                kind="niche.suggested",
                subject=row.id,
                key=f"niche.suggested:{row.id}",
                recipient=community.mod_channel_id,
                community_id=row.community_id,
                target="channel",
            )

    # --- moderators --------------------------------------------------------------------------------

    async def queue(self, who: Who) -> Waiting:
        """Return what waits for a decision, each name once; only the first are looked at closely."""
        oldest = func.min(NicheSuggestion.id)
        names = (
            select(oldest)
            .where(NicheSuggestion.community_id == who.community_id, NicheSuggestion.state.in_(OPEN))
            .group_by(NicheSuggestion.folded)
            .order_by(oldest)
        )
        async with self.store.read() as session:
            waiting = (await session.scalars(names)).all()
            book = await self.people.book(session, who.community_id)
            rows = [await session.get_one(NicheSuggestion, one) for one in waiting[: rules.QUEUE_MAX]]
            first = [await self._seen(session, row, book) for row in rows]
        return Waiting(tuple(first), len(waiting))

    async def suggestion(self, suggestion_id: int) -> SuggestionView | None:
        """Return a suggestion as it stands, for a card that is about to be sent."""
        async with self.store.read() as session:
            row = await session.get(NicheSuggestion, suggestion_id)
            if row is None:
                return None
            return await self._seen(session, row, await self.people.book(session, row.community_id))

    async def decide(self, who: Who, suggestion_id: int, verdict: Verdict, into: str = "") -> Decision:
        """Accept a suggestion, `merge` it `into` a niche that exists, or refuse it; the first decision stays.

        Everybody who asked for the same joins and is told. Raises `niche_suggestion_gone`.
        """
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.hold(session, who.community_id, changing=True)
            row = await session.get(NicheSuggestion, suggestion_id, populate_existing=True)
            if row is None or row.community_id != who.community_id:
                raise KithError("niche_suggestion_gone")
            book = await self.people.book(session, who.community_id)
            if row.state not in OPEN:
                return Decision(await self._seen(session, row, book), changed=False)
            niche = await self._niche_for(session, row, book, verdict, into)
            if niche is not None and niche.slug in book.niches:
                verdict = "merged"  # somebody made a niche of that name meanwhile
            state = "refused" if niche is None else verdict
            asked = await self._settle(session, row, state, niche)
            for one in asked:
                await self._answer(session, one, niche)
            await self.people.note(
                session,
                who.community_id,
                who.person_id,
                f"niche.{state}",
                member_id=row.member_id,
                detail=row.name if niche is None or niche.name == row.name else f"{row.name} → {niche.name}",
            )
            book = await self.people.book(session, who.community_id)
            return Decision(await self._seen(session, row, book), changed=True)

    async def _niche_for(
        self, session: AsyncSession, row: NicheSuggestion, book: NicheBook, verdict: Verdict, into: str
    ) -> Niche | None:
        """Return the niche that answers a suggestion, made where it is new; None for a refusal."""
        if verdict == "refused":
            return None
        if verdict == "merged":
            return rules.live(book, into)
        if (same := rules.same_named(book, row.name)) is not None:
            return same
        return await self.add_niche(session, row.community_id, row.name, row.axis)

    async def add_niche(self, session: AsyncSession, community_id: int, name: str, axis: str) -> Niche:
        """Make a niche of the community's own."""
        taken = {row.slug for row in await self.rows_of(session, community_id)}
        slug = rules.slug_of(name, taken | set(self.people.catalogue.niches))
        niche = Niche(slug, name, axis)
        await self.row_of(session, community_id, niche)
        return niche

    async def _settle(
        self, session: AsyncSession, row: NicheSuggestion, state: str, niche: Niche | None
    ) -> list[tuple[int, int]]:
        """Give all who asked for the same their answer; return (suggestion, member) of each."""
        done = await session.execute(
            update(NicheSuggestion)
            .where(
                NicheSuggestion.community_id == row.community_id,
                NicheSuggestion.folded == row.folded,
                NicheSuggestion.state.in_(OPEN),
            )
            .values(state=state, slug=niche.slug if niche else None, decided_at=self.clock.now())
            .returning(NicheSuggestion.id, NicheSuggestion.member_id)
            .execution_options(synchronize_session=False)
        )
        asked = sorted((one[0], one[1]) for one in done)
        await session.refresh(row)
        return asked

    async def _answer(self, session: AsyncSession, asked: tuple[int, int], niche: Niche | None) -> None:
        """Let one member into the niche, where they have room for it, and tell them."""
        suggestion_id, member_id = asked
        view = await self.people.view(session, member_id)
        if view.barred:
            return
        if niche is not None and len(view.niches) < NICHES_MAX:
            if await self.enter(session, member_id, niche.slug):
                await self.people.changed(session, member_id)
            await self.plan_role(session, view.community_id, niche.slug, [member_id])
        await self.outbox.say(
            session,
            kind="niche.decided",
            subject=suggestion_id,
            key=f"niche.decided:{suggestion_id}",
            recipient=view.person_id,
            community_id=view.community_id,
            quiet=not await self.people.has_consent(session, member_id, "requests"),
        )

    # --- reading -----------------------------------------------------------------------------------

    async def answer_to(self, suggestion_id: int) -> AnswerView | None:
        """Return what the member who suggested a niche is told, as it is true now."""
        async with self.store.read() as session:
            row = await session.get(NicheSuggestion, suggestion_id)
            if row is None or row.state in OPEN:
                return None
            book = await self.people.book(session, row.community_id)
            community = await self.people.community(session, row.community_id)
            niche = book.get(row.slug) if row.slug else None
            mine = await self.niches_of(session, row.member_id)
            return AnswerView(
                row.name,
                community.name if community else "",
                row.state,
                niche,
                niche is not None and niche.slug in mine,
            )

    async def _seen(self, session: AsyncSession, row: NicheSuggestion, book: NicheBook) -> SuggestionView:
        same = select(func.count()).where(
            NicheSuggestion.community_id == row.community_id,
            NicheSuggestion.folded == row.folded,
            NicheSuggestion.state.in_(OPEN),
        )
        near = book.near(row.name, least=50.0, limit=rules.NEAR_MAX)
        return SuggestionView(
            row.id,
            row.community_id,
            row.name,
            row.axis,
            row.state,
            await session.scalar(same) or 0,
            tuple(near),
            book.get(row.slug) if row.slug else None,
        )
