"""What a member decides about their alert; on both databases."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.alert_rules import Wanted
from bot.gigs.alert_views import Typed
from bot.people.service import Who
from bot.people.tables import Member
from tests.gigs.board_world import BEN, HERE, BoardWorld
from tests.gigs.listening import DAY, EVERYTHING, alerts, hits, listens, member, nights


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def test_an_alert_is_a_yes_that_can_be_changed_paused_resumed_and_stopped(world: BoardWorld) -> None:
    room = world.gigs.alerts
    assert (await room.mine(BEN.person_id, HERE)).state == "none"
    made = await room.set(BEN, Typed(["hire"], "energy, OCR", "Python; forcasting", "60 €/h"))
    assert made.changed
    assert made.alert.wanted == Wanted(
        ("energy", "ocr"), ("python", "forecasting"), ("hire",), 6000, "EUR", "hour"
    )
    again = await room.set(BEN, Typed(["hire"], "energy, OCR", "Python; Forecasting", "60 EUR per hour"))
    assert not again.changed
    assert [(await room.pause(BEN.person_id, HERE)).changed for _twice in range(2)] == [True, False]
    assert (await room.mine(BEN.person_id, HERE)).state == "paused"
    assert [(await room.resume(BEN.person_id, HERE)).changed for _twice in range(2)] == [True, False]
    me = await member(world, BEN)
    async with world.store.read() as session:
        assert await world.people.has_consent(session, me, "alerts")
    assert [(await room.stop(BEN.person_id, HERE)).changed for _twice in range(2)] == [True, False]
    async with world.store.read() as session:
        assert not await world.people.has_consent(session, me, "alerts")
    with pytest.raises(KithError, match="gig_alert_none"):
        await room.pause(BEN.person_id, HERE)


async def test_the_yes_stays_while_something_else_uses_it(world: BoardWorld) -> None:
    me = await listens(world)

    async def searching(_session: Any, member_id: int) -> bool:
        return member_id == me

    world.gigs.alerts.elsewhere.append(searching)
    await world.gigs.alerts.stop(BEN.person_id, HERE)
    async with world.store.read() as session:
        assert await world.people.has_consent(session, me, "alerts")


async def test_after_stop_an_alert_sleeps_until_a_new_yes(world: BoardWorld) -> None:
    await listens(world)
    async with world.store.write() as session:
        await world.people.stop_person(session, BEN.person_id)
    assert (await world.gigs.alerts.mine(BEN.person_id, HERE)).state == "asleep"
    await world.posted()
    await world.work()
    assert await hits(world) == set()
    done = await world.gigs.alerts.resume(BEN.person_id, HERE)
    assert (done.changed, done.alert.state) == (True, "on")


async def test_every_kind_ticked_is_every_kind(world: BoardWorld) -> None:
    done = await world.gigs.alerts.set(BEN, Typed(["hire", "subcontract", "scoping", "partner"]))
    assert done.alert.wanted == Wanted()


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (Typed(niches="no such thing at all"), "niche_"),
        (Typed(skills="Python, quantum knitting"), "gig_alert_nowhere"),
        (Typed(skills="deep thinking"), "gig_alert_skill"),
        (Typed(least="plenty"), "gig_least"),
    ],
)
async def test_a_word_nobody_knows_is_asked_again_and_changes_nothing(
    world: BoardWorld, typed: Typed, refusal: str
) -> None:
    await listens(world, BEN, Typed(["scoping"]))
    with pytest.raises(KithError, match=refusal):
        await world.gigs.alerts.set(BEN, typed)
    assert (await world.gigs.alerts.mine(BEN.person_id, HERE)).wanted == Wanted(kinds=("scoping",))


async def test_from_afar_only_what_exists_is_changed(world: BoardWorld) -> None:
    afar = Who(HERE, "", BEN.person_id, BEN.name)
    with pytest.raises(KithError, match="gig_alert_none"):
        await world.gigs.alerts.set(afar, EVERYTHING, away=True)
    await listens(world)
    assert (await world.gigs.alerts.set(afar, Typed(["hire"]), away=True)).changed
    with pytest.raises(KithError, match="gig_alert_none"):
        await world.gigs.alerts.set(Who(999, "", BEN.person_id, BEN.name), EVERYTHING, away=True)


async def test_the_barred_have_no_alerts(world: BoardWorld) -> None:
    me = await listens(world)
    await world.posted()
    await world.work()
    assert len(await hits(world)) == 1
    async with world.store.write() as session:
        await session.execute(update(Member).where(Member.id == me).values(barred_at=world.clock.now()))
    await nights(world, DAY)
    assert await alerts(world) == []
    assert await hits(world) == set()
    for use in (world.gigs.alerts.mine, world.gigs.alerts.resume):
        with pytest.raises(KithError, match="barred"):
            await use(BEN.person_id, HERE)
