"""What a morning says about gigs that fit; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.core.clock import TurnedClock
from bot.core.outbox import OutboxRow, said
from bot.core.store import Store
from bot.gigs.alert_views import AlertNews
from bot.gigs.tables import GigAlert, GigAlertHit
from bot.people.service import Who
from bot.people.tables import Member
from tests.gigs.board_world import ANA, BEN, CLEO, HERE, BoardWorld
from tests.gigs.listening import DAY, alerts, hits, listens, member, nights, told


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def test_a_day_s_gigs_come_as_one_message_in_the_morning(world: BoardWorld) -> None:
    await world.people.set_zone(BEN, "New York")
    me = await listens(world)
    gigs = [await world.posted() for _each in range(3)]
    await world.work(timedelta(hours=4, minutes=59))
    assert await alerts(world) == []
    await world.work(timedelta(minutes=2))
    (row,) = await alerts(world)
    assert row.due_at.astimezone(UTC).hour == 14  # nine in New York
    assert (row.subject, row.recipient, row.budgeted) == (me, BEN.person_id, True)
    assert await told(world) == [gigs[::-1]]
    assert await hits(world) == set()
    await nights(world, 3 * DAY)
    assert len(await alerts(world)) == 1


async def test_without_a_zone_of_their_own_it_is_the_server_s_morning(world: BoardWorld) -> None:
    await listens(world)
    assert not (await world.gigs.alerts.mine(BEN.person_id, HERE)).placed
    await world.posted()
    await nights(world, DAY)
    (row,) = await alerts(world)
    assert row.due_at == datetime(2026, 1, 6, 9, tzinfo=UTC)


async def test_what_closed_meanwhile_is_left_out_and_nothing_is_no_message(world: BoardWorld) -> None:
    await listens(world)
    gone, stays = await world.posted(), await world.posted()
    await world.board.withdraw(ANA.person_id, gone)
    await nights(world, DAY)
    assert await told(world) == [[stays]]
    await world.board.filled(ANA.person_id, stays)  # after it was planned, before it is sent
    assert await told(world) == [[]]
    last = await world.posted()
    await world.board.withdraw(ANA.person_id, last)
    await world.deliver()
    await nights(world, 2 * DAY)
    assert len(await alerts(world)) == 1


async def test_own_gigs_answered_ones_and_those_of_people_kept_apart_are_left_out(world: BoardWorld) -> None:
    me, ana = await listens(world), await member(world, ANA)
    await world.posted(BEN)
    apart = await world.posted(ANA)
    answered, other = await world.posted(CLEO), await world.posted(CLEO)
    await world.gigs.pitches.send(BEN, answered, "I built three such models for grid operators.")

    async def kept(_session: Any, ids: Any) -> set[tuple[int, int]]:
        pair = (min(me, ana), max(me, ana))
        return {pair} if set(pair) <= set(ids) else set()

    world.gigs.alert_mail.apart = kept
    await world.work()
    assert (me, apart) in await hits(world)
    await nights(world, DAY)
    assert await told(world) == [[other]]


async def test_pausing_forgets_what_waited_and_holds_back_what_was_planned(world: BoardWorld) -> None:
    await listens(world)
    await world.posted()
    await world.work()
    await world.gigs.alerts.pause(BEN.person_id, HERE)
    await world.posted()
    await world.work()
    assert await hits(world) == set()
    await nights(world, DAY)
    assert await alerts(world) == []
    await world.gigs.alerts.resume(BEN.person_id, HERE)
    gig = await world.posted()
    await nights(world, DAY)
    assert await told(world) == [[gig]]
    await world.gigs.alerts.pause(BEN.person_id, HERE)
    assert await told(world) == [[]]


async def test_a_full_week_moves_the_message_to_a_free_morning_and_what_comes_meanwhile_waits(
    world: BoardWorld,
) -> None:
    await listens(world)
    async with world.store.write() as session:
        await world.outbox.say(
            session, kind="find.alert", subject=1, key="other", recipient=BEN.person_id,
            due_at=datetime(2026, 1, 6, 3, tzinfo=UTC), budgeted=True,
        )  # fmt: skip
    first = await world.posted()
    await nights(world, DAY)  # Tuesday, nine: something else came at three
    (row,) = await alerts(world)
    assert row.due_at == datetime(2026, 1, 7, 9, tzinfo=UTC)
    second = await world.posted()
    await world.work(timedelta(hours=23))
    assert len(await alerts(world)) == 1
    async with world.store.write() as session:
        query = update(OutboxRow).where(OutboxRow.kind == "gig.alert").values(state="done")
        await session.execute(query)
    await nights(world, 2 * DAY)
    assert await told(world) == [[first], [second]]
    assert [one.due_at.hour for one in await alerts(world)] == [9, 9]


async def test_while_a_message_waits_no_second_one_is_planned(world: BoardWorld) -> None:
    me = await listens(world)
    first = await world.posted()
    await nights(world, DAY)  # the courier cannot send it yet
    second = await world.post()
    await nights(world, 2 * DAY)
    assert await told(world) == [[first]]
    assert await hits(world) == {(me, second)}
    await world.deliver()
    await nights(world, DAY)
    assert await told(world) == [[first], [second]]


async def test_more_than_fit_are_counted(world: BoardWorld) -> None:
    await listens(world)
    gigs = [await world.posted() for _each in range(11)]
    await nights(world, DAY)
    (row,) = await alerts(world)
    news = await world.gigs.alert_mail.news(said(row))
    assert isinstance(news, AlertNews)
    assert [gig.id for gig in news.gigs] == gigs[::-1][:8]
    assert news.more == 3


async def test_a_crash_between_two_portions_names_nothing_twice(
    world: BoardWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gigs.alert_mail._AT_ONCE", 2)
    for number in range(5):
        await listens(world, Who(HERE, "Data", 700 + number, f"P{number}"))
    gig = await world.posted()
    await world.work()
    mail, calls = world.gigs.alert_mail, 0
    tell = mail._tell

    async def dies(*args: Any) -> None:
        nonlocal calls
        calls += 1
        await tell(*args)
        if calls == 2:
            raise ConnectionError("the power is out")

    monkeypatch.setattr(mail, "_tell", dies)
    await nights(world, DAY)
    assert len(await alerts(world)) == 2  # the second portion was rolled back
    await world.work(timedelta(minutes=2))
    assert await told(world) == [[gig]] * 5
    assert len({row.recipient for row in await alerts(world)}) == 5


async def test_whoever_moves_to_a_later_zone_is_told_in_their_new_morning(world: BoardWorld) -> None:
    await world.people.set_zone(BEN, "Lisbon")
    await listens(world)
    await world.posted()
    await world.work()
    await world.people.set_zone(BEN, "New York")
    await nights(world, DAY)
    (row,) = await alerts(world)
    assert row.due_at.hour == 14


async def test_a_deleted_member_leaves_no_alert(world: BoardWorld) -> None:
    me = await listens(world)
    await world.posted()
    await world.work()
    async with world.store.write() as session:
        await session.delete(await session.get_one(Member, me))
    async with world.store.read() as session:
        for table in (GigAlert, GigAlertHit):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
