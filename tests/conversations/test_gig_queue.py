"""The moderators' queue, played through Discord: reading, deciding, appealing, taking down."""

from datetime import timedelta

import pytest

from bot.gigs.rules import Draft
from bot.people.service import Who
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.conversations.test_gig_posting import previewed
from tests.conversations.test_gigs import DOUBTFUL as TYPED
from tests.stage import Stage

MODERATORS = "kith-moderators"
MANAGE_MESSAGES = 1 << 13
DAY = timedelta(days=1)
SCAM = Draft(
    "hire", "Easy data entry from home",
    "You will need to pay a small registration fee of $30 before you get access to the tasks.", "50 €/h",
)  # fmt: skip
DOUBTFUL = Draft(
    "hire", "Simple dashboards wanted", "Two dashboards for a shop. Please contact me on Telegram about it.",
    "50 €/h",
)  # fmt: skip
GOOD = Draft(
    "hire", "Forecast energy demand", "A day-ahead model in Python for an energy retailer, with tests.",
    "80–120 €/h",
)  # fmt: skip
WHY, WORDS, AGAIN = "Why?", "In your words, if you like", "When the same text comes again"
IS_SCAM = {WHY: "It has the marks of a scam"}
DIFFERENT = "What should be different?"
KNOW = "What should the moderators know?"


async def posts(stage: Stage, member: Member, draft: Draft) -> int:
    """Let a member post a gig; its id."""
    who = Who(stage.guild.id, stage.guild.name, member.id, member.name)
    gig = await stage.app.gigs.posting.post(who, draft)
    await stage.app.settled()
    return gig.id


async def asked(stage: Stage, draft: Draft = SCAM, name: str = "Ana") -> tuple[Member, Screen]:
    """A poster, and the card about their gig in the moderators' channel."""
    poster = await newcomer(stage, name)
    await posts(stage, poster, draft)
    return poster, stage.owner.channel(MODERATORS)[-1]


def moderator(stage: Stage, name: str = "Max") -> Member:
    """Somebody who may manage messages in the whole server, and nothing else."""
    role = stage.guild.role("Helpers", permissions=MANAGE_MESSAGES)
    return stage.guild.member(name, roles=(role.id,))


async def refused(stage: Stage, card: Screen, answers: dict[str, str] | None = None) -> Screen:
    """Let the owner refuse what is on a card."""
    await stage.owner.press("Refuse", on=card)
    done = await stage.owner.submit(answers or IS_SCAM)
    await stage.app.settled()
    return done


def gig_of(card: Screen) -> int:
    """Which gig a card is about."""
    button = card.find_button("Approve")
    assert button is not None
    return int((button.custom_id or "").split(":")[2])


async def uses(member: Member, custom_id: str, on: Screen | None = None) -> Screen:
    """Send in a button that Kith never made, or made for somebody else."""
    screen = on or member.channel("general")[0]
    return await member._use("forges", screen, {"custom_id": custom_id, "component_type": 2})


async def test_a_held_gig_is_read_and_refused_with_a_reason(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, card = await asked(stage)
        for words in (
            "A gig is held",
            "points",
            "registration fee",
            "50 €/h",
            "@Ana",
            "Their first gig here",
        ):
            assert words in card.text, card.text
        assert ana.channel("gigs") == []
        done = await refused(stage, card, IS_SCAM | {WORDS: "Nobody pays to work."})
        for words in ("Refused** by @Mia", "It has the marks of a scam. Nobody pays to work.", "are held"):
            assert words in done.text, done.text
        told = having(ana.inbox, "did not put")[0]
        for words in ("Easy data entry from home", "marks of a scam. Nobody pays to work.", "/stop"):
            assert words in told.text, told.text
        assert "Mia" not in told.text
        assert ana.channel("gigs") == []
        record = await stage.owner.slash("/kith gigs queue")
        assert "No gig waits for you" in record.text


async def test_an_approved_gig_reaches_the_board_and_its_poster_hears_of_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage, DOUBTFUL)
        done = await stage.owner.press("Approve", on=card)
        assert "Approved** by @Mia" in done.text
        assert "on the board" in done.text
        await stage.app.settled()
        assert DOUBTFUL.title in ana.channel("gigs")[-1].text
        assert having(ana.inbox, "Your gig goes on the board")
        assert "decided already" in (await forge(stage.owner, card, "Approve")).text
        await stage.app.settled()
        assert len(having(ana.channel("gigs"), DOUBTFUL.title)) == 1


