"""Around the edges of the gig board: what is in flight, taken down, saved, shared, or said in a DM."""

import re
from datetime import timedelta

import pytest

from sandbox import permissions
from sandbox.model import Tag
from sandbox.screen import Screen
from tests.conversations.helpers import community, having, newcomer, pass_time
from tests.conversations.test_gig_board import forum_of, post_of, tags_of
from tests.conversations.test_gig_people import accepted, asked, pitches
from tests.conversations.test_gig_posting import begin_edit, on_board
from tests.conversations.test_gigs import BUDGET, DOUBTFUL, GIG, PITCH, WORTHY, post, posted
from tests.stage import Stage

MODERATORS = "kith-moderators"
WAY_OUT = "From Data Collective · /stop ends all my messages"


async def taken_down(stage: Stage) -> Screen:
    """What the owner sees after taking the one gig on the board down."""
    ((title, _gig),) = await stage.owner.autocomplete("/kith gigs takedown gig:", GIG["Title"])
    await stage.owner.slash(f'/kith gigs takedown gig:"{title}"')
    done = await stage.owner.submit({"Why?": "It has the marks of a scam"})
    await stage.app.settled()
    return done


# --- the people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaver", ["Ana", "Ben"])
async def test_who_deletes_themselves_leaves_the_thread_of_a_gig(sqlite_url: str, leaver: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await accepted(stage)
        gone, stays = (ana, ben) if leaver == "Ana" else (ben, ana)
        assert len(gone.threads()) == 1
        sure = await gone.press("Delete me in Data Collective", on=await gone.slash("/privacy delete"))
        await gone.press("Delete for good", on=sure)
        await pass_time(stage, timedelta(minutes=1))
        assert gone.threads() == []
        (thread,) = stays.threads()
        assert all(leaver not in screen.text for screen in stays.channel(thread))


async def test_whoever_talks_with_the_poster_of_a_gig_that_is_taken_down_is_warned(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben = await accepted(stage)
        await taken_down(stage)
        (told,) = having(ben.inbox, "taken down by the moderators")
        assert "please be careful" in told.text


async def test_who_is_barred_is_told_before_they_write_a_pitch(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, board = await posted(stage)
        await stage.owner.slash("/kith member bar user:Ben")
        refused = await ben.press("I'm interested", on=board)
        assert refused.form is None
        assert "have closed Kith for you" in refused.text


async def test_a_pitch_can_be_taken_back_later(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, board = await posted(stage)
        await pitches(ben, board)
        seen = await ben.slash("/gig pitches")
        assert "Taken back" in (await ben.choose("Take a pitch back", GIG["Title"], on=seen)).text
        again = await ben.slash("/gig pitches")
        assert "taken back" in again.text
        assert again.selects == []


async def test_who_waited_reads_that_a_gig_is_open_again_and_can_answer(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        await pitches(ben, board)
        await stage.app.settled()
        stage.discord.faults.add(method="POST", path=r"/channels/\d+/messages$", status=503, times=-1)
        await pass_time(stage, timedelta(days=14, minutes=1))
        mine = await ana.slash("/gig mine")
        await ana.press(f"Renew: {GIG['Title']}", on=mine)
        stage.discord.faults.clear()
        await pass_time(stage, timedelta(hours=2))
        (told,) = having(ben.inbox, "it is open again")
        assert having(ben.inbox, "taken down") == []
        await ben.press("I'm interested", on=told)
        assert "Sent" in (await ben.submit({PITCH: WORTHY})).text


async def test_what_is_pressed_in_a_dm_leaves_its_community_and_the_way_out(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, screen = await asked(stage)
        assert WAY_OUT in (await ana.press("Accept", on=screen)).text
        await pass_time(stage, timedelta(days=12, minutes=1))
        ending = having(ana.inbox, "Your gig ends soon")[0]
        assert WAY_OUT in (await ana.press("I found someone", on=ending)).text


async def test_those_asked_first_read_what_the_board_would_show(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        cleo, ben, board = await posted(stage)
        await pitches(ben, board)
        ana = await newcomer(stage, "Dora")
        await ana.slash("/gig post")
        shown = await ana.submit(
            GIG | {"Title": "Read old meters", "The work": "Read old meters and make sense of all of them."}
        )
        await ana.press("Add details", on=shown)
        shown = await ana.submit({"Skills": "Python", "How to apply": "Name one meter"})
        plan = await ana.press("Who sees it first", on=shown)
        await ana.choose("People to ask first", ["Ben"], on=plan)
        assert "A few people see it first" in (await ana.press("Publish", on=shown)).text
        await stage.app.settled()
        assert "shown to a few people first" in (await ana.slash("/gig mine")).text
        (told,) = having(ben.inbox, "before it is on the board")
        for words in ("80–120 EUR per hour", "Skills: Python", "Name one meter", "Worth knowing", "account"):
            assert words in told.text, told.text
        assert WAY_OUT in (await ben.press("Pass", on=told)).text
        assert cleo.inbox


# --- the board -------------------------------------------------------------------------------------


async def test_a_new_title_renames_the_post_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _board = await on_board(stage)
        before = post_of(stage)
        await begin_edit(ana)
        shown = await ana.submit({"Title": "Forecast demand for two retailers"})
        await ana.press("Save", on=shown)
        await stage.app.settled()
        assert post_of(stage, "Forecast demand for two retailers").id == before.id
        names = [one.body.get("name") for one in stage.discord.requests if _renames(one)]
        await ana.press("Withdraw: Forecast demand for two retailers", on=await ana.slash("/gig mine"))
        await stage.app.settled()
        assert [one.body.get("name") for one in stage.discord.requests if _renames(one)] == names


async def test_tags_only_moderators_may_set_are_left_out(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        forum = forum_of(stage)
        tags = (Tag(stage.discord.next_id(), "hire", moderated=True), Tag(stage.discord.next_id(), "open"))
        forum.available_tags = list(tags)
        lacking = permissions.MANAGE_CHANNELS | permissions.MANAGE_THREADS
        stage.guild.forbid_bot(lacking)
        (mine,) = [one for one in forum.overwrites if one.id == stage.discord.bot.id]
        mine.allow, mine.deny = mine.allow & ~lacking, lacking
        stage.discord.emit_channel("UPDATE", forum)
        await posted(stage)
        assert tags_of(stage, post_of(stage)) == {"open"}


# --- the screens -----------------------------------------------------------------------------------


async def test_a_saved_gig_that_is_taken_down_says_so_and_can_be_taken_off(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, board = await posted(stage)
        await ben.press("Save", on=board)
        await taken_down(stage)
        listed = await ben.slash("/gig saved")
        assert "A gig you saved was taken down" in listed.text
        assert GIG["Title"] not in listed.text
        off = await ben.press("Take it off", on=listed)
        assert GIG["Title"] not in off.text
        assert "None yet" in (await ben.slash("/gig saved")).text


async def test_a_decision_can_be_appealed_from_ones_own_list_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await post(ana, DOUBTFUL)
        await stage.app.settled()
        for time in range(2):
            card = having(stage.owner.channel(MODERATORS), DOUBTFUL["Title"])[-1]
            await stage.owner.press("Refuse", on=card)
            await stage.owner.submit({"Why?": "It has the marks of a scam"})
            await stage.app.settled()
            mine = await ana.slash("/gig mine")
            label = f"Appeal: {DOUBTFUL['Title']}"
            assert (label in mine.buttons) is (time == 0)
            if time == 0:
                assert "once more" in (await ana.press(label, on=mine)).text
                await stage.app.settled()


async def test_a_long_preview_ends_with_whole_lines(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/gig post")
        shown = await ana.submit(GIG | {"The work": ("Para one. " * 390)[:3990], BUDGET: "80–120 €/h"})
        assert "The post shows the rest" in shown.text
        assert "Hire: I need someone · open" in shown.text
        assert not re.search(r"<t:\d+…", shown.text)


async def test_any_message_can_be_checked_from_its_menu(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        bait = stage.owner.say("You must pay a registration fee of $30 before you start.", channel="general")
        seen = await ana.menu("Check for scams", bait)
        typed = await ana.slash(f'/gig check text:"{bait.content}"')
        assert seen.ephemeral
        assert "must pay a registration fee" in seen.text
        assert typed.text == seen.text


def _renames(request: object) -> bool:
    body = getattr(request, "body", None)
    return getattr(request, "method", "") == "PATCH" and isinstance(body, dict) and "name" in body
