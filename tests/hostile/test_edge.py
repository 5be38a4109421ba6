"""What the edge itself withstands, whatever the features do: errors, options and presses out of shape."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.core.errors import KithError
from bot.edge.gates import report_refusal
from sandbox.model import AUTOCOMPLETE, COMMAND, Json
from sandbox.resolve import envelope
from sandbox.screen import Screen
from tests.conversations.helpers import community, newcomer
from tests.hostile.crawling import press
from tests.stage import Stage

OUTDATED = "Discord still shows an older version of this command"


def circle() -> BaseException:
    """Two errors, each the cause of the other."""
    first, second = KithError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    return first


def forbidden() -> discord.Forbidden:
    response = cast("Any", SimpleNamespace(status=403, reason="Forbidden"))
    return discord.Forbidden(response, {"code": 50013, "message": "Missing Permissions"})


async def test_errors_that_cause_each_other_come_to_an_end() -> None:
    heard: list[BaseException] = []

    async def hear(error: discord.Forbidden) -> None:
        heard.append(error)

    interaction = cast("Any", SimpleNamespace(client=SimpleNamespace(refusals=[hear])))
    alone, wrapped = ValueError(), ValueError()
    alone.__cause__ = alone
    wrapped.__cause__ = forbidden()
    for error in (circle(), alone, None, KithError("server_only"), wrapped):
        await asyncio.wait_for(report_refusal(interaction, error), 30)
    assert heard == [wrapped.__cause__]


async def test_a_form_in_a_dm_that_belongs_inside_a_server(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        data: Json = {"custom_id": "f:profile.links:0:made", "components": []}
        shown = await ana._do("sends a form", 5, stage.discord.dm(ana.user), data)
        assert "This works inside a server" in shown.text
        assert "Energy and utilities" in (await ana.slash("/profile view")).text


async def called(stage: Stage, name: str, options: list[Json]) -> Screen:
    """Send in a command with these options, whatever it declares."""
    command = next(one for one in stage.discord.commands[None] if one["name"] == name)
    place = stage.owner._place(None)
    data = envelope(command) | {"options": options}
    return await stage.owner._do(f"/{name} {options}", COMMAND, place.channel, data)


@pytest.mark.parametrize("value", [None, 3, True, ["a"], {}, 2**70])
async def test_a_text_that_is_none(sqlite_url: str, value: object) -> None:
    async with community(sqlite_url) as stage:
        city = {"name": "city", "type": 3, "value": value}
        shown = await called(stage, "profile", [{"name": "timezone", "type": 1, "options": [city]}])
        assert OUTDATED in shown.text


@pytest.mark.parametrize("value", [None, "x", 3, "", [], {}, "123456"])
async def test_a_person_who_is_none(sqlite_url: str, value: object) -> None:
    async with community(sqlite_url) as stage:
        user = {"name": "user", "type": 6, "value": value}
        options = [
            {"name": "member", "type": 2, "options": [{"name": "unbar", "type": 1, "options": [user]}]}
        ]
        assert OUTDATED in (await called(stage, "kith", options)).text


async def test_whatever_stands_in_other_options_while_somebody_types(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        command = next(one for one in stage.discord.commands[None] if one["name"] == "find")
        values: tuple[object, ...] = (None, "x", 3, [])
        for value in values:
            typed = [
                {"name": "language", "type": 6, "value": value},
                {"name": "open_for_work", "type": 5, "value": "perhaps"},
                {"name": "niche", "type": 3, "value": "ener", "focused": True},
            ]
            place = stage.owner._place(None)
            data = envelope(command) | {"options": typed}
            sent = stage.discord.interaction(AUTOCOMPLETE, stage.owner.user, place.channel, data)
            await stage.discord.deliver(sent)
            assert sent.choices is not None


async def test_a_forged_press_paints_over_nothing_that_all_see(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        panel = ana.channel("start-here")[-1]
        assert panel.message is not None
        looked = str(panel)
        forged = {"custom_id": f"k:core.stop:{ana.id}", "component_type": 2}
        shown = await press(ana, forged, panel.message)
        assert shown.text
        assert shown.text != panel.text
        await stage.clock.advance(timedelta(seconds=1))
        assert str(ana.look(panel.message)) == looked
