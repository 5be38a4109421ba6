"""Reports and bars over the wire: from a DM, from the board, to the moderators and back."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.safety.service import OnMember
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    FIRST_ROUND,
    SENDS,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage

WHAT, WORDS = "What is wrong?", "In your words, if you like"
SPAM = {WHAT: "Spam or scam", WORDS: "Sells coins."}
MODERATORS = "kith-moderators"
ADMINISTRATOR = 8
ANY_MEMBER = "safety.report:profile"


async def introduced(stage: Stage) -> tuple[Member, Member, Screen]:
    """Two members who were introduced, and the first one's card."""
    stage.app.safety.keep_apart = stage.app.intros.avoid
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    for member in (ana, ben):
        await member.slash("/intro join")
    await turn_to(stage, FIRST_ROUND)
    return ana, ben, having(ana.inbox, "Meet Ben")[0]


async def reported(stage: Stage) -> tuple[Member, Member, Screen]:
    """Ana has reported Ben; the moderators' card."""
    ana, ben, card = await introduced(stage)
    await ana.press("Report", on=card)
    assert "Thank you for telling us" in (await ana.submit(SPAM)).text
    await stage.app.settled()
    return ana, ben, stage.owner.channel(MODERATORS)[-1]


async def forged(member: Member, custom_id: str, on: Screen | None = None) -> Screen:
    """Send in a button that Kith never made."""
    screen = on or member.channel("general")[0]
    return await member._use("forges", screen, {"custom_id": custom_id, "component_type": 2})


def second_moderator(stage: Stage) -> Member:
    role = stage.guild.role("Moderators", permissions=ADMINISTRATOR)
    return stage.guild.member("Max", roles=(role.id,))


