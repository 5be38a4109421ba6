"""Roles as Discord guards them, and as a moderator changes them by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import discord
import pytest

from sandbox import Guild, Sandbox
from sandbox.line import Impossible
from sandbox.permissions import ADMINISTRATOR, KICK_MEMBERS, MANAGE_ROLES
from tests.sandbox.bot import Bot, until


def seen(bot: Bot, guild: Guild) -> discord.Guild:
    found = bot.get_guild(guild.id)
    assert found is not None
    return found


async def refused(work: Awaitable[object]) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as error:
        await work
    return error.value.status, error.value.code


async def test_a_role_deleted_by_hand_is_gone_from_members_and_from_the_bot(bot: Bot, guild: Guild) -> None:
    ana = guild.member("Ana")
    guild.role("Pricing")
    role = guild.role("OCR")
    guild.give_role(ana, "Pricing")
    guild.give_role(ana, role)
    assert ana.roles == ["Pricing", "OCR"]
    await until(lambda: seen(bot, guild).get_role(role.id))
    guild.delete_role("OCR")
    assert ana.roles == ["Pricing"]
    await until(lambda: seen(bot, guild).get_role(role.id) is None)
    assert sorted(role.position for role in guild.roles.values()) == [0, 1, 2]
    with pytest.raises(KeyError):
        guild.give_role(ana, role)
    for kept in ("@everyone", guild.bot_role):
        with pytest.raises(Impossible):
            guild.delete_role(kept)


async def test_a_role_renamed_by_hand_and_taken_again(bot: Bot, guild: Guild) -> None:
    ana, role = guild.member("Ana"), guild.role("OCR")
    guild.give_role(ana, "OCR")
    guild.rename_role("OCR", "Documents")
    assert ana.roles == ["Documents"]
    await until(lambda: discord.utils.get(seen(bot, guild).roles, name="Documents"))
    guild.take_role(ana, role)
    assert ana.roles == []


async def test_the_bots_role_moves_down_and_up_and_its_reach_with_it(bot: Bot, guild: Guild) -> None:
    role, ana = guild.role("Moderators"), guild.member("Ana")
    member = await seen(bot, guild).fetch_member(ana.id)
    await member.add_roles(discord.Object(role.id))
    guild.move_role(guild.bot_role, above="@everyone")
    assert guild.bot_role.position == 1
    assert await refused(member.remove_roles(discord.Object(role.id))) == (403, 50013)
    home = seen(bot, guild)
    await until(lambda: [r.name for r in home.roles] == ["@everyone", "Kith", "Moderators"])
    guild.move_role(guild.bot_role, above="Moderators")
    await member.remove_roles(discord.Object(role.id))
    await until(lambda: [r.name for r in home.roles] == ["@everyone", "Moderators", "Kith"])
    with pytest.raises(Impossible):
        guild.move_role("@everyone", above=role)


async def test_a_role_made_above_the_bot_is_above_it_for_the_bot_too(bot: Bot, guild: Guild) -> None:
    role = guild.role("Admins", above_bot=True)
    await until(
        lambda: (found := seen(bot, guild).get_role(role.id)) and found > seen(bot, guild).me.top_role
    )


async def test_a_permission_taken_from_the_bots_role_is_missed_and_given_back(bot: Bot, guild: Guild) -> None:
    guild.forbid_bot(MANAGE_ROLES)
    await until(lambda: not seen(bot, guild).me.guild_permissions.manage_roles)
    assert await refused(seen(bot, guild).create_role(name="OCR")) == (403, 50013)
    guild.allow_bot(MANAGE_ROLES)
    await until(lambda: seen(bot, guild).me.guild_permissions.manage_roles)
    await seen(bot, guild).create_role(name="OCR")


async def test_a_new_role_is_told_once_and_as_it_was_asked_for(bot: Bot, guild: Guild) -> None:
    told: list[tuple[str, str, int, bool]] = []
    changed: list[str] = []

    async def on_guild_role_create(role: discord.Role) -> None:
        told.append((role.name, str(role.colour), role.permissions.value, role.mentionable))

    async def on_guild_role_update(_before: discord.Role, after: discord.Role) -> None:
        changed.append(after.name)

    bot.on_guild_role_create = on_guild_role_create  # type: ignore[attr-defined]
    bot.on_guild_role_update = on_guild_role_update  # type: ignore[attr-defined]
    none = discord.Permissions.none()
    role = await seen(bot, guild).create_role(
        name="OCR", colour=discord.Colour(0xFF), permissions=none, mentionable=True
    )
    await until(lambda: told)
    await role.edit(name="Documents", colour=discord.Colour(0), mentionable=False)
    await until(lambda: changed)
    assert (told, changed) == ([("OCR", "#0000ff", 0, True)], ["Documents"])
    kept = guild.named_role("Documents")
    assert (kept.color, kept.mentionable, kept.position) == (0, False, 1)
    await role.delete()
    await until(lambda: seen(bot, guild).get_role(role.id) is None)


async def test_a_guild_has_250_roles_at_most_with_everyone(sandbox: Sandbox, bot: Bot, guild: Guild) -> None:
    while len(guild.roles) < 249:
        guild.role("one more")
    await seen(bot, guild).create_role(name="the last")
    assert await refused(seen(bot, guild).create_role(name="too many")) == (400, 30005)
    assert len(guild.roles) == 250
    assert not sandbox.violations


@pytest.mark.parametrize("name", ["x" * 101, " "])
async def test_a_role_has_a_name_of_1_to_100(bot: Bot, guild: Guild, name: str) -> None:
    assert await refused(seen(bot, guild).create_role(name=name)) == (400, 50035)
    role = await seen(bot, guild).create_role(name="x" * 100)
    assert await refused(role.edit(name=name)) == (400, 50035)


async def test_nobody_grants_what_they_have_not(bot: Bot, guild: Guild) -> None:
    more = discord.Permissions(KICK_MEMBERS)
    assert await refused(seen(bot, guild).create_role(name="x", permissions=more)) == (403, 50013)
    role = await seen(bot, guild).create_role(name="x")
    assert await refused(role.edit(permissions=discord.Permissions(ADMINISTRATOR))) == (403, 50013)
    guild.named_role("x").permissions = KICK_MEMBERS
    await role.edit(permissions=more, name="kept what a moderator gave")
    await role.edit(permissions=discord.Permissions.none())
    assert guild.roles[role.id].permissions == 0


async def test_roles_out_of_reach_and_unknown_ones_are_refused(bot: Bot, guild: Guild) -> None:
    low, high = guild.role("low"), guild.role("high", above_bot=True)
    twin = guild.role("Other bot")
    twin.managed = True
    ana = guild.member("Ana")
    give, take, me = bot.http.add_role, bot.http.remove_role, guild.id
    for call in (give, take):
        assert await refused(call(me, ana.id, high.id)) == (403, 50013)
        assert await refused(call(me, ana.id, guild.bot_role.id)) == (403, 50013)
        assert await refused(call(me, ana.id, twin.id)) == (403, 50013)
        assert await refused(call(me, ana.id, 5)) == (404, 10011)
        assert await refused(call(me, ana.id, me)) == (400, 50028)
    assert await refused(bot.http.edit_role(me, high.id, name="x")) == (403, 50013)
    assert await refused(bot.http.delete_role(me, high.id)) == (403, 50013)
    assert await refused(bot.http.delete_role(me, twin.id)) == (400, 50028)
    assert await refused(bot.http.delete_role(me, 5)) == (404, 10011)
    ana.leave()
    assert await refused(give(me, ana.id, low.id)) == (404, 10007)
    assert ana.roles == []


async def test_of_other_members_roles_the_bot_is_not_told(bot: Bot, guild: Guild) -> None:
    ana, role = guild.member("Ana"), guild.role("OCR")
    session = guild.sandbox.gateway.current
    assert session is not None
    before = len(session.kept)
    await bot.http.add_role(guild.id, ana.id, role.id)
    guild.take_role(ana, role)
    guild.give_role(guild.sandbox.bot, role)
    await asyncio.sleep(0)
    assert len(session.kept) == before + 1
    assert "GUILD_MEMBER_UPDATE" in session.kept[-1][1]
    assert str(guild.sandbox.bot.id) in session.kept[-1][1]
