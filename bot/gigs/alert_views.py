"""The frozen values of alerts, and how a member's alert is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from bot.gigs.alert_rules import PURPOSE, AlertState, Wanted
from bot.gigs.desk import Desk
from bot.gigs.tables import GigAlert
from bot.gigs.views import GigView
from bot.people.tables import Member, Person


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form of an alert."""

    kinds: Sequence[str] = ()
    niches: str = ""
    skills: str = ""
    least: str = ""


@dataclass(frozen=True, slots=True)
class AlertView:
    """A member's alert in a community; `niche_names` are the names of its niches there.

    `placed`: the member has a time zone of their own, so "morning" is their own too.
    """

    community_id: int
    community_name: str
    state: AlertState
    wanted: Wanted = field(default_factory=Wanted)
    niche_names: tuple[str, ...] = ()
    placed: bool = True


@dataclass(frozen=True, slots=True)
class AlertDone:
    """What a press left behind: the alert, and False where it had been so before."""

    alert: AlertView
    changed: bool


@dataclass(frozen=True, slots=True)
class AlertNews:
    """What a morning's message says: new gigs that are still open, and how many more there were."""

    alert: AlertView
    gigs: tuple[GigView, ...]
    more: int


async def alert_view(desk: Desk, session: AsyncSession, member: Member) -> AlertView:
    """Freeze a member's alert; its state is `none` where they made none."""
    row = await session.get(GigAlert, member.id)
    name = await desk.place(session, member.community_id)
    placed = (await session.get_one(Person, member.person_id)).zone is not None
    if row is None:
        return AlertView(member.community_id, name, "none", placed=placed)
    awake = await desk.people.has_consent(session, member.id, PURPOSE)
    state: AlertState = "asleep" if not awake else "paused" if row.paused else "on"
    book, wanted = await desk.people.book(session, member.community_id), wanted_of(row)
    names = tuple(dict.fromkeys(map(book.name, wanted.niches)))
    return AlertView(member.community_id, name, state, wanted, names, placed)


def wanted_of(row: GigAlert) -> Wanted:
    """What a stored alert asks for."""
    return Wanted(tuple(row.niches), tuple(row.skills), tuple(row.kinds), row.low, row.currency, row.per)
