"""Use cases of niches: browse, join, leave."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.core.store import Store, insert_new
from bot.niches.views import NicheChange, NicheCount, NicheList
from bot.people import rules
from bot.people.niches import Niche, NicheBook
from bot.people.service import PeopleService, Who
from bot.people.tables import Member, MemberNiche

__all__ = ["NicheChange", "NicheCount", "NicheList", "NicheService"]


class NicheService:
    """The niches of every community."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    async def join(self, who: Who, text: str) -> NicheChange:
        """Join the niche a slug, name, alias or near miss names; raises `niche_unknown` or `niches_full`."""
        return (await self.join_all(who, [text]))[-1]

    async def join_all(self, who: Who, texts: list[str]) -> list[NicheChange]:
        """Join several niches at once, all or, when one is unknown or they are too many, none."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            book = await self.people.book(session, who.community_id)
            mine = await self._niches(session, member.id)
            joined: list[tuple[Niche, bool]] = []
            for niche in [book.find(text) for text in texts]:
                rules.room_for_niche(mine, niche.slug)
                mine.append(niche.slug)
                new = await insert_new(session, MemberNiche, member_id=member.id, niche=niche.slug)
                joined.append((niche, new))
            if any(new for _, new in joined):
                await self.people.changed(session, member.id)
            return [await self._change(session, member, book, niche, new) for niche, new in joined]

    async def leave(self, who: Who, text: str) -> NicheChange:
        """Leave a niche; leaving one the member is not in changes nothing."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            book = await self.people.book(session, who.community_id)
            niche = book.find(text)
            gone = await session.execute(
                delete(MemberNiche)
                .where(MemberNiche.member_id == member.id, MemberNiche.niche == niche.slug)
                .returning(MemberNiche.niche)
            )
            left = gone.first() is not None
            if left:
                await self.people.changed(session, member.id)
            return await self._change(session, member, book, niche, left)

    async def browse(self, who: Who) -> NicheList:
        """Return every niche with its size in the community, largest first, then by name."""
        async with self.store.read() as session:
            book = await self.people.book(session, who.community_id)
            sizes = await self.sizes(session, who.community_id)
            me = await self.people.find(session, who.community_id, who.person_id)
        mine = set(me.niches) if me else set()
        counts = [
            NicheCount(niche, sizes.get(niche.slug, 0), niche.slug in mine) for niche in book.niches.values()
        ]
        return NicheList(tuple(sorted(counts, key=lambda one: (-one.members, one.niche.name.casefold()))))

    async def search(self, who: Who, text: str, *, mine: bool = False) -> list[Niche]:
        """Return niches that fit what was typed so far, best first; only the member's own with `mine`."""
        async with self.store.read() as session:
            book = await self.people.book(session, who.community_id)
            me = await self.people.find(session, who.community_id, who.person_id) if mine else None
        if not mine:
            return book.search(text)
        held = set(me.niches) if me else set()
        return [niche for niche in book.search(text, limit=len(book.niches)) if niche.slug in held]

    async def sizes(self, session: AsyncSession, community_id: int) -> dict[str, int]:
        """Return how many members each niche of a community has; empty ones are left out."""
        query = (
            select(MemberNiche.niche, func.count())
            .join(Member, Member.id == MemberNiche.member_id)
            .where(Member.community_id == community_id)
            .group_by(MemberNiche.niche)
        )
        return {row[0]: row[1] for row in await session.execute(query)}

    async def _niches(self, session: AsyncSession, member_id: int) -> list[str]:
        query = select(MemberNiche.niche).where(MemberNiche.member_id == member_id)
        return list((await session.scalars(query.order_by(MemberNiche.niche))).all())

    async def _change(
        self, session: AsyncSession, member: Member, book: NicheBook, niche: Niche, changed: bool
    ) -> NicheChange:
        sizes = await self.sizes(session, member.community_id)
        mine = sorted(book.name(slug) for slug in await self._niches(session, member.id))
        return NicheChange(niche, changed, sizes.get(niche.slug, 0), tuple(mine))
