"""Alerts and rates: every screen of asking, hearing, pausing and telling, and every refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    held_values,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.conversations.test_gig_board_browse import CALL
from tests.conversations.test_gigs import BUDGET, GIG, post
from tests.stage import Stage

DAY = timedelta(days=1)
MORNING = datetime(2026, 1, 6, 9, tzinfo=UTC)  # in Lisbon, on the day after the conversations begin
KIND, NICHES, SKILLS, LEAST = "What kind of gig?", "Niches", "Skills", "Pays at least"
PAID, STAGE, REGION = "What are you paid?", "Your stage", "Your part of the world"


async def alerted(member: Member, **typed: str | list[str]) -> Screen:
    """Set up an alert; the niches of the profile stand in the form already."""
    await member.slash("/gig alerts")
    await member.press("Set it up")
    return await member.submit(typed)


async def two(stage: Stage) -> tuple[Member, Member]:
    """A poster, and a member with an alert about energy."""
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    assert "From now on" in (await alerted(ben)).text
    return ana, ben


async def publish(stage: Stage, poster: Member, gig: dict[str, str] = GIG, **other: str) -> None:
    assert "on its way" in (await post(poster, gig, **other)).text
    await stage.app.settled()


def heard(member: Member) -> list[Screen]:
    """The messages of mornings."""
    return [screen for screen in member.inbox if "Pause alerts" in screen.buttons]


async def test_a_day_s_gigs_come_as_one_message_in_the_morning_with_links(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        terms = (await ben.slash("/gig alerts")).text
        assert "at most one DM a day" in terms
        assert "before the board" in terms
        form = await ben.press("Set it up")
        assert held_values(form)[NICHES] == ("Energy and utilities",)
        done = await ben.submit({SKILLS: "", LEAST: "100 €/h", KIND: ["Hire: I need someone"]})
        for said in ("Kind: Hire", "Niche: Energy and utilities", "Pays at least 100 EUR per hour"):
            assert said in done.text
        await publish(stage, ana)
        await publish(stage, ana, CALL)  # another niche, another kind
        buyer = {
            "Title": "Forecast for a museum",
            "The work": "Ticket sales of a museum by the hour, and why.",
        }
        await publish(stage, ana, GIG | buyer, **{BUDGET: "90–110 €/h"})
        assert heard(ben) == []
        await turn_to(stage, MORNING - timedelta(minutes=5))
        assert heard(ben) == []
        await turn_to(stage, MORNING)
        (dm,) = heard(ben)
        assert "New gigs for you · Data Collective" in dm.text
        assert dm.text.index("Forecast for a museum") < dm.text.index(GIG["Title"])
        assert CALL["Title"] not in dm.text
        assert "/stop ends all my messages" in dm.text
        assert dm.message is not None
        assert f"[Read it](https://discord.com/channels/{stage.guild.id}/" in str(dm.message.components)
        await pass_time(stage, 3 * DAY)
        assert len(heard(ben)) == 1
        assert heard(ana) == []


async def test_one_tap_pauses_and_a_second_one_changes_nothing(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await two(stage)
        await publish(stage, ana)
        await turn_to(stage, MORNING)
        (dm,) = heard(ben)
        assert "until you resume" in (await ben.press("Pause alerts", on=dm)).text
        assert "paused already, so nothing changed" in (await ben.press("Pause alerts", on=dm)).text
        await publish(stage, ana, CALL | {"Niches": "energy"})
        await pass_time(stage, 2 * DAY)
        assert len(heard(ben)) == 1
        async with restarted(stage):
            shown = await ben.slash("/gig alerts")
            assert "Paused" in shown.text
            assert "hear of new gigs again" in (await ben.press("Resume", on=shown)).text
            other = {"Title": "Meters of a harbour", "The work": "Read the harbour's meters, and plot them."}
            await publish(stage, ana, GIG | other)
            await pass_time(stage, DAY)
            assert "Meters of a harbour" in heard(ben)[-1].text
            assert CALL["Title"] not in heard(ben)[-1].text
            await ben.press("Change", on=dm)
            assert "Skill: SQL" in (await ben.submit({SKILLS: "sql"})).text
            assert "I forgot what you looked for" in (await ben.press("Stop", on=dm)).text
            assert "nothing changed" in (await ben.press("Stop", on=dm)).text
            assert "no alert of yours" in (await ben.press("Pause alerts", on=dm)).text
            assert "Set it up" in (await ben.slash("/gig alerts")).buttons


async def test_what_nobody_knows_is_asked_again_with_what_was_typed(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = await newcomer(stage, "Ben")
        for typed, says in (
            ({NICHES: "zzzz qqqq"}, "niche"),
            ({SKILLS: "deep thinking"}, "Did you mean Deep learning"),
            ({SKILLS: "quantum knitting"}, "no skill called"),
            ({LEAST: NASTY}, "What should it pay at least?"),
        ):
            refused = await alerted(ben, **typed)
            assert says in refused.text
            again = await ben.press("Open it again, filled in", on=refused)
            (name, words), *_rest = typed.items()
            assert held_values(again)[name] == (words,)
            ben.dismiss()
        assert "Set it up" in (await ben.slash("/gig alerts")).buttons


async def test_a_restart_before_the_morning_loses_and_doubles_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        assert "on its way" in (await post(ana, GIG)).text
        async with restarted(stage):  # before the gig was compared with any alert
            await stage.app.settled()
            async with restarted(stage):
                await turn_to(stage, MORNING)
                assert len(heard(ben)) == 1
                async with restarted(stage):
                    await pass_time(stage, 2 * DAY)
                    assert len(heard(ben)) == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_trouble_while_it_is_sent_ends_in_one_message(
    sqlite_url: str, fault: dict[str, object]
) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        await publish(stage, ana)
        struck = stage.discord.faults.add(method="POST", path=r"/channels/\d+/messages$", **fault)
        await turn_to(stage, MORNING)
        await pass_time(stage, timedelta(minutes=10))
        assert struck.hits == 1
        assert len(heard(ben)) == 1


async def test_closed_dms_leave_it_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        ben.close_dms()
        await publish(stage, ana)
        await turn_to(stage, MORNING)
        assert heard(ben) == []
        inbox = await ben.slash("/inbox")
        assert GIG["Title"] in inbox.text
        assert "until you resume" in (await ben.press("Pause alerts")).text


async def test_a_gig_that_closed_meanwhile_is_left_out(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        await publish(stage, ana)
        mine = await ana.slash("/gig mine")
        label = next(label for label in mine.buttons if label.startswith("Withdraw"))
        await ana.press(label, on=mine)
        await turn_to(stage, MORNING)
        assert heard(ben) == []
        other = {"Title": "Meters of a harbour", "The work": "Read the harbour's meters, and plot them."}
        await publish(stage, ana, GIG | other)
        await pass_time(stage, DAY)
        (dm,) = heard(ben)
        assert "A new gig for you" in dm.text
        assert GIG["Title"] not in dm.text


async def test_stop_ends_it_and_the_alert_says_so(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        await publish(stage, ana)
        await ben.press("Stop all messages", on=await ben.slash("/stop"))
        await pass_time(stage, 2 * DAY)
        assert heard(ben) == []
        shown = await ben.slash("/gig alerts")
        assert "You ended my messages" in shown.text
        assert "hear of new gigs again" in (await ben.press("Resume", on=shown)).text


async def test_a_stranger_s_click_is_about_the_stranger(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben = await two(stage)
        eve = stage.guild.member("Eve")
        shown = await ben.slash("/gig alerts")
        for label in ("Pause", "Stop"):
            assert "no alert of yours" in (await forge(eve, shown, label)).text
        assert "Pause" in (await ben.slash("/gig alerts")).buttons


async def test_hostile_words_stay_harmless_in_the_message(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await two(stage)
        await publish(stage, ana, GIG | {"Title": f"Job](https://example.org) {NASTY}"})
        await turn_to(stage, MORNING)
        (dm,) = heard(ben)
        assert dm.message is not None
        sent = str(dm.message.components)
        assert "Job\\\\](https://example.org" in sent  # as it is written, behind a backslash
        assert "**bold**" not in dm.text


# --- rates -----------------------------------------------------------------------------------------


async def tells(stage: Stage, name: str, paid: str, **more: str) -> Screen:
    """A newcomer who adds what they are paid."""
    member = await newcomer(stage, name)
    shown = await member.slash("/gig rates skill:python")
    await member.press("Add what you are paid", on=shown)
    return await member.submit({PAID: paid, **more})


async def test_rates_come_from_five_people_on_and_say_how_wide_they_are(database_url: str) -> None:
    async with community(database_url) as stage:
        for name, paid in (("Ana", "60 €/h"), ("Ben", "80–100 €/h"), ("Cleo", "110 €/h"), ("Dora", "90 €/h")):
            thanks = await tells(stage, name, paid, **{STAGE: "Building"})
            assert "No name is kept" in thanks.text
        eve = await newcomer(stage, "Eve")
        few = await eve.slash("/gig rates skill:python")
        assert "fewer than 5 people" in few.text
        assert "EUR" not in few.text
        assert "75–100 EUR per hour" in (await tells(stage, "Fay", "95 €/h", **{STAGE: "Booked"})).text
        found = await eve.slash("/gig rates skill:python")
        assert "75–100 EUR per hour" in found.text
        assert "from 5 people or more" in found.text
        assert "too few" not in found.text
        narrow = await eve.slash("/gig rates skill:python stage:Building region:Europe")
        assert "Looked for: Building · Europe" in narrow.text
        assert "every stage and region: too few for Building · Europe alone" in narrow.text
        assert "every region: too few in Asia alone" in (
            await eve.slash("/gig rates skill:python region:Asia")
        ).text  # fmt: skip
        assert "fewer than 5" in (await eve.slash("/gig rates skill:sql")).text


async def test_an_amount_nobody_can_read_and_a_second_answer_are_refused(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        refused = await tells(stage, "Ben", "enough", **{STAGE: "Scaling"})
        assert "How much is it?" in refused.text
        ben = stage.guild.member("Ben")
        again = await ben.press("Open it again, filled in", on=refused)
        assert held_values(again)[STAGE] == ("scaling",)
        assert held_values(again)[REGION] == ("europe",)
        assert "150–200 USD per day" in (await ben.submit({PAID: "$160 a day"})).text
        shown = await ben.slash("/gig rates skill:Pyton")
        await ben.press("Add what you are paid", on=shown)
        assert "this month already" in (await ben.submit({PAID: "$160 a day"})).text
        assert "no skill called" in (await ben.slash('/gig rates skill:"quantum knitting"')).text


async def test_skills_are_suggested_while_typing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ben = stage.guild.member("Ben")
        assert ("Python", "python") in await ben.autocomplete("/gig rates skill:", "pyt")
        assert len(await ben.autocomplete("/gig rates skill:")) == 25


async def test_a_budget_below_what_people_here_are_paid_is_hinted_at_and_not_stopped(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        for name in ("Ben", "Cleo", "Dora", "Eve", "Fay"):
            await tells(stage, name, "150 €/h")
        ana = await newcomer(stage, "Ana")
        await ana.slash("/gig post")
        shown = await ana.submit(GIG)
        await ana.press("Add details", on=shown)
        hinted = await ana.submit({"Skills": "Python"})
        assert "usually paid 150–200 EUR per hour" in hinted.text
        assert "only a hint" in hinted.text
        assert "on its way" in (await ana.press("Publish", on=hinted)).text
