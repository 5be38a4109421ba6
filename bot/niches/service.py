"""Use cases of niches: browse, join, leave; with what members suggest and moderators decide."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.niches.moderation import Moderation
from bot.niches.rolling import Rolling
from bot.niches.views import NicheChange, NicheCount, NicheList
from bot.people.niches import Niche, NicheBook
from bot.people.service import Who
from bot.people.tables import CommunityNiche, Member, MemberNiche

__all__ = ["NicheChange", "NicheCount", "NicheList", "NicheService"]


class NicheService(Moderation, Rolling):
    """The niches of every community."""

    async def join(self, who: Who, text: str) -> NicheChange:
        """Join the niche a slug, name, alias or near miss names; raises `niche_unknown` or `niches_full`."""
        return (await self.join_all(who, [text]))[-1]

    async def join_all(self, who: Who, texts: list[str]) -> list[NicheChange]:
        """Join several niches at once, all or, when one is unknown or they are too many, none."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            await self.hold(session, who.community_id, changing=False)
            book = await self.people.book(session, who.community_id)
            joined = [
                (niche, await self.enter(session, member.id, niche.slug))
                for niche in [book.find(text) for text in texts]
            ]
            new = [niche.slug for niche, is_new in joined if is_new]
            for slug in new:
                await self.plan_role(session, member.community_id, slug, [member.id])
            if new:
                await self.people.changed(session, member.id)
            return [await self._change(session, member, book, niche, is_new) for niche, is_new in joined]

    async def join_invited(self, who: Who, row_id: int) -> NicheChange:
        """Join the niche of an invitation; raises `niche_gone` for one of another community, or of none."""
        async with self.store.read() as session:
            row = await session.get(CommunityNiche, row_id)
            if row is None or row.community_id != who.community_id:
                raise KithError("niche_gone")
            slug = row.slug
        return await self.join(who, slug)

    async def leave(self, who: Who, text: str) -> NicheChange:
        """Leave a niche; leaving one the member is not in changes nothing."""
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            await self.hold(session, who.community_id, changing=False)
            book = await self.people.book(session, who.community_id)
            niche = book.find(text)
            gone = await session.execute(
                delete(MemberNiche)
                .where(MemberNiche.member_id == member.id, MemberNiche.niche == niche.slug)
                .returning(MemberNiche.niche)
            )
            left = gone.first() is not None
            if left:
                await self.plan_role(session, member.community_id, niche.slug, [member.id])
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

    async def _change(
        self, session: AsyncSession, member: Member, book: NicheBook, niche: Niche, changed: bool
    ) -> NicheChange:
        sizes = await self.sizes(session, member.community_id)
        mine = sorted(book.name(slug) for slug in await self.niches_of(session, member.id))
        return NicheChange(niche, changed, sizes.get(niche.slug, 0), tuple(mine))
