"""The stage: a Discord on loopback, the real bot connected to it, and the clock they share."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.core.clock import TurnedClock
from bot.core.seal import new_key
from bot.settings import Settings
from migrations import runner
from sandbox import Sandbox
from sandbox.actors import Member
from sandbox.model import Guild

# A Monday; the first round is on the next day, so the first week is a whole one.
OPENING = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
START_WITHIN = 20.0
# Requests per second that Discord allows and messages that Kith sends, both sped up in proportion.
DISCORDS_LIMIT, A_BOTS_PACE, HASTE = 50, 10, 5


@dataclass
class Stage:
    """Everything the story acts with."""

    discord: Sandbox
    app: App
    clock: TurnedClock
    guild: Guild
    moderator: Member
    members: dict[str, Member] = field(default_factory=dict)

    async def settled(self) -> None:
        """Wait until the bot has done and said everything that is due."""
        await self.app.settled()

    async def turn_to(self, instant: datetime) -> None:
        """Turn the clock hour by hour, as time would pass, letting the bot work at each."""
        while self.clock.now() < instant:
            next_hour = self.clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
            await self.clock.turn_to(min(next_hour, instant))
            await self.settled()


@asynccontextmanager
async def opened(community: str = "Data Collective", moderator: str = "Mia") -> AsyncIterator[Stage]:
    """Start a Discord and the bot on a fresh database; both are gone afterwards."""
    clock = TurnedClock(OPENING)
    with tempfile.TemporaryDirectory(prefix="kith-demo-") as folder:
        async with Sandbox(clock, global_rate=HASTE * DISCORDS_LIMIT) as discord:
            settings = _settings(Path(folder), discord)
            runner.upgrade(settings.database_url)
            guild = discord.guild(community, owner=moderator)
            guild.text_channel("general")
            app = App(
                settings, clock, beats=False
            )  # only `settled` does what is due: the story is the same each time
            try:
                await app.start()
                await asyncio.wait_for(app.ready.wait(), START_WITHIN)
                yield Stage(discord, app, clock, guild, guild.member(moderator))
            finally:
                await app.close()


def _settings(folder: Path, discord: Sandbox) -> Settings:
    """What an operator would write, but for the addresses, and faster than a real bot may send."""
    values = {
        "discord_token": discord.token,
        "database_url": f"sqlite:///{folder / 'kith.sqlite3'}",
        "discord_api_url": discord.api_url,
        "discord_gateway_url": discord.gateway_url,
        "secret_key": new_key(),
        "log_level": "WARNING",
        "sends_per_second": HASTE * A_BOTS_PACE,
        "dm_opens_per_hour": 1000,
    }
    return Settings.model_validate(values)
