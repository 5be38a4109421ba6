"""Whom members would be glad to see again, and whom not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.core.clock import TurnedClock
from bot.core.store import Store
from bot.intros.company import apart, went_well
from bot.intros.tables import Introduction, Seat
from bot.intros.ties import ask_apart
from bot.people.service import PeopleService, Who


async def members(store: Store, clock: TurnedClock, count: int) -> list[int]:
    people = PeopleService(store, clock)
    async with store.write() as session:
        return [
            (await people.known(session, Who(10, "Data Collective", number, f"Person {number}"))).id
            for number in range(1, count + 1)
        ]


async def introduced(store: Store, clock: TurnedClock, *seats: tuple[int, str | None]) -> None:
    async with store.write() as session:
        row = Introduction(community_id=10, form="text", reasons=[], created_at=clock.now())
        session.add(row)
        await session.flush()
        for member_id, outcome in seats:
            session.add(Seat(introduction_id=row.id, member_id=member_id, state="told", outcome=outcome))


@pytest.mark.parametrize(
    ("outcomes", "well"),
    [
        (("met", None), True),
        (("met", "met"), True),
        ((None, "met"), True),
        (("met", "not_a_fit"), False),
        (("not_yet", "did_not_happen"), False),
        ((None, None), False),
    ],
)
async def test_it_went_well_when_one_says_met_and_nobody_the_contrary(
    store: Store, clock: TurnedClock, outcomes: Sequence[str | None], well: bool
) -> None:
    one, other, third = await members(store, clock, 3)
    await introduced(store, clock, (other, outcomes[0]), (one, outcomes[1]))
    async with store.read() as session:
        assert await went_well(session, [one, other, third]) == ({(one, other)} if well else set())
        assert await went_well(session, [one, third]) == set()
        assert await went_well(session, []) == set()


async def test_apart_are_those_of_whom_one_asked(store: Store, clock: TurnedClock) -> None:
    one, other, third = await members(store, clock, 3)
    async with store.write() as session:
        await ask_apart(session, other, one)
    async with store.read() as session:
        assert await apart(session, [one, other, third]) == {(one, other)}
        assert await apart(session, [one, third]) == set()
