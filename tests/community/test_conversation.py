"""Setup and check-up over the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.core.clock import TurnedClock
from bot.people.tables import Community, CommunityNiche
from sandbox import permissions
from sandbox.line import Impossible
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
