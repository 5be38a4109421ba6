"""Each route has its limit, a bot that does not read the headers meets it, and one that does never does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import Channel, Guild, Interaction, Sandbox
from sandbox.limits import Rule
from sandbox.model import COMMAND
from tests.sandbox.bot import Bot, until
from tests.sandbox.test_server import Wrist

SEND = "POST /channels/{channel}/messages"


@pytest.fixture
def wrist() -> Wrist:
    return Wrist()


@pytest.fixture
async def sandbox(wrist: Wrist) -> AsyncIterator[Sandbox]:
    async with Sandbox(wrist, global_rate=0) as world:
        yield world


class Careless:
    """A bot that sends without looking."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox, self.http = sandbox, http

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any, Mapping[str, str]]:
        """The status, the body and the headers of the answer."""
        async with self.http.request(method, self.sandbox.api_url + path, json=body) as answer:
            text = await answer.text()
            found = await answer.json() if answer.content_type == "application/json" and text else text
            return answer.status, found, answer.headers

    async def send(self, channel: Channel) -> int:
        return (await self.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"}))[0]


@asynccontextmanager
async def careless(sandbox: Sandbox) -> AsyncIterator[Careless]:
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        yield Careless(sandbox, http)


async def test_the_sixth_message_in_five_seconds_is_one_too_many(
    sandbox: Sandbox, guild: Guild, wrist: Wrist
) -> None:
    general, other = guild.channel("general"), guild.text_channel("other")
    async with careless(sandbox) as bot:
        assert [await bot.send(general) for _ in range(5)] == [200] * 5
        status, body, headers = await bot.ask("POST", f"/channels/{general.id}/messages", {"content": "x"})
        assert (status, body["global"], headers["X-RateLimit-Scope"]) == (429, False, "user")
        assert 4 < body["retry_after"] <= 5
        assert int(headers["Retry-After"]) == 5
        assert headers["Via"]
        assert len(general.messages) == 5
        assert await bot.send(other) == 200
        wrist.ahead += timedelta(seconds=body["retry_after"] + 0.01)
        assert await bot.send(general) == 200
    assert sandbox.route_limits.hits == 1


async def test_every_answer_says_how_its_bucket_stands(sandbox: Sandbox, guild: Guild) -> None:
    general = guild.channel("general")
    async with careless(sandbox) as bot:
        said, bucket = [], ""
        for _ in range(6):
            _, _, headers = await bot.ask("POST", f"/channels/{general.id}/messages", {"content": "x"})
            said.append((headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]))
            assert 4 < float(headers["X-RateLimit-Reset-After"]) <= 5
            reset = datetime.fromtimestamp(float(headers["X-RateLimit-Reset"]), UTC)
            assert timedelta(seconds=4) < reset - datetime.now(UTC) < timedelta(seconds=5.1)
            assert bucket in ("", headers["X-RateLimit-Bucket"])
            bucket = headers["X-RateLimit-Bucket"]
        assert said == [("5", str(left)) for left in (4, 3, 2, 1, 0, 0)]
        read = await bot.ask("GET", f"/channels/{general.id}/messages")
        assert read[2]["X-RateLimit-Bucket"] != bucket
        refused = await bot.ask("POST", f"/channels/{guild.id}/messages", {"content": "x"})
        assert (refused[0], refused[2]["X-RateLimit-Bucket"]) == (404, bucket)
        assert refused[2]["X-RateLimit-Remaining"] == "4"


async def test_discord_py_reads_them_and_is_never_refused(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.route_limits.rules[SEND] = Rule(3, 0.2)
    channel = bot.get_channel(guild.channel("general").id)
    assert isinstance(channel, discord.TextChannel)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(channel.send(str(number)) for number in range(9)))
    assert asyncio.get_running_loop().time() - began > 0.4
    assert sandbox.route_limits.hits == 0
    assert len(guild.channel("general").messages) == 9


