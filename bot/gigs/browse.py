"""Looks through the live gigs of a community: by kind, niche, skill, least rate, for beginners, by words.

A page costs the same however many gigs there are: at most `LOOKED_AT` of them are looked at for one page, and
the next press goes on from there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rules
from bot.gigs.budget import parse_budget
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, SavedGig
from bot.gigs.views import GigView
from bot.people.niches import Niche, NicheBook
from bot.people.service import Who
from bot.people.tables import Member

ON_A_PAGE = 5
LOOKED_AT = 250
TEXT_MAX = 24
MARK_LENGTH = 6
_EXAMPLE = "60 €/h"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; `niche` and `skill` are slugs, `least` is in hundredths."""

    kind: str = ""
    niche: str = ""
    skill: str = ""
    least: int = 0
    currency: str = ""
    per: str = ""
    starter: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some live gigs, the newest first; `older` and `newer` are where the next pages begin.

    `further`: nothing more was found so far, and there are gigs that were not looked at yet.
    """

    community_name: str
    wish: Wish
    niche_name: str
    gigs: tuple[GigView, ...]
    saved: frozenset[int]
    older: int | None = None
    newer: int | None = None
    further: bool = False


def mark_of(slug: str) -> str:
    """Return a short stand-in for a slug, for the id of a button; "" for none."""
    return sha256(slug.encode()).hexdigest()[:MARK_LENGTH] if slug else ""


class Browse:
    """The board as one member looks through it."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk

    async def wish(
        self, who: Who, *, kind: str = "", niche: str = "", skill: str = "", least: str = "",
        starter: bool = False, text: str = "",
    ) -> Wish:  # fmt: skip
        """Understand what was typed.

        Raises:
            KithError: an unknown niche or skill (`niche_…`, `gig_skill_unknown`), or no rate (`gig_least`).
        """
        slug, skills = "", {one.slug: one.name for one in self.desk.people.catalogue.skills.values()}
        if niche:
            async with self.desk.store.read() as session:
                slug = (await self.desk.people.book(session, who.community_id)).find(niche).slug
        known = rules.skills_in(skills, skill)[0] if skill else [""]
        if not known:
            raise KithError("gig_skill_unknown", text=skill[:60])
        amount, currency, per = _rate(least) if least else (0, "", "")
        words = " ".join(text.replace(":", " ").split())[:TEXT_MAX].strip()
        found = kind if kind in rules.KINDS else ""
        return Wish(found, slug, known[0], amount, currency, per, starter, words)

    async def unmarked(self, who: Who, wish: Wish) -> Wish:
        """Return a wish whose niche and skill are given as marks; raises `button_outdated` for others."""
        async with self.desk.store.read() as session:
            book = await self.desk.people.book(session, who.community_id)
        niche = _with_mark(wish.niche, [*book.niches, *book.merged])
        skill = _with_mark(wish.skill, [*self.desk.people.catalogue.skills])
        return Wish(
            wish.kind, niche, skill, wish.least, wish.currency, wish.per, wish.starter, wish.text[:TEXT_MAX]
        )

    async def niches(self, who: Who, text: str) -> list[Niche]:
        """Return the community's niches that fit what was typed so far."""
        async with self.desk.store.read() as session:
            return (await self.desk.people.book(session, who.community_id)).search(text)

    async def page(
        self, who: Who, wish: Wish, *, before: int | None = None, after: int | None = None
    ) -> Page:
        """Return one page: those older than `before`, or those newer than `after`, else the newest.

        Raises:
            KithError: `barred` for an asker the moderators closed Kith for.
        """
        async with self.desk.store.read() as session:
            me = await self._me(session, who)
            book = await self.desk.people.book(session, who.community_id)
            looked = await self._looked_at(session, who.community_id, before, after)
            found = await self._found(session, who.community_id, wish, book, looked, rising=after is not None)
            gigs = found[:ON_A_PAGE]
            if after is not None:
                gigs.reverse()
            views = tuple(await self.desk.views(session, gigs))
            saved = await self._saved(session, me, [gig.id for gig in gigs])
            name = await self.desk.place(session, who.community_id)
        page = Page(name, wish, book.name(wish.niche) if wish.niche else "", views, saved)
        return _turned(page, before, after, more=len(found) > ON_A_PAGE, looked=looked)

    async def _me(self, session: AsyncSession, who: Who) -> int | None:
        query = select(Member.id, Member.barred_at).where(
            Member.community_id == who.community_id, Member.person_id == who.person_id
        )
        row = (await session.execute(query)).first()
        if row is not None and row[1] is not None:
            raise KithError("barred")
        return row[0] if row else None

    async def _looked_at(
        self, session: AsyncSession, community_id: int, before: int | None, after: int | None
    ) -> _Looked:
        """Return between which gigs is looked for this page, and whether there are more beyond."""
        ids = _live(select(Gig.id), community_id).limit(LOOKED_AT)
        ids = ids.order_by(Gig.id) if after is not None else ids.order_by(Gig.id.desc())
        if after is not None:
            ids = ids.where(Gig.id > after)
        elif before is not None:
            ids = ids.where(Gig.id < before)
        some = ids.subquery()
        low, high, count = (
            await session.execute(select(func.min(some.c.id), func.max(some.c.id), func.count()))
        ).one()
        return _Looked(low or 0, high or 0, more=count == LOOKED_AT)

    async def _found(
        self, session: AsyncSession, community_id: int, wish: Wish, book: NicheBook, looked: _Looked,
        *, rising: bool,
    ) -> list[Gig]:  # fmt: skip
        """Return up to one more than fit a page, of those looked at."""
        order = Gig.id if rising else Gig.id.desc()
        within = (Gig.id >= looked.low, Gig.id <= looked.high, *_conditions(wish, book))
        query = _live(select(Gig), community_id).where(*within).order_by(order)
        if not wish.text:
            return list(await session.scalars(query.limit(ON_A_PAGE + 1)))
        # SQLite folds the case of ASCII alone, so words are compared here.
        columns: Any = select(Gig.id, Gig.title, Gig.description)
        words = _live(columns, community_id).where(*within).order_by(order)
        needle = wish.text.casefold()
        hits = [
            number
            for number, title, description in (await session.execute(words)).all()
            if needle in f"{title}\n{description}".casefold()
        ]
        chosen = select(Gig).where(Gig.id.in_(hits[: ON_A_PAGE + 1])).order_by(order)
        return list(await session.scalars(chosen))

    async def _saved(self, session: AsyncSession, me: int | None, gigs: list[int]) -> frozenset[int]:
        query = select(SavedGig.gig_id).where(SavedGig.member_id == (me or 0), SavedGig.gig_id.in_(gigs))
        return frozenset(await session.scalars(query))


