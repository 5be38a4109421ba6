"""/help, /inbox and /stop: they work everywhere, and /stop means it."""

from datetime import timedelta

from tests.conversations.helpers import (
    FIRST_ROUND,
    WEEK,
    community,
    emptied,
    forge,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.conversations.test_gigs import GIG, post


async def test_stop_silences_everything_everywhere(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for member in (ana, ben):
            await member.slash("/intro join")
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        await post(ana, GIG)
        await stage.app.settled()
        heard = len(ana.inbox)
        assert heard == 2
        asked = await ana.slash("/stop")
        assert "Stop all messages?" in asked.text
        assert "All messages are stopped" in (await ana.press("Stop all messages", on=asked)).text
        too_late = await ben.press("I'm interested", on=ben.channel("gigs")[-1])
        assert too_late.form is None
        await turn_to(stage, FIRST_ROUND)
        for _week in range(3):
            await pass_time(stage, WEEK)
        assert len(ana.inbox) == heard
        assert ana.threads() == []
        assert await emptied(ana)


async def test_stop_works_in_the_dm_and_drops_what_still_waits(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/intro join")
        asked = await ana.slash("/stop", dm=True)
        async with restarted(stage):
            assert "stopped" in (await ana.press("Stop all messages", on=asked)).text
            assert "stopped" in (await forge(ana, asked, "Stop all messages")).text
            await pass_time(stage, timedelta(hours=1))
            assert len(ana.inbox) <= 1  # the question of /stop itself, answered in the DM
            assert not [screen for screen in ana.inbox if "You are in" in screen.text]


async def test_nobody_can_stop_somebody_else(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), stage.guild.member("Ben")
        await ana.slash("/intro join")
        asked = await ana.slash("/stop")
        assert "belongs to someone else" in (await forge(ben, asked, "Stop all messages")).text
        await stage.app.settled()
        assert len(ana.inbox) == 1


async def test_who_stopped_can_come_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/intro join")
        await stage.app.settled()
        await ana.slash("/stop")
        await ana.press("Stop all messages")
        assert "You are in" in (await ana.slash("/intro join")).text
        await pass_time(stage, timedelta(minutes=1))
        await turn_to(stage, FIRST_ROUND)
        assert "No introduction this time" in ana.inbox[-1].text


async def test_help_and_an_empty_inbox_answer_in_the_dm_too(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for dm in (False, True):
            assert "What you can do" in (await ana.slash("/help", dm=dm)).text
            assert await emptied(ana, dm=dm)


async def test_every_command_named_in_help_exists(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        paths = {
            " ".join(filter(None, (command["name"], part.get("name") if part.get("type") == 1 else "")))
            for commands in stage.discord.commands.values()
            for command in commands
            for part in (command.get("options") or [{}])
        }
        told = (await stage.guild.member("Ana").slash("/help")).text
        named = {line.split("`")[1].removeprefix("/") for line in told.splitlines() if line.startswith("`/")}
        assert len(named) > 5
        assert named <= paths
