"""Looking through the board, saving, and several channels: every screen and every refusal."""

from datetime import timedelta

import pytest

from tests.conversations.helpers import community, forge, gigs_on, having, newcomer, pass_time, restarted
from tests.conversations.test_gig_board import next_day
from tests.conversations.test_gigs import BUDGET, GIG, post, posted
from tests.stage import Stage

CALL = GIG | {
    "What is it?": "Scoping call: paid advice",
    "Title": "An hour about OCR pipelines",
    "The work": "We scan invoices and would like somebody who did it before to look over our plan.",
    BUDGET: "$150 for one hour",
    "Niches": "OCR",
}


async def two_gigs(stage: Stage) -> None:
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    await post(ana, GIG)
    await post(ben, CALL)
    await stage.app.settled()


async def test_browsing_filters_says_what_it_understood_and_saves(database_url: str) -> None:
    async with community(database_url) as stage:
        await two_gigs(stage)
        cleo = await newcomer(stage, "Cleo")
        everything = await cleo.slash("/gig browse")
        assert everything.text.index(CALL["Title"]) < everything.text.index(GIG["Title"])
        for line, title in (
            ("kind:Scoping", CALL["Title"]),
            ("niche:energy", GIG["Title"]),
            ('least:"100 €/h"', GIG["Title"]),
            ("text:INVOICES", CALL["Title"]),
        ):
            value = line.replace("kind:Scoping", 'kind:"Scoping call: paid advice"')
            found = await cleo.slash(f"/gig browse {value}")
            assert "Looking for:" in found.text
            assert title in found.text
            assert {GIG["Title"], CALL["Title"]} - {title} != set()
            assert ({GIG["Title"], CALL["Title"]} - {title}).pop() not in found.text
        nothing = await cleo.slash('/gig browse text:"no such words"')
        assert "Nothing like that is open" in nothing.text
        assert "at least 100 EUR per hour" in (await cleo.slash('/gig browse least:"100 €/h"')).text
        assert "on your list" in (await cleo.press("Save", on=everything)).text
        async with restarted(stage):
            assert "already" in (await cleo.press("Save", on=everything)).text
            saved = await cleo.slash("/gig saved")
            assert CALL["Title"] in saved.text
            assert "no longer on your list" in (await cleo.press("Take it off", on=saved)).text
            assert "not on your list any more" in (await forge(cleo, saved, "Take it off")).text
            assert "None yet" in (await cleo.slash("/gig saved")).text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('niche:"zzzz qqqq"', "niche"),
        ("skill:juggling", "no skill called"),
        ("least:plenty", "at least"),
    ],
)
async def test_what_browse_does_not_understand_it_asks_again(sqlite_url: str, line: str, says: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        assert says in (await ana.slash(f"/gig browse {line}")).text
        assert "Nothing is open" in (await ana.slash("/gig browse")).text


async def test_browse_suggests_niches_and_skills(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        assert ("Energy and utilities", "energy") in await ana.autocomplete("/gig browse niche:", "ener")
        assert ("Pricing", "pricing") in await ana.autocomplete("/gig browse skill:", "pric")
        assert len(await ana.autocomplete("/gig browse skill:", "")) == 25


async def test_save_under_a_post_works_for_everyone_and_again(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        assert "Only you see it" in (await ben.press("Save", on=board)).text
        assert "already" in (await ben.press("Save", on=board)).text
        old = await ben.slash("/gig browse")
        await ana.press(f"Withdraw: {GIG['Title']}", on=await ana.slash("/gig mine"))
        await stage.app.settled()
        assert "withdrawn" in (await ben.slash("/gig saved")).text
        await ben.press("Take it off", on=await ben.slash("/gig saved"))
        assert "closed by now" in (await forge(ben, board, "Save")).text
        assert "Nothing is open" in (await ben.slash("/gig browse")).text
        assert "not on your list" in (await ben.press("Take it off", on=old)).text


async def test_several_channels_route_link_and_follow(database_url: str) -> None:
    async with community(database_url) as stage:
        mia = stage.owner
        stage.guild.forum("ocr-work")
        stage.guild.text_channel("news")
        added = await mia.slash('/kith gigs add-channel channel:#ocr-work role:"Gigs live here" niches:OCR')
        assert "Saved" in added.text
        await mia.slash('/kith gigs add-channel channel:#news role:"Only links to them"')
        listed = await mia.slash("/kith gigs channels")
        assert "OCR" in listed.text
        assert "links to all gigs" in listed.text
        await two_gigs(stage)
        ben = stage.guild.member("Ben")
        assert [GIG["Title"] in screen.text for screen in gigs_on(ben)] == [True]
        assert [CALL["Title"] in screen.text for screen in gigs_on(ben, "ocr-work")] == [True]
        links = ben.channel("news")
        assert len(links) == 2
        assert all(link.find_button("Read it") for link in links)
        async with restarted(stage):
            await ben.press(f"Filled: {CALL['Title']}", on=await ben.slash("/gig mine"))
            await stage.app.settled()
            (filled,) = having(ben.channel("news"), CALL["Title"])
            assert "filled" in filled.text
            assert not filled.find_button("Read it")
            gone = await mia.choose("Take a channel off the board", "#ocr-work", on=listed)
            assert "Taken off" in gone.text
            again = await mia.slash("/kith gigs remove-channel channel:#ocr-work")
            assert "nothing changed" in again.text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('channel:#gigs role:"Gigs live here" kind:"Scoping call: paid advice"', "the board's own channel"),
        ('channel:#other role:"Gigs live here"', "Which gigs live there"),
        ('channel:#other role:"Only links to them"', "Links need a text channel"),
        ('channel:#other role:"Gigs live here" niches:"zzzz qqqq"', "niche"),
    ],
)
async def test_a_channel_that_would_not_work_is_refused_in_words(
    sqlite_url: str, line: str, says: str
) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.forum("other")
        assert says in (await stage.owner.slash(f"/kith gigs add-channel {line}")).text


async def test_channels_are_for_moderators(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.forum("other")
        added = await stage.owner.slash(
            '/kith gigs add-channel channel:#other role:"Gigs live here" niches:OCR'
        )
        ana = await newcomer(stage, "Ana")
        menu = added.find_select("Take a channel off the board")
        assert menu is not None
        data = {"custom_id": menu.custom_id, "component_type": 3, "values": [menu.options[0].value]}
        public = ana.channel("general")[0]
        assert "Manage Server" in (await ana._use("forges a choice", public, data)).text


async def test_a_deleted_second_forum_sends_its_gig_home(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.forum("ocr-work")
        await stage.owner.slash('/kith gigs add-channel channel:#ocr-work role:"Gigs live here" niches:OCR')
        await two_gigs(stage)
        ben = stage.guild.member("Ben")
        stage.guild.delete_channel("ocr-work")
        listed = await stage.owner.slash("/kith gigs channels")
        menu = listed.find_select("Take a channel off the board")
        assert menu is not None
        await stage.owner.choose(menu.placeholder or "", menu.options[0].label, on=listed)
        await next_day(stage)
        await ben.press("Post again", on=having(ben.inbox, "is not on the board")[0])
        await stage.app.settled()
        assert len(having(gigs_on(ben), CALL["Title"])) == 1


async def test_a_link_whose_sending_failed_half_way_is_there_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.text_channel("news")
        await stage.owner.slash('/kith gigs add-channel channel:#news role:"Only links to them"')
        ana = await newcomer(stage, "Ana")
        await post(ana, GIG)
        path = rf"/channels/{stage.guild.channel('news').id}/messages$"
        struck = stage.discord.faults.add(method="POST", path=path, drop="after")
        await stage.app.settled()
        await pass_time(stage, timedelta(minutes=3))
        assert struck.hits == 1
        assert len(ana.channel("news")) == 1
