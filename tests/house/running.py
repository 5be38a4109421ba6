"""Kith as an operator runs it: a process of its own, with a port to ask and a log to read."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-that-only-this-process-uses-0123456789"
PATIENCE = 60.0  # in real seconds: a process starts on a machine that may be busy


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Running:
    """One process of Kith."""

    process: asyncio.subprocess.Process
    port: int
    log: Path
    settings: dict[str, str]

    async def ask(self, path: str) -> tuple[int, str]:
        """Ask its port; 0 when nobody answers."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{self.port}{path}") as answer,
            ):
                return answer.status, await answer.text()
        except aiohttp.ClientError:
            return 0, ""

    async def until(self, so: Callable[[], Any]) -> None:
        """Wait for what the process brings about; a failure shows its log."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await so():
                    assert self.process.returncode is None, self.log.read_text()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(self.log.read_text()) from None

    async def ready(self) -> None:
        """Wait until it says that it is."""

        async def is_ready() -> bool:
            return (await self.ask("/readyz"))[0] == 200

        await self.until(is_ready)

    async def stop(self) -> None:
        """Ask it to stop, as every supervisor does."""
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run another command of Kith with the same settings."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            env=environment(self.settings), cwd=self.log.parent,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    def lines(self) -> list[dict[str, Any]]:
        """Its log, which is JSON from the first line to the last."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def environment(settings: dict[str, str]) -> dict[str, str]:
    """What a process is given: these settings and none of the machine's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    return {**clean, "PYTHONPATH": str(ROOT), **settings}


@asynccontextmanager
async def kith(url: str, discord: Sandbox, folder: Path, **more: str) -> AsyncIterator[Running]:
    """Run the bot against this Discord; killed at the end if it still runs."""
    settings = {
        "KITH_DISCORD_TOKEN": discord.token,
        "KITH_DISCORD_API_URL": discord.api_url,
        "KITH_DISCORD_GATEWAY_URL": discord.gateway_url,
        "KITH_DATABASE_URL": url,
        "KITH_SECRET_KEY": KEY,
        "KITH_SENDS_PER_SECOND": "50",
        "KITH_DM_OPENS_PER_HOUR": "1000",
        "KITH_HEALTH_PORT": str(free_port()),
        "KITH_LOG_FORMAT": "json",
        **more,
    }
    log = folder / "log"
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "bot", "run", "--migrate"),
            env=environment(settings), cwd=folder, stdout=stream, stderr=stream,
        )  # fmt: skip
    try:
        yield Running(process, int(settings["KITH_HEALTH_PORT"]), log, settings)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
