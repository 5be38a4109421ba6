"""Discord answers badly, late or not at all: everybody is told once, and nothing is made twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.outbox import Said
from bot.edge.kit import Outgoing
from tests.conversations.helpers import SENDS, having, newcomer
from tests.crash.scene import trial
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, the_round

TROUBLES: dict[str, dict[str, Any]] = {
    "429, an hour": {"status": 429, "retry_after": 3600.0},
    "429, short, of all": {"status": 429, "retry_after": 0.05, "scope": "global"},
    "429, of Cloudflare": {"status": 429, "cloudflare": True},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "502 though done": {"status": 502, "after": True},
    "503 though done": {"status": 503, "after": True},
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
async def test_a_round_reaches_everybody_once(sqlite_url: str, trouble: dict[str, Any]) -> None:
    async with taking_part(sqlite_url) as (stage, members):
        fault = stage.discord.faults.add(method="POST", path=SENDS, times=4, **trouble)
        await the_round(stage)
        await after_a_while(stage, 12)
        assert fault.hits == 4
        assert cards(members) == [1] * len(members)
        assert await given_up(stage.app) == []


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
async def test_a_dm_is_opened_though_opening_fails(sqlite_url: str, trouble: dict[str, Any]) -> None:
    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        ana = await newcomer(stage, "Ana")
        fault = stage.discord.faults.add(method="POST", path="/users/@me/channels$", times=2, **trouble)
        await ana.slash("/intro join")
        await stage.app.settled()
        await after_a_while(stage, 16)
        assert fault.hits == 2
        assert len(having(ana.inbox, "You are in")) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_post_that_was_made_though_discord_says_no_is_not_made_twice(
    sqlite_url: str, status: int
) -> None:
    async def post(said: Said) -> Outgoing | None:
        return await trial(said)

    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        forum = stage.guild.forum("posts")
        stage.app.courier.register({"trial": post})
        async with stage.app.store.write() as session:
            await stage.app.outbox.say(
                session, kind="trial", subject=1, key="trial", recipient=forum.id, target="forum"
            )
        stage.discord.faults.add(method="POST", path="/threads$", status=status, after=True)
        await stage.app.settled()
        await after_a_while(stage)
        posts = [thread for thread in stage.guild.threads.values() if thread.parent_id == forum.id]
        assert len(posts) == 1


async def test_a_post_that_was_put_away_meanwhile_is_found(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        forum = stage.guild.forum("posts")
        stage.app.courier.register({"trial": trial})
        async with stage.app.store.write() as session:
            await stage.app.outbox.say(
                session, kind="trial", subject=1, key="trial", recipient=forum.id, target="forum"
            )
        stage.discord.faults.add(method="POST", path="/threads$", drop="after")
        await stage.app.settled()
        (post,) = [thread for thread in stage.guild.threads.values() if thread.parent_id == forum.id]
        assert post.thread is not None
        post.thread.archived = True
        await after_a_while(stage)
        assert len([one for one in stage.guild.threads.values() if one.parent_id == forum.id]) == 1
        assert await given_up(stage.app) == []


async def test_what_was_said_is_found_in_a_channel_where_much_was_said_since(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        lobby = stage.guild.text_channel("busy")
        stage.app.courier.register({"trial": trial})
        async with stage.app.store.write() as session:
            await stage.app.outbox.say(
                session, kind="trial", subject=1, key="trial", recipient=lobby.id, target="channel"
            )
        stage.discord.faults.add(method="POST", path=SENDS, drop="after")
        await stage.app.settled()
        stage.discord.faults.add(method="POST", path=SENDS, status=503, times=3)
        await stage.clock.advance(timedelta(minutes=5))
        for number in range(120):
            stage.owner.say(f"Hello {number}", channel=lobby)
        await after_a_while(stage)
        said = [one for one in lobby.messages.values() if "Number 1" in str(one.components)]
        assert len(said) == 1


async def test_a_note_about_a_closed_dm_that_fails_is_left_later(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 2) as (stage, (ana, _ben)):
        ana.close_dms()
        stage.discord.faults.add(method="POST", path="/threads$", status=503, times=2)
        await the_round(stage)
        await after_a_while(stage)
        (thread,) = ana.threads()
        assert len(ana.channel(thread)) == 1
        assert len(await stage.app.courier.inbox(ana.id)) == 1
