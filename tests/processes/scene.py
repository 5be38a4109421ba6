"""Two servers on two shards, a round that is due in both, and real processes that share the work."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update

from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import Clock
from bot.core.outbox import Outbox, OutboxRow
from bot.core.seal import Sealer
from bot.core.store import Store
from bot.core.worker import Worker
from bot.intros.service import IntroService
from bot.niches.service import NicheService
from bot.people.service import PeopleService, Who
from bot.people.tables import Community
from sandbox import Guild, Sandbox
from sandbox.actors import Member
from tests.house.running import KEY, Running, environment, free_port
from tests.processes.clocks import VARIABLE, FastClock

MEMBERS = 12  # of each server
PATIENCE = 60.0  # in real seconds: several processes start on a machine that may be busy
PACE = 2.0
FAST, REAL = ("-m", "tests.processes.hasty"), ("-m", "bot", "run")


@dataclass
class Fleet:
    """Processes on one database, with what they are about."""

    discord: Sandbox
    store: Store
    url: str
    folder: Path
    clock: Clock
    guilds: list[Guild] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    started: list[Running] = field(default_factory=list)

    async def start(self, ids: str, count: int, command: tuple[str, ...] = FAST, **more: str) -> Running:
        """Start a process with some of the shards; whether it is ready is another question."""
        settings = {
            "KITH_DISCORD_TOKEN": self.discord.token,
            "KITH_DISCORD_API_URL": self.discord.api_url,
            "KITH_DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "KITH_DATABASE_URL": self.url,
            "KITH_SECRET_KEY": KEY,
            "KITH_SENDS_PER_SECOND": f"{PACE:g}",
            "KITH_DM_OPENS_PER_HOUR": "1000",
            "KITH_LOG_FORMAT": "json",
            "KITH_SHARD_COUNT": str(count),
            "KITH_SHARD_IDS": ids,
            "KITH_HEALTH_PORT": str(free_port()),
            **more,
        }
        if isinstance(self.clock, FastClock):
            settings[VARIABLE] = str(self.clock.began)
        log = self.folder / f"log{len(self.started)}"
        with log.open("wb") as stream:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "ignore", *command),
                env=environment(settings), cwd=self.folder, stdout=stream, stderr=stream,
            )  # fmt: skip
        one = Running(process, int(settings["KITH_HEALTH_PORT"] or 0), log, settings)
        self.started.append(one)
        return one

    async def until(self, so: Callable[[], bool], *alive: Running) -> None:
        """Wait for what the processes bring about; those named have to live meanwhile."""

        async def seen() -> bool:
            return so()

        await self._until(seen, *alive)

    async def until_all_is_said(self, *alive: Running) -> None:
        """Wait until everybody has something, and every message is done: also what the dead had begun."""

        async def is_said() -> bool:
            return self.told() == len(self.members) and await self.outbox() == {("intro.card", "done")}

        await self._until(is_said, *alive)

    async def _until(self, so: Callable[[], Awaitable[bool]], *alive: Running) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not await so():
                    for one in alive:
                        assert one.process.returncode is None, one.log.read_text()
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError("\n".join(one.log.read_text() for one in alive)) from None

    def told(self) -> int:
        """How many members have something in their DMs."""
        return sum(bool(member.inbox) for member in self.members)

    def sends(self) -> list[datetime]:
        """When messages were sent and DMs opened: what the pace is about."""
        return [
            request.at
            for request in self.discord.requests
            if request.method == "POST"
            and (request.path.endswith("/messages") or request.path == "/users/@me/channels")
        ]

    async def outbox(self) -> set[tuple[str, str]]:
        """The kinds of messages there are, and their states."""
        query = select(OutboxRow.kind, OutboxRow.state)
        async with self.store.read() as session:
            return {(kind, state) for kind, state in await session.execute(query)}

    async def everybody_has_one_card(self) -> None:
        """Nobody was missed, nobody told twice, nothing waits, and Discord had no reason to complain."""
        assert [len(member.inbox) for member in self.members] == [1] * len(self.members)
        assert all("Meet" in member.inbox[0].text for member in self.members)
        assert await self.outbox() == {("intro.card", "done")}
        assert self.discord.gateway.replaced == []
        assert self.discord.gateway.starts.early == 0
        assert self.discord.violations == []

    async def a_round_is_due(self) -> None:
        """Enrol members of every server in a round that is due now."""
        agenda, outbox = Agenda(self.store, self.clock), Outbox(self.store, self.clock)
        people = PeopleService(self.store, self.clock)
        intros = IntroService(self.store, self.clock, agenda, outbox, people, Worker())
        niches = NicheService(self.store, self.clock, agenda, outbox, people)
        for guild in self.guilds:
            for number in range(MEMBERS):
                member = guild.member(f"{guild.name} {number}")
                who = Who(guild.id, guild.name, member.id, member.name)
                await people.set_zone(who, "Europe/Lisbon")
                await niches.join(who, "ocr")
                await intros.join(who)
                self.members.append(member)
            async with self.store.write() as session:
                await session.execute(update(Community).values(started=True))
                await intros.started(session, guild.id)
        async with self.store.write() as session:
            await session.execute(delete(OutboxRow))  # the welcomes, to count cards alone
            due = update(AgendaRow).where(AgendaRow.kind == "round").values(due_at=self.clock.now())
            await session.execute(due)


@asynccontextmanager
async def fleet_on(url: str, folder: Path, clock: Clock | None = None) -> AsyncIterator[Fleet]:
    """Found the servers; at the end no process is left."""
    clock, store = clock or FastClock(), Store(url, Sealer([KEY]))
    async with Sandbox(clock, global_rate=0, identify_seconds=5) as discord:
        fleet = Fleet(discord, store, url, folder, clock)
        for number, name in enumerate(("Even", "Odd")):
            guild = discord.guild(name, owner="Mia", shard=(number, 2))
            guild.text_channel("general")
            fleet.guilds.append(guild)
        try:
            yield fleet
        finally:
            for one in fleet.started:
                if one.process.returncode is None:
                    one.process.kill()
                await one.process.wait()
            await store.close()
