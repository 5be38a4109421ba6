"""Every kind of work of an introduction, cut off everywhere it can be: one message each, and it is done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import pytest
from sqlalchemy import delete, select, update

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import OutboxRow, said
from bot.core.seal import Sealer
from bot.core.store import Store
from bot.intros.asking import OPEN_FOR
from bot.intros.tables import IntroRequest
from cogs.intros import renderers
from tests.conftest import KEY
from tests.crash.scene import Killed
from tests.intros.rounds_world import DAY, HOUR, MODERATORS, Rounds
from tests.intros.test_service import FIRST_ROUND, who

Act: TypeAlias = Callable[[Rounds], Awaitable[object]]
Told: TypeAlias = dict[str, list[int]]

MOMENTS = {
    "claimed": (1, "after"),
    "before the effect is stored": (2, "before"),
    "stored": (2, "after"),
    "before the mark": (3, "before"),
}
"""Which unit of work dies, and on which side of its commit; the first one claims."""
CLICKED = {moment: (number - 1, side) for moment, (number, side) in MOMENTS.items()}
"""A click claims nothing."""


async def tick(world: Rounds) -> None:
    while await world.agenda.tick():
        pass


async def seats(world: Rounds) -> dict[int, int]:
    return {row.recipient: row.subject for row in await world.messages("intro.card")}


async def introduced(world: Rounds) -> dict[int, int]:
    """Two who read each other's card, without another round to come; their seats."""
    await world.enrol(1, 2)
    await world.turn(FIRST_ROUND)
    await world.arrive()
    async with world.store.write() as session:
        await session.execute(delete(AgendaRow).where(AgendaRow.kind.in_(["round", "round.notice"])))
    return await seats(world)


async def nudge(world: Rounds) -> Told:
    await introduced(world)
    await world.clock.turn_to(FIRST_ROUND + 2 * DAY)
    return {"intro.nudge": [1, 2]}


async def ask(world: Rounds) -> Told:
    await introduced(world)
    await world.turn(FIRST_ROUND + 3 * DAY)
    await world.clock.turn_to(FIRST_ROUND + 7 * DAY)
    return {"intro.ask": [1, 2]}


async def again(world: Rounds) -> Told:
    mine = await introduced(world)
    await world.turn(FIRST_ROUND + HOUR)
    await world.intros.outcome(1, mine[1], "not_yet")
    await world.intros.outcome(2, mine[2], "met")
    await world.turn(FIRST_ROUND + 7 * DAY)
    await world.clock.turn_to(FIRST_ROUND + 7 * DAY + HOUR)
    return {"intro.again": [1], "intro.ask": []}


async def remind(world: Rounds) -> Told:
    mine = await introduced(world)
    slot = await _slot(world, mine)
    await world.intros.meeting.pick(1, mine[1], slot)
    await world.clock.turn_to(slot - HOUR)
    return {"intro.remind": [1, 2], "intro.slot": [1, 2]}


async def follow(world: Rounds) -> Told:
    mine = await introduced(world)
    await world.intros.outcome(1, mine[1], "met")
    await world.intros.meeting.follow.remind(1, mine[1])
    await world.turn(FIRST_ROUND + 13 * DAY)
    await world.clock.turn_to(FIRST_ROUND + 14 * DAY)
    return {"intro.follow": [1]}


async def notice(world: Rounds) -> Told:
    await world.enrol(1, 2)
    await world.clock.turn_to(FIRST_ROUND - DAY)
    return {"intro.notice": [1, 2]}


async def approval(world: Rounds) -> Told:
    await world.enrol(1, 2)
    await world.approving()
    await world.turn(FIRST_ROUND)
    await world.turn(FIRST_ROUND + DAY)
    await world.clock.turn_to(FIRST_ROUND + 3 * DAY)
    return {"round.report": [MODERATORS], "intro.skipped": [1, 2]}


async def resume(world: Rounds) -> Told:
    await world.enrol(1, 2)
    async with world.store.write() as session:
        await session.execute(delete(AgendaRow).where(AgendaRow.kind.in_(["round", "round.notice"])))
    await world.clock.turn_to((await world.intros.pause(who(1), "in 2 weeks")).until)
    return {"intro.resumed": [1]}


async def late(world: Rounds) -> Told:
    await world.enrol(1)
    await world.turn(FIRST_ROUND)
    await world.turn(FIRST_ROUND + DAY)
    await world.enrol(2)
    return {"intro.card": [1, 2]}


