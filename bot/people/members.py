"""The member record, for use inside another's unit of work: knowing people, profiles, consents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.store import Store, insert_new
from bot.people import rules
from bot.people.catalogue import Catalogue, load_catalogue
from bot.people.cities import Cities, load_cities
from bot.people.niches import Niche, NicheBook
from bot.people.tables import (
    AuditEntry,
    Community,
    CommunityNiche,
    Consent,
    Member,
    MemberNiche,
    MemberTag,
    Person,
)
from bot.people.views import CommunityView, MemberView, Who
from bot.people.visibility import Audience, seen_by

# The version of the sentences members agree to; raise it when their meaning changes.
CONSENT_TEXT = "1"

# What other features do in the same transaction; the composition root adds them.
OnPerson: TypeAlias = Callable[[AsyncSession, int], Awaitable[None]]
OnProfile: TypeAlias = Callable[[AsyncSession, MemberView], Awaitable[None]]
Acquainted: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[bool]]


def community_view(row: Community) -> CommunityView:
    """Freeze a community's row."""
    return CommunityView(**{name: getattr(row, name) for name in CommunityView.__slots__})


class Members:
    """Reads and writes the member record within the caller's unit of work."""

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
        self.on_new_zone: list[OnPerson] = []
        self.on_new_member: list[OnProfile] = []
        self.on_profile: list[OnProfile] = []
        # Asked when a member shows their niches to everyone, or no longer.
        self.on_niches_shown: list[OnProfile] = []
        # Whether Kith brought these two members together; the first who knows says yes.
        self.acquainted: list[Acquainted] = []

    # --- knowing who acts --------------------------------------------------------------------------

    async def known(self, session: AsyncSession, who: Who) -> Member:
        """Return the acting member's row, making community, person and member where they are new.

        Raises:
            KithError: `barred` for someone the moderators closed Kith for.
        """
        await self.known_community(session, who.community_id, who.community_name)
        person = await session.get(Person, who.person_id)
        if person is None:
            await insert_new(session, Person, id=who.person_id, name=who.name[:100], locale=who.locale)
        elif (person.name, person.locale) != (who.name[:100], who.locale):
            person.name, person.locale = who.name[:100], who.locale
        member = await self._member(session, who.community_id, who.person_id)
        if member is None:
            member = await self._new_member(session, who)
        if member.barred_at is not None:
            raise KithError("barred")
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

    async def _new_member(self, session: AsyncSession, who: Who) -> Member:
        made = await insert_new(
            session,
            Member,
            community_id=who.community_id,
            person_id=who.person_id,
            joined_at=self.clock.now(),
        )
        member = (await session.scalars(self._member_query(who.community_id, who.person_id))).one()
        if made and self.on_new_member:
            view = await self.view(session, member.id)
            for greet in self.on_new_member:
                await greet(session, view)
            await session.refresh(member)
        return member

    # --- profiles ----------------------------------------------------------------------------------

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

    async def audience(
        self, session: AsyncSession, viewer_id: int | None, shown: MemberView
    ) -> Audience | None:
        """Return as which audience a member may see another's profile; None when not at all."""
        if shown.barred:
            return None
        if viewer_id is not None:
            for met in self.acquainted:
                if await met(session, viewer_id, shown.id):
                    return "matches"
        return "members" if await self.has_consent(session, shown.id, "directory") else None

    async def shown(self, session: AsyncSession, viewer_id: int | None, member_id: int) -> MemberView | None:
        """Return another's profile as this viewer may see it; None when there is nothing to see."""
        found = (await self.views(session, [member_id])).get(member_id)
        audience = await self.audience(session, viewer_id, found) if found else None
        return seen_by(found, audience) if found and audience else None

    async def changed(self, session: AsyncSession, member_id: int) -> MemberView:
        """Let the features follow a changed profile; return it."""
        await session.flush()
        view = await self.view(session, member_id)
        for follow in self.on_profile:
            await follow(session, view)
        return view

    # --- communities -------------------------------------------------------------------------------

    async def community(self, session: AsyncSession, community_id: int) -> CommunityView | None:
        """Return a community's settings, or None when it is unknown."""
        row = await session.get(Community, community_id)
        return community_view(row) if row else None

    async def book(self, session: AsyncSession, community_id: int) -> NicheBook:
        """Return the community's niches: the seeds', with its own names, additions and merges."""
        query = select(CommunityNiche).where(CommunityNiche.community_id == community_id)
        niches, merged = dict(self.catalogue.niches), {}
        for row in await session.scalars(query.order_by(CommunityNiche.id)):
            seed = self.catalogue.niches.get(row.slug)
            aliases = (*row.aliases, *((seed.name, *seed.aliases) if seed else ()))
            if row.into is None:
                niches[row.slug] = Niche(row.slug, row.name, row.axis, tuple(dict.fromkeys(aliases)))
            else:
                merged[row.slug] = row.into
                niches.pop(row.slug, None)
        return NicheBook(niches, merged)

    async def note(
        self,
        session: AsyncSession,
        community_id: int,
        actor_id: int,
        action: str,
        *,
        member_id: int | None = None,
        detail: str = "",
    ) -> None:
        """Write down what a moderator decided."""
        session.add(
            AuditEntry(
                community_id=community_id,
                actor_id=actor_id,
                action=action,
                member_id=member_id,
                detail=detail[:200],
                at=self.clock.now(),
            )
        )

    # --- consents ----------------------------------------------------------------------------------

    async def consent(self, session: AsyncSession, member_id: int, purpose: str) -> bool:
        """Record a yes to a purpose; False when it was given already. A yes to messages ends a `/stop`."""
        rules.known_purpose(purpose)
        if purpose != "directory":
            asked = select(Member.person_id).where(Member.id == member_id).scalar_subquery()
            await session.execute(update(Person).where(Person.id == asked).values(stopped_at=None))
        new = await insert_new(
            session,
            Consent,
            member_id=member_id,
            purpose=purpose,
            text_version=CONSENT_TEXT,
            granted_at=self.clock.now(),
        )
        if new and purpose == "directory":
            await self.changed(session, member_id)
        return new

    async def withdraw(self, session: AsyncSession, member_id: int, purpose: str) -> bool:
        """Take a yes back; False when there was none."""
        rules.known_purpose(purpose)
        taken = await session.execute(
            update(Consent)
            .where(Consent.member_id == member_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=self.clock.now())
            .returning(Consent.id)
        )
        gone = taken.first() is not None
        if gone and purpose == "directory":
            await self.changed(session, member_id)
        return gone

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Take back every yes of one member."""
        await session.execute(
            update(Consent)
            .where(Consent.member_id == member_id, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=self.clock.now())
        )
        await self.changed(session, member_id)

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take back every yes of a person in every community, and remember when they said stop."""
        for member_id in await self.memberships(session, person_id):
            await self.stop_member(session, member_id)
        await session.execute(
            update(Person).where(Person.id == person_id).values(stopped_at=self.clock.now())
        )

    async def memberships(self, session: AsyncSession, person_id: int) -> list[int]:
        """Return the ids of a person's members, one for each community."""
        query = select(Member.id).where(Member.person_id == person_id).order_by(Member.id)
        return list((await session.scalars(query)).all())

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

    # --- reading rows ------------------------------------------------------------------------------

    def _member_query(self, community_id: int, person_id: int) -> Select[Member]:
        return select(Member).where(Member.community_id == community_id, Member.person_id == person_id)

    async def _member(self, session: AsyncSession, community_id: int, person_id: int) -> Member | None:
        return (await session.scalars(self._member_query(community_id, person_id))).one_or_none()

    async def _views(self, session: AsyncSession, ids: Sequence[int]) -> dict[int, MemberView]:
        query = select(Member, Person).join(Person, Person.id == Member.person_id).where(Member.id.in_(ids))
        # A bulk UPDATE may have passed the identity map by: read what is stored.
        rows = (await session.execute(query, execution_options={"populate_existing": True})).all()
        tags: dict[tuple[int, str], list[str]] = {}
        for tag in await session.scalars(select(MemberTag).where(MemberTag.member_id.in_(ids))):
            tags.setdefault((tag.member_id, tag.kind), []).append(tag.value)
        niches: dict[int, list[tuple[str, str]]] = {}
        for member_id, slug, name in await session.execute(self._named_niches(ids)):
            seed = self.catalogue.niches.get(slug)
            niches.setdefault(member_id, []).append((slug, name or (seed.name if seed else slug)))
        return {
            member.id: self._frozen(member, person, tags, sorted(niches.get(member.id, ())))
            for member, person in rows
        }

    def _named_niches(self, ids: Sequence[int]) -> Select[int, str, str | None]:
        """Niches with the name their community gave them, where it gave one."""
        return (
            select(MemberNiche.member_id, MemberNiche.niche, CommunityNiche.name)
            .join(Member, Member.id == MemberNiche.member_id)
            .outerjoin(
                CommunityNiche,
                (CommunityNiche.community_id == Member.community_id)
                & (CommunityNiche.slug == MemberNiche.niche),
            )
            .where(MemberNiche.member_id.in_(ids))
        )

    def _frozen(
        self,
        member: Member,
        person: Person,
        tags: dict[tuple[int, str], list[str]],
        niches: Sequence[tuple[str, str]],
    ) -> MemberView:
        def tagged(kind: str) -> tuple[str, ...]:
            return tuple(sorted(tags.get((member.id, kind), ())))

        return MemberView(
            id=member.id,
            community_id=member.community_id,
            person_id=member.person_id,
            name=person.name,
            joined_at=member.joined_at,
            headline=member.headline,
            disciplines=tagged("discipline"),
            stage=member.stage,
            work_mode=member.work_mode,
            direction=member.direction,
            comfort=member.comfort,
            zone=person.zone,
            offers=tagged("offer"),
            asks=tagged("ask"),
            enjoys=tagged("enjoy"),
            weak=tagged("weak"),
            niches=tuple(slug for slug, _ in niches),
            niche_names=tuple(name for _, name in niches),
            languages=tagged("language"),
            hours_open=member.hours_open,
            clients=member.clients,
            open_until=member.open_until,
            contact_hours=tuple(member.contact_hours or ()),
            links=tuple((member.links or {}).items()),
            visibility=tuple((member.visibility or {}).items()),
            barred=member.barred_at is not None,
        )
