"""Files of messages and answers: what members can open, and what Discord refuses."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import discord
import pytest
from discord import ui

from sandbox import Guild, Sandbox
from sandbox.actors import Member
from sandbox.screen import File
from tests.sandbox.bot import Bot, running, until
from tests.sandbox.test_roles import refused

MEBIBYTE = 1024 * 1024


def upload(name: str = "data.csv", content: bytes = b"a,b") -> discord.File:
    return discord.File(io.BytesIO(content), name)


def card(*names: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    files: list[ui.Item[ui.LayoutView]] = [ui.File(f"attachment://{name}") for name in names]
    view.add_item(ui.Container(ui.TextDisplay("Your data"), *files))
    return view


class Clerk(Bot):
    """Hands out files in every way an interaction can be answered."""

    def __init__(self) -> None:
        super().__init__()
        for work in (at_once, afterwards, further, again):
            name = work.__name__.replace("_", "-")
            self.tree.command(name=name, description="A file")(work)


async def at_once(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=card("data.csv"), file=upload(), ephemeral=True)


async def afterwards(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(view=card("late.csv"), attachments=[upload("late.csv")])


async def further(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("first", ephemeral=True)
    await interaction.followup.send("second", file=upload("more.csv"), ephemeral=True)


async def again(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("one", view=Other(timeout=None), file=upload("one.csv"))


class Other(ui.View):
    """A button that changes the file of its message."""

    @ui.button(label="Other file")
    async def other(self, press: discord.Interaction, _button: ui.Button[Other]) -> None:
        await press.response.edit_message(content="other", attachments=[upload("other.csv", b"c")])


@pytest.fixture
async def ana(sandbox: Sandbox, guild: Guild) -> AsyncIterator[Member]:
    async with running(sandbox, Clerk()):
        yield guild.member("Ana")
    assert not sandbox.violations


@pytest.mark.parametrize(("line", "name"), [("/at_once", "data.csv"), ("/afterwards", "late.csv")])
async def test_an_answer_brings_its_file(ana: Member, line: str, name: str) -> None:
    screen = await ana.slash(line.replace("_", "-"))
    assert screen.files == [File(name, b"a,b")]
    assert screen.text == f"Your data\n(file: {name})"


async def test_a_further_message_brings_its_file(ana: Member) -> None:
    assert (await ana.slash("/further")).files == []
    await until(lambda: len(ana.screens) > 1)
    second = ana.screens[-1]
    assert (second.files, second.text) == ([File("more.csv", b"a,b")], "second\n(file: more.csv)")


async def test_an_edit_changes_the_file(ana: Member) -> None:
    assert [file.name for file in (await ana.slash("/again")).files] == ["one.csv"]
    assert (await ana.press("Other file")).files == [File("other.csv", b"c")]


async def test_a_card_shows_only_files_it_names_and_names_only_what_it_has(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    ana = guild.member("Ana")
    user = await bot.fetch_user(ana.id)
    sent = await user.send(view=card("data.csv"), files=[upload(), upload("hidden.csv")])
    assert [file.name for file in ana.inbox[0].files] == ["data.csv"]
    assert "hidden" not in ana.inbox[0].text
    assert await refused(user.send(view=card("data.csv"), file=upload("other.csv"))) == (400, 50035)
    assert await refused(user.send(view=card("data.csv"))) == (400, 50035)
    assert await refused(sent.edit(view=card("other.csv"))) == (400, 50035)
    assert await refused(sent.edit(view=card("data.csv"), attachments=[])) == (400, 50035)
    await sent.edit(view=card("data.csv", "hidden.csv"))
    assert [file.name for file in ana.inbox[0].files] == ["data.csv", "hidden.csv"]


async def test_a_picture_in_a_card_has_to_be_uploaded_too(bot: Bot, guild: Guild) -> None:
    ana = guild.member("Ana")
    user = await bot.fetch_user(ana.id)
    view = ui.LayoutView()
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
    gallery.add_item(media="attachment://chart.png", description="Meetings a week")
    thumbnail: ui.Thumbnail[ui.LayoutView] = ui.Thumbnail("attachment://logo.png")
    view.add_item(gallery).add_item(ui.Section("Text", accessory=thumbnail))
    assert await refused(user.send(view=view, file=upload("chart.png"))) == (400, 50035)
    await user.send(view=view, files=[upload("chart.png"), upload("logo.png")])
    assert [file.name for file in ana.inbox[0].files] == ["chart.png", "logo.png"]
    assert "(picture: Meetings a week)" in ana.inbox[0].text


async def test_files_have_a_greatest_size_and_number(bot: Bot, guild: Guild) -> None:
    user = await bot.fetch_user(guild.member("Ana").id)
    await user.send(file=upload("full.bin", bytes(10 * MEBIBYTE)))
    assert await refused(user.send(file=upload("over.bin", bytes(10 * MEBIBYTE + 1)))) == (413, 40005)
    ten = await user.send(files=[upload(f"{number}.csv") for number in range(10)])
    one_more = ten.edit(attachments=[*ten.attachments, upload("11.csv")])
    # Where Discord's OpenAPI file is in use the count is refused by it, with another code.
    assert (await refused(one_more))[0] == 400
    assert len(guild.member("Ana").inbox[-1].files) == 10
