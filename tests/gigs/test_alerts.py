"""Alerts: what is kept, what a new gig finds, and what a morning says; on both databases."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from bot.core.agenda import AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.errors import KithError, LeaseLost
from bot.core.outbox import OutboxRow, said
from bot.core.store import Store
from bot.gigs import alert_rules
from bot.gigs.alert_mail import fitting
from bot.gigs.alert_rules import Offered, Wanted
from bot.gigs.alert_views import AlertNews, Typed
from bot.gigs.tables import Gig, GigAlert, GigAlertHit, GigLead
from bot.people.service import Who
from bot.people.tables import CommunityNiche, Member
from tests.gigs.board_world import ANA, BEN, CLEO, ELSEWHERE, HERE, BoardWorld

DAY = timedelta(days=1)
EVERYTHING = Typed()


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def listens(world: BoardWorld, who: Who = BEN, typed: Typed = EVERYTHING) -> int:
    """Somebody with an alert; their member id."""
    await world.gigs.alerts.set(who, typed)
    return await member(world, who)


async def member(world: BoardWorld, who: Who) -> int:
    async with world.store.write() as session:
        return (await world.people.known(session, who)).id


async def hits(world: BoardWorld) -> set[tuple[int, int]]:
    async with world.store.read() as session:
        query = select(GigAlertHit.member_id, GigAlertHit.gig_id)
        return {(row[0], row[1]) for row in await session.execute(query)}


async def alerts(world: BoardWorld) -> list[OutboxRow]:
    return await world.said("gig.alert")


async def told(world: BoardWorld) -> list[list[int]]:
    """Which gigs each message names as it would be sent now."""
    found = [await world.gigs.alert_mail.news(said(row)) for row in await alerts(world)]
    return [[gig.id for gig in one.gigs] if one else [] for one in found]


async def nights(world: BoardWorld, by: timedelta) -> None:
    """Do what is due, let time pass, and do what fell due."""
    await world.work()
    await world.work(by)


# --- what a member decides -------------------------------------------------------------------------


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


# --- what a new gig finds --------------------------------------------------------------------------


async def test_a_new_gig_waits_for_whom_it_fits(world: BoardWorld) -> None:
    ben = await listens(world, BEN, Typed(niches="energy", least="100 €/h"))
    await listens(world, CLEO, Typed(niches="energy", least="100 $/h"))
    await listens(world, Who(ELSEWHERE, "Elsewhere", 31, "Dan"))
    await listens(world, ANA)
    gig = await world.posted(ANA, niches=["energy"])
    await world.posted(ANA, niches=["ocr"])
    await world.work()
    assert await hits(world) == {(ben, gig)}


async def test_the_database_finds_exactly_what_the_rules_say(world: BoardWorld) -> None:
    chance = random.Random(11)
    niches, skills, kinds = ("energy", "ocr", "a_b", "50%"), ("sql", "python", "r"), ("hire", "scoping")
    rates = [(None, None, None), (5000, "EUR", "hour"), (9000, "EUR", "hour"), (5000, "USD", "day")]

    def some(words: tuple[str, ...]) -> list[str]:
        return [] if chance.random() < 0.4 else chance.sample(words, chance.randint(1, 2))

    people: dict[int, Wanted] = {}
    async with world.store.write() as session:
        for number in range(250):
            one = await world.people.known(session, Who(HERE, "Data", 1000 + number, f"M{number}"))
            asked = Wanted(
                tuple(some(niches)), tuple(some(skills)), tuple(some(kinds)), *chance.choice(rates)
            )
            people[one.id] = asked
            session.add(
                GigAlert(
                    member_id=one.id, community_id=HERE, niches=[*asked.niches], skills=[*asked.skills],
                    kinds=[*asked.kinds], low=asked.low, currency=asked.currency, per=asked.per,
                    created_at=world.clock.now(),
                )
            )  # fmt: skip
    lengths = set()
    for _gig in range(30):
        gig = Offered(
            chance.choice(kinds), set(some(niches)), set(some(skills)), chance.choice([4000, 6000, 9000]),
            chance.choice(["EUR", "USD"]), chance.choice(["hour", "day"]),
        )  # fmt: skip
        async with world.store.read() as session:
            found = set(await session.scalars(select(GigAlert.member_id).where(*fitting(gig))))
        assert found == {one for one, asked in people.items() if alert_rules.fits(asked, gig)}
        lengths.add(len(found))
    assert min(lengths) < 30 < max(lengths)


async def test_a_niche_that_was_merged_is_heard_of_under_either_name(world: BoardWorld) -> None:
    old = await listens(world, BEN, Typed(niches="ocr"))
    new = await listens(world, CLEO, Typed(niches="energy"))
    async with world.store.write() as session:
        session.add(
            CommunityNiche(
                community_id=HERE, slug="ocr", name="OCR", axis="technique", aliases=[], into="energy"
            )
        )
    first, second = await world.posted(niches=["energy"]), await world.posted(niches=["ocr"])
    await world.work()
    assert await hits(world) == {(one, gig) for one in (old, new) for gig in (first, second)}


async def test_only_what_everybody_may_see_is_told(world: BoardWorld) -> None:
    await listens(world)
    for state in ("queued", "held", "draft"):
        await world.post(state=state, publish=False)
    lead = await world.post(audience="people", publish=False)
    passed = await listens(world, CLEO)
    async with world.store.write() as session:
        session.add(GigLead(gig_id=lead, member_id=passed, state="passed", at=world.clock.now()))
        gig = await session.get_one(Gig, lead)
        gig.audience = "board"
        await session.flush()
        community = await world.people.community(session, HERE)
        assert community is not None
        await world.board.publish(session, gig, community)
    await world.deliver()
    await world.work()
    assert {gig for _member, gig in await hits(world)} == {lead}
    assert passed not in {one for one, _gig in await hits(world)}


async def test_a_gig_is_compared_once_whatever_happens(world: BoardWorld) -> None:
    """A second try would let a gig wait anew that was named in between."""
    await listens(world)
    gig = await world.posted()
    await nights(world, DAY)
    assert await told(world) == [[gig]]
    async with world.store.read() as session:
        query = select(AgendaRow).where(AgendaRow.kind == "gig.match")
        row = (await session.scalars(query)).one()
        again = Work(row.id, row.kind, gig, HERE, row.key, row.due_at, None, 2, "another process")
    with pytest.raises(LeaseLost):
        await world.gigs.alert_mail.match(again)
    async with world.store.write() as session:
        await world.gigs.alert_mail.noticed(session, await session.get_one(Gig, gig))
    await nights(world, DAY)
    assert await hits(world) == set()
    assert await told(world) == [[gig]]


async def test_a_gig_costs_as_many_statements_however_many_hear_of_it(world: BoardWorld) -> None:
    counts = []
    for size in (1, 8):
        for number in range(size):
            await listens(world, Who(HERE, "Data", 5000 + 100 * size + number, f"P{number}"))
        gig = await world.post(publish=False)
        async with world.store.write() as session:
            await world.gigs.alert_mail.noticed(session, await session.get_one(Gig, gig))
        statements: list[str] = []
        engine = world.store._engine.sync_engine

        def note(*args: Any, into: list[str] = statements) -> None:
            into.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        await world.agenda.tick()
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert len(await hits(world)) == 1 + 9


# --- what a morning says ---------------------------------------------------------------------------


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
