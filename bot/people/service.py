"""Use cases of profiles, niches, zones and consents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.store import Store, insert_new
from bot.people import rules
from bot.people.catalogue import Catalogue, load_catalogue
from bot.people.cities import Cities, load_cities
from bot.people.tables import Community, Consent, Member, MemberNiche, MemberSkill, Person
from bot.people.views import (
    CommunityView,
    MemberView,
    NicheChange,
    NicheCount,
    ProfileEdit,
    Who,
    ZoneSet,
)

__all__ = [
    "CommunityView",
    "MemberView",
    "NicheChange",
    "NicheCount",
    "PeopleService",
    "ProfileEdit",
    "Who",
    "ZoneSet",
    "community_view",
]

# The version of the sentences members agree to; raise it when their meaning changes.
CONSENT_TEXT = "1"


def community_view(row: Community) -> CommunityView:
    """Freeze a community's row."""
    return CommunityView(**{name: getattr(row, name) for name in CommunityView.__slots__})


class PeopleService:
    """Profiles, niches, zones and consents; methods that take a session join the caller's unit of work."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        catalogue: Catalogue | None = None,
        cities: Cities | None = None,
    ) -> None:
        """Stand on the store; the seeds are read once, here."""
        self.store = store
        self.clock = clock
        self.catalogue = catalogue or load_catalogue()
        self.cities = cities or load_cities()
        # What other features do in the same transaction when a person moves; the composition root adds them.
        self.on_new_zone: list[Callable[[AsyncSession, int], Awaitable[None]]] = []

    # --- inside another's unit of work -------------------------------------------------------------

    async def known(self, session: AsyncSession, who: Who) -> Member:
        """Return the acting member's row, making community, person and member where they are new."""
        await self.known_community(session, who.community_id, who.community_name)
        person = await session.get(Person, who.person_id)
        if person is None:
            await insert_new(session, Person, id=who.person_id, name=who.name[:100], locale=who.locale)
        elif (person.name, person.locale) != (who.name[:100], who.locale):
            person.name, person.locale = who.name[:100], who.locale
        member = await self._member(session, who.community_id, who.person_id)
        if member is None:
            await insert_new(
                session,
                Member,
                community_id=who.community_id,
                person_id=who.person_id,
                joined_at=self.clock.now(),
            )
            member = (await session.scalars(self._member_query(who.community_id, who.person_id))).one()
        return member

    async def known_community(self, session: AsyncSession, community_id: int, name: str) -> Community:
        """Return the community's row, making it where it is new and following a changed name."""
        row = await session.get(Community, community_id)
        if row is None:
            await insert_new(
                session, Community, id=community_id, name=name[:100], created_at=self.clock.now()
            )
            row = await session.get_one(Community, community_id)
        elif name and row.name != name[:100]:
            row.name = name[:100]
        return row

    async def view(self, session: AsyncSession, member_id: int) -> MemberView:
        """Return one member's profile; raises KithError `no_profile` when there is no such member."""
        found = await self.views(session, [member_id])
        if member_id not in found:
            raise KithError("no_profile")
        return found[member_id]

    async def views(self, session: AsyncSession, ids: Iterable[int]) -> dict[int, MemberView]:
        """Return the profiles of these members by member id; unknown ids are left out."""
        wanted = sorted(set(ids))
        found: dict[int, MemberView] = {}
        for start in range(0, len(wanted), 500):  # below SQLite's limit of variables
            found |= await self._views(session, wanted[start : start + 500])
        return found

    async def find(self, session: AsyncSession, community_id: int, person_id: int) -> MemberView | None:
        """Return a person's profile in a community, or None when Kith has not met them there."""
        member = await self._member(session, community_id, person_id)
        return await self.view(session, member.id) if member else None

    async def community(self, session: AsyncSession, community_id: int) -> CommunityView | None:
        """Return a community's settings, or None when it is unknown."""
        row = await session.get(Community, community_id)
        return community_view(row) if row else None

    async def consent(self, session: AsyncSession, member_id: int, purpose: str) -> bool:
        """Record a yes to a purpose; False when it was given already. A yes also ends an earlier `/stop`."""
        rules.known_purpose(purpose)
        asked = select(Member.person_id).where(Member.id == member_id).scalar_subquery()
        await session.execute(update(Person).where(Person.id == asked).values(stopped_at=None))
        return await insert_new(
            session,
            Consent,
            member_id=member_id,
            purpose=purpose,
            text_version=CONSENT_TEXT,
            granted_at=self.clock.now(),
        )

    async def withdraw(self, session: AsyncSession, member_id: int, purpose: str) -> bool:
        """Take a yes back; False when there was none."""
        rules.known_purpose(purpose)
        taken = await session.execute(
            update(Consent)
            .where(Consent.member_id == member_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=self.clock.now())
            .returning(Consent.id)
        )
        return taken.first() is not None

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take back every yes of a person in every community, and remember when they said stop."""
        now = self.clock.now()
        members = select(Member.id).where(Member.person_id == person_id)
        await session.execute(
            update(Consent)
            .where(Consent.member_id.in_(members), Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        await session.execute(update(Person).where(Person.id == person_id).values(stopped_at=now))

    async def has_consent(self, session: AsyncSession, member_id: int, purpose: str) -> bool:
        """Tell whether a member's yes to a purpose is open."""
        query = select(Consent.id).where(
            Consent.member_id == member_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
        )
        return (await session.execute(query)).first() is not None

    async def consented(
        self,
        session: AsyncSession,
        community_id: int,
        purpose: str,
        among: Collection[int] | None = None,
    ) -> list[int]:
        """Return the ids of the community's members whose yes to a purpose is open, oldest member first.

        With ``among`` only these few members are asked about.
        """
        query = (
            select(Member.id)
            .join(Consent, Consent.member_id == Member.id)
            .join(Person, Person.id == Member.person_id)
            .where(
                Member.community_id == community_id,
                Consent.purpose == purpose,
                Consent.withdrawn_at.is_(None),
                Person.stopped_at.is_(None),
            )
            .order_by(Member.id)
        )
        if among is not None:
            query = query.where(Member.id.in_(among))
        return list((await session.scalars(query)).all())

    # --- use cases of their own --------------------------------------------------------------------

    async def mine(self, who: Who) -> MemberView:
        """Return the acting member's own profile, empty at first."""
        async with self.store.write() as session:
            member = await self.known(session, who)
            return await self.view(session, member.id)

    async def profile_of(self, who: Who, person_id: int) -> MemberView:
        """Return another's profile; raises `no_profile` when that person has written none here."""
        if person_id == who.person_id:
            return await self.mine(who)
        async with self.store.read() as session:
            found = await self.find(session, who.community_id, person_id)
        if found is None or not found.has_profile:
            raise KithError("no_profile")
        return found

    async def edit_profile(self, who: Who, edit: ProfileEdit, *, group: str | None = None) -> MemberView:
        """Store what a form changed; raises KithError and writes nothing when a value is not acceptable.

        With `group`, skills are replaced in that group of the catalogue alone (one menu of a form).
        """
        edit = rules.checked(edit, self.catalogue)
        async with self.store.write() as session:
            member = await self.known(session, who)
            for name in ("headline", "comfort"):
                if (value := getattr(edit, name)) is not None:
                    setattr(member, name, value)
            for name in ("discipline", "stage", "work_mode", "direction"):
                if (value := getattr(edit, name)) is not None:
                    setattr(member, name, value or None)
            for side, skills in (("offer", edit.offers), ("ask", edit.asks)):
                if skills is not None:
                    await self._set_skills(session, member.id, side, skills, group)
            await session.flush()
            return await self.view(session, member.id)

    async def set_zone(self, who: Who, text: str) -> ZoneSet:
        """Set the person's time zone from a city, a zone name or a choice of `search_zones`."""
        place = self.cities.resolve(text, self.clock.now())
        async with self.store.write() as session:
            member = await self.known(session, who)
            await session.execute(update(Person).where(Person.id == member.person_id).values(zone=place.zone))
            for follow in self.on_new_zone:
                await follow(session, member.person_id)
        return ZoneSet(place.zone, place.label, self.clock.now().astimezone(ZoneInfo(place.zone)))

    def search_zones(self, text: str, limit: int = 25) -> list[ZoneSet]:
        """Return places that fit what was typed so far, each with the time there now."""
        now = self.clock.now()
        return [
            ZoneSet(place.zone, place.label, now.astimezone(ZoneInfo(place.zone)))
            for place in self.cities.search(text, now, limit)
        ]

    async def join_niche(self, who: Who, text: str) -> NicheChange:
        """Join the niche a slug, name, alias or near miss names; raises `niche_unknown` or `niches_full`."""
        niche = self.catalogue.niche(text)
        async with self.store.write() as session:
            member = await self.known(session, who)
            mine = await self._niches(session, member.id)
            rules.room_for_niche(mine, niche.slug)
            changed = await insert_new(session, MemberNiche, member_id=member.id, niche=niche.slug)
            return await self._niche_change(session, member, niche.slug, changed)

    async def leave_niche(self, who: Who, text: str) -> NicheChange:
        """Leave a niche; leaving one the member is not in changes nothing."""
        niche = self.catalogue.niche(text)
        async with self.store.write() as session:
            member = await self.known(session, who)
            gone = await session.execute(
                delete(MemberNiche)
                .where(MemberNiche.member_id == member.id, MemberNiche.niche == niche.slug)
                .returning(MemberNiche.niche)
            )
            return await self._niche_change(session, member, niche.slug, gone.first() is not None)

    async def browse(self, who: Who) -> list[NicheCount]:
        """Return every niche with its size in the community, largest first, then by name."""
        async with self.store.read() as session:
            sizes = await self._sizes(session, who.community_id)
            member = await self._member(session, who.community_id, who.person_id)
            mine = set(await self._niches(session, member.id)) if member else set()
        counts = [NicheCount(slug, sizes.get(slug, 0), slug in mine) for slug in self.catalogue.niches]
        return sorted(counts, key=lambda c: (-c.members, self.catalogue.niches[c.slug].name.casefold()))

    async def niches_of(self, who: Who) -> list[str]:
        """Return the slugs of the niches the acting member is in."""
        async with self.store.read() as session:
            member = await self._member(session, who.community_id, who.person_id)
            return await self._niches(session, member.id) if member else []

    async def people_in(self, who: Who, text: str, limit: int = 10) -> list[MemberView]:
        """Return members of a niche, newest first, without the asker."""
        niche = self.catalogue.niche(text)
        query = (
            select(Member.id)
            .join(MemberNiche, MemberNiche.member_id == Member.id)
            .where(
                Member.community_id == who.community_id,
                Member.person_id != who.person_id,
                MemberNiche.niche == niche.slug,
            )
            .order_by(Member.id.desc())
            .limit(limit)
        )
        async with self.store.read() as session:
            ids = list((await session.scalars(query)).all())
            found = await self.views(session, ids)
        return [found[i] for i in ids]

    # --- reading rows ------------------------------------------------------------------------------

    def _member_query(self, community_id: int, person_id: int) -> Select[Member]:
        return select(Member).where(Member.community_id == community_id, Member.person_id == person_id)

    async def _member(self, session: AsyncSession, community_id: int, person_id: int) -> Member | None:
        return (await session.scalars(self._member_query(community_id, person_id))).one_or_none()

    async def _views(self, session: AsyncSession, ids: Sequence[int]) -> dict[int, MemberView]:
        query = select(Member, Person).join(Person, Person.id == Member.person_id).where(Member.id.in_(ids))
        # A bulk UPDATE may have passed the identity map by: read what is stored.
        rows = (await session.execute(query, execution_options={"populate_existing": True})).all()
        skills = (await session.scalars(select(MemberSkill).where(MemberSkill.member_id.in_(ids)))).all()
        niches = (await session.scalars(select(MemberNiche).where(MemberNiche.member_id.in_(ids)))).all()
        has: dict[tuple[int, str], list[str]] = {}
        for skill in skills:
            has.setdefault((skill.member_id, skill.side), []).append(skill.skill)
        for niche in niches:
            has.setdefault((niche.member_id, "niche"), []).append(niche.niche)

        def sorted_of(member: Member, what: str) -> tuple[str, ...]:
            return tuple(sorted(has.get((member.id, what), ())))

        return {
            m.id: MemberView(
                m.id,
                m.community_id,
                m.person_id,
                p.name,
                m.headline,
                m.discipline,
                m.stage,
                m.work_mode,
                m.direction,
                m.comfort,
                p.zone,
                sorted_of(m, "offer"),
                sorted_of(m, "ask"),
                sorted_of(m, "niche"),
                m.joined_at,
            )
            for m, p in rows
        }

    async def _niches(self, session: AsyncSession, member_id: int) -> list[str]:
        query = select(MemberNiche.niche).where(MemberNiche.member_id == member_id)
        return list((await session.scalars(query.order_by(MemberNiche.niche))).all())

    async def _sizes(self, session: AsyncSession, community_id: int) -> dict[str, int]:
        query = (
            select(MemberNiche.niche, func.count())
            .join(Member, Member.id == MemberNiche.member_id)
            .where(Member.community_id == community_id)
            .group_by(MemberNiche.niche)
        )
        return {row[0]: row[1] for row in await session.execute(query)}

    async def _niche_change(
        self, session: AsyncSession, member: Member, slug: str, changed: bool
    ) -> NicheChange:
        sizes = await self._sizes(session, member.community_id)
        mine = await self._niches(session, member.id)
        return NicheChange(slug, changed, sizes.get(slug, 0), tuple(mine))

    async def _set_skills(
        self, session: AsyncSession, member_id: int, side: str, skills: tuple[str, ...], group: str | None
    ) -> None:
        rows = select(MemberSkill.skill).where(MemberSkill.member_id == member_id, MemberSkill.side == side)
        held = (await session.scalars(rows)).all()
        replaced = set(self.catalogue.skill_group(group) if group else held)
        kept = [skill for skill in held if skill not in replaced]
        wanted = rules.some_of([*kept, *skills], {*self.catalogue.skills, *held})
        await session.execute(
            delete(MemberSkill).where(MemberSkill.member_id == member_id, MemberSkill.side == side)
        )
        for skill in wanted or ():
            await insert_new(session, MemberSkill, member_id=member_id, side=side, skill=skill)
