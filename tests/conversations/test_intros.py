"""Introductions: joining, the card, the answers, and what happens when Discord fails."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
from tests.conversations.helpers import (
    FIRST_ROUND,
    NASTY,
    SENDS,
    WEEK,
    community,
    emptied,
    forge,
    having,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage

SOON = timedelta(minutes=5)


async def pair(stage: Stage) -> tuple[Member, Member]:
    """Two members who will meet in the first round."""
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    for member in (ana, ben):
        await member.slash("/intro join")
    await stage.app.settled()
    return ana, ben


async def test_two_members_are_introduced_with_reasons_and_asked_a_week_later(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await pair(stage)
        assert "You are in" in ana.inbox[-1].text
        await turn_to(stage, FIRST_ROUND)
        card = ana.inbox[-1]
        assert "Meet Ben" in card.text
        assert "You share Energy" in card.text
        assert "Data Collective" in card.text
        assert "Lovely, noted as met" in (await ana.press("Met", on=card)).text
        await pass_time(stage, WEEK)
        assert having(ben.inbox, "Did you meet Ana?")
        assert not having(ana.inbox, "Did you meet")
        asked = having(ben.inbox, "Did you meet Ana?")[0]
        assert "That is all right" in (await ben.press("It didn't happen", on=asked)).text
        assert "Ben" in (await ana.slash("/intro history")).text


async def test_joining_without_a_niche_and_a_city_says_what_to_do_first(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        assert "Two things first" in (await ana.slash("/intro join")).text
        await ana.slash("/niche join niche:energy")
        assert "tell me your city" in (await ana.slash("/intro join")).text
        await stage.app.settled()
        assert ana.inbox == []


async def test_second_clicks_and_strangers_change_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await pair(stage)
        assert "You are in already" in (await ana.slash("/intro join")).text
        await turn_to(stage, FIRST_ROUND)
        card = ana.inbox[-1]
        assert "belongs to someone else" in (await forge(ben, card, "Met")).text
        assert "belongs to someone else" in (await forge(ben, card, "Leave introductions")).text
        await ana.press("Met", on=card)
        assert "Noted already: Met" in (await ana.press("Met", on=card)).text
        assert "no hurry" in (await ana.press("Not yet", on=card)).text
        await ana.press("Leave introductions", on=card)
        again = await ana.press("Leave introductions", on=card)
        assert "You were not taking part" in again.text


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}, {"drop": "before"}])
@pytest.mark.parametrize("wait", [timedelta(seconds=30), timedelta(minutes=10)])
async def test_a_failed_dm_arrives_exactly_once(
    sqlite_url: str, fault: dict[str, object], wait: timedelta
) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/intro join")
        struck = stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await stage.app.settled()
        assert struck.hits == 1
        await pass_time(stage, wait)
        await pass_time(stage, wait)
        assert len(having(ana.inbox, "You are in")) == 1


async def test_a_closed_dm_goes_to_the_inbox_with_a_note_in_a_private_thread(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        ana.close_dms()
        await ana.slash("/intro join")
        await stage.app.settled()
        assert ana.inbox == []
        (thread,) = ana.threads()
        note = ana.channel(thread)[-1]
        assert "Something for you" in note.text
        assert "introduce" not in note.text
        opened = await ana.press("Open", on=note)
        assert "I will introduce you" in opened.text
        assert opened.ephemeral
        assert await emptied(ana)
        assert "Nothing is waiting" in (await stage.owner.press("Open", on=note)).text


async def test_buttons_sent_before_a_restart_work_after_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await pair(stage)
        await turn_to(stage, FIRST_ROUND)
        in_guild = await ben.slash("/intro next")
        async with restarted(stage):
            assert "Lovely" in (await ana.press("Met", on=ana.inbox[-1])).text
            left = await ben.press("Leave introductions", on=in_guild)
            assert "no more introductions" in left.text
            await pass_time(stage, WEEK)
            assert having(ana.inbox, "No introduction this time")
            assert len(having(ben.inbox, "Meet ")) == 1


async def test_a_nasty_headline_is_harmless_on_the_card(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await pair(stage)
        await ben.slash("/profile edit")
        await ben.submit({"Headline": NASTY})
        await turn_to(stage, FIRST_ROUND)
        card = having(ana.inbox, "Meet Ben")[0]
        assert "Hi" in card.text
        assert "**bold**" not in card.text
        assert "\u202e" not in card.text


async def test_people_who_would_rather_not_meet_are_never_introduced(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await pair(stage)
        assert "Nobody is told" in (await ana.slash(f"/intro avoid member:{ben.name}")).text
        assert "That is you" in (await ana.slash("/intro avoid member:Ana")).text
        await turn_to(stage, FIRST_ROUND)
        assert having(ana.inbox, "No introduction this time")
        assert not having(ben.inbox, "Meet ")


async def test_a_wish_to_avoid_somebody_is_taken_back(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await pair(stage)
        kept_apart = await ana.slash(f"/intro avoid member:{ben.name}")
        assert "someone else" in (await forge(ben, kept_apart, "Undo")).text
        async with restarted(stage):
            assert "is gone" in (await ana.press("Undo", on=kept_apart)).text
            again = await ana.slash(f"/intro avoid member:{ben.name}")
            for _twice in range(2):
                assert "is gone" in (await forge(ana, again, "Undo")).text
            await turn_to(stage, FIRST_ROUND)
            assert having(ana.inbox, "Meet ")
            assert having(ben.inbox, "Meet ")


async def test_a_pause_holds_every_message_back_until_resume(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await stage.owner.slash("/kith pause")
        await ana.slash("/intro join")
        await pass_time(stage, SOON)
        assert ana.inbox == []
        assert "Resumed" in (await stage.owner.slash("/kith resume")).text
        await pass_time(stage, timedelta(minutes=15))
        assert len(ana.inbox) == 1
