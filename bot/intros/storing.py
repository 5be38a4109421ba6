"""Stores one introduction: its people's seats, a card for each, and what is asked about it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.outbox import Outbox
from bot.intros.meeting import plan_meeting
from bot.intros.scoring import Reason
from bot.intros.tables import Introduction, Seat
from bot.people.service import MemberView


async def introduce(
    session: AsyncSession,
    agenda: Agenda,
    outbox: Outbox,
    *,
    community_id: int,
    round_id: int | None,
    origin: str,
    form: str,
    reasons: Sequence[Reason],
    views: Sequence[MemberView],
    now: datetime,
) -> Introduction:
    """Introduce these people to each other, within the caller's unit of work.

    `round_id` is the round that made it, None for one made outside of rounds; `origin` is `round`, `late` or
    `ask`; `reasons` are the terms that counted; `views` its people in the order of their seats.
    """
    introduction = Introduction(
        community_id=community_id,
        round_id=round_id,
        origin=origin,
        form=form,
        reasons=[{**asdict(reason), "values": list(reason.values)} for reason in reasons],
        created_at=now,
    )
    session.add(introduction)
    await session.flush()
    seats = [Seat(introduction_id=introduction.id, member_id=view.id, state="planned") for view in views]
    session.add_all(seats)
    await session.flush()
    for seat, view in zip(seats, views, strict=True):
        await outbox.say(
            session,
            kind="intro.card",
            subject=seat.id,
            key=f"intro.card:{seat.id}",
            recipient=view.person_id,
            community_id=community_id,
        )
    await plan_meeting(agenda, session, introduction)
    return introduction
