"""Every screen of the weekly check-in, word for word, in a world that stands still."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.checkins import service
from bot.core.clock import TurnedClock
from sandbox.actors import Member
from sandbox.screen import Screen, Select
from tests.conversations.helpers import WEEK, newcomer, pass_time
from tests.stage import Stage

FIRST = "This week I will …"


def words(screen: Screen) -> str:
    """A screen as words, with what its menus and its form offer; addresses of files are left out."""
    lines = [re.sub(r"https?://\S+", "(address)", screen.text)]
    if screen.form is not None:
        lines.append(screen.form.title)
        for field in screen.form.fields:
            options = ", ".join(option.label for option in field.options)
            lines.append(f"{field.label}: {', '.join(field.values)}" + (f" of {options}" if options else ""))
    for menu in (one for one in screen.controls if isinstance(one, Select)):
        offered = ", ".join(f"[{one.label}]" if one.default else one.label for one in menu.options)
        lines.append(f"{menu.placeholder}: {offered}")
    return "\n".join(lines)


@asynccontextmanager
async def standing_still(url: str) -> AsyncIterator[tuple[Stage, Member]]:
    """A started community and Ana, with a clock that is turned and never runs."""
    async with Stage.opened(url, TurnedClock(frozen=True)) as stage:
        await stage.owner.slash("/kith setup city:Lisbon")
        await stage.owner.press("Create what is missing")
        await stage.owner.press("Start")
        await stage.app.settled()
        yield stage, await newcomer(stage, "Ana")


async def asked(stage: Stage, ana: Member) -> Screen:
    """The first weekly message."""
    await ana.slash('/checkin start day:Monday hour:"10:00"')
    await stage.app.settled()
    await pass_time(stage, timedelta(hours=1, minutes=1))
    return ana.inbox[-1]


async def test_the_screens_of_a_week(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with standing_still(sqlite_url) as (stage, ana):
        prompt = await asked(stage, ana)
        assert words(ana.inbox[-2]) == snapshot(name="welcome")
        assert words(prompt) == snapshot(name="first week")
        assert words(await ana.press("Plan my week", on=prompt)) == snapshot(name="form")
        saved = await ana.submit(
            {FIRST: "Call three clients", "… and": "Rest", "What is in the way?": "pricing"}
        )
        assert words(saved) == snapshot(name="saved")
        await ana.press("Say more about what is stuck", on=saved)
        more = await ana.submit({"What is stuck?": "They asked for a day rate"})
        assert words(more) == snapshot(name="said more")
        await ana.press("Change my week", on=saved)
        assert words(await ana.submit({"… and": "Sleep"})) == snapshot(name="changed")
        await pass_time(stage, WEEK)
        assert words(ana.inbox[-1]) == snapshot(name="with last week")
        assert words(await ana.press("All done", on=ana.inbox[-1])) == snapshot(name="all done")


async def test_the_screens_of_a_week_that_is_not_written(
    sqlite_url: str, snapshot: SnapshotAssertion
) -> None:
    async with standing_still(sqlite_url) as (stage, ana):
        await asked(stage, ana)
        await pass_time(stage, timedelta(days=1))
        reminder = ana.inbox[-1]
        assert words(reminder) == snapshot(name="reminder")
        assert words(await ana.press("Skip this week", on=reminder)) == snapshot(name="reason")
        assert words(await ana.submit({"A reason, if you like": "Flu"})) == snapshot(name="skipped")
        await pass_time(stage, WEEK)
        prompt = ana.inbox[-1]
        await pass_time(stage, timedelta(days=4))
        assert words(await ana.slash("/checkin now")) == snapshot(name="catching up")
        await pass_time(stage, timedelta(days=4))
        assert words(await ana.press("Plan my week", on=prompt)) == snapshot(name="closed")


async def test_the_screens_of_being_away(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with standing_still(sqlite_url) as (stage, ana):
        await asked(stage, ana)
        assert words(await ana.slash("/checkin away")) == snapshot(name="here")
        ahead = await ana.slash('/checkin away from:"12 jan" until:"in 2 weeks"')
        assert words(ahead) == snapshot(name="ahead")
        assert words(await ana.slash("/checkin away from:today")) == snapshot(name="until back")
        assert words(await ana.press("I am back")) == snapshot(name="back")


async def test_the_screens_of_looking_back(
    sqlite_url: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DRAWN_WITHIN", 60.0)  # a slow machine draws the same card
    async with standing_still(sqlite_url) as (stage, ana):
        assert words(await ana.slash("/checkin history")) == snapshot(name="nothing yet")
        await asked(stage, ana)
        for number in range(6):
            if number != 4:
                await ana.press("Plan my week", on=ana.inbox[-1])
                await ana.submit({FIRST: f"Call client {number}", "One win since last time": "A lead"})
            await pass_time(stage, WEEK)
            if number == 4:
                assert words(ana.inbox[-1]) == snapshot(name="prompt after a freeze")
        shown = await ana.slash("/checkin history")
        assert words(shown) == snapshot(name="with a picture")
        older = await ana.press("Older weeks", on=shown)
        assert words(older) == snapshot(name="older weeks")
        assert words(await ana.press("Newer weeks", on=older)) == snapshot(name="with bars")
