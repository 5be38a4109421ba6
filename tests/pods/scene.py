"""A running community in which members check in, wish for a pod and are in one, over the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sandbox.actors import Member
from sandbox.model import Channel
from sandbox.screen import Screen
from tests.conversations.helpers import newcomer, turn_to
from tests.stage import Stage

FORMING = datetime(2026, 1, 12, 9, tzinfo=UTC)
DIGEST = datetime(2026, 1, 18, 18, tzinfo=UTC)
SOON, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
FIRST, WIN = "This week I will …", "One win since last time"
SEES = "What my pod sees of my weeks"


async def checking_in(stage: Stage, name: str) -> Member:
    """A member whose check-ins are on, far from everything else that falls due."""
    member = await newcomer(stage, name)
    await member.slash('/checkin start day:Wednesday hour:"10:00"')
    return member


async def wishing(stage: Stage, *people: str) -> list[Member]:
    """Members on the list."""
    members = []
    for name in people:
        member = await checking_in(stage, name)
        offer = await member.slash("/pod join")
        assert "You are on the list." in (await member.press("Join a pod", on=offer)).text
        members.append(member)
    return members


async def invited(stage: Stage, *people: str) -> list[Member]:
    """Members who are asked about one pod."""
    members = await wishing(stage, *people)
    await turn_to(stage, FORMING + SOON)
    return members


def latest(member: Member, words: str) -> Screen:
    """The latest DM with these words."""
    return [screen for screen in member.inbox if words in screen.text][-1]


async def podded(stage: Stage, *people: str) -> list[Member]:
    """Members in a pod that has begun."""
    members = await invited(stage, *people)
    for member in members:
        await member.press("I am in", on=latest(member, "A pod for you?"))
    await stage.app.settled()
    return members


def room(stage: Stage) -> Channel:
    """The one thread of a pod that there is."""
    (thread,) = [one for one in stage.guild.threads.values() if one.name.startswith("Our pod")]
    return thread


async def written(member: Member, text: str, win: str = "") -> Screen:
    """The member writes this week."""
    await member.press("Plan my week", on=await member.slash("/checkin now"))
    return await member.submit({FIRST: text, WIN: win})
