"""Rounds over the wire: the notice, a pause, previews, approval, settings; restarts and forged clicks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sandbox.actors import Member
from sandbox.screen import Screen, Select
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
from tests.stage import Stage

DAY = timedelta(days=1)


@asynccontextmanager
async def members(url: str, *names: str) -> AsyncIterator[tuple[Stage, list[Member]]]:
    """A started community in which these take part."""
    async with community(url) as stage:
        found = [await newcomer(stage, name) for name in names]
        for member in found:
            await member.slash("/intro join")
        await stage.app.settled()
        yield stage, found


async def waiting(stage: Stage) -> Screen:
    """The message that a round waits, in the moderators' channel."""
    await stage.owner.slash("/kith round settings approve:True")
    await turn_to(stage, FIRST_ROUND)
    return having(stage.owner.channel("kith-moderators"), "The round is ready")[-1]


async def test_a_member_skips_a_round_and_takes_part_after_all(database_url: str) -> None:
    async with members(database_url, "Ana", "Ben", "Cleo") as (stage, (ana, ben, cleo)):
        await turn_to(stage, FIRST_ROUND - DAY)
        notice = ana.inbox[-1]
        assert "Tomorrow: your next introduction · Data Collective" in notice.text
        assert "belongs to someone else" in (await forge(ben, notice, "Skip this one")).text
        skipped = await ana.press("Skip this one", on=notice)
        assert "You sit this one out" in skipped.text
        assert "next round" in skipped.text
        async with restarted(stage):
            assert "You are in again" in (await ana.press("Take part after all")).text
            await ana.press("Skip this one")
            await turn_to(stage, FIRST_ROUND)
            assert having(ben.inbox, "Meet Cleo")
            assert not having(ana.inbox, "Meet")
            assert not having(ana.inbox, "No introduction this time")
            assert "is over already" in (await ana.press("Take part after all")).text
        assert having(cleo.inbox, "Meet Ben")


