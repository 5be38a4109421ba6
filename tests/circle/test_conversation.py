"""The circle over the wire: kept, filled, read, deleted; and nobody else ever sees it."""

import pytest

from bot.core.store import Unit
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.circle.world import BY, HOW, NOTE, STEP, WHEN, acquainted, everybody, met_at_an_event, with_ben
from tests.conversations.helpers import NASTY, community, forge, held_values, restarted
from tests.stage import Stage

WORDS = "Showed me the tide model."


async def forged(member: Member, custom_id: str, kind: int = 2, **more: object) -> Screen:
    """Send in a button or menu that Kith never made."""
    data = {"custom_id": custom_id, "component_type": kind, **more}
    return await member._use("forges", member.channel("general")[0], data)


async def tell(stage: Stage, one: Member, other: Member, source: str) -> None:
    """What introductions do when a member says that they met."""
    async with stage.app.store.write() as session:
        ids = [await member_id(stage, session, each) for each in (one, other)]
        await stage.app.circle.met(session, ids[0], ids[1], "introduction", source, stage.clock.now())


async def member_id(stage: Stage, session: Unit, member: Member) -> int:
    found = await stage.app.people.find(session, stage.guild.id, member.id)
    assert found is not None
    return found.id


async def test_keep_add_meet_plan_remove_and_stop(database_url: str) -> None:
    async with acquainted(database_url) as (stage, ana, ben):
        offer = await ana.slash("/circle")
        assert "Only you see it" in offer.text
        assert "Look at someone" not in offer.selects
        kept = await ana.press("Keep my circle", on=offer)
        assert "Nobody is in it yet" in kept.text
        added = await ana.slash("/circle member:Ben")
        assert "Ben · 0 of 8" in added.text
        assert "They are not told" in added.text
        once = await met_at_an_event(ana, added, "yesterday", WORDS)
        assert "Ben · 1 of 8" in once.text
        assert WORDS in once.text
        twice = await met_at_an_event(ana, once, label="We met again")
        assert "2 of 8" in twice.text
        await ana.press("Next step", on=twice)
        planned = await ana.submit({STEP: "Send the article", BY: "in 2 weeks"})
        assert "Send the article" in planned.text
        listed = await ana.slash("/circle")
        assert all(words in listed.text for words in ("Ben", "2 of 8", "an event", "Send the article"))
        looked = await ana.choose("Look at someone", "Ben", on=listed)
        done = await ana.press("Done", on=looked)
        assert "off your list" in done.text
        assert "Done" not in done.buttons
        menu = done.find_select("Remove this encounter")
        assert menu is not None
        struck = await ana.choose("Remove this encounter", menu.options[1].label, on=done)
        assert "1 of 8" in struck.text
        assert WORDS not in struck.text
        asked = await ana.press("Remove this person", on=struck)
        assert "Remove Ben?" in asked.text
        assert "1 of 8" in (await ana.press("Keep them", on=asked)).text
        asked = await forge(ana, struck, "Remove this person")
        gone = await ana.press("Remove for good", on=asked)
        assert "no longer in your circle" in gone.text
        overview = await ana.press("My circle", on=gone)
        stopping = await ana.press("Stop keeping it", on=overview)
        assert "is deleted, all of it" in (await ana.press("Delete it for good", on=stopping)).text
        assert "Keep my circle" in (await ana.slash("/circle")).buttons
        await stage.app.settled()
        assert not ben.inbox


async def test_whom_they_said_they_met_comes_in_by_itself(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, ben):
        await tell(stage, ana, ben, "seat:1")
        kept = await ana.press("Keep my circle", on=await ana.slash("/circle"))
        assert "Nobody is in it yet" in kept.text
        await tell(stage, ana, ben, "seat:1")
        await tell(stage, ana, ben, "seat:1")
        await tell(stage, ana, ben, "seat:2")
        listed = await ana.slash("/circle")
        assert "2 of 8" in listed.text
        assert "an introduction" in listed.text
        assert "Keep my circle" in (await ben.slash("/circle")).buttons


async def test_above_eight_it_is_a_real_tie_and_older_times_are_a_page_away(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, _ben):
        shown = await met_at_an_event(ana, await with_ben(ana), "10 days ago", WORDS)
        for number in range(9):
            assert ("real tie" in shown.text) == (number >= 7)
            shown = await met_at_an_event(ana, shown, label="We met again")
        assert "8 of 8 · a real tie" in shown.text
        assert WORDS not in shown.text
        older = await ana.press("Older", on=shown)
        assert WORDS in older.text
        assert WORDS not in (await ana.press("Newer", on=older)).text


