"""New words for a live gig before the moderators: one post, which follows only a yes."""

from datetime import timedelta

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import NASTY, community, forge, having, held_values, pass_time, restarted
from tests.conversations.test_gig_alerts import MORNING, alerted, heard
from tests.conversations.test_gig_posting import FEE, begin_edit, on_board, posts
from tests.conversations.test_gig_queue import DIFFERENT, IS_SCAM, MODERATORS, moderator
from tests.conversations.test_gigs import BUDGET, GIG, PITCH, WORTHY
from tests.stage import Stage

DAY = timedelta(days=1)
WORK = "The work"
PRICEY = {WORK: FEE, BUDGET: "95 €/h"}


async def waiting(stage: Stage, **words: str) -> tuple[Member, Member, Screen, Screen]:
    """A poster whose new words wait, a reader, what the poster sees, and the moderators' card."""
    ana, ben, _post = await on_board(stage)
    await begin_edit(ana)
    shown = await ana.submit(PRICEY | words)
    done = await ana.press("Ask the moderators", on=shown)
    await stage.app.settled()
    return ana, ben, done, stage.owner.channel(MODERATORS)[-1]


async def refused(stage: Stage, card: Screen) -> Screen:
    await stage.owner.press("Refuse", on=card)
    done = await stage.owner.submit(IS_SCAM)
    await stage.app.settled()
    return done


async def sent_back(stage: Stage, card: Screen, words: str = "Please leave out the fee.") -> None:
    await stage.owner.press("Ask for a change", on=card)
    assert "post keeps its old words" in (await stage.owner.submit({DIFFERENT: words})).text
    await stage.app.settled()


