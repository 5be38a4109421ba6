"""The gig board: posting, answering, deciding, and what happens when something fails."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    gigs_on,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.stage import Stage

BUDGET = "Budget, such as 80–120 €/h or $1.5k fixed"
GIG = {
    "What is it?": "Hire: I need someone",
    "Title": "Forecast demand for a retailer",
    "The work": "We need a day-ahead model in Python, delivered with tests and a short report.",
    BUDGET: "80–120 €/h",
    "Niches": "energy",
}
DOUBTFUL = GIG | {
    "Title": "Easy data entry from home",
    "The work": "You will need to pay a small registration fee of $30 before you get access to the tasks.",
}
PITCH = "Why you? Two or three sentences"
WORTHY = "I have built three such models for grid operators."


async def post(member: Member, gig: dict[str, str], **other: str) -> Screen:
    """Fill in the form of /gig post, and publish what it shows; a refusal comes back as it is."""
    await member.slash("/gig post")
    shown = await member.submit(gig | other)
    return await member.press("Publish", on=shown) if "Publish" in shown.buttons else shown


async def posted(stage: Stage) -> tuple[Member, Member, Screen]:
    """A poster, another member, and the gig on the board as that member sees it."""
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    assert "on its way" in (await post(ana, GIG)).text
    await stage.app.settled()
    return ana, ben, ben.channel("gigs")[-1]


async def pitched(stage: Stage) -> tuple[Member, Member, Screen]:
    """A poster who has just been told of somebody's interest."""
    ana, ben, board = await posted(stage)
    await ben.press("I'm interested", on=board)
    assert "Sent" in (await ben.submit({PITCH: WORTHY})).text
    await stage.app.settled()
    return ana, ben, ana.inbox[-1]


