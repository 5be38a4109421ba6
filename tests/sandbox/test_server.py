"""discord.py connects to the sandbox unchanged and meets Discord's rules there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import Route

from sandbox import Channel, Guild, Interaction, Sandbox, payloads
from sandbox.model import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, NoAnswer
from tests.sandbox.bot import Bot, running, until


class Wrist:
    """A clock that runs in real time from a set moment, and can be pushed on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        end = self.monotonic() + seconds
        await until(lambda: self.monotonic() >= end)


@pytest.fixture
def wrist() -> Wrist:
    return Wrist()


@pytest.fixture
async def sandbox(wrist: Wrist) -> AsyncIterator[Sandbox]:
    async with Sandbox(wrist, openapi=os.environ.get("DISCORD_OPENAPI"), global_rate=0) as world:
        yield world


@pytest.fixture
def guild(sandbox: Sandbox) -> Guild:
    return sandbox.guild("Data Collective", owner="Mia")


@pytest.fixture
def general(guild: Guild) -> Channel:
    return guild.text_channel("general")


class Chatty(Bot):
    """Answers in all ways there are."""

    def __init__(self) -> None:
        super().__init__()
        self.tree.command(name="hello", description="Say hello")(hello)
        self.tree.command(name="think", description="Think first")(think)
        self.tree.command(name="form", description="A form")(form)
        self.tree.command(name="never", description="No answer")(never)
        self.tree.add_command(pick)
        self.pressed: list[str] = []

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            data: Any = interaction.data or {}
            self.pressed.append(str(data.get("custom_id")))
            await interaction.response.edit_message(content="pressed")


async def hello(interaction: discord.Interaction) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Met", custom_id="k:met:1"))
    await interaction.response.send_message("hello", ephemeral=True, view=view)


async def think(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay("thought"))
    await interaction.edit_original_response(view=view)
    await interaction.followup.send("more", ephemeral=True)


class Ask(discord.ui.Modal, title="Profile"):
    name: discord.ui.Label[Ask] = discord.ui.Label(text="Name", component=discord.ui.TextInput())

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, discord.ui.TextInput)
        await interaction.response.send_message(f"You are {self.name.component.value}", ephemeral=True)


async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Ask())


async def never(interaction: discord.Interaction) -> None:
    pass


@app_commands.command(name="pick", description="Pick one")
async def pick(interaction: discord.Interaction, niche: str) -> None:
    await interaction.response.send_message(niche)


@pick.autocomplete("niche")
async def _niche(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}!", value=current)]


@pytest.fixture
async def bot(sandbox: Sandbox, general: Channel) -> AsyncIterator[Chatty]:
    async with running(sandbox, Chatty()) as client:
        assert isinstance(client, Chatty)
        yield client


async def slash(world: Sandbox, general: Channel, name: str, **options: str) -> Interaction:
    guild = world.guilds[general.guild_id or 0]
    ana = guild.member("Ana").user
    command = next(c for c in world.commands[None] if c["name"] == name)
    data: dict[str, Any] = {"id": command["id"], "name": name, "type": 1}
    data["options"] = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    return await world.deliver(world.interaction(COMMAND, ana, general, data))


async def test_login_syncs_commands_and_sees_the_guild(sandbox: Sandbox, bot: Chatty, guild: Guild) -> None:
    assert {command["name"] for command in sandbox.commands[None]} == {
        "hello",
        "think",
        "form",
        "never",
        "pick",
    }
    seen = bot.get_guild(guild.id)
    assert seen is not None
    assert seen.name == "Data Collective"
    assert seen.me.guild_permissions.manage_roles
    assert not sandbox.violations


async def test_a_command_is_answered_privately_and_its_button_works(
    sandbox: Sandbox, bot: Chatty, general: Channel
) -> None:
    interaction = await slash(sandbox, general, "hello")
    message = interaction.original
    assert message is not None
    assert (message.content, message.ephemeral_to) == ("hello", interaction.user.id)
    data = {"custom_id": "k:met:1", "component_type": 2}
    pressed = sandbox.interaction(COMPONENT, interaction.user, general, data, message=message)
    await sandbox.deliver(pressed)
    assert bot.pressed == ["k:met:1"]
    assert message.content == "pressed"


