"""A server that removes Kith falls silent, comes back as it was, or is deleted after thirty days."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.app import App
from bot.core.agenda import AgendaRow
from bot.people.tables import AuditEntry, Community, Member, Person
from tests.conversations.helpers import (
    FIRST_ROUND,
    WEEK,
    community,
    having,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage


async def has_left(stage: Stage) -> bool:
    async with stage.app.store.read() as session:
        left_at = select(Community.left_at).where(Community.id == stage.guild.id)
        return await session.scalar(left_at) is not None


async def removed(stage: Stage) -> None:
    """The server removes the bot, and the bot has noticed."""
    stage.guild.remove_bot()
    await until_left(stage, True)


async def until_left(stage: Stage, expected: bool) -> None:
    async with asyncio.timeout(20):
        while await has_left(stage) != expected:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)


async def rows(app: App, table: type) -> int:
    async with app.store.read() as session:
        return len((await session.execute(select(table))).all())


async def test_removed_it_is_silent_and_back_again_it_goes_on(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for member in (ana, ben):
            await member.slash("/intro join")
        await removed(stage)
        await turn_to(stage, FIRST_ROUND)
        await pass_time(stage, timedelta(days=1))
        assert not having(ana.inbox, "Meet Ben")
        stage.guild.add_bot()
        await until_left(stage, False)
        await pass_time(stage, WEEK)
        assert having(ana.inbox, "Meet Ben")
        await pass_time(stage, timedelta(days=40))
        assert await rows(stage.app, Community) == 1
        async with stage.app.store.read() as session:
            noted = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert noted[-2:] == ["left", "returned"]


async def test_thirty_days_later_everything_is_deleted(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = await newcomer(stage, "Ana")
        await ana.slash("/intro join")
        await ana.slash('/checkin start day:Monday hour:"10:00"')
        await removed(stage)
        await pass_time(stage, timedelta(days=29))
        assert await rows(stage.app, Member) > 0
        await pass_time(stage, timedelta(days=2))
        for table in (Community, Member, Person):
            assert await rows(stage.app, table) == 0
        async with stage.app.store.read() as session:
            kinds = set(await session.scalars(select(AgendaRow.kind)))
        assert kinds == {"retention"}
        await pass_time(stage, WEEK)


async def test_who_is_a_member_elsewhere_stays_there(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        async with stage.app.store.write() as session:
            session.add(Community(id=5, name="Other", created_at=stage.clock.now(), left_at=None))
            await session.flush()
            session.add(Member(community_id=5, person_id=ana.id, joined_at=stage.clock.now()))
        await removed(stage)
        await pass_time(stage, timedelta(days=31))
        async with stage.app.store.read() as session:
            assert list(await session.scalars(select(Person.id))) == [ana.id]
            assert list(await session.scalars(select(Member.community_id))) == [5]


async def test_removed_and_added_while_offline_is_noticed_at_the_start(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await stage.app.close()
        stage.guild.remove_bot()
        async with restarted(stage):
            await until_left(stage, True)
        stage.guild.add_bot()
        async with restarted(stage):
            await until_left(stage, False)


async def test_an_outage_of_discord_is_no_farewell(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.outage()
        await pass_time(stage, timedelta(minutes=1))
        assert not await has_left(stage)
        async with restarted(stage):
            await pass_time(stage, timedelta(minutes=1))
            assert not await has_left(stage)
