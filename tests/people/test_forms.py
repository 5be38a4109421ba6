"""The forms of a profile over the wire: filled in, refused, offered again, sent twice, sent late."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock
from bot.people.hours import DEFAULT
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import NASTY, held_values, restarted
from tests.stage import Stage

MORE = "Change something else"
FORMS = (
    "Business skills",
    "Technical skills",
    "How you like to meet",
    "Your work now",
    "Links",
    "Who sees what",
)
LIVELY = "@everyone <@1> **b** `c` [x](https://evil.example) \u202e\u200b # z"


async def opened(member: Member, form: str, on: Screen | None = None) -> Screen:
    """Open one of the forms behind the menu of one's own profile."""
    return await member.choose(MORE, form, on=on or await member.slash("/profile view"))


async def test_every_form_is_filled_in_and_shown(database_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(database_url, clock) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        basics = {
            "Headline": "Forecasts",
            "What you do": ["Data scientist", "Product"],
            "Where your business is": "Building",
            "How you work": "Contract",
            "Where you are heading": "Build a product",
        }
        saved = await ana.submit(basics)
        assert "Data scientist · Product · Building" in saved.text
        await opened(ana, "Business skills", saved)
        await ana.submit(
            {"You can help with": ["Pricing"], "You enjoy (only your matches see it)": ["Proposals"]}
        )
        await opened(ana, "Technical skills")
        both = {"You can help with": ["dbt"], "You find hard (only your matches see it)": ["Statistics"]}
        assert "dbt · Pricing" in (await ana.submit(both)).text
        form = await opened(ana, "How you like to meet")
        assert held_values(form)["When you are glad to hear from others"] == DEFAULT
        await ana.submit(
            {
                "How you like to meet": "Video",
                "Languages you speak": ["English", "Ukrainian"],
                "When you are glad to hear from others": ["Mon morning", "Tue morning", "Sun evening"],
            }
        )
        await opened(ana, "Your work now")
        work = {"Hours a week you have open": "10", "Clients at present": "1", "Open for work": "Yes"}
        await ana.submit(work | {"Open for work": "Yes, for two weeks"})
        await opened(ana, "Links")
        screen = await ana.submit({"GitHub": "octocat", "Website": "ana.dev"})
        for words in (
            "about 10 hours a week open · 1 client",
            "yes, until",
            "English · Ukrainian",
            "Mon–Tue morning · Sun evening",
            "Enjoys Proposals",
            "Finds hard Statistics",
            "github.com/octocat · ana.dev",
        ):
            assert words in screen.text.replace("**", ""), words
        github = screen.find_button("GitHub")
        assert github is not None
        assert github.url == "https://github.com/octocat"


@pytest.mark.parametrize(
    ("form", "typed", "told"),
    [
        ("Links", {"GitHub": "https://gitlab.com/ana"}, "GitHub: that address leads to gitlab.com"),
        ("Links", {"Website": "ftp://ana.dev"}, "Website: only web addresses fit"),
        ("Links", {"Website": "https://user:pw@ana.dev"}, "name and password"),
        ("Links", {"Portfolio": "https://bit.ly/3abc"}, "full address"),
        ("Links", {"Portfolio": "https://127.0.0.1/x"}, "instead of its number"),
        ("Links", {"Portfolio": "https://g1thub.com/x"}, "looks like another site"),
        ("Links", {"Portfolio": "ana.dev:8080"}, "number after the colon"),
        ("Links", {"LinkedIn": "nothing here"}, "LinkedIn: please leave spaces"),
        ("Links", {"Portfolio": "ana.dev/" + "x" * 300}, "longer than 200"),
        ("Links", {"Website": "word"}, "cannot read that as a web address"),
        ("Your work now", {"Hours a week you have open": "about ten"}, "whole number up to 80"),
        ("Your work now", {"Hours a week you have open": "81"}, "whole number up to 80"),
        ("Your work now", {"Clients at present": "-1"}, "whole number up to 50"),
        ("Your work now", {"Clients at present": "٣"}, "whole number up to 50"),
    ],
)
async def test_a_refused_form_says_why_and_comes_back_filled_in(
    sqlite_url: str, clock: TurnedClock, form: str, typed: dict[str, str], told: str
) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        before = (await ana.slash("/profile view")).text
        await opened(ana, form)
        refused = await ana.submit(typed)
        assert told in refused.text
        again = held_values(await ana.press("Open it again, filled in", on=refused))
        assert {label: again[label] for label in typed} == {label: (text,) for label, text in typed.items()}
        ana.dismiss()
        assert (await ana.slash("/profile view")).text == before


async def test_too_many_skills_over_both_menus_come_back_ticked(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        await opened(ana, "Business skills")
        await ana.submit({"You can help with": ["Pricing", "Scoping", "Contracts", "Proposals"]})
        await opened(ana, "Technical skills")
        refused = await ana.submit({"You can help with": ["SQL", "Python", "dbt", "R", "Tableau"]})
        assert "Up to 8 skills" in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert len(held_values(again)["You can help with"]) == 5
        assert "Saved" in (await ana.submit({"You can help with": ["SQL"]})).text


async def test_many_clients_are_a_word_and_not_a_refusal(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        await opened(ana, "Your work now")
        screen = await ana.submit({"Clients at present": "4"})
        assert "Saved" in screen.text
        assert "Leave an hour for your own business" in screen.text
        assert "4 clients" in screen.text
        await opened(ana, "Your work now")
        work = {"Hours a week you have open": "0", "Clients at present": "3"}
        screen = await ana.submit(work | {"Open for work": "Yes, for two weeks"})
        assert "open for work with no hours open" in screen.text
        assert "Leave an hour" not in screen.text


async def test_open_for_work_is_shown_while_it_lasts(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        await ana.slash("/profile edit")
        await ana.submit({"Headline": "Forecasts"})
        await ana.press("Let members find me")
        await opened(ana, "Your work now")
        await ana.submit({"Open for work": "Yes, for two weeks"})
        assert "Open for work" in (await ben.menu("View profile", ana)).text
        await stage.clock.advance(timedelta(days=14))
        assert "Open for work" not in (await ben.menu("View profile", ana)).text
        assert held_values(await opened(ana, "Your work now"))["Open for work"] == ("no",)


async def test_the_hint_is_said_once_ever(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/niche join niche:energy")
        await ana.slash("/profile edit")
        assert "A word on what you look for" in (await ana.submit({"Headline": "Forecasts"})).text
        await ana.slash("/profile edit")
        assert "A word on what you look for" not in (await ana.submit({"Headline": "Forecasts"})).text
        assert "A word on what you look for" not in (await ana.slash("/profile view")).text


@pytest.mark.parametrize(
    "text",
    [NASTY, LIVELY, "\u200b\u202e", "😀" * 39, "```" * 13, "a:b:c|||*" * 4],
    ids=["markdown", "mentions", "invisible", "emoji", "fences", "signs"],
)
async def test_hostile_text_in_every_field_is_harmless(
    sqlite_url: str, clock: TurnedClock, text: str
) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        await ana.slash("/profile edit")
        screens = [await ana.submit({"Headline": text})]
        for form, labels in {
            "Links": ("Portfolio", "GitHub", "LinkedIn", "Website"),
            "Your work now": ("Hours a week you have open", "Clients at present"),
        }.items():
            for label in labels:
                await opened(ana, form)
                refused = await ana.submit({label: text})
                screens.append(refused)
                again = await ana.press("Open it again, filled in", on=refused)
                assert held_values(again)[label] == (text,)
                ana.dismiss()
        await ana.slash("/profile view")
        screens.append(await ana.press("Let members find me"))
        screens.append(await ben.menu("View profile", ana))
        for screen in screens:
            assert not screen.failed
            assert "Reference" not in screen.text
            assert "**b" not in screen.text
            assert "@everyone" not in screen.text.replace("such as @everyone", "")


async def test_two_devices_at_once_lose_nothing_of_each_other(database_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(database_url, clock) as stage:
        phone = stage.guild.member("Ana")
        laptop = Member(stage.discord, phone.user, stage.guild)
        await phone.slash("/profile edit")
        await opened(laptop, "Links")
        await asyncio.gather(phone.submit({"Headline": "Forecasts"}), laptop.submit({"GitHub": "octocat"}))
        await opened(phone, "Business skills")
        await opened(laptop, "Technical skills")
        help_with = "You can help with"
        await asyncio.gather(phone.submit({help_with: ["Pricing"]}), laptop.submit({help_with: ["SQL"]}))
        await phone.slash("/profile edit")
        await laptop.slash("/profile edit")
        await phone.submit({"Headline": "From the phone"})
        await laptop.submit({"Headline": "From the laptop"})
        text = (await phone.slash("/profile view")).text
        for words in ("From the laptop", "github.com/octocat", "Pricing · SQL"):
            assert words in text
        assert "From the phone" not in text


async def test_forms_and_the_menu_outlive_a_restart(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        mine = await ana.slash("/profile view")
        await opened(ana, "Your work now", mine)
        async with restarted(stage):
            assert "2 clients" in (await ana.submit({"Clients at present": "2"})).text
            for form in FORMS:
                assert (await opened(ana, form, mine)).form is not None
                ana.dismiss()
            refused_from = await opened(ana, "Links", mine)
            assert refused_from.form is not None
            refused = await ana.submit({"Website": "word"})
        async with restarted(stage):
            again = await ana.press("Open it again, filled in", on=refused)
            assert held_values(again)["Website"] == ("word",)
            assert "ana.dev" in (await ana.submit({"Website": "ana.dev"})).text


async def test_a_submission_delivered_twice_or_struck_by_a_fault_is_stored_once(
    sqlite_url: str, clock: TurnedClock
) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        stage.discord.faults.duplicate_interactions = True
        assert "Saved" in (await ana.submit({"Headline": "Forecasts"})).text
        stage.discord.faults.clear()
        await opened(ana, "Your work now")
        struck = stage.discord.faults.add(method="POST", path=r"/interactions/.*/callback$", status=500)
        await ana.submit({"Clients at present": "2"})
        assert struck.hits == 1
        stage.discord.faults.clear()
        text = (await ana.slash("/profile view")).text
        assert "Forecasts" in text
        assert "2 clients" in text


async def test_what_a_modified_client_sends_is_answered_in_words(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        mine = await ana.slash("/profile view")
        menu = mine.find_select(MORE)
        assert menu is not None
        for custom_id, values, told in (
            (menu.custom_id, ["everything"], "pick one from the list"),
            (menu.custom_id, [], "pick one from the list"),
            ("k:form.open:profile.skills:core", None, "older version"),
            ("k:form.open:profile.skills:business:1", None, "older version"),
            ("k:form.open:profile.edit:99999999999999999999999", None, ""),
            ("k:profile.list:maybe", None, "older version"),
            ("k:profile.list", None, "older version"),
            ("k:profile.list:on:1", None, "older version"),
        ):
            data = {"custom_id": custom_id, "component_type": 3 if values is not None else 2}
            screen = await ana._use("forges", mine, data | ({} if values is None else {"values": values}))
            assert told in screen.text, custom_id
            assert not screen.failed
            ana.dismiss()
        button = mine.find_button("Let members find me")
        assert button is not None
        seen = await ben._use(
            "forges",
            await ben.slash("/profile view"),
            {"custom_id": button.custom_id, "component_type": 2},
        )
        assert "can find you now" in seen.text
        assert not await _listed(ana)
        assert await _listed(ben)


async def _listed(member: Member) -> bool:
    return (await member.slash("/profile view")).find_button("Hide me from /find") is not None
