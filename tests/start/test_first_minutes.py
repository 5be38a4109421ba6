"""The first five minutes as they should go, counted."""

from datetime import timedelta

from bot.people.service import Who
from tests.conversations.helpers import restarted
from tests.start.helpers import ABOUT, LISBON, findable, founded, menu_of, panel, to_city, to_value, used


async def test_a_newcomer_is_introduced_and_findable_after_eight_interactions(database_url: str) -> None:
    async with founded(database_url) as stage:
        await findable(stage, "Ben", "Cem", "Dora")
        ana = stage.guild.member("Ana")
        form = await ana.press("Join", on=panel(ana))
        assert form.form is not None
        niches = await ana.submit(ABOUT)
        assert "One niche is enough to begin with" in niches.text
        assert niches.ephemeral
        assert not niches.find_button("Go on: my city")
        first = menu_of(niches).options[0].label  # the largest first: those Ben, Cem and Dora are in
        assert first in ("Energy and utilities", "OCR")
        chosen = await ana.choose("Choose one or more", [first])
        assert f"You joined {first}" in chosen.text
        await ana.press("Go on: my city")
        there = await ana.submit(LISBON)
        assert "Is that right?" in there.text
        value = await ana.press("Yes")
        for name in ("Ben", "Cem", "Dora"):
            assert name in value.text
        assert "Next round:" in value.text
        introduced = await ana.press("Introduce me")
        assert "✔ **Introductions**" in introduced.text
        done = await ana.press("Let members find me")
        assert "✔ **Introductions**" in done.text
        assert "✔ **Findable**" in done.text
        assert "/stop" in done.text
        assert used(stage, ana) <= 8
        await stage.app.settled()
        assert "You are in" in ana.inbox[-1].text
        ben = stage.guild.member("Ben")
        assert "Data scientist" in (await ben.menu("View profile", ana)).text


async def test_every_screen_takes_the_place_of_the_one_before(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_value(ana)
        await ana.press("Introduce me")
        assert len(ana.screens) == 1
        assert all(screen.ephemeral for screen in ana.screens)
        assert panel(ana).buttons == ["Join", "Browse", "What is this?"]


async def test_where_nobody_can_be_found_the_card_says_so(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        value = await to_value(stage.guild.member("Ana"))
        assert "Nobody who fits you can be found here yet" in value.text
        assert "Next round:" in value.text


async def test_whoever_is_suggested_can_be_looked_at_while_they_let_themselves_be_found(
    sqlite_url: str,
) -> None:
    async with founded(sqlite_url) as stage:
        (ben,) = await findable(stage, "Ben")
        ana = stage.guild.member("Ana")
        value = await to_value(ana)
        seen = await ana.choose("Look at a profile", "Ben", on=value)
        assert "Data scientist" in seen.text
        assert "Report" in seen.buttons
        assert seen.ephemeral
        assert "Ben" in value.text
        me = Who(stage.guild.id, stage.guild.name, ben.id, "Ben")
        await stage.app.people.list_me(me, listed=False)
        assert "no profile" in (await ana.choose("Look at a profile", "Ben", on=value)).text
        again = await ana.press("Join", on=panel(ana))
        assert "Ben" not in again.text
        assert again.selects == []


async def test_everything_but_one_niche_can_be_skipped(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.press("Join", on=panel(ana))
        niches = await ana.submit()
        await ana.choose("Choose one or more", [menu_of(niches).options[0].label])
        value = await ana.press("Skip the city")
        assert "For that I need your city" in value.text
        assert value.find_button("Introduce me") is None
        assert "✔ **Findable**" in (await ana.press("Let members find me")).text
        await ana.press("My city")
        await ana.submit(LISBON)
        assert (await ana.press("Yes")).find_button("Introduce me")
        assert "✔ **Introductions**" in (await ana.press("Introduce me")).text


async def test_not_now_is_an_answer_and_join_goes_on_from_there(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_value(ana)
        assert "Whenever you like" in (await ana.press("Not now")).text
        await stage.app.settled()
        assert ana.inbox == []
        assert (await ana.press("Join", on=panel(ana))).find_button("Introduce me")


async def test_niches_and_a_city_set_through_commands_count(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash('/profile timezone city:"Lisbon, Portugal"')
        await ana.slash("/niche join niche:energy")
        form = await ana.press("Join", on=panel(ana))
        assert form.form is not None
        assert "Next round:" in (await ana.submit(ABOUT)).text


async def test_a_zone_known_from_another_community_is_only_confirmed(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        other = stage.discord.guild("Elsewhere", owner="Olga")
        other.text_channel("general")
        await stage.app.settled()
        abroad = other.member("Ana")
        await abroad.slash('/profile timezone city:"Lisbon, Portugal"')
        ana = stage.guild.member("Ana")
        chosen = await to_city(ana)
        assert chosen.find_button("Go on: my city") is None
        there = await ana.press("Go on")
        assert "You told me Lisbon elsewhere: there it is" in there.text
        assert "Next round:" in (await ana.press("Yes")).text


async def test_a_city_told_by_command_here_is_not_asked_about_again(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash('/profile timezone city:"Lisbon, Portugal"')
        await to_city(ana)
        assert "Next round:" in (await ana.press("Go on")).text


async def test_another_city_is_asked_for_before_it_counts(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_city(ana)
        await ana.press("Go on: my city")
        await ana.submit({"The nearest larger city": "Tokyo"})
        again = await ana.press("Another city")
        assert again.form is not None
        assert "In Lisbon, Portugal" in (await ana.submit(LISBON)).text
        await ana.press("Yes")
        me = await stage.app.people.mine(Who(stage.guild.id, stage.guild.name, ana.id, "Ana"))
        assert me.zone == "Europe/Lisbon"


async def test_browse_and_what_is_this_answer_in_private_and_leave_the_panel(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        before = panel(ana).text
        browse = await ana.press("Browse", on=panel(ana))
        about = await ana.press("What is this?", on=panel(ana))
        assert browse.ephemeral
        assert about.ephemeral
        assert "Nothing is sent to you unless you ask" in about.text
        assert panel(ana).text == before
        assert (await ana.press("Join", on=about)).form is not None
        assert "One niche is enough" in (await ana.submit(ABOUT)).text


async def test_the_round_introduces_those_who_came_by_the_panel(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        for name in ("Ana", "Ben"):
            member = stage.guild.member(name)
            await to_value(member)
            await member.press("Introduce me")
        async with restarted(stage):
            await stage.clock.advance(timedelta(days=2))
            await stage.app.settled()
            assert "Meet Ben" in stage.guild.member("Ana").inbox[-1].text
