"""What a round needs to know, read in portions so that the event loop stays free in a large community."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import portions
from bot.intros import reading, rules
from bot.intros.late import fallback_round
from bot.intros.ledger import Ledger
from bot.intros.matching import Group, Outcome, RoundInputs, group_of, match_round
from bot.intros.scoring import Candidate, Reason
from bot.intros.settings import read_rules
from bot.intros.shapes import NEW_FIRST, REPEATS_COST
from bot.intros.silence import SILENT_AT_MOST
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.people.service import PeopleService
from bot.people.tables import Member, Person

Pair = tuple[int, int]
MONTH = timedelta(days=30)
AT_ONCE = 100
"""Profiles read between two breaths of the event loop."""


async def taking_part(
    session: AsyncSession,
    people: PeopleService,
    community_id: int,
    number: int,
    among: Collection[int] | None = None,
) -> dict[int, int]:
    """Member id to rounds waited, of those in round `number`: no skippers, and nobody who fell silent."""
    pool = await reading.enrolled(session, people, community_id, among)
    query = (
        select(Enrolment.member_id)
        .join(Member, Member.id == Enrolment.member_id)
        .where(
            Member.community_id == community_id,
            or_(Enrolment.skips == number, Enrolment.silent >= SILENT_AT_MOST),
        )
    )
    out = set(await session.scalars(query))
    return {member: waited for member, waited in pool.items() if member not in out}


async def gather(
    session: AsyncSession, people: PeopleService, round_: Round, now: datetime, more: Collection[int] = ()
) -> RoundInputs:
    """Everything the matching of a round depends on; `more` may take part though they skip it."""
    community_id = round_.community_id
    pool = await taking_part(session, people, community_id, round_.number)
    if more:
        pool |= await reading.enrolled(session, people, community_id, more)
    wanted = await read_rules(session, community_id)
    kept_apart = await reading.avoided_pairs(session, community_id)
    return RoundInputs(
        number=round_.number,
        candidates=tuple(await _candidates(session, people, pool, now)),
        met=tuple(await reading.met_pairs(session, community_id)),
        avoided=tuple(sorted({*kept_apart, *pairs_in(round_.plan, "split")})),
        seed=community_id * 1000 + round_.number,
        repeats=NEW_FIRST if wanted.new_first else REPEATS_COST,
    )


async def _candidates(
    session: AsyncSession, people: PeopleService, pool: Mapping[int, int], now: datetime
) -> list[Candidate]:
    """Profiles as the matching sees them; each portion waits for the database and lets others go on."""
    start = rules.week_start(now)
    found: list[Candidate] = []
    for some in portions(pool, AT_ONCE):
        views = await people.views(session, some)
        seats = await _seats_left(session, some, now)
        found += [
            replace(reading.candidate(view, pool[view.id], start), seats=seats.get(view.id, 0))
            for view in views.values()
        ]
    return found


async def _seats_left(session: AsyncSession, members: Collection[int], now: datetime) -> dict[int, int]:
    """How many seats at roundtables these members still welcome this month."""
    wishes = select(Enrolment.member_id, Enrolment.seats).where(
        Enrolment.member_id.in_(members), Enrolment.seats > 0
    )
    wanted = {row.member_id: row.seats for row in await session.execute(wishes)}
    if not wanted:
        return {}
    taken = (
        select(Seat.member_id, func.count())
        .join(Introduction, Introduction.id == Seat.introduction_id)
        .where(
            Seat.member_id.in_(wanted),
            Introduction.form == "roundtable",
            Introduction.created_at > now - MONTH,
        )
        .group_by(Seat.member_id)
    )
    for member, count in await session.execute(taken):
        wanted[member] = max(0, wanted[member] - count)
    return wanted


async def unreachable(session: AsyncSession, members: Collection[int]) -> list[int]:
    """Members whose direct messages are known to be closed."""
    found: list[int] = []
    for some in portions(members):
        query = select(Member.id).join(Person, Person.id == Member.person_id)
        found += await session.scalars(query.where(Member.id.in_(some), Person.dm_state == "closed"))
    return sorted(found)


def match_kept(inputs: RoundInputs, kept: Iterable[Pair], hurry: bool = False) -> Outcome:
    """A round in which these pairs stay together unless a hard rule forbids it; runs in the worker.

    With `hurry` as many meetings as possible instead of the best ones.
    """
    ledger = Ledger(inputs)
    groups: list[Group] = []
    for pair in kept:
        nodes = [ledger.node[member] for member in pair if member in ledger.node]
        if len(nodes) == len(pair) and ledger.edge(nodes[0], nodes[1]) is not None:
            groups.append(group_of(ledger, nodes))
    busy = {member for group in groups for member in group.members}
    rest = replace(inputs, candidates=tuple(one for one in inputs.candidates if one.member_id not in busy))
    found = fallback_round(rest) if hurry else match_round(rest)
    everyone = tuple(sorted((*groups, *found.groups), key=lambda group: group.members))
    used = [rule for group in everyone for rule in group.relaxed]
    relaxed = tuple((rule, used.count(rule)) for rule in ("repeat", "hours") if rule in used)
    return replace(found, groups=everyone, relaxed=relaxed)


# --- a round's plan, as it is stored ---------------------------------------------------------------


def pairs_in(plan: Mapping[str, Any], name: str) -> list[Pair]:
    """The pairs `locked` together, or `split`, in a round's plan."""
    return [rules.pair_key(one, other) for one, other in plan.get(name, ())]


def groups_in(plan: Mapping[str, Any]) -> list[Group]:
    """The groups of a round's plan."""
    return [
        Group(
            tuple(raw["members"]), raw["form"], tuple(reading_reason(one) for one in raw["reasons"]), 0,
            tuple(raw["relaxed"]),
        )
        for raw in plan.get("groups", ())
    ]  # fmt: skip


def reading_reason(raw: Mapping[str, Any]) -> Reason:
    """A reason as it was stored."""
    return Reason(**{**raw, "values": tuple(raw["values"])})


def planned(group: Group) -> dict[str, Any]:
    """A group as a plan stores it."""
    return {
        "members": list(group.members),
        "form": group.form,
        "reasons": [stored_reason(reason) for reason in group.reasons],
        "relaxed": list(group.relaxed),
    }


def stored_reason(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored; written out, for `asdict` takes ten times as long."""
    return {
        "name": reason.name,
        "points": reason.points,
        "values": list(reason.values),
        "giver": reason.giver,
        "taker": reason.taker,
    }


def repeats_in(groups: Iterable[Group], met: Iterable[tuple[int, int, int]]) -> set[tuple[int, ...]]:
    """The groups in which two were introduced before."""
    known = {rules.pair_key(one, other) for one, other, _number in met}
    return {
        group.members
        for group in groups
        if any((one, other) in known for one in group.members for other in group.members if one < other)
    }
