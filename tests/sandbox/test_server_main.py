"""`python -m sandbox` says where to connect, and is a Discord there."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from sandbox.__main__ import arguments, serve
from tests.sandbox.bot import until


async def test_it_says_where_to_connect_and_answers_there(capsys: pytest.CaptureFixture[str]) -> None:
    stop, said = asyncio.Event(), dict[str, str]()

    def heard() -> bool:
        for line in capsys.readouterr().out.splitlines():
            name, _, value = line.partition("=")
            said[name] = value
        return bool(said)

    serving = asyncio.create_task(serve(arguments(["--member", "Ana"]), stop))
    await until(heard)
    headers = {"Authorization": f"Bot {said['KITH_DISCORD_TOKEN']}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(said["KITH_DISCORD_API_URL"] + "/users/@me/guilds") as answer:
            assert answer.content_type == "application/json"
            assert [guild["name"] for guild in await answer.json()] == ["Data Collective"]
        async with http.get(said["KITH_DISCORD_API_URL"] + "/nowhere") as answer:
            assert answer.status == 404
    assert said["KITH_DISCORD_GATEWAY_URL"].startswith("ws://127.0.0.1:")
    stop.set()
    await serving
