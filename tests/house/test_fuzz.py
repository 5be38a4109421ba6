"""Two thousand things nobody would do, in two communities at once: Kith answers each in words.

Random commands, presses, choices, forms and suggestions, with arguments that are huge, foreign, replayed,
of the wrong type or made up, alone and in bursts. `KITH_SOAK=1` makes it a hundred thousand.
"""

import os
import random
from datetime import timedelta

import pytest

import sandbox.actors
from tests.hostile.checks import MARKS, nothing_refused, nothing_slipped
from tests.hostile.communities import two_communities
from tests.hostile.fuzzing import Fuzz, all_done
from tests.hostile.logs import whole_log
from tests.stage import Stage

INTERACTIONS = 500
SEEDS = range(1, 101 if os.environ.get("KITH_SOAK") else 3)
SETTLED_EVERY, DAY_EVERY = 20, 50
PAUSE = timedelta(seconds=5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_sent_in_is_answered_in_words(
    database_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No error, nothing Discord refuses, nobody pinged, nothing of another community, nothing in the logs."""
    monkeypatch.setattr(sandbox.actors, "SILENT_PATIENCE", 0.5)
    with whole_log() as log:
        async with Stage.opened(database_url) as stage:
            fuzz = Fuzz(stage, await two_communities(stage), random.Random(seed))
            gather(fuzz)
            for number, does in enumerate(fuzz.plan(INTERACTIONS)):
                await does()
                await all_done()
                await stage.clock.advance(PAUSE)
                if number % DAY_EVERY == 0:
                    await stage.clock.advance(timedelta(days=1))
                if number % SETTLED_EVERY == 0:
                    await stage.app.settled()
                    gather(fuzz)
            await stage.app.settled()
            nothing_slipped(stage, fuzz.world)
            nothing_refused(stage)
        assert log.failures() == []
        assert [word for word in MARKS if word in log.getvalue()] == []


def gather(fuzz: Fuzz) -> None:
    """Remember what can be pressed on all that people have been sent."""
    for player in fuzz.world.players:
        for screen in (*player.actor.screens[-20:], *player.actor.inbox[-20:]):
            fuzz.keep(screen, player.actor.id)
