"""From the start of the process to ready: Kith, against a bare discord.py client with the same libraries.

Each is a process of its own: `python -m benchmarks.starting kith|bare`, its task on stdin. It says on stdout
when it is ready. Both wait equally long for Discord's list of servers. Kith has been started once before: the
first start also makes its key and tells Discord its commands.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
import time
import warnings
from pathlib import Path
from statistics import median
from typing import Any

COMMUNITIES = 5
TIMES = 5
PATIENCE = 60.0
OURS = ("bot", "cogs", "migrations", "seeds", "benchmarks", "sandbox", "__main__", "__mp_main__")


async def measure(folder: Path) -> tuple[float, float]:
    """Return the median seconds of both."""
    from bot.core.seal import new_key
    from migrations import runner
    from sandbox import Sandbox

    file = folder / "starting.sqlite3"
    await asyncio.to_thread(runner.upgrade, f"sqlite:///{file}")
    async with Sandbox(global_rate=0) as discord:
        for number in range(COMMUNITIES):
            discord.guild(f"Community {number}", owner="Mia").text_channel("general")
        task = {
            "api": discord.api_url,
            "gateway": discord.gateway_url,
            "token": discord.token,
            "file": str(file),
            "key": new_key(),
        }
        _, modules = await _child("kith", task)
        kith: list[float] = []
        bare: list[float] = []
        for _turn in range(TIMES):
            kith.append((await _child("kith", task))[0])
            bare.append((await _child("bare", {**task, "modules": modules}))[0])
    return median(kith), median(bare)


async def _child(kind: str, task: dict[str, Any]) -> tuple[float, list[str]]:
    """Start one of them; the seconds until it was ready, and the libraries it had loaded by then."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "benchmarks.starting", kind),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        limit=2**20,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(task).encode() + b"\n")
    line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
    took = time.perf_counter() - began
    process.stdin.close()  # it may go
    modules = json.loads(await asyncio.wait_for(process.stdout.read(), PATIENCE) or b"[]")
    await process.wait()
    assert line == b"ready\n", f"the {kind} client did not start"
    return took, modules


async def _until_told() -> None:
    """Say that it is ready, then wait for the word to go."""
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)


async def _kith(task: dict[str, Any]) -> list[str]:
    from bot.app import App, keep_out_of_collections
    from bot.core.log import configure_logging
    from bot.settings import Settings

    configure_logging("ERROR")
    values = {
        "discord_token": task["token"],
        "database_url": f"sqlite:///{task['file']}",
        "discord_api_url": task["api"],
        "discord_gateway_url": task["gateway"],
        "secret_key": task["key"],
        "sends_per_second": 50,
    }
    app = App(Settings.model_validate(values))
    await app.start()
    keep_out_of_collections()
    await app.ready.wait()
    modules = [name for name in list(sys.modules) if name.partition(".")[0] not in OURS]
    await _until_told()
    await app.close()
    return modules


async def _bare(task: dict[str, Any]) -> list[str]:
    for name in task["modules"]:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - a library's lazy or private name; the other benchmark tells
            continue
    import discord
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = task["api"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(task["gateway"])
    intents = discord.Intents(guilds=True)
    client = discord.Client(intents=intents, max_messages=None, guild_ready_timeout=0.5)
    await client.login(task["token"])
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    await _until_told()
    await client.close()
    await asyncio.gather(connection, return_exceptions=True)
    return []


def main() -> None:
    """Be one of the two."""
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.ERROR)
    task = json.loads(sys.stdin.readline())
    run = _kith if sys.argv[1] == "kith" else _bare
    print(json.dumps(asyncio.run(run(task))))


if __name__ == "__main__":
    main()
