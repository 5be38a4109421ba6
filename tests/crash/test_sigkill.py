"""The bot as a real process, killed in the middle of a round: everybody gets exactly one card."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import delete, select, update

from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import SystemClock
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

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-that-only-the-killed-bot-uses-0123456789"
MEMBERS = 12
PATIENCE = 60.0  # in real seconds: processes start on a machine that may be busy


async def enrol(store: Store, guild: Guild) -> list[Member]:
    """Make members who take part in a round that is due now."""
    clock = SystemClock()
    agenda, outbox, people = Agenda(store, clock), Outbox(store, clock), PeopleService(store, clock)
    intros = IntroService(store, clock, agenda, outbox, people, Worker())
    members = [guild.member(f"Member {number}") for number in range(MEMBERS)]
    for member in members:
        who = Who(guild.id, guild.name, member.id, member.name)
        await people.set_zone(who, "Europe/Lisbon")
        await NicheService(store, clock, agenda, outbox, people).join(who, "ocr")
        await intros.join(who)
    async with store.write() as session:
        await session.execute(update(Community).values(started=True))
        await intros.started(session, guild.id)
        await session.execute(delete(OutboxRow))  # the welcomes, to count cards alone
        await session.execute(update(AgendaRow).where(AgendaRow.kind == "round").values(due_at=clock.now()))
    return members


@asynccontextmanager
async def process(url: str, discord: Sandbox, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as an operator would; killed without a word at the end."""
    settings = {
        "KITH_DISCORD_TOKEN": discord.token,
        "KITH_DISCORD_API_URL": discord.api_url,
        "KITH_DISCORD_GATEWAY_URL": discord.gateway_url,
        "KITH_DATABASE_URL": url,
        "KITH_SECRET_KEY": KEY,
        "KITH_SENDS_PER_SECOND": "5",
        "KITH_DM_OPENS_PER_HOUR": "1000",
    }
    log = (folder / "log").open("ab")
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.wait()
        log.close()


async def until(bot: asyncio.subprocess.Process, so: Callable[[], bool], log: Path) -> None:
    """Wait for what the process brings about; say why if it does not."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not so():
                assert bot.returncode is None, _text(log)
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(_text(log)) from None


def _text(log: Path) -> str:
    return log.read_text()


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started, where the system tells."""
    file = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in file.read_text().split()] if file.exists() else []


async def gone(pids: list[int]) -> None:
    """Wait until none of these processes runs."""
    async with asyncio.timeout(30):
        while any(_runs(pid) for pid in pids):  # noqa: ASYNC110 - they are not ours to wait for
            await asyncio.sleep(0.05)


def _runs(pid: int) -> bool:
    file = Path(f"/proc/{pid}/stat")
    return file.exists() and file.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_a_killed_bot_started_again_gives_everybody_exactly_one_card(
    database_url: str, tmp_path: Path
) -> None:
    store = Store(database_url, Sealer([KEY]))
    async with Sandbox(global_rate=0) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        members = await enrol(store, guild)

        def told() -> int:
            return sum(bool(member.inbox) for member in members)

        for enough in (3, 7, MEMBERS):  # killed twice on the way
            async with process(database_url, discord, tmp_path) as bot:
                await until(bot, lambda number=enough: told() >= number, tmp_path / "log")  # type: ignore[misc]
                started = children_of(bot.pid)
                if enough == MEMBERS:
                    await asyncio.sleep(1.5)  # a beat and a half: nothing may follow
            assert told() < MEMBERS or enough == MEMBERS
            await gone(started)
        assert [len(member.inbox) for member in members] == [1] * MEMBERS
        assert all("Meet" in member.inbox[0].text for member in members)
        assert discord.violations == []
    async with store.read() as session:
        rows = (await session.execute(select(OutboxRow.kind, OutboxRow.state))).all()
    await store.close()
    assert [tuple(row) for row in rows] == [("intro.card", "done")] * MEMBERS
