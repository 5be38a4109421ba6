"""The panel is posted once where the community wants it, and remembered where it stands."""

import pytest
from sqlalchemy import select

from bot.community.service import CommunityService, Setup, SetupEdit
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow, said
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, CommunityNiche

MIA = Who(1, "Data Collective", 10, "Mia")
HERE, THERE = 70, 71


@pytest.fixture
def community(store: Store, clock: TurnedClock) -> CommunityService:
    return CommunityService(store, clock, PeopleService(store, clock), outbox=Outbox(store, clock))


async def started(community: CommunityService, panel: int | None = HERE) -> Setup:
    await community.configure(MIA, SetupEdit(lobby=5, panel=panel))
    return await community.start(MIA)


async def rows(store: Store) -> list[OutboxRow]:
    async with store.read() as session:
        return list((await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all())


async def told(store: Store) -> list[tuple[str, int, str]]:
    return [(row.kind, row.recipient, row.state) for row in await rows(store)]


async def deliver(community: CommunityService, row_id: int, message_id: int) -> None:
    """Do what the courier does once the message stands."""
    async with community.store.write() as session:
        row = await session.get_one(OutboxRow, row_id)
        row.state, row.channel_id, row.message_id = "done", row.recipient, message_id
        await session.flush()
        await community.delivered()["start.panel"](session, said(row))


async def stands(store: Store) -> tuple[int | None, int | None]:
    async with store.read() as session:
        row = await session.get_one(Community, MIA.community_id)
        return row.panel_channel_id, row.panel_message_id


async def test_the_panel_waits_for_start_and_is_posted_once(
    community: CommunityService, store: Store
) -> None:
    await community.configure(MIA, SetupEdit(lobby=5, panel=HERE))
    assert await told(store) == []
    await community.start(MIA)
    await community.start(MIA)
    await community.configure(MIA, SetupEdit(panel=HERE, hour=9))
    assert await told(store) == [("start.panel", HERE, "waiting")]
    assert (await rows(store))[0].target == "channel"
    await deliver(community, (await rows(store))[0].id, 901)
    assert await stands(store) == (HERE, 901)


async def test_a_community_without_a_panel_starts_all_the_same(
    community: CommunityService, store: Store
) -> None:
    setup = await started(community, panel=None)
    assert setup.community.started
    assert "panel" in setup.missing
    assert await told(store) == []
    with pytest.raises(KithError, match="panel_unset"):
        await community.post_panel(MIA)


async def test_a_new_channel_gets_the_panel_and_the_old_one_points_there(
    community: CommunityService, store: Store
) -> None:
    await started(community)
    await deliver(community, (await rows(store))[0].id, 901)
    await community.configure(MIA, SetupEdit(panel=THERE))
    _first, new, moved = await rows(store)
    assert (new.kind, new.recipient) == ("start.panel", THERE)
    assert (moved.kind, moved.target, moved.channel_id, moved.message_id) == (
        "start.moved",
        "edit",
        HERE,
        901,
    )
    assert await stands(store) == (THERE, None)
    await deliver(community, new.id, 902)
    assert await stands(store) == (THERE, 902)
    await community.configure(MIA, SetupEdit(panel=HERE))
    assert [row.recipient for row in await rows(store) if row.kind == "start.panel"] == [HERE, THERE, HERE]


async def test_a_panel_that_came_too_late_points_to_the_new_channel(
    community: CommunityService, store: Store
) -> None:
    await started(community)
    await community.configure(MIA, SetupEdit(panel=THERE))
    late, new = await rows(store)
    await deliver(community, new.id, 902)
    await deliver(community, late.id, 901)
    assert await stands(store) == (THERE, 902)
    moved = [row for row in await rows(store) if row.kind == "start.moved"]
    assert [(row.channel_id, row.message_id) for row in moved] == [(HERE, 901)]


async def test_the_panel_is_posted_again_and_only_the_newest_counts(
    community: CommunityService, store: Store
) -> None:
    await started(community)
    assert not (await community.post_panel(MIA)).changed  # the first is still on its way
    await deliver(community, (await rows(store))[0].id, 901)
    assert (await community.post_panel(MIA)).changed
    assert not (await community.post_panel(MIA)).changed
    await deliver(community, (await rows(store))[-1].id, 902)
    assert await stands(store) == (HERE, 902)
    moved = [row for row in await rows(store) if row.kind == "start.moved"]
    assert [row.message_id for row in moved] == [901]


async def test_pressing_again_tries_at_once_what_waits_for_a_permission(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    await started(community)
    async with store.write() as session:
        row = (await session.scalars(select(OutboxRow))).one()
        row.due_at = clock.now().replace(year=2027)
    assert not (await community.post_panel(MIA)).changed
    assert (await rows(store))[0].due_at == clock.now()


async def test_before_start_nothing_can_be_posted(community: CommunityService, store: Store) -> None:
    await community.configure(MIA, SetupEdit(lobby=5, panel=HERE))
    with pytest.raises(KithError, match="panel_not_started"):
        await community.post_panel(MIA)
    assert await told(store) == []


async def test_only_roles_of_this_communitys_niches_are_checked(
    community: CommunityService, store: Store
) -> None:
    await community.state(MIA)
    await community.state(Who(2, "Elsewhere", 10, "Mia"))
    async with store.write() as session:
        for where, slug, role in ((1, "energy", 33), (1, "ocr", None), (2, "energy", 44)):
            session.add(
                CommunityNiche(community_id=where, slug=slug, name=slug, axis="industry", role_id=role)
            )
    assert await community.niche_roles(1) == (33,)


async def test_known_elsewhere_means_another_community(community: CommunityService) -> None:
    assert not await community.knows_elsewhere(MIA)
    await community.people.mine(MIA)
    assert not await community.knows_elsewhere(MIA)
    await community.people.mine(Who(2, "Elsewhere", 10, "Mia"))
    assert await community.knows_elsewhere(MIA)
