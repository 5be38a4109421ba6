"""Stores a whole round at once: in portions, for a thousand single rows would keep everybody waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.ids import stable_nonce
from bot.core.outbox import OutboxRow
from bot.core.queue import WAITING
from bot.intros.gathering import stored_reason
from bot.intros.matching import Group
from bot.intros.meeting import plan_meeting
from bot.intros.tables import Introduction, Round, Seat
from bot.people.service import MemberView, PeopleService

AT_ONCE = 50
"""Introductions in one statement."""


async def store_round(
    session: AsyncSession,
    agenda: Agenda,
    people: PeopleService,
    *,
    round_: Round,
    groups: Sequence[Group],
    now: datetime,
) -> None:
    """Introduce these groups to each other, within the caller's unit of work: seats, cards, what follows."""
    await session.flush()
    for start in range(0, len(groups), AT_ONCE):
        some = groups[start : start + AT_ONCE]
        views = await people.views(session, [member for group in some for member in group.members])
        await _store(session, agenda, round_, some, views, now)
        # What is stored needs no watching any more; a session that grows checks every row at each step.
        session.expunge_all()


async def _store(
    session: AsyncSession,
    agenda: Agenda,
    round_: Round,
    groups: Sequence[Group],
    views: Mapping[int, MemberView],
    now: datetime,
) -> None:
    made = await session.scalars(
        insert(Introduction).returning(Introduction, sort_by_parameter_order=True),
        [
            {
                "community_id": round_.community_id,
                "round_id": round_.id,
                "origin": "round",
                "form": group.form,
                "reasons": [stored_reason(reason) for reason in group.reasons],
                "created_at": now,
            }
            for group in groups
        ],
    )
    introductions = made.all()
    places = [
        {"introduction_id": one.id, "member_id": member, "state": "planned"}
        for one, group in zip(introductions, groups, strict=True)
        for member in group.members
    ]
    seats = await session.scalars(insert(Seat).returning(Seat, sort_by_parameter_order=True), places)
    await session.execute(
        insert(OutboxRow), [_card(seat, views[seat.member_id], now) for seat in seats.all()]
    )
    for one in introductions:
        await plan_meeting(agenda, session, one)


def _card(seat: Seat, to: MemberView, now: datetime) -> dict[str, object]:
    """The row of one card, as `Outbox.say` writes it; a seat is new, so its card was never said."""
    key = f"intro.card:{seat.id}"
    return {
        "kind": "intro.card",
        "subject": seat.id,
        "key": key,
        "recipient": to.person_id,
        "community_id": to.community_id,
        "target": "person",
        "due_at": now,
        "answers_click": False,
        "budgeted": False,
        "nonce": stable_nonce(key),
        "state": WAITING,
        "attempts": 0,
    }
