"""Memory: one text per key, and one secret key per database."""

import pytest

from bot.core.errors import WrongKey
from bot.core.memory import Memory
from bot.core.store import Store


async def test_the_latest_text_is_remembered(store: Store) -> None:
    memory = Memory(store)
    assert await memory.get("commands") is None
    for text in ("one", "two"):
        await memory.set("commands", text)
    assert await memory.get("commands") == "two"


async def test_another_secret_key_is_refused(store: Store) -> None:
    memory = Memory(store)
    for _ in range(2):
        await memory.require_key("first")
    with pytest.raises(WrongKey, match="another secret key"):
        await memory.require_key("second")
    await memory.require_key("first")
