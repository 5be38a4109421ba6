"""A community whose members take part in the next round, and what became of the round."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import func, select

from bot.app import App
from bot.core.agenda import AgendaRow
from bot.core.outbox import OutboxRow
from bot.core.queue import WAITING
from bot.people.service import Who
from sandbox.actors import Member
from tests.conversations.helpers import FIRST_ROUND, community, having, turn_to
from tests.stage import Stage

MINUTES = timedelta(minutes=10)


def who(stage: Stage, member: Member) -> Who:
    return Who(stage.guild.id, stage.guild.name, member.id, member.name)


async def enrol(stage: Stage, name: str) -> Member:
    """Somebody who takes part, without the clicks."""
    member = stage.guild.member(name)
    me = who(stage, member)
    await stage.app.people.set_zone(me, "Europe/Lisbon")
    await stage.app.niches.join(me, "energy")
    await stage.app.intros.join(me)
    return member


@asynccontextmanager
async def taking_part(url: str, number: int = 6) -> AsyncIterator[tuple[Stage, list[Member]]]:
    """So many members who take part in the round to come; their welcomes are read."""
    async with community(url) as stage:
        stage.discord.route_limits.haste = 0
        members = [await enrol(stage, f"Member {number}") for number in range(number)]
        await stage.app.settled()
        yield stage, members


async def the_round(stage: Stage) -> None:
    """Let the first round begin."""
    await turn_to(stage, FIRST_ROUND)


async def after_a_while(stage: Stage, times: int = 6) -> None:
    """Let what waits be tried again, also what backed off."""
    for _time in range(times):
        await stage.clock.advance(MINUTES)
        await stage.app.settled()


def cards(members: list[Member]) -> list[int]:
    """How many cards each of them has."""
    return [len(having(member.inbox, "Meet ")) for member in members]


async def waiting(app: App) -> Counter[str]:
    """What is due by now and neither done nor given up, by kind."""
    found: Counter[str] = Counter()
    async with app.store.read() as session:
        for table in (AgendaRow, OutboxRow):
            query = select(table.kind, func.count()).where(
                table.state == WAITING, table.due_at <= app.clock.now()
            )
            rows = (await session.execute(query.group_by(table.kind))).all()
            found.update({kind: number for kind, number in rows})  # noqa: C416 - rows are no pairs to mypy
    return found


async def given_up(app: App) -> list[str]:
    """The kinds of what failed for good."""
    async with app.store.read() as session:
        return [
            kind
            for table in (AgendaRow, OutboxRow)
            for kind in await session.scalars(select(table.kind).where(table.state == "failed"))
        ]
