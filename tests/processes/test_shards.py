"""Shards in one process and in two, played out in the test's own process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.app import App
from bot.core.clock import TurnedClock
from bot.core.processes import Share
from bot.edge.identify import APART, Identifying
from bot.people.tables import Community
from sandbox import Guild, Sandbox
from tests.stage import settings_for


@asynccontextmanager
async def kith(
    url: str, discord: Sandbox, clock: TurnedClock, count: int, *ids: int, ready: bool = True
) -> AsyncIterator[App]:
    """Run one process's worth of Kith, with some of the shards."""
    more = {"shard_count": count, "shard_ids": ids or None}
    app = App(settings_for(url, discord).model_copy(update=more), clock, beats=False)
    try:
        await app.start()
        while ready and not app.ready.is_set():
            await clock.advance(timedelta(seconds=1))  # the second shard's turn comes sooner
            await asyncio.sleep(0.1)
        yield app
    finally:
        await app.close()


def two_guilds(discord: Sandbox) -> tuple[Guild, Guild]:
    even, odd = discord.guild("Even", shard=(0, 2)), discord.guild("Odd", shard=(1, 2))
    for guild in (even, odd):
        guild.text_channel("general")
    return even, odd


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)


async def gone(app: App) -> set[int]:
    """The communities that are known to have removed Kith."""
    async with app.store.read() as session:
        return set(await session.scalars(select(Community.id).where(Community.left_at.is_not(None))))


async def known_gone(app: App, *guilds: Guild) -> None:
    """Wait until these have removed Kith as far as it knows, and a moment longer: no other may follow."""
    async with asyncio.timeout(20):
        while not await gone(app):  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert await gone(app) == {guild.id for guild in guilds}


async def known(app: App, *guilds: Guild) -> None:
    """Let Kith know these servers, as members made it."""
    for guild in guilds:
        await guild.member("Ana").slash("/profile timezone city:Lisbon")
    async with app.store.read() as session:
        assert {guild.id for guild in guilds} <= set(await session.scalars(select(Community.id)))


async def test_one_process_with_both_shards_serves_both(sqlite_url: str) -> None:
    clock = TurnedClock()
    async with Sandbox(clock, global_rate=0) as discord:
        even, odd = two_guilds(discord)
        async with kith(sqlite_url, discord, clock, 2) as app:
            assert discord.gateway.shards == {(0, 2), (1, 2)}
            await until(lambda: app.client.stands)
            for guild in (even, odd):
                assert "/stop" in (await guild.member("Ana").slash("/help")).text
            assert "/stop" in (await odd.member("Ben").slash("/help", dm=True)).text
            assert app.share.whole
            # While one of its two connections is down it does not stand.
            fallen = asyncio.create_task(until(lambda: not app.client.stands))
            await discord.gateway.close(4000, shard=1)
            await fallen
            await until(lambda: app.client.stands)
            assert discord.gateway.resumes == 1
        assert discord.violations == []


async def test_who_left_while_one_shards_session_was_lost_is_noticed(sqlite_url: str) -> None:
    clock = TurnedClock()
    async with Sandbox(clock, global_rate=0) as discord:
        even, odd = two_guilds(discord)
        async with kith(sqlite_url, discord, clock, 2) as app:
            await known(app, even, odd)
            discord.lose("GUILD_DELETE")
            odd.remove_bot()
            await discord.gateway.invalidate(resumable=False, shard=1)
            async with asyncio.timeout(20):
                while await gone(app) != {odd.id}:
                    await clock.advance(timedelta(seconds=1))
                    await asyncio.sleep(0.05)
            assert app.client.get_guild(odd.id) is None
            assert app.client.get_guild(even.id) is not None


