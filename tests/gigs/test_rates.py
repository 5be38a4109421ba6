"""Rates: where figures come from, what is kept of an answer, and the hint for posters; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.rate_rules import Rate
from bot.gigs.rules import Details, Draft
from bot.gigs.tables import Gig, GigOutcome, Interest, RateAnswer
from bot.people.service import Who
from bot.people.tables import Member, Person
from tests.gigs.around import ANA, BEN, CLEO, Around, around

YEAR = timedelta(days=365)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> Around:
    return await around(store, clock)


def person(number: int) -> Who:
    return Who(1, "Data Collective", 100 + number, f"P{number}")


async def worked(
    world: Around, who: Who, *, stage: str = "booked", zone: str = "Europe/Lisbon", **gig: Any
) -> int:
    """Somebody whose pitch was accepted for a gig that was filled; the pitch's id."""
    gig_id = await world.gig(
        ANA, **({"skills": ["python"], "state": "filled", "filled_at": world.clock.now()} | gig)
    )
    me = await world.member(who)
    async with world.store.write() as session:
        await session.execute(update(Member).where(Member.id == me).values(stage=stage))
        await session.execute(update(Person).where(Person.id == who.person_id).values(zone=zone))
        row = Interest(gig_id=gig_id, member_id=me, pitch="…", state="accepted", created_at=world.clock.now())
        session.add(row)
        await session.flush()
        return row.id


async def looks(world: Around, skill: str = "python", **of: str) -> tuple[Rate, ...]:
    return (await world.gigs.rates.look(CLEO, skill, **of)).rates


async def typical(world: Around, *skills: str, currency: str = "EUR") -> tuple[int, int] | None:
    async with world.store.read() as session:
        return await world.gigs.rates.typical(session, 1, skills, currency, "hour")


async def answers(world: Around) -> list[RateAnswer]:
    async with world.store.read() as session:
        return list(await session.scalars(select(RateAnswer).order_by(RateAnswer.id)))


async def test_filled_gigs_tell_from_five_people_on(world: Around) -> None:
    for number in range(4):
        await worked(world, person(number))
    assert await looks(world) == ()
    await worked(world, person(4))
    assert await looks(world) == (Rate("EUR", "hour", 100, 150, 5),)
    assert await looks(world, "sql") == ()


async def test_only_who_did_the_work_counts_and_once(world: Around) -> None:
    for number in range(4):
        await worked(world, person(number))
    await worked(world, person(3), low=900_000, high=900_000)
    await worked(world, person(4), state="live", filled_at=None)
    await worked(world, person(5), filled_at=world.clock.now() - 2 * YEAR - timedelta(days=2))
    for number, denied in enumerate(({"hired": False}, {"paid": False}), 6):
        pitch = await worked(world, person(number))
        async with world.store.write() as session:
            session.add(GigOutcome(interest_id=pitch, side="worker", asked_at=world.clock.now(), **denied))
    declined = await worked(world, person(8))
    async with world.store.write() as session:
        (await session.get_one(Interest, declined)).state = "declined"
    assert await looks(world) == ()
    await worked(world, person(9))
    assert len(await looks(world)) == 1


async def test_stage_and_region_are_those_of_whoever_did_it_and_widening_says_so(world: Around) -> None:
    for number in range(5):
        await worked(world, person(number), zone="America/Bogota")
    for number in range(5, 9):
        await worked(world, person(number), low=2000, high=2000)
    (south,) = await looks(world, stage="booked", region="south-america")
    assert (south.low, south.stage, south.region) == (100, "booked", "south-america")
    (wider,) = await looks(world, stage="booked", region="europe")
    assert (wider.low, wider.stage, wider.region) == (20, "booked", "")
    (widest,) = await looks(world, stage="starting", region="europe")
    assert (widest.stage, widest.region) == ("", "")


async def test_an_answer_is_kept_without_a_name_as_a_coarse_band(world: Around) -> None:
    kept = await world.gigs.rates.tell(BEN, "Python", "85 to 95 €/h", "booked", "europe")
    assert (kept.low, kept.high, kept.currency, kept.per) == (75, 100, "EUR", "hour")
    (row,) = await answers(world)
    stored = {column.name: getattr(row, column.name) for column in RateAnswer.__table__.columns}
    assert stored == {
        "id": row.id, "community_id": 1, "skill": "python", "stage": "booked", "region": "europe",
        "currency": "EUR", "per": "hour", "band": 75, "month": "2026-01",
    }  # fmt: skip


