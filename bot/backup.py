"""One file that holds everything Kith knows: made while Kith runs, restored into either kind of database."""

from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.backup_files import (
    BackupError,
    Row,
    Source,
    Table,
    copy_sqlite,
    engine_of,
    opened,
    tables_of,
    write_lines,
)
from migrations import runner

__all__ = ["BackupError", "Contents", "NoAnswer", "back_up", "examine", "restore"]

NoAnswer = OperationalError
"""The database cannot be reached; its first line says why."""

_AT_ONCE = 500
_WAITING = ("outbox", "agenda")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: its schema, the fingerprint of its key, how much of what."""

    revision: str
    fingerprint: str | None
    tables: int
    rows: int
    messages: int
    work: int


def back_up(url: str, file: Path) -> Contents:
    """Write everything into a new file that only its owner can read; Kith may run meanwhile.

    Raises:
        BackupError: the file exists or cannot be written, or there is nothing to back up.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: name another file")
    if (source := _sqlite_file(url)) is not None and not source.exists():
        raise BackupError(f"there is no database at {source}: nothing to back up")
    if runner.current(url) is None:
        raise BackupError("the database is empty: nothing to back up")
    part = file.with_name(file.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if source is not None:
            copy_sqlite(source, part)
        else:
            write_lines(url, part)
        contents = examine(part)
        part.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{file} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return contents


def examine(file: Path) -> Contents:
    """Read a backup to its end, and say what it holds.

    Raises:
        BackupError: it is none, or not whole.
    """
    counts: dict[str, int] = {}
    with opened(file) as source:
        for name, columns, rows in source.tables:
            if name in _WAITING:
                state = columns.index("state")
                states = [row[state] for row in rows]
                counts[name], counts[f"{name} waiting"] = len(states), states.count("waiting")
            else:
                counts[name] = sum(1 for _row in rows)
        waiting = [counts.pop(f"{name} waiting", 0) for name in _WAITING]
        return Contents(source.revision, source.fingerprint, len(counts), sum(counts.values()), *waiting)


def restore(url: str, file: Path, fingerprint: str | None) -> Contents:
    """Fill an empty database from a backup, and bring it to this version's schema.

    Args:
        url: the database, of either kind; it may have its tables but no row.
        file: the backup, of either kind.
        fingerprint: of the secret key that Kith will run with; None when there is none yet.

    Raises:
        BackupError: the database is not empty, the key is another, or the file cannot be used.
    """
    contents = examine(file)
    if contents.fingerprint is not None and contents.fingerprint != fingerprint:
        has = f"not {fingerprint}" if fingerprint else "and there is no key here"
        raise BackupError(
            f"this backup was sealed with the secret key {contents.fingerprint}, {has}: "
            "set KITH_SECRET_KEY to that key, or put its key file back"
        )
    if contents.revision not in runner.revisions():
        raise BackupError(f"this backup is of a newer Kith (schema {contents.revision}): update Kith first")
    _prepare(url, contents.revision)
    with opened(file) as source:
        try:
            _fill(url, source)
        except DBAPIError as error:
            reason = type(error.orig).__name__
            raise BackupError(f"the database refused a row ({reason}): nothing was restored") from error
    runner.upgrade(url)
    return contents


def _sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database."""
    parsed = sa.make_url(runner.sync_url(url))
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _prepare(url: str, revision: str) -> None:
    """Bring an empty database to the backup's schema.

    Raises:
        BackupError: it is not empty.
    """
    with engine_of(url) as engine, engine.connect() as connection:
        for table in tables_of(connection):
            if connection.execute(sa.select(sa.literal(1)).select_from(table.clause).limit(1)).first():
                raise BackupError(
                    "the database is not empty: restore into a new one, so that nothing is lost"
                )
        foreign = sa.inspect(connection).get_table_names() if runner.current(url) is None else []
    if foreign:
        raise BackupError(f"the database is used by something else (table {foreign[0]}): name a new one")
    if runner.current(url) not in {None, revision}:
        runner.downgrade(url, "base")
    runner.upgrade(url, revision)


def _fill(url: str, source: Source) -> None:
    """Insert every row in one transaction; it stands or falls as a whole."""
    with engine_of(url) as engine, engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        known = {table.name: table for table in tables_of(connection)}
        later: list[tuple[Table, dict[str, Any]]] = []
        for name, columns, rows in source.tables:
            table = known[name]
            while some := [_native(table, columns, row, sqlite) for row in islice(rows, _AT_ONCE)]:
                later += [
                    (table, row) for row in some if any(row[column] is not None for column in table.later)
                ]
                without = dict.fromkeys(table.later)
                connection.execute(sa.insert(table.clause), [row | without for row in some])
            if not sqlite:
                _count_on(connection, table, source.counters.get(name, 0))
        for table, row in later:
            _refer(connection, table, row)
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise BackupError(f"rows of {broken[0][0]} refer to what is not there: nothing was restored")


def _refer(connection: sa.Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Set a row's references to rows that were inserted after it."""
    clause = table.clause
    mine = (clause.c[column] == row[column] for column in table.key)
    values = {column: row[column] for column in table.later}
    connection.execute(sa.update(clause).where(*mine).values(values))


def _count_on(connection: sa.Connection, table: Table, counted: int) -> None:
    """Let PostgreSQL give the next id after the highest there ever was: an id never comes twice."""
    if table.key != ("id",):
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
    highest = connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(table.clause)) or 0
    if sequence is not None and max(highest, counted) > 0:
        connection.execute(sa.select(sa.func.setval(sequence, max(highest, counted))))


def _native(table: Table, columns: Sequence[str], row: Row, sqlite: bool) -> dict[str, Any]:
    """Return a row as a database of this kind takes it."""
    found: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=True):
        type_ = table.types[column]
        if value is not None and isinstance(type_, sa.DateTime):
            instant = datetime.fromisoformat(value)
            found[column] = instant.replace(tzinfo=None) if sqlite else instant
        elif value is not None and isinstance(type_, sa.LargeBinary):
            found[column] = base64.b64decode(value)
        else:
            found[column] = value
    return found
