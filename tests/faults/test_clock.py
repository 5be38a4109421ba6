"""Somebody sets the machine's clock, an hour forward or back, while Kith works."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core.clock import TurnedClock
from tests.conversations.helpers import FIRST_ROUND, SENDS
from tests.crash.scene import scene_at
from tests.crash.test_courier import die
from tests.faults.helpers import after_a_while, cards, given_up, taking_part, waiting

HOUR = timedelta(hours=1)


class SetClock(TurnedClock):
    """A clock that tells another time than the one that passes."""

    def __init__(self) -> None:
        super().__init__(frozen=True)
        self.off = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_round_reaches_everybody_once_when_the_clock_is_set_in_the_middle(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    async with taking_part(sqlite_url) as (stage, members):
        told, off = TurnedClock.now, [timedelta(0)]
        monkeypatch.setattr(TurnedClock, "now", lambda clock: told(clock) + off[0])
        stage.discord.faults.add(method="POST", path=SENDS, drop="after", times=2)
        stage.discord.faults.add(method="POST", path=SENDS, status=503, times=2)
        await stage.clock.turn_to(FIRST_ROUND)
        await stage.app.agenda.tick()
        await stage.app.courier.tick()
        off[0] = by
        await stage.app.settled()
        await after_a_while(stage, 15)
        assert cards(members) == [1] * len(members)
        assert await waiting(stage.app) == {}
        assert await given_up(stage.app) == []


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_message_cut_off_before_the_clock_was_set_is_not_said_twice(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    clock = SetClock()
    async with scene_at(sqlite_url, clock) as scene:
        async with scene.bot() as app:
            ana = await scene.joins(app, "Ana")
            await scene.say(app, 1, ana.id)
            await die(scene, app, "sent, no answer", monkeypatch)
        scene.discord.nonces.clear()  # so long was Kith away, whatever its clock says
        clock.off = by
        async with scene.bot() as again:
            await again.settled()
            await scene.later(again, hours=1)  # the time of its sending, once more
            assert (await scene.row(again)).state == "done"
        assert scene.numbers(ana) == [1]
