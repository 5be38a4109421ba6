"""A small bot on the real discord.py, connected to the sandbox: what the server's tests are made with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox import Sandbox

Client = TypeVar("Client", bound=discord.Client)


class Bot(discord.Client):
    """A client with a command tree and only the guilds intent."""

    def __init__(self, *, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True), guild_ready_timeout=0.05, max_messages=None
        )
        self.tree = app_commands.CommandTree(self)
        self.raw: list[str] = []

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


@asynccontextmanager
async def running(sandbox: Sandbox, bot: Client) -> AsyncIterator[Client]:
    """Log the bot in, wait until it is ready, and close it afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = sandbox.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    task = asyncio.create_task(bot.start(sandbox.token))
    ready = asyncio.create_task(_ready(bot))
    try:
        await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            ready.cancel()
            await task
        await ready
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, ready, return_exceptions=True)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


async def _ready(bot: discord.Client) -> None:
    await until(lambda: not bot.is_closed() and bot.is_ready())


async def until(true: Callable[[], object], patience: float = 20) -> None:
    """Wait until something holds that nobody announces."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.005)
