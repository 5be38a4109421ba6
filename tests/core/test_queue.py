"""Agenda and outbox: done once, whatever happens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.agenda import Agenda, AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.errors import LeaseLost
from bot.core.outbox import Outbox, OutboxRow
from bot.core.queue import LEASE
from bot.core.store import Store


@pytest.fixture
def agenda(store: Store, clock: TurnedClock) -> Agenda:
    return Agenda(store, clock)


async def _plan(store: Store, agenda: Agenda, clock: TurnedClock, key: str = "k", **more: object) -> bool:
    async with store.write() as session:
        values: dict[str, object] = {"kind": "job", "subject": 1, "due_at": clock.now(), **more}
        return await agenda.plan(session, key=key, **values)  # type: ignore[arg-type]


async def _states(store: Store) -> list[str]:
    async with store.read() as session:
        return list(await session.scalars(select(AgendaRow.state).order_by(AgendaRow.id)))


async def test_the_same_key_is_planned_once(store: Store, agenda: Agenda, clock: TurnedClock) -> None:
    assert await _plan(store, agenda, clock)
    assert not await _plan(store, agenda, clock)


async def test_work_is_done_when_due_and_once(store: Store, agenda: Agenda, clock: TurnedClock) -> None:
    done: list[str] = []

    async def handler(work: Work) -> None:
        async with store.write() as session:
            await agenda.settle(session, work)
        done.append(work.key)

    agenda.register({"job": handler})
    await _plan(store, agenda, clock, due_at=clock.now() + timedelta(hours=1))
    assert await agenda.tick() == 0
    await clock.advance(timedelta(hours=1))
    assert await agenda.tick() == 1
    assert await agenda.tick() == 0
    assert done == ["k"]
    assert await _states(store) == ["done"]


async def test_failed_work_waits_longer_each_time_and_then_succeeds(
    store: Store, agenda: Agenda, clock: TurnedClock
) -> None:
    tries = 0

    async def handler(_work: Work) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise RuntimeError("not yet")

    agenda.register({"job": handler})
    await _plan(store, agenda, clock)
    for _ in range(3):
        assert await agenda.tick() == 1
        assert await agenda.tick() == 0  # it waits
        await clock.advance(timedelta(seconds=30))
    assert tries == 3
    assert await _states(store) == ["done"]


async def test_work_too_late_is_skipped_aloud(store: Store, agenda: Agenda, clock: TurnedClock) -> None:
    ran: list[str] = []

    async def handler(_work: Work) -> None:
        ran.append("handler")

    async def expired(_work: Work) -> None:
        ran.append("expired")

    agenda.register({"job": handler}, {"job": expired})
    await _plan(store, agenda, clock, not_after=clock.now() + timedelta(hours=1))
    await clock.advance(timedelta(hours=2))
    await agenda.tick()
    assert ran == ["expired"]
    assert await _states(store) == ["expired"]


async def test_a_killed_owners_work_is_taken_over_after_its_lease(
    store: Store, agenda: Agenda, clock: TurnedClock
) -> None:
    await _plan(store, agenda, clock)
    outbox_like = agenda._queue
    (row,) = await outbox_like.claim(5)  # and then the process is killed
    assert await outbox_like.claim(5) == ()
    await clock.advance(LEASE)
    (again,) = await outbox_like.claim(5)
    assert again.attempts == 2
    async with store.write() as session:
        await outbox_like.settle(session, again.id, again.owner, "done")
    with pytest.raises(LeaseLost):
        async with store.write() as session:
            await outbox_like.settle(session, row.id, row.owner, "done")


async def test_two_processes_never_claim_the_same_row(store: Store, clock: TurnedClock) -> None:
    first, second = Agenda(store, clock), Agenda(store, clock)
    for number in range(30):
        await _plan(store, first, clock, key=f"k{number}")
    batches = await asyncio.gather(*(agenda._queue.claim(7) for agenda in (first, second) * 4))
    ids = [row.id for batch in batches for row in batch]
    assert len(ids) == len(set(ids))


async def test_a_rolled_back_unit_of_work_plans_nothing(
    store: Store, agenda: Agenda, clock: TurnedClock
) -> None:
    async def failing() -> None:
        async with store.write() as session:
            await agenda.plan(session, kind="job", key="k", subject=1, due_at=clock.now())
            raise RuntimeError("the use case failed")

    with pytest.raises(RuntimeError):
        await failing()
    assert await _states(store) == []


async def test_a_message_is_said_once_and_stop_silences_it(store: Store, clock: TurnedClock) -> None:
    outbox = Outbox(store, clock)
    async with store.write() as session:
        assert await outbox.say(session, kind="card", subject=1, key="card:1", recipient=7)
        assert not await outbox.say(session, kind="card", subject=1, key="card:1", recipient=7)
        await outbox.silence(session, 7)
    assert await outbox.queue.claim(5) == ()
    async with store.read() as session:
        assert list(await session.scalars(select(OutboxRow.state))) == ["dropped"]
