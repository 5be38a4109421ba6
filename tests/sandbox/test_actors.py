"""Members act as Discord's client lets them, and read what the bot answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest
import yarl

from sandbox import payloads
from sandbox.actors import Member
from sandbox.line import Impossible
from sandbox.model import Guild
from sandbox.server import Sandbox
from tests.sandbox.tinybot import TinyBot


@dataclass
class Scene:
    """A guild with a running bot and two people."""

    discord: Sandbox
    guild: Guild
    mia: Member
    ana: Member


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    async with Sandbox() as sandbox:
        monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
        gateway = yarl.URL(sandbox.gateway_url)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        guild = sandbox.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        bot = TinyBot()
        bot._connection.guild_ready_timeout = 0.05
        await bot.login(sandbox.token)
        task = asyncio.create_task(bot.connect())
        await sandbox.connected()
        await asyncio.wait_for(bot.is_up.wait(), 30)
        yield Scene(sandbox, guild, guild.member("Mia"), guild.member("Ana"))
        await bot.close()
        await task


async def test_a_slash_command_arrives_with_every_kind_of_option(scene: Scene) -> None:
    line = '/gig post kind:Hire title:"Forecast for a bakery" who:@Mia room:#general days:3 remote:True'
    screen = await scene.ana.slash(line)
    assert screen.text == "hire Forecast for a bakery Mia general 3 True"
    assert screen.ephemeral
    assert scene.ana.screens[-1].text == screen.text
    assert scene.mia.channel("general") == []
    assert scene.ana.log == [(line, f"(only you can see this)\n{screen.text}")]
    assert scene.discord.violations == []


@pytest.mark.parametrize(
    "line",
    [
        "/gigs post", "/gig", "/gig paint", "/gig post kind:Hire", "/gig post kind:Other title:abc",
        "/gig post kind:Hire title:ab",
        "/gig post kind:Hire title:abc days:10", "/gig post kind:Hire title:abc days:x",
        "/gig post kind:Hire title:abc who:@Nobody", "/gig post kind:Hire title:abc colour:red", "/setup",
    ],
)  # fmt: skip
async def test_what_the_client_would_not_send_is_impossible(scene: Scene, line: str) -> None:
    with pytest.raises(Impossible):
        await scene.ana.slash(line)
    assert scene.ana.log == []


async def test_managers_are_offered_their_commands_but_not_in_direct_messages(scene: Scene) -> None:
    assert (await scene.mia.slash("/setup")).text == "set up"
    with pytest.raises(Impossible):
        await scene.mia.slash("/setup", dm=True)


async def test_a_suggestion_is_shown_by_name_and_sent_by_value(scene: Scene) -> None:
    assert await scene.ana.autocomplete("/join niche:", "ocr") == [("OCR & documents", "ocr")]
    assert (await scene.ana.slash('/join niche:"OCR & documents"')).text == "joined ocr"
    assert (await scene.ana.slash("/join niche:never suggested")).text == "joined never suggested"


async def test_buttons_update_defer_open_forms_and_fail(scene: Scene) -> None:
    card = await scene.ana.slash("/card")
    assert "**A card** for 14:05 UTC" in card.text
    assert (await scene.ana.press("Count 0")).buttons[0] == "Count 1"
    assert (await scene.mia.press("Count 1", on=card)).buttons[0] == "Count 2"
    slow = await scene.ana.press("Slow", on=card)
    assert (slow.text, slow.ephemeral) == ("done, @Ana", True)
    for label in ("Off", "Site", "Count 0"):
        with pytest.raises(Impossible):
            await scene.ana.press(label, on=card)
    assert scene.discord.violations == []


async def test_a_press_without_an_answer_is_seen_to_fail(scene: Scene) -> None:
    await scene.ana.slash("/card")
    screen = await scene.ana.press("Silent")
    assert (screen.failed, screen.text) == (True, "This interaction failed")
    assert len(scene.discord.unanswered) == 1


async def test_a_select_takes_labels_within_its_limits(scene: Scene) -> None:
    await scene.ana.slash("/card")
    assert (await scene.ana.choose("Which day", ["Mon", "Wed"])).text == "chose ['Mon', 'Wed']"
    for wrong in (["Sun"], ["Mon", "Tue", "Wed"], []):
        with pytest.raises(Impossible):
            await scene.ana.choose("Which day", wrong)


async def test_a_form_sends_every_kind_of_field_and_keeps_what_stood_there(scene: Scene) -> None:
    opened = await scene.ana.slash("/profile")
    assert opened.form is not None
    assert opened.form.title == "Your profile"
    for wrong in (
        {}, {"Stage": "Starting", "Headline": ""}, {"Stage": "Starting", "Headline": "x" * 21},
        {"Stage": "Done"}, {"Stage": "Starting", "About": "ab"}, {"Stage": "Starting", "Age": "3"},
        {"Stage": "Starting", "Topics": ["Pricing", "Sales", "Law"]},
    ):  # fmt: skip
        with pytest.raises(Impossible):
            await scene.ana.submit(wrong)
    screen = await scene.ana.submit({"Stage": "Starting", "Topics": ["Pricing", "Law"], "About": "maths"})
    assert screen.text == "saved ['Old', 'maths', 'starting', ['P', 'L'], ['r']]"
    with pytest.raises(Impossible):
        await scene.ana.submit({"Stage": "Starting"})


async def test_a_form_from_a_button_names_people_and_ticks_boxes(scene: Scene) -> None:
    await scene.ana.slash("/card")
    opened = await scene.ana.press("Form")
    assert "Who did you meet?" in opened.text
    assert (await scene.ana.submit({"Who": ["@Mia"], "Again": True})).text == "met ['Mia'] again=True"


async def test_context_menus_work_on_people_and_messages(scene: Scene) -> None:
    assert (await scene.ana.menu("View profile", scene.mia)).text == "profile of @Mia"
    said = scene.mia.say("hi")
    assert (await scene.ana.menu("Report", said)).text == f"reported {said.id}"


async def test_direct_messages_reach_only_an_open_inbox(scene: Scene) -> None:
    assert (await scene.ana.slash("/write")).text == "written"
    assert [screen.text for screen in scene.ana.inbox] == ["hello there"]
    scene.ana.close_dms()
    assert (await scene.ana.slash("/write")).text == "closed"
    scene.ana.open_dms()
    assert (await scene.ana.slash("/write", dm=True)).text == "written"
    assert len(scene.ana.inbox) == 2


async def test_who_has_left_can_do_nothing_in_the_guild(scene: Scene) -> None:
    scene.ana.leave()
    with pytest.raises(Impossible):
        await scene.ana.slash("/card")


async def test_who_has_left_is_named_by_id_only_and_is_no_member(scene: Scene) -> None:
    bo = scene.guild.member("Bo")
    assert (await scene.ana.slash(f"/find who:<@{bo.id}>")).text == "member @Bo"
    bo.leave()
    with pytest.raises(Impossible):
        await scene.ana.slash("/find who:@Bo")
    assert (await scene.ana.slash(f"/find who:<@{bo.id}>")).text == "stranger @Bo"
    assert (await scene.ana.slash(f"/find who:{bo.id}")).text == "stranger @Bo"
    sent = list(scene.discord.interactions.values())[-1].data
    assert sent["resolved"] == {"users": {str(bo.id): payloads.user_json(bo.user)}}
    assert (await scene.ana.menu("View profile", bo)).text == "profile of @Bo (left)"
    bo.rejoin()
    assert (await scene.ana.slash("/find who:@Bo")).text == "member @Bo"
