"""A round during which the process is killed again and again, wherever chance has it.

40 kills in a round of 40; with KITH_SOAK=1 200 kills in a round of 200. `-s` prints what was killed.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from bot.app import App
from tests.conversations.helpers import FIRST_ROUND
from tests.crash.killing import killed_after, points
from tests.databases import PostgresTemplate, SQLiteTemplate
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, waiting
from tests.stage import Stage, running

SOAK = bool(os.environ.get("KITH_SOAK"))
KILLS, MEMBERS = (200, 200) if SOAK else (40, 40)
KINDS = ["sqlite", "postgres"] if SOAK else ["sqlite"]
"""In a short run test_sigkill.py kills on both."""
MOST = 24
"""Points between two kills: a card is ten of them."""


async def lives(stage: Stage, points_left: int) -> str:
    """A process that lives so long; where it was killed, or "" when there was nothing left to do."""
    async with running(stage.url, stage.discord, stage.clock) as app:
        stage.app = app
        return await killed_after(points_left, app.settled)


async def play(url: str, seed: int) -> Counter[str]:
    chance, killed = random.Random(seed), Counter[str]()
    async with taking_part(url, MEMBERS) as (stage, members):
        await stage.app.close()
        await stage.clock.turn_to(FIRST_ROUND)
        with points():
            while killed.total() < KILLS:
                where = await lives(stage, chance.randrange(MOST))
                killed[where or "lived"] += 1
        async with running(stage.url, stage.discord, stage.clock) as app:
            stage.app = app
            stage.discord.faults.add(method="POST", path="/messages$", status=503, times=5)
            await app.settled()
            await after_a_while(stage, 12)
            assert await left(app) == []
        assert cards(members) == [1] * MEMBERS
    return killed


async def left(app: App) -> list[str]:
    return [*await waiting(app), *await given_up(app)]


@pytest.mark.timeout(3600 if SOAK else 900)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_round_in_which_kith_is_killed_at_random_gives_everybody_one_card(
    request: pytest.FixtureRequest, kind: str
) -> None:
    template: SQLiteTemplate | PostgresTemplate = request.getfixturevalue(f"{kind}_template")
    with template.copy() as url:
        killed = await play(url, seed=7)
    print(f"\n{kind}: {killed.total()} kills in a round of {MEMBERS}: {dict(killed)}; lost 0, doubled 0")
    assert killed["lived"] <= KILLS / 4, "the round is over too soon for so many kills"
