"""Whose alert a gig fits: new ones, changed ones, and those that come back; on both databases."""

import random
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.core.agenda import AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.errors import LeaseLost
from bot.core.store import Store
from bot.gigs import alert_rules
from bot.gigs.alert_mail import fitting
from bot.gigs.alert_rules import Offered, Wanted
from bot.gigs.alert_views import Typed
from bot.gigs.rules import Draft
from bot.gigs.tables import Gig, GigAlert, GigAlertHit, GigLead
from bot.gigs.views import Outcome
from bot.people.service import Who
from bot.people.tables import CommunityNiche
from tests.gigs.board_world import ANA, BEN, CLEO, ELSEWHERE, HERE, BoardWorld
from tests.gigs.listening import DAY, alerts, hits, listens, nights, told


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


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


# --- a gig that changed, or is back ----------------------------------------------------------------


async def raised(world: BoardWorld, gig_id: int, budget: str = "150 €/h") -> None:
    """The poster pays another amount."""
    found = await world.gigs.gig(gig_id)
    assert found is not None
    words = Draft("hire", found.title, found.description, budget)
    shown = await world.gigs.editing.words(ANA.person_id, gig_id, words)
    done = await world.gigs.editing.save(ANA.person_id, shown.gig.id, gig_id)
    assert isinstance(done, Outcome)
    assert done.changed


WORDY = {"description": "A day-ahead model in Python for an energy retailer, with tests."}


async def test_a_gig_that_pays_more_by_now_is_told_to_whom_it_fits_now(world: BoardWorld) -> None:
    modest, choosy = await listens(world, BEN), await listens(world, CLEO, Typed(least="140 €/h"))
    gig = await world.posted(ANA, **WORDY)
    await nights(world, DAY)
    assert await told(world) == [[gig]]
    await world.deliver()
    await raised(world, gig)
    await world.work()
    assert await hits(world) == {(choosy, gig)}
    await nights(world, DAY)
    assert await told(world) == [[gig], [gig]]
    assert [row.subject for row in await alerts(world)] == [modest, choosy]


async def test_nobody_is_told_of_the_same_gig_twice_however_often_it_changes(world: BoardWorld) -> None:
    await listens(world)
    gig = await world.posted(ANA, **WORDY)
    for budget in ("150 €/h", "160 €/h", "90 €/h"):
        await nights(world, DAY)
        await world.deliver()
        await raised(world, gig, budget)
    await nights(world, DAY)
    assert await told(world) == [[gig]]
    assert await hits(world) == set()


async def test_a_gig_that_waits_and_fits_no_longer_is_not_told(world: BoardWorld) -> None:
    await listens(world, BEN, Typed(least="100 €/h"))
    gig = await world.posted(ANA, **WORDY)
    await world.work()
    assert len(await hits(world)) == 1
    await raised(world, gig, "50 €/h")
    await nights(world, DAY)
    assert await alerts(world) == []


async def test_a_gig_that_is_back_is_told_to_who_asked_since_and_to_nobody_again(world: BoardWorld) -> None:
    await listens(world, BEN)
    gig = await world.posted()
    await nights(world, DAY)
    assert len(await alerts(world)) == 1
    await world.work(14 * DAY)
    assert (await world.view(gig)).state == "expired"
    cleo = await listens(world, CLEO)
    await world.board.renew(ANA.person_id, gig)
    await world.deliver()
    await world.work()
    assert await hits(world) == {(cleo, gig)}
    await nights(world, DAY)
    assert [row.recipient for row in await alerts(world)] == [BEN.person_id, CLEO.person_id]


async def test_a_renewal_in_good_time_is_no_news(world: BoardWorld) -> None:
    gig = await world.posted()
    await nights(world, 10 * DAY)
    await listens(world)
    await world.board.renew(ANA.person_id, gig)
    await nights(world, DAY)
    assert await alerts(world) == []


@pytest.mark.parametrize(("end", "kept"), [("filled", 0), ("withdrawn", 0), ("expired", 1), ("long ago", 0)])
async def test_who_was_told_is_known_for_as_long_as_the_gig_may_come_back(
    world: BoardWorld, end: str, kept: int
) -> None:
    await listens(world)
    gig = await world.posted()
    await nights(world, DAY)
    assert len(await alerts(world)) == 1
    if end == "filled":
        await world.board.filled(ANA.person_id, gig)
    elif end == "withdrawn":
        await world.board.withdraw(ANA.person_id, gig)
    else:
        await nights(world, 14 * DAY)
    if end == "long ago":
        await world.work(31 * DAY)
        await world.posted(CLEO)
        await nights(world, DAY)
    async with world.store.read() as session:
        query = select(func.count()).select_from(GigAlertHit).where(GigAlertHit.gig_id == gig)
        assert await session.scalar(query) == kept
