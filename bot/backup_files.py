"""The files of backups, and what they are read from and written into.

From SQLite a backup is a SQLite file; from PostgreSQL a gzipped file of JSON lines: what it is, then for each
table its columns and its rows, at last how many rows there were. What is sealed in the database is sealed
in the file. The secret key is named by its fingerprint and never in it.
"""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from migrations import runner

_VERSION = 1
_SQLITE = b"SQLite format 3\0"
_AT_ONCE = 500
_SCHEMA = "alembic_version"
_REVISION = sa.text("SELECT version_num FROM alembic_version")
_FINGERPRINT = sa.text("SELECT value FROM remembered WHERE key = 'secret key'")

_DAMAGES = (EOFError, OSError, ValueError, LookupError, TypeError, zlib.error, DBAPIError)

Row = Sequence[Any]


class BackupError(Exception):
    """A backup cannot be made or restored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as both kinds of database know it: its columns with their types, and what is set afterwards."""

    name: str
    types: Mapping[str, Any]
    key: tuple[str, ...]
    later: tuple[str, ...]
    """Columns that refer to rows which may not be there yet, such as this table's own."""

    @property
    def clause(self) -> sa.TableClause:
        """The table, for statements."""
        return sa.table(self.name, *(sa.column(name, type_) for name, type_ in self.types.items()))


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that is being read; tables come in an order in which they can be filled."""

    revision: str
    fingerprint: str | None
    counters: Mapping[str, int]
    tables: Iterator[tuple[str, Sequence[str], Iterator[Row]]]


@contextmanager
def engine_of(url: str, **options: Any) -> Iterator[sa.Engine]:
    """Open a database for one piece of work; its errors do not repeat what members typed."""
    engine = sa.create_engine(runner.sync_url(url), poolclass=NullPool, hide_parameters=True, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def tables_of(connection: sa.Connection) -> list[Table]:
    """The tables as they are, in an order in which they can be filled."""
    inspector = sa.inspect(connection)
    found: list[Table] = []
    for name, _keys in inspector.get_sorted_table_and_fkc_names():
        if name is None or name == _SCHEMA:
            continue
        before = {table.name for table in found}
        later = [
            column
            for key in inspector.get_foreign_keys(name)
            if key["referred_table"] not in before
            for column in key["constrained_columns"]
        ]
        types = {column["name"]: column["type"] for column in inspector.get_columns(name)}
        key = inspector.get_pk_constraint(name)["constrained_columns"]
        found.append(Table(name, types, tuple(key), tuple(later)))
    return found


def _portable(value: Any) -> Any:
    """Return a value as JSON can hold it: instants in UTC, bytes in base64."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def _rows(connection: sa.Connection, table: Table) -> Iterator[Row]:
    """Every row of a table, portable, in the order of its key."""
    clause = table.clause
    query = sa.select(*clause.c).order_by(*(clause.c[column] for column in table.key))
    result = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for row in result:
        yield [_portable(value) for value in row]


def copy_sqlite(database: Path, part: Path) -> None:
    """Copy a SQLite database while others write to it."""
    address = f"file:{quote(str(database.absolute()))}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it


def write_lines(url: str, part: Path) -> None:
    """Write every table as it stood at one instant."""
    with (
        engine_of(url, isolation_level="REPEATABLE READ") as engine,
        engine.connect() as connection,
        gzip.open(part, "wt", encoding="utf-8") as file,
    ):
        tables = tables_of(connection)
        head = {
            "kith_backup": _VERSION,
            "revision": connection.scalar(_REVISION),
            "fingerprint": connection.scalar(_FINGERPRINT),
            "counters": _counters(connection, tables),
        }
        file.write(json.dumps(head) + "\n")
        written = 0
        for table in tables:
            file.write(json.dumps({"table": table.name, "columns": list(table.types)}) + "\n")
            for row in _rows(connection, table):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                written += 1
        file.write(json.dumps({"rows": written}) + "\n")


def _counters(connection: sa.Connection, tables: Iterable[Table]) -> dict[str, int]:
    """How far PostgreSQL has counted ids, by table."""
    found: dict[str, int] = {}
    for table in tables:
        if table.key == ("id",):
            name = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
            if name and (
                last := connection.scalar(sa.select(sa.func.pg_sequence_last_value(sa.cast(name, REGCLASS))))
            ):
                found[table.name] = last
    return found


@contextmanager
def opened(file: Path) -> Iterator[Source]:
    """Open a backup of either kind.

    Raises:
        BackupError: it is none, or damaged; also while it is read.
    """
    try:
        with file.open("rb") as stream:
            magic = stream.read(len(_SQLITE))
        kind = _opened_sqlite if magic == _SQLITE else _opened_lines
        with kind(file) as source:
            yield source
    except FileNotFoundError as error:
        raise BackupError(f"there is no file {file}") from error
    except _DAMAGES as error:
        raise BackupError(f"{file} is no backup of Kith, or it is damaged") from error


@contextmanager
def _opened_sqlite(file: Path) -> Iterator[Source]:
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    engine = sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise ValueError("SQLite finds it damaged")
            revision = cast("str", connection.scalar(_REVISION))
            tables = (
                (table.name, list(table.types), _rows(connection, table)) for table in tables_of(connection)
            )
            yield Source(revision, connection.scalar(_FINGERPRINT), {}, tables)
    finally:
        engine.dispose()


@contextmanager
def _opened_lines(file: Path) -> Iterator[Source]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        lines = (json.loads(line) for line in stream)
        head: dict[str, Any] = next(lines, {})
        if head["kith_backup"] != _VERSION:
            raise BackupError(f"{file} was made by a newer Kith: update Kith first")
        yield Source(head["revision"], head["fingerprint"], head["counters"], _tables_in(lines, file))


def _tables_in(lines: Iterator[Any], file: Path) -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
    """Yield each table with its rows; every row must be taken before the next table."""
    after: list[Any] = [next(lines, {})]
    counted = 0

    def rows() -> Iterator[Row]:
        nonlocal counted
        for line in lines:
            if isinstance(line, dict):
                after.append(line)
                return
            counted += 1
            yield line

    while after:
        line = after.pop()
        if "rows" in line:
            if line["rows"] != counted or next(lines, None) is not None:  # the file's end proves the rest
                raise BackupError(f"{file} is not whole: {counted} of {line['rows']} rows")
            return
        yield line["table"], line["columns"], rows()
    raise BackupError(f"{file} is not whole: its end is missing")
