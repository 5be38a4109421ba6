"""Moderators over the wire: channels beside those of setup, help, and answers that stay private."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sandbox import permissions
from sandbox.screen import Screen
from tests.conversations.helpers import FIRST_ROUND, community, having, newcomer, turn_to
from tests.conversations.test_moderators import troubles, use, without
from tests.stage import Stage

NAMES = ("Ana", "Ben", "Cleo", "Dora", "Emil", "Finn")


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with community(sqlite_url) as opened:
        yield opened


def wrong(screen: Screen) -> list[str]:
    return [line for line in screen.text.splitlines() if line.startswith("✖")]


async def test_help_names_only_what_is_in_use_and_where_moderators_begin(stage: Stage) -> None:
    ana = await newcomer(stage, "Ana")
    assert "/kith setup" in (await stage.owner.slash("/help")).text
    assert "/kith" not in (await ana.slash("/help")).text
    assert "/gig post" in (await ana.slash("/help")).text
    await use(stage, "Introductions")
    for dm in (False, True):
        shown = (await ana.slash("/help", dm=dm)).text
        assert "/intro join" in shown
        assert "/find" in shown
        assert not any(name in shown for name in ("/gig", "/checkin", "/pod"))


async def test_every_channel_of_the_board_is_checked(stage: Stage) -> None:
    owner, board = stage.owner, stage.guild.text_channel("energy-gigs")
    stage.discord.deny(stage.guild, board, 0)
    await owner.slash("/kith gigs add-channel channel:#energy-gigs role:links")
    await stage.app.settled()
    assert wrong(await owner.slash("/kith doctor")) == []
    assert "#energy-gigs" in (await owner.slash("/kith settings")).text
    with without(stage, board, permissions.SEND_MESSAGES | permissions.EMBED_LINKS):
        (line,) = wrong(await owner.press("Check permissions"))
        assert "#energy-gigs" in line
        assert "“Send Messages”, “Embed Links”" in line
    assert wrong(await owner.press("Re-check")) == []
    stage.guild.delete_channel("energy-gigs")
    (line,) = wrong(await owner.press("Re-check"))
    assert "/kith gigs channels" in line
    await use(stage, "Introductions")
    assert wrong(await owner.slash("/kith doctor")) == []


async def test_what_nothing_is_said_in_any_more_does_not_stay_to_be_mended(stage: Stage) -> None:
    old = stage.guild.text_channel("old")
    await stage.app.community.setbacks.met(stage.guild.id, old.id, 50013, "pod.digest")
    assert await troubles(stage) == [(old.id, 50013)]
    assert "Everything is in place" in (await stage.owner.slash("/kith doctor")).text
    assert await troubles(stage) == []


async def test_setup_says_that_it_saved(stage: Stage) -> None:
    assert "Saved." in (await stage.owner.slash("/kith setup day:Monday")).text
    assert "Saved." not in (await stage.owner.slash("/kith setup")).text


async def test_nobody_can_watch_the_answers_come_in(database_url: str) -> None:
    async with community(database_url) as stage:
        for name in NAMES:
            await (await newcomer(stage, name)).slash("/intro join")
        await turn_to(stage, FIRST_ROUND)

        async def shown() -> tuple[str, str]:
            numbers = await stage.owner.slash("/kith digest week")
            taken = await stage.owner.slash("/kith export")
            answers = next(
                line for line in numbers.text.splitlines() if "answered" in line or "answers to" in line
            )
            (table,) = [one.content.decode() for one in taken.files if one.name == "introductions.csv"]
            return answers, table

        before = await shown()
        for name in NAMES[:5]:
            member = stage.guild.member(name)
            await member.press("Met", on=having(member.inbox, "Meet")[-1])
        assert await shown() == before
        await turn_to(stage, FIRST_ROUND + timedelta(days=6))  # Monday
        answers, table = await shown()
        assert "100 %" in answers
        assert ",6,5,5," in table
        finn = stage.guild.member("Finn")
        await finn.press("Not yet", on=having(finn.inbox, "Meet")[-1])
        assert await shown() == (answers, table)


async def test_a_long_export_comes_in_several_messages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.community.overview.FILES_MAX", 3)
    await stage.owner.slash("/kith export")
    for _try in range(250):  # the rest follows the first answer
        shown = having(stage.owner.channel("general"), "community's export")
        if len(shown) > 1:
            break
        await asyncio.sleep(0.02)
    names = [[file.name for file in one.files] for one in shown]
    assert names == [["members.csv", "rounds.csv", "introductions.csv"], ["gigs.csv"]]
    assert "continued" in shown[1].text
    assert all(one.ephemeral for one in shown)