async def test_in_the_dm_with_two_communities(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, ben):
        shown = await ana.slash("/circle", dm=True)
        assert "Data Collective" in shown.text
        await ana.press("Keep my circle", on=shown)
        await met_at_an_event(ana, await ana.slash("/circle member:Ben"), note=WORDS)
        other = stage.discord.guild("Elsewhere", owner="Olga")
        other.text_channel("general")
        await other.member("Ana").slash('/profile timezone city:"Lisbon, Portugal"')
        asked = await ana.slash("/circle", dm=True)
        assert "Which community?" in asked.text
        async with restarted(stage):
            here = await ana.choose("Choose a community", "Data Collective", on=asked)
            assert "1 of 8" in here.text
            again = await ana.choose("Look at someone", "Ben", on=here)
            assert WORDS in (await met_at_an_event(ana, again, label="We met again")).text
            asked = await ana.slash("/circle", dm=True)
            there = await ana.choose("Choose a community", "Elsewhere", on=asked)
            kept = await ana.press("Keep my circle", on=there)
            assert "Nobody is in it yet" in kept.text
            assert "Elsewhere" in kept.text
            data = {"custom_id": f"s:circle.where:{ben.id}", "component_type": 3, "values": ["12345"]}
            assert not (await ana._use("forges a place", asked, data)).failed


async def test_who_is_deleted_becomes_a_former_member(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, ben):
        shown = await met_at_an_event(ana, await with_ben(ana), note=WORDS)
        really = await ben.press("Delete me in Data Collective", on=await ben.slash("/privacy delete"))
        await ben.press("Delete for good", on=really)
        await stage.app.settled()
        listed = await ana.slash("/circle")
        assert "a former member" in listed.text
        assert "Ben" not in listed.text
        looked = await ana.choose("Look at someone", "a former member", on=listed)
        assert WORDS in looked.text
        assert "2 of 8" in (await met_at_an_event(ana, shown, label="We met again")).text


async def test_the_export_has_the_owners_circle_and_nobody_elses(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, ben):
        await met_at_an_event(ana, await with_ben(ana), note=WORDS)
        mine, theirs = await ana.slash("/privacy export"), await ben.slash("/privacy export")
        assert any(WORDS.encode() in file.content for file in mine.files)
        assert not any(WORDS.encode() in file.content for file in theirs.files)


async def test_refused_input_comes_back_filled_in_also_after_a_restart(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, _ben):
        refused = await met_at_an_event(ana, await with_ben(ana), "in 2 days", WORDS)
        assert "has not come yet" in refused.text
        async with restarted(stage):
            again = await ana.press("Open it again, filled in", on=refused)
            assert held_values(again)[NOTE] == (WORDS,)
            assert held_values(again)[HOW] == ("event",)
            unclear = await ana.submit({HOW: "In our pod", WHEN: "12/5", NOTE: WORDS})
            assert "I could not read that day" in unclear.text
            await ana.press("Open it again, filled in", on=unclear)
            assert "1 of 8" in (await ana.submit({HOW: "In our pod", WHEN: "12 May", NOTE: WORDS})).text


async def test_the_next_step_is_shown_again_in_its_form(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, _ben):
        await ana.press("Next step", on=await with_ben(ana))
        planned = await ana.submit({STEP: "Write", BY: "2030-01-09"})
        assert "I will not remind you" in planned.text
        again = await ana.press("Next step", on=planned)
        assert held_values(again) == {STEP: ("Write",), BY: ("2030-01-09",)}
        past = await ana.submit({STEP: "Write", BY: "yesterday"})
        assert "has passed" in past.text


