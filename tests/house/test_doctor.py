"""`kith doctor` names what is wrong and its exact fix."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.core.clock import SystemClock
from bot.core.memory import Memory
from bot.core.processes import Processes, Share
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from bot.doctor import examine
from bot.settings import Settings


def _settings(url: str, key: str | None = None, token: str | None = "abc", shard_count: int = 1) -> Settings:
    return Settings(
        _env_file=None,
        discord_token=SecretStr(token) if token else None,
        database_url=url,
        secret_key=SecretStr(key) if key else None,
        shard_count=shard_count,
    )


async def test_everything_in_order(sqlite_url: str) -> None:
    assert all(finding.fine for finding in await examine(_settings(sqlite_url, new_key())))


async def test_a_missing_token_and_database_are_named_with_their_fix(tmp_path: Path) -> None:
    findings = await examine(_settings(f"sqlite:///{tmp_path / 'none.sqlite3'}", token=None))
    wrong = [str(finding) for finding in findings if not finding.fine]
    assert any("KITH_DISCORD_TOKEN=" in line for line in wrong)
    assert any(line.endswith("→ kith migrate") for line in wrong)


@pytest.mark.parametrize("same", [True, False])
async def test_the_key_is_compared_with_the_one_that_sealed_the_database(sqlite_url: str, same: bool) -> None:
    key = new_key()
    store = Store(sqlite_url, Sealer([key]))
    await Memory(store).require_key(Sealer([key]).fingerprint)
    await store.close()
    findings = await examine(_settings(sqlite_url, key if same else new_key()))
    assert [f.fine for f in findings if "database's" in f.what or "another secret" in f.what] == [same]


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([], None),
        ([(3, (0, 2))], "no process has these of 3 shards: 1 → KITH_SHARD_IDS=1 kith run"),
        ([(3, (0, 2)), (3, (1,))], "all 3 shards have a process"),
        ([(2, (0, 1))], "a process counts 2 shards, and these settings 3 → stop all processes"),
    ],
)
async def test_a_shard_without_a_process_is_named(
    sqlite_url: str, shares: list[tuple[int, tuple[int, ...]]], says: str | None
) -> None:
    key = new_key()
    store = Store(sqlite_url, Sealer([key]))
    for number, share in enumerate(shares):
        process = Processes(store, SystemClock(), Share(*share))
        process.id = f"elsewhere:{number}:1"
        await process.begin()
    findings = [str(one) for one in await examine(_settings(sqlite_url, key, shard_count=3))]
    await store.close()
    said = [line for line in findings if "shards" in line]
    assert len(said) == (says is not None)
    assert says is None or says in said[0]
