"""A sandbox with one guild and a small bot in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from sandbox import Guild, Sandbox
from tests.sandbox.bot import Bot, running


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(openapi=os.environ.get("DISCORD_OPENAPI"), global_rate=0) as world:
        yield world


@pytest.fixture
def guild(sandbox: Sandbox) -> Guild:
    guild = sandbox.guild("Data Collective", owner="Mia")
    guild.text_channel("general")
    guild.forum("gigs", ("open", "filled"))
    return guild


@pytest.fixture
async def bot(sandbox: Sandbox, guild: Guild) -> AsyncIterator[Bot]:
    async with running(sandbox, Bot()) as client:
        yield client
