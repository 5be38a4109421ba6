"""Drafts: kept sealed, for the person who typed them, for a while."""

from datetime import timedelta

from sqlalchemy import text

from bot.core.clock import TurnedClock
from bot.core.drafts import KEPT_FOR, Drafts
from bot.core.store import Store

TYPED = {"headline": "I clean data", "skills": ["sql", "dbt"]}


async def test_a_draft_is_only_for_its_person(store: Store, clock: TurnedClock) -> None:
    drafts = Drafts(store, clock)
    draft = await drafts.save(7, "profile", "s", TYPED)
    assert await drafts.load(draft, 7) == ("profile", "s", TYPED)
    assert await drafts.load(draft, 8) is None
    assert await drafts.load("unknown", 7) is None


async def test_a_draft_is_sealed_in_the_database(store: Store, clock: TurnedClock) -> None:
    await Drafts(store, clock).save(7, "profile", "s", TYPED)
    async with store.read() as session:
        kept = await session.scalar(text("SELECT filled FROM draft"))
    assert b"clean data" not in bytes(kept or b"")


async def test_old_drafts_and_those_of_who_leaves_are_gone(store: Store, clock: TurnedClock) -> None:
    drafts = Drafts(store, clock)
    old = await drafts.save(7, "profile", "s", TYPED)
    await clock.advance(KEPT_FOR + timedelta(minutes=1))
    new, others = await drafts.save(7, "profile", "s", TYPED), await drafts.save(8, "profile", "s", TYPED)
    assert await drafts.load(old, 7) is None
    async with store.write() as session:
        await drafts.forget(session, 7)
    assert await drafts.load(new, 7) is None
    assert await drafts.load(others, 8) is not None
