"""What cannot be done is said in words, and what was typed comes back."""

import pytest
from sqlalchemy import update

from bot.people.rules import NICHES_MAX
from bot.people.service import Who
from bot.people.tables import Member as MemberRow
from tests.conversations.helpers import held_values
from tests.start.helpers import ABOUT, founded, menu_of, panel, send, to_city, to_confirm, to_niches, to_value


@pytest.mark.parametrize(("typed", "told"), [("qqqqzzzz", "I do not know"), ("atlantis", "Did you mean")])
async def test_an_unknown_city_comes_back_filled_in(sqlite_url: str, typed: str, told: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_city(ana)
        await ana.press("Go on: my city")
        refused = await ana.submit({"The nearest larger city": typed})
        assert told in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert held_values(again)["The nearest larger city"] == (typed,)
        assert "Is that right?" in (await ana.submit({"The nearest larger city": "Lisbon"})).text


async def test_an_unknown_niche_comes_back_filled_in(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_niches(ana)
        await ana.press("Search")
        refused = await ana.submit({"Niches": "qqqqzzzz"})
        assert "I do not know" in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert held_values(again)["Niches"] == ("qqqqzzzz",)
        assert "You joined Energy" in (await ana.submit({"Niches": "energy"})).text


async def test_near_misses_are_answered_with_the_nearest(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_niches(ana)
        await ana.press("Search")
        missed = await ana.submit({"Niches": "energy, orc"})
        assert "You joined Energy" in missed.text
        assert "I do not know “orc”. The nearest:" in missed.text
        label = menu_of(missed).options[0].label
        after = await ana.choose("Take one of these", [label])
        assert "**Yours**" in after.text
        assert label == "OCR and documents"
        assert label in after.text
        assert "Energy" in after.text


async def test_hostile_text_in_a_search_stays_plain(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_niches(ana)
        await ana.press("Search")
        told = await ana.submit({"Niches": "energy, **@everyone** <@1> `x` \u202e"})
        assert "You joined Energy" in told.text
        assert "**@everyone**" not in told.text


async def test_no_more_niches_than_there_can_be(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        niches = await to_niches(ana)
        menu = menu_of(niches)
        assert menu.most == NICHES_MAX
        labels = [option.label for option in menu.options]
        full = await ana.choose("Choose one or more", labels[:NICHES_MAX])
        assert full.selects == []
        await ana.press("Search")
        assert f"You are in {NICHES_MAX} niches" in (await ana.submit({"Niches": labels[NICHES_MAX]})).text


async def test_a_barred_member_is_told_so_at_every_step(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        there = await to_confirm(ana)
        await ana.press("Join", on=panel(ana))
        async with stage.app.store.write() as session:
            await session.execute(update(MemberRow).values(barred_at=stage.clock.now()))
        sentence = stage.app.client.sentences["barred"]
        for screen in (
            await ana.press("Join", on=panel(ana)),
            await ana.press("Yes", on=there),
            await send(ana, "start.introduce"),
            await send(ana, "start.findable"),
            await send(ana, "start.niches", values=["energy"]),
        ):
            assert sentence in screen.text
            assert screen.ephemeral


@pytest.mark.parametrize(
    ("action", "args", "values", "told"),
    [
        ("start.zone", ("Nowhere/City",), None, "I do not know"),
        ("start.zone", (), None, "I do not know"),
        ("start.zone", ("9" * 60,), None, "I do not know"),
        ("start.niches", (), ["no-such-niche-at-all"], "niche"),
        ("start.niches", (), None, "One niche is enough"),
        ("start.city", (), None, "One niche is enough"),
        ("start.value", (), None, "One niche is enough"),
        ("start.introduce", (), None, "niche"),
        ("start.look", (), ["9" * 40], "no profile"),
        ("start.look", (), ["-1"], "no profile"),
        ("start.look", (), ["9" * 19], "no profile"),
        ("start.look", (), None, "no profile"),
        ("start.findable", ("1", "2", "3"), None, "Findable"),
        ("start.later", ("x",), None, "Whenever you like"),
    ],
)
async def test_forged_buttons_are_answered_in_words(
    sqlite_url: str, action: str, args: tuple[str, ...], values: list[str] | None, told: str
) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.press("Join", on=panel(ana))
        before = panel(ana).text
        screen = await send(ana, action, *args, values=values)
        assert told in screen.text
        assert screen.ephemeral
        assert "reference" not in screen.text
        assert panel(ana).text == before


async def test_a_forged_press_on_anothers_card_acts_for_the_one_who_pressed(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        await to_value(ana)
        await send(ben, "start.findable")
        people = stage.app.people
        assert not await people.listed(Who(stage.guild.id, "", ana.id, "Ana"))
        assert await people.listed(Who(stage.guild.id, "", ben.id, "Ben"))


async def test_a_forged_form_with_unknown_choices_changes_nothing(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.press("Join", on=panel(ana))
        with pytest.raises(Exception, match="Astronaut"):
            await ana.submit({**ABOUT, "Where your business is": "Astronaut"})
