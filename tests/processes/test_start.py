"""Processes that start together, as an operator starts them: turns, commands, signs of life, who answers."""

import asyncio
from pathlib import Path

from bot.core.clock import SystemClock
from tests.processes.scene import REAL, fleet_on


async def test_they_take_turns_share_the_commands_and_are_heard_of(sqlite_url: str, tmp_path: Path) -> None:
    async with fleet_on(sqlite_url, tmp_path, SystemClock()) as fleet:
        discord = fleet.discord
        both = [await fleet.start(str(number), 2, REAL, KITH_HEALTH_PORT="") for number in range(2)]
        await fleet.until(lambda: len(discord.gateway.shards) == 2, *both)
        assert (discord.gateway.starts.early, discord.violations) == (0, [])
        assert sorted(each["shard"] for each in discord.gateway.identifies) == [[0, 2], [1, 2]]
        synced = [each for each in discord.requests if each.method == "PUT" and "commands" in each.path]
        assert len(synced) == 1
        assert await both[0].command("health") == (0, "✔ 2 running, heard of within a minute\n")
        for guild in fleet.guilds:
            screen = await guild.member("Ana").slash("/help")
            assert "/stop" in screen.text
        ana = fleet.guilds[1].member("Ana")  # of a server on shard 1, but DMs are shard 0's
        assert "/stop" in (await ana.slash("/help", dm=True)).text
        await asyncio.gather(*(one.stop() for one in both))
        assert await both[0].command("health") == (
            1,
            "✖ nothing runs on this database (KITH_HEALTH_PORT would tell more)\n",
        )
