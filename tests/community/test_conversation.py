"""Setup and check-up over the wire."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.core.clock import TurnedClock
from bot.people.tables import Community, CommunityNiche
from sandbox import permissions, words
from sandbox.line import Impossible
from tests.conversations.helpers import FIRST_ROUND, WEEK, community, newcomer, turn_to
from tests.stage import Stage


@pytest.fixture
async def stage(sqlite_url: str, clock: TurnedClock) -> AsyncIterator[Stage]:
    async with Stage.opened(sqlite_url, clock) as opened:
        yield opened


async def test_a_moderator_sets_up_starts_and_checks(stage: Stage) -> None:
    screen = await stage.owner.slash("/kith setup city:Lisbon hour:18")
    assert "18:00, Europe/Lisbon" in screen.text
    screen = await stage.owner.press("City, day and hour")
    screen = await stage.owner.submit({"City": "lviv", "Hour of the introductions": "noonish"})
    assert "hour" in screen.text
    screen = await stage.owner.press("Open it again, filled in")
    screen = await stage.owner.submit({"Hour of the introductions": "9 am"})
    assert "09:00, Europe/Kyiv" in screen.text
    screen = await stage.owner.slash("/kith doctor")
    assert "✖" in screen.text or "Everything" in screen.text


async def test_create_what_is_missing_makes_channels_the_doctor_approves(stage: Stage) -> None:
    await stage.owner.slash("/kith setup")
    screen = await stage.owner.press("Create what is missing")
    assert "Created." in screen.text
    screen = await stage.owner.press("Start")
    assert "Started" in screen.text
    screen = await stage.owner.press("Check permissions")
    assert "Everything is in place" in screen.text, screen.text


async def test_the_panel_has_its_place_in_hello_and_setup(stage: Stage) -> None:
    await stage.app.settled()
    hello = stage.owner.channel("general")[-1]
    assert "newcomers get a panel" in hello.text
    screen = await stage.owner.slash("/kith setup panel:#general")
    assert "✔ **Panel for new members** #general" in screen.text
    assert "✖ **Lobby**" in screen.text
    assert "Post the panel again" not in screen.buttons
    created = await stage.owner.press("Create what is missing")
    assert "✖" not in created.text
    assert "✔ **Panel for new members** #general" in created.text


async def test_roles_are_checked_only_where_niches_have_them(stage: Stage) -> None:
    await stage.owner.slash("/kith setup")
    await stage.owner.press("Create what is missing")
    stage.guild.forbid_bot(permissions.MANAGE_ROLES)
    energy = stage.guild.role("Energy", above_bot=True)
    assert "Everything is in place" in (await stage.owner.press("Check permissions")).text
    async with stage.app.store.write() as session:
        (await session.get_one(Community, stage.guild.id)).niche_roles_from = 3
        session.add(
            CommunityNiche(
                community_id=stage.guild.id, slug="energy", name="Energy", axis="industry", role_id=energy.id
            )
        )
        session.add(
            CommunityNiche(
                community_id=stage.guild.id, slug="ocr", name="OCR", axis="technique", role_id=12345
            )
        )
    told = (await stage.owner.press("Re-check")).text
    assert "“Manage Roles”" in told
    assert "drag Kith's role above: Energy." in told
    stage.guild.allow_bot(permissions.MANAGE_ROLES)
    stage.guild.move_role(stage.guild.bot_role, above=energy)
    assert "Everything is in place" in (await stage.owner.press("Re-check")).text


async def test_a_member_may_not_press_what_is_for_moderators(stage: Stage) -> None:
    await stage.app.settled()
    ana = stage.guild.member("Ana")
    with pytest.raises(Impossible):
        await ana.slash("/kith doctor")
    hello = ana.channel("general")[-1]
    assert "Nothing is sent to members until you press Start" in hello.text
    screen = await ana.press("Check permissions", on=hello)
    assert "This is for moderators" in screen.text


async def test_a_role_that_kith_has_just_made_is_below_its_own(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await stage.owner.slash("/kith niches roles on:True least:2")
        for name in ("Ana", "Ben"):
            await stage.guild.member(name).slash("/niche join niche:ocr")
        await stage.app.settled()
        made = next(role for role in stage.guild.roles.values() if role.name == "OCR and documents")
        assert "Everything is in place" in (await stage.owner.slash("/kith doctor")).text
        stage.guild.move_role(made, above=stage.guild.bot_role)
        told = (await stage.owner.press("Re-check")).text
        assert "drag Kith's role above: OCR and documents." in told


def stamp(moment: datetime) -> str:
    """A moment as a message shows it."""
    return words.stamp(int(moment.timestamp()), "f")


async def test_setup_names_the_round_that_comes_and_how_the_last_one_went(database_url: str) -> None:
    async with community(database_url) as stage:
        setup = await stage.owner.slash("/kith setup")
        assert stamp(FIRST_ROUND) in setup.text
        assert "Last introductions" not in setup.text
        for name in ("Ana", "Ben", "Cleo"):
            await (await newcomer(stage, name)).slash("/intro join")
        await stage.owner.slash("/kith round settings every:4")
        await turn_to(stage, FIRST_ROUND)
        setup = await stage.owner.slash("/kith setup")
        assert stamp(FIRST_ROUND + 4 * WEEK) in setup.text
        assert stamp(FIRST_ROUND + WEEK) not in setup.text
        assert f"{stamp(FIRST_ROUND)}: 2 of 3 introduced, 1 left out." in setup.text
        assert "Ana" not in setup.text
        await stage.owner.slash('/kith holidays add from:"3 Feb"')
        assert stamp(FIRST_ROUND + 4 * WEEK) not in (await stage.owner.slash("/kith setup")).text


async def test_setup_says_that_a_round_waits_for_a_yes(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        for name in ("Ana", "Ben"):
            await (await newcomer(stage, name)).slash("/intro join")
        await stage.owner.slash("/kith round settings approve:True")
        assert "wait for your yes" not in (await stage.owner.slash("/kith setup")).text
        await turn_to(stage, FIRST_ROUND)
        assert "wait for your yes: `/kith round preview`" in (await stage.owner.slash("/kith setup")).text
