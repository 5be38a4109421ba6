"""What people do by hand, or Discord does to them, in the middle of a round: full, closed, left, deleted.

More of the kind stands with the features: a deleted role (niches), thread (pods), post, forum and message
(gigs), channel (moderators); who left the server (gigs, introductions).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.model import Channel
from tests.conversations.helpers import having, newcomer
from tests.conversations.test_gigs import GIG, post
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, the_round, waiting
from tests.stage import Stage

DAY = timedelta(days=1)


def posts(stage: Stage) -> list[Channel]:
    return [one for one in stage.guild.threads.values() if one.name == GIG["Title"]]


@pytest.mark.parametrize(("code", "words"), [(160006, "full of open posts"), (40067, "needs a tag")])
async def test_a_forum_that_takes_no_post_is_told_once_and_gets_it_when_it_does(
    sqlite_url: str, code: int, words: str
) -> None:
    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        ana = await newcomer(stage, "Ana")
        full = stage.discord.faults.add(method="POST", path=r"/threads$", status=400, code=code, times=-1)
        assert "on its way" in (await post(ana, GIG)).text
        await stage.app.settled()
        await after_a_while(stage, 12)
        assert full.hits > 1
        assert len(having(stage.owner.channel("kith-moderators"), words)) == 1
        assert posts(stage) == []
        stage.discord.faults.clear()
        await after_a_while(stage)
        assert len(posts(stage)) == 1
        assert await given_up(stage.app) == []


async def test_closed_dms_and_dms_opened_too_fast_hold_nobody_else_up(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 6) as (stage, members):
        members[0].close_dms()
        stage.discord.dm_limit.number = 0
        newcomers = [await newcomer(stage, f"New {number}") for number in range(2)]
        for member in newcomers:
            await member.slash("/intro join")
        await stage.app.settled()
        await the_round(stage)
        assert cards(members) == [0, 1, 1, 1, 1, 1]
        assert len(await stage.app.courier.inbox(members[0].id)) == 1
        stage.discord.dm_limit.number = 1000
        for _quarter in range(5):
            await stage.clock.advance(timedelta(hours=6, minutes=5))
            await stage.app.settled()
        assert cards(newcomers) == [1, 1]
        assert await given_up(stage.app) == []


async def test_who_left_the_server_is_not_written_to_and_the_others_are(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 6) as (stage, members):
        members[0].leave()
        await the_round(stage)
        await after_a_while(stage, 12)
        assert cards(members)[0] == 0
        assert max(cards(members[1:])) == 1
        assert await waiting(stage.app) == {}


async def test_a_message_that_a_moderator_deleted_is_not_edited_for_ever(sqlite_url: str) -> None:
    async with taking_part(sqlite_url, 0) as (stage, _nobody):
        ana = await newcomer(stage, "Ana")
        assert "on its way" in (await post(ana, GIG)).text
        await stage.app.settled()
        (thread,) = posts(stage)
        for message in list(thread.messages.values()):
            stage.guild.delete_message(message)
        await ana.slash("/privacy delete")
        await stage.clock.advance(DAY)
        await stage.app.settled()
        await after_a_while(stage)
        assert await waiting(stage.app) == {}
