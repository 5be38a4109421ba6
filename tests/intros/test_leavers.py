"""Members not seen for long are looked up before a round; who left the server makes room for others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.agenda import AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.store import Store
from bot.intros import leavers
from bot.intros.leavers import Leavers
from bot.intros.tables import Seat
from bot.people.tables import Community, Consent
from sandbox.actors import Member
from tests.conversations.helpers import having, pass_time, restarted, turn_to
from tests.intros.rounds_world import DAY, HOUR, Rounds
from tests.intros.test_rounds_conversation import members
from tests.intros.test_service import FIRST_ROUND, WEEK, who
from tests.stage import Stage

THIRD = FIRST_ROUND + 2 * WEEK
"""Everybody joined on the day before the first round: by the third nobody was seen for 14 days."""
LOOKUP = THIRD - 6 * HOUR
MINUTE = timedelta(minutes=1)


class World(Rounds):
    """A community with a server that some have left, as the edge would find it."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        super().__init__(store, clock)
        self.leavers = Leavers(self.intros)
        self.left: set[int] = set()
        self.asked: list[int] = []
        self.again_in: timedelta | None = timedelta(0)
        self.agenda.register({"round.lookup": self.look})

    async def look(self, work: Work) -> None:
        lookup = await self.leavers.unseen(work)
        if lookup is None:
            return
        self.asked += [person for _member, person in lookup.wanted]
        gone = [member for member, person in lookup.wanted if person in self.left]
        await self.leavers.looked(work, lookup, len(lookup.wanted), gone, self.again_in)

    async def set_seats(self, number: int, **values: object) -> None:
        member = await self.member(number)
        async with self.store.write() as session:
            await session.execute(update(Seat).where(Seat.member_id == member).values(**values))

    async def partner(self, number: int) -> int:
        """Whom a member meets by the last round."""
        (found,) = [pair - {number} for pair in (await self.pairs())[-2:] if number in pair]
        (other,) = found
        return other


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    world = World(store, clock)
    await world.begin()
    return world


async def unseen(world: World, *numbers: int) -> None:
    """Members who joined before the first round, on the eve of the third."""
    await world.enrol(*numbers)
    for moment in (FIRST_ROUND, FIRST_ROUND + WEEK):
        await world.turn(moment)
        await world.arrive()


async def test_who_left_leaves_quietly_and_their_partner_meets_another(world: World) -> None:
    await unseen(world, 1, 2, 3, 4)
    partner = await world.partner(2)
    said = len([row for row in await world.messages("intro.card") if row.recipient == 2])
    world.left = {2}
    await world.turn(LOOKUP - MINUTE)
    assert world.asked == []
    await world.turn(LOOKUP)
    assert sorted(world.asked) == [1, 2, 3, 4]
    assert (await world.enrolment(2)).state == "off"
    told = await world.told("intro.ended")
    assert partner in told
    assert 2 not in told
    assert (await world.enrolment(partner)).waited == 1
    await world.turn(THIRD)
    assert any(partner in pair for pair in (await world.pairs())[4:])
    assert not any(2 in pair for pair in (await world.pairs())[4:])
    assert said == len([row for row in await world.messages("intro.card") if row.recipient == 2])
    async with world.store.read() as session:
        assert not await world.people.has_consent(session, await world.member(2), "introductions")


@pytest.mark.parametrize("sign", ["moved_at", "answered_at", "joined_at", "granted_at"])
async def test_who_was_seen_lately_is_not_looked_up(world: World, sign: str) -> None:
    await unseen(world, 1, 2)
    at = LOOKUP - 14 * DAY + MINUTE
    if sign == "joined_at":
        await world.set_enrolment(1, joined_at=at)
    elif sign == "granted_at":
        member = await world.member(1)
        async with world.store.write() as session:
            await session.execute(update(Consent).where(Consent.member_id == member).values(granted_at=at))
    else:
        await world.set_seats(1, **{sign: at})
    await world.turn(LOOKUP)
    assert world.asked == [2]


async def test_only_those_in_the_round_are_looked_up(world: World) -> None:
    await unseen(world, 1, 2, 3, 4)
    await world.set_enrolment(1, silent=3)
    await world.set_enrolment(2, skips=3)
    await world.set_enrolment(3, state="paused")
    await world.turn(LOOKUP)
    assert world.asked == [4]


