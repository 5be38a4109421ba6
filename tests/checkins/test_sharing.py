"""What members show of their weeks: nothing until they choose, then what they chose last."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.checkins import sharing
from bot.core.clock import TurnedClock
from bot.core.store import Store
from tests.pods.world import HERE, World

FIRST, SECOND = datetime(2026, 1, 8, 9, tzinfo=UTC), datetime(2026, 1, 15, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def test_nothing_is_shown_until_it_is_chosen(world: World) -> None:
    member = await world.member(1)
    async with world.store.write() as session:
        assert not await sharing.choose(session, member, ["win"])
    await world.week(member, "2026-01-05", FIRST)
    async with world.store.write() as session:
        assert await sharing.choice(session, member) == ()
        assert await sharing.weeks(session, [member], FIRST - WEEK, FIRST) == {}
        assert await sharing.choose(session, member, ["win", "stuck"])
    async with world.store.read() as session:
        shown = (await sharing.weeks(session, [member], FIRST - WEEK, FIRST))[member]
        assert (shown.win, shown.stuck, shown.commitments) == ("A lead", "pricing", ())


async def test_the_choice_goes_on_until_it_is_changed_also_to_nothing(world: World) -> None:
    member = await world.member(1)
    first = await world.week(member, "2026-01-05", FIRST)
    async with world.store.write() as session:
        await sharing.choose(session, member, ["commitments"])
        await sharing.share_win(session, first)
    await world.week(member, "2026-01-12", SECOND)
    async with world.store.write() as session:
        assert list(await sharing.weeks(session, [member], SECOND - WEEK, SECOND)) == [member]
        win = await sharing.latest_win(session, member)
        assert win is not None
        assert not win.public  # each win is shown on purpose
        assert await sharing.choose(session, member, [])
        assert await sharing.choice(session, member) == ()
        assert await sharing.weeks(session, [member], SECOND - WEEK, SECOND) == {}
        assert list(await sharing.weeks(session, [member], FIRST - WEEK, FIRST)) == [member]


async def test_a_win_is_shared_once_and_taken_back_once(world: World) -> None:
    member = await world.member(1)
    week = await world.week(member, "2026-01-05", FIRST)
    bare = await world.week(await world.member(2), "2026-01-05", FIRST, win=None)
    async with world.store.write() as session:
        assert await sharing.share_win(session, week)
        assert not await sharing.share_win(session, week)
        assert not await sharing.share_win(session, bare)
        assert await sharing.has_shared(session, member)
        assert [win.text for win in await sharing.wins(session, HERE, FIRST - WEEK, FIRST)] == ["A lead"]
        await sharing.choose(session, member, ["stuck"])  # what the pod sees is another question
        assert len(await sharing.wins(session, HERE, FIRST - WEEK, FIRST)) == 1
        assert await sharing.share_win(session, week, public=False)
        assert await sharing.wins(session, HERE, FIRST - WEEK, FIRST) == []


async def test_counts_are_of_one_community_and_one_week(world: World) -> None:
    member, other = await world.member(1), await world.member(2)
    await world.week(member, "2026-01-05", FIRST, outcome="done")
    await world.week(other, "2026-01-05", FIRST, outcome="partly")
    await world.week(member, "2026-01-12", SECOND)
    async with world.store.read() as session:
        counts = await sharing.counts(session, HERE, SECOND - WEEK, SECOND)
        assert (counts.written, counts.written_before, counts.done) == (1, 2, 1)
        nowhere = await sharing.counts(session, HERE + 1, SECOND - WEEK, SECOND)
        assert (nowhere.written, nowhere.written_before, nowhere.done) == (0, 0, 0)


async def test_what_was_chosen_for_one_pod_is_hidden_from_the_next_and_public_wins_stay(world: World) -> None:
    member = await world.member(1)
    first = await world.week(member, "2026-01-05", FIRST, shared=["commitments"])
    second = await world.week(member, "2026-01-12", SECOND, shared=["win", sharing.PUBLIC])
    async with world.store.write() as session:
        await sharing.hide(session, member)
    async with world.store.read() as session:
        assert await sharing.choice(session, member) == ()
        assert await sharing.weeks(session, [member], FIRST - WEEK, SECOND) == {}
        seen = [await sharing.win_of(session, one) for one in (first, second)]
        assert [win.public for win in seen if win] == [False, True]
