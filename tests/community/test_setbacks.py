"""A permission that was taken away: noted, told once, cleared; what waits moves with the channel."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.community.service import CommunityService, SetupEdit
from bot.community.setbacks import TOLD, Reached
from bot.community.tables import Setback
from bot.community.views import Beside
from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.outbox import BLOCKED, Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import PeopleService, Who

MIA = Who(1, "Data Collective", 10, "Mia")
LOBBY, GIGS, MODS, GENERAL = 5, 6, 7, 8
NO_ACCESS, NO_PERMISSION, NO_CHANNEL = 50001, 50013, 10003


@pytest.fixture
async def community(store: Store, clock: TurnedClock) -> CommunityService:
    made = CommunityService(store, clock, PeopleService(store, clock), outbox=Outbox(store, clock))
    await made.configure(MIA, SetupEdit(lobby=LOBBY, gigs=GIGS, moderators=MODS))

    async def reach(_community: int, _channel: int) -> Reached:
        return Reached(True, GENERAL)

    made.setbacks.reach = reach
    return made


async def messages(store: Store, kind: str = TOLD) -> list[OutboxRow]:
    async with store.read() as session:
        query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        return list((await session.scalars(query)).all())


async def waiting(store: Store, clock: TurnedClock, channel: int, *, reason: str | None = BLOCKED) -> None:
    async with store.write() as session:
        await Outbox(store, clock).say(
            session, kind="gig.post", subject=1, key=f"gig:{channel}", recipient=channel, community_id=1,
            target="forum",
        )  # fmt: skip
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.key == f"gig:{channel}"))).one()
        row.reason = reason


async def test_moderators_are_told_once_and_it_is_counted(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    for _time in range(3):
        assert await community.setbacks.met(1, GIGS, NO_PERMISSION, "gig.post")
    assert [row.recipient for row in await messages(store)] == [MODS]
    async with store.read() as session:
        (trouble,) = await community.setbacks.of(session, 1)
    assert (trouble.channel_id, trouble.code, trouble.times) == (GIGS, NO_PERMISSION, 3)
    assert trouble.first_at == clock.now()


async def test_a_moderators_channel_that_is_shut_is_told_elsewhere(
    community: CommunityService, store: Store
) -> None:
    await community.setbacks.met(1, MODS, NO_ACCESS, "safety.report")
    assert [row.recipient for row in await messages(store)] == [GENERAL]


async def test_the_word_about_it_that_fails_too_is_told_nowhere(
    community: CommunityService, store: Store
) -> None:
    await community.setbacks.met(1, GIGS, NO_ACCESS, "gig.post")
    await community.setbacks.met(1, MODS, NO_ACCESS, TOLD)
    assert [row.recipient for row in await messages(store)] == [MODS]


async def test_a_channel_nobody_chose_that_is_gone_is_not_waited_for(community: CommunityService) -> None:
    assert not await community.setbacks.met(1, 99, NO_CHANNEL, "pod.digest")
    assert await community.setbacks.met(1, GIGS, NO_CHANNEL, "gig.post")
    assert not await community.setbacks.met(404, 99, NO_ACCESS, "gig.post")


async def test_an_outage_is_waited_for_in_silence(community: CommunityService, store: Store) -> None:
    async def down(_community: int, _channel: int) -> Reached:
        return Reached(available=False)

    community.setbacks.reach = down
    assert await community.setbacks.met(1, GIGS, NO_ACCESS, "gig.post")
    assert await messages(store) == []


async def test_what_works_again_is_forgotten_and_told_anew_the_next_time(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    await community.setbacks.met(1, GIGS, NO_PERMISSION, "gig.post")
    await waiting(store, clock, GIGS)
    assert await community.setbacks.works_again(1, {GIGS, LOBBY}) == [GIGS]
    assert await community.setbacks.works_again(1, {GIGS, LOBBY}) == []
    async with store.read() as session:
        assert (await session.scalars(select(Setback))).all() == []
    await clock.turn_to(clock.now().replace(hour=12))
    await community.setbacks.met(1, GIGS, NO_PERMISSION, "gig.post")
    assert len(await messages(store)) == 2


async def test_what_waited_goes_to_the_channel_that_was_chosen_instead(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    await community.setbacks.met(1, GIGS, NO_CHANNEL, "gig.post")
    await waiting(store, clock, GIGS)
    await waiting(store, clock, LOBBY, reason="rate limited")
    await community.configure(MIA, SetupEdit(gigs=66, lobby=55))
    assert [row.recipient for row in await messages(store, "gig.post")] == [66, LOBBY]
    async with store.read() as session:
        assert await community.setbacks.of(session, 1) == ()


async def test_what_is_wrong_in_one_community_is_no_business_of_another(
    community: CommunityService, store: Store
) -> None:
    await community.setbacks.met(1, GIGS, NO_PERMISSION, "gig.post")
    other = Who(2, "Elsewhere", 10, "Mia")
    await community.state(other)
    assert await community.setbacks.works_again(2, {GIGS}) == []
    health, _mended = await community.checkup.health(other)
    assert health.troubles == ()
    health, _mended = await community.checkup.health(MIA)
    assert len(health.troubles) == 1


async def test_what_is_taken_away_again_much_later_is_told_again(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    await community.setbacks.met(1, LOBBY, NO_PERMISSION, "intro.room")
    await clock.advance(timedelta(days=6))
    await community.setbacks.met(1, LOBBY, NO_PERMISSION, "intro.room")
    assert len(await messages(store)) == 1
    await clock.advance(timedelta(days=8))  # nothing was refused meanwhile: it was mended
    await community.setbacks.met(1, LOBBY, NO_PERMISSION, "intro.room")
    assert len(await messages(store)) == 2


async def test_what_cannot_be_looked_at_is_tried_again_and_not_told_again(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    thread, empty = 70, 71
    for channel in (thread, empty):
        await community.setbacks.met(1, channel, NO_PERMISSION, "gig.post")
    await waiting(store, clock, thread)
    async with store.write() as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.recipient == thread))).one()
        row.due_at = clock.now() + timedelta(minutes=10)
    await community.setbacks.look_again(1, {thread, empty})
    assert [row.due_at for row in await messages(store, "gig.post")] == [clock.now()]
    await community.setbacks.met(1, thread, NO_PERMISSION, "gig.post")
    assert len(await messages(store)) == 2
    assert await community.setbacks.channels(1) == [thread]


async def test_work_that_waited_for_a_permission_goes_on_at_once_too(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    agenda = Agenda(store, clock)
    later = clock.now() + timedelta(minutes=10)
    async with store.write() as session:
        for number in (1, 2):
            await agenda.plan(
                session, kind="pod.thread", key=f"pod:{number}", subject=1, community_id=1, due_at=later
            )
        row = (await session.scalars(select(AgendaRow).where(AgendaRow.key == "pod:1"))).one()
        row.reason = BLOCKED
    await community.setbacks.met(1, LOBBY, NO_PERMISSION, "pod.thread")
    await community.setbacks.works_again(1, {LOBBY})
    async with store.read() as session:
        query = select(AgendaRow.due_at).where(AgendaRow.kind == "pod.thread").order_by(AgendaRow.key)
        assert list(await session.scalars(query)) == [clock.now(), later]


async def test_a_channel_beside_those_of_setup_is_waited_for_too(
    community: CommunityService, store: Store
) -> None:
    async def beside(_session: object, _community: int) -> tuple[Beside, ...]:
        return (Beside("board", 99),)

    community.setbacks.beside = beside
    assert await community.setbacks.met(1, 99, NO_CHANNEL, "gig.post")
    assert [row.recipient for row in await messages(store)] == [MODS]
