"""Who listens for gigs, what waits for them and what they are told; for tests of alerts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.core.outbox import OutboxRow, said
from bot.gigs.alert_views import Typed
from bot.gigs.tables import GigAlertHit
from bot.people.service import Who
from tests.gigs.board_world import BEN, BoardWorld

DAY = timedelta(days=1)
EVERYTHING = Typed()


async def listens(world: BoardWorld, who: Who = BEN, typed: Typed = EVERYTHING) -> int:
    """Somebody with an alert; their member id."""
    await world.gigs.alerts.set(who, typed)
    return await member(world, who)


async def member(world: BoardWorld, who: Who) -> int:
    async with world.store.write() as session:
        return (await world.people.known(session, who)).id


async def hits(world: BoardWorld) -> set[tuple[int, int]]:
    """What waits, as (member, gig)."""
    async with world.store.read() as session:
        query = select(GigAlertHit.member_id, GigAlertHit.gig_id).where(GigAlertHit.named_at.is_(None))
        return {(row[0], row[1]) for row in await session.execute(query)}


async def alerts(world: BoardWorld) -> list[OutboxRow]:
    return await world.said("gig.alert")


async def told(world: BoardWorld) -> list[list[int]]:
    """Which gigs each message names as it would be sent now."""
    found = [await world.gigs.alert_mail.news(said(row)) for row in await alerts(world)]
    return [[gig.id for gig in one.gigs] if one else [] for one in found]


async def nights(world: BoardWorld, by: timedelta) -> None:
    """Do what is due, let time pass, and do what fell due."""
    await world.work()
    await world.work(by)
