"""How the conversations begin, how the bot is restarted, and how a click is forged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.stage import Stage, running

FIRST_ROUND = datetime(2026, 1, 6, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
NASTY = "Hi\u200b **bold** `x` [a](https://example.org) \u202e~~y~~ # z"
SENDS = r"^/channels/\d+/messages$|/channels/\d+/messages$"


@asynccontextmanager
async def community(url: str) -> AsyncIterator[Stage]:
    """A community whose moderator has set everything up and pressed Start."""
    async with Stage.opened(url) as stage:
        await stage.owner.slash("/kith setup city:Lisbon")
        await stage.owner.press("Create what is missing")
        await stage.owner.press("Start")
        await stage.app.settled()
        yield stage


@asynccontextmanager
async def restarted(stage: Stage) -> AsyncIterator[None]:
    """The bot closed, and another started on the same database and Discord."""
    await stage.app.close()
    async with running(stage.url, stage.discord, stage.clock) as app:
        stage.app = app
        yield


async def newcomer(stage: Stage, name: str, niche: str = "energy", city: str = "Lisbon, Portugal") -> Member:
    """A member with a niche and a time zone."""
    member = stage.guild.member(name)
    await member.slash(f'/profile timezone city:"{city}"')
    await member.slash(f"/niche join niche:{niche}")
    return member


async def pass_time(stage: Stage, by: timedelta) -> None:
    """Turn the clock and let the bot do what fell due."""
    await stage.clock.advance(by)
    await stage.app.settled()


async def turn_to(stage: Stage, instant: datetime) -> None:
    """Turn the clock to a moment and let the bot do what fell due."""
    await stage.clock.turn_to(instant)
    await stage.app.settled()


async def emptied(member: Member, *, dm: bool = False) -> bool:
    """Whether `/inbox` says that nothing waits; messages are marked read just after they were shown."""
    for _try in range(100):
        if "Nothing is waiting" in (await member.slash("/inbox", dm=dm)).text:
            return True
        await asyncio.sleep(0.02)
    return False


def having(screens: list[Screen], words: str) -> list[Screen]:
    """The screens with these words."""
    return [screen for screen in screens if words in screen.text]


def gigs_on(member: Member, board: str = "gigs") -> list[Screen]:
    """The gigs on the board as they look now, oldest first, without the pinned guidelines."""
    return [screen for screen in member.channel(board) if "How this board works" not in screen.text]


async def forge(stranger: Member, owner_screen: Screen, label: str) -> Screen:
    """A stranger sends in a button of somebody else's message, as a modified client could."""
    button = owner_screen.find_button(label)
    assert button is not None, owner_screen.text
    public = stranger.channel("general")[0]
    data = {"custom_id": button.custom_id, "component_type": 2}
    return await stranger._use(f"forges {label}", public, data)


def held_values(screen: Screen) -> dict[str, tuple[str, ...]]:
    """What stands in the fields of the form that just opened."""
    assert screen.form is not None, screen.text
    return {field.label: field.values for field in screen.form.fields}
