"""Statements over the directory; each takes the caller's session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    UnaryExpression,
    and_,
    asc,
    delete,
    desc,
    func,
    intersect,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.store import Base
from bot.find import rules
from bot.find.rules import FacetPair, Filters
from bot.find.tables import Facet
from bot.find.views import START, Way
from bot.people.tables import Member
from bot.people.views import MemberView


async def insert_all(session: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows in one statement, leaving those that are there already."""
    if not rows:
        return
    used = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    await session.execute(used.insert(table).values(list(rows)).on_conflict_do_nothing())


async def held(session: AsyncSession, member_id: int) -> set[FacetPair]:
    """Return every facet row of a member, those of kept searches among them."""
    query = select(Facet.facet, Facet.value).where(Facet.member_id == member_id)
    return {(facet, value) for facet, value in await session.execute(query)}


async def replace(
    session: AsyncSession,
    community_id: int,
    member_id: int,
    old: Collection[FacetPair],
    new: Iterable[FacetPair],
) -> None:
    """Turn a member's rows from the old ones into the new, touching only what differs."""
    new = set(new)
    if gone := set(old) - new:
        await session.execute(
            delete(Facet)
            .where(Facet.member_id == member_id, or_(*_kinds(gone)))  # by the member's own index
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"community_id": community_id, "facet": facet, "value": value, "member_id": member_id}
        for facet, value in sorted(new - set(old))
    ]
    await insert_all(session, Facet, rows)


def _kinds(pairs: Iterable[FacetPair]) -> list[Any]:
    """Return one condition for every kind among these facets."""
    by_kind: dict[str, list[str]] = {}
    for facet, value in sorted(pairs):
        by_kind.setdefault(facet, []).append(value)
    return [and_(Facet.facet == facet, Facet.value.in_(values)) for facet, values in by_kind.items()]


def _with_any(community_id: int, pairs: Iterable[FacetPair]) -> CompoundSelect[int]:
    """Return the members with any of these facets, once for each they have.

    One part a kind: for an OR, SQLite would read the whole community.
    """
    whole = select(Facet.member_id).where(Facet.community_id == community_id)
    return union_all(*(whole.where(kind) for kind in _kinds(pairs)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look and for whom: everyone but `me` who has all of `filters` now."""

    session: AsyncSession
    community_id: int
    filters: Filters
    me: int
    now: datetime


def _arm(place: Place, pair: FacetPair, cursor: int, way: Way) -> Select[int]:
    """Return the members with one facet, by id: a walk along the key of the table."""
    facet = aliased(Facet)
    beyond = facet.member_id < cursor if way == "older" and cursor != START else facet.member_id > cursor
    query = select(facet.member_id).where(
        facet.community_id == place.community_id,
        facet.facet == pair[0],
        facet.value == pair[1],
        facet.member_id != place.me,
        beyond,
    )
    if pair == rules.OPEN:  # it ends by time; the row may be a little late
        query = query.join(Member, Member.id == facet.member_id).where(Member.open_until > place.now)
    return query


def _all_of(place: Place, arms: Sequence[Select[int]]) -> Select[int] | CompoundSelect[int]:
    """Return who is in every list, in the form that each database reads as one merge of sorted lists."""
    first, *others = arms
    if not others:
        return first
    if place.session.get_bind().dialect.name == "sqlite":
        return intersect(first, *others)
    for other in others:  # PostgreSQL would sort what INTERSECT gives, and so read all of it first
        first = first.where(first.selected_columns.member_id.in_(other))
    return first


async def ids(place: Place, *, limit: int, cursor: int = START, way: Way = "older") -> list[int]:
    """Return who is found from a cursor on, those nearest to it first.

    Every facet's members are stored in the order of their ids, so the conjunction is one merge of sorted
    lists that stops as soon as the page is full. That costs least where many fit, and most where two large
    facets share nobody: then both are walked once, which is the least any method can do that stores no
    combinations. Starting from the smallest list and looking each member up in the others is slower there,
    and needs the lists to be counted first. The cursor is a member, not a number of rows, so whoever joins
    or leaves in between shifts nobody.
    """
    pairs = list(place.filters.items()) or [rules.EVERYBODY]
    order: UnaryExpression[Any] = desc("member_id") if way == "older" else asc("member_id")
    found = _all_of(place, [_arm(place, pair, cursor, way) for pair in pairs])
    return list((await place.session.scalars(found.order_by(order).limit(limit))).all())


async def watchers(session: AsyncSession, community_id: int, facets: Collection[FacetPair]) -> list[int]:
    """Return the members with a kept search that waits for one of these facets."""
    waiting = {(rules.WATCH + facet, value) for facet, value in facets}
    return sorted(set((await session.scalars(_with_any(community_id, waiting))).all()))


async def related(session: AsyncSession, me: MemberView, most: int) -> list[int]:
    """Return members who share a niche, offer what `me` asks for or ask for what `me` offers.

    Those with most in common come first, then the newest.
    """
    pairs = {("niche", one) for one in me.niches} | {("offer", one) for one in me.asks}
    pairs |= {("ask", one) for one in me.offers}
    if not pairs:
        return []
    found = _with_any(me.community_id, pairs).subquery().c.member_id
    query = (
        select(found)
        .where(found != me.id)
        .group_by(found)
        .order_by(func.count(found).desc(), found.desc())
        .limit(most)
    )
    return list((await session.scalars(query)).all())