async def test_a_gig_finds_its_person(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, asked = await pitched(stage)
        assert "Someone is interested" in asked.text
        assert WORTHY in asked.text.replace("\\", "")
        assert "Accepted" in (await ana.press("Accept", on=asked)).text
        await stage.app.settled()
        assert "You and Ana" in having(ben.inbox, "It is a match")[0].text
        assert "You and Ben" in having(ana.inbox, "It is a match")[0].text
        mine = await ana.slash("/gig mine")
        assert "is filled" in (await ana.press(f"Filled: {GIG['Title']}", on=mine)).text
        await stage.app.settled()
        board = ben.channel("gigs")[-1]
        assert "filled" in board.text
        assert "I'm interested" not in board.buttons


@pytest.mark.parametrize("budget", ["negotiable", "unpaid", "100", "$1 and 3 €", "-5 €/h"])
async def test_a_budget_that_is_none_comes_back_filled_in(sqlite_url: str, budget: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        refused = await post(ana, GIG, **{BUDGET: budget})
        again = await ana.press("Open it again, filled in", on=refused)
        held = held_values(again)
        assert held["Title"] == (GIG["Title"],)
        assert held["The work"] == (GIG["The work"],)
        assert held[BUDGET] == (budget,)
        assert held["What is it?"] == ("hire",)
        shown = await ana.submit({BUDGET: "95 €/h"})
        assert "95 EUR per hour" in shown.text
        assert "on its way" in (await ana.press("Publish", on=shown)).text


async def test_second_clicks_own_gigs_and_repeats_are_answered_kindly(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await pitched(stage)
        board = ben.channel("gigs")[-1]
        assert "has your pitch already" in (await ben.press("I'm interested", on=board)).text
        assert "your own gig" in (await ana.press("I'm interested", on=board)).text
        assert "posted this one already" in (await post(ana, GIG)).text
        await ana.press("Decline", on=asked)
        again = await forge(ana, asked, "Accept")
        assert "Declined" in again.text
        assert "nothing changed" in again.text
        await pass_time(stage, timedelta(days=1))
        assert having(ben.inbox, "went another way")
        assert not having(ben.inbox, "It is a match")


async def test_a_stranger_can_neither_accept_nor_close(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await pitched(stage)
        mine = await ana.slash("/gig mine")
        assert "belongs to someone else" in (await forge(ben, asked, "Accept")).text
        for label in (f"Filled: {GIG['Title']}", f"Withdraw: {GIG['Title']}"):
            assert "belongs to someone else" in (await forge(ben, mine, label)).text
        assert "I'm interested" in ben.channel("gigs")[-1].buttons


async def test_a_doubtful_gig_waits_for_a_moderator(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        assert "waits for a moderator" in (await post(ana, DOUBTFUL)).text
        await stage.app.settled()
        assert ana.channel("gigs") == []
        review = stage.owner.channel("kith-moderators")[-1]
        assert "registration fee" in review.text
        assert "Only moderators" in (await forge(ana, review, "Approve")).text
        async with restarted(stage):
            await stage.owner.press("Refuse", on=review)
            assert "Refused" in (await stage.owner.submit({"Why?": "It has the marks of a scam"})).text
            assert "decided already" in (await forge(stage.owner, review, "Approve")).text
            await stage.app.settled()
            assert having(ana.inbox, "did not put")
            assert ana.channel("gigs") == []


async def test_nasty_text_is_harmless_on_the_board(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        nasty = "**bold** \u202e<@&1> @everyone `x` ||y|| [a](https://example.org)"
        await post(ana, GIG, **{"Title": nasty, "The work": f"{GIG['The work']} {nasty}"})
        await post(ana, GIG, **{"Niches": nasty, "Title": "Another plain title"})
        await stage.app.settled()
        for gig in stage.owner.channel("kith-moderators")[-2:]:
            if "Approve" in gig.buttons:
                await stage.owner.press("Approve", on=gig)
        await stage.app.settled()
        boards = gigs_on(ben)
        assert len(boards) == 2
        for board in boards:
            assert board.message is not None
            text = "\n".join(str(embed) for embed in board.message.embeds)
            assert "**bold**" not in text
            assert "@everyone" not in text
            assert "\u202e" not in text
        await ben.press("I'm interested", on=boards[-1])
        await ben.submit({PITCH: f"{WORTHY}\n{NASTY} @everyone\n> quote"})
        await stage.app.settled()
        asked = having(ana.inbox, "Someone is interested")[0]
        assert "@everyone" not in asked.text
        assert "**bold**" not in asked.text


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
@pytest.mark.parametrize("path", [r"/threads$", r"/messages$"])
async def test_a_failed_post_or_dm_arrives_exactly_once(
    sqlite_url: str, fault: dict[str, object], path: str
) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await post(ana, GIG)
        if path != r"/threads$":
            await stage.app.settled()
            await ben.press("I'm interested", on=ben.channel("gigs")[-1])
            await ben.submit({PITCH: WORTHY})
        struck = stage.discord.faults.add(method="POST", path=path, **fault)
        await stage.app.settled()
        assert struck.hits == 1
        await pass_time(stage, timedelta(minutes=3))
        assert len(gigs_on(ben)) == 1
        assert len(having(ana.inbox, "Someone is interested")) == (path != r"/threads$")


async def test_a_closed_dm_leaves_the_pitch_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        ana.close_dms()
        await ben.press("I'm interested", on=board)
        await ben.submit({PITCH: WORTHY})
        await stage.app.settled()
        (thread,) = ana.threads()
        note = ana.channel(thread)[-1]
        assert "Something for you" in note.text
        waiting = await ana.press("Open", on=note)
        assert "Someone is interested" in waiting.text
        assert "Accepted" in (await ana.press("Accept", on=waiting)).text


async def test_forms_and_buttons_outlive_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        await ben.press("I'm interested", on=board)
        async with restarted(stage):
            assert "Sent" in (await ben.submit({PITCH: WORTHY})).text
            await stage.app.settled()
            assert "Accepted" in (await ana.press("Accept", on=ana.inbox[-1])).text
            assert "has your pitch already" in (await ben.press("I'm interested", on=board)).text


async def test_a_pasted_offer_is_checked_without_being_kept(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        offer = "Please pay a registration fee of $30 first @everyone **now**"
        told = await ana.slash(f'/gig check text:"{offer}"')
        assert "What I noticed" in told.text
        assert "@everyone" not in told.text


async def test_whoever_stops_leaves_no_open_gig_behind(sqlite_url: str) -> None:
    """After /stop nobody could tell the poster who applied; so the gig goes and the applicant hears of it."""
    async with community(sqlite_url) as stage:
        ana, ben, _told = await pitched(stage)
        await ana.slash("/stop")
        await ana.press("Stop all messages")
        said_to_ana = len(ana.inbox)
        await stage.app.settled()
        assert len(having(ben.inbox, GIG["Title"])) == 1
        board = ben.look(next(iter(ben.posts("gigs")[-1].messages.values())))
        assert "I'm interested" not in board.buttons
        assert len(ana.inbox) == said_to_ana
