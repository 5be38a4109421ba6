"""The week in numbers: counted, on time, and silent about who said what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.community.service import CommunityService, SetupEdit
from bot.community.views import NOTHING, Figures, WeekView
from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Person
from cogs.community.week_cards import alt_text, lines, week_svg

MIA = Who(1, "Data Collective", 10, "Mia")
NEXT_MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def agenda(store: Store, clock: TurnedClock) -> Agenda:
    return Agenda(store, clock)


@pytest.fixture
async def community(store: Store, clock: TurnedClock, agenda: Agenda) -> CommunityService:
    async def figures(_session: object, _community: int, until: datetime) -> Figures:
        return Figures(enrolled=9, introduced=8, past=((until, 8),))

    made = CommunityService(
        store, clock, PeopleService(store, clock), agenda=agenda, outbox=Outbox(store, clock),
        told=replace(NOTHING, figures=figures),
    )  # fmt: skip
    agenda.register(made.week.handlers(), made.week.expired())
    await made.configure(MIA, SetupEdit(lobby=5, moderators=7))
    await made.start(MIA)
    return made


async def planned(store: Store) -> list[datetime]:
    async with store.read() as session:
        query = select(AgendaRow.due_at).where(
            AgendaRow.kind == "community.week", AgendaRow.state == "waiting"
        )
        return list((await session.scalars(query)).all())


async def said(store: Store) -> list[tuple[int, str]]:
    async with store.read() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == "community.week"))
        return [(row.recipient, row.target) for row in rows]


async def test_the_numbers_come_each_monday_in_the_moderators_channel(
    community: CommunityService, store: Store, clock: TurnedClock, agenda: Agenda
) -> None:
    assert await planned(store) == [NEXT_MONDAY]
    await clock.turn_to(NEXT_MONDAY)
    await agenda.tick()
    assert await said(store) == [(7, "channel")]
    assert await planned(store) == [NEXT_MONDAY + WEEK]


async def test_a_new_zone_moves_them_and_none_comes_twice(community: CommunityService, store: Store) -> None:
    await community.configure(MIA, SetupEdit(city="lviv"))
    assert await planned(store) == [NEXT_MONDAY - timedelta(hours=2)]


@pytest.mark.parametrize("why", ["paused", "no channel"])
async def test_nothing_is_said_where_nobody_wants_it_and_the_next_is_planned(
    community: CommunityService, store: Store, clock: TurnedClock, agenda: Agenda, why: str
) -> None:
    async with store.write() as session:
        row = await session.get_one(Community, 1)
        row.paused, row.mod_channel_id = why == "paused", None if why == "no channel" else 7
    await clock.turn_to(NEXT_MONDAY)
    await agenda.tick()
    assert await said(store) == []
    assert await planned(store) == [NEXT_MONDAY + WEEK]


async def test_numbers_that_come_days_late_are_let_go(
    community: CommunityService, store: Store, clock: TurnedClock, agenda: Agenda
) -> None:
    await clock.turn_to(NEXT_MONDAY + timedelta(days=4))
    await agenda.tick()
    assert await said(store) == []
    assert await planned(store) == [NEXT_MONDAY + WEEK]


async def test_a_community_from_before_gets_its_numbers_planned_once(
    community: CommunityService, store: Store, agenda: Agenda
) -> None:
    async with store.write() as session:
        await agenda.forget(session, ["community.week"], [1])
    await community.week.begin()
    await community.week.begin()
    assert await planned(store) == [NEXT_MONDAY]


async def test_only_those_who_asked_for_messages_can_be_unreachable(
    community: CommunityService, store: Store
) -> None:
    for number, (purpose, state) in enumerate(
        [("introductions", "closed"), ("directory", "closed"), ("checkins", "open")]
    ):
        who = Who(1, "Data Collective", 20 + number, "Ana")
        async with store.write() as session:
            member = await community.people.known(session, who)
            await community.people.consent(session, member.id, purpose)
            (await session.get_one(Person, who.person_id)).dm_state = state
    health, _mended = await community.checkup.health(MIA)
    assert (health.unreachable, health.reachable) == (1, 1)
    assert (await community.week.now(MIA)).unreachable == 1


async def view(community: CommunityService, **figures: object) -> WeekView:
    seen = await community.known(1)
    assert seen is not None
    return WeekView(seen, NEXT_MONDAY, replace(Figures(), **figures), 2)  # type: ignore[arg-type]


async def test_how_it_went_is_told_from_five_answers_on(community: CommunityService) -> None:
    few = await view(community, met=4, answered=4)
    assert few.met_percent is None
    assert "too few answers" in "\n".join(lines(few))
    enough = await view(community, met=3, not_yet=1, answered=5)
    assert "**60 %** of 5 who answered met, **1** have not yet" in "\n".join(lines(enough))


async def test_the_oldest_gig_that_waits_is_named_by_its_age(community: CommunityService) -> None:
    assert "No gig waits for you" in "\n".join(lines(await view(community)))
    waits = await view(community, gigs_waiting=2, gigs_since=NEXT_MONDAY)
    assert f"**2** gigs wait for you, the oldest <t:{int(NEXT_MONDAY.timestamp())}:R>" in "\n".join(
        lines(waits)
    )


async def test_parts_that_are_off_have_no_numbers(community: CommunityService) -> None:
    await community.use_modules(MIA, ["checkins", "digest"])
    shown = "\n".join(lines(await view(community, past=((NEXT_MONDAY, 3),))))
    assert "introductions" not in shown
    assert "gig" not in shown
    assert "cannot be reached" in shown
    assert "can be reached" in "\n".join(lines(replace(await view(community), unreachable=0)))
    assert week_svg(await view(community, past=((NEXT_MONDAY, 3),))) is None


async def test_the_picture_says_the_same_in_words(community: CommunityService) -> None:
    past = tuple((NEXT_MONDAY - n * WEEK, count) for n, count in ((2, 0), (1, 4), (0, 8)))
    seen = await view(community, past=past)
    svg = week_svg(seen) or ""
    assert [f">{number}<" in svg for number in (0, 4, 8)] == [True, True, True]
    assert alt_text(seen).endswith("29 Dec: 0, 05 Jan: 4, 12 Jan: 8")
    assert week_svg(await view(community, past=((NEXT_MONDAY, 0),))) is None
