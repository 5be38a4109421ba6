"""Check-ins: the weekly message, the form, the outcomes, and what happens when something fails."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
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

FIRST = "This week I will …"


async def asked(stage: Stage, name: str = "Ana") -> Member:
    """A member who has just been asked about the week."""
    member = await newcomer(stage, name)
    screen = await member.slash('/checkin start day:Monday hour:"10:00"')
    assert "Check-ins are on" in screen.text
    await stage.app.settled()
    await pass_time(stage, timedelta(hours=1, minutes=1))
    assert "What would make this a good week?" in member.inbox[-1].text
    return member


async def test_a_week_is_planned_and_looked_back_on(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = await asked(stage)
        await ana.press("Plan my week", on=ana.inbox[-1])
        noted = await ana.submit({FIRST: "Call three clients", "One win since last time": "A new lead"})
        assert "Your week, noted" in noted.text
        assert "Call three clients" in noted.text
        await pass_time(stage, WEEK)
        prompt = ana.inbox[-1]
        assert "How did it go?" in prompt.text
        assert "Noted: Done" in (await ana.choose("How did it go?", ["Done"], on=prompt)).text
        assert "Noted already: Done" in (await ana.choose("How did it go?", ["Done"], on=prompt)).text
        history = await ana.slash("/checkin history")
        assert "✔ Call three clients" in history.text
        assert history.ephemeral


async def test_refusals_say_what_to_do(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        no_zone = await ana.slash('/checkin start day:Monday hour:"10:00"')
        assert "First tell me your city" in no_zone.text
        assert "`/checkin start` turns them on" in (await ana.slash("/checkin now")).text
        assert "`/checkin start` turns them on" in (await ana.slash("/checkin stop")).text


async def test_text_with_nothing_to_see_comes_back_filled_in(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        await ana.press("Plan my week", on=ana.inbox[-1])
        refused = await ana.submit({FIRST: "\u200b\u2060", "One win since last time": "Kept"})
        assert "I need one" in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert held_values(again)["One win since last time"] == ("Kept",)
        assert "noted" in (await ana.submit({FIRST: "Rest"})).text


async def test_nasty_text_is_harmless_in_every_field(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        nasty = f"{NASTY} @everyone"
        await ana.press("Plan my week", on=ana.inbox[-1])
        noted = await ana.submit(
            {FIRST: nasty, "… and": nasty, "… and also": nasty, "One win since last time": nasty}
        )
        assert "noted" in noted.text
        for screen in (noted, await ana.slash("/checkin history")):
            assert "Hi" in screen.text
            assert "**bold**" not in screen.text
            assert "@everyone" not in screen.text
            assert "\u202e" not in screen.text


async def test_a_stranger_can_neither_read_nor_stop_a_week(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        ben = stage.guild.member("Ben")
        for label in ("Plan my week", "Stop check-ins"):
            assert "belongs to someone else" in (await forge(ben, ana.inbox[-1], label)).text
        opened = await ana.press("Plan my week", on=ana.inbox[-1])
        assert opened.form is not None


async def test_stopping_twice_is_answered_and_nothing_comes_any_more(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        prompt = ana.inbox[-1]
        assert "no more check-ins" in (await ana.press("Stop check-ins", on=prompt)).text
        assert "off already" in (await ana.press("Stop check-ins", on=prompt)).text
        before = len(ana.inbox)
        await pass_time(stage, WEEK)
        assert len(ana.inbox) == before


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_a_failed_prompt_arrives_exactly_once(sqlite_url: str, fault: dict[str, object]) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        await stage.app.settled()
        stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await pass_time(stage, timedelta(hours=1, minutes=1))
        await pass_time(stage, timedelta(minutes=3))
        assert len(having(ana.inbox, "What would make this a good week?")) == 1


async def test_a_closed_dm_leaves_the_prompt_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        await stage.app.settled()
        ana.close_dms()
        await pass_time(stage, timedelta(hours=1, minutes=1))
        (thread,) = ana.threads()
        assert "Something for you" in ana.channel(thread)[-1].text
        waiting = await ana.slash("/inbox")
        assert "What would make this a good week?" in waiting.text
        await ana.press("Plan my week", on=waiting)
        noted = await ana.submit({FIRST: "Written from the inbox"})
        assert "noted" in noted.text
        assert noted.ephemeral


async def test_a_form_opened_before_a_restart_is_kept_after_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        in_guild = await ana.slash("/checkin now")
        await ana.press("Plan my week", on=ana.inbox[-1])
        async with restarted(stage):
            assert "noted" in (await ana.submit({FIRST: "Outlive it"})).text
            form = await ana.press("Plan my week", on=in_guild)
            assert held_values(form)[FIRST] == ("Outlive it",)
            changed = await ana.submit({FIRST: "Changed"})
            assert "changed" in changed.text


async def test_a_week_that_is_over_says_when_the_next_one_comes(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await asked(stage)
        old = ana.inbox[-1]
        await pass_time(stage, WEEK + timedelta(hours=2))
        assert "that is fine" in (await ana.press("Plan my week", on=old)).text
