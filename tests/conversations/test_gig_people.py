"""The people around a gig: pitches and answers, contact, handing a gig on, and how it went."""

from datetime import timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import NASTY, community, forge, having, newcomer, pass_time, restarted
from tests.conversations.test_gigs import GIG, PITCH, WORTHY, post, posted
from tests.stage import Stage

HOURS, START = "Hours a week you have for it", "When you could start"
DAY = timedelta(days=1)
OTHERS = (
    "Museums are my field; their ticket data taught me patience.",
    "Two years of harbour logistics, mostly in R and SQL.",
    "A bakery's demand is what I forecast every Sunday evening.",
)


async def pitches(member: Member, board: Screen, words: str = WORTHY, **more: str) -> Screen:
    """Answer a gig on the board."""
    await member.press("I'm interested", on=board)
    return await member.submit({PITCH: words, **more})


async def asked(stage: Stage) -> tuple[Member, Member, Screen]:
    """A poster who has just been asked about a pitch, and the applicant."""
    ana, ben, board = await posted(stage)
    await pitches(ben, board)
    await stage.app.settled()
    return ana, ben, having(ana.inbox, "Someone is interested")[0]


async def accepted(stage: Stage) -> tuple[Member, Member]:
    """A poster and an applicant who are in contact."""
    ana, ben, screen = await asked(stage)
    await ana.press("Accept", on=screen)
    await stage.app.settled()
    return ana, ben


async def filled(stage: Stage) -> tuple[Member, Member]:
    """The same two, two weeks after the gig was filled."""
    ana, ben = await accepted(stage)
    mine = await ana.slash("/gig mine")
    label = next(label for label in mine.buttons if label.startswith("Filled"))
    await ana.press(label, on=mine)
    await stage.app.settled()
    await pass_time(stage, timedelta(days=14, minutes=1))
    await pass_time(stage, DAY)  # a question waits for its turn
    return ana, ben


# --- contact ---------------------------------------------------------------------------------------


