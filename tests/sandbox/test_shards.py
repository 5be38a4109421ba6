"""Several shards, in one process and in several, over the real wire."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from discord import app_commands

from sandbox import Guild, Interaction, Sandbox
from sandbox.model import COMMAND, NoAnswer
from sandbox.starts import StartLimit
from tests.sandbox.bot import running, until
from tests.sandbox.test_limits import Still
from tests.sandbox.wire import identified, raw


class Shards(discord.AutoShardedClient):
    """A client for some shards, that answers `/who` with the shard it came in on."""

    def __init__(self, ids: list[int] | None = None, count: int | None = None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            guild_ready_timeout=0.05,
            max_messages=None,
            shard_ids=ids,  # type: ignore[arg-type]
            shard_count=count,
        )
        self.tree: app_commands.CommandTree[Any] = app_commands.CommandTree(self)
        self.tree.command(name="who", description="Who answers")(self._who)
        self.answered: list[int | None] = []
        self.hook_waits = 0.0

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await asyncio.sleep(self.hook_waits)

    async def _who(self, interaction: discord.Interaction) -> None:
        shard = interaction.guild.shard_id if interaction.guild else 0
        self.answered.append(shard)
        await interaction.response.send_message(f"shard {shard}")


def two_guilds(sandbox: Sandbox) -> tuple[Guild, Guild]:
    even, odd = sandbox.guild("Even", shard=(0, 2)), sandbox.guild("Odd", shard=(1, 2))
    for guild in (even, odd):
        guild.text_channel("general")
    return even, odd


async def who(sandbox: Sandbox, guild: Guild) -> Interaction:
    command = next(c for c in sandbox.commands[None] if c["name"] == "who")
    data = {"id": command["id"], "name": "who", "type": 1}
    user = guild.member("Ana").user
    return await sandbox.deliver(sandbox.interaction(COMMAND, user, guild.channel("general"), data))


def test_a_guild_gets_an_id_of_the_shard_it_is_asked_to_be_on(sandbox: Sandbox) -> None:
    for count in (1, 2, 5, 16):
        guilds = [sandbox.guild(f"{number} of {count}", shard=(number, count)) for number in range(count)]
        assert [(guild.id >> 22) % count for guild in guilds] == list(range(count))
        ids = [guild.id for guild in guilds]
        assert ids == sorted(set(ids))
        made = discord.utils.snowflake_time(ids[-1])
        assert abs(made - datetime.now(UTC)) < timedelta(seconds=1)


async def test_one_process_with_two_shards_sees_both_guilds_each_on_its_own(sandbox: Sandbox) -> None:
    even, odd = two_guilds(sandbox)
    sandbox.gateway.recommended_shards = 2
    async with running(sandbox, Shards()) as bot:
        assert bot.shard_count == 2
        assert {g.id: g.shard_id for g in bot.guilds} == {even.id: 0, odd.id: 1}
        assert sandbox.gateway.shards == {(0, 2), (1, 2)}
        await who(sandbox, even)
        await who(sandbox, odd)
        assert bot.answered == [0, 1]
        new = sandbox.guild("New", shard=(1, 2))
        await until(lambda: bot.get_guild(new.id))
        assert bot.get_guild(new.id).shard_id == 1  # type: ignore[union-attr]
    assert [identify["shard"] for identify in sandbox.gateway.identifies] == [[0, 2], [1, 2]]
    assert sandbox.violations == []


async def test_two_processes_with_one_shard_each_share_the_guilds(sandbox: Sandbox) -> None:
    even, odd = two_guilds(sandbox)
    async with running(sandbox, Shards([0], 2)) as first, running(sandbox, Shards([1], 2)) as second:
        await sandbox.connected(shards=2)
        assert [[g.name for g in bot.guilds] for bot in (first, second)] == [["Even"], ["Odd"]]
        assert (await who(sandbox, odd)).original.content == "shard 1"  # type: ignore[union-attr]
        assert (await who(sandbox, even)).original.content == "shard 0"  # type: ignore[union-attr]
        assert (first.answered, second.answered) == ([0], [1])
        odd.text_channel("only here")
        await until(lambda: any(c.name == "only here" for c in second.guilds[0].channels))
        assert len(first.guilds[0].channels) == 1
    assert sandbox.gateway.replaced == []


async def test_direct_messages_come_in_on_shard_0(sandbox: Sandbox) -> None:
    _, odd = two_guilds(sandbox)
    sandbox.commands[None] = [{"id": "1", "name": "who", "type": 1, "description": "x"}]
    ana = odd.member("Ana").user
    async with running(sandbox, Shards([0], 2)) as first, running(sandbox, Shards([1], 2)) as second:
        command = next(c for c in sandbox.commands[None] if c["name"] == "who")
        data = {"id": command["id"], "name": "who", "type": 1}
        await sandbox.deliver(sandbox.interaction(COMMAND, ana, sandbox.dm(ana), data))
        assert (first.answered, second.answered) == ([0], [])
    direct, guilds = 1 << 12, 1
    async with (
        identified(sandbox, (0, 2), intents=guilds | direct) as zero,
        identified(sandbox, (1, 2), intents=guilds | direct) as one,
    ):
        sandbox.says(ana, sandbox.dm(ana), "hello")
        assert (await zero.until("MESSAGE_CREATE"))["content"] == "hello"
        odd.text_channel("new")
        await one.until("CHANNEL_CREATE")
        assert one.named("MESSAGE_CREATE") == []


async def test_nobody_answers_for_a_shard_that_is_not_there(sandbox: Sandbox) -> None:
    even, odd = two_guilds(sandbox)
    async with running(sandbox, Shards([0], 2)):
        await who(sandbox, even)
        with pytest.raises(NoAnswer, match="not connected"):
            await who(sandbox, odd)


async def test_a_bot_that_hung_up_is_not_connected_and_cannot_come_back_for_its_session(
    sandbox: Sandbox,
) -> None:
    even, _ = two_guilds(sandbox)
    sandbox.commands[None] = [{"id": "1", "name": "who", "type": 1, "description": "x"}]
    async with identified(sandbox) as client:
        session = client.session
        await client.hang_up(1000)
    await until(lambda: not sandbox.gateway.connections)
    with pytest.raises(NoAnswer, match="not connected"):
        await who(sandbox, even)
    async with raw(sandbox) as again:
        await again.resume(sandbox, session, 1)
        assert await again.op(9) is False


async def test_a_second_process_for_a_shard_ends_the_first_one_alone(sandbox: Sandbox) -> None:
    two_guilds(sandbox)
    async with (
        identified(sandbox, (0, 2)) as zero,
        identified(sandbox, (1, 2)) as one,
        identified(sandbox, (1, 2)) as other,
    ):
        assert await one.code() == 4000
        assert sandbox.gateway.replaced == [(1, 2)]
        async with raw(sandbox) as late:
            await late.resume(sandbox, one.session, one.seq)
            assert await late.op(9) is False
        sandbox.guild("Odd", shard=(1, 2))
        await other.until("GUILD_CREATE")
        sandbox.guild("Even", shard=(0, 2))
        await zero.until("GUILD_CREATE")


async def test_the_number_of_shards_can_change_while_the_old_ones_run(sandbox: Sandbox) -> None:
    _, odd = two_guilds(sandbox)
    async with (
        identified(sandbox) as alone,
        identified(sandbox, (1, 2)) as one,
        identified(sandbox, (0, 2)) as zero,
    ):
        odd.text_channel("news")
        for client in (alone, one):
            assert (await client.until("CHANNEL_CREATE"))["name"] == "news"
        sandbox.guild("Even", shard=(0, 2))
        while len(zero.named("GUILD_CREATE")) < 2:
            await zero.frame()
        assert zero.named("CHANNEL_CREATE") == []
        assert len(alone.named("GUILD_CREATE")) == 2


@pytest.mark.parametrize(("shard", "code"), [([2, 2], 4010), ([-1, 2], 4010), ([0, 0], 4010), (["x"], 4002)])
async def test_a_shard_that_cannot_be_is_refused_and_noted(
    sandbox: Sandbox, shard: list[Any], code: int
) -> None:
    async with raw(sandbox) as client:
        await client.identify(sandbox, **{"shard": shard})  # type: ignore[arg-type]
        assert await client.code() == code
    assert any(line.startswith("IDENTIFY") for line in sandbox.violations)


async def test_too_many_guilds_need_more_shards(sandbox: Sandbox) -> None:
    two_guilds(sandbox)
    sandbox.gateway.max_guilds = 1
    async with raw(sandbox) as client:
        await client.identify(sandbox)
        assert await client.code() == 4011
    assert sandbox.violations
    async with identified(sandbox, (0, 2)), identified(sandbox, (1, 2)):
        assert len(sandbox.gateway.shards) == 2


class TestPacing:
    """IDENTIFYs of one bucket are five seconds apart."""

    async def test_too_soon_is_op_9_and_a_violation_and_later_is_fine(self, sandbox: Sandbox) -> None:
        sandbox.gateway.starts.seconds = 0.4
        async with identified(sandbox, (0, 2)), raw(sandbox) as hasty:
            await hasty.identify(sandbox, (1, 2))
            assert await hasty.op(9) is False
            assert sandbox.gateway.starts.early == 1
            assert "less than 0.4 s" in sandbox.violations[0]
            await asyncio.sleep(0.4)
            await hasty.identify(sandbox, (1, 2))
            assert (await hasty.until("READY"))["shard"] == [1, 2]

    async def test_with_max_concurrency_shards_of_different_buckets_start_at_once(
        self, sandbox: Sandbox
    ) -> None:
        starts = sandbox.gateway.starts
        starts.seconds, starts.concurrency = 60, 2
        async with identified(sandbox, (0, 4)), identified(sandbox, (1, 4)), raw(sandbox) as third:
            await third.identify(sandbox, (2, 4))
            assert await third.op(9) is False
        assert len(sandbox.gateway.identifies) == 2

    async def test_discord_py_comes_through_when_its_hook_waits(self, sandbox: Sandbox) -> None:
        two_guilds(sandbox)
        sandbox.gateway.starts.seconds = 0.3
        patient = Shards(count=2)
        patient.hook_waits = 0.35
        async with running(sandbox, patient):
            assert len(sandbox.gateway.shards) == 2
        assert sandbox.violations == []

    async def test_two_processes_that_start_together_are_told_off(self, sandbox: Sandbox) -> None:
        two_guilds(sandbox)
        sandbox.gateway.starts.seconds = 3
        hasty = Shards([1], 2)
        hasty.hook_waits = 0.1
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(sandbox, Shards([0], 2)))
            await stack.enter_async_context(running(sandbox, hasty))
            assert len(sandbox.gateway.shards) == 2
        assert sandbox.gateway.starts.early
        assert len(sandbox.violations) == sandbox.gateway.starts.early

    async def test_gateway_bot_tells_the_limits_and_the_last_start_of_the_day_costs_the_token(
        self, sandbox: Sandbox
    ) -> None:
        starts, token = sandbox.gateway.starts, sandbox.token
        starts.total, starts.concurrency, sandbox.gateway.recommended_shards = 1, 16, 3
        client = Shards(count=1)
        async with running(sandbox, client):
            limits = await client.fetch_session_start_limits()
            assert (limits.total, limits.remaining, limits.max_concurrency) == (1, 0, 16)
            assert 86_000_000 < limits.reset_after <= 86_400_000
            assert (await client.http.get_bot_gateway())[0] == 3
        async with raw(sandbox) as once_more:
            await once_more.identify(sandbox)
            assert await once_more.code() == 4004
        assert sandbox.token != token
        assert "the token was reset" in sandbox.violations[0]

    async def test_a_new_day_brings_new_starts(self, sandbox: Sandbox) -> None:
        starts = sandbox.gateway.starts
        starts.total = 2
        assert [starts.take() for _ in range(3)] == [True, True, False]
        starts.used[0] -= timedelta(days=1)
        assert starts.take()
        assert starts.left == 1

    @pytest.mark.parametrize(
        ("rate", "asked", "seconds"), [(50, None, 5), (0, None, 0), (250, None, 1), (10, None, 5), (0, 5, 5)]
    )
    def test_the_pace_is_discords_unless_nothing_is_limited(
        self, rate: float, asked: float | None, seconds: float
    ) -> None:
        starts = Sandbox(global_rate=rate, identify_seconds=asked).gateway.starts
        assert (starts.seconds, starts.restarts_free) == (seconds, asked is None)

    @pytest.mark.parametrize("free", [True, False])
    async def test_a_restart_waits_only_where_that_is_asked_for(self, sandbox: Sandbox, free: bool) -> None:
        starts = sandbox.gateway.starts
        starts.seconds, starts.restarts_free = 60, free
        async with identified(sandbox, (0, 2)):
            pass
        await until(lambda: not sandbox.gateway.connections)
        async with raw(sandbox) as again, raw(sandbox) as other:
            await again.identify(sandbox, (0, 2))
            assert (await again.frame())["op"] == (0 if free else 9)
            await other.identify(sandbox, (1, 2))
            assert await other.op(9) is False

    def test_who_waits_in_real_time_starts_though_the_clock_stands_still(self) -> None:
        starts = StartLimit(Still(), seconds=0.1)
        assert [starts.too_soon(0), starts.too_soon(0)] == [False, True]
        time.sleep(0.1)
        assert not starts.too_soon(0)
