"""What nobody needs any more goes once a day; what is still needed stays."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.drafts import Draft
from bot.core.outbox import IN_INBOX, SAID, OutboxRow
from bot.core.queue import EXPIRED, WAITING
from bot.find.tables import Search
from bot.people.tables import Consent
from bot.privacy import retention
from bot.privacy.tables import Forgotten
from bot.safety.tables import Report
from tests.privacy.world import ANA, BEN, HERE, World, opened, who

DAY = timedelta(days=1)


@pytest.fixture
async def world(database_url: str, clock: TurnedClock) -> AsyncIterator[World]:
    async with opened(database_url, clock) as made:
        yield made


async def tidied(world: World) -> None:
    await world.app.privacy.begin()
    await world.due(DAY)


async def test_the_next_time_is_planned_once_and_again_after_each(world: World) -> None:
    await world.app.privacy.begin()
    await world.app.privacy.begin()
    assert await world.count(AgendaRow, AgendaRow.kind == "retention") == 1
    for _day in range(3):
        await world.due(DAY)
        assert await world.count(AgendaRow, AgendaRow.kind == "retention", AgendaRow.state == WAITING) == 1
    assert await world.count(AgendaRow, AgendaRow.kind == "retention") == 4


@pytest.mark.parametrize(("state", "age", "stays"), [
    (SAID, 91, False), (SAID, 89, True), (EXPIRED, 91, False), (WAITING, 91, True), (IN_INBOX, 400, True),
])  # fmt: skip
async def test_messages_and_work(world: World, state: str, age: int, stays: bool) -> None:
    due_at = world.now - timedelta(days=age)
    async with world.store.write() as session:
        await world.app.outbox.say(
            session, kind="gig.removed", subject=1, key="one", recipient=5, target="channel", due_at=due_at
        )
        await world.app.agenda.plan(session, kind="nothing", key="one", subject=1, due_at=due_at)
        for table in (OutboxRow, AgendaRow):
            row = (await session.scalars(select(table).where(table.key == "one"))).one()
            row.state = WAITING if table is AgendaRow and state == IN_INBOX else state
    await tidied(world)
    for table in (OutboxRow, AgendaRow):
        assert await world.count(table, table.key == "one") == stays


@pytest.mark.parametrize("old", [True, False])
async def test_everything_else_has_its_days(world: World, old: bool) -> None:
    def ago(days: int) -> object:
        return world.now - timedelta(days=days + 1 if old else days - 2)

    mine = (await world.app.people.mine(who(ANA))).id
    theirs = (await world.app.people.mine(who(BEN))).id
    async with world.store.write() as session:
        session.add_all(
            [
                Draft(id="d", person_id=ANA, form="gig", state="new", values="{}", created_at=ago(7)),
                Search(member_id=mine, filters={}, alert=False, created_at=ago(30)),
                Consent(
                    member_id=mine, purpose="gigs", text_version="1", granted_at=ago(2000),
                    withdrawn_at=ago(1095),
                ),
                Report(
                    community_id=HERE, reporter_id=mine, about_id=theirs, place="profile", reason="spam",
                    state="settled", created_at=ago(900), decided_at=ago(365),
                ),
                Forgotten(community_id=HERE, mark="0" * 64, kind="bar", until=ago(0)),
            ]
        )  # fmt: skip
    await tidied(world)
    for table in (Draft, Search, Consent, Report, Forgotten):
        assert await world.count(table) == (not old), table


async def test_what_is_still_open_stays_whatever_its_age(world: World) -> None:
    long_ago = world.now - timedelta(days=4000)
    mine = (await world.app.people.mine(who(ANA))).id
    async with world.store.write() as session:
        session.add_all(
            [
                Search(member_id=mine, filters={}, alert=True, created_at=long_ago),
                Consent(member_id=mine, purpose="gigs", text_version="1", granted_at=long_ago),
                Report(
                    community_id=HERE, reporter_id=mine, about_id=mine, place="profile", reason="spam",
                    state="open", created_at=long_ago,
                ),
            ]
        )  # fmt: skip
    await tidied(world)
    for table in (Search, Consent, Report):
        assert await world.count(table) == 1


async def test_many_go_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PORTION", 3)
    async with world.store.write() as session:
        for number in range(8):
            old = world.now - timedelta(days=8)
            session.add(Draft(id=str(number), person_id=5, form="f", state="s", values="{}", created_at=old))
    await tidied(world)
    assert await world.count(Draft) == 0
