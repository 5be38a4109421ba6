"""A community on a loopback Discord with the real bot in it: where conversations are played."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from bot.app import App
from bot.core.clock import Clock, TurnedClock
from bot.settings import Settings
from sandbox import Guild, Sandbox
from sandbox.actors import Member
from tests.conftest import KEY


def settings_for(url: str, discord: Sandbox) -> Settings:
    """Return settings that point the bot at the loopback Discord."""
    return Settings(
        _env_file=None,
        discord_token=SecretStr(discord.token),
        database_url=url,
        discord_api_url=discord.api_url,
        discord_gateway_url=discord.gateway_url,
        secret_key=SecretStr(KEY.replace(" ", "-")),
        sends_per_second=50,
        dm_opens_per_hour=1000,
    )


class SlowClock(TurnedClock):
    """Seconds that last longer, so that a busy machine is not taken for a slow bot."""

    SLOWER = 4

    def monotonic(self) -> float:
        """Return turned seconds since the start."""
        return self._turned_by + (time.monotonic() - self._began) / self.SLOWER


@asynccontextmanager
async def running(url: str, discord: Sandbox, clock: Clock) -> AsyncIterator[App]:
    """Run the real bot; what is due happens when ``settled`` is asked for."""
    app = App(settings_for(url, discord), clock, beats=False)
    try:
        await app.start()
        await discord.connected()
        await app.ready.wait()
        yield app
    finally:
        await app.close()


@dataclass
class Stage:
    """Everything a conversation needs: Discord, the server, its owner, the running bot and the clock."""

    discord: Sandbox
    guild: Guild
    owner: Member
    clock: TurnedClock
    url: str
    app: App

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, clock: TurnedClock | None = None) -> AsyncIterator["Stage"]:
        """Open a server with the channels Kith needs, and let the bot connect; seconds last longer."""
        clock = clock or SlowClock()
        async with Sandbox(clock, global_rate=0) as discord:
            guild = discord.guild("Data Collective", owner="Mia")
            guild.text_channel("general")
            owner = guild.member("Mia")
            async with running(url, discord, clock) as app:
                yield cls(discord, guild, owner, clock, url, app)
            assert discord.violations == []
