"""How long a command takes to be answered: Kith, a hand-written handler and an empty one, in turns."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from benchmarks.hand import Bare, Database
from bot.app import App
from bot.core.agenda import Agenda
from bot.core.clock import SystemClock
from bot.core.outbox import Outbox
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from bot.edge.client import point_at
from bot.niches.service import NicheService
from bot.people.service import PeopleService, ProfileEdit, Who
from bot.settings import Settings
from migrations import runner
from sandbox import Guild, Interaction, Sandbox
from sandbox.actors import Member

WARM_UP, REPETITIONS = 30, 200
NICHE = "llm"
LINES = {"reads: /profile view": "/profile view", "writes: /niche join": f"/niche join niche:{NICHE}"}


class TimedSandbox(Sandbox):
    """Remembers how long the latest interaction waited for its answer."""

    took = 0.0

    async def deliver(self, interaction: Interaction) -> Interaction:
        """Deliver it, with a stop-watch."""
        began = time.perf_counter()
        try:
            return await super().deliver(interaction)
        finally:
            self.took = time.perf_counter() - began


@dataclass
class Contestant:
    """One bot on a Discord of its own, with one member who types."""

    discord: TimedSandbox
    member: Member
    file: Path
    statements: list[str] = field(default_factory=list)

    async def answer(self, line: str) -> float:
        """Type a line; return the seconds until its answer was on the sandbox."""
        with sqlite3.connect(self.file) as raw:  # so that every join is a new one
            raw.execute("DELETE FROM member_niche WHERE niche = ?", (NICHE,))
        raw.close()
        point_at(self.discord.api_url, self.discord.gateway_url)  # discord.py keeps one address per process
        await self.member.slash(line)
        took = self.discord.took
        await asyncio.sleep(0.002)  # what a bot does after its answer is not charged to the next one
        return took

    def card(self) -> Any:
        """The latest answer as it went over the wire."""
        bodies = [one.body for one in self.discord.requests if one.path.endswith("/callback")]
        return bodies[-1]["data"].get("components")


def settings_for(discord: Sandbox, file: Path) -> Settings:
    """What an operator would write, but for the addresses."""
    return Settings.model_validate(
        {
            "discord_token": discord.token,
            "database_url": f"sqlite:///{file}",
            "discord_api_url": discord.api_url,
            "discord_gateway_url": discord.gateway_url,
            "secret_key": new_key(),
            "log_level": "WARNING",
        }
    )


async def _prepared(folder: Path, name: str, discord: Sandbox) -> tuple[Member, Path]:
    """Make a server with one member, and a database that knows them."""
    file = folder / f"{name}.sqlite3"
    url = f"sqlite:///{file}"
    runner.upgrade(url)
    guild: Guild = discord.guild("Data Collective", owner="Mia")
    guild.text_channel("general")
    ana = guild.member("Ana")
    store = Store(url, Sealer([new_key()]))
    people = PeopleService(store, SystemClock())
    who = Who(guild.id, guild.name, ana.id, ana.name)
    edit = ProfileEdit(
        headline="Dashboards for clinics", disciplines=("analyst",), stage="building", offers=("sql",)
    )
    await people.edit_profile(who, edit)
    await people.set_zone(who, "Lisbon")
    clock = SystemClock()
    await NicheService(store, clock, Agenda(store, clock), Outbox(store, clock), people).join(who, "ocr")
    await store.close()
    return ana, file


def _listen(engine: Any, statements: list[str]) -> None:
    """Note every statement."""

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)


@asynccontextmanager
async def _kith(folder: Path) -> AsyncIterator[Contestant]:
    async with TimedSandbox(global_rate=0) as discord:
        ana, file = await _prepared(folder, "kith", discord)
        app = App(settings_for(discord, file))
        try:
            await app.start()
            await app.ready.wait()
            found = Contestant(discord, ana, file)
            _listen(app.store._engine, found.statements)
            yield found
        finally:
            await app.close()


@asynccontextmanager
async def _bare(folder: Path, name: str, *, empty: bool) -> AsyncIterator[Contestant]:
    async with TimedSandbox(global_rate=0) as discord:
        ana, file = await _prepared(folder, name, discord)
        database = Database(f"sqlite+aiosqlite:///{file}")
        found = Contestant(discord, ana, file)
        _listen(database.engine, found.statements)
        point_at(discord.api_url, discord.gateway_url)
        client = Bare(None if empty else database)
        await client.login(discord.token)
        connection = asyncio.create_task(client.connect())
        try:
            await discord.connected()
            await client.wait_until_ready()
            yield found
        finally:
            await client.close()
            await asyncio.gather(connection, return_exceptions=True)
            await database.engine.dispose()


async def measure(folder: Path) -> list[tuple[str, float, float, float]]:
    """Return for each command the median seconds of Kith, the hand-written and the empty handler.

    Raises:
        AssertionError: the two do not run the same statements or do not send the same card.
    """
    async with AsyncExitStack() as stack:
        kith = await stack.enter_async_context(_kith(folder))
        hand = await stack.enter_async_context(_bare(folder, "hand", empty=False))
        none = await stack.enter_async_context(_bare(folder, "none", empty=True))
        found: list[tuple[str, float, float, float]] = []
        for name, line in LINES.items():
            await _same(kith, hand, line)
            times: dict[int, list[float]] = {0: [], 1: [], 2: []}
            for turn in range(WARM_UP + REPETITIONS):
                for place, contestant in enumerate((kith, hand, none)):
                    took = await contestant.answer(line)
                    if turn >= WARM_UP:
                        times[place].append(took)
            found.append((name, median(times[0]), median(times[1]), median(times[2])))
        return found


async def _same(kith: Contestant, hand: Contestant, line: str) -> None:
    """See to it that the comparison is one."""
    for contestant in (kith, hand):
        contestant.statements.clear()
        await contestant.answer(line)
    ours = [
        " ".join(text.split()) for text in kith.statements if "outbox" not in text and "agenda" not in text
    ]
    theirs = [" ".join(text.split()) for text in hand.statements]
    # A metronome looks at the two queues meanwhile.
    ours, theirs = ([text for text in some if text != "BEGIN"] for some in (ours, theirs))
    assert ours == theirs, f"{line}: not the same statements\n{ours}\n{theirs}"
    assert kith.card() == hand.card(), f"{line}: not the same card\n{kith.card()}\n{hand.card()}"
