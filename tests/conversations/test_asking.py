"""Asking for one person, pausing, and commands in the DM, as members live them."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    FIRST_ROUND,
    NASTY,
    SENDS,
    WEEK,
    community,
    emptied,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage

FIELD = "Why would you like to meet?"
WHY = "You know water networks and I pitch to a utility."
SAME = "I will ask. If they say yes, you both get a card; if not, you will not hear more"
QUESTION = "would like to meet you"
SOON = timedelta(minutes=5)


async def asks(asker: Member, asked: Member, why: str = WHY) -> Screen:
    """Ask for somebody, by the command."""
    await asker.slash(f"/intro ask member:{asked.name}")
    return await asker.submit({FIELD: why})


async def asked_pair(stage: Stage) -> tuple[Member, Member, Screen]:
    """Ana, who takes no part, asked for Ben, who does; what Ben reads."""
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    await ben.slash("/intro join")
    assert SAME in (await asks(ana, ben)).text
    await stage.app.settled()
    return ana, ben, having(ben.inbox, QUESTION)[0]


async def test_a_yes_brings_both_a_card(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, question = await asked_pair(stage)
        assert "Data Collective" in question.text
        assert WHY in question.text
        assert ana.inbox == []
        assert "You said yes" in (await ben.press("Yes, introduce us", on=question)).text
        await stage.app.settled()
        assert having(ana.inbox, "Meet Ben")
        assert having(ben.inbox, "Meet Ana")
        assert "introduced already" in (await ana.slash(f"/intro ask member:{ben.name}")).text
        assert "Lovely" in (await ana.press("Met", on=having(ana.inbox, "Meet Ben")[0])).text
        assert "Ben" in (await ana.slash("/intro history")).text


async def test_after_a_no_the_asker_never_hears_anything(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, question = await asked_pair(stage)
        assert "hears nothing about it" in (await ben.press("No, thank you", on=question)).text
        for _week in range(12):
            await pass_time(stage, WEEK)
        assert ana.inbox == []
        assert await emptied(ana)
        assert not having(ben.inbox, "Meet Ana")


async def test_whoever_is_asked_the_answer_is_the_same(sqlite_url: str) -> None:
    """Taking part, not taking part, keeping apart, never seen by Kith: word for word, and no message."""
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        cleo, dan = await newcomer(stage, "Cleo"), stage.guild.member("Dan")
        await ben.slash("/intro join")
        await ben.slash("/intro avoid member:Ana")
        eve = await newcomer(stage, "Eve")
        await eve.slash("/intro join")
        answers = [(await asks(ana, other)).text for other in (ben, cleo, dan, eve)]
        assert len(set(answers)) == 1
        assert SAME in answers[0]
        await stage.app.settled()
        for other in (ben, cleo, dan):
            assert not having(other.inbox, QUESTION)
            assert await emptied(other)
        assert having(eve.inbox, QUESTION)
        again = [(await ana.slash(f"/intro ask member:{other.name}")).text for other in (ben, cleo)]
        assert again[0].replace("Ben", "…") == again[1].replace("Cleo", "…")
        assert "You asked Ben already" in again[0]


async def test_the_menu_of_a_person_asks_too_and_bots_and_oneself_are_refused(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        assert "That is you" in (await ana.menu("Introduce us", ana)).text
        await ana.menu("Introduce us", ben)
        assert "A little more" in (await ana.submit({FIELD: "Hello there"})).text
        again = await ana.press("Open it again, filled in")
        assert held_values(again)[FIELD] == ("Hello there",)
        assert SAME in (await ana.submit({FIELD: WHY})).text
        cleo = stage.guild.member("Cleo")
        assert "Two things first" in (await cleo.slash("/intro ask member:Ben")).text


async def test_pressed_twice_and_on_two_devices_introduces_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, question = await asked_pair(stage)
        await ben.press("Yes, introduce us", on=question)
        again = await forge(ben, question, "Yes, introduce us")
        assert "You said yes already" in again.text
        assert "You said yes already" in (await forge(ben, question, "No, thank you")).text
        await stage.app.settled()
        assert len(having(ana.inbox, "Meet Ben")) == 1
        assert len(having(ben.inbox, "Meet Ana")) == 1


async def test_strangers_cannot_answer_and_the_asker_cannot_either(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, question = await asked_pair(stage)
        dan = stage.guild.member("Dan")
        for other in (dan, ana):
            for label in ("Yes, introduce us", "No, thank you"):
                assert "belongs to someone else" in (await forge(other, question, label)).text
        await stage.app.settled()
        assert ana.inbox == []


async def test_a_hostile_reason_is_harmless(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await ben.slash("/intro join")
        assert SAME in (await asks(ana, ben, NASTY)).text
        await stage.app.settled()
        text = having(ben.inbox, QUESTION)[0].text
        assert "**bold**" not in text
        assert "\u202e" not in text
        assert "[a](" not in text


async def test_who_leaves_meanwhile_is_asked_nothing_any_more(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, question = await asked_pair(stage)
        await ben.press("Leave introductions", on=question)
        assert "no longer open" in (await ben.press("Yes, introduce us", on=question)).text
        await stage.app.settled()
        assert ana.inbox == []


async def test_a_question_can_be_reported(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, question = await asked_pair(stage)
        await ben.press("Report", on=question)
        sent = await ben.submit({"What is wrong?": "Spam or scam"})
        assert "Thank you for telling us" in sent.text


async def test_a_question_asked_before_a_restart_is_answered_after_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, question = await asked_pair(stage)
        async with restarted(stage):
            await ben.press("Yes, introduce us", on=question)
            await stage.app.settled()
            assert having(ana.inbox, "Meet Ben")
            assert having(ben.inbox, "Meet Ana")


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}, {"drop": "before"}])
async def test_a_question_that_failed_to_arrive_arrives_once(
    sqlite_url: str, fault: dict[str, object]
) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await ben.slash("/intro join")
        await stage.app.settled()
        await asks(ana, ben)
        struck = stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await stage.app.settled()
        assert struck.hits == 1
        for _time in range(2):
            await pass_time(stage, timedelta(minutes=10))
        assert len(having(ben.inbox, QUESTION)) == 1


async def test_a_pause_holds_introductions_back_and_ends_by_itself(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for member in (ana, ben):
            await member.slash("/intro join")
        offered = await ana.autocomplete("/intro pause until:")
        assert [name.partition(" · ")[0] for name, _day in offered] == [
            "1 week",
            "2 weeks",
            "4 weeks",
            "8 weeks",
        ]
        assert offered[1][1] == "2026-01-19"
        assert "could not read" in (await ana.slash("/intro pause until:whenever")).text
        assert "Paused" in (await ana.slash('/intro pause until:"in 2 weeks"')).text
        assert "I bring you back" in (await ana.slash("/intro next")).text
        await turn_to(stage, FIRST_ROUND)
        assert not having(ana.inbox, "Meet Ben")
        assert having(ben.inbox, "No introduction this time")
        for _week in range(2):
            await pass_time(stage, WEEK)
        assert having(ana.inbox, "Meet Ben")


async def test_join_brings_back_early_and_says_what_the_wishes_mean(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/intro join")
        await ana.slash('/intro pause until:"in 8 weeks"')
        back = await ana.slash("/intro join extra:True seats:2")
        assert "You are in" in back.text
        assert "glad to meet one more" in back.text
        assert "2 roundtables a month" in back.text
        assert "I bring you back" not in (await ana.slash("/intro next")).text


async def test_in_the_dm_one_community_is_assumed_and_several_give_a_menu(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stranger = stage.guild.member("Zoe")
        assert "Use this command once in a server" in (await stranger.slash("/intro next", dm=True)).text
        ana = await newcomer(stage, "Ana")
        assert "You are in" in (await ana.slash("/intro join", dm=True)).text
        await stage.app.settled()
        assert having(ana.inbox, "You are in · Data Collective")
        other = stage.discord.guild("Map Makers", owner="Olga")
        other.text_channel("general")
        there = other.member("Ana")
        assert there.id == ana.id
        await there.slash("/niche join niche:energy")
        asked = await ana.slash("/intro next", dm=True)
        assert "Which community?" in asked.text
        chosen = await ana.choose("Choose a community", "Map Makers", on=asked)
        assert "not taking part" in chosen.text
        asked = await ana.slash('/intro pause until:"in 2 weeks"', dm=True)
        async with restarted(stage):
            paused = await ana.choose("Choose a community", "Data Collective", on=asked)
            assert "Paused · Data Collective" in paused.text
            assert "Which community?" not in paused.text
            assert "server" in (await ana.slash("/intro ask member:Ana", dm=True)).text


async def test_a_forged_community_is_refused(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        other = stage.discord.guild("Map Makers", owner="Olga")
        other.text_channel("general")
        await other.member("Ana").slash("/niche join niche:energy")
        asked = await ana.slash("/intro join", dm=True)
        menu = asked.find_select("Choose a community")
        assert menu is not None
        for place in ("1", str(stage.guild.id) + "0", "x"):
            data = {"custom_id": menu.custom_id, "component_type": 3, "values": [place]}
            assert "Use this command once" in (await ana._use("forges", asked, data)).text
        data = {
            "custom_id": "s:intro.where:nonsense",
            "component_type": 3,
            "values": [str(stage.guild.id)],
        }
        assert "older version" in (await ana._use("forges", asked, data)).text
