"""What a first-time moderator sees, screen by screen and word for word, in a world that stands still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.core.clock import TurnedClock
from sandbox import permissions
from sandbox.screen import Screen, Select
from tests.conversations.helpers import newcomer, turn_to
from tests.stage import Stage

SATURDAY = datetime(2026, 1, 10, 14, 5, tzinfo=UTC)
ROUND = datetime(2026, 1, 13, 10, tzinfo=UTC)
MONDAY = datetime(2026, 1, 19, 9, tzinfo=UTC)
CARDS = 4
WITHOUT_GIGS = ["Introductions", "Check-ins and pods", "Weekly numbers"]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Stage]:
    async with Stage.opened(url, TurnedClock(SATURDAY, frozen=True)) as stage:
        await stage.app.settled()
        yield stage


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with opened(sqlite_url) as made:
        yield made


@pytest.fixture
async def started(stage: Stage) -> Stage:
    """A community that has just pressed Start."""
    await stage.owner.slash("/kith setup")
    await stage.owner.press("Create what is missing")
    await stage.owner.press("Start")
    await stage.app.settled()
    return stage


def words(screen: Screen) -> str:
    """A screen as words, with what its menus offer; names stand where ids were."""
    lines = [screen.form.title] if screen.form else []
    lines += [screen.text]
    for menu in (one for one in screen.controls if isinstance(one, Select)):
        offered = ", ".join(option.label for option in menu.options)
        lines.append(f"{menu.placeholder} (up to {menu.most}): {offered}")
    return "\n".join(lines)


async def test_from_the_first_message_to_start(stage: Stage, snapshot: SnapshotAssertion) -> None:
    owner = stage.owner
    assert words(owner.channel("general")[-1]) == snapshot(name="1 hello")
    assert words(await owner.press("Set up")) == snapshot(name="2 setup")
    assert words(await owner.press("City, day and hour")) == snapshot(name="3 city, day and hour")
    await owner.submit({"City": "Lisbon", "Hour of the introductions": "10"})
    await owner.choose("What Kith does here", WITHOUT_GIGS)
    assert words(await owner.press("Check permissions")) == snapshot(name="4 check-up before")
    await owner.press("Setup")
    assert words(await owner.press("Create what is missing")) == snapshot(name="5 created")
    assert words(await owner.press("Check permissions")) == snapshot(name="6 check-up")
    await owner.press("Setup")
    assert words(await owner.press("Start")) == snapshot(name="7 started")


async def test_preview_as_a_member(stage: Stage, snapshot: SnapshotAssertion) -> None:
    await stage.owner.press("Preview as a member")
    shown: list[Screen] = []
    async with asyncio.timeout(30):
        while len(shown) < CARDS:  # the cards follow the first answer
            await asyncio.sleep(0.02)
            shown = [one for one in stage.owner.channel("general") if one.ephemeral]
    *texts, gig = [words(screen) for screen in shown]
    assert texts == snapshot(name="preview")
    assert "Forecast container delays" in gig
    assert "4000-6000 EUR" in gig
    assert "(disabled)" in gig
    assert all(screen.ephemeral for screen in shown)
    assert stage.guild.member("Ana").inbox == []


async def test_settings_and_who_changed_what(started: Stage, snapshot: SnapshotAssertion) -> None:
    owner = started.owner
    await owner.slash("/kith round settings approve:True every:2")
    await owner.slash('/kith holidays add from:"24 Dec" to:"1 Jan"')
    await owner.slash("/kith digest checkins channel:#general")
    assert words(await owner.slash("/kith settings")) == snapshot(name="settings")
    assert words(await owner.press("Who changed what")) == snapshot(name="audit")


async def test_the_week_in_numbers(started: Stage, snapshot: SnapshotAssertion) -> None:
    for name in ("Ana", "Ben", "Cleo", "Dora", "Emil", "Finn"):
        member = await newcomer(started, name)
        await member.slash("/intro join")
    started.guild.member("Finn").close_dms()
    await turn_to(started, ROUND)
    for name in ("Ana", "Ben", "Cleo", "Dora", "Emil"):
        member = started.guild.member(name)
        await member.press("Met" if name != "Emil" else "Not yet", on=member.inbox[-1])
    await turn_to(started, MONDAY)
    *_earlier, posted = [one for one in started.owner.channel("kith-moderators") if "numbers" in one.text]
    assert words(posted) == snapshot(name="posted on Monday")
    assert [file.name for file in posted.files] == ["week.png"]
    assert words(await started.owner.slash("/kith doctor")) == snapshot(name="check-up of a living community")


async def test_a_permission_that_went_missing(started: Stage, snapshot: SnapshotAssertion) -> None:
    board = started.guild.channel("start-here")
    before = list(board.overwrites)
    started.discord.deny(started.guild, board, permissions.SEND_MESSAGES)
    await started.owner.slash("/kith setup")
    await started.owner.press("Post the panel again")
    await started.app.settled()
    assert words(started.owner.channel("kith-moderators")[-1]) == snapshot(name="told")
    assert words(await started.owner.slash("/kith doctor")) == snapshot(name="check-up")
    board.overwrites = before
    started.discord.emit_channel("UPDATE", board)
    assert words(await started.owner.press("Re-check")) == snapshot(name="mended")


async def test_a_part_that_is_off(started: Stage, snapshot: SnapshotAssertion) -> None:
    await started.owner.slash("/kith setup")
    await started.owner.choose("What Kith does here", ["Gig board"])
    await started.app.settled()
    ana = started.guild.member("Ana")
    said = [words(await ana.slash(command)) for command in ("/intro join", "/checkin now", "/pod join")]
    assert said == snapshot(name="to a member")
    assert words(await started.owner.slash("/kith setup")) == snapshot(name="setup")
    panel = next(one for one in ana.channel("start-here") if not one.ephemeral)
    assert words(panel) == snapshot(name="panel")
    assert words(await ana.press("What is this?", on=panel)) == snapshot(name="what is this")


async def test_an_export(started: Stage, snapshot: SnapshotAssertion) -> None:
    await started.clock.advance(timedelta(minutes=1))
    taken = await started.owner.slash("/kith export")
    assert words(taken) == snapshot(name="export")
    assert {file.name: file.content.decode("utf-8-sig") for file in taken.files} == snapshot(name="files")
