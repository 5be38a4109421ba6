"""Profiles, niches and zones: what members type and read, also when it goes wrong."""

import pytest

from sandbox.screen import Select
from tests.conversations.helpers import NASTY, community, forge, held_values, newcomer, restarted


async def test_a_profile_is_written_and_found_by_others(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = await newcomer(stage, "Ana")
        ben = stage.guild.member("Ben")
        await ana.slash("/profile edit")
        screen = await ana.submit({"Headline": "Forecasts for grids", "What you do": "Data scientist"})
        assert "Saved" in screen.text
        more = await ana.choose("Change something else", "How you like to meet", on=screen)
        assert more.form is not None
        screen = await ana.submit({"How you like to meet": "Text"})
        assert "Saved" in screen.text
        assert "no profile" in (await ben.menu("View profile", ana)).text
        await ana.press("Let members find me", on=screen)
        seen = await ben.menu("View profile", ana)
        assert "Forecasts for grids" in seen.text
        assert "Energy" in seen.text
        assert seen.ephemeral


async def test_too_long_a_headline_comes_back_filled_in(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        refused = await ana.submit({"Headline": "x" * 121, "What you do": "Data scientist"})
        assert "121 characters" in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert held_values(again)["Headline"] == ("x" * 121,)
        assert held_values(again)["What you do"] != ()
        assert "Short" in (await ana.submit({"Headline": "Short"})).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Ping @everyone now", "leave mentions"),
        ("Ping <@123456789012345678>", "leave mentions"),
        ("\u200b\u2060\u200b", "at least one visible letter"),
    ],
)
async def test_mentions_and_empty_text_are_refused_in_words(sqlite_url: str, typed: str, told: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        assert told in (await ana.submit({"Headline": typed})).text
        assert "still empty" in (await ana.slash("/profile view")).text


async def test_markdown_and_invisible_text_show_as_plain_letters(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        screen = await ana.submit({"Headline": NASTY})
        assert "Saved" in screen.text
        assert "**bold**" not in screen.text
        assert "\u202e" not in screen.text
        assert "\u200b" not in screen.text
        assert r"Hi \*\*bold\*\*" in screen.text


async def test_unknown_cities_and_niches_are_answered_with_the_nearest(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        assert "I do not know" in (await ana.slash("/profile timezone city:qqqqzzzz")).text
        assert "Did you mean" in (await ana.slash("/profile timezone city:atlantis")).text
        assert "I do not know the niche" in (await ana.slash("/niche join niche:qqqqzzzz")).text
        nasty = await ana.slash('/niche join niche:"**@everyone** \u200b"')
        assert "I do not know the niche" in nasty.text
        assert "**@everyone**" not in nasty.text
        assert "You were not in" in (await ana.slash("/niche leave niche:energy")).text


async def test_a_second_click_and_an_event_delivered_twice_change_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        stage.discord.faults.duplicate_interactions = True
        assert "Members in it here: 1" in (await ana.slash("/niche join niche:energy")).text
        stage.discord.faults.clear()
        again = await ana.slash("/niche join niche:energy")
        assert "already" in again.text
        assert "Members in it here: 1" in again.text


async def test_a_strangers_click_opens_the_strangers_own_profile(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        await ana.slash("/profile edit")
        card = await ana.submit({"Headline": "Only Ana's"})
        form = await forge(ben, card, "Edit")
        assert held_values(form)["Headline"] == ()
        await ben.submit({"Headline": "Only Ben's"})
        assert "Only Ana's" in (await ana.slash("/profile view")).text


async def test_forms_and_buttons_outlive_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        browse = await ana.slash("/niche join niche:energy")
        await ana.slash("/profile edit")
        async with restarted(stage):
            assert "Saved" in (await ana.submit({"Headline": "Written before"})).text
            assert "Niches here" in (await ana.press("Browse", on=browse)).text
            assert ana.screen is not None
            menu = next(one for one in ana.screen.controls if isinstance(one, Select))
            joined = await ana.choose("Join a niche", [menu.options[0].label])
            assert "You are in" in joined.text


async def test_a_refused_form_outlives_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        refused = await ana.submit({"Headline": "y" * 130})
        async with restarted(stage):
            again = await ana.press("Open it again, filled in", on=refused)
            assert held_values(again)["Headline"] == ("y" * 130,)
