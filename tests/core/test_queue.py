"""Agenda and outbox: done once, whatever happens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

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


async def _say(store: Store, outbox: Outbox, clock: TurnedClock, *recipients: int) -> None:
    async with store.write() as session:
        for number, recipient in enumerate(recipients):
            await outbox.say(session, kind="card", subject=number, key=f"card:{number}", recipient=recipient)


async def _claimed(outbox: Outbox, limit: int = 50) -> list[tuple[int, int]]:
    return [(row.recipient, row.subject) for row in await outbox.queue.claim(limit)]


async def test_one_persons_messages_are_with_one_process_at_a_time(store: Store, clock: TurnedClock) -> None:
    here, there = Outbox(store, clock), Outbox(store, clock)
    await _say(store, here, clock, 7, 7, 8)
    (first,) = await here.queue.claim(1)
    assert await _claimed(there) == [(8, 2)]
    async with store.write() as session:
        await here.queue.settle(session, first.id, first.owner, "done")
    assert await _claimed(there) == [(7, 1)]


async def test_processes_that_claim_at_once_never_share_a_person(store: Store, clock: TurnedClock) -> None:
    outboxes = [Outbox(store, clock) for _ in range(4)]
    await _say(store, outboxes[0], clock, *(number // 5 for number in range(100)))
    batches = await asyncio.gather(*(_claimed(outbox, 7) for outbox in outboxes * 3))
    owners: dict[int, int] = {}
    for number, batch in enumerate(batches):
        for recipient, _subject in batch:
            assert owners.setdefault(recipient, number) == number
    assert len(owners) >= 8


async def test_a_dead_process_holds_a_persons_messages_no_longer_than_its_lease(
    store: Store, clock: TurnedClock
) -> None:
    here, there = Outbox(store, clock), Outbox(store, clock)
    await _say(store, here, clock, 7, 7)
    first, _second = await here.queue.claim(5)
    await clock.advance(timedelta(seconds=20))
    await here.mark_tried(first)  # and then the process is killed
    await clock.advance(LEASE - timedelta(seconds=1))
    assert await _claimed(there) == []  # the second one's lease is over, but the first comes before it
    await clock.advance(timedelta(seconds=1))
    assert await _claimed(there) == [(7, 0), (7, 1)]
    assert timedelta(minutes=1) > LEASE


async def test_what_is_handed_over_is_free_at_once(store: Store, clock: TurnedClock) -> None:
    here, there = Outbox(store, clock), Outbox(store, clock)
    await _say(store, here, clock, 7, 8)
    (first, _second) = await here.queue.claim(5)
    async with store.write() as session:
        await session.execute(
            update(OutboxRow).where(OutboxRow.id == first.id).values(owner="0ther000:1:abcdefghijkl")
        )
    await here.queue.hand_over()
    assert await _claimed(there) == [(8, 1)]