async def test_thinking_becomes_a_card_and_privacy_stays(
    sandbox: Sandbox, bot: Chatty, general: Channel
) -> None:
    interaction = await slash(sandbox, general, "think")
    await asyncio.wait_for(interaction.settled.wait(), 30)
    await asyncio.sleep(0.05)
    first, second = interaction.responses
    assert first.v2
    assert not first.loading
    assert second.content == "more"
    assert {first.ephemeral_to, second.ephemeral_to} == {interaction.user.id}
    assert not sandbox.violations


async def test_a_form_comes_back_filled(sandbox: Sandbox, bot: Chatty, general: Channel) -> None:
    interaction = await slash(sandbox, general, "form")
    modal = interaction.modal
    assert modal is not None
    field = modal["components"][0]["component"]
    filled = {
        "type": 18,
        "id": 1,
        "component": {"type": 4, "custom_id": field["custom_id"], "value": "Ana", "id": 2},
    }
    data = {"custom_id": modal["custom_id"], "components": [filled]}
    answer = await sandbox.deliver(sandbox.interaction(MODAL_SUBMIT, interaction.user, general, data))
    assert answer.original is not None
    assert answer.original.content == "You are Ana"


async def test_autocomplete_answers_with_choices(
    sandbox: Sandbox, bot: Chatty, general: Channel, guild: Guild
) -> None:
    command = next(c for c in sandbox.commands[None] if c["name"] == "pick")
    option = {"name": "niche", "type": 3, "value": "ocr", "focused": True}
    data = {"id": command["id"], "name": "pick", "type": 1, "options": [option]}
    asked = sandbox.interaction(AUTOCOMPLETE, guild.member("Ana").user, general, data)
    await sandbox.deliver(asked)
    assert asked.choices == [{"name": "ocr!", "value": "ocr"}]


async def test_no_answer_within_three_seconds_is_an_error(
    sandbox: Sandbox, bot: Chatty, general: Channel, wrist: Wrist
) -> None:
    waiting = asyncio.create_task(slash(sandbox, general, "never"))
    await asyncio.sleep(0.1)
    wrist.ahead += timedelta(seconds=4)
    with pytest.raises(NoAnswer):
        await waiting
    assert sandbox.unanswered


async def test_the_same_nonce_is_said_once(sandbox: Sandbox, bot: Chatty, guild: Guild) -> None:
    user = await bot.fetch_user(guild.member("Ana").user.id)
    first = await user.send("hi", nonce="n1")
    again = await user.send("hi", nonce="n1")
    assert first.id == again.id
    await first.delete()
    with pytest.raises(discord.NotFound):
        await user.send("hi", nonce="n1")


async def test_a_closed_door_is_50007_and_a_stranger_50278(
    sandbox: Sandbox, bot: Chatty, guild: Guild
) -> None:
    ana, bo = guild.member("Ana").user, guild.member("Bo").user
    guild.members[ana.id].dms_open = False
    with pytest.raises(discord.Forbidden) as closed:
        await (await bot.fetch_user(ana.id)).send("hi")
    sandbox.leave(guild, bo)
    with pytest.raises(discord.Forbidden) as gone:
        await (await bot.fetch_user(bo.id)).send("hi")
    assert (closed.value.code, gone.value.code) == (50007, 50278)


async def test_opening_too_many_dms_is_40003(sandbox: Sandbox, bot: Chatty, guild: Guild) -> None:
    sandbox.dm_limit.number = 1
    ana, bo = [await bot.fetch_user(guild.member(name).user.id) for name in ("Ana", "Bo")]
    await ana.send("hi")
    with pytest.raises(discord.Forbidden) as refused:
        await bo.send("hi")
    assert refused.value.code == 40003


async def test_an_overlong_message_is_refused_and_noted(
    sandbox: Sandbox, bot: Chatty, general: Channel
) -> None:
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("x" * 2001)
    assert refused.value.code == 50035
    assert sandbox.violations
    assert not general.messages


