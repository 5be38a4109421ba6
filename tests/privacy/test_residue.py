"""Nothing of a person remains in any column of any table, and nobody else loses anything."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.clock import TurnedClock
from bot.core.outbox import OutboxRow
from bot.core.store import Base
from bot.people.tables import Member
from bot.privacy.atlas import MESSAGES, WITHOUT_PEOPLE, WORK
from tests.privacy.world import ANA, BEN, CLEO, HERE, NAMES, World, opened, who

ALONE = (
    "niches", "skills, disciplines and languages", "consents", "introductions, taking part",
    "check-ins, the plan", "check-ins", "searches", "suggested niches", "refused forms",
)  # fmt: skip


@pytest.fixture
async def world(database_url: str, clock: TurnedClock) -> AsyncIterator[World]:
    async with opened(database_url, clock) as made:
        yield made


async def lived(world: World) -> None:
    """Ana and Ben used everything, met in a round and answered; Cleo looked on."""
    for person in (ANA, BEN, CLEO):
        await world.fill(person)
    await world.deliver()
    await world.due(timedelta(days=2))
    await world.deliver()
    for one, other in ((ANA, BEN), (BEN, ANA), (BEN, CLEO), (CLEO, ANA)):
        await world.between(one, other)
    await world.deliver()
    async with world.store.read() as session:
        cards = (await session.scalars(select(OutboxRow).where(OutboxRow.kind == "intro.card"))).all()
        interests = (await session.scalars(select(OutboxRow).where(OutboxRow.kind == "gig.interest"))).all()
    for card in cards:
        await world.app.intros.outcome(card.recipient, card.subject, "met")
    for asked in interests[:2]:
        await world.app.gigs.pitches.answer(asked.recipient, asked.subject, accept=True)
    await world.due(timedelta(days=8))
    await world.deliver()
    await world.app.gigs.pitches.send(
        who(CLEO), (await world.gig(ANA)).id, "A pitch that still waits, for now."
    )
    await world.gig(BEN)
    await world.due()  # both wait for their alerts


async def test_every_table_was_used(world: World) -> None:
    """Otherwise the next test would find nothing because there was nothing."""
    await lived(world)
    filled = {table for table, rows in (await world.dump()).items() if rows}
    assert set(Base.metadata.tables) - filled <= {
        "remembered",
        "community_niche",
        "gig_decision",
        "setback",
        "pace",
        "process",
    }
    assert len(set(Base.metadata.tables) - set(WITHOUT_PEOPLE)) > 15


async def test_nothing_of_a_deleted_person_remains_and_nobody_else_loses_anything(world: World) -> None:
    await lived(world)
    ana, ben = await world.member(ANA), await world.member(BEN)
    nonces = await of_person(world, ana)
    assert await world.traces(ANA, NAMES[ANA], ana, f"zz{NAMES[ANA][:3]}zz")
    before = {person: await untouched(world, person) for person in (BEN, CLEO)}
    assert await world.app.privacy.erase(ANA, None)
    assert await world.traces(ANA, NAMES[ANA], ana, f"zz{NAMES[ANA][:3]}zz", *nonces) == []
    assert {person: await untouched(world, person) for person in (BEN, CLEO)} == before
    assert await about_nothing(world) == []
    assert await world.traces(ben)
    assert not await world.app.privacy.erase(ANA, None)
    await world.due(timedelta(days=30))
    assert await world.traces(ANA, NAMES[ANA], ana, f"zz{NAMES[ANA][:3]}zz", *nonces) == []


async def test_deleted_in_one_community_a_person_stays_in_the_other(world: World) -> None:
    elsewhere = HERE + 1
    await lived(world)
    await world.app.people.mine(who(ANA, elsewhere))
    ana = await world.member(ANA)
    assert await world.app.privacy.erase(ANA, HERE)
    assert await world.traces(ana, f"zz{NAMES[ANA][:3]}zz") == []
    assert await world.member(ANA, elsewhere)
    assert await world.app.privacy.erase(ANA, elsewhere)
    assert await world.traces(ANA, NAMES[ANA]) == []


async def untouched(world: World, person: int) -> dict[str, Any]:
    """What somebody keeps whoever else goes."""
    data = (await world.app.privacy.export(person)).data
    (here,) = data["communities"]
    kept = {title: here[title] for title in ALONE if title in here}
    for search in kept["searches"]:
        search.pop("found", None)  # who was found may be the one who goes
    for week in kept["check-ins"]:
        week.pop("help asked for", None)  # so may whoever was asked
    gigs = [gig["title"] for gig in here["gigs"]]
    return {"person": data["person"], "profile": here["profile"], "gigs": gigs} | kept


async def about_nothing(world: World) -> list[str]:
    """Messages and work, done or waiting, about a row that is not there."""
    dump = await world.dump()
    ids = {table: {row["id"] for row in rows if "id" in row} for table, rows in dump.items()}
    return [
        row["key"]
        for queue, kinds in (("outbox", MESSAGES), ("agenda", {**WORK, "intro.ask": "introduction"}))
        for row in dump[queue]
        if (table := kinds[row["kind"]]) and row["subject"] not in ids[table]
    ]


async def of_person(world: World, member_id: int) -> list[str]:
    """The nonces of messages to or about a person."""
    async with world.store.read() as session:
        recipient = select(Member.person_id).where(Member.id == member_id).scalar_subquery()
        query = select(OutboxRow.nonce).where(OutboxRow.recipient == recipient)
        return list(await session.scalars(query))
