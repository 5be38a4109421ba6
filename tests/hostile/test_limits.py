"""What is costly has a limit for each person: no more in any stretch of time, never closed for long."""

import asyncio
import inspect
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.edge import limits
from bot.edge.limits import Cost, Limits, cost_of
from tests.conftest import MONDAY
from tests.stage import Stage

KINDS = [one for one in vars(limits).values() if isinstance(one, Cost)]
costs = some.builds(Cost, some.just("x"), some.integers(1, 6), some.sampled_from([0.5, 1.0, 3.0, 60.0]))
waits = some.lists(some.sampled_from([0.0, 0.1, 0.4, 1.0, 2.5, 7.0, 61.0, 400.0]), max_size=60)


def turned() -> TurnedClock:
    return TurnedClock(MONDAY, frozen=True)


def turn(clock: TurnedClock, seconds: float) -> None:
    asyncio.run(clock.advance(timedelta(seconds=seconds)))


def taken(limited: Limits, person: int, cost: Cost) -> bool:
    try:
        limited.take(person, cost)
    except KithError:
        return False
    return True


@given(costs, waits)
def test_in_no_stretch_of_time_more_than_it_says(cost: Cost, pauses: list[float]) -> None:
    clock = turned()
    limited, let = Limits(clock), []
    for pause in pauses:
        turn(clock, pause)
        if taken(limited, 1, cost):
            let.append(clock.monotonic())
    for first, began in enumerate(let):
        for count, at in enumerate(let[first:], 1):
            assert count <= cost.most + (at - began) / cost.every + 1e-6


@given(costs, waits)
def test_the_time_that_was_told_is_enough_and_not_much_too_long(cost: Cost, pauses: list[float]) -> None:
    clock = turned()
    limited = Limits(clock)
    for pause in pauses:
        turn(clock, pause)
        try:
            limited.take(1, cost)
        except KithError as error:
            wait = (error.values["again"] - clock.now()).total_seconds()  # type: ignore[operator]
            assert 0 < wait <= cost.every + 1
            turn(clock, wait)
            limited.take(1, cost)


@given(costs, some.integers(1, 40))
def test_who_waits_has_everything_again_and_others_never_lost_it(cost: Cost, tries: int) -> None:
    clock = turned()
    limited = Limits(clock)
    assert sum(taken(limited, 1, cost) for _try in range(tries)) == min(tries, cost.most)
    other = Cost("y", cost.most, cost.every)
    assert all(taken(limited, 2, cost) and taken(limited, 1, other) for _try in range(cost.most))
    turn(clock, cost.most * cost.every)
    assert all(taken(limited, 1, cost) for _try in range(cost.most))
    assert not taken(limited, 1, cost)


def test_who_is_done_is_forgotten() -> None:
    clock = turned()
    limited, cost = Limits(clock, sweep_above=100), Cost("x", 2, 10)
    for person in range(1000):
        limited.take(person, cost)
        turn(clock, 1)
    assert len(limited) <= 101
    assert taken(limited, 999, cost)
    assert not taken(limited, 999, cost), "a sweep takes nothing back"


@pytest.mark.parametrize("cost", KINDS, ids=lambda cost: cost.name)
def test_people_are_not_in_the_way_of_each_kind(cost: Cost) -> None:
    assert cost.most >= 5, "nobody is stopped in the middle of ordinary use"
    assert cost.every <= 120, "and nobody waits long"


async def test_everything_costly_says_what_it_costs(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url, turned()) as stage:
        client = stage.app.client
        declared = {
            **{f"/{one.qualified_name}": cost_of(one.callback) for one in client.tree.walk_commands()
               if hasattr(one, "callback")},
            **{action: cost_of(client.buttons._handlers[action]) for action in client.buttons.known()},
        }  # fmt: skip
    found = {name: cost.name for name, cost in declared.items() if cost is not None}
    assert found == {
        "/find": "search", "find.page": "search", "find.widen": "search",
        "/gig browse": "search", "gig.browse": "search", "/gig check": "search",
        "gig.publish": "post", "gig.hand": "post",
        "/privacy export": "export", "/kith export": "export",
        "/checkin history": "picture", "checkin.history": "picture", "/kith digest week": "picture",
        "/kith preview": "preview", "/kith round preview": "preview",
        "round.again": "preview", "round.split": "preview",
    }  # fmt: skip


async def test_a_burst_is_asked_for_a_moment_and_nobody_else_is(database_url: str) -> None:
    async with Stage.opened(database_url, turned()) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        for _time in range(limits.SEARCH.most):
            assert "A moment" not in (await ana.slash("/find")).text
        refused = await ana.slash("/find")
        again = int((stage.clock.now() + timedelta(seconds=limits.SEARCH.every)).timestamp())
        assert refused.text.startswith("A moment, please: that was a lot at once. You can go on ")
        assert refused.message is not None
        assert f"You can go on <t:{again}:R>." in str(refused.message.components)
        assert refused.message.ephemeral_to == ana.id
        assert "A moment" not in (await ben.slash("/find")).text
        assert "A moment" not in (await ana.slash("/privacy export")).text
        await stage.clock.advance(timedelta(seconds=limits.SEARCH.every))
        assert "A moment" not in (await ana.slash("/find")).text
        assert "A moment" in (await ana.slash("/find")).text


async def test_a_form_too_many_keeps_what_was_typed(database_url: str) -> None:
    async with Stage.opened(database_url, turned()) as stage:
        ana = stage.guild.member("Ana")
        for number in range(limits.FORM.most):
            await ana.slash("/profile edit")
            saved = await ana.submit({"Headline": f"I forecast {number}"})
            assert "A moment" not in saved.text
        await ana.slash("/profile edit")
        refused = await ana.submit({"Headline": "The last of many"})
        assert "A moment" in refused.text
        await stage.clock.advance(timedelta(seconds=limits.FORM.every))
        again = await ana.press("Open it again, filled in", on=refused)
        assert "The last of many" in str(again)
        assert "A moment" not in (await ana.submit()).text


def test_a_cost_is_kept_by_what_wraps_a_handler() -> None:
    @limits.costs(limits.POST)
    async def handler() -> None: ...

    assert cost_of(handler) is limits.POST
    assert inspect.iscoroutinefunction(handler)
    assert cost_of(None) is None
