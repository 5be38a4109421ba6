"""Use cases of moderators."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.service import CommunityService, LastRound, RoundsSeen, SetupEdit
from bot.community.views import NOTHING
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import PeopleService, Who

MIA = Who(1, "Data Collective", 10, "Mia")


class Hooks:
    """Remembers what was called, and fails when told to."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.changed: list[int] = []
        self.fail = False
        self.seen = RoundsSeen()

    async def start(self, _session: AsyncSession, community_id: int) -> None:
        if self.fail:
            raise RuntimeError("planned failure")
        self.started.append(community_id)

    async def change(self, _session: AsyncSession, community_id: int) -> None:
        self.changed.append(community_id)

    async def rounds(self, _session: AsyncSession, _community_id: int) -> RoundsSeen:
        return self.seen


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def community(store: Store, clock: TurnedClock, hooks: Hooks) -> CommunityService:
    people = PeopleService(store, clock)
    return CommunityService(
        store,
        clock,
        people,
        outbox=Outbox(store, clock),
        on_start=[hooks.start],
        on_change=[hooks.change],
        told=replace(NOTHING, rounds=hooks.rounds),
    )


async def test_arrived_greets_once(community: CommunityService, store: Store) -> None:
    assert not await community.knows(1)
    assert await community.arrived(1, "Data Collective", 77)
    assert not await community.arrived(1, "Data Collective", 77)
    assert await community.knows(1)
    async with store.read() as session:
        rows = (await session.scalars(select(OutboxRow))).all()
    assert [(row.kind, row.recipient, row.target) for row in rows] == [("community.hello", 77, "channel")]


async def test_arrived_where_nothing_can_be_written_says_nothing(
    community: CommunityService, store: Store
) -> None:
    assert await community.arrived(1, "Data Collective", None)
    async with store.read() as session:
        assert (await session.scalars(select(OutboxRow))).all() == []


async def test_configure_can_be_done_step_by_step(community: CommunityService) -> None:
    await community.configure(MIA, SetupEdit(city="lviv"))
    await community.configure(MIA, SetupEdit(lobby=5, weekday=0))
    setup = await community.configure(MIA, SetupEdit(hour=18))
    seen = setup.community
    assert (seen.zone, seen.lobby_channel_id) == ("Europe/Kyiv", 5)
    assert (seen.round_weekday, seen.round_hour) == (0, 18)
    assert setup.missing == ("gigs", "moderators", "panel")
    assert setup.ready
    assert setup.next_round.hour == 16  # 18:00 in Lviv in winter


@pytest.mark.parametrize(
    "edit", [SetupEdit("atlantis", 9), SetupEdit(None, 9, hour=24), SetupEdit(None, 9, weekday=7)]
)
async def test_a_refused_setting_changes_nothing(community: CommunityService, edit: SetupEdit) -> None:
    with pytest.raises(KithError):
        await community.configure(MIA, edit)
    assert (await community.state(MIA)).community.lobby_channel_id is None


async def test_start_needs_the_lobby_and_calls_the_hooks_once(
    community: CommunityService, hooks: Hooks
) -> None:
    with pytest.raises(KithError, match="setup_incomplete"):
        await community.start(MIA)
    await community.configure(MIA, SetupEdit(lobby=5))
    assert (await community.start(MIA)).community.started
    assert not (await community.start(MIA)).changed
    assert hooks.started == [1]


async def test_a_start_whose_hook_fails_has_not_started(community: CommunityService, hooks: Hooks) -> None:
    await community.configure(MIA, SetupEdit(lobby=5))
    hooks.fail = True
    with pytest.raises(RuntimeError):
        await community.start(MIA)
    assert not (await community.state(MIA)).community.started


async def test_a_new_hour_is_told_to_the_features_only_once_started(
    community: CommunityService, hooks: Hooks
) -> None:
    await community.configure(MIA, SetupEdit(lobby=5, hour=9))
    await community.start(MIA)
    await community.configure(MIA, SetupEdit(gigs=6, hour=9))
    assert hooks.changed == []
    await community.configure(MIA, SetupEdit(hour=11))
    assert hooks.changed == [1]


async def test_pause_and_resume_say_when_nothing_changed(community: CommunityService) -> None:
    assert (await community.pause(MIA)).community.paused
    assert not (await community.pause(MIA)).changed
    assert not (await community.resume(MIA)).community.paused
    assert not (await community.resume(MIA)).changed


async def test_the_kind_of_the_gig_board_is_kept(community: CommunityService) -> None:
    setup = await community.configure(MIA, SetupEdit(gigs=6, gigs_kind="text"))
    assert setup.community.gig_channel_kind == "text"
    with pytest.raises(ValueError, match="voice"):
        await community.configure(MIA, SetupEdit(gigs=6, gigs_kind="voice"))


async def test_the_round_that_is_planned_is_named_and_before_there_is_one_the_next_day_and_hour(
    community: CommunityService, hooks: Hooks
) -> None:
    setup = await community.configure(MIA, SetupEdit(lobby=5))
    assert setup.next_round == datetime(2026, 1, 6, 10, tzinfo=UTC)
    assert (setup.round_waits, setup.last_round) == (False, None)
    planned = datetime(2026, 2, 3, 10, tzinfo=UTC)
    hooks.seen = RoundsSeen(planned, waits=True, last=LastRound(planned, 9, 8, 1))
    for setup in (await community.start(MIA), await community.state(MIA), await community.pause(MIA)):
        assert (setup.next_round, setup.round_waits) == (planned, True)
        assert setup.last_round == LastRound(planned, 9, 8, 1)
