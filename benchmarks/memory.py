"""Idle memory of Kith, connected, against a bare discord.py client with the same libraries imported.

Each is measured in a process of its own: `python -m benchmarks.memory greet|kith|bare`, its task on stdin.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
import warnings
from pathlib import Path
from statistics import median
from typing import Any

import psutil  # type: ignore[import-untyped]  # its stubs are one more dependency

COMMUNITIES = 1_000
TIMES = 3
IDLE = 3.0
PATIENCE = 180.0
OURS = ("bot", "cogs", "migrations", "seeds", "benchmarks", "sandbox", "__main__", "__mp_main__")


async def measure(folder: Path) -> tuple[float, float]:
    """Return the median resident megabytes of both."""
    from bot.core.seal import new_key
    from migrations import runner
    from sandbox import Sandbox

    kith: list[float] = []
    bare: list[float] = []
    file = folder / "memory.sqlite3"
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
        await _child("greet", task)  # every community is greeted once; that is no idle bot
        for _turn in range(TIMES):
            ours = await _child("kith", task)
            theirs = await _child("bare", {**task, "modules": ours["modules"]})
            assert not theirs["missing"], f"not imported: {theirs['missing']}"
            kith.append(ours["rss"])
            bare.append(theirs["rss"])
    return median(kith), median(bare)


async def _child(kind: str, task: dict[str, Any]) -> dict[str, Any]:
    """Run one of them in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.memory",
        kind,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    out, _ = await asyncio.wait_for(process.communicate(json.dumps(task).encode()), PATIENCE)
    assert process.returncode == 0, f"the {kind} client failed"
    found: dict[str, Any] = json.loads(out)
    return found


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


async def _greet(task: dict[str, Any]) -> dict[str, Any]:
    """Connect once and stay until every community has its first message."""
    app = _app(task)
    await app.start()
    await app.ready.wait()
    while await app.outbox.queue.next_due():
        await app.courier.tick()
    await app.close()
    return {}


def _app(task: dict[str, Any]) -> Any:
    from bot.app import App
    from bot.core.log import configure_logging
    from bot.settings import Settings

    configure_logging("ERROR")  # on stderr; what is measured goes to stdout
    values = {
        "discord_token": task["token"],
        "database_url": f"sqlite:///{task['file']}",
        "discord_api_url": task["api"],
        "discord_gateway_url": task["gateway"],
        "secret_key": task["key"],
        "log_level": "WARNING",
        "sends_per_second": 50,
    }
    return App(Settings.model_validate(values))


async def _kith(task: dict[str, Any]) -> dict[str, Any]:
    from bot.app import keep_out_of_collections

    app = _app(task)
    await app.start()
    keep_out_of_collections()
    await app.ready.wait()
    await asyncio.sleep(IDLE)
    rss = _megabytes()
    modules = [name for name in list(sys.modules) if name.partition(".")[0] not in OURS]
    await app.close()
    return {"rss": rss, "modules": modules}


async def _bare(task: dict[str, Any]) -> dict[str, Any]:
    missing = []
    for name in task["modules"]:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - a library's lazy or private name; told to the caller
            missing.append(name)
    import discord
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = task["api"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(task["gateway"])
    client = discord.Client(intents=discord.Intents(guilds=True), max_messages=None)
    await client.login(task["token"])
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    await asyncio.sleep(IDLE)
    rss = _megabytes()
    await client.close()
    await asyncio.gather(connection, return_exceptions=True)
    return {"rss": rss, "missing": [name for name in missing if name not in sys.modules]}


def main() -> None:
    """Be one of the two, and print what it takes."""
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.ERROR)
    task = json.load(sys.stdin)
    run = {"greet": _greet, "kith": _kith, "bare": _bare}[sys.argv[1]]
    print(json.dumps(asyncio.run(run(task))))


if __name__ == "__main__":
    main()