async def test_an_accepted_pitch_opens_a_thread_for_the_two(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, board = await posted(stage)
        eve = stage.guild.member("Eve")
        await pitches(ben, board, **{HOURS: "10 to 15", START: NASTY})
        await stage.app.settled()
        screen = having(ana.inbox, "Someone is interested")[0]
        assert "10 to 15" in screen.text
        assert "**bold**" not in screen.text
        assert "In a moment I tell you both" in (await ana.press("Accept", on=screen)).text
        await stage.app.settled()
        (thread,) = ana.threads()
        assert [one.name for one in ben.threads()] == [thread.name]
        assert eve.threads() == []
        (welcome,) = ben.channel(thread)
        assert "Welcome, Ana and Ben" in welcome.text
        assert "Moderators with Manage Threads can read it" in welcome.text
        for member in (ana, ben):
            (told,) = having(member.inbox, "It is a match")
            assert "Open our thread" in told.buttons
            assert "/stop ends all my messages" in told.text


async def test_without_permission_for_threads_the_two_get_each_others_name(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        stage.discord.faults.add(method="POST", path=r"/threads$", status=403, code=50013, times=-1)
        await ana.press("Accept", on=screen)
        await stage.app.settled()
        assert "You and Ben" in having(ana.inbox, "It is a match")[0].text
        (told,) = having(ben.inbox, "It is a match")
        assert "write to each other directly" in told.text
        assert "Open our thread" not in told.buttons


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
@pytest.mark.parametrize("path", [r"/threads$", r"/thread-members/\d+$"])
async def test_trouble_at_discord_delays_contact_and_opens_one_thread(
    sqlite_url: str, fault: dict[str, object], path: str
) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        struck = stage.discord.faults.add(path=path, **fault)
        await ana.press("Accept", on=screen)
        await stage.app.settled()
        await pass_time(stage, timedelta(minutes=5))
        assert struck.hits == 1
        (thread,) = ben.threads()
        assert len(ben.channel(thread)) == 1
        for member in (ana, ben):
            assert len(having(member.inbox, "It is a match")) == 1


async def test_trouble_that_lasts_ends_in_names(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        stage.discord.faults.add(method="POST", path=r"/threads$", status=503, times=-1)
        await ana.press("Accept", on=screen)
        for _hour in range(6):
            await pass_time(stage, timedelta(hours=1))
        assert "You and Ana" in having(ben.inbox, "It is a match")[0].text


async def test_a_restart_between_accept_and_thread_loses_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        await ana.press("Accept", on=screen)
        async with restarted(stage):
            await stage.app.settled()
            assert len(ben.threads()) == 1
            assert having(ana.inbox, "It is a match")
            again = await forge(ana, screen, "Decline")
            assert "nothing changed" in again.text


async def test_a_poster_who_left_still_answers_by_dm(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        ana.leave()
        await stage.app.settled()
        assert "Accepted" in (await ana.press("Accept", on=screen)).text
        await stage.app.settled()
        assert ben.threads() == []
        assert "You and Ana" in having(ben.inbox, "It is a match")[0].text


async def test_closed_dms_leave_the_answer_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        ben.close_dms()
        await ana.press("Accept", on=screen)
        await stage.app.settled()
        assert "You and Ana" in (await ben.slash("/inbox")).text


# --- answers ---------------------------------------------------------------------------------------


async def test_several_pitches_come_as_one_message_and_are_read_one_by_one(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        others = [await newcomer(stage, name) for name in ("Cleo", "Dora", "Eve")]
        await pitches(ben, board)
        for other, words in zip(others, OTHERS, strict=True):
            await pitches(other, board, words)
        await stage.app.settled()
        assert len(having(ana.inbox, "Someone is interested")) == 1
        assert having(ana.inbox, "New pitches") == []
        await pass_time(stage, timedelta(hours=1, minutes=1))
        (bundle,) = having(ana.inbox, "New pitches")
        assert "4 pitches wait" in bundle.text
        assert "Cleo" not in bundle.text
        page = await ana.press("Read them", on=bundle)
        assert "Pitch 1 of 4" in page.text
        page = await ana.press("Next", on=page)
        assert OTHERS[0] in page.text.replace("\\", "")
        done = await ana.press("Accept", on=page)
        assert "3 more pitches wait" in done.text
        assert "3 people" in (await ana.press("Decline the others", on=done)).text
        await pass_time(stage, DAY)
        for member in (ben, others[1], others[2]):
            assert len(having(member.inbox, "went another way")) == 1
        assert having(others[0].inbox, "It is a match")


async def test_declines_are_told_together_and_without_hurting(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for number, buyer in enumerate(("museum", "harbour")):
            work = f"We need a plan for a {buyer}, delivered with tests and a report in {number + 2} weeks."
            await post(ana, GIG, **{"Title": f"Plan for a {buyer}", "The work": work})
        await stage.app.settled()
        for board, words in zip(having(ben.channel("gigs"), "Plan for a"), OTHERS, strict=False):
            await pitches(ben, board, words)
        await stage.app.settled()
        for screen in having(ana.inbox, "Someone is interested"):
            assert "I tell them kindly" in (await ana.press("Decline", on=screen)).text
        await stage.app.settled()
        assert having(ben.inbox, "went another way") == []
        assert "with the poster" in (await ben.slash("/gig pitches")).text
        await pass_time(stage, DAY)
        (told,) = having(ben.inbox, "went another way")
        assert "2 of the gigs" in told.text
        assert "says little about you" in told.text
        which = await ben.press("See which", on=told)
        assert which.text.count("another way this time") == 2


async def test_a_gig_closed_meanwhile_says_so_to_everybody(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        mine = await ana.slash("/gig mine")
        label = next(label for label in mine.buttons if label.startswith("Withdraw"))
        await ana.press(label, on=mine)
        await stage.app.settled()
        (told,) = having(ben.inbox, "was taken back by its poster")
        assert "it was not about you" in told.text
        assert "closed" in (await ana.press("Accept", on=screen)).text
        await stage.app.settled()
        assert having(ben.inbox, "It is a match") == []


async def test_a_pitch_is_taken_back_and_the_poster_sees_no_more_of_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        sent = await pitches(ben, board)
        assert "does not see it any more" in (await ben.press("Take it back", on=sent)).text
        await stage.app.settled()
        assert having(ana.inbox, "Someone is interested") == []
        assert "Sent" in (await pitches(ben, board)).text
        await stage.app.settled()
        screen = having(ana.inbox, "Someone is interested")[-1]
        assert "belongs to someone else" in (await forge(ben, screen, "Accept")).text


async def test_spraying_is_refused_kindly_and_what_was_typed_is_kept(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        buyers = ("museum", "harbour", "bakery", "library")
        for number, buyer in enumerate(buyers):
            work = (
                f"The {buyer} needs somebody for {number + 2} weeks, for {buyer} data and a {buyer} report."
            )
            await post(ana, GIG, **{"Title": f"Order at the {buyer}", "The work": work})
        await stage.app.settled()
        boards = having(ben.channel("gigs"), "Order at the")
        assert len(boards) == len(buyers)
        for board in boards[:3]:
            assert "Sent" in (await pitches(ben, board)).text
        refused = await pitches(ben, boards[3])
        assert "nearly these words to 3 gigs" in refused.text
        await ben.press("Open it again, filled in", on=refused)
        assert "Sent" in (await ben.submit({PITCH: OTHERS[0]})).text


# --- handing on ------------------------------------------------------------------------------------


async def preview(member: Member) -> Screen:
    """A gig that is typed and not published."""
    await member.slash("/gig post")
    return await member.submit(GIG)


async def test_a_gig_goes_to_chosen_people_first_and_on_when_they_pass(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, cleo = [await newcomer(stage, name) for name in ("Ana", "Ben", "Cleo")]
        await stage.app.settled()
        # Ben said yes to messages about gigs when he pitched for another one.
        await post(
            cleo, GIG, **{"Title": "Another job", "The work": "Read old meters, and make sense of them all."}
        )
        await stage.app.settled()
        await pitches(ben, having(ben.channel("gigs"), "Another job")[0])
        shown = await preview(ana)
        lead = await ana.slash("/gig lead")
        plan = await ana.choose("Choose a gig", GIG["Title"], on=lead)
        assert "everybody sees it at once" in plan.text
        plan = await ana.choose("People to ask first", ["Ben", "Mia"], on=plan)
        assert "24 hours for each step" in plan.text
        plan = await ana.choose("How long for each step", "12", on=plan)
        assert "12 hours for each step" in plan.text
        await ana.press("Publish", on=shown)
        await stage.app.settled()
        assert having(ben.channel("gigs"), GIG["Title"]) == []
        (told,) = having(ben.inbox, "before it is on the board")
        assert "Ana thought of you first" in told.text
        assert "/stop ends all my messages" in told.text
        assert having(stage.owner.inbox, "before it is on the board") == []
        assert "no longer here" in (await forge(cleo, told, "I'm interested")).text
        async with restarted(stage):
            assert "not told who passed" in (await ben.press("Pass", on=told)).text
            assert "nothing changed" in (await forge(ben, told, "Pass")).text
            await stage.app.settled()
            assert len(having(cleo.channel("gigs"), GIG["Title"])) == 1


async def test_whoever_is_asked_first_can_pitch_from_the_dm(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        await pitches(ben, board)
        await ana.slash("/gig post")
        await ana.submit(
            GIG | {"Title": "The second one", "The work": "Sort old contracts by what they say, and why."}
        )
        lead = await ana.slash("/gig lead")
        plan = await ana.choose("Choose a gig", "The second one", on=lead)
        await ana.choose("People to ask first", ["Ben"], on=plan)
        again = await ana.slash("/gig post")
        await ana.press("Publish", on=await ana.press("Continue: The second one", on=again))
        await stage.app.settled()
        (told,) = having(ben.inbox, "before it is on the board")
        await ben.press("I'm interested", on=told)
        assert "Sent" in (await ben.submit({PITCH: OTHERS[1]})).text
        await pass_time(stage, timedelta(hours=25))
        assert having(ana.inbox, "stands on the board now")
        assert len(having(ana.inbox, "Someone is interested in “The second one”")) == 1


# --- how it went -----------------------------------------------------------------------------------


async def test_two_weeks_after_both_are_asked_and_a_vouch_is_offered(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await filled(stage)
        (told,) = having(ana.inbox, "How did your gig go?")
        assert "Ben" not in told.text
        page = await ana.press("Tell me", on=told)
        assert "Ben: not said yet" in page.text
        await ana.press("Ben", on=page)
        thanks = await ana.submit({"Did you hire them?": "Yes", "Paid as agreed?": "Yes, as agreed"})
        await ana.press("Vouch for Ben", on=thanks)
        words = "Ben built our model in a week and explained every choice he made on the way."
        assert (
            "I show it to Ben" in (await ana.submit({"What would you tell others about them?": words})).text
        )
        await pass_time(stage, 2 * DAY)
        assert having(ben.inbox, "vouches for you")
        (worker,) = having(ben.inbox, "How did the gig go?")
        assert "belongs to someone else" in (await forge(stage.owner, worker, "Tell me")).text


async def test_not_paid_reaches_the_moderators_and_nobody_else(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await filled(stage)
        (told,) = having(ben.inbox, "How did the gig go?")
        async with restarted(stage):
            await ben.press("Tell me", on=told)
            answer = {"Did they hire you?": "Yes", "Paid as agreed?": "No", "Is the work finished?": "Yes"}
            thanks = await ben.submit(answer)
            assert "The moderators know now, and nobody else" in thanks.text
            await stage.app.settled()
            (card,) = having(stage.owner.channel("kith-moderators"), "A gig was not paid")
            assert "Ben" in card.text
            assert "Ana" in card.text
            before = len(ana.inbox)
            again = await ben.press("Change it", on=thanks)
            assert again.form is not None
            await ben.submit(answer | {"Paid as agreed?": "Yes, as agreed"})
            await stage.app.settled()
            assert having(stage.owner.channel("kith-moderators"), "Pay settled")
            assert len(ana.inbox) == before


async def test_what_did_not_come_about_leaves_the_circle(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, screen = await asked(stage)
        for member in (ana, ben):
            await member.press("Keep my circle", on=await member.slash("/circle"))
        await ana.press("Accept", on=screen)
        await stage.app.settled()
        mine = await ana.slash("/gig mine")
        await ana.press(next(label for label in mine.buttons if label.startswith("Filled")), on=mine)
        assert "Ana" in (await ben.slash("/circle")).text
        await pass_time(stage, timedelta(days=15))
        await pass_time(stage, DAY)
        (told,) = having(ben.inbox, "How did the gig go?")
        assert "nothing came of it" in (await ben.press("It did not come about", on=told)).text
        assert "Ana" not in (await ben.slash("/circle")).text


async def test_nobody_hired_is_one_press(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben = await filled(stage)
        page = await ana.press("Tell me", on=having(ana.inbox, "How did your gig go?")[0])
        assert "Ben: not hired" in (await ana.press("I hired none of them", on=page)).text
