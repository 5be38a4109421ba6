"""The main screens of the gig board, word for word: for who posts, who answers and who moderates."""

import re
from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from bot.core.clock import TurnedClock
from sandbox.actors import Member
from sandbox.screen import Screen, Select
from tests.conversations.helpers import having, newcomer
from tests.conversations.test_gigs import BUDGET, DOUBTFUL, GIG, PITCH, WORTHY
from tests.stage import Stage

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOURS, START = "Hours a week you have for it", "When you could start"
DETAILS = {
    "Skills": "Python, SQL",
    "Hours a week": "10 to 15",
    "How long": "Six weeks",
    "How to apply": "Name a forecast you are proud of.",
}
MODERATORS = "kith-moderators"


def words(screen: Screen) -> str:
    """A screen as words, with what its menus offer; names stand where ids were."""
    lines = [screen.form.title] if screen.form else []
    lines += [screen.text, *(f"[{label}]" for label in screen.buttons)]
    for menu in (one for one in screen.controls if isinstance(one, Select)):
        offered = ", ".join(option.label for option in menu.options)
        lines.append(f"{menu.placeholder}: {offered}")
    return "\n".join(lines)


def steady(screen: Screen) -> str:
    """The same, whatever screening says by now: its sentences and weights have tests of their own."""
    found = re.sub(r"(?m)^- .*(?:\n- .*)*", "- what was found", words(screen))
    return re.sub(r"\d+ points", "N points", found)


async def opened(stage: Stage) -> tuple[Member, Member]:
    """A community that has begun, with somebody who posts and somebody who answers."""
    await stage.owner.slash("/kith setup city:Lisbon")
    await stage.owner.press("Create what is missing")
    await stage.owner.press("Start")
    await stage.app.settled()
    return await newcomer(stage, "Ana"), await newcomer(stage, "Ben")


async def later(stage: Stage, by: timedelta) -> None:
    """Turn the clock that stands still, and do what fell due."""
    await stage.clock.advance(by)
    await stage.app.settled()