async def test_roles_are_limited_by_guild_and_followups_by_interaction(
    sandbox: Sandbox, guild: Guild
) -> None:
    role, ana = guild.role("OCR"), guild.member("Ana")
    async with careless(sandbox) as bot:
        path = f"/guilds/{guild.id}/members/{ana.id}/roles/{role.id}"
        assert [(await bot.ask("PUT", path))[0] for _ in range(11)] == [204] * 10 + [429]
        first, second = [answered(sandbox, guild) for _ in range(2)]
        path = f"/webhooks/{sandbox.bot.id}/{first.token}"
        assert [(await bot.ask("POST", path, {"content": "x"}))[0] for _ in range(6)] == [200] * 5 + [429]
        path = f"/webhooks/{sandbox.bot.id}/{second.token}"
        assert (await bot.ask("POST", path, {"content": "x"}))[0] == 200


def answered(sandbox: Sandbox, guild: Guild, *, user_installed: bool = False) -> Interaction:
    """An interaction that has its first answer."""
    channel, user = guild.channel("general"), guild.member("Ana").user
    interaction = sandbox.interaction(COMMAND, user, channel, {"id": "1", "name": "x", "type": 1})
    interaction.callback_type, interaction.state = 4, "answered"
    interaction.user_installed = user_installed
    return interaction


async def test_who_waits_in_real_time_is_let_through_though_the_clock_stands_still(guild: Guild) -> None:
    limits = guild.sandbox.route_limits
    limits.clock, limits.rules["x"] = Still(), Rule(1, 0.05)
    assert limits.take("x", "1").wait == 0
    assert 0 < limits.take("x", "1").wait <= 0.05
    await asyncio.sleep(0.06)
    assert limits.take("x", "1").wait == 0


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 1, 5, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize(("rate", "haste"), [(50, 1), (0, 1), (250, 5), (10, 1)])
def test_the_limits_keep_pace_with_the_sandbox(rate: float, haste: float) -> None:
    limits = Sandbox(global_rate=rate).route_limits
    assert limits.haste == haste
    assert limits.take(SEND, "1").reset_after == pytest.approx(5 / haste)


def test_buckets_that_are_over_are_forgotten_and_the_others_kept() -> None:
    limits = Sandbox().route_limits
    limits.rules["quick"] = Rule(1, 0.0)
    for _ in range(5):
        limits.take(SEND, "1")
    for number in range(20_000):
        limits.take("quick", str(number))
    assert len(limits.windows) <= 5000
    assert limits.take(SEND, "1").wait > 0


def test_without_haste_nothing_is_limited() -> None:
    limits = Sandbox().route_limits
    limits.haste = 0
    assert {limits.take(SEND, "1").remaining for _ in range(2000)} == {999}


async def test_the_fourth_edit_of_old_messages_in_twenty_seconds_is_30046(
    sandbox: Sandbox, bot: Bot, guild: Guild, wrist: Wrist
) -> None:
    bot.http.max_ratelimit_timeout = 10.0
    channel = bot.get_channel(guild.channel("general").id)
    assert isinstance(channel, discord.TextChannel)
    old = [await channel.send(str(number)) for number in range(4)]
    sandbox.route_limits.haste = 0
    wrist.ahead += timedelta(hours=1, minutes=1)
    young = await channel.send("young")
    for message in old[:3]:
        await message.edit(content="edited")
    with pytest.raises(discord.RateLimited) as refused:
        await old[3].edit(content="edited")
    assert 19 < refused.value.retry_after <= 20
    assert sandbox.requests[-1].code == 30046
    await young.edit(content="edited")
    wrist.ahead += timedelta(seconds=20)
    await old[3].edit(content="edited")
    assert {message.content for message in guild.channel("general").messages.values()} == {"edited"}


async def test_the_refusal_of_an_old_edit_is_a_429_with_a_code(
    sandbox: Sandbox, guild: Guild, wrist: Wrist
) -> None:
    general = guild.channel("general")
    async with careless(sandbox) as bot:
        _, sent, _ = await bot.ask("POST", f"/channels/{general.id}/messages", {"content": "x"})
        wrist.ahead += timedelta(hours=2)
        path = f"/channels/{general.id}/messages/{sent['id']}"
        for _ in range(3):
            assert (await bot.ask("PATCH", path, {"content": "y"}))[0] == 200
        status, body, headers = await bot.ask("PATCH", path, {"content": "z"})
        assert (status, body["code"], headers["X-RateLimit-Scope"]) == (429, 30046, "shared")
        assert body["retry_after"] > 19
    assert next(iter(general.messages.values())).content == "y"


