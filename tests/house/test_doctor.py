"""`kith doctor` names what is wrong and its exact fix."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.core.memory import Memory
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from bot.doctor import examine
from bot.settings import Settings


def _settings(url: str, key: str | None = None, token: str | None = "abc") -> Settings:
    return Settings(
        _env_file=None,
        discord_token=SecretStr(token) if token else None,
        database_url=url,
        secret_key=SecretStr(key) if key else None,
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
