"""A community in which Kith brought everybody together, for the conversations about circles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import TurnedClock
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import newcomer
from tests.stage import Stage

HOW, WHEN, NOTE = "How did you meet?", "When?", "A note for yourself"
STEP, BY = "What will you do next?", "By when?"


async def everybody(_session: AsyncSession, _one: int, _other: int) -> bool:
    """Say that these two were brought together."""
    return True


@asynccontextmanager
async def acquainted(
    url: str, clock: TurnedClock | None = None
) -> AsyncIterator[tuple[Stage, Member, Member]]:
    """A running community with Ana and Ben in it, who know each other."""
    async with Stage.opened(url, clock) as stage:
        await stage.owner.slash("/kith setup city:Lisbon")
        await stage.owner.press("Create what is missing")
        await stage.owner.press("Start")
        await stage.app.settled()
        stage.app.people.acquainted.append(everybody)
        yield stage, await newcomer(stage, "Ana"), await newcomer(stage, "Ben")


async def with_ben(ana: Member) -> Screen:
    """Ana keeps a circle and has put Ben into it."""
    await ana.press("Keep my circle", on=await ana.slash("/circle"))
    return await ana.slash("/circle member:Ben")


async def met_at_an_event(
    ana: Member, on: Screen, day: str = "", note: str = "", label: str = "We met"
) -> Screen:
    """Ana writes down that they met."""
    await ana.press(label, on=on)
    return await ana.submit({HOW: "At an event", WHEN: day, NOTE: note})
