"""Setup and check-up over the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.core.clock import TurnedClock
from sandbox.line import Impossible
from tests.stage import Stage


@pytest.fixture
async def stage(sqlite_url: str, clock: TurnedClock) -> AsyncIterator[Stage]:
    async with Stage.opened(sqlite_url, clock) as opened:
        yield opened


async def test_a_moderator_sets_up_starts_and_checks(stage: Stage) -> None:
    screen = await stage.owner.slash("/kith setup city:Lisbon hour:18")
    assert "18:00, Europe/Lisbon" in screen.text
    screen = await stage.owner.press("City, day and hour")
    screen = await stage.owner.submit({"City": "lviv", "Hour of the introductions": "noonish"})
    assert "hour" in screen.text
    screen = await stage.owner.press("Open it again, filled in")
    screen = await stage.owner.submit({"Hour of the introductions": "9 am"})
    assert "09:00, Europe/Kyiv" in screen.text
    screen = await stage.owner.slash("/kith doctor")
    assert "✖" in screen.text or "Everything" in screen.text


async def test_create_what_is_missing_makes_channels_the_doctor_approves(stage: Stage) -> None:
    await stage.owner.slash("/kith setup")
    screen = await stage.owner.press("Create what is missing")
    assert "Created." in screen.text
    screen = await stage.owner.press("Start")
    assert "Started" in screen.text
    screen = await stage.owner.press("Check permissions")
    assert "Everything is in place" in screen.text, screen.text


async def test_a_member_may_not_press_what_is_for_moderators(stage: Stage) -> None:
    await stage.app.settled()
    ana = stage.guild.member("Ana")
    with pytest.raises(Impossible):
        await ana.slash("/kith doctor")
    hello = ana.channel("general")[-1]
    assert "Nothing is sent to members until you press Start" in hello.text
    screen = await ana.press("Check permissions", on=hello)
    assert "This is for moderators" in screen.text