async def test_the_longest_unseen_come_first_and_only_so_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leavers, "PORTION", 2)
    monkeypatch.setattr(leavers, "MOST", 5)
    await unseen(world, 1, 2, 3, 4, 5, 6, 7)
    for hours, number in enumerate((4, 2, 7, 1, 6, 3), start=1):
        member = await world.member(number)
        at = FIRST_ROUND - 8 * DAY + hours * HOUR
        await world.set_enrolment(number, joined_at=at)
        async with world.store.write() as session:
            await session.execute(update(Consent).where(Consent.member_id == member).values(granted_at=at))
    world.left = {4, 7}
    await world.turn(LOOKUP)
    assert world.asked == [4, 2, 7, 1, 6]
    assert [(await world.enrolment(number)).state for number in (4, 7, 2)] == ["off", "off", "on"]


async def test_where_the_server_does_not_answer_the_rest_is_let_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leavers, "PORTION", 1)
    world.again_in = None
    await unseen(world, 1, 2)
    await world.turn(LOOKUP)
    assert world.asked == [1]


@pytest.mark.parametrize("values", [{"paused": True}, {"left_at": FIRST_ROUND}, {"started": False}])
async def test_nobody_is_looked_up_where_nothing_is_said(world: World, values: dict[str, Any]) -> None:
    await unseen(world, 1, 2)
    async with world.store.write() as session:
        await session.execute(update(Community).values(**values))
    await world.turn(LOOKUP)
    assert world.asked == []


async def test_a_round_that_moves_takes_its_lookup_along(world: World) -> None:
    await unseen(world, 1, 2)
    await world.rounds.moderating.add_holidays(who(1), "20 Jan", None)
    await world.turn(LOOKUP)
    assert world.asked == []
    due_at = (await world.round(3)).due_at
    assert due_at > THIRD
    await world.turn(due_at - 6 * HOUR)
    assert sorted(world.asked) == [1, 2]


async def test_a_lookup_that_comes_after_its_round_is_skipped(world: World) -> None:
    await unseen(world, 1, 2)
    async with world.store.write() as session:
        lookup = AgendaRow.key.startswith("round.lookup") & (AgendaRow.state == "waiting")
        await session.execute(update(AgendaRow).where(lookup).values(due_at=THIRD + HOUR))
    await world.turn(THIRD + HOUR)
    assert world.asked == []


async def test_who_came_back_while_discord_was_asked_stays(world: World) -> None:
    await unseen(world, 1, 2)
    works: list[Work] = []

    async def hold(work: Work) -> None:
        works.append(work)

    world.agenda.register({"round.lookup": hold})
    await world.turn(LOOKUP)
    lookup = await world.leavers.unseen(works[0])
    assert lookup is not None
    await world.set_enrolment(1, joined_at=LOOKUP)
    async with world.store.write() as session:
        query = update(AgendaRow).where(AgendaRow.id == works[0].id)
        await session.execute(query.values(state="waiting", owner=works[0].owner))
    await world.leavers.looked(works[0], lookup, 2, [member for member, _person in lookup.wanted], None)
    assert (await world.enrolment(1)).state == "on"
    assert (await world.enrolment(2)).state == "off"


# --- over the wire ---------------------------------------------------------------------------------


@asynccontextmanager
async def on_the_eve(url: str, *names: str) -> AsyncIterator[tuple[Stage, list[Member]]]:
    """Two rounds are over, and nobody did anything about them."""
    async with members(url, *names) as (stage, people):
        await turn_to(stage, FIRST_ROUND)
        await turn_to(stage, FIRST_ROUND + WEEK)
        await turn_to(stage, THIRD - DAY)
        yield stage, people


def looked_up(stage: Stage) -> list[int]:
    """Who was looked up, in that order."""
    parts = [one.path.split("/") for one in stage.discord.requests if one.method == "GET"]
    return [int(path[-1]) for path in parts if path[-2:-1] == ["members"] and path[-1].isdigit()]


async def enrolled(stage: Stage, member: Member) -> bool:
    async with stage.app.store.read() as session:
        found = await stage.app.people.find(session, stage.guild.id, member.id)
        assert found is not None
        return await stage.app.people.has_consent(session, found.id, "introductions")


