"""Stuck, and somebody who can help, as members live it."""

from datetime import timedelta

import pytest

from bot.checkins.tables import Checkin
from bot.people.service import ProfileEdit, Who
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    SENDS,
    community,
    emptied,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.stage import Stage

FIELD = "What may they read?"
QUESTION = "could use your help"
WORDS = "How do I name a day rate?"
OWN = "I said too little again."
WEEK_AND_A_BIT = timedelta(days=7, minutes=1)


def who(stage: Stage, member: Member) -> Who:
    return Who(stage.guild.id, "Data Collective", member.id, member.name)


async def helper(stage: Stage, name: str, *offers: str) -> Member:
    """A member who takes part in introductions and offers something."""
    member = await newcomer(stage, name)
    await stage.app.people.edit_profile(who(stage, member), ProfileEdit(offers=offers or ("pricing",)))
    await member.slash("/intro join")
    return member


async def stuck(stage: Stage, name: str = "Ana", topic: str = "pricing") -> Member:
    """A member who just wrote that something is in the way."""
    member = await newcomer(stage, name)
    now = stage.clock.now()
    async with stage.app.store.write() as session:
        row = await stage.app.people.known(session, who(stage, member))
        session.add(
            Checkin(
                member_id=row.id,
                week="2026-01-05",
                prompted_at=now,
                closes_at=now + timedelta(days=2),
                answered_at=now,
                state="answered",
                stuck=topic,
                stuck_words=OWN,
            )
        )
    return member


async def asks(member: Member, words: str | None = WORDS) -> Screen:
    """Ask for help, by the command."""
    await member.slash("/checkin help")
    await member.press("Choose what to share")
    return await member.submit({} if words is None else {FIELD: words})


async def asked(stage: Stage) -> tuple[Member, list[Member], list[Screen]]:
    """Ana asked Ben and Cleo; what each of them reads."""
    helpers = [await helper(stage, name) for name in ("Ben", "Cleo")]
    ana = await stuck(stage)
    assert "I ask 2 members about this: Pricing" in (await asks(ana)).text
    await stage.app.settled()
    return ana, helpers, [having(one.inbox, QUESTION)[0] for one in helpers]


async def test_stuck_share_yes_and_both_get_a_card(database_url: str) -> None:
    async with community(database_url) as stage:
        ben = await helper(stage, "Ben")
        ana = await stuck(stage)
        offer = await ana.slash("/checkin help")
        assert "**1 member** offers help with this: Pricing" in offer.text
        assert "Ben" not in offer.text
        assert offer.ephemeral
        form = await ana.press("Choose what to share")
        assert held_values(form)[FIELD] == (OWN,)
        done = await ana.submit({FIELD: WORDS})
        assert "I ask 1 member about this: Pricing" in done.text
        assert "Ben" not in done.text
        await stage.app.settled()
        question = having(ben.inbox, QUESTION)[0]
        assert "Data Collective" in question.text
        assert WORDS in question.text
        assert OWN not in question.text
        assert question.find_button("Stop all messages")
        assert ana.inbox == []
        assert "You said yes" in (await ben.press("Yes, introduce us", on=question)).text
        await stage.app.settled()
        assert having(ana.inbox, "Meet Ben")
        assert having(ben.inbox, "Meet Ana")
        assert "Somebody said yes" in (await ana.slash("/checkin help")).text
        assert "Lovely" in (await ana.press("Met", on=having(ana.inbox, "Meet Ben")[0])).text