async def test_the_screens_of_a_poster_and_an_applicant(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with Stage.opened(sqlite_url, TurnedClock(MONDAY, frozen=True)) as stage:
        ana, ben = await opened(stage)
        assert words(await ana.slash("/gig post")) == snapshot(name="post form")
        shown = await ana.submit(GIG)
        assert words(shown) == snapshot(name="preview")
        assert words(await ana.press("Add details", on=shown)) == snapshot(name="details form")
        shown = await ana.submit(DETAILS)
        assert words(shown) == snapshot(name="preview with details")
        assert words(await ana.press("Who sees it first", on=shown)) == snapshot(name="who sees it first")
        assert words(await ana.press("Publish", on=shown)) == snapshot(name="published")
        await stage.app.settled()
        assert words(ben.channel("gigs")[0]) == snapshot(name="guidelines")
        board = ben.channel("gigs")[-1]
        assert words(board) == snapshot(name="post")
        assert words(await ben.press("Save", on=board)) == snapshot(name="saved")
        assert words(await ben.slash("/gig saved")) == snapshot(name="saved gigs")
        assert words(await ben.slash('/gig browse niche:energy least:"60 €/h"')) == snapshot(name="browse")
        assert words(await ben.press("I'm interested", on=board)) == snapshot(name="pitch form")
        sent = await ben.submit({PITCH: WORTHY, HOURS: "10", START: "Next week"})
        assert words(sent) == snapshot(name="pitch sent")
        assert words(await ben.slash("/gig pitches")) == snapshot(name="pitches sent")
        await stage.app.settled()
        asked = ana.inbox[-1]
        assert words(asked) == snapshot(name="asked")
        assert words(await ana.slash("/gig pitches")) == snapshot(name="pitches got")
        assert words(await ana.press("Accept", on=asked)) == snapshot(name="accepted")
        await stage.app.settled()
        assert words(ben.inbox[-1]) == snapshot(name="a match")
        assert words(ben.channel(ben.threads()[0])[0]) == snapshot(name="thread")
        mine = await ana.slash("/gig mine")
        assert words(mine) == snapshot(name="mine")
        assert words(await ana.press(f"Filled: {GIG['Title']}", on=mine)) == snapshot(name="filled")


async def test_the_screens_two_weeks_later(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with Stage.opened(sqlite_url, TurnedClock(MONDAY, frozen=True)) as stage:
        ana, ben = await opened(stage)
        await ana.slash("/gig post")
        await ana.press("Publish", on=await ana.submit(GIG))
        await stage.app.settled()
        await ben.press("I'm interested", on=ben.channel("gigs")[-1])
        await ben.submit({PITCH: WORTHY})
        await stage.app.settled()
        await ana.press("Accept", on=ana.inbox[-1])
        await later(stage, timedelta(days=12, minutes=1))
        ending = having(ana.inbox, "Your gig ends soon")[0]
        assert words(ending) == snapshot(name="ends soon")
        await ana.press("I found someone", on=ending)
        await later(stage, timedelta(days=15))
        await later(stage, timedelta(days=1))
        assert words(having(ben.inbox, "How did the gig go")[0]) == snapshot(name="asked the worker")
        asked = having(ana.inbox, "How did your gig go")[0]
        assert words(asked) == snapshot(name="asked the poster")
        people = await ana.press("Tell me", on=asked)
        assert words(people) == snapshot(name="with whom")
        assert words(await ana.press("Ben", on=people)) == snapshot(name="outcome form")
        done = await ana.submit({"Did you hire them?": "Yes", "Paid as agreed?": "Yes, as agreed"})
        assert words(done) == snapshot(name="thanked")
        assert words(await ana.press("Vouch for Ben", on=done)) == snapshot(name="vouch form")


async def test_the_screens_of_a_moderator(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with Stage.opened(sqlite_url, TurnedClock(MONDAY, frozen=True)) as stage:
        ana, _ben = await opened(stage)
        mia = stage.owner
        assert steady(await mia.slash("/kith gigs queue")) == snapshot(name="nothing waits")
        await ana.slash("/gig post")
        waits = await ana.press("Publish", on=await ana.submit(DOUBTFUL))
        assert steady(waits) == snapshot(name="the poster waits")
        await stage.app.settled()
        card = mia.channel(MODERATORS)[-1]
        assert steady(card) == snapshot(name="card")
        assert steady(await mia.slash("/kith gigs queue")) == snapshot(name="queue")
        assert steady(await mia.press("Refuse", on=card)) == snapshot(name="refuse form")
        done = await mia.submit(
            {"Why?": "Something else (say what)", "In your words, if you like": "No fees."}
        )
        assert steady(done) == snapshot(name="refused")
        await stage.app.settled()
        told = ana.inbox[-1]
        assert steady(told) == snapshot(name="the poster is told")
        assert steady(await ana.press("Appeal", on=told)) == snapshot(name="appeal")
        await stage.app.settled()
        again = mia.channel(MODERATORS)[-1]
        assert steady(again) == snapshot(name="appeal card")
        assert steady(await mia.press("Approve", on=again)) == snapshot(name="approved")
        await stage.app.settled()
        assert steady(ana.inbox[-1]) == snapshot(name="the poster hears yes")
        assert steady(await mia.slash("/kith gigs channels")) == snapshot(name="channels")


async def test_the_screens_of_a_change(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with Stage.opened(sqlite_url, TurnedClock(MONDAY, frozen=True)) as stage:
        ana, _ben = await opened(stage)
        mia = stage.owner
        await ana.slash("/gig post")
        await ana.press("Publish", on=await ana.submit(GIG))
        await stage.app.settled()
        mine = await ana.slash("/gig mine")
        await ana.press(f"Edit: {GIG['Title']}", on=mine)
        shown = await ana.submit({"The work": DOUBTFUL["The work"], BUDGET: "95 €/h"})
        assert steady(shown) == snapshot(name="preview")
        handed = await ana.press("Ask the moderators", on=shown)
        assert steady(handed) == snapshot(name="handed over")
        await stage.app.settled()
        assert words(await ana.slash("/gig mine")) == snapshot(name="mine")
        card = mia.channel(MODERATORS)[-1]
        assert steady(card) == snapshot(name="card")
        await mia.press("Ask for a change", on=card)
        asked = await mia.submit({"What should be different?": "Please leave out the fee."})
        assert steady(asked) == snapshot(name="asked for a change")
        await stage.app.settled()
        told = ana.inbox[-1]
        assert steady(told) == snapshot(name="the poster is asked")
        await ana.press("Change the words", on=told)
        shown = await ana.submit({"Title": "Forecast energy prices"})
        assert steady(shown) == snapshot(name="preview in a DM")
        await ana.press("Ask the moderators", on=shown)
        await stage.app.settled()
        done = await mia.press("Approve", on=mia.channel(MODERATORS)[-1])
        assert steady(done) == snapshot(name="approved")
        await stage.app.settled()
        assert steady(ana.inbox[-1]) == snapshot(name="the poster hears yes")
