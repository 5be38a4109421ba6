"""Posting a gig on Discord: two forms, a preview only for its poster, and what happens when things break."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.conversations.test_gigs import BUDGET, DOUBTFUL, GIG
from tests.stage import Stage

FIRST_TIMERS = "For first-timers?"
DETAILS = {
    "Skills": "Python, forcasting, Kafka",
    "Hours a week": "10 to 15",
    "How long": "Six weeks from March",
    "How to apply": "Tell me about two models you built.",
}
FEE = "First you pay a small registration fee of $30 to get access to the tasks, then the work begins."


def posts(member: Member) -> list[Screen]:
    """The gigs they see on the board, without its guidelines."""
    return [screen for screen in member.channel("gigs") if "Report" in screen.buttons]


async def previewed(stage: Stage, gig: dict[str, str] = GIG) -> tuple[Member, Screen]:
    """A poster who sees what their gig will look like."""
    ana = await newcomer(stage, "Ana")
    await ana.slash("/gig post")
    return ana, await ana.submit(gig)


async def on_board(stage: Stage) -> tuple[Member, Member, Screen]:
    """A poster, a reader, and the gig on the board as the reader sees it."""
    ana, shown = await previewed(stage)
    ben = await newcomer(stage, "Ben")
    await ana.press("Publish", on=shown)
    await stage.app.settled()
    return ana, ben, posts(ben)[-1]


async def begin_edit(ana: Member) -> Screen:
    """Press Edit on the one live gig under `/gig mine`."""
    mine = await ana.slash("/gig mine")
    (label,) = [label for label in mine.buttons if label.startswith("Edit")]
    return await ana.press(label, on=mine)


async def test_a_gig_is_live_after_form_preview_and_publish(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, shown = await previewed(stage)
        assert shown.ephemeral
        assert "I read the budget as 80–120 EUR per hour" in shown.text
        assert "Energy and utilities" in shown.text
        assert GIG["The work"] in shown.text
        await stage.app.settled()
        assert posts(ana) == []
        assert "Details" in str(await ana.press("Add details", on=shown))
        shown = await ana.submit(DETAILS | {FIRST_TIMERS: True})
        for words in (
            "Python, Forecasting",
            "10 to 15 · Six weeks from March",
            "two models you built",
            "“Kafka”",
        ):
            assert words in shown.text
        assert "on its way" in (await ana.press("Publish", on=shown)).text
        await stage.app.settled()
        (post,) = posts(ana)
        for words in (GIG["Title"], GIG["The work"], "80–120", "Python, Forecasting", "two models you built"):
            assert words in post.text
        assert "I'm interested" in post.buttons


async def test_refused_forms_come_back_filled_in(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/gig post")
        refused = await ana.submit(GIG | {BUDGET: "prize of 500 €", "Niches": "energy, OCR"})
        assert "Contests pay one" in refused.text
        again = held_values(await ana.press("Open it again, filled in", on=refused))
        assert again["The work"] == (GIG["The work"],)
        assert (again[BUDGET], again["Niches"], again["What is it?"]) == (
            ("prize of 500 €",), ("energy, OCR",), ("hire",),
        )  # fmt: skip
        shown = await ana.submit({BUDGET: "10 €/h"})
        await ana.press("Add details", on=shown)
        refused = await ana.submit(DETAILS | {FIRST_TIMERS: True})
        assert "at least 15 EUR" in refused.text
        again = held_values(await ana.press("Open it again, filled in", on=refused))
        assert again["How to apply"] == (DETAILS["How to apply"],)
        assert again["Skills"] == (DETAILS["Skills"],)
        assert again[FIRST_TIMERS] == ("yes",)
        shown = await ana.submit({FIRST_TIMERS: False})
        assert "Python, Forecasting" in shown.text
        assert "on its way" in (await ana.press("Publish", on=shown)).text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.500,50 €", "1,500.50 EUR for the whole project"),
        ("1 500 € par mois", "1,500 EUR per month"),
        ("₹40,000 per month", "40,000 INR per month"),
        ("CHF 1'200 a day", "1,200 CHF per day"),
        ("$1.5k fixed", "1,500 USD for the whole project"),
    ],
)
async def test_the_budget_is_shown_as_it_was_understood(sqlite_url: str, typed: str, read: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, shown = await previewed(stage, GIG | {BUDGET: typed})
        assert f"I read the budget as {read}" in shown.text


async def test_a_restart_between_the_forms_and_before_publish_loses_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage)
        await ana.press("Add details", on=shown)
        async with restarted(stage):
            shown = await ana.submit(DETAILS)
            assert "Python, Forecasting" in shown.text
            async with restarted(stage):
                assert "on its way" in (await ana.press("Publish", on=shown)).text
                await stage.app.settled()
                (post,) = posts(ana)
                assert "Python, Forecasting" in post.text


async def test_the_first_form_counts_after_a_restart_too(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/gig post")
        async with restarted(stage):
            assert "80–120 EUR per hour" in (await ana.submit(GIG)).text


async def test_a_draft_waits_for_its_poster_and_goes_after_a_week(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage)
        again = await ana.slash("/gig post")
        assert "You have not published this yet" in again.text
        old = await ana.press(f"Continue: {GIG['Title']}", on=again)
        assert "80–120 EUR per hour" in old.text
        await ana.press("Start a new one", on=await ana.slash("/gig post"))
        await ana.submit(GIG | {"Title": "Another piece of work"})
        assert len((await ana.slash("/gig post")).buttons) == 3
        await pass_time(stage, timedelta(days=8))
        assert "no longer kept" in (await ana.press("Publish", on=shown)).text
        form = await ana.slash("/gig post")
        assert form.form is not None


async def test_words_typed_into_a_draft_that_is_gone_begin_anew(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage)
        await ana.press("Edit words", on=shown)
        await pass_time(stage, timedelta(days=8))
        shown = await ana.submit({BUDGET: "95 €/h"})
        assert "95 EUR per hour" in shown.text
        assert "on its way" in (await ana.press("Publish", on=shown)).text


async def test_buttons_pressed_twice_change_nothing_more(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage)
        await ana.press("Publish", on=shown)
        public = ana.look(shown.message) if shown.message else shown
        assert public.buttons == []
        assert "Published already" in (await forge(ana, shown, "Publish")).text
        for label in ("Add details", "Discard"):
            assert "published already" in (await forge(ana, shown, label)).text, label
        await forge(ana, shown, "Edit words")
        assert "Your post with the new words" in (await ana.submit({BUDGET: "95 €/h"})).text
        await stage.app.settled()
        assert len(posts(ana)) == 1
        await ana.slash("/gig post")
        shown = await ana.submit(GIG | {"Title": "Another piece of work"})
        assert "thrown away" in (await ana.press("Discard", on=shown)).text
        assert "before" in (await forge(ana, shown, "Discard")).text
        assert "no longer kept" in (await forge(ana, shown, "Publish")).text


async def test_a_stranger_sees_and_publishes_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, shown = await previewed(stage)
        ben = await newcomer(stage, "Ben")
        for label in ("Publish", "Edit words", "Add details", "Discard"):
            told = await forge(ben, shown, label)
            assert "belongs to someone else" in told.text, label
            assert GIG["Title"] not in told.text
        await stage.app.settled()
        assert posts(ben) == []


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_a_post_that_fails_at_first_arrives_once(sqlite_url: str, fault: dict[str, object]) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage)
        struck = stage.discord.faults.add(method="POST", path=r"/threads$", **fault)
        await ana.press("Publish", on=shown)
        await stage.app.settled()
        assert struck.hits == 1
        await pass_time(stage, timedelta(minutes=3))
        assert len(posts(ana)) == 1


async def test_a_mistake_of_ours_keeps_what_was_typed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/gig post")
        with monkeypatch.context() as broken:
            broken.setattr(stage.app.gigs.posting, "preview_of", None)
            failed = await ana.submit(GIG)
        assert "Nothing you typed is lost" in failed.text
        again = held_values(await ana.press("Open it again, filled in", on=failed))
        assert again["The work"] == (GIG["The work"],)
        assert "80–120 EUR per hour" in (await ana.submit()).text


async def test_a_doubtful_gig_shows_its_findings_before_it_is_published(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, shown = await previewed(stage, DOUBTFUL)
        assert "pay a small registration fee" in shown.text
        assert "a moderator reads it before it goes on the board" in shown.text
        await stage.app.settled()
        assert not having(stage.owner.channel("kith-moderators"), DOUBTFUL["Title"])
        await ana.press("Edit words", on=shown)
        mended = await ana.submit({"The work": GIG["The work"]})
        assert "registration fee" not in mended.text
        assert "on its way" in (await ana.press("Publish", on=mended)).text


async def test_long_and_wordless_and_hostile_descriptions(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, refused = await previewed(stage, GIG | {"The work": "🎉 " * 60})
        assert "in words" in refused.text
        await ana.press("Open it again, filled in", on=refused)
        hostile = f"{NASTY} @everyone <@&1> {'[a](https://example.org) *_~|`' * 120}"
        for number, work in enumerate((("A long tale of data. " * 200)[:4000], hostile[:4000], "x" * 4000)):
            if number:
                await ana.slash("/gig post")
            shown = await ana.submit(GIG | {"The work": work, "Title": f"Long work number {number}"})
            assert "I read the budget as" in shown.text
            assert "The post shows the rest" in shown.text
            done = await ana.press("Publish", on=shown)
            await stage.app.settled()
            if "waits for a moderator" in done.text:
                review = stage.owner.channel("kith-moderators")[-1]
                await stage.owner.press("Approve", on=review)
                await stage.app.settled()
            post = posts(ana)[-1]
            assert f"Long work number {number}" in post.text
            assert post.message is not None
            said = "\n".join(str(embed) for embed in post.message.embeds)
            assert "@everyone" not in said
            assert "\u202e" not in said


async def test_a_server_without_a_board_says_so_at_once(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        told = await stage.guild.member("Ana").slash("/gig post")
        assert "no gig channel yet" in told.text
