"""Is it well? Asked over the port, by `kith health`, and of the database; and how it stops."""

import asyncio
import json
import math
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import app
from bot.core import store
from bot.core.clock import TurnedClock
from bot.core.metrics import Metrics
from bot.core.shared import Process
from bot.core.store import Store
from bot.health import Body, HealthServer, Pulse, examine
from bot.settings import Settings, SettingsError
from sandbox import Sandbox
from tests.house.running import PATIENCE, free_port, kith
from tests.privacy.world import ANA, BEN, opened


@dataclass
class FakeGateway:
    """A connection that stands or not."""

    stands: bool = True
    latency: float = math.nan


@pytest.fixture
async def body(store: Store, clock: TurnedClock) -> Body:
    """A Kith that is well."""

    async def beat() -> int:
        return 0

    pulse = Pulse(beat, clock)
    await pulse()
    return Body(store, clock, FakeGateway(), pulse, Metrics())


@pytest.fixture
async def port(body: Body) -> AsyncIterator[int]:
    """Where it answers."""
    server = HealthServer(body, "127.0.0.1", free := free_port())
    await server.start()
    yield free
    await server.close()


async def ask(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


def settings(url: str, port: int | None = None) -> Settings:
    return Settings(_env_file=None, database_url=url, health_port=port)


async def test_all_is_well(port: int, database_url: str) -> None:
    assert await ask(port, "/healthz") == (200, '{"alive": true}')
    status, said = await ask(port, "/readyz")
    assert status == 200
    assert json.loads(said) == {"ready": True, "gateway": True, "database": True, "agenda": True}
    assert await examine(settings(database_url, port)) == (True, "✔ gateway ok, database ok, agenda ok")


async def test_a_lost_connection_is_named(port: int, body: Body, database_url: str) -> None:
    body.gateway.stands = False  # type: ignore[misc]
    status, said = await ask(port, "/readyz")
    assert status == 503
    assert json.loads(said) == {"ready": False, "gateway": False, "database": True, "agenda": True}
    line = "✖ gateway NOT OK, database ok, agenda ok"
    assert await examine(settings(database_url, port)) == (False, line)
    assert (await ask(port, "/healthz"))[0] == 200


async def test_a_database_that_does_not_answer_is_named_and_the_rest_still_counted(
    port: int, body: Body
) -> None:
    body.metrics.sent("intro.card", "done")
    await body.store.close()
    status, said = await ask(port, "/readyz")
    assert status == 503
    assert json.loads(said)["database"] is False
    status, text = await ask(port, "/metrics")
    assert status == 200
    assert 'kith_sends_total{kind="intro.card",outcome="done"} 1.0' in text


async def test_an_agenda_that_stopped_is_named(port: int, clock: TurnedClock) -> None:
    await clock.advance(timedelta(seconds=14))
    assert (await ask(port, "/readyz"))[0] == 200
    await clock.advance(timedelta(seconds=2))
    status, said = await ask(port, "/readyz")
    assert status == 503
    assert json.loads(said)["agenda"] is False


async def test_a_long_piece_of_work_is_no_standstill_but_an_endless_one_is(clock: TurnedClock) -> None:
    go_on = asyncio.Event()
    pulse = Pulse(go_on.wait, clock)
    assert not pulse.felt, "it has not begun"
    working = asyncio.create_task(pulse())
    await asyncio.sleep(0)
    await clock.advance(timedelta(minutes=5))
    assert pulse.felt
    await clock.advance(timedelta(minutes=5))
    assert not pulse.felt
    go_on.set()
    await working
    assert pulse.felt


async def test_without_a_port_the_database_knows_who_was_heard_of(
    store: Store, clock: TurnedClock, database_url: str
) -> None:
    assert (await examine(settings(database_url), clock))[0] is False
    async with store.write() as session:
        now = clock.now()
        session.add(Process(id="one", shards=[0], shard_count=1, started_at=now, seen_at=now))
    assert await examine(settings(database_url), clock) == (True, "✔ 1 running, heard of within a minute")
    await clock.advance(timedelta(seconds=61))
    assert (await examine(settings(database_url), clock))[0] is False


async def test_no_answer_and_no_database_are_said(tmp_path: Path) -> None:
    free = free_port()
    url = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    fine, line = await examine(settings(url, free))
    assert not fine
    assert line.startswith(f"✖ nothing answers on port {free}")
    assert await examine(settings(url)) == (False, "✖ there is no database yet")
    assert not (tmp_path / "none.sqlite3").exists(), "asking makes nothing"


async def test_a_taken_port_is_said_in_a_sentence(body: Body) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        server = HealthServer(body, "127.0.0.1", taken)
        with pytest.raises(SettingsError, match=f"KITH_HEALTH_PORT={taken} cannot be used"):
            await server.start()
        await server.close()


async def test_rounds_that_went_out_are_counted(sqlite_url: str, clock: TurnedClock) -> None:
    async with opened(sqlite_url, clock) as world:
        for person in (ANA, BEN):
            await world.fill(person)
        await world.due(timedelta(days=2))  # two communities, a round each; two people meet in one
        value = world.app.metrics.registry.get_sample_value
        assert value("kith_round_total") == 2
        assert value("kith_round_groups_total") == 1
        assert value("kith_round_members_total", {"part": "matched"}) == 2
        assert value("kith_round_members_total", {"part": "left_out"}) == 0


async def test_a_whole_life_is_watched_and_ends_in_time(database_url: str, tmp_path: Path) -> None:
    async with Sandbox(global_rate=0) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        mia = guild.member("Mia")
        async with kith(database_url, discord, tmp_path) as running:
            await running.ready()
            assert await running.command("health") == (0, "✔ gateway ok, database ok, agenda ok\n")
            await mia.slash("/help")
            await mia.slash("/checkin now")
            await discord.close_gateway(4000, forget=True)
            _, text = await running.ask("/metrics")
            assert 'kith_interactions_total{command="/help",outcome="answered"} 1.0' in text
            assert 'kith_interactions_total{command="/checkin now",outcome="refused"} 1.0' in text
            assert "kith_interaction_seconds_count 2.0" in text
            assert 'kith_sends_total{kind="community.hello",outcome="done"} 1.0' in text
            assert "process_resident_memory_bytes" in text
            await running.ready()
            await running.stop()
            assert running.process.returncode == 0
            fine, said = await running.command("health")
            assert fine == 1
            assert "nothing answers" in said
            assert "Traceback" not in running.log.read_text()
        assert discord.violations == []


def test_what_a_stop_may_wait_for_adds_up_to_less_than_ten_seconds() -> None:
    """Supervisors kill after ten; the store waits three times, for what each wait may leave."""
    assert app._FINISH_WITHIN + app._LEAVE_WITHIN + 3 * store._LEFT_WITHIN < 10


async def test_it_stops_though_discord_hangs(sqlite_url: str, tmp_path: Path) -> None:
    async with Sandbox(global_rate=0) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        hanging = discord.faults.add(method="POST", path=r"/messages$|/callback$", delay=60, times=-1)
        async with kith(sqlite_url, discord, tmp_path) as running:

            async def hang(hits: int) -> None:
                async def enough() -> bool:
                    return hanging.hits >= hits

                await running.until(enough)

            await hang(1)  # a message is on its way
            asked = asyncio.create_task(guild.member("Mia").slash("/help"))
            await hang(2)  # and an answer
            await running.stop()
            assert running.process.returncode == 0, running.log.read_text()
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)


async def test_it_ends_in_words_when_discord_shuts_it_out(sqlite_url: str, tmp_path: Path) -> None:
    async with Sandbox(global_rate=0) as discord, kith(sqlite_url, discord, tmp_path) as running:
        await running.ready()
        await discord.close_gateway(4011)
        assert await asyncio.wait_for(running.process.wait(), PATIENCE) == 1
        said = running.log.read_text()
        assert "✖ Discord shut Kith out: there are too many servers" in said
        assert "Traceback" not in said