async def test_a_process_does_not_judge_the_servers_of_another(sqlite_url: str) -> None:
    clock = TurnedClock()
    async with Sandbox(clock, global_rate=0) as discord:
        even, odd = two_guilds(discord)
        async with kith(sqlite_url, discord, clock, 2) as app:
            await known(app, even, odd)
        even.remove_bot()
        odd.remove_bot()
        await clock.advance(timedelta(minutes=1))
        async with kith(sqlite_url, discord, clock, 2, 1) as app:
            assert not app.share.whole
            await known_gone(app, odd)
            await clock.advance(timedelta(minutes=1))
            async with kith(sqlite_url, discord, clock, 2, 0):
                await known_gone(app, even, odd)
        assert discord.gateway.replaced == []


async def test_one_that_waits_for_its_turn_is_closed_at_once(sqlite_url: str, clock: TurnedClock) -> None:
    async with Sandbox(clock, global_rate=0) as discord, kith(sqlite_url, discord, clock, 2, 0):
        async with asyncio.timeout(30):  # its turn comes when the clock is turned: never
            async with kith(sqlite_url, discord, clock, 2, 1, ready=False) as waiting:
                await until(lambda: len(discord.gateway.connections) == 2)
                assert not waiting.client.stands
        assert [each["shard"] for each in discord.gateway.identifies] == [[0, 2]]


class InMemory:
    """Turns of processes that share a memory."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock
        self.last: dict[str, float] = {}

    async def turn(self, name: str, apart: float) -> float:
        await asyncio.sleep(0)
        wait = self.last.get(name, -apart) + apart - self.clock.monotonic()
        if wait <= 0:
            self.last[name] = self.clock.monotonic()
        return max(0.0, wait)

    async def end_turn(self, name: str) -> None: ...


class TestIdentifying:
    """Turns, without a Discord."""

    async def test_shards_of_one_bucket_are_apart_and_those_of_others_are_not(
        self, clock: TurnedClock
    ) -> None:
        turns, asked, done = InMemory(clock), 0, list[tuple[int, float]]()

        async def concurrency() -> int:
            nonlocal asked
            asked += 1
            return 2

        async def identify(process: Identifying, shard: int) -> None:
            await process.wait(shard)
            done.append((shard % 2, clock.monotonic()))

        processes = [Identifying(turns, clock, concurrency) for _ in range(3)]
        waiting = [asyncio.create_task(identify(processes[shard % 3], shard)) for shard in range(6)]
        async with asyncio.timeout(20):
            while len(done) < 6:
                for _ in range(20):
                    await asyncio.sleep(0)
                await clock.advance(timedelta(seconds=0.25))
        await asyncio.gather(*waiting)
        assert 3 <= asked <= 6
        for bucket in (0, 1):
            at = [second for which, second in done if which == bucket]
            assert [APART <= later - earlier < APART + 1 for earlier, later in pairwise(at)] == [True, True]
        assert sum(second < 1 for _bucket, second in done) == 2  # one of each bucket, at once

    async def test_a_database_that_is_away_is_waited_for(self, clock: TurnedClock) -> None:
        class Away:
            times = 0

            async def turn(self, name: str, apart: float) -> float:
                self.times += 1
                if self.times < 3:
                    raise OSError("away")
                return 0.0

            async def end_turn(self, name: str) -> None: ...

        async def concurrency() -> int:
            return 1

        turns = Away()
        waiting = asyncio.create_task(Identifying(turns, clock, concurrency).wait(0))
        async with asyncio.timeout(30):
            while not waiting.done():
                await asyncio.sleep(0.01)
                await clock.advance(timedelta(seconds=5))
        assert turns.times == 3


@pytest.mark.parametrize(("share", "parts"), [(Share(), 1), (Share(4, (1,)), 1), (Share(4, (1, 2)), 2)])
async def test_each_kind_of_client_knows_its_shards(
    sqlite_url: str, clock: TurnedClock, share: Share, parts: int
) -> None:
    async with Sandbox(clock, global_rate=0) as discord:
        more = {"shard_count": share.count, "shard_ids": share.ids}
        app = App(settings_for(sqlite_url, discord).model_copy(update=more), clock, beats=False)
        assert app.share == share
        assert not app.client.stands
        assert hasattr(app.client, "shard_ids") == (parts > 1)
        await app.close()  # never logged in
