"""The world every use case of niches is played in."""

import pytest

from bot.core.clock import TurnedClock
from bot.core.store import Store
from tests.niches.world import World


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()
