"""After a decision, played through Discord: appeals, words that are forgotten, gigs taken down."""

from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    having,
    newcomer,
)
from tests.conversations.test_gig_queue import (
    DOUBTFUL,
    GOOD,
    IS_SCAM,
    KNOW,
    MODERATORS,
    asked,
    gig_of,
    posts,
    refused,
    uses,
)


async def test_an_appeal_is_one_tap_and_works_once(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, card = await asked(stage)
        ben = await newcomer(stage, "Ben")
        await refused(stage, card)
        told = having(ana.inbox, "did not put")[0]
        assert "belongs to someone else" in (await forge(ben, told, "Appeal")).text
        appealed = await ana.press("Appeal", on=told)
        assert "Back before the moderators" in appealed.text
        assert "it may take longer" not in appealed.text
        assert "before them already" in (await forge(ana, told, "Appeal")).text
        await stage.app.settled()
        again = stage.owner.channel(MODERATORS)[-1]
        for words in (
            "An appeal",
            "Refused** by @Mia",
            "It has the marks of a scam",
            "asks you to look again",
        ):
            assert words in again.text, again.text
        await ana.press("Tell them something", on=appealed)
        said = await ana.submit({KNOW: f"It is a deposit for a key. {NASTY} @everyone"})
        assert "You told them" in said.text
        await stage.app.settled()
        again = stage.owner.channel(MODERATORS)[-1]
        assert "deposit for a key" in again.text
        assert "@everyone" not in again.text
        await refused(stage, again)
        assert "Appeal" not in having(ana.inbox, "did not put")[-1].buttons
        button = told.find_button("Appeal")
        assert button is not None
        assert "looked at this one twice" in (await uses(ana, button.custom_id or "")).text
        telling = appealed.find_button("Tell them something")
        assert telling is not None
        assert "no decision to appeal" in (await uses(ana, telling.custom_id or "")).text


async def test_what_its_poster_takes_back_needs_nobody_any_more(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage)
        await stage.app.gigs.board.withdraw(ana.id, gig_of(card))
        await stage.app.settled()
        shown = stage.owner.channel(MODERATORS)[-1]
        assert "The poster took it back" in shown.text
        assert shown.buttons == []
        assert "took it back" in (await uses(stage.owner, f"k:gig.refuse:{gig_of(card)}:0:0", shown)).text
        assert "No gig waits" in (await stage.owner.slash("/kith gigs queue")).text


async def test_words_are_forgotten_and_held_again(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, card = await asked(stage, DOUBTFUL)
        done = await refused(stage, card)
        forgot = await stage.owner.press("Forget these words", on=done)
        assert "screened like any others" in forgot.text
        ben, again = await asked(stage, DOUBTFUL, "Ben")
        assert "A gig waits for you" in again.text
        await stage.app.gigs.board.withdraw(ben.id, gig_of(again))
        held = await stage.owner.press("Hold these words again", on=forgot)
        assert "are held when they come again" in held.text
        _cleo, third = await asked(stage, DOUBTFUL, "Cleo")
        assert "A gig is held" in third.text


async def test_a_moderator_takes_a_gig_off_the_board(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        gig = await posts(stage, ana, GOOD)
        board = ben.channel("gigs")[-1]
        assert GOOD.title in board.text
        found = await stage.owner.autocomplete("/kith gigs takedown gig:", "energy")
        assert found == [(GOOD.title, str(gig))]
        await stage.owner.slash(f"/kith gigs takedown gig:{gig}")
        done = await stage.owner.submit(IS_SCAM)
        assert "Taken off the board** by @Mia" in done.text
        await stage.app.settled()
        board = ben.look(board.message) if board.message else board
        assert "was removed" in board.text
        assert GOOD.title not in board.text
        assert board.buttons == []
        told = having(ana.inbox, "off the board")[0]
        assert "Appeal" in told.buttons
        again = await stage.owner.slash(f"/kith gigs takedown gig:{gig}")
        assert "decided already" in again.text
        await posts(stage, ben, GOOD)
        assert "A gig is held" in stage.owner.channel(MODERATORS)[-1].text
        await ana.press("Appeal", on=told)
        await stage.app.settled()
        appeal = next(one for one in reversed(stage.owner.channel(MODERATORS)) if "An appeal" in one.text)
        back = await stage.owner.press("Approve", on=appeal)
        await stage.app.settled()
        assert GOOD.title in ben.channel("gigs")[-1].text
        await stage.owner.press("Take it down", on=back)
        assert "Taken off" in (await stage.owner.submit(IS_SCAM)).text
