"""Changing a gig that is on the board: the post follows clean words, and is never lost."""

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import community, forge, having, held_values, restarted
from tests.conversations.test_gig_posting import FEE, begin_edit, on_board, posts
from tests.conversations.test_gigs import BUDGET, GIG, PITCH, WORTHY
from tests.stage import Stage


async def reworded(stage: Stage, **words: str) -> tuple[Member, Member, Screen]:
    """A poster who sees what the post would look like with other words."""
    ana, ben, _post = await on_board(stage)
    held = held_values(await begin_edit(ana))
    assert held["The work"] == (GIG["The work"],)
    return ana, ben, await ana.submit(words)


async def test_saved_words_reach_the_post_and_those_who_answered(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, post = await on_board(stage)
        await ben.press("I'm interested", on=post)
        await ben.submit({PITCH: WORTHY})
        await stage.app.settled()
        await begin_edit(ana)
        shown = await ana.submit({"The work": f"{GIG['The work']} Two markets.", BUDGET: "95 €/h"})
        assert "95 EUR per hour" in shown.text
        assert "Two markets" not in posts(ben)[-1].text
        async with restarted(stage):
            assert "Saved" in (await ana.press("Save", on=shown)).text
            await stage.app.settled()
            (now,) = posts(ben)
            assert "Two markets" in now.text
            assert "95" in now.text
            assert "I'm interested" in now.buttons
            (told,) = having(ben.inbox, "pays differently")
            assert "95 EUR per hour" in told.text
            assert "From Data Collective · /stop" in told.text
            assert "nothing left to save" in (await forge(ana, shown, "Save")).text


async def test_doubtful_words_leave_the_post_as_it_is(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, shown = await reworded(stage, **{"The work": FEE})
        assert "your post keeps its old ones" in shown.text
        assert "registration fee" in shown.text
        assert "Save" not in shown.buttons
        await ana.press("Edit words", on=shown)
        mended = await ana.submit({"The work": f"{GIG['The work']} Two markets."})
        assert "Save" in mended.buttons
        await stage.app.settled()
        assert GIG["The work"] in posts(ben)[-1].text
        await ana.press("Save", on=mended)
        await stage.app.settled()
        assert "Two markets" in posts(ben)[-1].text


@pytest.mark.parametrize("label", ["Save", "Edit words", "Add details", "Discard"])
async def test_a_stranger_edits_nothing(sqlite_url: str, label: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, shown = await reworded(stage, **{BUDGET: "95 €/h"})
        assert "belongs to someone else" in (await forge(ben, shown, label)).text
        await stage.app.settled()
        assert "95" not in posts(ben)[-1].text


async def test_a_refused_edit_comes_back_filled_in_also_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, refused = await reworded(stage, **{BUDGET: "exposure"})
        assert "paid in money" in refused.text
        async with restarted(stage):
            held = held_values(await ana.press("Open it again, filled in", on=refused))
            assert (held[BUDGET], held["Title"]) == (("exposure",), (GIG["Title"],))
            shown = await ana.submit({BUDGET: "95 €/h"})
            await ana.press("Save", on=shown)
            await stage.app.settled()
            assert "95" in posts(ben)[-1].text


async def test_a_gig_that_closed_meanwhile_takes_no_new_words(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, shown = await reworded(stage, **{BUDGET: "95 €/h"})
        mine = await ana.slash("/gig mine")
        (label,) = [label for label in mine.buttons if label.startswith("Withdraw")]
        await ana.press(label, on=mine)
        await stage.app.settled()
        assert "closed by now" in (await ana.press("Save", on=shown)).text
        assert all("95" not in post.text for post in posts(ben))
