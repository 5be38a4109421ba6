"""Fixtures of the tests of finding."""

import pytest

from bot.core.clock import TurnedClock
from bot.core.store import Store
from tests.find.world import World


@pytest.fixture
def world(store: Store, clock: TurnedClock) -> World:
    """A community on either database."""
    return World(store, clock)
