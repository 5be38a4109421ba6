"""A community whose panel stands, and newcomers who walk through their first five minutes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.clock import TurnedClock
from bot.edge.kit import button
from sandbox.actors import Member
from sandbox.model import Channel
from sandbox.screen import Screen, Select
from tests.stage import Stage

ABOUT = {
    "What you do": ["Data scientist"],
    "Where your business is": "Starting",
    "You can help with": ["Python"],
    "You look for help with": ["Pricing"],
    "How you like to meet": "Voice",
}
LISBON = {"The nearest larger city": "Lisbon"}


@asynccontextmanager
async def founded(url: str, clock: TurnedClock | None = None) -> AsyncIterator[Stage]:
    """A community that was set up and started; its panel stands."""
    async with Stage.opened(url, clock) as stage:
        await stage.owner.slash("/kith setup city:Lisbon")
        await stage.owner.press("Create what is missing")
        await stage.owner.press("Start")
        await stage.app.settled()
        yield stage


def panels(member: Member, channel: str | Channel = "start-here") -> list[Screen]:
    """What everyone sees in the channel of the panel."""
    return [screen for screen in member.channel(channel) if not screen.ephemeral]


def panel(member: Member) -> Screen:
    """The panel as it stands now."""
    (one,) = panels(member)
    return one


async def to_niches(member: Member) -> Screen:
    """Join, and send in the form."""
    await member.press("Join", on=panel(member))
    return await member.submit(ABOUT)


async def to_city(member: Member, niches: str = "energy, ocr") -> Screen:
    """… and search for niches."""
    await to_niches(member)
    await member.press("Search")
    return await member.submit({"Niches": niches})


async def to_confirm(member: Member, niches: str = "energy, ocr") -> Screen:
    """… and say the city."""
    await to_city(member, niches)
    await member.press("Go on: my city")
    return await member.submit(LISBON)


async def to_value(member: Member, niches: str = "energy, ocr") -> Screen:
    """… and confirm the time there."""
    await to_confirm(member, niches)
    return await member.press("Yes")


async def findable(stage: Stage, *names: str) -> list[Member]:
    """Members who walked through everything and let others find them."""
    found = []
    for name in names:
        member = stage.guild.member(name)
        await to_value(member)
        assert "✔ **Findable**" in (await member.press("Let members find me")).text
        found.append(member)
    return found


def menu_of(screen: Screen) -> Select:
    """The only menu of a screen."""
    (menu,) = [one for one in screen.controls if isinstance(one, Select)]
    return menu


def used(stage: Stage, member: Member) -> int:
    """How often this member pressed, chose, typed a command or sent a form."""
    return sum(1 for one in stage.discord.interactions.values() if one.user is member.user)


async def send(member: Member, action: str, *args: object, values: list[str] | None = None) -> Screen:
    """Send in a button or a menu that no card offers, as a modified client could."""
    made = button("…", action, *args).item.custom_id or ""
    data: dict[str, object] = {"custom_id": made, "component_type": 2}
    if values is not None:
        data |= {"component_type": 3, "custom_id": made.replace("k:", "s:", 1), "values": values}
    return await member._use(f"forges {action}", panel(member), data)