async def test_a_pause_from_the_notice_ends_with_a_word(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben") as (stage, (ana, ben)):
        await turn_to(stage, FIRST_ROUND - DAY)
        menu = await ana.press("Pause", on=ana.inbox[-1])
        assert "I bring you back by myself" in menu.text
        assert "No introductions until" in (await ana.choose("For how long?", "2 weeks")).text
        await turn_to(stage, FIRST_ROUND)
        assert not having(ana.inbox, "Meet")
        assert having(ben.inbox, "No introduction this time")
        async with restarted(stage):
            await pass_time(stage, 2 * WEEK)
            assert having(ana.inbox, "Welcome back · Data Collective")


async def test_a_moderator_keeps_parts_and_sends_a_round_that_waits(database_url: str) -> None:
    async with members(database_url, "Ana", "Ben", "Cleo", "Dan") as (stage, people):
        ready = await waiting(stage)
        assert not any(having(one.inbox, "Meet") for one in people)
        async with restarted(stage):
            preview = await stage.owner.press("Preview", on=ready)
            assert preview.ephemeral
            assert "**4 of 4** are introduced" in preview.text
            assert "both in Energy" in preview.text
            first = next(control for control in preview.controls if isinstance(control, Select))
            pair = first.options[0].label
            preview = await stage.owner.choose("Not these two", pair, on=preview)
            assert "Matched again" in preview.text
            assert f"**{pair}**" not in preview.text
            menu = next(control for control in preview.controls if isinstance(control, Select))
            kept = menu.options[0].label
            preview = await stage.owner.choose("Keep these two", kept, on=preview)
            assert f"🔒 **{kept}**" in preview.text
            preview = await stage.owner.press("Match again", on=preview)
            assert f"🔒 **{kept}**" in preview.text
            assert "is on its way" in (await stage.owner.press("Send it", on=preview)).text
            await stage.app.settled()
            one, other = kept.split(" · ")
            card = having(next(who for who in people if who.name == one).inbox, "Meet ")[-1]
            assert f"Meet {other}" in card.text
            assert "4 of 4 introduced" in (await stage.owner.slash("/kith round history")).text


async def test_two_moderators_send_at_once(database_url: str) -> None:
    async with members(database_url, "Ana", "Ben") as (stage, (ana, ben)):
        ready = await waiting(stage)
        answers = await asyncio.gather(*(stage.owner.press("Send it", on=ready) for _time in range(2)))
        told = " ".join(answer.text for answer in answers)
        assert "is on its way" in told
        assert "has just gone out" in told
        await stage.app.settled()
        assert len(having(ana.inbox, "Meet Ben")) == len(having(ben.inbox, "Meet Ana")) == 1


async def test_a_round_nobody_sends_is_skipped_and_everyone_hears(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben") as (stage, (ana, _ben)):
        await waiting(stage)
        await pass_time(stage, DAY)
        assert len(having(stage.owner.channel("kith-moderators"), "The round is ready")) == 2
        async with restarted(stage):
            await pass_time(stage, 2 * DAY + timedelta(minutes=1))
            assert having(stage.owner.channel("kith-moderators"), "so it was skipped")
            assert having(ana.inbox, "This round did not go out")
            assert not having(ana.inbox, "Meet")
            await turn_to(stage, FIRST_ROUND + WEEK)
            assert len(having(stage.owner.channel("kith-moderators"), "The round is ready")) == 3


async def test_only_moderators_decide_also_with_a_forged_click(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben") as (stage, (ana, _ben)):
        ready = await waiting(stage)
        preview = await stage.owner.press("Preview", on=ready)
        for label in ("Send it", "Match again"):
            assert "needs the server permission" in (await forge(ana, preview, label)).text
        public = ana.channel("general")[0]
        for action in ("s:round.split:1:0", "s:round.keep:1:0"):
            data = {"custom_id": action, "component_type": 3, "values": ["1-2"]}
            assert "needs the server permission" in (await ana._use("forges", public, data)).text
        for made_up in ("s:round.split:x:0", "s:round.split:99:0", "s:round.keep:1"):
            data = {"custom_id": made_up, "component_type": 3, "values": ["1-2-3"]}
            assert "That round is over" in (await stage.owner._use("forges", public, data)).text
        await stage.app.settled()
        assert not having(ana.inbox, "Meet")


async def test_holidays_and_settings_are_told_and_kept(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben") as (stage, (ana, _ben)):
        owner = stage.owner
        assert "None" in (await owner.slash("/kith holidays list")).text
        added = await owner.slash('/kith holidays add from:"6 Jan" to:"9 Jan"')
        assert "2026-01-06 – 2026-01-09" in added.text
        assert "could not read that date" in (await owner.slash("/kith holidays add from:soon")).text
        await turn_to(stage, FIRST_ROUND - DAY)
        assert having(ana.inbox, "No introductions this week · Data Collective")
        await turn_to(stage, FIRST_ROUND)
        assert not having(ana.inbox, "Meet")
        removed = await owner.slash('/kith holidays remove from:"7 Jan" to:"8 Jan"')
        assert "Removed." in removed.text
        settings = await owner.slash('/kith round settings every:"Every 2 weeks" new_first:False')
        assert "Every 2 weeks" in settings.text
        assert "Good repeats" in settings.text


async def test_a_moderator_looks_ahead_and_runs_a_round_now(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben") as (stage, (ana, ben)):
        owner = stage.owner
        preview = await owner.slash("/kith round preview")
        assert "as it would go out now" in preview.text
        assert preview.find_button("Send it") is None
        ask = await owner.slash("/kith round run")
        assert "Run round 1 now?" in ask.text
        assert "needs the server permission" in (await forge(ben, ask, "Run it now")).text
        assert "Round 1 begins" in (await owner.press("Run it now", on=ask)).text
        await stage.app.settled()
        assert len(having(ana.inbox, "Meet Ben")) == 1
        assert "is over already" in (await forge(owner, ask, "Run it now")).text
        assert "2 of 2 introduced" in (await owner.slash("/kith round history")).text


async def test_silence_is_asked_about_with_three_ways_to_answer(sqlite_url: str) -> None:
    async with members(sqlite_url, "Ana", "Ben", "Cleo", "Dan") as (stage, people):
        for number in range(4):
            await turn_to(stage, FIRST_ROUND + number * WEEK)
        await pass_time(stage, 3 * DAY)
        asked = [having(one.inbox, "Do introductions still suit you?") for one in people]
        assert [len(one) for one in asked] == [1, 1, 1, 1]
        ana, ben, cleo, _dan = people
        assert "belongs to someone else" in (await forge(ben, asked[0][0], "Stay")).text
        assert "Good to have you" in (await ana.press("Stay", on=asked[0][0])).text
        assert "No introductions until" in (await ben.press("Ask me later", on=asked[1][0])).text
        assert "Introductions are off" in (await cleo.press("Stop", on=asked[2][0])).text


async def test_a_late_joiner_meets_who_was_left_over_and_a_partner_who_left_is_replaced(
    sqlite_url: str,
) -> None:
    async with members(sqlite_url, "Ana") as (stage, (ana,)):
        await turn_to(stage, FIRST_ROUND)
        assert having(ana.inbox, "No introduction this time")
        ben = await newcomer(stage, "Ben")
        await ben.slash("/intro join")
        await stage.app.settled()
        assert having(ana.inbox, "Meet Ben")
        assert having(ben.inbox, "You are in")
        await ben.slash("/intro leave")
        await stage.app.settled()
        assert having(ana.inbox, "This introduction has ended")
        cleo = await newcomer(stage, "Cleo")
        await cleo.slash("/intro join")
        await stage.app.settled()
        assert having(ana.inbox, "Meet Cleo")
        assert having(cleo.inbox, "Meet Ana")