async def test_only_people_they_met_come_in(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, zed = stage.guild.member("Ana"), stage.guild.member("Zed")
        assert "Keep my circle" in (await ana.slash("/circle member:Zed")).buttons
        await ana.press("Keep my circle", on=await ana.slash("/circle"))
        unknown = (await ana.slash("/circle member:Zed")).text
        assert "people you met through Kith" in unknown
        await zed.slash('/profile timezone city:"Lisbon, Portugal"')
        assert (await ana.slash("/circle member:Zed")).text == unknown
        assert "That is you" in (await ana.slash("/circle member:Ana")).text


async def test_pressing_twice_says_so_and_changes_nothing(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, _ben):
        offer = await ana.slash("/circle")
        await ana.press("Keep my circle", on=offer)
        assert "keep it already" in (await forge(ana, offer, "Keep my circle")).text
        shown = await met_at_an_event(ana, await ana.slash("/circle member:Ben"), note=WORDS)
        await ana.press("Next step", on=shown)
        planned = await ana.submit({STEP: "Write", BY: ""})
        await ana.press("Done", on=planned)
        assert "no next step left" in (await forge(ana, planned, "Done")).text
        asked = await forge(ana, shown, "Remove this person")
        await ana.press("Remove for good", on=asked)
        assert "no longer in your circle. `/circle`" in (await forge(ana, asked, "Remove for good")).text
        stopping = await forge(ana, await ana.slash("/circle"), "Stop keeping it")
        await ana.press("Delete it for good", on=stopping)
        assert "no circle any more" in (await forge(ana, stopping, "Delete it for good")).text


async def test_strangers_and_forgers_get_nothing_also_after_a_restart(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, ben):
        await met_at_an_event(ana, await with_ben(ana), note=WORDS)
        shown = await ana.slash("/circle member:Ben")
        await ana.press("Next step", on=shown)
        planned = await ana.submit({STEP: "Write", BY: ""})
        asked = await forge(ana, planned, "Remove this person")
        listed = await ana.slash("/circle")
        menu, strike = listed.find_select("Look at someone"), planned.find_select("Remove this encounter")
        assert menu is not None
        assert strike is not None
        async with restarted(stage):
            stage.app.people.acquainted.append(everybody)
            for member in (ben, stage.guild.member("Zed")):
                for screen, label in (
                    (planned, "We met again"),
                    (planned, "Next step"),
                    (planned, "Done"),
                    (planned, "Remove this person"),
                    (asked, "Remove for good"),
                    (asked, "Keep them"),
                ):
                    assert "belongs to someone else" in (await forge(member, screen, label)).text
                looked = await forged(member, menu.custom_id, 3, values=[menu.options[0].value])
                struck = await forged(member, strike.custom_id, 3, values=[strike.options[0].value])
                assert "belongs to someone else" in looked.text
                assert "belongs to someone else" in struck.text
                assert "There was no circle" in (await forge(member, listed, "Stop keeping it")).text
            for action in ("keep", "page", "stop", "stopped"):
                elsewhere = await forged(ana, f"k:circle.{action}:99999:0")
                assert "belongs to someone else" in elsewhere.text
            kept = await ana.slash("/circle member:Ben")
            assert WORDS in kept.text
            assert "Write" in kept.text


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "99999", "٣", ""])
async def test_forged_ids_are_answered_in_words(sqlite_url: str, number: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for action in ("person", "done", "remove", "removed", "strike"):
            assert "no longer in your circle" in (await forged(ana, f"k:circle.{action}:{number}:0")).text
        for form in ("circle.met", "circle.step"):
            assert "no longer in your circle" in (await forged(ana, f"k:form.open:{form}:{number}")).text
        look = await forged(ana, "s:circle.look", 3, values=[number or "y"])
        assert "no longer in your circle" in look.text
        for action in ("keep", "page", "stop", "stopped"):
            answer = await forged(ana, f"k:circle.{action}:{number}:{number}")
            assert not answer.failed
            assert "Reference" not in answer.text
        assert "Keep my circle" in (await ana.slash("/circle")).buttons


async def test_hostile_words_are_harmless(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, _ben):
        shown = await met_at_an_event(ana, await with_ben(ana), note=NASTY)
        await ana.press("Next step", on=shown)
        planned = await ana.submit({STEP: NASTY, BY: ""})
        for screen in (planned, await ana.slash("/circle")):
            for mark in ("**bold**", "`x`", "[a](", "\u202e", "~~y~~"):
                assert mark not in screen.text
        await ana.press("We met again", on=planned)
        refused = await ana.submit({HOW: "Another way", WHEN: "", NOTE: "hello @everyone"})
        assert "1 of 8" in (await ana.slash("/circle member:Ben")).text
        assert refused.buttons == ["Open it again, filled in"]


async def test_answers_are_for_the_owners_eyes_only(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (_stage, ana, ben):
        shown = await met_at_an_event(ana, await with_ben(ana), note=WORDS)
        for screen in (shown, await ana.slash("/circle")):
            assert screen.ephemeral
        assert not any(WORDS in screen.text for screen in ben.screens)


async def test_a_fault_while_it_answers_loses_nothing(sqlite_url: str) -> None:
    async with acquainted(sqlite_url) as (stage, ana, _ben):
        shown = await with_ben(ana)
        await ana.press("We met", on=shown)
        stage.discord.faults.add(method="POST", path=r"/interactions/.*/callback$", status=503)
        await ana.submit({HOW: "At an event", WHEN: "", NOTE: WORDS})
        again = await ana.slash("/circle member:Ben")
        assert "1 of 8" in again.text
        assert WORDS in again.text


async def test_in_the_dm_of_somebody_known_from_nowhere(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        told = await stage.guild.member("Zed").slash("/circle", dm=True)
        assert "Use this command once in a server" in told.text
