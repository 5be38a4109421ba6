"""Alerts: a member says which gigs they want to hear of, and for how long."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.gigs import rules
from bot.gigs.alert_mail import forget_waiting
from bot.gigs.alert_rules import PURPOSE, Wanted
from bot.gigs.alert_views import AlertDone, AlertView, Typed, alert_view, wanted_of
from bot.gigs.budget import parse_budget
from bot.gigs.desk import Desk
from bot.gigs.tables import GigAlert
from bot.people.niches import NicheBook
from bot.people.search import ranked
from bot.people.service import Who
from bot.people.tables import Member

EXAMPLE = "60 €/h"
_NEAR = 50.0
_PARTS = re.compile(r"[,;\n]")

Elsewhere: TypeAlias = Callable[[AsyncSession, int], Awaitable[bool]]


class Alerts:
    """What a member decides about their alert; the yes to it is the consent `alerts`."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk
        # Who else writes to a member on the same yes; it is taken back once nobody does.
        self.elsewhere: list[Elsewhere] = []

    async def mine(self, person_id: int, community_id: int) -> AlertView:
        """A member's alert as it is; one they have not made yet begins with the niches of their profile."""
        async with self.desk.store.read() as session:
            member = await self._member(session, person_id, community_id)
            if member is not None and member.barred_at is not None:
                raise KithError("barred")
            if member is None:
                name = await self.desk.place(session, community_id)
                return AlertView(community_id, name, "none")
            view = await alert_view(self.desk, session, member)
            if view.state != "none":
                return view
            profile = await self.desk.people.view(session, member.id)
            wanted = Wanted(niches=profile.niches)
            return replace(view, wanted=wanted, niche_names=profile.niche_names)

    async def set(self, who: Who, typed: Typed, *, away: bool = False) -> AlertDone:
        """Make or change the acting member's alert, which is a yes to its messages.

        `away`: they act from a DM, where only what exists can be changed.

        Raises:
            KithError: a niche or skill nobody knows, no rate (`gig_least`), or nothing to change.
        """
        async with self.desk.store.write() as session:
            member = (
                await self._known(session, who.person_id, who.community_id)
                if away
                else await self.desk.people.known(session, who)
            )
            row = await session.get(GigAlert, member.id)
            if away and row is None:
                raise KithError("gig_alert_none")
            wanted = self._understood(await self.desk.people.book(session, who.community_id), typed)
            before = wanted_of(row) if row is not None else None
            if row is None:
                await insert_new(
                    session, GigAlert, member_id=member.id, community_id=member.community_id, niches=[],
                    skills=[], kinds=[], paused=False, created_at=self.desk.clock.now(),
                )  # fmt: skip
                row = await session.get_one(GigAlert, member.id)
            row.niches, row.skills, row.kinds = (
                [*wanted.niches], [*wanted.skills], [*wanted.kinds],
            )  # fmt: skip
            row.low, row.currency, row.per = wanted.low, wanted.currency, wanted.per
            row.paused = False
            said_yes = await self.desk.people.consent(session, member.id, PURPOSE)
            await session.flush()
            return AlertDone(await alert_view(self.desk, session, member), said_yes or before != wanted)

    async def pause(self, person_id: int, community_id: int) -> AlertDone:
        """Say nothing until the member wants to hear again; what waited is forgotten."""
        async with self.desk.store.write() as session:
            member = await self._known(session, person_id, community_id)
            row = await self._row(session, member)
            changed, row.paused = not row.paused, True
            await forget_waiting(session, [member.id])
            await session.flush()
            return AlertDone(await alert_view(self.desk, session, member), changed)

    async def resume(self, person_id: int, community_id: int) -> AlertDone:
        """Tell the member again; after `/stop` this is a new yes."""
        async with self.desk.store.write() as session:
            member = await self._known(session, person_id, community_id)
            row = await self._row(session, member)
            changed, row.paused = row.paused, False
            said_yes = await self.desk.people.consent(session, member.id, PURPOSE)
            await session.flush()
            return AlertDone(await alert_view(self.desk, session, member), changed or said_yes)

    async def stop(self, person_id: int, community_id: int) -> AlertDone:
        """Forget an alert and what waited for it; the yes goes too unless another feature uses it."""
        async with self.desk.store.write() as session:
            member = await self._known(session, person_id, community_id)
            row = await session.get(GigAlert, member.id)
            if row is not None:
                await session.delete(row)
                await forget_waiting(session, [member.id])
                if not [one for one in self.elsewhere if await one(session, member.id)]:
                    await self.desk.people.withdraw(session, member.id, PURPOSE)
                await session.flush()
            return AlertDone(await alert_view(self.desk, session, member), row is not None)

    async def keeps(self, session: AsyncSession, member_id: int) -> bool:
        """Tell whether a member has an alert."""
        return await session.get(GigAlert, member_id) is not None

    # --- within the caller's unit of work ------------------------------------------------------------

    async def _member(self, session: AsyncSession, person_id: int, community_id: int) -> Member | None:
        query = select(Member).where(Member.community_id == community_id, Member.person_id == person_id)
        return (await session.scalars(query)).one_or_none()

    async def _known(self, session: AsyncSession, person_id: int, community_id: int) -> Member:
        member = await self._member(session, person_id, community_id)
        if member is None:
            raise KithError("gig_alert_none")
        if member.barred_at is not None:
            raise KithError("barred")
        return member

    async def _row(self, session: AsyncSession, member: Member) -> GigAlert:
        row = await session.get(GigAlert, member.id, with_for_update=True, populate_existing=True)
        if row is None:
            raise KithError("gig_alert_none")
        return row

    def _understood(self, book: NicheBook, typed: Typed) -> Wanted:
        """What a form means; raises KithError for a word nobody knows."""
        niches = (book.find(part).slug for part in _parts(typed.niches))
        skills = (self._skill(part) for part in _parts(typed.skills))
        kinds = tuple(kind for kind in rules.KINDS if kind in typed.kinds)
        # Every kind ticked is the same as none: whatever comes.
        wanted = Wanted(
            tuple(dict.fromkeys(niches)), tuple(dict.fromkeys(skills)),
            () if len(kinds) == len(rules.KINDS) else kinds,
        )  # fmt: skip
        if not typed.least.strip():
            return wanted
        try:
            budget = parse_budget(typed.least)
        except KithError as error:
            raise KithError("gig_least", example=EXAMPLE) from error
        return replace(wanted, low=int(budget.low * 100), currency=budget.currency, per=budget.per)

    def _skill(self, text: str) -> str:
        names = {slug: term.name for slug, term in self.desk.people.catalogue.skills.items()}
        found, _strange = rules.skills_in(names, text)
        if found:
            return found[0]
        near = ranked(text[:60], {slug: (slug, name) for slug, name in names.items()}, least=_NEAR)
        suggestions = " · ".join(names[slug] for slug, _score in near[:3])
        raise KithError(
            "gig_alert_skill" if near else "gig_alert_nowhere", text=text[:60], suggestions=suggestions
        )


def _parts(text: str) -> list[str]:
    """The parts of a field, in the order typed; only commas and lines part them, since names have "and"."""
    return [part for part in (" ".join(part.split()) for part in _PARTS.split(text)) if part]
