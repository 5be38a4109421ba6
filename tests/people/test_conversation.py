"""Profiles, niches and zones over the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.core.clock import TurnedClock
from tests.stage import Stage


@pytest.fixture
async def stage(sqlite_url: str, clock: TurnedClock) -> AsyncIterator[Stage]:
    async with Stage.opened(sqlite_url, clock) as opened:
        yield opened


async def test_a_member_writes_a_profile_joins_a_niche_and_is_found(stage: Stage) -> None:
    ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
    await ana.slash("/profile edit")
    screen = await ana.submit({"Headline": "Forecasts for *grids*", "What you do": "Data scientist"})
    assert "Saved" in screen.text
    assert "Data scientist" in screen.text
    assert "Lisbon" in str(await ana.autocomplete("/profile timezone city:", "lisb"))
    assert "Lisbon" in (await ana.slash('/profile timezone city:"Lisbon, Portugal"')).text
    assert "You are in" in (await ana.slash("/niche join niche:enrgy")).text
    assert "Energy" in (await ben.slash("/niche browse")).text
    await ana.slash("/profile view")
    await ana.press("Let members find me")
    assert "Forecasts for" in (await ben.menu("View profile", ana)).text
    assert "no profile" in (await ana.menu("View profile", ben)).text


async def test_too_long_a_headline_is_offered_again_filled_in(stage: Stage) -> None:
    ana = stage.guild.member("Ana")
    await ana.slash("/profile edit")
    screen = await ana.submit({"Headline": "x" * 130})
    assert "130 characters" in screen.text
    screen = await ana.press("Open it again, filled in")
    screen = await ana.submit({"Headline": "Shorter"})
    assert "Shorter" in screen.text


async def test_an_unknown_niche_and_city_are_answered_with_the_nearest(stage: Stage) -> None:
    ana = stage.guild.member("Ana")
    assert "Did you mean" in (await ana.slash('/niche join niche:"energgetic dashbord"')).text
    assert "Atlanta" in (await ana.slash("/profile timezone city:atlantis")).text