async def test_the_same_member_adds_a_skill_once_a_month(world: Around) -> None:
    await world.gigs.rates.tell(BEN, "python", "80 €/h")
    for typed in ("80 €/h", "500 €/day"):
        with pytest.raises(KithError, match="gig_rate_again"):
            await world.gigs.rates.tell(BEN, "python", typed)
    await world.gigs.rates.tell(BEN, "sql", "80 €/h")
    await world.gigs.rates.tell(CLEO, "python", "80 €/h")
    await world.clock.advance(timedelta(days=30))
    await world.gigs.rates.tell(BEN, "python", "80 €/h")
    assert len(await answers(world)) == 4


async def test_what_cannot_be_read_is_asked_again_and_does_not_use_the_month_up(world: Around) -> None:
    for skill, typed, refusal in (
        ("python", "a lot", "gig_rate_amount"),
        ("knitting", "80 €/h", "gig_skill_unknown"),
    ):
        with pytest.raises(KithError, match=refusal):
            await world.gigs.rates.tell(BEN, skill, typed)
    me = await world.member(BEN)
    for barred, expected in ((world.clock.now(), 0), (None, 1)):
        async with world.store.write() as session:
            await session.execute(update(Member).where(Member.id == me).values(barred_at=barred))
        if barred:
            for use in (world.gigs.rates.look(BEN, "python"), world.gigs.rates.suggested(BEN, "python")):
                with pytest.raises(KithError, match="barred"):
                    await use
            with pytest.raises(KithError, match="barred"):
                await world.gigs.rates.tell(BEN, "python", "80 €/h")
        else:
            await world.gigs.rates.tell(BEN, "python", "80 €/h", "no such stage", "atlantis")
        assert len(await answers(world)) == expected
    assert [(row.stage, row.region) for row in await answers(world)] == [("", "")]


async def test_answers_and_gigs_count_together_and_communities_do_not(world: Around) -> None:
    for number in range(3):
        await worked(world, person(number))
    await world.gigs.rates.tell(BEN, "python", "90 €/h")
    elsewhere = Who(2, "Elsewhere", 31, "Dan")
    await world.gigs.rates.tell(elsewhere, "python", "90 €/h")
    assert await looks(world) == ()
    await world.gigs.rates.tell(CLEO, "python", "90 €/h")
    assert [rate.count for rate in await looks(world)] == [5]
    await world.clock.advance(3 * YEAR)
    assert await looks(world) == ()


async def test_a_form_begins_with_the_profile(world: Around) -> None:
    await worked(world, BEN, stage="scaling", zone="Asia/Kolkata")
    found = await world.gigs.rates.suggested(BEN, "Pyton")
    assert (found.skill, found.stage, found.region) == ("python", "scaling", "asia")
    nobody = await world.gigs.rates.suggested(person(9), "sql")
    assert (nobody.stage, nobody.region) == ("", "")


async def test_typical_compares_like_with_like(world: Around) -> None:
    for number in range(4):
        await worked(world, person(number))
    await worked(world, person(4), skills=["sql"])
    assert await typical(world, "python") is None
    assert await typical(world, "python", "sql") == (10_000, 15_000)
    assert await typical(world) == (10_000, 15_000)
    assert await typical(world, "python", "sql", currency="USD") is None


async def test_a_poster_below_it_is_told_and_not_stopped(world: Around) -> None:
    for number in range(5):
        await worked(world, person(number))

    async def preview(budget: str, title: str) -> tuple[int, int] | None:
        words = f"Please build a {title}: a day-ahead model in Python for an energy retailer, with tests."
        made = await world.gigs.posting.draft(BEN, Draft("hire", f"Need a {title}", words, budget))
        added = await world.gigs.posting.add(BEN.person_id, made.gig.id, Details(skills="Python"))
        assert added.verdict == "live"
        return added.typical

    assert await preview("40–60 €/h", "forecast") == (10_000, 15_000)
    assert await preview("90–120 €/h", "dashboard") is None
    assert await preview("40–60 $/h", "pipeline") is None
    async with world.store.read() as session:
        assert await session.scalar(select(Gig.id).where(Gig.state == "held")) is None
