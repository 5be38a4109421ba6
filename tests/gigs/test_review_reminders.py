"""Moderators are reminded of what waits; a real database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.store import Store
from bot.gigs.service import GigService
from bot.people.tables import Community
from tests.gigs.reviewing import BEN, DAY, MIA, MODS, OTHERWISE, SCAM, moderated, rows, waiting


@pytest.fixture
async def gigs(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    return await moderated(store, clock)


async def remind_until(gigs: GigService, clock: TurnedClock, instant: datetime) -> list[datetime]:
    """Turn the clock hour by hour; when moderators were reminded."""
    while clock.now() < instant:
        await clock.advance(timedelta(hours=1))
        await gigs.desk.agenda.tick()
    return [row.due_at for row in await rows(gigs, "gig.reminder")]


async def test_moderators_are_reminded_after_a_day_and_once_a_day(
    gigs: GigService, clock: TurnedClock
) -> None:
    began = clock.now()
    gig = await waiting(gigs)
    assert await remind_until(gigs, clock, began + timedelta(hours=7)) == []
    other = await waiting(gigs, BEN, OTHERWISE)
    assert await remind_until(gigs, clock, began + 3 * DAY) == [began + DAY, began + 2 * DAY, began + 3 * DAY]
    for one in (gig, other):
        await gigs.review.decide(MIA, one.id, 0, "refused", SCAM)
    assert len(await remind_until(gigs, clock, began + 6 * DAY)) == 3


async def test_a_decided_oldest_leaves_the_others_their_own_day(gigs: GigService, clock: TurnedClock) -> None:
    began = clock.now()
    gig = await waiting(gigs)
    await remind_until(gigs, clock, began + timedelta(hours=10))
    await waiting(gigs, BEN, OTHERWISE)
    await gigs.review.decide(MIA, gig.id, 0, "refused", SCAM)
    assert await remind_until(gigs, clock, began + DAY + timedelta(hours=11)) == [
        began + DAY + timedelta(hours=10)
    ]


async def test_without_a_channel_nobody_is_written_to_until_there_is_one(
    gigs: GigService, clock: TurnedClock
) -> None:
    began = clock.now()
    async with gigs.desk.store.write() as session:
        await session.execute(update(Community).values(mod_channel_id=None))
    await waiting(gigs)
    await waiting(gigs, BEN, OTHERWISE)
    assert await gigs.review.slow(1)
    assert await rows(gigs, "gig.review") == []
    assert (await gigs.review.queue(MIA)).total == 2
    assert await remind_until(gigs, clock, began + 2 * DAY + timedelta(hours=2)) == []
    async with gigs.desk.store.write() as session:
        await session.execute(update(Community).values(mod_channel_id=MODS))
    assert not await gigs.review.slow(1)
    assert await remind_until(gigs, clock, began + 4 * DAY) == [began + 3 * DAY, began + 4 * DAY]
