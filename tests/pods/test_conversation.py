"""Pods over the wire: asked, begun, shown, left, made whole again, renewed; and what may go wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.intros.ties import ask_apart
from sandbox.actors import Member
from sandbox.line import Impossible
from sandbox.permissions import SEND_MESSAGES
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    community,
    forge,
    having,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.pods.scene import (
    DAY,
    DIGEST,
    FORMING,
    SEES,
    SOON,
    WEEK,
    checking_in,
    invited,
    latest,
    podded,
    room,
    wishing,
    written,
)
from tests.stage import Stage

CREATE_THREAD = r"/channels/\d+/threads$"


async def forged(member: Member, custom_id: str, kind: int = 2, **more: object) -> Screen:
    """Send in a button or menu that Kith never made."""
    data = {"custom_id": custom_id, "component_type": kind, **more}
    return await member._use("forges", member.channel("general")[0], data)


async def member_id(stage: Stage, member: Member) -> int:
    async with stage.app.store.read() as session:
        found = await stage.app.people.find(session, stage.guild.id, member.id)
    assert found is not None
    return found.id


async def test_a_pod_from_the_wish_to_another_term(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, cleo, dan = people = await invited(stage, "Ana", "Ben", "Cleo", "Dan")
        ask = latest(ana, "A pod for you?")
        assert "A pod of four: Ana (Lisbon time), Ben (Lisbon time)" in ask.text
        assert "Data Collective" in ask.text
        assert "Noted: you are in" in (await ana.press("I am in", on=ask)).text
        assert "Noted already" in (await ana.press("I am in", on=ask)).text
        for member in (ben, cleo):
            await member.press("I am in", on=latest(member, "A pod for you?"))
        begun = await dan.press("I am in", on=latest(dan, "A pod for you?"))
        assert "Your pod begins" in begun.text
        await stage.app.settled()
        thread = room(stage)
        assert all([one.id for one in member.threads()] == [thread.id] for member in people)
        assert "Moderators with Manage Threads can read it" in ana.channel(thread)[0].text

        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Call **three** clients", "A new @everyone lead")
        await written(ben, "Nobody sees this")
        mine = await ana.slash("/pod mine")
        assert "sees nothing yet" in mine.text
        chosen = await ana.choose(SEES, ["Commitments, and how they went", "The win"], on=mine)
        assert "commitments, the win" in chosen.text
        await turn_to(stage, DIGEST + SOON)
        digest = ben.channel(thread)[-1]
        assert "Our week" in digest.text
        assert "**three**" not in digest.text
        assert "@everyone" not in digest.text
        assert "A new" in digest.text
        assert not any(word in digest.text for word in ("Nobody sees this", "Ben", "Cleo", "Dan"))

        await turn_to(stage, FORMING + 9 * WEEK + DAY)
        for member in (ana, ben, cleo):
            question = latest(member, "Your pod, and after")
            assert "another term" in (await member.press("Renew", on=question)).text
        noted = await dan.press("Change pod", on=latest(dan, "Your pod, and after"))
        assert "another pod" in noted.text
        await turn_to(stage, FORMING + 10 * WEEK + DAY)
        await pass_time(stage, 2 * DAY)
        assert not dan.threads()
        assert "You are on the list" in latest(dan, "Your pod is over").text
        assert len(having(ana.channel(thread), "This term ends")) == 2
        assert "Your pod" in (await ana.slash("/pod mine")).text


async def test_a_pod_below_three_finds_company(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, cleo = await podded(stage, "Ana", "Ben", "Cleo")
        first = room(stage)
        left = await cleo.press("Leave this pod", on=await cleo.slash("/pod mine"))
        assert "You left your pod" in left.text
        await pass_time(stage, DAY)
        assert not cleo.threads()
        assert "Cleo" not in ana.channel(first)[0].text
        for member in (ana, ben):
            noted = await member.press("Find us company", on=latest(member, "Company for your pod?"))
            assert "I look for company" in noted.text
        await wishing(stage, "Eve")
        eve = stage.guild.member("Eve")
        await turn_to(stage, FORMING + WEEK + DAY)
        for member in (ana, ben, eve):
            ask = latest(member, "A pod for you?")
            assert "Eve" in ask.text
            await member.press("I am in", on=ask)
        await stage.app.settled()
        await pass_time(stage, timedelta(hours=2))
        second = [thread for thread in ana.threads() if thread.id != first.id]
        assert [thread.id for thread in eve.threads()] == [thread.id for thread in second]
        assert first.thread is not None
        assert first.thread.archived
        over = await forge(ana, latest(ana, "Company for your pod?"), "End it")
        assert "pod" in over.text


async def test_not_enough_yet_then_enough(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben = await invited(stage, "Ana", "Ben")
        assert not having(ana.inbox, "A pod for you?")
        assert "You are on the list" in (await ana.slash("/pod mine")).text
        await wishing(stage, "Cleo")
        await turn_to(stage, FORMING + WEEK + SOON)
        assert "A pod of three" in latest(ana, "A pod for you?").text


async def test_refusals_say_what_to_do(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        offer = await ana.slash("/pod join")
        assert "at first that is nothing" in offer.text
        assert "check-ins come first" in (await ana.press("Join a pod", on=offer)).text
        assert "You are in no pod" in (await ana.slash("/pod leave")).text
        assert "no win" in (await ana.slash("/checkin share")).text
        ben = (await wishing(stage, "Ben"))[0]
        assert "on the list already" in (await ben.press("Join a pod", on=offer_of(ben))).text
        assert "You left the list" in (await ben.slash("/pod leave", dm=True)).text


def offer_of(member: Member) -> Screen:
    """The offer that the member read before."""
    return having(member.screens, "What the others see")[-1]


async def test_who_is_kept_apart_is_never_asked_together(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, cleo, dan = await wishing(stage, "Ana", "Ben", "Cleo", "Dan")
        async with stage.app.store.write() as session:
            await ask_apart(session, await member_id(stage, ana), await member_id(stage, dan))
        await turn_to(stage, FORMING + SOON)
        for member in (ana, ben, cleo):
            assert "Dan" not in latest(member, "A pod for you?").text
        assert not having(dan.inbox, "A pod for you?")


async def test_a_thread_whose_making_was_cut_off_is_used_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with community(sqlite_url) as stage:
        with monkeypatch.context() as patched:

            async def killed(_pod_id: int, _thread_id: int) -> None:
                raise ConnectionError("cut off")

            patched.setattr(stage.app.pods.terms, "opened", killed)
            ana, ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
            assert len(ana.threads()) == 1
            assert not ana.channel(room(stage))
        async with restarted(stage):
            await pass_time(stage, timedelta(minutes=5))
            assert len(ben.threads()) == 1
            assert len(ben.channel(room(stage))) == 1


async def test_a_thread_that_was_deleted_by_hand_is_opened_again_for_the_digest(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Ship it")
        await ana.choose(SEES, ["Commitments, and how they went"], on=await ana.slash("/pod mine"))
        stage.guild.delete_channel(room(stage))
        assert not ben.threads()
        await turn_to(stage, DIGEST + SOON)
        assert len(ben.threads()) == 1
        assert "Ship it" in "".join(screen.text for screen in ben.channel(room(stage)))


async def test_a_refused_thread_becomes_letters(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.discord.faults.add(method="POST", path=CREATE_THREAD, status=403, code=50013, times=9)
        ana, ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await pass_time(stage, DAY + SOON)
        assert not ana.threads()
        assert "I write to you" in latest(ana, "Your pod begins").text
        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Ship it")
        await ana.choose(SEES, ["Commitments, and how they went"], on=await ana.slash("/pod mine"))
        await turn_to(stage, DIGEST + DAY)
        assert "Ship it" in latest(ben, "Your pod's week").text


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_a_digest_that_fails_arrives_exactly_once(sqlite_url: str, fault: dict[str, object]) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Ship it")
        await ana.choose(SEES, ["Commitments, and how they went"], on=await ana.slash("/pod mine"))
        stage.discord.faults.add(method="POST", path=rf"/channels/{room(stage).id}/messages$", **fault)
        await turn_to(stage, DIGEST + SOON)
        await pass_time(stage, timedelta(minutes=3))
        assert len(having(ana.channel(room(stage)), "Ship it")) == 1


async def test_a_week_of_downtime_makes_no_burst(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Ship it")
        await ana.choose(SEES, ["Commitments, and how they went"], on=await ana.slash("/pod mine"))
        thread = room(stage)
        await stage.app.close()
        await stage.clock.turn_to(DIGEST + WEEK - DAY)
        async with restarted(stage):
            await stage.app.settled()
            assert not having(ana.channel(thread), "Our week")
            await turn_to(stage, DIGEST + WEEK + SOON)
            assert len(having(ana.channel(thread), "Our week")) <= 1


async def test_strangers_and_forgers_get_nothing_also_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, _ben, _cleo = await invited(stage, "Ana", "Ben", "Cleo")
        zed = await newcomer(stage, "Zed")
        ask, offer = latest(ana, "A pod for you?"), offer_of(ana)
        async with restarted(stage):
            for label in ("I am in", "Not this one", "Leave the list"):
                assert "belongs to someone else" in (await forge(zed, ask, label)).text
            assert "belongs to someone else" in (await forge(zed, offer, "Join a pod")).text
            for action in (
                "pod.in",
                "pod.no",
                "pod.company",
                "pod.alone",
                "pod.join",
                "pod.leave",
                "pod.win",
            ):
                for number in ("0", "999999", "9" * 30, "x", "", "²"):
                    answer = await forged(zed, f"k:{action}:{number}")
                    assert not answer.failed
                    assert "reference" not in answer.text.lower()
            assert "reference" not in (await forged(ana, "k:pod.next:1:nonsense")).text.lower()
            mine = await member_id(stage, zed)
            chosen = await forged(zed, f"s:pod.share:{mine}", 3, values=["win", "everything"])
            assert "reference" not in chosen.text.lower()
            assert "Noted: you are in" in (await ana.press("I am in", on=ask)).text


async def test_in_the_dm_with_two_communities(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        (ana,) = await wishing(stage, "Ana")
        other = stage.discord.guild("Elsewhere", owner="Olga")
        other.text_channel("general")
        await other.member("Ana").slash('/profile timezone city:"Lisbon, Portugal"')
        asked = await ana.slash("/pod mine", dm=True)
        async with restarted(stage):
            here = await ana.choose("Choose a community", "Data Collective", on=asked)
            assert "You are on the list" in here.text
            there = await ana.choose(
                "Choose a community", "Elsewhere", on=await ana.slash("/pod mine", dm=True)
            )
            assert "Join a pod" in there.buttons
            assert not (await forged(ana, "s:pod.where:nonsense", 3, values=[str(other.id)])).failed


async def test_stop_takes_out_of_the_pod_at_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await ana.press("Stop all messages", on=await ana.slash("/stop"))
        await stage.app.settled()
        assert not ana.threads()
        assert "Ana" not in ben.channel(room(stage))[0].text


async def test_who_deletes_themselves_is_out_of_thread_and_digests(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _cleo = await podded(stage, "Ana", "Ben", "Cleo")
        await turn_to(stage, FORMING + 2 * DAY)
        await written(ana, "Ship it")
        await ana.choose(SEES, ["Commitments, and how they went"], on=await ana.slash("/pod mine"))
        await turn_to(stage, DIGEST + SOON)
        assert having(ben.channel(room(stage)), "Ship it")
        really = await ana.press("Delete me in Data Collective", on=await ana.slash("/privacy delete"))
        await ana.press("Delete for good", on=really)
        await stage.app.settled()
        assert not ana.threads()
        assert not having(ben.channel(room(stage)), "Ship it")
        assert not having(ben.channel(room(stage)), "Ana")
        assert not having(ben.inbox, "Ana (")


# --- the community's digest ----------------------------------------------------------------------------


async def test_a_community_digest_with_a_win_shared_on_purpose(database_url: str) -> None:
    async with community(database_url) as stage:
        people = [await checking_in(stage, name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eve")]
        for number, member in enumerate(people):
            await written(member, f"Plan {number}", f"Win {number} {NASTY}")
        on = await stage.owner.slash("/kith digest checkins channel:#general")
        assert "posted in" in on.text
        shared = await people[1].press("Share my win here", on=await people[1].slash("/checkin share"))
        assert "next digest, with your name" in shared.text
        await turn_to(stage, DIGEST - WEEK + SOON)
        digest = having(stage.owner.channel("general"), "Our week")[-1]
        assert "5 check-ins were written" in digest.text
        assert "Ben" in digest.text
        assert "Win 1" in digest.text
        assert "**bold**" not in digest.text
        assert not any(word in digest.text for word in ("Ana", "Win 0", "Plan"))
        back = await people[1].press("Keep my win to myself", on=await people[1].slash("/checkin share"))
        assert "Only you see it" in back.text
        await stage.app.settled()
        digest = having(stage.owner.channel("general"), "Our week")[-1]
        assert "Ben" not in digest.text
        off = await stage.owner.slash("/kith digest checkins off:True")
        assert "off now" in off.text
        assert "no digest" in (await stage.owner.slash("/kith digest checkins")).text


async def test_only_moderators_set_the_digest_and_only_where_kith_may_write(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        with pytest.raises(Impossible):
            await ana.slash("/kith digest checkins channel:#general")
        hidden = stage.guild.text_channel("hidden")
        stage.discord.deny(stage.guild, hidden, SEND_MESSAGES)
        cannot = await stage.owner.slash("/kith digest checkins channel:#hidden")
        assert "I cannot write in that channel" in cannot.text
        assert "There is no digest" in (await stage.owner.slash("/kith digest checkins")).text
