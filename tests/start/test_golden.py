"""Every screen of the first five minutes, word for word, in a world that stands still."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.core.clock import TurnedClock
from sandbox.screen import Screen, Select
from tests.stage import Stage
from tests.start.helpers import (
    ABOUT,
    LISBON,
    findable,
    founded,
    menu_of,
    panel,
    panels,
    to_city,
    to_confirm,
    to_niches,
    to_value,
)

SATURDAY = datetime(2026, 1, 10, 14, 5, tzinfo=UTC)


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with founded(sqlite_url, TurnedClock(SATURDAY, frozen=True)) as opened:
        yield opened


def words(screen: Screen) -> str:
    """A screen as words, with what its menus offer; names stand where ids were."""
    lines = [screen.form.title] if screen.form else []
    lines += [screen.text]
    for menu in (one for one in screen.controls if isinstance(one, Select)):
        offered = ", ".join(option.label for option in menu.options)
        lines.append(f"{menu.placeholder} (up to {menu.most}): {offered}")
    return "\n".join(lines)


async def test_the_panel_and_what_stands_beside_it(stage: Stage, snapshot: SnapshotAssertion) -> None:
    ana = stage.guild.member("Ana")
    assert words(panel(ana)) == snapshot(name="panel")
    assert words(await ana.press("What is this?", on=panel(ana))) == snapshot(name="what is this")
    assert words(await ana.press("Browse", on=panel(ana))).startswith("### ")
    await stage.owner.slash("/kith setup")
    await stage.owner.press("Post the panel again")
    await stage.app.settled()
    assert words(panels(ana)[0]) == snapshot(name="moved")


async def test_the_forms(stage: Stage, snapshot: SnapshotAssertion) -> None:
    ana = stage.guild.member("Ana")
    assert words(await ana.press("Join", on=panel(ana))) == snapshot(name="profile")
    await ana.submit(ABOUT)
    assert words(await ana.press("Search")) == snapshot(name="search")
    await ana.submit({"Niches": "energy"})
    assert words(await ana.press("Go on: my city")) == snapshot(name="city form")


async def test_niches(stage: Stage, snapshot: SnapshotAssertion) -> None:
    ana = stage.guild.member("Ana")
    first = await to_niches(ana)
    shown = words(first).replace(", ".join(one.label for one in menu_of(first).options), "…")
    assert shown == snapshot(name="niches")
    await ana.press("Search")
    missed = await ana.submit({"Niches": "crypto, orc, qqqqzzzz"})
    assert words(missed) == snapshot(name="near miss")
    await ana.press("Search again")
    held = await ana.submit({"Niches": "energy"})
    shown = words(held).replace(", ".join(one.label for one in menu_of(held).options), "…")
    assert shown == snapshot(name="niches held")


async def test_the_city(stage: Stage, snapshot: SnapshotAssertion) -> None:
    ana = stage.guild.member("Ana")
    await to_city(ana)
    assert words(await ana.press("Join", on=panel(ana))) == snapshot(name="city")
    await ana.press("My city")
    assert words(await ana.submit(LISBON)) == snapshot(name="confirm")


async def test_a_zone_told_elsewhere(stage: Stage, snapshot: SnapshotAssertion) -> None:
    other = stage.discord.guild("Elsewhere", owner="Olga")
    other.text_channel("general")
    await other.member("Ana").slash('/profile timezone city:"Lisbon, Portugal"')
    ana = stage.guild.member("Ana")
    await to_city(ana)
    assert words(await ana.press("Go on")) == snapshot(name="confirm what was told elsewhere")


async def test_what_a_newcomer_gets(stage: Stage, snapshot: SnapshotAssertion) -> None:
    zoe = stage.guild.member("Zoe")
    assert words(await to_value(zoe)) == snapshot(name="nobody yet")
    await findable(stage, "Ben", "Cem", "Dora")
    ana = stage.guild.member("Ana")
    await to_confirm(ana)
    assert words(await ana.press("Yes")) == snapshot(name="three members")
    assert words(await ana.press("Introduce me")) == snapshot(name="introduced")
    assert words(await ana.press("Let members find me")) == snapshot(name="introduced and findable")
    await zoe.press("Let members find me")
    assert words(await zoe.press("Not now")) == snapshot(name="not now")


async def test_without_a_city(stage: Stage, snapshot: SnapshotAssertion) -> None:
    ana = stage.guild.member("Ana")
    await to_city(ana)
    assert words(await ana.press("Skip the city")) == snapshot(name="without a city")
