"""A community with a directory, for the tests of finding."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow, Said, said
from bot.core.store import Store
from bot.find.directory import held
from bot.find.service import FindService, Page, Wanted, Way
from bot.find.tables import SearchHit
from bot.niches.service import NicheService
from bot.people.service import MemberView, PeopleService, ProfileEdit, Who
from cogs.find.cards import renderers
from tests.find.reasons import Reason

DAY = timedelta(days=1)


def who(number: int, community: int = 10) -> Who:
    return Who(community, f"Server {community}", number, f"Member {number}")


def shared_niches(me: MemberView, other: MemberView) -> list[Reason]:
    """Reasons as the introductions give them, but simpler: what is shared, and that they are new."""
    found = [Reason("new", 36)]
    if values := tuple(sorted({*me.niches} & {*other.niches})):
        found.append(Reason("niche", 100 * len(values), values))
    if values := tuple(sorted({*other.offers} & {*me.asks})):
        found.append(Reason("gets", 90, values, other.id, me.id))
    if values := tuple(sorted({*me.offers} & {*other.asks})):
        found.append(Reason("gets", 80, values, me.id, other.id))
    if other.stage:
        found.append(Reason("peer", 40, (other.stage,)))
    return sorted(found, key=lambda reason: -reason.points)


class World:
    """The service under test and everything it stands on."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.niches = NicheService(store, clock, self.agenda, self.outbox, self.people)
        self.find = FindService(store, clock, self.agenda, self.outbox, self.people, shared_niches)
        self.agenda.register(self.find.handlers())

    async def member(self, number: int, *niches: str, community: int = 10, **profile: Any) -> MemberView:
        """A listed member with this profile."""
        them = who(number, community)
        await self.people.list_me(them, listed=True)
        if niches:
            await self.niches.join_all(them, list(niches))
        return (await self.people.edit_profile(them, ProfileEdit(**profile))).view

    async def search(self, number: int, **wanted: Any) -> Page:
        return await self.find.search(who(number), Wanted(**wanted))

    async def names(self, number: int, **wanted: Any) -> list[str]:
        return names(await self.search(number, **wanted))

    async def turn(self, number: int, page: Page, way: Way = "older") -> Page:
        cursor = page.older if way == "older" else page.newer
        assert cursor is not None
        return await self.find.page(number, page.search_id, way, cursor)

    async def facets(self, member_id: int) -> set[tuple[str, str]]:
        async with self.store.read() as session:
            return await held(session, member_id)

    async def settle(self) -> None:
        while await self.agenda.tick():
            pass

    async def messages(self) -> list[OutboxRow]:
        """The alerts that are planned or sent, oldest first."""
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == "find.alert").order_by(OutboxRow.id)
            return list(await session.scalars(query))

    async def deliver(self, row: OutboxRow) -> str | None:
        """What a message says when it is sent, after which it counts as sent."""
        message: Said = said(row)
        outgoing = await renderers(self.find)[row.kind](message)
        async with self.store.write() as session:
            sent = await session.get_one(OutboxRow, row.id)
            sent.state = "done" if outgoing else "dropped"
            if outgoing is not None:
                await self.find.delivered()[row.kind](session, message)
        view: Any = outgoing.view if outgoing else None
        return str(view.to_components()) if view else None

    async def hits(self) -> list[tuple[int, int, bool]]:
        async with self.store.read() as session:
            rows = await session.scalars(select(SearchHit))
            return sorted((row.search_id, row.member_id, row.told) for row in rows)


def names(page: Page) -> list[str]:
    return [view.name.removeprefix("Member ") for view in page.members]