async def test_the_queue_leads_from_one_gig_to_the_next(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await asked(stage, DOUBTFUL)
        await pass_time(stage, timedelta(hours=2))
        ben, _card = await asked(stage, SCAM, "Ben")
        queue = await stage.owner.slash("/kith gigs queue")
        assert queue.ephemeral
        for words in ("2 gigs wait for you", "Number 1 of 2", "the oldest came in", DOUBTFUL.title):
            assert words in queue.text, queue.text
        second = await stage.owner.press("Next", on=queue)
        assert "Number 2 of 2" in second.text
        assert SCAM.title in second.text
        first = await stage.owner.press("Back", on=second)
        after = await stage.owner.press("Approve", on=first)
        assert f"✔ **{DOUBTFUL.title}**: Approved" in after.text
        assert "1 gig waits for you" in after.text
        assert SCAM.title in after.text
        await stage.owner.press("Refuse", on=after)
        empty = await stage.owner.submit(IS_SCAM)
        assert f"✔ **{SCAM.title}**: Refused" in empty.text
        assert "No gig waits for you" in empty.text
        await stage.app.settled()
        cards = stage.owner.channel(MODERATORS)
        assert [("Approved" in one.text, "Refused" in one.text) for one in cards[-2:]] == [
            (True, False), (False, True),
        ]  # fmt: skip
        assert not any("Approve" in one.buttons for one in cards)
        assert having(ben.inbox, "did not put")


async def test_a_change_is_asked_for_and_the_poster_can_go_on_from_the_dm(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage, DOUBTFUL)
        await stage.owner.press("Ask for a change", on=card)
        done = await stage.owner.submit({DIFFERENT: "Please leave out Telegram."})
        assert "A change was asked for** by @Mia" in done.text
        assert "Please leave out Telegram." in done.text
        await stage.app.settled()
        told = having(ana.inbox, "ask for a change")[0]
        assert "Please leave out Telegram." in told.text
        assert "Change the words" in told.buttons
        assert "/stop" in told.text
        gig = gig_of(card)
        assert (await stage.app.gigs.gig(gig)).state == "change"  # type: ignore[union-attr]
        await stage.app.gigs.posting.publish(ana.id, gig)
        await stage.app.settled()
        again = stage.owner.channel(MODERATORS)[-1]
        assert "You asked for a change:** Please leave out Telegram." in again.text
        late = await uses(stage.owner, f"k:gig.approve:{gig}:0:0", card)
        assert "changed since you opened it" in late.text
        assert "Approve" in late.buttons
        assert ana.channel("gigs") == []
        assert "Approved" in (await stage.owner.press("Approve", on=again)).text


async def test_two_moderators_at_once_and_a_form_that_comes_late(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage)
        max_ = moderator(stage)
        await stage.owner.press("Refuse", on=card)  # the form is open …
        first = await forge(max_, card, "Approve")  # … while another decides
        assert "Approved** by @Max" in first.text
        late = await stage.owner.submit(IS_SCAM)
        assert "decided already" in late.text
        assert "Approved** by @Max" in late.text
        await stage.app.settled()
        assert having(ana.inbox, "goes on the board")
        assert not having(ana.inbox, "did not put")
        assert "decided already" in (await forge(stage.owner, card, "Refuse")).text
        assert "decided already" in (await forge(stage.owner, card, "Ask for a change")).text


async def test_a_refusal_without_a_reason_comes_back_filled_in(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, card = await asked(stage)
        await stage.owner.press("Refuse", on=card)
        answers = {WHY: "Something else (say what)", AGAIN: "Screen it like any other"}
        sorry = await stage.owner.submit(answers)
        assert "3 to 250 characters" in sorry.text
        await stage.owner.press("Open it again, filled in", on=sorry)
        assert held_values(stage.owner.screen)[AGAIN] == ("fresh",)  # type: ignore[arg-type]
        done = await stage.owner.submit({WORDS: "We had this one last year."})
        assert "We had this one last year." in done.text
        assert "screened like any others" in done.text
        await stage.app.settled()
        assert "Refused" in stage.owner.channel(MODERATORS)[-1].text


async def test_everything_goes_on_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage)
        await stage.owner.press("Refuse", on=card)
        async with restarted(stage):
            assert "Refused" in (await stage.owner.submit(IS_SCAM)).text
        async with restarted(stage):
            await stage.app.settled()
            told = having(ana.inbox, "did not put")[0]
        async with restarted(stage):
            assert "Back before the moderators" in (await ana.press("Appeal", on=told)).text
            await ana.press("Tell them something")
            async with restarted(stage):
                assert "You told them" in (await ana.submit({KNOW: "It is my own shop."})).text
                await stage.app.settled()
                again = stage.owner.channel(MODERATORS)[-1]
                assert "It is my own shop." in again.text
                await stage.owner.press("Approve", on=again)
                await stage.app.settled()
                assert SCAM.title in ana.channel("gigs")[-1].text
                assert len(having(ana.inbox, "goes on the board")) == 1


async def test_a_decision_that_was_overtaken_is_not_told_late(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage, DOUBTFUL)
        await stage.owner.press("Ask for a change", on=card)
        await stage.owner.submit({DIFFERENT: "Please leave out Telegram."})
        await stage.app.gigs.posting.publish(ana.id, gig_of(card))  # before the DM could be sent
        await uses(stage.owner, f"k:gig.approve:{gig_of(card)}:1:0", card)
        await stage.app.settled()
        assert not having(ana.inbox, "ask for a change")
        assert len(having(ana.inbox, "goes on the board")) == 1


async def test_without_a_moderators_channel_the_queue_still_works(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        async with stage.app.store.write() as session:
            row = await stage.app.people.known_community(session, stage.guild.id, stage.guild.name)
            row.mod_channel_id = None
        ana, shown = await previewed(stage, TYPED)
        assert "it may take longer" in (await ana.press("Publish", on=shown)).text
        await stage.app.settled()
        assert stage.owner.channel(MODERATORS) == []
        queue = await stage.owner.slash("/kith gigs queue")
        assert "1 gig waits for you" in queue.text
        await refused(stage, queue)
        told = having(ana.inbox, "did not put")[0]
        assert "it may take longer" in (await ana.press("Appeal", on=told)).text
        await stage.app.settled()
        assert "An appeal" in (await stage.owner.slash("/kith gigs queue")).text


async def test_moderators_are_reminded_once_a_day_and_open_the_queue_there(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await asked(stage)
        await pass_time(stage, DAY - timedelta(minutes=1))
        assert len(stage.owner.channel(MODERATORS)) == 1
        await pass_time(stage, timedelta(minutes=1))
        reminder = stage.owner.channel(MODERATORS)[-1]
        assert "1 gig waits for you" in reminder.text
        queue = await stage.owner.press("Open the queue", on=reminder)
        assert queue.ephemeral
        assert SCAM.title in queue.text
        await pass_time(stage, DAY)
        assert len(having(stage.owner.channel(MODERATORS), "The oldest came in")) == 2
        await refused(stage, queue)
        await pass_time(stage, 2 * DAY)
        assert len(having(stage.owner.channel(MODERATORS), "The oldest came in")) == 2


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_the_card_and_its_changes_arrive_once(sqlite_url: str, fault: dict[str, object]) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        stage.discord.faults.add(method="POST", path=r"/messages$", **fault)
        await posts(stage, ana, SCAM)
        await pass_time(stage, timedelta(minutes=3))
        (card,) = having(stage.owner.channel(MODERATORS), SCAM.title)
        queue = await stage.owner.slash("/kith gigs queue")
        stage.discord.faults.add(method="PATCH", path=r"/messages/\d+$", **fault)
        await refused(stage, queue)
        await pass_time(stage, timedelta(minutes=3))
        assert card.message is not None
        assert "Refused" in stage.owner.look(card.message).text
        assert len(having(ana.inbox, "did not put")) == 1


async def test_a_long_and_hostile_text_is_read_whole_before_it_is_decided(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        nasty = f"**bold** @everyone <@&1> [a](https://example.org) {NASTY} "
        filler = "We need a report about our *sales* [in] _every_ shop, with charts. " * 60
        draft = Draft("hire", "**Reports** @here wanted", nasty + filler, "50 €/h")
        tail = "At last, pay a registration fee of $30 before you get access to the tasks. END"
        draft = Draft("hire", draft.title, draft.description[: 4000 - len(tail)] + tail, "50 €/h")
        await posts(stage, ana, draft)
        card = stage.owner.channel(MODERATORS)[-1]
        assert "Read all of it" in card.buttons
        assert "first gig here" in card.text
        text = ""
        seen = await stage.owner.press("Read all of it", on=card)
        for _part in range(5):
            text += seen.text
            if "Go on reading" not in seen.buttons:
                break
            seen = await stage.owner.press("Go on reading", on=seen)
        assert "END" in text
        assert seen.ephemeral
        for shown in (card.text, text):
            assert "@everyone" not in shown
            assert "**bold**" not in shown