@dataclass(frozen=True, slots=True)
class _Looked:
    """The gigs that were looked at for a page lie between these two; `more` lie beyond."""

    low: int
    high: int
    more: bool


def _turned(page: Page, before: int | None, after: int | None, *, more: bool, looked: _Looked) -> Page:
    """Say where the pages before and after this one begin."""
    ids = [gig.id for gig in page.gigs]
    older = newer = None
    if after is None:
        older = ids[-1] if more else looked.low if looked.more else None
        newer = (ids[0] if ids else before - 1) if before is not None else None
    else:
        newer = ids[0] if more else looked.high if looked.more else None
        older = ids[-1] if ids else after + 1
    return Page(
        page.community_name, page.wish, page.niche_name, page.gigs, page.saved, older, newer,
        further=not more and looked.more,
    )  # fmt: skip


def _live(query: Select[Any], community_id: int) -> Select[Any]:
    """Only what everybody may see."""
    return query.where(
        Gig.community_id == community_id, Gig.state == "live", Gig.audience == "board",
    )  # fmt: skip


def _conditions(wish: Wish, book: NicheBook) -> list[ColumnElement[bool]]:
    """What a gig must be, as far as the database can tell."""
    found: list[ColumnElement[bool]] = []
    if wish.kind:
        found.append(Gig.kind == wish.kind)
    if wish.starter:
        found.append(Gig.starter.is_(True))
    if wish.currency:
        found += [Gig.currency == wish.currency, Gig.per == wish.per, Gig.high >= wish.least]
    if wish.niche:
        merged = [slug for slug in book.merged if book.name(slug) == book.name(wish.niche)]
        holds = [_holds(Gig.niches, slug) for slug in (wish.niche, *merged)]
        either = holds[0]
        for one in holds[1:]:
            either |= one
        found.append(either)
    if wish.skill:
        found.append(_holds(Gig.skills, wish.skill))
    return found


def _holds(column: Any, slug: str) -> ColumnElement[bool]:
    """Whether a list of slugs, stored as JSON, has this one."""
    held: ColumnElement[bool] = cast(column, Text).contains(json.dumps(slug), autoescape=True)
    return held


def _rate(typed: str) -> tuple[int, str, str]:
    """Return the least rate somebody typed, in hundredths, with its currency and unit."""
    try:
        budget = parse_budget(typed)
    except KithError as error:
        raise KithError("gig_least", example=_EXAMPLE) from error
    return int(Decimal(budget.low) * 100), budget.currency, budget.per


def _with_mark(mark: str, slugs: list[str]) -> str:
    if not mark:
        return ""
    for slug in slugs:
        if mark_of(slug) == mark:
            return slug
    raise KithError("button_outdated")
