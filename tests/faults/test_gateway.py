"""The gateway in trouble: whatever it does, members are answered, once, and the round reaches them once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.core.errors import ShutOut
from tests.conversations.helpers import having
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, the_round
from tests.stage import Stage

Trouble = Callable[[Stage], Awaitable[None]]


async def closed(stage: Stage) -> None:
    await stage.discord.close_gateway(4000)


async def session_over(stage: Stage) -> None:
    await stage.discord.close_gateway(4009, forget=True)


async def reconnect(stage: Stage) -> None:
    await stage.discord.reconnect()


async def resumable(stage: Stage) -> None:
    await stage.discord.invalidate(resumable=True)


async def invalid(stage: Stage) -> None:
    await stage.discord.invalidate()


async def cut(stage: Stage) -> None:
    stage.discord.drop()


TROUBLES = [closed, session_over, reconnect, resumable, invalid, cut]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
async def test_members_are_answered_after_it_and_the_round_is_sent_during_it(
    sqlite_url: str, trouble: Trouble
) -> None:
    async with taking_part(sqlite_url, 4) as (stage, members):
        gateway = stage.discord.gateway
        before = len(gateway.identifies) + gateway.resumes
        await trouble(stage)
        await the_round(stage)
        async with asyncio.timeout(15):
            while len(gateway.identifies) + gateway.resumes == before:  # noqa: ASYNC110 - real time
                await asyncio.sleep(0.02)
            await stage.discord.connected()
        await stage.app.settled()
        assert cards(members) == [1] * 4
        for member in members:
            assert "Energy" in (await member.slash("/profile view")).text
        greetings = having(stage.owner.channel("general"), "Kith is here")
        assert len(greetings) <= 1


@pytest.mark.parametrize(
    ("code", "mends"),
    [(4004, "Reset Token"), (4010, "KITH_SHARD_IDS"), (4011, "KITH_SHARD_COUNT"), (4014, "Privileged")],
)
async def test_what_discord_would_refuse_again_ends_in_words(sqlite_url: str, code: int, mends: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        await stage.discord.close_gateway(code)
        async with asyncio.timeout(15):
            with pytest.raises(ShutOut, match=mends):
                await stage.app.wait_closed()


@pytest.mark.parametrize("disorder", ["duplicates", "out_of_order"])
async def test_what_comes_twice_or_in_another_order_is_done_once(sqlite_url: str, disorder: str) -> None:
    async with taking_part(sqlite_url, 2) as (stage, (ana, ben)):
        getattr(stage.discord, disorder)()
        gone = stage.guild.text_channel("gone")
        stage.guild.delete_channel(gone)
        results = await asyncio.gather(
            ana.slash('/checkin start day:Monday hour:"10:00"'),
            ben.slash('/checkin start day:Monday hour:"10:00"'),
        )
        assert all("Check-ins are on" in result.text for result in results)
        await the_round(stage)
        await after_a_while(stage)
        assert cards([ana, ben]) == [1, 1]
        assert len(having(ana.inbox, "Check-ins")) == len(having(ben.inbox, "Check-ins")) <= 1
        assert await given_up(stage.app) == []


async def test_a_server_that_is_away_for_a_while_loses_nothing(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 4) as (stage, members):
        stage.discord.outage(stage.guild)
        await the_round(stage)
        await after_a_while(stage)
        stage.discord.restore(stage.guild)
        await after_a_while(stage, 12)
        assert cards(members) == [1] * 4
        assert await given_up(stage.app) == []
        assert "Energy" in (await members[0].slash("/profile view")).text


async def test_kith_removed_and_added_again_goes_on_with_those_who_are_there(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 4) as (stage, members):
        stage.discord.remove_bot(stage.guild)
        await asyncio.sleep(0.1)
        await the_round(stage)
        await after_a_while(stage)
        assert sum(cards(members)) == 0
        stage.discord.invite_bot(stage.guild)
        await asyncio.sleep(0.1)
        await after_a_while(stage, 2)
        assert max(cards(members)) <= 1
        assert await given_up(stage.app) == []