async def test_an_unknown_route_is_an_error(sandbox: Sandbox, bot: Chatty, guild: Guild) -> None:
    seen = bot.get_guild(guild.id)
    assert seen is not None
    with pytest.raises(discord.NotFound):
        await seen.fetch_emojis()
    assert any("unknown route" in line for line in sandbox.violations)


async def test_a_new_guild_appears_and_a_left_one_goes(sandbox: Sandbox, bot: Chatty) -> None:
    new = sandbox.guild("Second")
    await asyncio.sleep(0.1)
    assert bot.get_guild(new.id) is not None
    sandbox.remove_bot(new)
    await asyncio.sleep(0.1)
    assert bot.get_guild(new.id) is None


async def test_a_cut_gateway_resumes_and_misses_nothing(
    sandbox: Sandbox, bot: Chatty, general: Channel
) -> None:
    await sandbox.close_gateway(4000)
    new = sandbox.guild("While away")
    await until(lambda: sandbox.gateway.resumes and bot.get_guild(new.id))
    interaction = await slash(sandbox, general, "hello")
    assert interaction.original is not None


async def test_a_wrong_token_is_refused(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", sandbox.api_url)
    client = Bot()
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()


async def test_a_silent_thread_archives_itself(
    sandbox: Sandbox, bot: Chatty, guild: Guild, wrist: Wrist
) -> None:
    forum = bot.get_channel(guild.forum("gigs").id) or await bot.fetch_channel(guild.channel("gigs").id)
    assert isinstance(forum, discord.ForumChannel)
    made = await forum.create_thread(name="A gig", content="text", auto_archive_duration=60)
    wrist.ahead += timedelta(hours=2)
    with pytest.raises(discord.HTTPException) as refused:
        await made.message.edit(content="late")
    assert refused.value.code == 50083
    await made.thread.edit(archived=False)
    await made.message.edit(content="late")


async def test_an_old_interaction_cannot_be_edited(
    sandbox: Sandbox, bot: Chatty, general: Channel, wrist: Wrist, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[discord.Interaction] = []
    dispatch = bot.dispatch

    def keep(event: str, /, *args: object) -> None:
        if event == "interaction" and isinstance(args[0], discord.Interaction):
            kept.append(args[0])
        dispatch(event, *args)

    monkeypatch.setattr(bot._connection, "dispatch", keep)
    await slash(sandbox, general, "hello")
    payload: Any = payloads.interaction_json(sandbox, last(sandbox))
    again: discord.Interaction = discord.Interaction(data=payload, state=bot._connection)
    with pytest.raises(discord.HTTPException) as twice:
        await again.response.send_message("again")
    assert twice.value.code == 40060
    wrist.ahead += timedelta(minutes=16)
    with pytest.raises(discord.HTTPException) as late:
        await kept[0].edit_original_response(content="late")
    assert late.value.code == 50027


def last(world: Sandbox) -> Interaction:
    return list(world.interactions.values())[-1]


async def test_a_duplicated_event_is_answered_once(sandbox: Sandbox, bot: Chatty, general: Channel) -> None:
    sandbox.faults.duplicate_interactions = True
    interaction = await slash(sandbox, general, "think")
    await until(lambda: any(request.code == 40060 for request in sandbox.requests))
    await until(lambda: len(interaction.responses) > 1)
    assert len(interaction.responses) == 2


async def test_a_request_is_quick(sandbox: Sandbox, general: Channel) -> None:
    headers = {"Authorization": f"Bot {sandbox.token}"}
    sandbox.route_limits.haste = 0
    async with aiohttp.ClientSession(headers=headers) as http:
        start = asyncio.get_running_loop().time()
        for number in range(200):
            url = f"{sandbox.api_url}/channels/{general.id}/messages"
            async with http.post(url, json={"content": str(number)}) as answer:
                assert answer.status == 200
        assert (asyncio.get_running_loop().time() - start) / 200 < 0.02
