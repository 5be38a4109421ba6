"""What stands on the board: renewed, expired, lost, put back, and its poster gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs.tables import Gig
from bot.people.tables import Community, Member
from tests.gigs.board_world import ANA, BEN, BOARD, HERE, BoardWorld

TWO_WEEKS, A_MINUTE, AN_HOUR = timedelta(days=14), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def test_a_word_two_days_before_the_end_and_once_for_every_two_weeks(world: BoardWorld) -> None:
    gig = await world.posted()
    await world.work(timedelta(days=12, minutes=-1))
    assert await world.told("gig.ending") == []
    await world.work(A_MINUTE)
    assert await world.told("gig.ending") == [ANA.person_id]
    assert ("gig.look", gig) in world.looks
    assert (await world.board.renew(ANA.person_id, gig)).changed
    await world.work(TWO_WEEKS - timedelta(days=2))
    assert await world.told("gig.ending") == [ANA.person_id] * 2


async def test_renewing_moves_the_end_once_however_often_it_is_pressed(world: BoardWorld) -> None:
    gig = await world.posted()
    early = await world.board.renew(ANA.person_id, gig)
    assert (early.changed, early.gig.renewals) == (False, 0)
    await world.work(timedelta(days=10))
    first = await world.board.renew(ANA.person_id, gig)
    second = await world.board.renew(ANA.person_id, gig)
    assert (first.changed, second.changed, second.gig.renewals) == (True, False, 1)
    assert second.gig.expires_at == world.clock.now() + TWO_WEEKS
    await world.work(timedelta(days=5))
    assert (await world.view(gig)).state == "live"
    await world.work(timedelta(days=9))
    assert (await world.view(gig)).state == "expired"


async def test_an_expired_gig_comes_back_where_it_was_and_expires_again(world: BoardWorld) -> None:
    gig = await world.posted()
    before = await world.view(gig)
    for times in (1, 2):
        await world.work(TWO_WEEKS)
        assert (await world.view(gig)).state == "expired"
        assert await world.told("gig.expired") == [ANA.person_id] * times
        await world.deliver()
        assert (await world.board.renew(ANA.person_id, gig)).changed
        view = await world.view(gig)
        assert (view.state, view.message_id) == ("live", before.message_id)
        edits = [row for row in await world.deliver() if row.kind == "gig.post"]
        assert [(row.target, row.message_id) for row in edits] == [("edit", before.message_id)]


async def test_what_ended_long_ago_or_was_closed_is_not_renewed(world: BoardWorld) -> None:
    old, filled = await world.posted(), await world.posted()
    await world.board.filled(ANA.person_id, filled)
    with pytest.raises(KithError, match="gig_closed"):
        await world.board.renew(ANA.person_id, filled)
    await world.work(TWO_WEEKS + timedelta(days=31))
    with pytest.raises(KithError, match="gig_renew_late"):
        await world.board.renew(ANA.person_id, old)


async def test_only_its_poster_renews_or_posts_again_and_no_barred_one(world: BoardWorld) -> None:
    gig = await world.posted()
    await world.work(timedelta(days=10))
    for act in (world.board.renew, world.board.post_again):
        with pytest.raises(KithError, match="not_yours"):
            await act(BEN.person_id, gig)
    async with world.store.write() as session:
        await session.execute(update(Member).values(barred_at=world.clock.now()))
    for act in (world.board.renew, world.board.post_again):
        with pytest.raises(KithError, match="barred"):
            await act(ANA.person_id, gig)


async def test_a_deleted_post_is_told_once_and_put_back_once(world: BoardWorld) -> None:
    gig = await world.posted()
    spot = await world.gigs.watch.spot(gig)
    assert spot is not None
    assert await world.gigs.watch.lost(spot)
    assert not await world.gigs.watch.lost(spot)
    assert await world.told("gig.lost") == [ANA.person_id]
    lost = await world.view(gig)
    assert (lost.state, lost.lost) == ("live", True)
    assert await world.gigs.watch.spot(gig) is None
    assert (await world.board.post_again(ANA.person_id, gig)).changed
    assert not (await world.board.post_again(ANA.person_id, gig)).changed
    assert len([row for row in await world.deliver() if row.kind == "gig.post"]) == 1
    back = await world.view(gig)
    assert (back.lost, back.board_id, back.message_id != spot.message_id) == (False, BOARD, True)


async def test_a_post_that_is_deleted_again_stays_down(world: BoardWorld) -> None:
    gig = await world.posted()
    for may in (True, False):
        spot = await world.gigs.watch.spot(gig)
        assert spot is not None
        await world.gigs.watch.lost(spot)
        assert await world.board.may_post_again(await world.view(gig)) is may
        if may:
            await world.board.post_again(ANA.person_id, gig)
            await world.deliver()
    with pytest.raises(KithError, match="gig_lost_again"):
        await world.board.post_again(ANA.person_id, gig)
    await world.work(TWO_WEEKS)
    with pytest.raises(KithError, match="gig_lost_again"):
        await world.board.renew(ANA.person_id, gig)


async def test_a_closed_gig_is_not_put_back(world: BoardWorld) -> None:
    gig = await world.posted()
    await world.board.filled(ANA.person_id, gig)
    with pytest.raises(KithError, match="gig_closed"):
        await world.board.post_again(ANA.person_id, gig)


async def test_a_post_that_discord_refused_is_told_and_one_that_waits_is_not(world: BoardWorld) -> None:
    waits = await world.post()
    await world.work(timedelta(minutes=11))
    assert await world.told("gig.lost") == []
    assert not (await world.view(waits)).lost
    await world.deliver(fail="gig.post")
    await world.work(AN_HOUR)
    assert await world.told("gig.lost") == [ANA.person_id]
    assert (await world.view(waits)).lost
    assert (await world.board.post_again(ANA.person_id, waits)).changed
    await world.deliver()
    await world.work(AN_HOUR)
    assert await world.told("gig.lost") == [ANA.person_id]
    assert not (await world.view(waits)).lost


async def test_without_a_board_nothing_is_put_back(world: BoardWorld) -> None:
    gig = await world.posted()
    spot = await world.gigs.watch.spot(gig)
    assert spot is not None
    await world.gigs.watch.lost(spot)
    async with world.store.write() as session:
        await session.execute(update(Community).values(gig_channel_id=None))
    with pytest.raises(KithError, match="gig_no_board"):
        await world.board.post_again(ANA.person_id, gig)
    assert (await world.view(gig)).lost


async def test_every_live_gig_and_every_poster_is_looked_at_once_a_day(world: BoardWorld) -> None:
    gigs = [await world.posted(who) for who in (ANA, ANA, BEN)]
    await world.board.withdraw(ANA.person_id, gigs[1])
    await world.work(AN_HOUR)
    world.looks.clear()
    for _day in range(3):
        await world.work(timedelta(days=1))
        await world.work(A_MINUTE)
        found = sorted(one for one in world.looks if one[0] != "gig.board")
        ana, ben = [await member_of(world, gig) for gig in (gigs[0], gigs[2])]
        assert found == [
            ("gig.look", gigs[0]), ("gig.look", gigs[2]), ("gig.poster", ana), ("gig.poster", ben),
        ]  # fmt: skip
        world.looks.clear()


async def test_a_large_board_is_looked_through_in_portions(
    world: BoardWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gigs.watch.AT_ONCE", 2)
    gigs = [await world.posted() for _each in range(5)]
    await world.work(AN_HOUR)
    world.looks.clear()
    await world.work(timedelta(days=1))
    for _portion in range(3):
        await world.work(A_MINUTE)
    assert sorted(gig for kind, gig in world.looks if kind == "gig.look") == gigs


async def test_who_left_the_server_has_nothing_on_the_board(world: BoardWorld) -> None:
    gig = await world.posted()
    member = await member_of(world, gig)
    assert await world.gigs.watch.poster(member) == (HERE, ANA.person_id)
    await world.gigs.pitches.send(BEN, gig, "I built three such models for grids.", "10", "now")
    await world.gigs.watch.poster_left(member)
    assert (await world.view(gig)).state == "withdrawn"
    assert await world.told("gig.closed") == [BEN.person_id]
    assert await world.gigs.watch.poster(member) is None


async def test_a_gig_filled_says_when_and_its_waiting_word_is_called_off(world: BoardWorld) -> None:
    gig = await world.posted()
    await world.board.filled(ANA.person_id, gig)
    async with world.store.read() as session:
        row = await session.get_one(Gig, gig)
        assert row.filled_at == world.clock.now()
    await world.work(timedelta(days=20))
    assert await world.told("gig.ending") == []
    assert await world.told("gig.expired") == []


async def test_mine_turns_pages_and_leaves_new_words_beside_a_gig_out(world: BoardWorld) -> None:
    gigs = [await world.posted() for _each in range(6)]
    await world.post(state="edit", publish=False)
    first = await world.board.mine_page(ANA)
    assert [gig.id for gig in first.gigs] == gigs[:0:-1]
    assert first.older == gigs[1]
    second = await world.board.mine_page(ANA, first.older)
    assert ([gig.id for gig in second.gigs], second.older) == (gigs[:1], None)
    assert (await world.board.mine_page(BEN)).gigs == ()


async def member_of(world: BoardWorld, gig_id: int) -> int:
    async with world.store.read() as session:
        return (await session.get_one(Gig, gig_id)).member_id


async def test_a_renewed_gig_no_longer_says_that_its_poster_is_new(world: BoardWorld) -> None:
    found = [
        {"rule": rule, "weight": 1, "sentence": rule, "quote": ""}
        for rule in ("urgent", "new_account", "new_member")
    ]
    gig = await world.posted(findings=found)
    await world.work(timedelta(days=10))
    renewed = await world.board.renew(ANA.person_id, gig)
    assert [finding.rule for finding in renewed.gig.findings] == ["urgent"]


async def test_a_page_of_ones_own_gigs_costs_as_many_queries_as_one_gig(world: BoardWorld) -> None:
    costs = []
    for number in range(4):
        await world.posted(
            title=f"Gig number {number}", description=f"{number} " * 30 + "in Python", niches=["energy"]
        )
        with statements() as asked:
            assert len(await world.board.mine(ANA)) == number + 1
        costs.append(len(asked))
    assert costs == [costs[0]] * 4


@contextmanager
def statements() -> Iterator[list[str]]:
    """Whatever the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
