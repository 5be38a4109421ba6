"""Use cases of profiles and zones."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.people import rules
from bot.people.members import CONSENT_TEXT, Members, community_view
from bot.people.tables import Member, MemberTag, Person
from bot.people.views import CommunityView, MemberView, ProfileEdit, Saved, Who, ZoneSet
from bot.people.visibility import seen_by

__all__ = [
    "CONSENT_TEXT",
    "CommunityView",
    "MemberView",
    "PeopleService",
    "ProfileEdit",
    "Saved",
    "Who",
    "ZoneSet",
    "community_view",
]

_PLAIN = ("headline", "comfort", "contact_hours", "links", "visibility")
_CHOICES = ("stage", "work_mode", "direction")
_TAGS = {
    "offer": "offers",
    "ask": "asks",
    "enjoy": "enjoys",
    "weak": "weak",
    "discipline": "disciplines",
    "language": "languages",
}
_SKILLS = ("offer", "ask", "enjoy", "weak")


class PeopleService(Members):
    """Profiles and zones; the methods of `Members` join the caller's unit of work."""

    async def mine(self, who: Who) -> MemberView:
        """Return the acting member's own profile, empty at first."""
        async with self.store.write() as session:
            member = await self.known(session, who)
            return await self.view(session, member.id)

    async def profile_of(self, who: Who, person_id: int) -> MemberView:
        """Return another's profile as the asker may see it.

        Raises:
            KithError: `no_profile` when there is none, or none that the asker may see; which of the two would
                tell something about that person; `barred` for an asker the moderators closed Kith for.
        """
        if person_id == who.person_id:
            return await self.mine(who)
        async with self.store.read() as session:
            viewer = await self._member(session, who.community_id, who.person_id)
            if viewer is not None and viewer.barred_at is not None:
                raise KithError("barred")
            found = await self.find(session, who.community_id, person_id)
            audience = await self.audience(session, viewer.id if viewer else None, found) if found else None
        seen = seen_by(found, audience) if found and audience else None
        if seen is None or not seen.has_profile:
            raise KithError("no_profile")
        return seen

    async def own(self, who: Who) -> tuple[MemberView, bool]:
        """Return the acting member's own profile, and whether other members can find it."""
        async with self.store.write() as session:
            member = await self.known(session, who)
            view = await self.view(session, member.id)
            return view, await self.has_consent(session, member.id, "directory")

    async def listed(self, who: Who) -> bool:
        """Tell whether other members can find the acting member."""
        async with self.store.read() as session:
            member = await self._member(session, who.community_id, who.person_id)
            return member is not None and await self.has_consent(session, member.id, "directory")

    async def list_me(self, who: Who, *, listed: bool) -> bool:
        """Let other members find the acting member, or no longer; False when it was so already."""
        async with self.store.write() as session:
            member = await self.known(session, who)
            return await self._list(session, member.id, listed)

    async def _list(self, session: AsyncSession, member_id: int, listed: bool) -> bool:
        if listed:
            return await self.consent(session, member_id, "directory")
        return await self.withdraw(session, member_id, "directory")

    async def edit_profile(
        self,
        who: Who,
        edit: ProfileEdit,
        *,
        group: str | None = None,
        may_hint: bool = False,
        listed: bool | None = None,
    ) -> Saved:
        """Store what a form changed; raises KithError and writes nothing when a value is not acceptable.

        With `group`, skills are replaced in that group of the catalogue alone (one menu of a form).
        `may_hint`: this is a good moment for the one hint about what is missing. `listed` does what
        `list_me` does, together with the rest.
        """
        edit = rules.checked(edit, self.catalogue)
        async with self.store.write() as session:
            member = await self.known(session, who)
            # Two forms of one member sent at once: the second sees what the first stored.
            await session.refresh(member, with_for_update=True)
            niches_for = _audience_of_niches(member)
            self._set_columns(member, edit)
            for kind, name in _TAGS.items():
                values = getattr(edit, name)
                if values is not None:
                    await self._set_tags(session, member.id, kind, values, group)
            if listed is not None:
                await session.flush()
                await self._list(session, member.id, listed)
            view = await self.changed(session, member.id)
            if _audience_of_niches(member) != niches_for:
                for follow in self.on_niches_shown:
                    await follow(session, view)
            hint = rules.hint_for(view) if may_hint and not member.hinted else None
            member.hinted = member.hinted or hint is not None
            word = rules.word_for(view, edit, open_for_work=view.open_for_work(self.clock.now()))
            return Saved(view, hint, word)

    def _set_columns(self, member: Member, edit: ProfileEdit) -> None:
        for name in _PLAIN:
            value = getattr(edit, name)
            if value is not None:
                setattr(member, name, list(value) if isinstance(value, tuple) else value)
        for name in _CHOICES:
            if (value := getattr(edit, name)) is not None:
                setattr(member, name, value or None)
        if edit.workload is not None:
            member.hours_open, member.clients = edit.workload
        if edit.open_for_work is not None:
            member.open_until = self._open_until(edit.open_for_work)

    def _open_until(self, wanted: bool) -> datetime | None:
        """Start the two weeks anew with every yes, so that a yes that is repeated never runs out."""
        return self.clock.now() + rules.OPEN_FOR if wanted else None

    async def _set_tags(
        self, session: AsyncSession, member_id: int, kind: str, values: tuple[str, ...], group: str | None
    ) -> None:
        rows = select(MemberTag.value).where(MemberTag.member_id == member_id, MemberTag.kind == kind)
        held = (await session.scalars(rows)).all()
        in_group = set(self.catalogue.skill_group(group)) if group and kind in _SKILLS else set(held)
        kept = [value for value in held if value not in in_group]
        wanted = rules.some_of([*kept, *values], {*values, *held})
        await session.execute(
            delete(MemberTag).where(MemberTag.member_id == member_id, MemberTag.kind == kind)
        )
        for value in wanted or ():
            await insert_new(session, MemberTag, member_id=member_id, kind=kind, value=value)

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


def _audience_of_niches(member: Member) -> str | None:
    """Return who sees a member's niches, None for the default."""
    return (member.visibility or {}).get("niches")
