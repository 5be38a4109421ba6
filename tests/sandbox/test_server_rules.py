"""Permissions, roles, threads, forums and faults, met by the real discord.py."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from sandbox import Guild, Sandbox
from sandbox.model import Overwrite
from sandbox.permissions import BOT_DEFAULT, MANAGE_ROLES, MANAGE_THREADS, VIEW_CHANNEL, sees
from tests.sandbox.bot import Bot, running, until


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


def seen(bot: Bot, guild: Guild) -> discord.Guild:
    found = bot.get_guild(guild.id)
    assert found is not None
    return found


def text(bot: Bot, guild: Guild) -> discord.TextChannel:
    channel = bot.get_channel(guild.channel("general").id)
    assert isinstance(channel, discord.TextChannel)
    return channel


def gigs(bot: Bot, guild: Guild) -> discord.ForumChannel:
    channel = bot.get_channel(guild.channel("gigs").id)
    assert isinstance(channel, discord.ForumChannel)
    return channel


async def test_a_post_keeps_its_tags_and_can_be_archived_and_woken(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    forum = gigs(bot, guild)
    tag = forum.available_tags[0]
    made = await forum.create_thread(name="A gig", embed=discord.Embed(title="Scrape"), applied_tags=[tag])
    assert made.message.id == made.thread.id
    assert made.thread.applied_tags == [tag]
    await made.thread.edit(archived=True)
    with pytest.raises(discord.HTTPException) as refused:
        await made.message.edit(content="late")
    assert refused.value.code == 50083
    await made.thread.send("still here")
    assert guild.channel("A gig").thread.archived is False  # type: ignore[union-attr]
    active = await seen(bot, guild).active_threads()
    assert [thread.name for thread in active] == ["A gig"]
    assert not sandbox.violations


async def test_a_post_without_a_needed_tag_is_40067_and_with_v2_refused(bot: Bot, guild: Guild) -> None:
    guild.channel("gigs").flags = 1 << 4
    with pytest.raises(discord.HTTPException) as refused:
        await gigs(bot, guild).create_thread(name="A gig", content="text")
    assert refused.value.code == 40067
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("hi"))
    with pytest.raises(discord.HTTPException) as strict:
        await gigs(bot, guild).create_thread(name="A gig", view=view)
    assert strict.value.code == 50035
    assert not guild.threads


async def test_a_private_thread_shows_only_to_those_added(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    ana, bo = guild.member("Ana").user, guild.member("Bo").user
    thread = await text(bot, guild).create_thread(name="Ana and Bo", invitable=False)
    await thread.add_user(discord.Object(ana.id))
    channel = guild.channel("Ana and Bo")
    assert sees(guild, channel, ana)
    assert not sees(guild, channel, bo)
    await thread.send(f"<@{bo.id}>", allowed_mentions=discord.AllowedMentions(users=True))
    assert sees(guild, channel, bo)
    await thread.remove_user(discord.Object(ana.id))
    assert not sees(guild, channel, ana)
    await thread.delete()
    assert not guild.threads
    assert not sandbox.violations


async def test_a_hidden_channel_is_50001(bot: Bot, guild: Guild) -> None:
    guild.channel("general").overwrites = [Overwrite(guild.id, 0, deny=VIEW_CHANNEL)]
    with pytest.raises(discord.Forbidden) as refused:
        await text(bot, guild).send("hi")
    assert refused.value.code == 50001


async def test_roles_above_the_bot_are_out_of_its_reach(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    ana = guild.member("Ana").user
    member = await seen(bot, guild).fetch_member(ana.id)
    role = await seen(bot, guild).create_role(name="niche: ocr", colour=discord.Colour(0xFF))
    await member.add_roles(role)
    assert guild.members[ana.id].roles == [role.id]
    assert await seen(bot, guild).role_member_counts()
    high = guild.role("Moderators", above_bot=True)
    with pytest.raises(discord.Forbidden) as refused:
        await member.add_roles(discord.Object(high.id))
    assert refused.value.code == 50013
    await member.remove_roles(role)
    await role.edit(name="other")
    await role.delete()
    assert role.id not in guild.roles
    assert not sandbox.violations


async def test_a_bot_without_manage_roles_makes_none(sandbox: Sandbox) -> None:
    poor = sandbox.guild("Strict", bot_permissions=BOT_DEFAULT & ~MANAGE_ROLES & ~MANAGE_THREADS)
    async with running(sandbox, Bot()) as bot:
        with pytest.raises(discord.Forbidden) as refused:
            await seen(bot, poor).create_role(name="x")
        assert refused.value.code == 50013


async def test_channels_are_made_changed_and_deleted(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    home = seen(bot, guild)
    everyone = discord.PermissionOverwrite(view_channel=False)
    lobby = await home.create_text_channel("The Lobby", overwrites={home.default_role: everyone})
    assert lobby.name == "the-lobby"
    assert guild.channels[lobby.id].overwrites[0].deny == VIEW_CHANNEL
    forum = await home.create_forum("board", available_tags=[discord.ForumTag(name="open")])
    await forum.edit(available_tags=[*forum.available_tags, discord.ForumTag(name="closed")])
    assert [tag.name for tag in guild.channels[forum.id].available_tags] == ["open", "closed"]
    await forum.delete()
    assert forum.id not in guild.channels
    assert not sandbox.violations


async def test_a_file_arrives_and_can_be_read_back(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    message = await text(bot, guild).send(
        file=discord.File(io.BytesIO(b"a,b"), "data.csv", description="all")
    )
    stored = guild.channel("general").messages[message.id].attachments[0]
    assert (stored.filename, stored.data, stored.description) == ("data.csv", b"a,b", "all")
    async with aiohttp.ClientSession() as http, http.get(message.attachments[0].url) as answer:
        assert await answer.read() == b"a,b"
    assert not sandbox.violations


async def test_history_pins_and_edits_work(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.route_limits.haste = 100
    channel = text(bot, guild)
    sent = [await channel.send(f"{number}") for number in range(5)]
    found = [message.content async for message in channel.history(limit=3)]
    assert found == ["4", "3", "2"]
    after = [message.content async for message in channel.history(after=sent[2], oldest_first=True)]
    assert after == ["3", "4"]
    await sent[0].pin()
    assert [message.content async for message in channel.pins()] == ["0"]
    edited = await sent[1].edit(content="new")
    assert edited.edited_at is not None
    assert not sandbox.violations


async def test_a_card_cannot_become_plain_again(bot: Bot, guild: Guild) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("hi"))
    message = await text(bot, guild).send(view=view)
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="plain")
    assert refused.value.code == 50035


async def test_nobody_is_pinged_who_is_not_allowed(bot: Bot, guild: Guild) -> None:
    ana = guild.member("Ana").user
    quiet = await text(bot, guild).send(
        f"<@{ana.id}> @everyone", allowed_mentions=discord.AllowedMentions.none()
    )
    loud = await text(bot, guild).send(f"<@{ana.id}>")
    messages = guild.channel("general").messages
    assert messages[quiet.id].mentions == []
    assert messages[loud.id].mentions == [ana]


async def test_an_answer_lost_on_the_way_leaves_one_message(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.faults.add(method="POST", path=r"/channels/\d+/messages", drop="after")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await text(bot, guild).send("once", nonce="n")
    await text(bot, guild).send("once", nonce="n")
    assert len(guild.channel("general").messages) == 1


async def test_a_429_is_waited_out_and_a_500_retried(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    limited = sandbox.faults.add(path=r"/messages$", status=429, retry_after=0.05)
    await text(bot, guild).send("patient")
    sandbox.faults.add(path=r"/messages$", status=503, times=1)
    with pytest.raises(discord.DiscordServerError):
        await text(bot, guild).send("unlucky")
    assert limited.hits == 1
    assert [message.content for message in guild.channel("general").messages.values()] == ["patient"]


async def test_the_global_limit_holds_and_discord_py_waits(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.limit.rate, sandbox.route_limits.haste = 10, 0
    await asyncio.gather(*(text(bot, guild).send(str(number)) for number in range(12)))
    assert sandbox.limit.hits
    assert len(guild.channel("general").messages) == 12


async def test_privileged_intents_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(sandbox, Bot(intents=discord.Intents(guilds=True, members=True))):
            pass


async def test_message_events_need_their_intent(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    received: list[str] = []

    async def on_message(message: discord.Message) -> None:
        received.append(message.content)

    bot.on_message = on_message  # type: ignore[attr-defined]
    sandbox.says(guild.member("Ana").user, guild.channel("general"), "hello all")
    await asyncio.sleep(0.05)
    assert received == []


async def test_after_a_lost_session_the_bot_identifies_anew(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.close_gateway(4000, forget=True)
    sandbox.guild("While away")
    await until(lambda: len(sandbox.gateway.identifies) > 1 and len(bot.guilds) > 1)


async def test_ids_are_of_the_clocks_time_and_grow(sandbox: Sandbox) -> None:
    ids = [sandbox.next_id() for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert abs((discord.utils.snowflake_time(ids[-1]) - sandbox.clock.now()).total_seconds()) < 1


async def test_taking_permissions_away_reaches_the_bot(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.set_bot_permissions(guild, BOT_DEFAULT & ~MANAGE_ROLES)
    sandbox.deny(guild, guild.channel("general"), VIEW_CHANNEL)
    await until(lambda: not seen(bot, guild).me.guild_permissions.manage_roles)
    await until(lambda: not text(bot, guild).permissions_for(seen(bot, guild).me).view_channel)
    with pytest.raises(discord.Forbidden):
        await text(bot, guild).send("hi")


async def test_a_body_of_the_wrong_shape_is_refused_and_noted(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        url = f"{sandbox.api_url}/users/@me/channels"
        bodies: list[object] = [{"recipient_id": "nobody"}, {"recipient_id": "1"}, []]
        for body in bodies:
            async with http.post(url, json=body) as answer:
                assert answer.status == 400
        async with http.post(url, data="{", headers={"Content-Type": "application/json"}) as answer:
            assert (await answer.json())["code"] == 50109
    assert sandbox.violations


async def test_events_delivered_twice_change_nothing(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.duplicate_events = True
    new = sandbox.guild("Twice")
    await until(lambda: bot.get_guild(new.id))
    assert len(bot.guilds) == 2


async def test_a_second_start_ends_the_first_connection(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    first = sandbox.gateway.current
    async with running(sandbox, Bot()) as second:
        assert first is not sandbox.gateway.current
        assert seen(second, guild).name == guild.name


async def test_renaming_a_channel_a_third_time_has_to_wait(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    bot.http.max_ratelimit_timeout = 30.0
    channel = text(bot, guild)
    await channel.edit(name="one")
    await channel.edit(name="two")
    with pytest.raises(discord.RateLimited):
        await channel.edit(name="three")
    assert guild.channels[channel.id].name == "two"