async def expire(world: Rounds) -> Told:
    await world.enrol(2)
    await _profile(world)
    await _asks(world)
    async with world.store.write() as session:
        await session.execute(delete(AgendaRow).where(AgendaRow.kind != "intro.request.expire"))
    await world.clock.advance(OPEN_FOR)
    return {"intro.request": [2], "intro.card": []}


async def pick(world: Rounds) -> Told:
    await introduced(world)
    return {"intro.slot": [1, 2]}


async def request(world: Rounds) -> Told:
    await world.enrol(2)
    await _profile(world)
    return {"intro.request": [2]}


async def _slot(world: Rounds, mine: dict[int, int]) -> Any:
    view = await world.intros.meeting.card(mine[1])
    assert view is not None
    return view.slots[0]


async def _picks(world: Rounds) -> None:
    mine = await seats(world)
    await world.intros.meeting.pick(1, mine[1], await _slot(world, mine))


async def _profile(world: Rounds) -> None:
    await world.people.set_zone(who(1), "Europe/Lisbon")
    await world.niches.join(who(1), "ocr")


async def _asks(world: Rounds) -> None:
    with suppress(KithError):  # asked already, before the kill
        await world.intros.requests.ask(who(1), 2, "You know water networks and I pitch to a utility.")


WORK = [nudge, ask, again, remind, follow, notice, approval, resume, late, expire]
CLICKS = [(pick, _picks), (request, _asks)]


@asynccontextmanager
async def process(url: str, clock: TurnedClock) -> AsyncIterator[Rounds]:
    """The services on that database; entering again is a restart, which frees what the dead one held."""
    store = Store(url, Sealer([KEY]))
    world = Rounds(store, clock)
    async with store.write() as session:
        held = AgendaRow.lease_until.is_not(None)
        await session.execute(update(AgendaRow).where(held).values(lease_until=None))
    try:
        yield world
    finally:
        await store.close()


async def die(world: Rounds, act: Act, number: int, side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do it, killed on one side of the commit of one unit of work, where there are so many."""
    write, units = world.store.write, 0

    @asynccontextmanager
    async def deadly(*args: Any, **more: Any) -> AsyncIterator[Any]:
        nonlocal units
        units += 1
        dies = units == number
        async with write(*args, **more) as session:
            yield session
            if dies and side == "before":
                await session.flush()
                raise Killed
        if dies:
            raise Killed

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(world.store, "write", deadly)
        await act(world)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 30)


async def recipients(world: Rounds, kind: str) -> list[int]:
    """Who has this message; each of them can be read."""
    rows = await world.messages(kind)
    for row in rows:
        assert (await renderers(world.intros)[kind](said(row))) is not None or kind == "intro.request"
    return sorted(row.recipient for row in rows)


async def undone(world: Rounds) -> list[str]:
    async with world.store.read() as session:
        due = AgendaRow.due_at <= world.clock.now()
        query = select(AgendaRow.key).where(due, AgendaRow.state.not_in(["done", "expired"]))
        return list(await session.scalars(query))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("prepare", WORK, ids=lambda work: work.__name__)
async def test_work_is_done_once_wherever_the_bot_was_killed(
    sqlite_url: str,
    clock: TurnedClock,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Rounds], Awaitable[Told]],
    moment: str,
) -> None:
    async with process(sqlite_url, clock) as world:
        await world.begin()
        told = await prepare(world)
        await die(world, tick, *MOMENTS[moment], monkeypatch)
    async with process(sqlite_url, clock) as restarted:
        await tick(restarted)
        assert {kind: await recipients(restarted, kind) for kind in told} == told
        assert await undone(restarted) == []
        async with restarted.store.read() as session:
            assert set(await session.scalars(select(IntroRequest.state))) <= {"expired"}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("prepare", "act"), CLICKS, ids=["pick", "request"])
async def test_what_a_click_says_is_said_once_however_often_it_is_made(
    sqlite_url: str,
    clock: TurnedClock,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Rounds], Awaitable[Told]],
    act: Act,
    moment: str,
) -> None:
    async with process(sqlite_url, clock) as world:
        await world.begin()
        told = await prepare(world)
        await die(world, act, *CLICKED[moment], monkeypatch)
    async with process(sqlite_url, clock) as restarted:
        for _press in range(2):
            await act(restarted)
        assert {kind: await recipients(restarted, kind) for kind in told} == told
        async with restarted.store.read() as session:
            keys = list(await session.scalars(select(OutboxRow.key)))
        assert len(keys) == len(set(keys))