async def test_a_yes_puts_the_words_into_the_post_that_stands_there(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, post = await on_board(stage)
        await ben.press("I'm interested", on=post)
        await ben.submit({PITCH: WORTHY})
        await stage.app.settled()
        await begin_edit(ana)
        shown = await ana.submit(PRICEY)
        for words in ("your post keeps its old ones", "ask the moderators"):
            assert words in shown.text
        done = await ana.press("Ask the moderators", on=shown)
        for words in ("have your new words", "keeps its old words", GIG["Title"]):
            assert words in done.text
        await stage.app.settled()
        card = stage.owner.channel(MODERATORS)[-1]
        for words in ("A change to a live gig", GIG["Title"], "What would change", "becomes"):
            assert words in card.text, card.text
        for words in (f"> {GIG[WORK]}", f"> {FEE}", "80–120 EUR per hour", "95 EUR per hour"):
            assert words in card.text, card.text
        assert "Niches" not in card.text  # what stays is not listed
        assert "Their first gig" not in card.text
        assert "A change of it waits for the moderators" in (await ana.slash("/gig mine")).text
        (before,) = posts(ben)
        assert GIG[WORK] in before.text
        decided = await stage.owner.press("Approve", on=card)
        assert "Approved** by @Mia" in decided.text
        assert "The post says the new words" in decided.text
        await stage.app.settled()
        (after,) = posts(ben)
        assert before.message is not None
        assert after.message is not None
        assert after.message.id == before.message.id
        assert FEE in after.text
        assert "I'm interested" in after.buttons
        (told,) = having(ben.inbox, "pays differently")
        assert "95 EUR per hour" in told.text
        (heard_of,) = having(ana.inbox, "Your new words go into the post")
        assert "From Data Collective · /stop" in heard_of.text
        mine = await ana.slash("/gig mine")
        assert "waits" not in mine.text
        assert len([label for label in mine.buttons if label.startswith("Edit")]) == 1


async def test_the_second_press_and_the_second_moderator_change_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, done, card = await waiting(stage)
        max_ = moderator(stage)
        assert "A change to a live gig" in card.text
        await stage.owner.press("Refuse", on=card)  # the form is open …
        assert "Approved** by @Max" in (await forge(max_, card, "Approve")).text  # … while another decides
        late = await stage.owner.submit(IS_SCAM)
        assert "decided already" in late.text
        assert "The post says the new words" in late.text
        for label in ("Approve", "Refuse", "Ask for a change"):
            assert "decided already" in (await forge(stage.owner, card, label)).text
        await stage.app.settled()
        assert FEE in posts(ben)[-1].text
        assert len(having(ana.inbox, "Your new words go into the post")) == 1
        assert not having(ana.inbox, "did not take")
        assert "Nothing is left to throw away" in (await forge(ana, done, "Take them back")).text
        assert FEE in posts(ben)[-1].text


async def test_asking_twice_puts_one_card_before_the_moderators(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _post = await on_board(stage)
        await begin_edit(ana)
        shown = await ana.submit(PRICEY)
        await ana.press("Ask the moderators", on=shown)
        assert "They have them already" in (await forge(ana, shown, "Ask the moderators")).text
        assert "belongs to someone else" in (await forge(ben, shown, "Ask the moderators")).text
        await stage.app.settled()
        assert len(having(stage.owner.channel(MODERATORS), "A change to a live gig")) == 1


async def test_a_no_leaves_the_post_and_can_be_appealed(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _done, card = await waiting(stage)
        answer = await refused(stage, card)
        for words in ("Refused** by @Mia", "keeps its old words", "They can appeal once"):
            assert words in answer.text
        assert GIG[WORK] in posts(ben)[-1].text
        assert not having(ben.inbox, "pays differently")
        (told,) = having(ana.inbox, "did not take your new words")
        for words in ("Your post stays as it is", "marks of a scam", "registration fee", "/stop"):
            assert words in told.text
        assert "waits" not in (await ana.slash("/gig mine")).text
        assert "Back before the moderators" in (await ana.press("Appeal", on=told)).text
        await stage.app.settled()
        again = stage.owner.channel(MODERATORS)[-1]
        for words in ("An appeal", "Refused** by @Mia", "What would change"):
            assert words in again.text
        await stage.owner.press("Approve", on=again)
        await stage.app.settled()
        assert FEE in posts(ben)[-1].text


async def test_words_sent_back_go_on_from_the_dm_also_after_restarts(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, _done, card = await waiting(stage)
        async with restarted(stage):
            await sent_back(stage, card)
        async with restarted(stage):
            assert "ask for other words in your change" in (await ana.slash("/gig mine")).text
            (told,) = having(ana.inbox, "ask for a change")
            assert "Please leave out the fee." in told.text
            assert "Your post stays as it is meanwhile" in told.text
            held = held_values(await ana.press("Change the words", on=told))
            assert held[WORK] == (FEE,)
        async with restarted(stage):
            shown = await ana.submit({WORK: f"{FEE} It is paid back."})
            for words in ("The moderators ask:** Please leave out the fee.", "From Data Collective · /stop"):
                assert words in shown.text, shown.text
            handed = await ana.press("Ask the moderators", on=shown)
            assert "From Data Collective · /stop" in handed.text
        async with restarted(stage):
            await stage.app.settled()
            again = stage.owner.channel(MODERATORS)[-1]
            assert "You asked for a change:** Please leave out the fee." in again.text
            assert "It is paid back" in again.text
            assert "changed since you opened it" in (await forge(stage.owner, card, "Approve")).text
            await stage.owner.press("Approve", on=again)
        async with restarted(stage):
            await stage.app.settled()
            (post,) = posts(ben)
            assert "It is paid back" in post.text
            assert len(having(ana.inbox, "Your new words go into the post")) == 1


async def test_clean_words_after_all_are_saved_in_the_dm(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _done, card = await waiting(stage)
        await sent_back(stage, card)
        (told,) = having(ana.inbox, "ask for a change")
        await ana.press("Change the words", on=told)
        shown = await ana.submit({WORK: f"{GIG[WORK]} Two markets."})
        saved = await ana.press("Save", on=shown)
        for words in ("Saved", "95 EUR per hour", "From Data Collective · /stop"):
            assert words in saved.text
        await stage.app.settled()
        assert "Two markets" in posts(ben)[-1].text
        assert "waits" not in (await ana.slash("/gig mine")).text


async def test_a_gig_sent_back_is_published_from_the_dm(sqlite_url: str) -> None:
    """The cards of a DM say which community they are about, and the way out."""
    async with community(sqlite_url) as stage:
        ana, _ben, _post = await on_board(stage)
        await ana.slash("/gig post")
        shown = await ana.submit(GIG | {"Title": "Forecast with a fee", WORK: FEE})
        assert "/stop ends all" not in shown.text  # in the server itself nobody needs to be told
        assert "/stop ends all" not in (await ana.press("Publish", on=shown)).text
        await stage.app.settled()
        await stage.owner.press("Ask for a change", on=stage.owner.channel(MODERATORS)[-1])
        await stage.owner.submit({DIFFERENT: "Please leave out the fee."})
        await stage.app.settled()
        await ana.press("Change the words", on=having(ana.inbox, "ask for a change")[0])
        shown = await ana.submit({WORK: "Prices of a museum's tickets by the hour, with a short report."})
        assert "From Data Collective · /stop ends all" in shown.text
        done = await ana.press("Publish", on=shown)
        assert "on its way" in done.text
        assert "From Data Collective · /stop ends all" in done.text
        again = await forge(ana, shown, "Publish")
        assert "Published already" in again.text


async def test_newer_words_take_the_place_of_those_that_wait(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _done, card = await waiting(stage)
        held = held_values(await begin_edit(ana))
        assert held[WORK] == (FEE,)
        shown = await ana.submit({"Title": "Forecast energy prices"})
        assert "waited for the moderators is off the table" in shown.text
        await stage.app.settled()
        gone = stage.owner.channel(MODERATORS)[-1]
        assert "took these words back, or wrote others" in gone.text
        assert gone.buttons == []
        assert "wrote others" in (await forge(stage.owner, card, "Approve")).text
        await stage.app.settled()
        assert GIG[WORK] in posts(ben)[-1].text
        await ana.press("Ask the moderators", on=shown)
        await stage.app.settled()
        queue = await stage.owner.slash("/kith gigs queue")
        assert "1 gig waits for you" in queue.text
        assert "Forecast energy prices" in queue.text
        whole = await stage.owner.press("Read all of it", on=queue)
        assert FEE in whole.text


async def test_a_change_is_taken_back_by_its_poster(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, done, card = await waiting(stage)
        assert "belongs to someone else" in (await forge(ben, done, "Take them back")).text
        taken = await ana.press("Take them back", on=done)
        assert "Your post stays as it is" in taken.text
        await stage.app.settled()
        assert "took these words back" in (await forge(stage.owner, card, "Refuse")).text
        assert "No gig waits" in (await stage.owner.slash("/kith gigs queue")).text
        assert GIG[WORK] in posts(ben)[-1].text


async def test_a_gig_that_is_filled_takes_its_change_along(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _done, card = await waiting(stage)
        mine = await ana.slash("/gig mine")
        done = await ana.press(f"Filled: {GIG['Title']}", on=mine)
        assert "Your change that waited for the moderators ended with it" in done.text
        await stage.app.settled()
        assert "ended, and this change with it" in stage.owner.channel(MODERATORS)[-1].text
        assert "this change with it" in (await forge(stage.owner, card, "Approve")).text
        assert not having(ana.inbox, "new words go into")


async def test_a_gig_that_runs_out_takes_along_what_waited(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _done, _card = await waiting(stage)
        await pass_time(stage, 14 * DAY + timedelta(minutes=1))
        (over,) = having(ana.inbox, "has run its time")
        assert "Your change that waited for the moderators ended with it" in over.text
        assert "No gig waits" in (await stage.owner.slash("/kith gigs queue")).text


async def test_a_gig_that_runs_out_takes_along_what_was_sent_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _done, card = await waiting(stage)
        await sent_back(stage, card)
        (told,) = having(ana.inbox, "ask for a change")
        await pass_time(stage, 14 * DAY + timedelta(minutes=1))
        (over,) = having(ana.inbox, "has run its time")
        assert "Your change that waited for the moderators ended with it" in over.text
        assert "closed by now" in (await forge(ana, told, "Change the words")).text


async def test_a_gig_that_is_taken_down_says_that_its_change_ended(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _done, _card = await waiting(stage)
        ((_title, number),) = await stage.owner.autocomplete("/kith gigs takedown gig:", "")
        await stage.owner.slash(f"/kith gigs takedown gig:{number}")
        await stage.owner.submit(IS_SCAM)
        await stage.app.settled()
        (told,) = having(ana.inbox, "off the board")
        assert "Your change that waited for the moderators ended with it" in told.text


async def test_hostile_words_are_harmless_in_what_changes(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        words = {"Title": f"{NASTY} @everyone", WORK: f"{NASTY} @here <@&1> {FEE} " + "_long_ *words* " * 240}
        *_people, card = await waiting(stage, **words)
        for mark in ("@everyone", "@here", "<@&1>", "**bold**", "[a](https"):
            assert mark not in card.text, mark
        assert "What would change" in card.text
        assert "Read all of it" in card.buttons


async def test_who_deletes_themselves_leaves_no_change_behind(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _done, card = await waiting(stage)
        await stage.app.privacy.erase(ana.id, None)
        await stage.app.settled()
        assert FEE not in str([screen.text for screen in stage.owner.channel(MODERATORS)])
        assert "no longer here" in (await forge(stage.owner, card, "Approve")).text


async def test_who_looks_for_better_pay_hears_of_it_once_it_was_approved(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _post = await on_board(stage)
        await alerted(ben, **{"Pays at least": "150 €/h"})
        await begin_edit(ana)
        shown = await ana.submit({WORK: FEE, BUDGET: "160 €/h"})
        await ana.press("Ask the moderators", on=shown)
        await stage.app.settled()
        await stage.clock.turn_to(MORNING)
        await stage.app.settled()
        assert heard(ben) == []
        await stage.owner.press("Approve", on=stage.owner.channel(MODERATORS)[-1])
        await stage.app.settled()
        await pass_time(stage, DAY)
        (dm,) = heard(ben)
        assert GIG["Title"] in dm.text
        assert "160 €/h" in dm.text
        for budget in ("170 €/h", "180 €/h"):
            await begin_edit(ana)
            shown = await ana.submit({WORK: GIG[WORK], BUDGET: budget})
            assert "Saved" in (await ana.press("Save", on=shown)).text
            await stage.app.settled()
            await pass_time(stage, DAY)
        assert len(heard(ben)) == 1