async def test_an_interaction_of_who_installed_it_for_themselves_has_five_followups(
    sandbox: Sandbox, guild: Guild, wrist: Wrist
) -> None:
    async with careless(sandbox) as bot:
        for user_installed, sixth in ((True, (400, 40094)), (False, (200, None))):
            interaction = answered(sandbox, guild, user_installed=user_installed)
            path = f"/webhooks/{sandbox.bot.id}/{interaction.token}"
            for _ in range(5):
                assert (await bot.ask("POST", path, {"content": "x"}))[0] == 200
            wrist.ahead += timedelta(seconds=3)
            status, body, _ = await bot.ask("POST", path, {"content": "x"})
            assert (status, body.get("code")) == sixth


async def test_too_many_refusals_shut_the_bot_out_until_they_are_long_ago(
    sandbox: Sandbox, guild: Guild, wrist: Wrist
) -> None:
    sandbox.invalid.number = 3
    async with careless(sandbox) as bot:
        hidden = guild.text_channel("hidden")
        sandbox.deny(guild, hidden, 1 << 10)
        assert [await bot.send(hidden) for _ in range(3)] == [403] * 3
        status, text, headers = await bot.ask("GET", "/users/@me")
        assert (status, text) == (429, "error code: 1015")
        assert "Via" not in headers
        wrist.ahead += timedelta(minutes=10, seconds=1)
        assert (await bot.ask("GET", "/users/@me"))[0] == 200


async def test_a_shared_limit_is_nobodys_fault(sandbox: Sandbox, guild: Guild) -> None:
    sandbox.invalid.number = 1
    channel = guild.channel("general")
    async with careless(sandbox) as bot:
        for name in ("one", "two"):
            await bot.ask("PATCH", f"/channels/{channel.id}", {"name": name})
        status, _, headers = await bot.ask("PATCH", f"/channels/{channel.id}", {"name": "three"})
        assert (status, headers["X-RateLimit-Scope"]) == (429, "shared")
        assert not sandbox.invalid.shut_out(sandbox.clock.now())


async def test_nothing_is_done_in_a_guild_that_is_down(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    general, ana, role = guild.channel("general"), guild.member("Ana"), guild.role("OCR")
    second = sandbox.guild("Second").text_channel("general")
    pressed = answered(sandbox, guild)
    guild.outage()
    async with careless(sandbox) as hand:
        asked = [
            ("GET", f"/guilds/{guild.id}", None),
            ("GET", f"/guilds/{guild.id}/members/{ana.id}", None),
            ("PUT", f"/guilds/{guild.id}/members/{ana.id}/roles/{role.id}", None),
            ("GET", f"/channels/{general.id}", None),
            ("POST", f"/channels/{general.id}/messages", {"content": "x"}),
            ("PATCH", f"/channels/{general.id}", {"name": "other"}),
            ("POST", f"/webhooks/{sandbox.bot.id}/{pressed.token}", {"content": "x"}),
            ("POST", f"/interactions/{pressed.id}/{pressed.token}/callback", {"type": 5}),
        ]
        for method, path, body in asked:
            assert (await hand.ask(method, path, body))[0] == 503, path
        assert await hand.send(second) == 200
        channel = bot.get_partial_messageable(general.id)
        with pytest.raises(discord.DiscordServerError):
            await channel.send("x")
        assert not general.messages
        guild.restore()
        assert await hand.send(general) == 200


async def test_a_dm_still_goes_out_while_a_guild_is_down(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    ana = guild.member("Ana")
    guild.outage()
    await until(lambda: bot.get_guild(guild.id).unavailable)  # type: ignore[union-attr]
    await (await bot.fetch_user(ana.id)).send("hi")
    assert [screen.text for screen in ana.inbox] == ["hi"]
