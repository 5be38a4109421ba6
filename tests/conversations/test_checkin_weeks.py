"""Every branch of a week: reminded, skipped, caught up with, away, looked back on; also in the DM."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.people.tables import Person
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    SENDS,
    WEEK,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.stage import Stage

FIRST, SECOND = "This week I will …", "… and"
TOPIC, WIN = "What is in the way?", "One win since last time"
DAY = timedelta(days=1)


async def asked(stage: Stage, name: str = "Ana") -> Member:
    """A member who has just been asked about the week, on a Monday at ten."""
    member = await newcomer(stage, name)
    await member.slash('/checkin start day:Monday hour:"10:00"')
    await stage.app.settled()
    await pass_time(stage, timedelta(hours=1, minutes=1))
    return member


async def written(ana: Member, prompt: Screen, **lines: str) -> Screen:
    """Press the button and send the form: two interactions."""
    await ana.press("Plan my week", on=prompt)
    return await ana.submit({FIRST: "Call Mia", SECOND: "Publish an article"} | lines)


async def test_a_week_with_last_weeks_outcomes_takes_three_interactions(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = await asked(stage)
        await written(ana, ana.inbox[-1])
        await pass_time(stage, WEEK)
        prompt = ana.inbox[-1]
        assert "Noted: Done" in (await ana.press("All done", on=prompt)).text
        await ana.press("Plan my week", on=prompt)
        assert "Your week, noted" in (await ana.submit({FIRST: "Rest"})).text
        history = await ana.slash("/checkin history")
        assert "✔ Call Mia" in history.text
        assert "✔ Publish an article" in history.text
        assert "**2 of the last 2 weeks** written" in history.text


async def test_all_done_twice_says_so(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await written(ana, ana.inbox[-1])
        await pass_time(stage, WEEK)
        prompt = ana.inbox[-1]
        button = prompt.find_button("All done")
        assert button is not None
        assert "belongs to someone else" in (await forge(stage.guild.member("Ben"), prompt, "All done")).text
        await ana.press("All done", on=prompt)
        data = {"custom_id": button.custom_id, "component_type": 2}
        again = await ana._use("presses again", prompt, data)
        assert "Noted already: Done" in again.text


async def test_a_guessed_kind_can_be_changed_on_the_saved_card(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        saved = await written(ana, ana.inbox[-1])
        assert "[Outreach ▾]" in saved.text
        assert "[Publishing ▾]" in saved.text
        assert "[Learning ▾]" in (await ana.choose("Outreach", ["Learning"], on=saved)).text


async def test_what_is_stuck_is_said_in_a_sentence_and_harmless(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        plain = await written(ana, ana.inbox[-1])
        assert "Say more" not in plain.text
        await ana.press("Change my week", on=plain)
        saved = await ana.submit({TOPIC: "contracts"})
        assert "In the way: Contracts" in saved.text
        await ana.press("Say more about what is stuck", on=saved)
        async with restarted(stage):
            told = await ana.submit({"What is stuck?": f"{NASTY} @everyone"})
            assert "> Hi" in told.text
            assert "**bold**" not in told.text
            assert "@everyone" not in told.text


async def test_the_same_form_sent_twice_is_noted_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        prompt = ana.inbox[-1]
        assert "Your week, noted" in (await written(ana, prompt)).text
        assert "noted already just like this" in (await written(ana, prompt)).text
        history = await ana.slash("/checkin history")
        assert history.text.count("Call Mia") == 1


async def test_a_prompt_pressed_twice_opens_the_form_twice_and_the_latter_is_filled_in(
    sqlite_url: str,
) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        prompt = ana.inbox[-1]
        assert (await ana.press("Plan my week", on=prompt)).form is not None
        await ana.press("Plan my week", on=prompt)
        await ana.submit({FIRST: "Call Mia"})
        assert held_values(await ana.press("Plan my week", on=prompt))[FIRST] == ("Call Mia",)


async def test_a_form_sent_just_after_the_close_still_counts(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await ana.press("Plan my week", on=ana.inbox[-1])
        await pass_time(stage, 2 * DAY + timedelta(minutes=1))
        assert "Your week, noted" in (await ana.submit({FIRST: "Call Mia"})).text
        assert "**1 of the last 1 week** written" in (await ana.slash("/checkin history")).text


async def test_an_edit_after_the_close_is_refused_and_what_was_typed_is_kept(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        saved = await written(ana, ana.inbox[-1])
        await ana.press("Change my week", on=saved)
        await pass_time(stage, 2 * DAY)
        refused = await ana.submit({FIRST: "A long thought"})
        assert "That week is closed, and that is fine. Your next check-in comes" in refused.text
        assert "Open it again, filled in" in refused.buttons
        assert "That week is closed" in (await ana.press("Open it again, filled in", on=refused)).text
        assert "A long thought" not in (await ana.slash("/checkin history")).text


@pytest.mark.parametrize("fault", [None, {"status": 503}, {"drop": "after"}])
async def test_the_reminder_comes_once_and_never_after_an_answer(
    sqlite_url: str, fault: dict[str, object] | None
) -> None:
    async with community(sqlite_url) as stage:
        ben = await newcomer(stage, "Ben")
        await ben.slash('/checkin start day:Monday hour:"10:00"')
        ana = await asked(stage)
        await written(ana, ana.inbox[-1])
        if fault is not None:
            stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await pass_time(stage, DAY)
        await pass_time(stage, timedelta(minutes=3))
        assert having(ana.inbox, "Still time for your week") == []
        (reminder,) = having(ben.inbox, "Still time for your week")
        assert {"Plan my week", "Skip this week", "Stop check-ins"} <= set(reminder.buttons)
        await pass_time(stage, 5 * DAY)
        assert len(having(ben.inbox, "Still time for your week")) == 1


async def test_a_week_is_skipped_and_thought_better_of(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        prompt = ana.inbox[-1]
        await ana.press("Skip this week", on=prompt)
        async with restarted(stage):
            skipped = await ana.submit({"A reason, if you like": ""})
            assert "that is fine" in skipped.text
            before = len(ana.inbox)
            await pass_time(stage, DAY)
            assert len(ana.inbox) == before
            assert "noted" in (await written(ana, skipped)).text
            refused = await ana.press("Skip this week", on=prompt)
            assert "written already" in refused.text


async def test_a_week_that_closed_is_caught_up_with_or_this_one_is_opened(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash('/checkin start day:Saturday hour:"10:00"')
        await pass_time(stage, timedelta(days=5, hours=2))
        assert "Plan my week" in ana.inbox[-1].buttons
        await pass_time(stage, timedelta(days=3))
        shown = await ana.slash("/checkin now")
        assert "You can still catch up with it" in shown.text
        opened = await ana.press("Open this week instead", on=shown)
        assert "Open until" in opened.text
        assert "noted" in (await written(ana, opened)).text
        before = len(ana.inbox)
        await pass_time(stage, timedelta(days=5))  # past this week's Saturday
        assert len(ana.inbox) == before
        history = await ana.slash("/checkin history")
        assert "**1 of the last 2 weeks** written" in history.text


async def test_days_away_ahead_for_ever_and_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await written(ana, ana.inbox[-1])
        ahead = await ana.slash('/checkin away from:"12 Jan" until:"18 January"')
        assert "From **2026-01-12** to **2026-01-18**" in ahead.text
        before = len(ana.inbox)
        await pass_time(stage, WEEK)
        assert len(ana.inbox) == before
        for_ever = await ana.slash("/checkin away from:today")
        assert "until you come back" in for_ever.text
        await pass_time(stage, 2 * WEEK)
        assert len(ana.inbox) == before
        async with restarted(stage):
            assert (
                "belongs to someone else"
                in (await forge(stage.guild.member("Ben"), for_ever, "I am back")).text
            )
            back = await ana.press("I am back", on=for_ever)
            assert "You are here" in back.text
            await pass_time(stage, WEEK)
            assert "Welcome back" in ana.inbox[-1].text
            assert "**1 of the last 1 week** written" in (await ana.slash("/checkin history")).text


async def test_days_away_are_taken_back_one_by_one(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await ana.slash('/checkin away from:"2026-02-01" until:"2026-02-03"')
        both = await ana.slash('/checkin away from:"2026-03-01" until:"2026-03-03"')
        left = await ana.press("Remove 2026-02-01", on=both)
        assert "2026-02-01" not in left.text
        assert "2026-03-01" in left.text
        data = {"custom_id": "k:checkin.here:99", "component_type": 2}
        assert "no longer noted" in (await ana._use("presses an old button", left, data)).text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("from:whenever", "I do not know the day “whenever”"),
        ('until:"2020-01-01"', "That day is over"),
        ('from:"9 Mar" until:"2026-03-08"', "comes before the first"),
        ('until:"2029-01-01"', "more than a year ahead"),
    ],
)
async def test_days_that_make_no_sense_are_explained(sqlite_url: str, typed: str, answer: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        assert answer in (await ana.slash(f"/checkin away {typed}")).text


async def test_a_zone_that_no_longer_exists_is_asked_by_utc_and_loses_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await written(ana, ana.inbox[-1])
        async with stage.app.store.write() as session:
            await session.execute(update(Person).where(Person.id == ana.id).values(zone="Mars/Olympus"))
        await pass_time(stage, WEEK)
        assert "Call Mia" in ana.inbox[-1].text
        assert "noted" in (await written(ana, ana.inbox[-1])).text
        assert "2 of the last 2" in (await ana.slash("/checkin history")).text
        assert "Check-ins are on" in (await ana.slash('/checkin start day:Friday hour:"10:00"')).text


async def test_every_command_works_in_the_dm_where_one_community_is_known(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        assert "Check-ins are on" in (await ana.slash('/checkin start day:Monday hour:"10:00"', dm=True)).text
        assert "Plan my week" in (await ana.slash("/checkin now", dm=True)).buttons
        assert "Your check-ins" in (await ana.slash("/checkin history", dm=True)).text
        assert "You are away" in (await ana.slash("/checkin away from:today", dm=True)).text
        assert "no more check-ins" in (await ana.slash("/checkin stop", dm=True)).text
        ben = stage.guild.member("Ben")
        assert "Use this command once in a server" in (await ben.slash("/checkin now", dm=True)).text


async def test_in_the_dm_of_two_communities_one_is_chosen(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        other = stage.discord.guild("Map Makers", owner="Olga")
        other.text_channel("general")
        await other.member("Ana").slash("/niche join niche:energy")
        question = await ana.slash('/checkin start day:Monday hour:"10:00"', dm=True)
        assert "Which community?" in question.text
        started = await ana.choose("Choose a community", "Map Makers", on=question)
        assert "Check-ins are on · Map Makers" in started.text
        question = await ana.slash("/checkin away until:tomorrow", dm=True)
        async with restarted(stage):
            away = await ana.choose("Choose a community", "Map Makers", on=question)
            assert "You are away · Map Makers" in away.text
            question = await ana.slash("/checkin now", dm=True)
            refused = await ana.choose("Choose a community", "Data Collective", on=question)
            assert "Your check-ins are not on" in refused.text


async def test_the_history_is_paged_for_its_owner_only(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        for _week in range(5):
            await written(ana, ana.inbox[-1])
            await pass_time(stage, WEEK)
        shown = await ana.slash("/checkin history")
        assert shown.ephemeral
        older = await ana.press("Older weeks", on=shown)
        assert "Week of 2026-01-05" in older.text
        button = older.find_button("Newer weeks")
        assert button is not None
        ben = stage.guild.member("Ben")
        data = {"custom_id": button.custom_id, "component_type": 2}
        assert "belongs to someone else" in (await ben._use("forges", ben.channel("general")[0], data)).text
