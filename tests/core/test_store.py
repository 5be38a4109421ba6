"""Units of work, and the types that refuse what would be lost."""

import asyncio
import gc
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.drafts import Draft
from bot.core.errors import WrongKey
from bot.core.seal import Sealer, new_key
from bot.core.store import Store, async_url, insert_new


def _draft(words: str, at: datetime) -> Draft:
    return Draft(id="d1", person_id=1, form="f", state="", values=words, created_at=at)


async def test_private_text_is_unreadable_in_the_database(store: Store, clock: TurnedClock) -> None:
    async with store.write() as session:
        session.add(_draft("my weak side", clock.now()))
    async with store.read() as session:
        raw = (await session.execute(text("SELECT filled FROM draft"))).scalar_one()
        assert b"weak" not in bytes(raw)
        assert await session.scalar(select(Draft.values)) == "my weak side"


async def test_another_key_opens_nothing_and_a_rotated_one_everything(
    database_url: str, clock: TurnedClock
) -> None:
    old, new = new_key(), new_key()
    first = Store(database_url, Sealer([old]))
    async with first.write() as session:
        session.add(_draft("kept", clock.now()))
    await first.close()
    stranger = Store(database_url, Sealer([new]))
    with pytest.raises(WrongKey):
        async with stranger.read() as session:
            await session.scalar(select(Draft.values))
    await stranger.close()
    rotated = Store(database_url, Sealer([new, old]))
    async with rotated.read() as session:
        assert await session.scalar(select(Draft.values)) == "kept"
    await rotated.close()


async def test_naive_times_are_refused_and_zones_come_back_as_utc(store: Store) -> None:
    async def naive() -> None:
        async with store.write() as session:
            session.add(_draft("x", datetime(2026, 1, 1)))  # noqa: DTZ001 - the point of the test

    with pytest.raises(StatementError, match="without a zone"):
        await naive()
    moment = datetime.fromisoformat("2026-01-01T10:00+05:30")
    async with store.write() as session:
        session.add(_draft("x", moment))
    async with store.read() as session:
        stored = await session.scalar(select(Draft.created_at))
    assert stored == moment
    assert stored.tzinfo is UTC


async def test_concurrent_read_then_write_units_lose_nothing(store: Store, clock: TurnedClock) -> None:
    async with store.write() as session:
        values = {"kind": "n", "subject": 0, "key": "n", "due_at": clock.now(), "state": "x", "attempts": 0}
        await insert_new(session, AgendaRow, **values)

    async def bump() -> None:
        async with store.write() as session:
            row = (await session.scalars(select(AgendaRow).with_for_update())).one()
            await asyncio.sleep(0.005)
            row.subject += 1

    await asyncio.gather(*(bump() for _ in range(5)))
    async with store.read() as session:
        assert await session.scalar(select(AgendaRow.subject)) == 5


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/db?sslmode=require", "postgresql+psycopg"),
        ("postgresql://h/db", "postgresql+psycopg"),
        ("sqlite:///x.db", "sqlite+aiosqlite"),
    ],
)
def test_hosted_urls_are_understood(given: str, driver: str) -> None:
    assert async_url(given).startswith(driver + "://")
    assert ("p@h" in async_url(given)) == ("p@h" in given)


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        async_url("mysql://h/db")


@pytest.mark.parametrize("stopped", ["in use", "while it opens"])
async def test_closing_leaves_no_connection_behind(database_url: str, stopped: str) -> None:
    """A connection that the garbage collector finds open is a warning, and warnings fail the tests."""
    store = Store(database_url, Sealer([new_key()]))
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def reads() -> None:
        async with store.read() as session:
            if stopped == "in use":
                await session.execute(text("SELECT 1"))
            inside.set()
            await session.execute(text("SELECT 1"))
            await go_on.wait()

    reading = asyncio.create_task(reads())
    await inside.wait()
    if stopped == "while it opens":
        for _ in range(3):
            await asyncio.sleep(0)
        reading.cancel()
    await store.close()
    go_on.set()
    await asyncio.gather(reading, return_exceptions=True)
    del reading
    gc.collect()
    with pytest.raises(RuntimeError, match="closed"):
        async with store.read():
            pass
