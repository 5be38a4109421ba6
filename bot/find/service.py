"""Use cases of finding members."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.store import Store
from bot.find import directory, rules
from bot.find.alerts import KIND, Alerts
from bot.find.tables import Search
from bot.find.views import START, Asked, Kept, News, Page, Reasons, Suggested, Wanted, Way, WhyMeet, Wider
from bot.people.catalogue import Term
from bot.people.niches import Niche
from bot.people.rules import one_of
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import Member
from bot.people.visibility import seen_by

__all__ = [
    "Asked", "FindService", "Kept", "News", "Page", "Reasons", "Suggested", "Wanted", "Way", "WhyMeet",
    "Wider",
]  # fmt: skip

Delivered = Callable[[AsyncSession, Said], Awaitable[None]]


class FindService:
    """Searches the directory of a community."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        reasons: Reasons,
    ) -> None:
        """Stand on the core and on people, and follow every profile; `reasons` says why two should meet."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.reasons = reasons
        self.alerts = Alerts(store, clock, agenda, outbox, people)
        people.on_profile.append(self.follow)

    # --- the directory -----------------------------------------------------------------------------

    async def follow(self, session: AsyncSession, view: MemberView) -> None:
        """Bring a member's rows in the directory up to date with their profile, consents and bars."""
        rows = await directory.held(session, view.id)
        before = {pair for pair in rows if not pair[0].startswith(rules.WATCH)}
        listed = not view.barred and await self.people.has_consent(session, view.id, "directory")
        after = rules.facets_of(view, self.clock.now()) if listed else frozenset()
        await directory.replace(session, view.community_id, view.id, before, after)
        if rows != before and not await self.people.has_consent(session, view.id, "alerts"):
            await self.alerts.drop_all(session, view)
        if rules.OPEN in after and view.open_until is not None:
            await self.agenda.plan(
                session, kind="find.closed", key=f"find.closed:{view.id}:{view.open_until.isoformat()}",
                subject=view.id, community_id=view.community_id, due_at=view.open_until,
            )  # fmt: skip
        if after - before:
            await self.alerts.match(session, view, before, after)

    async def closed(self, work: Work) -> None:
        """Note that a member's "open for work" has run out; agenda work `find.closed`."""
        async with self.store.write() as session:
            view = (await self.people.views(session, [work.subject])).get(work.subject)
            if view is not None:
                await self.follow(session, view)
            await self.agenda.settle(session, work)

    # --- searching ---------------------------------------------------------------------------------

    async def search(self, who: Who, wanted: Wanted) -> Page:
        """Search the directory; a search is remembered so that its pages can be turned.

        Raises:
            KithError: `niche_unknown`, `niche_nowhere`, `find_offer_unknown`, `find_offer_nowhere` or
                `choice_unknown` for what is in no list.
        """
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            search = await self._remember(session, member, await self._checked(session, who, wanted))
            return await self._page(session, search, member, START, "older")

    async def page(
        self, person_id: int, search_id: int, way: Way, cursor: int, community_id: int | None = None
    ) -> Page:
        """Turn a page of one's own search; raises KithError `not_yours` or `find_gone`."""
        async with self.store.read() as session:
            search, member = await self._mine(session, person_id, search_id, community_id)
            return await self._page(session, search, member, cursor, way)

    async def widen(
        self, person_id: int, search_id: int, without: str, community_id: int | None = None
    ) -> Page:
        """Search again with one filter dropped; raises KithError `not_yours` or `find_gone`."""
        async with self.store.write() as session:
            search, member = await self._mine(session, person_id, search_id, community_id)
            wider = await self._remember(session, member, rules.wider(search.filters, without))
            return await self._page(session, wider, member, START, "older")

    async def look(
        self, person_id: int, search_id: int, member_id: int, community_id: int | None = None
    ) -> MemberView:
        """Return one of those found, as the searcher may see them now.

        Raises:
            KithError: `not_yours`, `find_gone`, or `find_left` when they can no longer be seen.
        """
        async with self.store.read() as session:
            _search, member = await self._mine(session, person_id, search_id, community_id)
            view = await self.people.shown(session, member.id, member_id)
        if view is None or view.community_id != member.community_id:
            raise KithError("find_left")
        return view

    async def niches(self, who: Who, text: str) -> list[Niche]:
        """Return the community's niches that fit what was typed so far."""
        async with self.store.read() as session:
            return (await self.people.book(session, who.community_id)).search(text)

    def offers(self, text: str) -> list[Term]:
        """Return the skills that fit what was typed so far."""
        return rules.terms_like(text, self.people.catalogue.skills)

    def languages(self, text: str) -> list[Term]:
        """Return the languages that fit what was typed so far."""
        return rules.terms_like(text, self.people.catalogue.languages)

    # --- being told --------------------------------------------------------------------------------

    async def keep(self, person_id: int, search_id: int, community_id: int | None = None) -> Kept:
        """Tell the member when someone comes; raises `not_yours`, `find_gone` or `find_too_many_alerts`."""
        async with self.store.write() as session:
            search, member = await self._mine(session, person_id, search_id, community_id)
            changed = await self.alerts.keep(session, search, member)
            return await self._kept(session, search, member, changed)

    async def drop(self, person_id: int, search_id: int, community_id: int | None = None) -> Kept:
        """Tell the member no longer; raises KithError `not_yours` or `find_gone`."""
        async with self.store.write() as session:
            search, member = await self._mine(session, person_id, search_id, community_id)
            changed = await self.alerts.drop(session, search, member)
            return await self._kept(session, search, member, changed)

    async def kept(self, person_id: int, search_id: int, community_id: int | None = None) -> list[Kept]:
        """Return what the member keeps in the community of one of their searches, oldest first."""
        async with self.store.read() as session:
            _search, member = await self._mine(session, person_id, search_id, community_id)
            book = await self.people.book(session, member.community_id)
            return await self.alerts.kept(session, member, book)

    # --- suggestions -------------------------------------------------------------------------------

    async def suggestions(self, who: Who, most: int = 3) -> list[Suggested]:
        """Return listed members worth knowing, with true reasons; those not met yet first, then the best.

        Only what they show to the community counts and is told, and only those with a reason are returned.
        """
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is None or me.barred:
                return []
            near = await directory.related(session, seen_by(me, "matches"), rules.CANDIDATES)
            views = await self.people.views(session, near)
            shown = [seen_by(view, "members") for view in views.values() if not view.barred]
            every = [Suggested(view, tuple(self.reasons(me, view))) for view in shown]
            found = [one for one in every if rules.speaks([reason.name for reason in one.reasons])]
            found.sort(key=lambda one: (-sum(reason.points for reason in one.reasons), -one.view.id))
            new: list[Suggested] = []
            met: list[Suggested] = []
            for one in found:  # the best first, and only as many as it takes are asked about
                if len(new) == most:
                    break
                (met if await self._have_met(session, me.id, one.view.id) else new).append(one)
        return [*new, *met][:most]

    async def _have_met(self, session: AsyncSession, one: int, other: int) -> bool:
        for acquainted in self.people.acquainted:
            if await acquainted(session, one, other):
                return True
        return False

    # --- for the edge ------------------------------------------------------------------------------

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work of this feature."""
        return {"find.closed": self.closed, "find.tell": self.alerts.tell}

    def delivered(self) -> dict[str, Delivered]:
        """What to note once a message reached Discord."""
        return {KIND: self.alerts.told}

    async def news(self, said: Said) -> News | None:
        """Return what a message about newcomers says as it is sent; None when that is nothing any more."""
        return await self.alerts.news(said)

    # --- inside ------------------------------------------------------------------------------------

    async def _checked(self, session: AsyncSession, who: Who, wanted: Wanted) -> dict[str, str]:
        """Return the filters with every value known: suggestions are only suggestions to a client."""
        words = self.people.catalogue
        found = {
            "discipline": one_of(wanted.discipline, words.disciplines),
            "stage": one_of(wanted.stage, words.stages),
            "direction": one_of(wanted.direction, words.directions),
            "open": "yes" if wanted.open_for_work else None,
        }
        if wanted.niche:
            found["niche"] = (await self.people.book(session, who.community_id)).find(wanted.niche).slug
        if wanted.offer:
            found["offer"] = rules.term_meant(wanted.offer, words.skills, "offer")
        if wanted.language:
            found["language"] = rules.term_meant(wanted.language, words.languages, "language")
        return {kind: value for kind in rules.FILTERS if (value := found.get(kind))}

    async def _remember(self, session: AsyncSession, member: Member, filters: dict[str, str]) -> Search:
        """Store a search, and forget this member's old ones that nobody keeps."""
        await session.execute(
            delete(Search)
            .where(
                Search.member_id == member.id,
                Search.alert.is_(False),
                Search.created_at < self.clock.now() - rules.KEEP_DAYS,
            )
            .execution_options(synchronize_session=False)
        )
        search = Search(member_id=member.id, filters=filters, alert=False, created_at=self.clock.now())
        session.add(search)
        await session.flush()
        return search

    async def _mine(
        self, session: AsyncSession, person_id: int, search_id: int, community_id: int | None
    ) -> tuple[Search, Member]:
        """Return a search of this person's, and who they are there; in a DM no community is given."""
        search = await session.get(Search, search_id)
        member = await session.get(Member, search.member_id) if search else None
        if search is None or member is None:
            raise KithError("find_gone")
        if member.person_id != person_id:
            raise KithError("not_yours")
        if community_id not in (None, member.community_id):
            raise KithError("find_gone")
        if member.barred_at is not None:
            raise KithError("barred")
        return search, member

    async def _page(
        self, session: AsyncSession, search: Search, member: Member, cursor: int, way: Way
    ) -> Page:
        book = await self.people.book(session, member.community_id)
        asked = self.alerts.asked(search, book)
        filters = rules.current(search.filters, book)
        place = directory.Place(session, member.community_id, filters, member.id, self.clock.now())
        found = await directory.ids(place, limit=rules.PAGE + 1, cursor=cursor, way=way)
        shown, further = found[: rules.PAGE], len(found) > rules.PAGE
        if way == "newer":
            shown.reverse()
        back = False
        if cursor != START and shown:
            edge = shown[0] if way == "older" else shown[-1]
            other: Way = "newer" if way == "older" else "older"
            back = bool(await directory.ids(place, limit=1, cursor=edge, way=other))
        newer, older = (back, further) if way == "older" else (further, back)
        community = await self.people.community(session, member.community_id)
        return Page(
            search_id=search.id,
            community_name=community.name if community else "",
            asked=asked,
            members=await self._shown(session, member.id, shown),
            newer=shown[0] if newer else None,
            older=shown[-1] if older else None,
            alert=await self.alerts.is_kept(session, search),
            over=not shown and cursor != START,
            wider=await self._wider(place, asked) if not shown and cursor == START else (),
        )

    async def _shown(
        self, session: AsyncSession, viewer_id: int, ids: Sequence[int]
    ) -> tuple[MemberView, ...]:
        """Return these members as the viewer may see them, in the order given."""
        views = await self.people.views(session, ids)
        found = []
        for view in (views[one] for one in ids if one in views):
            audience = await self.people.audience(session, viewer_id, view)
            if audience is not None:
                found.append(seen_by(view, audience))
        return tuple(found)

    async def _wider(self, place: directory.Place, asked: Asked) -> tuple[Wider, ...]:
        """Return what dropping one filter would show, where that is somebody."""
        found, most = [], rules.WIDEN_MAX + 1
        for kind, _slug, name in asked.filters:
            without = dataclasses.replace(place, filters=rules.wider(place.filters, kind))
            count = len(await directory.ids(without, limit=most))
            if count:
                found.append(Wider(kind, name, min(count, rules.WIDEN_MAX), count == most))
        return tuple(found)

    async def _kept(self, session: AsyncSession, search: Search, member: Member, changed: bool) -> Kept:
        book = await self.people.book(session, member.community_id)
        community = await self.people.community(session, member.community_id)
        name = community.name if community else ""
        return Kept(search.id, name, self.alerts.asked(search, book), changed)
