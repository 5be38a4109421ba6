"""The bot is kicked and added again, guilds go down, channels and messages vanish, members come back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
import pytest

from sandbox import Guild, Sandbox
from sandbox.line import Impossible
from sandbox.permissions import MANAGE_THREADS, sees
from tests.sandbox.bot import Bot, running, until
from tests.sandbox.test_roles import refused, seen


def hears(bot: Bot, *names: str) -> list[str]:
    """What the bot is told from now on, by name."""
    heard: list[str] = []

    def listener(name: str) -> Callable[..., Coroutine[Any, Any, None]]:
        async def hear(*_: object) -> None:
            heard.append(name)

        return hear

    for name in names:
        setattr(bot, f"on_{name}", listener(name))
    return heard


GUILD_EVENTS = ("guild_join", "guild_remove", "guild_available", "guild_unavailable")


async def test_a_kicked_bot_loses_the_guild_and_gets_it_back(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    heard = hears(bot, *GUILD_EVENTS)
    general = guild.channel("general")
    guild.member("Ana")
    guild.remove_bot()
    await until(lambda: heard == ["guild_remove"])
    assert bot.get_guild(guild.id) is None
    assert await refused(bot.fetch_guild(guild.id)) == (404, 10004)
    assert await refused(bot.http.get_member(guild.id, guild.owner_id)) == (403, 50001)
    assert await refused(bot.http.get_roles(guild.id)) == (403, 50001)
    assert await refused(bot.http.get_channel(general.id)) == (403, 50001)
    assert [role.name for role in guild.roles.values()] == ["@everyone"]
    with pytest.raises(Impossible):
        guild.remove_bot()
    guild.add_bot()
    await until(lambda: heard == ["guild_remove", "guild_join"])
    assert seen(bot, guild).me.guild_permissions.manage_roles
    await bot.http.send_message(general.id, params=discord.http.handle_message_parameters("back"))
    with pytest.raises(Impossible):
        guild.add_bot()
    assert not sandbox.violations


async def test_nobody_can_use_a_bot_that_is_not_there(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    sandbox.commands[None] = [{"id": "1", "name": "card", "type": 1, "description": "A card"}]
    for away in (guild.remove_bot, guild.outage):
        away()
        with pytest.raises(Impossible):
            await guild.member("Ana").slash("/card")
        if away == guild.remove_bot:
            guild.add_bot()
    assert not sandbox.unanswered


async def test_an_outage_keeps_the_guild_and_what_happened_in_it_comes_after(bot: Bot, guild: Guild) -> None:
    heard = hears(bot, *GUILD_EVENTS)
    guild.outage()
    await until(lambda: heard == ["guild_unavailable"])
    assert seen(bot, guild).unavailable
    role = guild.role("Made meanwhile")
    guild.restore()
    await until(lambda: heard == ["guild_unavailable", "guild_available"])
    assert seen(bot, guild).get_role(role.id)
    assert not seen(bot, guild).unavailable


async def test_a_bot_that_was_offline_reads_in_ready_where_it_is(sandbox: Sandbox, guild: Guild) -> None:
    other, down = sandbox.guild("Other", add_bot=False), sandbox.guild("Down")
    async with running(sandbox, Bot()) as bot:
        assert {found.id for found in bot.guilds if not found.unavailable} == {guild.id, down.id}
    guild.remove_bot()
    other.add_bot()
    down.outage()
    async with running(sandbox, Bot()) as again:
        assert [found.id for found in again.guilds if not found.unavailable] == [other.id]
        assert guild.id not in {found.id for found in again.guilds}
        heard = hears(again, *GUILD_EVENTS)
        down.restore()
        await until(lambda: heard == ["guild_available"])


async def test_a_bot_that_lost_its_line_hears_of_the_kick_on_resuming(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    await sandbox.close_gateway(4000)
    guild.remove_bot()
    await until(lambda: sandbox.gateway.resumes and bot.get_guild(guild.id) is None)


async def test_channels_are_renamed_and_deleted_by_hand(bot: Bot, guild: Guild) -> None:
    home = guild.category("Home")
    room = guild.text_channel("room", parent_id=home.id)
    guild.rename_channel("room", "The Lobby")
    assert room.name == "the-lobby"
    guild.rename_channel(home, "Our Home")
    await until(lambda: {"the-lobby", "Our Home"} <= {channel.name for channel in seen(bot, guild).channels})
    guild.delete_channel("Our Home")
    await until(lambda: (found := bot.get_channel(room.id)) and not getattr(found, "category_id", None))
    guild.delete_channel(room)
    await until(lambda: bot.get_channel(room.id) is None)
    assert await refused(bot.http.get_channel(room.id)) == (404, 10003)


async def test_messages_and_posts_are_deleted_by_hand(bot: Bot, guild: Guild) -> None:
    forum = bot.get_channel(guild.channel("gigs").id)
    assert isinstance(forum, discord.ForumChannel)
    made = await forum.create_thread(name="A gig", content="Scrape")
    guild.rename_channel("A gig", "A Good Gig")
    await until(lambda: (post := forum.get_thread(made.thread.id)) and post.name == "A Good Gig")
    guild.delete_message(guild.channel("A Good Gig").messages[made.message.id])
    assert await refused(made.message.edit(content="late")) == (404, 10008)
    guild.delete_channel("A Good Gig")
    await until(lambda: forum.get_thread(made.thread.id) is None)


async def test_who_comes_back_is_the_same_without_roles_and_threads(bot: Bot, guild: Guild) -> None:
    ana, role = guild.member("Ana"), guild.role("OCR")
    general = bot.get_channel(guild.channel("general").id)
    assert isinstance(general, discord.TextChannel)
    thread = await general.create_thread(name="Private", invitable=False)
    await thread.add_user(discord.Object(ana.id))
    guild.give_role(ana, role)
    number = ana.id
    ana.leave()
    assert await refused(seen(bot, guild).fetch_member(number)) == (404, 10007)
    ana.rejoin()
    again = await seen(bot, guild).fetch_member(number)
    assert (again.id, again.roles[1:], ana.roles) == (number, [], [])
    assert not sees(guild, guild.channel("Private"), ana.user)
    ana.rejoin()
    assert sum(member.user is ana.user for member in guild.members.values()) == 1


async def test_a_bot_added_again_has_lost_its_private_threads(bot: Bot, guild: Guild) -> None:
    general = bot.get_channel(guild.channel("general").id)
    assert isinstance(general, discord.TextChannel)
    thread = await general.create_thread(name="Private")
    guild.remove_bot()
    guild.add_bot()
    guild.forbid_bot(MANAGE_THREADS)
    assert await refused(bot.http.get_channel(thread.id)) == (403, 50001)
