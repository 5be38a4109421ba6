"""Alerts on their way: a new gig is compared with them, waits, and is told in the morning.

A gig that goes live is compared with all alerts of its community in one statement, and waits for each member
it fits. In the morning of each, what waited and is still open becomes one message. A gig whose words changed,
or that came back after its time, is compared again: it may fit by now. Nobody is told of the same gig twice.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Handler, Work
from bot.core.budget import WEEK
from bot.core.outbox import SAID, OutboxRow, Said
from bot.core.queue import WAITING
from bot.core.store import UTCDateTime, portions
from bot.gigs import alert_rules
from bot.gigs.alert_rules import PURPOSE, Offered
from bot.gigs.alert_views import AlertNews, alert_view
from bot.gigs.desk import Desk
from bot.gigs.shelves import RENEW_UNTIL
from bot.gigs.tables import Gig, GigAlert, GigAlertHit, GigLead, Interest
from bot.people.niches import NicheBook
from bot.people.tables import Community, Consent, Member, Person

KIND = "gig.alert"
_FOR_GOOD = ("filled", "withdrawn")
_AT_ONCE = 50  # members in one transaction, so that others can write in between

Apart: TypeAlias = Callable[[AsyncSession, Collection[int]], Awaitable["set[tuple[int, int]]"]]


class _Hearer(NamedTuple):
    """A member for whom gigs wait, and since when."""

    member_id: int
    person_id: int
    zone: str
    since: datetime


class AlertMail:
    """Notes which alerts a gig fits, and tells each member in the morning."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk, and follow what goes live, changes, comes back and closes."""
        self.desk = desk
        # The pairs among members who asked never to meet; handed in by the composition root.
        self.apart: Apart | None = None
        desk.on_live.append(self.noticed)
        desk.on_edited.append(self.noticed_again)
        desk.on_back.append(self.noticed_again)
        desk.on_closed.append(self.settled)

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of alerts."""
        return {"gig.match": self.match, "gig.alerts": self.morning}

    # --- a gig goes live -----------------------------------------------------------------------------

    async def noticed(self, session: AsyncSession, gig: Gig) -> None:
        """Let a gig be compared with the alerts once it is published; its poster does not wait for that."""
        await self._compare(session, gig, f"gig.match:{gig.id}")

    async def noticed_again(self, session: AsyncSession, gig: Gig) -> None:
        """Do the same for a gig with other words, or one that is back: whom it did not fit it may fit now."""
        edited = int(gig.edited_at.timestamp() * 1000) if gig.edited_at is not None else 0
        await self._compare(session, gig, f"gig.match:{gig.id}:{gig.renewals}:{edited}")

    async def settled(self, session: AsyncSession, gig: Gig) -> None:
        """A gig that never comes back need not be remembered."""
        if gig.state in _FOR_GOOD:
            await session.execute(
                delete(GigAlertHit).where(GigAlertHit.gig_id == gig.id)
                .execution_options(synchronize_session=False)
            )  # fmt: skip

    async def match(self, work: Work) -> None:
        """Let a gig wait for everybody whose alert it fits, and for nobody else; agenda work `gig.match`.

        Whoever was told of it once keeps that row, so that it does not wait for them anew.
        """
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            gig = await session.get(Gig, work.subject)
            if gig is None or gig.state != "live" or gig.audience != "board":
                return
            book = await self.desk.people.book(session, gig.community_id)
            now = self.desk.clock.now()
            found = select(GigAlert.member_id, literal(gig.id, BigInteger), literal(now, UTCDateTime)).where(
                GigAlert.community_id == gig.community_id, GigAlert.member_id != gig.member_id,
                *fitting(_offered(gig, book)), *_hears(gig),
            )  # fmt: skip
            await session.execute(
                delete(GigAlertHit)
                .where(
                    GigAlertHit.gig_id == gig.id, *_untold(),
                    GigAlertHit.member_id.not_in(found.with_only_columns(GigAlert.member_id)),
                )
                .execution_options(synchronize_session=False)
            )  # fmt: skip
            used = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
            columns = ["member_id", "gig_id", "at"]
            await session.execute(
                used.insert(GigAlertHit).from_select(columns, found).on_conflict_do_nothing()
            )
            zones = select(func.coalesce(Person.zone, Community.zone)).distinct()
            zones = (
                zones.join(Member, Member.person_id == Person.id)
                .join(Community, Community.id == Member.community_id)
                .join(GigAlertHit, GigAlertHit.member_id == Member.id)
                .where(GigAlertHit.gig_id == gig.id, *_untold())
            )
            mornings = {alert_rules.morning_after(now, zone) for zone in await session.scalars(zones)}
            await self._plan(session, gig.community_id, mornings)

    # --- a morning comes -----------------------------------------------------------------------------

    async def morning(self, work: Work) -> None:
        """Tell everybody whose morning it is what waited for them; agenda work `gig.alerts`."""
        now, community_id = self.desk.clock.now(), work.subject
        waiting = await self._waiting(community_id)
        mornings = [(one, alert_rules.morning_after(one.since, one.zone)) for one in waiting]
        due = [one for one, at in mornings if at <= now]
        early = {at for _one, at in mornings if at > now}
        async with self.desk.store.write() as session:
            await self._plan(session, community_id, early)  # who moved to another zone meanwhile
            await self._forget_old(session, community_id)
        for start in range(0, len(due), _AT_ONCE):
            async with self.desk.store.write() as session:
                await self._tell(session, community_id, due[start : start + _AT_ONCE])

    async def news(self, said: Said) -> AlertNews | None:
        """What a message says as it is sent: of the gigs it names, those that are still open."""
        ids, more = alert_rules.named_in(said.key)
        async with self.desk.store.read() as session:
            member = await session.get(Member, said.subject)
            if member is None or member.barred_at is not None:
                return None
            alert = await alert_view(self.desk, session, member)
            query = select(Gig).where(Gig.id.in_(ids), *_open()).order_by(Gig.id.desc())
            gigs = [await self.desk.view(session, gig) for gig in await session.scalars(query)]
        return AlertNews(alert, tuple(gigs), more) if gigs and alert.state == "on" else None

    async def _waiting(self, community_id: int) -> list[_Hearer]:
        since = func.min(GigAlertHit.at)
        query = (
            select(Member.id, Member.person_id, func.coalesce(Person.zone, Community.zone), since)
            .join(GigAlertHit, GigAlertHit.member_id == Member.id)
            .join(Person, Person.id == Member.person_id)
            .join(Community, Community.id == Member.community_id)
            .where(Member.community_id == community_id, *_untold())
            .group_by(Member.id, Member.person_id, Person.zone, Community.zone)
            .order_by(Member.id)
        )
        async with self.desk.store.read() as session:
            return [_Hearer(*row) for row in (await session.execute(query)).all()]

    async def _tell(self, session: AsyncSession, community_id: int, hearers: Sequence[_Hearer]) -> None:
        """Turn what waits for a few members into a message each; who hears nothing has nothing waiting."""
        ids = [one.member_id for one in hearers]
        hears = set(await self.desk.people.consented(session, community_id, PURPOSE, ids))
        quiet = select(Member.id).outerjoin(GigAlert, GigAlert.member_id == Member.id).where(
            Member.id.in_(ids), or_(Member.barred_at.is_not(None), GigAlert.paused.is_not(False))
        )  # fmt: skip
        hears -= set(await session.scalars(quiet))
        await forget_waiting(session, [one for one in ids if one not in hears])
        for one in hearers:
            if one.member_id in hears:
                await self._tell_one(session, community_id, one)

    async def _tell_one(self, session: AsyncSession, community_id: int, one: _Hearer) -> None:
        now = self.desk.clock.now()
        if await self._has_one_waiting(session, one):  # its slot comes; these go into the next
            await self._plan(session, community_id, {alert_rules.morning_after(now, one.zone)})
            return
        gigs = await self._still_worth(session, one.member_id)
        named = update(GigAlertHit).where(
            GigAlertHit.member_id == one.member_id, GigAlertHit.gig_id.in_([gig.id for gig in gigs])
        )
        await session.execute(named.values(named_at=now).execution_options(synchronize_session=False))
        await forget_waiting(session, [one.member_id])
        if not gigs:
            return
        slot = alert_rules.send_at(await self._taken(session, one.person_id), now, one.zone)
        await self.desk.outbox.say(
            session, kind=KIND, subject=one.member_id, recipient=one.person_id, community_id=community_id,
            key=alert_rules.key_of(one.member_id, [gig.id for gig in gigs]), due_at=slot, budgeted=True,
            expires_at=max(gig.expires_at for gig in gigs),
        )  # fmt: skip

    async def _still_worth(self, session: AsyncSession, member_id: int) -> list[Gig]:
        """Of what waits for a member: open, not answered yet, and of nobody they asked never to meet."""
        answered = exists().where(Interest.gig_id == Gig.id, Interest.member_id == member_id)
        query = (
            select(Gig).join(GigAlertHit, GigAlertHit.gig_id == Gig.id)
            .where(
                GigAlertHit.member_id == member_id, *_untold(), Gig.member_id != member_id, *_open(),
                ~answered,
            )
        )  # fmt: skip
        gigs = list(await session.scalars(query))
        posters = {gig.member_id for gig in gigs}
        pairs = await self.apart(session, [member_id, *posters]) if self.apart and posters else set()
        apart = {other for pair in pairs if member_id in pair for other in pair}
        return [gig for gig in gigs if gig.member_id not in apart]

    async def _has_one_waiting(self, session: AsyncSession, one: _Hearer) -> bool:
        """Whether a message of an earlier morning has not gone out yet."""
        query = select(OutboxRow.id).where(
            OutboxRow.recipient == one.person_id, OutboxRow.kind == KIND, OutboxRow.subject == one.member_id,
            OutboxRow.state == WAITING,
        )  # fmt: skip
        return (await session.execute(query.limit(1))).first() is not None

    async def _taken(self, session: AsyncSession, person_id: int) -> Sequence[datetime]:
        """When this person hears, or heard, of other things that had no agreed time."""
        query = select(OutboxRow.due_at).where(
            OutboxRow.recipient == person_id, OutboxRow.target == "person", OutboxRow.budgeted,
            OutboxRow.state.in_((WAITING, SAID)), OutboxRow.due_at > self.desk.clock.now() - WEEK,
        )  # fmt: skip
        return (await session.scalars(query)).all()

    # --- within the caller's unit of work ------------------------------------------------------------

    async def _compare(self, session: AsyncSession, gig: Gig, key: str) -> None:
        await self.desk.agenda.plan(
            session, kind="gig.match", key=key, subject=gig.id, community_id=gig.community_id,
            due_at=self.desk.clock.now(),
        )  # fmt: skip

    async def _forget_old(self, session: AsyncSession, community_id: int) -> None:
        """Who was told of a gig that can no longer be renewed need not be known any more."""
        over = select(Gig.id).where(
            Gig.community_id == community_id, Gig.state == "expired",
            Gig.expires_at < self.desk.clock.now() - RENEW_UNTIL,
        )  # fmt: skip
        await session.execute(
            delete(GigAlertHit).where(GigAlertHit.gig_id.in_(over))
            .execution_options(synchronize_session=False)
        )  # fmt: skip

    async def _plan(self, session: AsyncSession, community_id: int, mornings: Collection[datetime]) -> None:
        """Plan one piece of work for everybody in a community whose morning is then."""
        for at in sorted(mornings):
            await self.desk.agenda.plan(
                session, kind="gig.alerts", key=f"gig.alerts:{community_id}:{int(at.timestamp())}",
                subject=community_id, community_id=community_id, due_at=at,
            )  # fmt: skip


async def forget_waiting(session: AsyncSession, members: Collection[int]) -> None:
    """Let nothing wait for these members any more; what they were told of stays known."""
    for some in portions(members):
        await session.execute(
            delete(GigAlertHit).where(GigAlertHit.member_id.in_(some), *_untold())
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def fitting(gig: Offered) -> list[ColumnElement[bool]]:
    """Say to the database what `alert_rules.fits` says: which alerts are about a gig."""
    return [
        or_(
            GigAlert.low.is_(None),
            (GigAlert.currency == gig.currency) & (GigAlert.per == gig.per) & (GigAlert.low <= gig.high),
        ),
        _any_of(GigAlert.kinds, [gig.kind]),
        _any_of(GigAlert.niches, gig.niches),
        _any_of(GigAlert.skills, gig.skills),
    ]


def _any_of(column: Any, slugs: Collection[str]) -> ColumnElement[bool]:
    """Whether a list of slugs, stored as JSON, is empty or has one of these."""
    stored = cast(column, Text)
    held = [stored.contains(json.dumps(slug), autoescape=True) for slug in sorted(set(slugs))]
    return or_(stored == "[]", *held)


def _hears(gig: Gig) -> list[ColumnElement[bool]]:
    """Whether whoever made an alert hears of a gig: awake, not barred, and they have not passed on it."""
    yes = (Consent.member_id == GigAlert.member_id, Consent.purpose == PURPOSE)
    passed = (GigLead.member_id == GigAlert.member_id, GigLead.gig_id == gig.id, GigLead.state == "passed")
    return [
        GigAlert.paused.is_(False),
        exists().where(*yes, Consent.withdrawn_at.is_(None)),
        exists().where(Member.id == GigAlert.member_id, Member.barred_at.is_(None)),
        ~exists().where(*passed),
    ]


def _untold() -> list[ColumnElement[bool]]:
    """Only what waits: the rest was named already."""
    return [GigAlertHit.named_at.is_(None)]


def _open() -> list[ColumnElement[bool]]:
    """Only what everybody may see and still answer."""
    return [Gig.state == "live", Gig.audience == "board"]


def _offered(gig: Gig, book: NicheBook) -> Offered:
    """What alerts ask about; a niche that was merged is known by its former slugs too."""
    names = {*map(book.name, gig.niches)}
    former = {slug for slug in book.merged if book.name(slug) in names}
    now = {niche.slug for slug in gig.niches if (niche := book.get(slug)) is not None}
    return Offered(gig.kind, {*gig.niches, *former, *now}, gig.skills, gig.high, gig.currency, gig.per)
