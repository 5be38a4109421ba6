"""Searches that are kept: somebody comes who fits, and the member who looked for them is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.ids import new_id
from bot.core.outbox import Outbox, OutboxRow, Said
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.find import directory, rules
from bot.find.rules import FacetPair
from bot.find.tables import Search, SearchHit
from bot.find.views import Asked, Kept, News
from bot.people.niches import NicheBook
from bot.people.service import MemberView, PeopleService
from bot.people.tables import Member

PURPOSE = "alerts"
KIND = "find.alert"
Elsewhere = Callable[[AsyncSession, int], Awaitable[bool]]
_AT_ONCE = 50  # messages planned in one transaction, so that others can write in between


class Alerts:
    """Keeps searches, notices who newly fits them, and tells each member once about each."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        # Who else writes to a member on the same yes; it is taken back once nobody does.
        self.elsewhere: list[Elsewhere] = []
        # When a message being sent was rendered and whom it names, by its id; the process that renders marks.
        self._named: dict[int, tuple[datetime, Sequence[int]]] = {}

    # --- keeping -----------------------------------------------------------------------------------

    async def keep(self, session: AsyncSession, search: Search, member: Member) -> bool:
        """Keep a search, which is a yes to being told; False when these filters are kept already.

        Raises:
            KithError: `find_too_many_alerts` (limit).
        """
        # Two devices at once: the second waits here and then sees what the first kept.
        await session.execute(select(Member.id).where(Member.id == member.id).with_for_update())
        kept = await self._kept(session, member.id)
        await self.people.consent(session, member.id, PURPOSE)
        if any(one.filters == search.filters for one in kept):
            return False
        if len(kept) >= rules.KEPT_MAX:
            raise KithError("find_too_many_alerts", limit=rules.KEPT_MAX)
        search.alert = True
        await self._index(session, member)
        return True

    async def drop(self, session: AsyncSession, search: Search, member: Member) -> bool:
        """Keep a search no longer, nor another with the same filters; False when it was not kept."""
        same = [one for one in await self._kept(session, member.id) if one.filters == search.filters]
        for one in same:
            one.alert = False
        await self._index(session, member)
        others = [one for one in self.elsewhere if await one(session, member.id)]
        if not others and not await self.keeps(session, member.id):
            await self.people.withdraw(session, member.id, PURPOSE)
        return bool(same)

    async def drop_all(self, session: AsyncSession, view: MemberView) -> None:
        """Keep nothing any longer: the member took the yes back."""
        for one in await self._kept(session, view.id):
            one.alert = False
        await self._index(session, await session.get_one(Member, view.id))

    async def kept(self, session: AsyncSession, member: Member, book: NicheBook) -> list[Kept]:
        """Return what a member keeps, oldest first."""
        name = await self._community(session, member)
        rows = await self._kept(session, member.id)
        return [Kept(row.id, name, self.asked(row, book)) for row in rows]

    async def keeps(self, session: AsyncSession, member_id: int) -> bool:
        """Tell whether a member keeps any search."""
        return bool(await self._kept(session, member_id))

    async def is_kept(self, session: AsyncSession, search: Search) -> bool:
        """Tell whether a search, or another of the member's with the same filters, is kept."""
        return any(one.filters == search.filters for one in await self._kept(session, search.member_id))

    def asked(self, search: Search, book: NicheBook) -> Asked:
        """Return what a search asks for, with names."""
        words = self.people.catalogue
        tables = {
            "offer": words.skills,
            "discipline": words.disciplines,
            "stage": words.stages,
            "direction": words.directions,
            "language": words.languages,
        }
        found = []
        for kind in rules.FILTERS:
            if (value := search.filters.get(kind)) is None:
                continue
            terms = tables.get(kind, {})
            name = book.name(value) if kind == "niche" else terms[value].name if value in terms else value
            found.append((kind, value, name))
        return Asked(tuple(found))

    async def _kept(self, session: AsyncSession, member_id: int) -> list[Search]:
        query = select(Search).where(Search.member_id == member_id, Search.alert).order_by(Search.id)
        return list((await session.scalars(query)).all())

    async def _index(self, session: AsyncSession, member: Member) -> None:
        """Let the directory know what this member's kept searches wait for."""
        await session.flush()
        wanted = {rules.watched(one.filters) for one in await self._kept(session, member.id)}
        old = {pair for pair in await directory.held(session, member.id) if pair[0].startswith(rules.WATCH)}
        await directory.replace(session, member.community_id, member.id, old, wanted)

    async def _community(self, session: AsyncSession, member: Member) -> str:
        community = await self.people.community(session, member.community_id)
        return community.name if community else ""

    # --- noticing ----------------------------------------------------------------------------------

    async def match(
        self,
        session: AsyncSession,
        view: MemberView,
        before: Collection[FacetPair],
        after: Collection[FacetPair],
    ) -> None:
        """Note every kept search that a changed profile newly fits; telling is left to the agenda."""
        book = await self.people.book(session, view.community_id)
        watchers = await directory.watchers(session, view.community_id, rules.former_names(after, book))
        now = self.clock.now()
        hits = [
            {"search_id": search.id, "member_id": view.id, "at": now, "told": False}
            for search in await self._kept_by(session, [one for one in watchers if one != view.id])
            if rules.newly_fits(rules.current(search.filters, book), before, after)
        ]
        for start in range(0, len(hits), 500):
            await directory.insert_all(session, SearchHit, hits[start : start + 500])
        if hits:
            await self.agenda.plan(
                session, kind="find.tell", key=f"find.tell:{view.id}:{new_id()}", subject=view.id,
                community_id=view.community_id, due_at=now,
            )  # fmt: skip

    async def _kept_by(self, session: AsyncSession, members: Sequence[int]) -> list[Search]:
        found: list[Search] = []
        for start in range(0, len(members), 500):  # below SQLite's limit of variables
            some = members[start : start + 500]
            query = select(Search).where(Search.member_id.in_(some), Search.alert).order_by(Search.id)
            found += (await session.scalars(query)).all()
        return found

    # --- telling -----------------------------------------------------------------------------------

    async def tell(self, work: Work) -> None:
        """Plan the messages about one newcomer; agenda work `find.tell`."""
        query = (
            select(SearchHit.search_id)
            .where(SearchHit.member_id == work.subject, SearchHit.told.is_(False))
            .order_by(SearchHit.search_id)
        )
        async with self.store.read() as session:
            waiting = list((await session.scalars(query)).all())
        for start in range(0, len(waiting), _AT_ONCE):
            async with self.store.write() as session:
                for search_id in waiting[start : start + _AT_ONCE]:
                    await self._plan_message(session, search_id)

    async def _plan_message(self, session: AsyncSession, search_id: int) -> None:
        """Plan one message about a kept search, unless one waits already: it will name the newcomer too."""
        # Locked: for two newcomers at once, the second sees the message that the first planned.
        search = await session.get(Search, search_id, with_for_update=True)
        if search is None or not search.alert:
            return
        member = await session.get_one(Member, search.member_id)
        allowed = await self.people.has_consent(session, member.id, PURPOSE)
        if not allowed or member.barred_at is not None:
            return
        waits = select(OutboxRow.id).where(
            OutboxRow.recipient == member.person_id,
            OutboxRow.kind == KIND,
            OutboxRow.subject == search_id,
            OutboxRow.state == WAITING,
        )
        if (await session.execute(waits)).first() is None:
            key = f"{KIND}:{search_id}:{new_id()}"
            await self.outbox.say(
                session, kind=KIND, subject=search_id, key=key,
                recipient=member.person_id, community_id=member.community_id, budgeted=True,
            )  # fmt: skip

    async def news(self, said: Said) -> News | None:
        """Return whom a message names as it is sent: who came, still fits and can still be seen."""
        now = self.clock.now()
        async with self.store.read() as session:
            search = await session.get(Search, said.subject)
            if search is None or not search.alert:
                return None
            member = await session.get_one(Member, search.member_id)
            allowed = await self.people.has_consent(session, member.id, PURPOSE)
            if not allowed or member.barred_at is not None:
                return None
            book = await self.people.book(session, member.community_id)
            there = await self._there(session, search, book)
            if not there:
                return None
            kept = Kept(search.id, await self._community(session, member), self.asked(search, book))
        self._named[said.id] = (now, [view.id for view in there])
        return News(kept, tuple(there[: rules.PAGE]), max(0, len(there) - rules.PAGE))

    async def _there(self, session: AsyncSession, search: Search, book: NicheBook) -> list[MemberView]:
        filters = rules.current(search.filters, book)
        found = []
        for member_id in await self._untold(session, search.id):
            view = await self.people.shown(session, search.member_id, member_id)
            if view is not None and rules.fits(filters, await directory.held(session, member_id)):
                found.append(view)
        return found

    async def _untold(self, session: AsyncSession, search_id: int) -> Sequence[int]:
        query = select(SearchHit.member_id).where(SearchHit.search_id == search_id, SearchHit.told.is_(False))
        return (await session.scalars(query.order_by(SearchHit.member_id.desc()))).all()

    async def told(self, session: AsyncSession, said: Said) -> None:
        """Mark those whom a sent message named; whoever came while it was sent gets another."""
        rendered_at, named = self._named.pop(said.id, (self.clock.now(), ()))
        await self._mark(session, said.subject, named)
        newer = select(SearchHit.member_id).where(
            SearchHit.search_id == said.subject, SearchHit.told.is_(False), SearchHit.at >= rendered_at
        )
        if (await session.execute(newer)).first() is not None:
            await self._plan_message(session, said.subject)

    async def _mark(self, session: AsyncSession, search_id: int, members: Iterable[int]) -> None:
        await session.execute(
            update(SearchHit)
            .where(SearchHit.search_id == search_id, SearchHit.member_id.in_(list(members)))
            .values(told=True)
            .execution_options(synchronize_session=False)
        )
