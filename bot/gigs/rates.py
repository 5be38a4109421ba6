"""What people of a community are paid: from filled gigs, and from what members tell without their name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.gigs import rate_rules, rules
from bot.gigs.budget import EXAMPLE, Budget, parse_budget
from bot.gigs.desk import Desk
from bot.gigs.rate_rules import Rate, Sample
from bot.gigs.regions import REGIONS, region_of
from bot.gigs.tables import Gig, GigOutcome, Interest, RateAnswer
from bot.people.service import Who
from bot.people.tables import Member, Person

_KEPT_FOR = timedelta(days=730)  # older pay says little about today's
_LOOKED_AT = 2_000
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class RatesView:
    """What was asked for, and every figure there is; `region` and `stage` are "" for all."""

    community_name: str
    skill: str
    stage: str
    region: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Volunteered:
    """What is kept of an answer: a coarse band, and what the member wanted to be kept with it."""

    community_name: str
    skill: str
    stage: str
    region: str
    currency: str
    per: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a form about somebody's pay is filled in with: what their profile says."""

    skill: str
    stage: str
    region: str


class Rates:
    """Figures that nobody can be guessed from; `rate_rules` says how."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self.desk = desk
        # Who told of which skill in which month: in memory alone, so that no row leads to whoever answered.
        self._told: dict[str, set[tuple[int, int, str]]] = {}

    async def look(self, who: Who, skill: str, stage: str = "", region: str = "") -> RatesView:
        """What people here are paid for a skill; raises `gig_skill_unknown`, or `barred`."""
        skill = self._slug(skill)
        words = self.desk.people.catalogue
        stage = stage if stage in words.stages else ""
        region = region if region in REGIONS else ""
        async with self.desk.store.read() as session:
            await self._refuse_barred(session, who)
            samples = await self._samples(session, who.community_id, [skill])
            name = await self.desk.place(session, who.community_id)
        found = rate_rules.rates(samples, stage, region)
        return RatesView(name or who.community_name, skill, stage, region, found)

    async def suggested(self, who: Who, skill: str) -> Suggested:
        """What a form begins with."""
        skill = self._slug(skill)
        async with self.desk.store.read() as session:
            await self._refuse_barred(session, who)
            me = await self.desk.people.find(session, who.community_id, who.person_id)
        return Suggested(skill, (me.stage if me else "") or "", region_of(me.zone) if me else "")

    async def tell(self, who: Who, skill: str, paid: str, stage: str = "", region: str = "") -> Volunteered:
        """Keep what somebody is paid, as a coarse band and without their name.

        Raises:
            KithError: no amount (`gig_rate_amount`), or told for this skill this month (`gig_rate_again`).
        """
        skill = self._slug(skill)
        budget = _paid(paid)
        stage = stage if stage in self.desk.people.catalogue.stages else ""
        region = region if region in REGIONS else ""
        month = f"{self.desk.clock.now():%Y-%m}"
        band = rate_rules.band_of(float((budget.low + budget.high) / 2))
        mark = (who.community_id, who.person_id, skill)
        async with self._once(month, mark), self.desk.store.write() as session:
            member = await self.desk.people.known(session, who)
            session.add(
                RateAnswer(
                    community_id=member.community_id, skill=skill, stage=stage, region=region,
                    currency=budget.currency, per=budget.per, band=band, month=month,
                )
            )  # fmt: skip
            name = await self.desk.place(session, who.community_id)
        end = rate_rules.band_end(band)
        return Volunteered(name, skill, stage, region, budget.currency, budget.per, band, end)

    async def typical(
        self, session: AsyncSession, community_id: int, skills: Sequence[str], currency: str, per: str
    ) -> tuple[int, int] | None:
        """Both ends of what people here are paid for any of these skills, in hundredths; None for too few.

        A gig that names no skill is compared with everything that is paid in its currency and unit.
        """
        samples = await self._samples(session, community_id, skills, currency, per)
        rate = rate_rules.rate_of(samples)
        return (rate.low * _HUNDRED, rate.high * _HUNDRED) if rate is not None else None

    @asynccontextmanager
    async def _once(self, month: str, mark: tuple[int, int, str]) -> AsyncIterator[None]:
        """Let an answer through once a month, also when it is sent twice at once; a failure is none."""
        told = self._told.get(month, set())
        if mark in told:
            raise KithError("gig_rate_again")
        told.add(mark)
        self._told = {month: told}
        try:
            yield
        except BaseException:
            told.discard(mark)
            raise

    # --- within the caller's unit of work ------------------------------------------------------------

    async def _samples(
        self, session: AsyncSession, community_id: int, skills: Sequence[str], currency: str = "",
        per: str = "",
    ) -> list[Sample]:  # fmt: skip
        now = self.desk.clock.now()
        worked = await self._worked(session, community_id, skills, currency, per, now - _KEPT_FOR)
        told = await self._volunteered(session, community_id, skills, currency, per, now - _KEPT_FOR)
        return [*worked, *told]

    async def _worked(
        self, session: AsyncSession, community_id: int, skills: Sequence[str], currency: str, per: str,
        since: datetime,
    ) -> list[Sample]:  # fmt: skip
        """What filled gigs said they pay, for whoever did them; not where a side denies it."""
        denied = exists().where(
            GigOutcome.interest_id == Interest.id,
            or_(GigOutcome.hired.is_(False), GigOutcome.paid.is_(False)),
        )
        zone = func.coalesce(Person.zone, "")
        query = (
            select(Member.id, Member.stage, zone, Gig.currency, Gig.per, Gig.low, Gig.high)
            .join(Interest, Interest.gig_id == Gig.id)
            .join(Member, Member.id == Interest.member_id)
            .join(Person, Person.id == Member.person_id)
            .where(
                Gig.community_id == community_id, Gig.state == "filled", Gig.filled_at >= since,
                Interest.state == "accepted", ~denied, *_asked(skills, currency, per),
            )
            .order_by(Gig.id.desc()).limit(_LOOKED_AT)
        )  # fmt: skip
        return [
            Sample(
                ("member", member_id), stage or "", region_of(zone), currency, per,
                rate_rules.band_of((low + high) / 2 / _HUNDRED),
            )
            for member_id, stage, zone, currency, per, low, high in await session.execute(query)
        ]  # fmt: skip

    async def _volunteered(
        self, session: AsyncSession, community_id: int, skills: Sequence[str], currency: str, per: str,
        since: datetime,
    ) -> list[Sample]:  # fmt: skip
        query = select(RateAnswer).where(
            RateAnswer.community_id == community_id, RateAnswer.month >= f"{since:%Y-%m}"
        )
        if skills:
            query = query.where(RateAnswer.skill.in_(list(skills)))
        if currency:
            query = query.where(RateAnswer.currency == currency, RateAnswer.per == per)
        rows = await session.scalars(query.order_by(RateAnswer.id.desc()).limit(_LOOKED_AT))
        return [
            Sample(("answer", row.id), row.stage, row.region, row.currency, row.per, row.band) for row in rows
        ]

    def _slug(self, typed: str) -> str:
        """The skill that a slug, a name or a clear near miss means."""
        names = {slug: term.name for slug, term in self.desk.people.catalogue.skills.items()}
        found, _strange = rules.skills_in(names, typed)
        if not found:
            raise KithError("gig_skill_unknown", text=typed[:60])
        return found[0]

    async def _refuse_barred(self, session: AsyncSession, who: Who) -> None:
        query = select(Member.barred_at).where(
            Member.community_id == who.community_id, Member.person_id == who.person_id
        )
        if await session.scalar(query) is not None:
            raise KithError("barred")


def _asked(skills: Sequence[str], currency: str, per: str) -> list[ColumnElement[bool]]:
    """Which gigs: with any of these skills, paid in this currency and unit."""
    found: list[ColumnElement[bool]] = []
    if skills:
        stored = cast(Gig.skills, Text)
        found.append(or_(*(stored.contains(json.dumps(one), autoescape=True) for one in skills)))
    if currency:
        found += [Gig.currency == currency, Gig.per == per]
    return found


def _paid(text: str) -> Budget:
    """What somebody says they are paid."""
    try:
        return parse_budget(text)
    except KithError as error:
        raise KithError("gig_rate_amount", example=EXAMPLE) from error