async def test_a_partner_who_left_the_server_is_replaced(database_url: str) -> None:
    async with on_the_eve(database_url, "Ana", "Ben", "Cleo", "Dan") as (stage, people):
        ben = people[1]
        partner = next(one for one in people if having(one.inbox[2:], "Meet Ben"))
        before = len(ben.inbox)
        ben.leave()
        await turn_to(stage, LOOKUP)
        assert looked_up(stage) == [one.id for one in people]
        assert len(having(partner.inbox, "This introduction has ended")) == 1
        await turn_to(stage, THIRD)
        card = partner.inbox[-1]
        assert "Meet " in card.text
        assert "Ben" not in card.text
        assert len(ben.inbox) == before
        assert not await enrolled(stage, ben)


async def test_lookups_are_two_a_second(sqlite_url: str) -> None:
    async with on_the_eve(sqlite_url, "Ana", "Ben", "Cleo", "Dan") as (stage, people):
        await turn_to(stage, LOOKUP)
        at = [one.at for one in stage.discord.requests if f"/members/{people[0].id}" in one.path]
        last = [one.at for one in stage.discord.requests if f"/members/{people[3].id}" in one.path]
        assert last[-1] - at[-1] > timedelta(seconds=1.4)


OUTAGES: list[dict[str, Any]] = [{"status": 503}, {"drop": "before", "times": 5}]


@pytest.mark.parametrize("fault", OUTAGES)
async def test_an_outage_removes_nobody_and_the_rest_is_looked_up_later(
    sqlite_url: str, fault: dict[str, Any]
) -> None:
    async with on_the_eve(sqlite_url, "Ana", "Ben") as (stage, (ana, ben)):
        ben.leave()
        stage.discord.faults.add(method="GET", path=rf"/members/{ana.id}$", **fault)
        await turn_to(stage, LOOKUP)
        assert set(looked_up(stage)) <= {ana.id}
        assert await enrolled(stage, ben)
        await pass_time(stage, 5 * MINUTE)
        assert looked_up(stage)[-1] == ben.id
        assert not await enrolled(stage, ben)
        assert await enrolled(stage, ana)


async def test_an_answer_that_says_nothing_removes_nobody(sqlite_url: str) -> None:
    async with on_the_eve(sqlite_url, "Ana", "Ben") as (stage, (ana, ben)):
        ben.leave()
        stage.discord.faults.add(method="GET", path=rf"/members/{ana.id}$", status=404, code=10013)
        await turn_to(stage, LOOKUP)
        assert await enrolled(stage, ana)
        assert not await enrolled(stage, ben)


@pytest.mark.parametrize("refusal", [(403, 50001), (404, 10004)])
async def test_a_server_that_cannot_be_seen_ends_the_looking(
    sqlite_url: str, refusal: tuple[int, int]
) -> None:
    async with on_the_eve(sqlite_url, "Ana", "Ben") as (stage, (ana, ben)):
        ben.leave()
        status, code = refusal
        stage.discord.faults.add(method="GET", path=rf"/members/{ana.id}$", status=status, code=code)
        await turn_to(stage, LOOKUP)
        await pass_time(stage, 10 * MINUTE)
        assert looked_up(stage) == [ana.id]
        assert await enrolled(stage, ana)
        assert await enrolled(stage, ben)


async def test_a_restart_in_the_middle_looks_again_and_tells_once(database_url: str) -> None:
    async with on_the_eve(database_url, "Ana", "Ben", "Cleo", "Dan") as (stage, people):
        ana, dan = people[0], people[3]
        ana.leave()
        partner = next(one for one in people if having(one.inbox[2:], "Meet Ana"))
        slow = stage.discord.faults.add(method="GET", path=rf"/members/{dan.id}$", delay=5.0)
        await stage.clock.turn_to(LOOKUP)
        looking = asyncio.create_task(stage.app.settled())
        while not slow.hits:  # noqa: ASYNC110 - the loopback Discord counts, and tells nobody
            await asyncio.sleep(0.02)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert await enrolled(stage, ana)
        async with restarted(stage):
            await pass_time(stage, MINUTE)
            assert looked_up(stage).count(ana.id) == 2
            assert looked_up(stage)[-1] == dan.id
            assert not await enrolled(stage, ana)
            assert len(having(partner.inbox, "This introduction has ended")) == 1
