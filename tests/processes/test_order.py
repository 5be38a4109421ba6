"""One person's messages keep their order and never overlap, whichever process sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.app import App
from bot.core.clock import TurnedClock
from bot.people.service import Who
from cogs.community.watching import Sight
from sandbox import Sandbox
from sandbox.actors import Member
from tests.crash.scene import Killed, trial
from tests.processes.test_shards import kith, two_guilds


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[App, App, Member, Sandbox]]:
    """Run two processes' worth of Kith that send when they are told to, and let Ana be known to them."""
    clock = TurnedClock()
    async with Sandbox(clock, global_rate=0) as discord:
        _even, odd = two_guilds(discord)
        async with kith(url, discord, clock, 2, 0) as here, kith(url, discord, clock, 2, 1) as there:
            ana = odd.member("Ana")
            await here.people.set_zone(Who(odd.id, odd.name, ana.id, ana.name), "Europe/Lisbon")
            for app in (here, there):
                await app.settled()
                app.courier.register({"trial": trial})
            yield here, there, ana, discord
        assert discord.violations == []


async def say(app: App, ana: Member, *numbers: int) -> None:
    async with app.store.write() as session:
        for number in numbers:
            await app.outbox.say(
                session, kind="trial", subject=number, key=f"trial:{number}", recipient=ana.id
            )


def said(ana: Member) -> list[int]:
    return [int(screen.text.partition("Number ")[2].split()[0]) for screen in ana.inbox]


async def later(app: App, **time: float) -> None:
    assert isinstance(app.clock, TurnedClock)
    await app.clock.advance(timedelta(**time))


async def test_what_waits_for_a_failed_message_waits_in_every_process(database_url: str) -> None:
    async with two(database_url) as (here, there, ana, discord):
        await say(here, ana, 1)
        discord.faults.add(method="POST", path=r"/messages$", drop="before")
        await here.courier.tick()
        await say(there, ana, 2, 3)
        await there.settled()
        assert said(ana) == []
        await later(there, minutes=1)
        await there.settled()
        await here.settled()
        assert said(ana) == [1, 2, 3]


async def test_a_message_waits_for_the_one_that_a_dead_process_may_have_sent(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(database_url) as (here, there, ana, _discord):

        async def killed(*_args: object, **_more: object) -> None:
            raise Killed

        await say(here, ana, 1)
        monkeypatch.setattr(here.outbox.queue, "settle", killed)
        with pytest.raises(Killed):
            await here.courier.tick()
        assert said(ana) == [1]
        await say(there, ana, 2)
        await there.settled()
        assert said(ana) == [1]
        await later(there, seconds=46)
        await there.settled()
        assert said(ana) == [1, 2]  # and the first one was not said again


async def test_a_channel_is_let_go_for_all_when_one_is_told_that_it_is_mended(sqlite_url: str) -> None:
    async with two(sqlite_url) as (here, there, ana, discord):
        await say(here, ana, 1)
        discord.faults.add(method="POST", path=r"/messages$", drop="before")
        await here.courier.tick()
        await there.courier.release([ana.id])
        await say(here, ana, 2)
        await here.settled()
        assert said(ana) == [2]  # the first has its own time to be tried again


async def test_a_process_sees_channels_of_servers_on_anothers_shard(sqlite_url: str) -> None:
    async with two(sqlite_url) as (here, there, ana, discord):
        odd = ana.guild
        elsewhere = odd.text_channel("elsewhere")
        general = odd.channel("general")
        for app in (here, there):
            reached = await Sight(app.client, app.community).reach(odd.id, general.id)
            assert (reached.available, reached.channel_id) == (True, elsewhere.id)
        discord.faults.add(method="GET", path=rf"/guilds/{odd.id}$", drop="before", times=-1)
        assert not (await Sight(here.client, here.community).reach(odd.id, general.id)).available
