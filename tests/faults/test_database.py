"""The database in trouble: away, locked, full, slow. Whoever asks is answered, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from bot.core.store import Store
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import FIRST_ROUND
from tests.databases import PostgresTemplate
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, waiting
from tests.stage import Stage

SECOND = timedelta(seconds=1)
WRONG = "Something went wrong on our side"


async def joins(member: Member) -> Screen:
    """Something that has to be written down."""
    return await member.slash("/niche join niche:ocr")


def joined(screen: Screen) -> bool:
    return "ocr" in screen.text.casefold()


async def done_in_the_end(stage: Stage, members: list[Member]) -> None:
    """Whatever was in the way is over: everything is made up for, once."""
    await after_a_while(stage, 8)
    assert cards(members) == [1] * len(members)
    assert await waiting(stage.app) == {}
    assert await given_up(stage.app) == []


# --- PostgreSQL goes away ------------------------------------------------------------------------------


def cut_all(url: str) -> None:
    """End every connection but this one, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_postgresql_that_is_restarted_in_the_middle_of_a_round_loses_nothing(
    postgres_template: PostgresTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_template.copy() as url:
        async with taking_part(url) as (stage, members):
            write, units = Store.write, 0

            @asynccontextmanager
            async def interrupted(store: Store) -> AsyncIterator[Any]:
                nonlocal units
                units += 1
                async with write(store) as session:
                    yield session
                    if units % 4 == 0:
                        await session.flush()
                        await asyncio.to_thread(cut_all, url)

            await stage.clock.turn_to(FIRST_ROUND)
            with monkeypatch.context() as patch:
                patch.setattr(Store, "write", interrupted)
                for _beat in range(12):
                    for tick in (stage.app.agenda.tick, stage.app.courier.tick):
                        await asyncio.gather(tick(), return_exceptions=True)  # a beat survives it as well
                    await stage.clock.advance(timedelta(minutes=1))
                assert units > 12, "cut off three times"
            answered = await joins(members[0])
            assert joined(answered) or WRONG in answered.text
            await done_in_the_end(stage, members)
            assert joined(await members[0].slash("/profile view")) or joined(await joins(members[0]))


# --- SQLite is locked, or full -------------------------------------------------------------------------


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another process writes, and takes its time."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def each_connection(store: Store, pragmas: list[str]) -> None:
    """Say these to every connection whenever it is used, as they stand then."""

    def say(connection: Any, *_more: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(store._engine.sync_engine, "checkout", say)


async def test_a_locked_database_is_waited_for_and_told_in_words(sqlite_url: str) -> None:
    async with taking_part(sqlite_url) as (stage, members):
        each_connection(stage.app.store, ["busy_timeout=50"])
        await stage.clock.turn_to(FIRST_ROUND)
        with locked(sqlite_url):
            refused = await joins(members[0])
            assert WRONG in refused.text
            for tick in (stage.app.agenda.tick, stage.app.courier.tick):
                await asyncio.gather(tick(), return_exceptions=True)
        assert joined(await joins(members[0]))
        await done_in_the_end(stage, members)


async def test_a_database_that_is_locked_while_messages_are_sent_sends_none_twice(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with taking_part(sqlite_url) as (stage, members):
        each_connection(stage.app.store, ["busy_timeout=50"])
        await stage.clock.turn_to(FIRST_ROUND)
        while await stage.app.agenda.tick():
            pass
        send = stage.app.courier._post.send
        held = locked(sqlite_url)

        async def sent_and_locked(*args: Any) -> Any:
            sent = await send(*args)
            if first:
                first.pop()
                held.__enter__()
            return sent

        first = [True]
        with monkeypatch.context() as patch:
            patch.setattr(stage.app.courier._post, "send", sent_and_locked)
            await asyncio.gather(stage.app.courier.tick(), return_exceptions=True)
        held.__exit__(None, None, None)
        assert sum(cards(members)) > 0
        await done_in_the_end(stage, members)


def filled_up(url: str) -> None:
    """Use up what room there is in the file."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("PRAGMA max_page_count=1")  # as many as there are, and no more
        for size in (100_000, 3_000, 900, 100):
            for _number in range(3_000):
                try:
                    other.execute(
                        "INSERT INTO remembered VALUES (hex(randomblob(12)), hex(zeroblob(?)))", [size]
                    )
                except sqlite3.OperationalError:
                    break


async def who_is_refused(stage: Stage) -> Member:
    """The first for whom there is no room; a few may still fit in."""
    for number in range(100):
        newcomer = stage.guild.member(f"New {number}")
        if WRONG in (await joins(newcomer)).text:
            return newcomer
    raise AssertionError("there is room for everybody")


async def test_a_full_disk_is_told_in_words_and_nothing_is_lost(sqlite_url: str) -> None:
    async with taking_part(sqlite_url) as (stage, members):
        room = ["max_page_count=1"]
        each_connection(stage.app.store, room)
        filled_up(sqlite_url)
        await stage.clock.turn_to(FIRST_ROUND)
        newcomer = await who_is_refused(stage)
        for _beat in range(20):
            for tick in (stage.app.agenda.tick, stage.app.courier.tick):
                await asyncio.gather(tick(), return_exceptions=True)
        room[0] = "max_page_count=1000000"
        assert joined(await joins(newcomer))
        await done_in_the_end(stage, members)


# --- a slow database -----------------------------------------------------------------------------------


async def test_a_database_that_takes_five_seconds_still_gives_everybody_their_answer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with taking_part(database_url, 3) as (stage, members):
        write, clock = Store.write, stage.clock

        @asynccontextmanager
        async def slow(store: Store) -> AsyncIterator[Any]:
            await clock.sleep(5)
            async with write(store) as session:
                yield session

        with monkeypatch.context() as patch:
            patch.setattr(Store, "write", slow)
            asking = [asyncio.create_task(joins(member)) for member in members]
            for _second in range(60):
                await asyncio.sleep(0.05)
                await stage.clock.advance(SECOND)
                if all(task.done() for task in asking):
                    break
            assert all(joined(screen) for screen in await asyncio.gather(*asking))
        assert all(sum(map(joined, member.screens)) == 1 for member in members)