async def test_the_listed_are_named_before_anybody_is_asked(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = await helper(stage, "Ben")
        await stage.app.people.list_me(who(stage, ben), listed=True)
        ana = await stuck(stage)
        assert "You can find in the directory: **Ben**" in (await ana.slash("/checkin help")).text
        await stage.app.settled()
        assert not having(ben.inbox, QUESTION)


async def test_two_yes_make_one_introduction_and_the_second_is_thanked(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, (ben, cleo), (to_ben, to_cleo) = await asked(stage)
        await ben.press("Yes, introduce us", on=to_ben)
        thanks = await cleo.press("Yes, introduce us", on=to_cleo)
        assert "Somebody was faster" in thanks.text
        assert "Thank you" in thanks.text
        assert "You said yes already" in (await forge(ben, to_ben, "Yes, introduce us")).text
        assert "You said yes already" in (await forge(ben, to_ben, "Not now")).text
        await stage.app.settled()
        assert having(ana.inbox, "Meet Ben")
        assert not having(ana.inbox, "Meet Cleo")
        assert not having(cleo.inbox, "Meet Ana")


async def test_after_a_no_and_a_silence_the_asker_hears_once_and_kindly(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, (ben, _cleo), (to_ben, to_cleo) = await asked(stage)
        assert "hears nothing about it" in (await ben.press("Not now", on=to_ben)).text
        assert "you hear from me by" in (await ana.slash("/checkin help")).text
        assert ana.inbox == []
        await pass_time(stage, WEEK_AND_A_BIT)
        (said,) = having(ana.inbox, "Nobody found the time")
        assert "says nothing about you" in said.text
        assert "`/find offer:Pricing`" in said.text
        assert "Ben" not in said.text
        assert said.find_button("Stop all messages")
        assert "no longer open" in (await forge(_cleo, to_cleo, "Yes, introduce us")).text
        again = await ana.press("Ask others", on=said)
        assert "nobody here whom I can ask now about this: Pricing" in again.text
        await pass_time(stage, timedelta(days=20))
        assert len(having(ana.inbox, "Nobody found the time")) == 1


async def test_with_nobody_who_offers_it_the_answer_is_honest(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await helper(stage, "Ben")
        ana = await stuck(stage, topic="contracts")
        answer = await ana.slash("/checkin help")
        assert "nobody here whom I can ask now about this: Contracts" in answer.text
        assert "`/find offer:Contracts`" in answer.text
        assert "Tell me when someone comes" in answer.text
        tech = await stuck(stage, "Tim", topic="tech")
        assert "`/profile edit`" in (await tech.slash("/checkin help")).text
        eve = await newcomer(stage, "Eve")
        assert "`/checkin now`" in (await eve.slash("/checkin help")).text


async def test_hostile_words_are_harmless_and_too_many_come_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = await helper(stage, "Ben")
        ana = await stuck(stage)
        refused = await asks(ana, "x" * 400)
        assert "300" in refused.text
        form = await ana.press("Open it again, filled in", on=refused)
        assert held_values(form)[FIELD] == ("x" * 400,)
        assert "I ask 1 member" in (await ana.submit({FIELD: NASTY})).text
        await stage.app.settled()
        text = having(ben.inbox, QUESTION)[0].text
        assert "Hi" in text
        for hostile in ("**bold**", "\u202e", "\u200b", "[a]("):
            assert hostile not in text


async def test_nothing_has_to_be_shared(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = await helper(stage, "Ben")
        ana = await stuck(stage)
        assert "I ask 1 member" in (await asks(ana, "")).text
        await stage.app.settled()
        question = having(ben.inbox, QUESTION)[0]
        assert "Pricing" in question.text
        assert OWN not in question.text


async def test_strangers_can_neither_answer_nor_ask_in_anothers_name(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, (ben, _cleo), (to_ben, _to_cleo) = await asked(stage)
        for other in (stage.guild.member("Dan"), ana):
            for label in ("Yes, introduce us", "Not now"):
                assert "belongs to someone else" in (await forge(other, to_ben, label)).text
        await pass_time(stage, WEEK_AND_A_BIT)
        said = having(ana.inbox, "Nobody found the time")[0]
        assert "belongs to someone else" in (await forge(ben, said, "Ask others")).text


@pytest.mark.parametrize("argument", ["0", "x", "9" * 19, "9" * 30, "٣", ""])
async def test_made_up_numbers_are_answered_in_words(sqlite_url: str, argument: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        public = ana.channel("general")[0]
        for action in ("help.yes", "help.no", "checkin.help", "checkin.time", "commitment.outcome"):
            data = {"custom_id": f"k:{action}:{argument}", "component_type": 2}
            screen = await ana._use(f"forges {action}", public, data)
            assert screen.text
            assert "on our side" not in screen.text


async def test_an_asker_who_stopped_meanwhile_is_left_alone(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, (ben, _cleo), (to_ben, _to_cleo) = await asked(stage)
        await stage.app.stop(ana.id)
        assert "no longer open" in (await ben.press("Yes, introduce us", on=to_ben)).text
        await pass_time(stage, WEEK_AND_A_BIT)
        assert ana.inbox == []
        assert await emptied(ana)


async def test_a_deleted_asker_is_gone_from_the_screens_of_the_asked(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, (ben, _cleo), (to_ben, _to_cleo) = await asked(stage)
        await stage.app.privacy.erase(ana.id, None)
        await stage.app.settled()
        for one in ben.inbox:
            assert "Ana" not in one.text
            assert WORDS not in one.text
        assert "no longer open" in (await forge(ben, to_ben, "Yes, introduce us")).text


async def test_a_question_can_be_reported(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, (ben, _cleo), (to_ben, _to_cleo) = await asked(stage)
        await ben.press("Report", on=to_ben)
        assert "Thank you for telling us" in (await ben.submit({"What is wrong?": "Spam or scam"})).text


async def test_a_form_and_a_question_from_before_a_restart_count_after_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = await helper(stage, "Ben")
        ana = await stuck(stage)
        await ana.slash("/checkin help")
        await ana.press("Choose what to share")
        async with restarted(stage):
            assert "I ask 1 member" in (await ana.submit({FIELD: WORDS})).text
            await stage.app.settled()
        async with restarted(stage):
            await ben.press("Yes, introduce us", on=having(ben.inbox, QUESTION)[0])
            await stage.app.settled()
            assert having(ana.inbox, "Meet Ben")


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_a_question_that_failed_to_arrive_arrives_once(
    sqlite_url: str, fault: dict[str, object]
) -> None:
    async with community(sqlite_url) as stage:
        ben = await helper(stage, "Ben")
        await stage.app.settled()
        await asks(await stuck(stage))
        struck = stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await stage.app.settled()
        assert struck.hits == 1
        for _time in range(2):
            await pass_time(stage, timedelta(minutes=10))
        assert len(having(ben.inbox, QUESTION)) == 1


async def test_who_pauses_introductions_or_keeps_apart_is_not_asked(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben, cleo = await helper(stage, "Ben"), await helper(stage, "Cleo")
        ana = await stuck(stage)
        await ben.slash('/intro pause until:"in 2 weeks"')
        await cleo.slash("/intro avoid member:Ana")
        assert "nobody here whom I can ask" in (await ana.slash("/checkin help")).text


async def test_in_the_dm_of_two_communities_one_is_chosen(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await helper(stage, "Ben")
        ana = await stuck(stage)
        assert "**1 member**" in (await ana.slash("/checkin help", dm=True)).text
        other = stage.discord.guild("Map Makers", owner="Olga")
        other.text_channel("general")
        await other.member("Ana").slash("/niche join niche:energy")
        question = await ana.slash("/checkin help", dm=True)
        assert "Which community?" in question.text
        chosen = await ana.choose("Choose a community", "Data Collective", on=question)
        assert "**1 member**" in chosen.text