async def test_a_report_from_a_dm_is_decided_and_answered(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, card = await introduced(stage)
        form = await ana.press("Report", on=card)
        assert "Ben" not in form.text
        thanks = await ana.submit(SPAM)
        assert "Only moderators can see" in thanks.text
        await stage.app.settled()
        posted = stage.owner.channel(MODERATORS)[-1]
        for words in ("A report about Ben", "an introduction", "Spam or scam", "Sells coins."):
            assert words in posted.text
        assert "Ana" not in posted.text
        listed = await stage.owner.slash("/kith reports")
        assert "Told by** Ana" in listed.text
        done = await stage.owner.press("Talked to them", on=posted)
        assert "Decided: Talked to them. By @Mia" in done.text
        await stage.app.settled()
        answer = having(ana.inbox, "About your report")[0]
        assert "dealt with it" in answer.text
        assert "Ben" not in answer.text
        assert "Stop all messages?" in (await ana.press("Stop all messages", on=answer)).text
        assert not having(ben.inbox, "report")


async def test_the_reporter_is_never_introduced_again_and_may_press_it_twice(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, card = await introduced(stage)
        await ana.press("Report", on=card)
        thanks = await ana.submit(SPAM)
        apart = thanks.find_button("Never introduce us")
        assert apart is not None
        assert apart.custom_id is not None
        assert "never introduce" in (await ana.press("Never introduce us", on=thanks)).text
        assert "never introduce" in (await forged(ana, apart.custom_id)).text
        assert "Nothing was sent" in (await forged(ben, apart.custom_id)).text
        await pass_time(stage, timedelta(weeks=1))
        assert len(having(ana.inbox, "Meet Ben")) == 1


async def test_a_second_report_and_one_about_oneself_are_refused_kindly(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _posted = await reported(stage)
        card = having(ana.inbox, "Meet Ben")[0]
        assert "told the moderators already" in (await ana.press("Report", on=card)).text
        assert "That is you" in (await forge(ben, card, "Report")).text
        await stage.app.settled()
        assert len(stage.owner.channel(MODERATORS)) == 1


@pytest.mark.parametrize("state", ["x", "-5", "9" * 30, "99999", "1-2-3", "1-", "٣", "1-99", ""])
async def test_forged_ids_are_answered_in_words(sqlite_url: str, state: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        assert "Nothing was sent" in (await forged(ana, f"k:form.open:{ANY_MEMBER}:{state}:0")).text
        for action in ("safety.settle", "safety.ask_bar", "safety.reports"):
            answer = await forged(stage.owner, f"k:{action}:{state}:nothing:0")
            assert "Reference" not in answer.text
            assert not answer.failed
        assert "Nothing was sent" in (await forged(ana, f"k:safety.apart:{state}")).text


async def test_a_stranger_to_the_community_reports_nobody_from_a_dm(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, card = await introduced(stage)
        button = card.find_button("Report")
        assert button is not None
        assert button.custom_id is not None
        elsewhere = stage.discord.guild("Elsewhere", owner="Eve")
        elsewhere.text_channel("general")
        await stage.discord.connected()
        eve = elsewhere.member("Eve")
        await eve.slash("/intro next")
        assert "Nothing was sent" in (await forged(eve, button.custom_id, eve.screen)).text
        assert ana.name not in str(eve.screen)


async def test_a_refused_report_comes_back_filled_in_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, card = await introduced(stage)
        await ana.press("Report", on=card)
        stage.app.safety.clock = None  # type: ignore[assignment]  # our own side fails once
        refused = await ana.submit(SPAM)
        assert "Nothing you typed is lost" in refused.text
        async with restarted(stage):
            again = await ana.press("Open it again, filled in", on=refused)
            assert held_values(again)[WORDS] == ("Sells coins.",)
            assert "Thank you" in (await ana.submit()).text
            await stage.app.settled()
            assert "Sells coins." in stage.owner.channel(MODERATORS)[-1].text


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"drop": "before"}, {"drop": "after"}])
async def test_a_report_reaches_the_moderators_once_though_discord_fails(
    sqlite_url: str, fault: dict[str, object]
) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, card = await introduced(stage)
        await ana.press("Report", on=card)
        await ana.submit(SPAM)
        struck = stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await stage.app.settled()
        assert struck.hits == 1
        assert "Sells coins." in (await stage.owner.slash("/kith reports")).text
        await pass_time(stage, timedelta(minutes=10))
        await pass_time(stage, timedelta(minutes=10))
        posted = [one for one in stage.owner.channel(MODERATORS) if not one.ephemeral]
        assert len(posted) == 1


async def test_reports_outlive_a_restart_and_only_moderators_decide(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, posted = await reported(stage)
        for member in (ana, ben):
            for label in posted.buttons:
                assert "This is for moderators" in (await forge(member, posted, label)).text
        async with restarted(stage):
            done = await stage.owner.press("No action", on=posted)
            assert "Decided: No action" in done.text
            await stage.app.settled()
            assert "found nothing to do" in having(ana.inbox, "About your report")[0].text


async def test_two_moderators_and_the_list_agree_on_what_was_decided(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, _ben, posted = await reported(stage)
        other = second_moderator(stage)
        listed = await other.slash("/kith reports")
        confirm = await stage.owner.press("Close Kith for them", on=posted)
        assert "Close Kith for Ben?" in confirm.text
        after = await other.press("No action", on=listed)
        assert "Decided: No action" in after.text
        assert "Open reports: 0" in after.text
        late = await stage.owner.press("Yes, close it", on=confirm)
        assert "decided already: No action" in late.text
        await stage.app.settled()
        assert posted.message is not None
        now = stage.owner.look(posted.message)
        assert "Decided: No action. By @Max" in now.text
        assert now.buttons == []
        again = await forge(stage.owner, posted, "Close Kith for them")
        assert "decided already" in again.text
        assert "decided already" in (await forge(other, listed, "Talked to them")).text


async def test_a_moderator_does_not_decide_about_themselves(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, posted = await reported(stage)
        stage.guild.give_role(ben, stage.guild.role("Moderators", permissions=ADMINISTRATOR))
        for label in posted.buttons:
            assert "Somebody else has to look" in (await ben.press(label, on=posted)).text
        assert "Open reports: 0" in (await ben.slash("/kith reports")).text


async def test_closing_kith_after_a_report_tells_the_person_when_they_use_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, posted = await reported(stage)
        stage.app.safety.ends.append(_leave_introductions(stage))
        before = len(ben.inbox)
        confirm = await stage.owner.press("Close Kith for them", on=posted)
        assert "Decided: Kith is closed" in (await stage.owner.press("Yes, close it", on=confirm)).text
        await stage.app.settled()
        assert len(ben.inbox) == before
        assert "dealt with it" in having(ana.inbox, "About your report")[0].text
        assert "have closed Kith for you here" in (await ben.slash("/profile view")).text
        assert "Nothing is waiting" in (await ben.slash("/inbox")).text
        assert "Stop all messages?" in (await ben.slash("/stop")).text


def _leave_introductions(stage: Stage) -> OnMember:
    async def end(session: AsyncSession, member_id: int) -> None:
        await stage.app.people.withdraw(session, member_id, "introductions")

    return end


async def test_bar_and_unbar_by_command(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        stage.guild.member("Zed")
        owner = stage.owner
        assert "is closed for Zed" in (await owner.slash('/kith member bar user:Zed reason:"**x**"')).text
        assert "already" in (await owner.slash("/kith member bar user:Zed")).text
        assert "That is you" in (await owner.slash("/kith member bar user:Mia")).text
        assert "That is you" not in (await owner.slash("/kith member bar user:Ana")).text
        assert "closed Kith for you" in (await ana.slash("/intro next")).text
        assert "Nothing comes back" in (await owner.slash("/kith member unbar user:Ana")).text
        assert "not closed for Ana" in (await owner.slash("/kith member unbar user:Ana")).text
        assert "closed Kith" not in (await ana.slash("/intro next")).text
        assert ana.inbox == []


async def test_hostile_words_are_harmless_for_moderators(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, card = await introduced(stage)
        await ana.press("Report", on=card)
        await ana.submit({WHAT: "Something else", WORDS: "@everyone <@&1>\n# **x** \u202e~~y~~ ||z||\n> q"})
        await stage.app.settled()
        for screen in (stage.owner.channel(MODERATORS)[-1], await stage.owner.slash("/kith reports")):
            for mark in ("@everyone", "**x**", "\u202e", "\n# ", "<@&1>"):
                assert mark not in screen.text


async def test_five_long_reports_fit_on_one_card_with_their_buttons(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, _ben, card = await introduced(stage)
        button = card.find_button("Report")
        assert button is not None
        assert button.custom_id is not None
        for number in range(6):
            teller = await newcomer(stage, f"*{number}" * 15)
            await forged(teller, button.custom_id)
            assert "Thank you" in (await teller.submit({WHAT: "Something else", WORDS: "*_" * 250})).text
        listed = await stage.owner.slash("/kith reports")
        assert listed.buttons.count("No action") == 5
        rest = await stage.owner.press("More", on=listed)
        assert rest.buttons.count("No action") == 1
        assert "Earlier" in rest.buttons


async def test_gig_posts_and_pitches_can_be_reported(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await ana.slash("/gig post")
        await ana.submit(
            {
                "What is it?": "Hire: I need someone",
                "Title": "Forecast demand for a retailer",
                "The work": "We need a day-ahead model in Python, with tests and a short report.",
                "Budget, such as 80–120 €/h or $1.5k fixed": "80–120 €/h",
            }
        )
        await ana.press("Publish")
        await stage.app.settled()
        board = ben.channel("gigs")[-1]
        assert "That is you" in (await ana.press("Report", on=board)).text
        cleo = stage.guild.member("Cleo")  # who never used Kith before
        await cleo.press("Report", on=cleo.channel("gigs")[-1])
        assert "Thank you" in (await cleo.submit(SPAM)).text
        await ben.slash("/profile edit")
        await ben.submit({"Headline": "Models for grids"})
        await ben.press("I'm interested", on=board)
        await ben.submit({"Why you? Two or three sentences": "I have built three such models for grids."})
        await stage.app.settled()
        pitch = having(ana.inbox, "Someone is interested")[0]
        await ana.press("Report", on=pitch)
        assert "Thank you" in (await ana.submit(SPAM)).text
        await ana.press("Accept", on=pitch)
        await stage.app.settled()
        match = having(ben.inbox, "It is a match")[0]
        await ben.press("Report", on=match)
        assert "Thank you" in (await ben.submit(SPAM)).text
        await stage.app.settled()
        titles = [screen.text for screen in stage.owner.channel(MODERATORS)]
        assert [("Ana" in one, "Ben" in one) for one in titles] == [
            (True, False),
            (False, True),
            (True, False),
        ]
