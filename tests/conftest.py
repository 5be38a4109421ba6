"""Fixtures that every test may ask for: a turned clock, a migrated store on either database."""

import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.clock import TurnedClock
from bot.core.seal import Sealer
from bot.core.store import Store
from tests.databases import PostgresTemplate, SQLiteTemplate, roomy_memory

KEY = "a key that only these tests use, long enough"
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to connect anywhere but to this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[SQLiteTemplate]:
    """A migrated SQLite file to copy, in memory where that has room: disks stall."""
    with tempfile.TemporaryDirectory(prefix="kith-sqlite-", dir=roomy_memory()) as folder:
        yield SQLiteTemplate(Path(folder))


@pytest.fixture(scope="session")
def postgres_template() -> PostgresTemplate:
    """A migrated PostgreSQL database to copy."""
    return PostgresTemplate()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database; each test runs on both kinds."""
    template: SQLiteTemplate | PostgresTemplate = request.getfixturevalue(f"{request.param}_template")
    with template.copy() as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: SQLiteTemplate) -> Iterator[str]:
    """The URL of a fresh, migrated SQLite file, for what does not depend on the kind."""
    with sqlite_template.copy() as url:
        yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A migrated store on either database."""
    opened = Store(database_url, Sealer([KEY]))
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> TurnedClock:
    """A clock that stands at Monday, 2026-01-05 09:00 UTC until it is turned."""
    return TurnedClock(MONDAY, frozen=True)


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder of its own, so that no test finds another's files."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path
