"""/privacy as people use it: read the policy, take everything along, go for good."""

import json
from datetime import timedelta

import pytest

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    FIRST_ROUND,
    WEEK,
    community,
    forge,
    having,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.conversations.test_gigs import GIG, post
from tests.stage import Stage

HERE = "Delete me in Data Collective"
ENERGY = "Energy and utilities"


async def introduced(stage: Stage) -> tuple[Member, Member]:
    """Two members who read each other's card."""
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    for member in (ana, ben):
        await member.slash("/intro join")
    await turn_to(stage, FIRST_ROUND)
    assert having(ben.inbox, "Meet Ana")
    return ana, ben


async def delete(member: Member, where: str = HERE, *, dm: bool = False) -> Screen:
    """Ask, say where, confirm."""
    asked = await member.slash("/privacy delete", dm=dm)
    really = await member.press(where, on=asked)
    return await member.press("Delete for good", on=really)


async def test_the_policy_names_its_numbers_and_what_was_agreed_to(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        before = (await ana.slash("/privacy policy", dm=True)).text
        for words in ("180 days", "1095 days", "deleted after 30 days", "ask the moderators", "Nobody gets"):
            assert words in before
        assert "nothing so far" in before
        await ana.slash("/intro join")
        told = await ana.slash("/privacy policy")
        assert told.ephemeral
        assert "introductions to other members · Data Collective" in told.text
        assert "text 1" in told.text


async def test_the_export_is_two_files_with_everything_in_the_dm_too(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await introduced(stage)
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        await ben.slash("/intro avoid member:Ana")
        await ana.slash("/intro avoid member:Ben")
        for dm in (False, True):
            shown = await ana.slash("/privacy export", dm=dm)
            assert shown.ephemeral
            files = {file.name: file.content for file in shown.files}
            assert set(files) == {"kith-export.json", "kith-export.md"}
            (here,) = json.loads(files["kith-export.json"])["communities"]
            assert here["community"] == "Data Collective"
            assert here["niches"] == [{"niche": "energy"}]
            assert here["introductions"][0]["with"] == ["Ben"]
            assert len(here["never introduce me to"]) == 1
            assert {one["purpose"] for one in here["consents"]} >= {"introductions", "checkins"}
            page = files["kith-export.md"].decode()
            assert page.startswith("# Everything Kith keeps about you")
            assert "- niche: energy" in page


async def test_what_others_wish_is_not_in_the_export(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await introduced(stage)
        await ben.slash("/intro avoid member:Ana")
        files = (await ana.slash("/privacy export")).files
        assert all(b"never introduce" not in file.content for file in files)


async def test_deleting_ends_the_introduction_for_the_other_without_a_name(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await introduced(stage)
        gone = await delete(ana)
        assert "You are deleted" in gone.text
        await stage.app.settled()
        assert len(having(ben.inbox, "This introduction has ended")) == 2  # the card, and the news
        assert not having(ben.inbox, "Ana")
        await pass_time(stage, WEEK)
        assert not having(ben.inbox, "Did you meet")
        assert "Already gone" in (await ana.slash("/privacy delete")).text
        held = await stage.app.privacy.held(ana.id)
        assert not held.anything


async def test_a_gig_leaves_the_board_and_who_waits_is_told_without_a_name(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await post(ana, GIG)
        await stage.app.settled()
        _guidelines, board = ben.posts("gigs")
        await ben.press("I'm interested", on=ben.channel(board)[-1])
        await ben.submit({"Why you? Two or three sentences": "I built three such models for operators."})
        await stage.app.settled()
        assert "You are deleted" in (await delete(ana)).text
        await stage.app.settled()
        (left,) = having(stage.owner.channel(board), "This gig was removed")
        assert not having(stage.owner.channel(board), "Ana")
        assert left.buttons == []
        assert board.name == "Removed"
        assert having(ben.inbox, "A gig you answered was removed")
        assert not having(ben.inbox, "Ana")


async def test_a_pitch_goes_with_who_wrote_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await post(ana, GIG)
        await stage.app.settled()
        await ben.press("I'm interested", on=ben.channel(ben.posts("gigs")[-1])[-1])
        await ben.submit({"Why you? Two or three sentences": "I built three such models for operators."})
        await stage.app.settled()
        card = having(ana.inbox, "I built three such models")[0]
        await delete(ben)
        await stage.app.settled()
        assert not having(ana.inbox, "I built three such models")
        assert having(ana.inbox, "What stood here was removed")
        assert "no longer here" in (await forge(ana, card, "Accept")).text


async def test_deleting_works_in_the_dm_and_after_a_restart_and_twice(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben = await introduced(stage)
        asked = await ana.slash("/privacy delete", dm=True)
        assert HERE not in asked.buttons
        really = await ana.press("Delete me everywhere", on=asked)
        async with restarted(stage):
            assert "You are deleted" in (await ana.press("Delete for good", on=really)).text
            assert "Already gone" in (await forge(ana, really, "Delete for good")).text
            await pass_time(stage, timedelta(minutes=1))


async def test_who_keeps_everything_keeps_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        really = await ana.press(HERE, on=await ana.slash("/privacy delete"))
        assert "Nothing was deleted" in (await ana.press("Keep everything", on=really)).text
        assert "Energy" in (await ana.slash("/profile view")).text


@pytest.mark.parametrize("scope", ["x", "-1", "9" * 19, "9" * 70, ""])
async def test_strangers_and_forged_ids_change_nothing(sqlite_url: str, scope: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        asked = await ana.slash("/privacy delete")
        assert "belongs to someone else" in (await forge(ben, asked, HERE)).text
        really = await ana.press(HERE, on=asked)
        for label in ("Delete for good", "Keep everything"):
            assert "belongs to someone else" in (await forge(ben, really, label)).text
        public = ben.channel("general")[0]
        data = {"custom_id": f"k:privacy.delete:{ben.id}:{scope}", "component_type": 2}
        answer = await ben._use("forges a scope", public, data)
        assert not answer.failed
        assert "You are deleted" not in answer.text
        for member in (ana, ben):
            assert (await stage.app.privacy.held(member.id)).places


async def test_a_barred_member_may_take_their_data_and_go_and_the_bar_waits_for_them(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await stage.owner.slash("/kith member bar user:Ana reason:spam")
        refused = (await ana.slash("/intro join")).text
        assert (await ana.slash("/privacy export")).files
        assert "You are deleted" in (await delete(ana)).text
        assert (await ana.slash("/intro join")).text == refused
        await pass_time(stage, timedelta(days=179))
        assert (await ana.slash("/intro join")).text == refused
        await pass_time(stage, timedelta(days=2))
        assert (await ana.slash("/intro join")).text != refused


async def test_who_was_to_be_kept_apart_stays_so_after_coming_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await ben.slash("/intro avoid member:Ana")
        await delete(ana)
        ana = await newcomer_again(ana)
        for member in (ana, ben):
            await member.slash("/intro join")
        await turn_to(stage, FIRST_ROUND)
        assert not having(ben.inbox, "Meet Ana")
        files = (await ana.slash("/privacy export")).files
        assert all(b"never introduce" not in file.content for file in files)


async def newcomer_again(member: Member) -> Member:
    """The same person, as someone new."""
    await member.slash('/profile timezone city:"Lisbon, Portugal"')
    await member.slash("/niche join niche:energy")
    return member


@pytest.mark.parametrize(("fault", "stays"), [
    (None, False), ({"status": 500}, False), ({"status": 503, "times": -1}, True),
    ({"status": 403, "code": 50013, "times": -1}, True),
])  # fmt: skip
async def test_roles_go_too_and_it_is_said_when_discord_refuses(
    sqlite_url: str, fault: dict[str, object] | None, stays: bool
) -> None:
    async with community(sqlite_url) as stage:
        await stage.owner.slash("/kith niches roles on:True least:1")
        ana = await newcomer(stage, "Ana")
        await stage.app.settled()
        assert ana.roles == [ENERGY]
        if fault:
            stage.discord.faults.add(method="DELETE", path=r"/members/\d+/roles/\d+$", **fault)
        told = (await delete(ana)).text
        assert "You are deleted" in told
        assert ("Discord did not let me take this role" in told) == stays
        assert ana.roles == ([ENERGY] if stays else [])
        assert not (await stage.app.privacy.held(ana.id)).anything
