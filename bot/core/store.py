"""The database, SQLite or PostgreSQL: units of work, and types that refuse what would be lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot.core.seal import Sealer

_BUSY_MS = 10_000
_LEFT_WITHIN = 0.5  # seconds of real time for units of work that are still open
_WRITE = "kith_write"

BigId = BigInteger().with_variant(Integer, "sqlite")
"""An id that Discord or the database gives; SQLite only counts up in a plain INTEGER."""


Unit: TypeAlias = AsyncSession
"""An open unit of work, for those who only pass it on."""


class Base(DeclarativeBase):
    """What all tables derive from; constraints are named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An instant; naive values are refused, values come back aware and in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no zones, so there the zone is left off."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Private text: plain in Python, encrypted in the database with the store's sealer."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else _sealer(dialect).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else _sealer(dialect).open(value)


def _sealer(dialect: Dialect) -> Sealer:
    """Return the sealer that the store hung on its own engine's dialect."""
    return cast("Sealer", dialect.kith_sealer)  # type: ignore[attr-defined]


def async_url(url: str) -> str:
    """Return the URL with the async driver Kith uses; hosted ``postgres://`` is understood.

    Raises:
        ValueError: neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    backend = parsed.get_backend_name()
    if backend not in drivers:
        raise ValueError(f"Kith stores in SQLite or PostgreSQL, not in {backend}")
    return parsed.set(drivername=drivers[backend]).render_as_string(hide_password=False)


class Store:
    """Opens units of work on one database; a session never leaves the block it was opened in."""

    def __init__(self, url: str, sealer: Sealer) -> None:
        url = async_url(url)
        self.is_sqlite = url.startswith("sqlite")
        # An error's text ends up in logs: it must not repeat what members typed.
        options: dict[str, Any] = {"hide_parameters": True}
        if not self.is_sqlite:
            options |= {"pool_size": 10, "pool_pre_ping": True}
        self._engine = create_async_engine(url, **options)
        self._engine.dialect.kith_sealer = sealer  # type: ignore[attr-defined]
        self._closed = False
        self._inside: list[asyncio.Task[Any]] = []
        self._left = asyncio.Event()
        # The pool forgets a connection that is in use while it is disposed of.
        self._open: set[Any] = set()
        event.listen(self._engine.sync_engine, "do_connect", partial(_connect, self._open))
        event.listen(self._engine.sync_engine, "close", self._forget)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
        self._reader = async_sessionmaker(self._engine, expire_on_commit=False)
        self._writer = async_sessionmaker(
            self._engine.execution_options(**{_WRITE: True}), expire_on_commit=False
        )
        # SQLite has one writer: queueing here is fair and keeps its threads out of busy waits.
        self._turn = asyncio.Lock() if self.is_sqlite else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a unit of work that only looks."""
        with self._unit():
            async with self._reader() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a unit of work that commits on a clean exit and rolls back otherwise."""
        with self._unit():
            async with self._turn or nullcontext(), self._writer() as session, session.begin():
                yield session

    async def close(self) -> None:
        """Close every connection; a unit of work still open is waited for, then cancelled."""
        self._closed = True
        await self._until_left()
        for task in set(self._inside) - {asyncio.current_task()}:
            task.cancel()
        await self._until_left()
        await self._engine.dispose()
        # With an end to it: the thread of a SQLite file may have stopped before it was asked to.
        ending = [one.stop() if self.is_sqlite else one.close() for one in self._open]
        if ending:
            await asyncio.wait([asyncio.ensure_future(one) for one in ending], timeout=_LEFT_WITHIN)

    async def _until_left(self) -> None:
        if self._inside:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), _LEFT_WITHIN)

    @contextmanager
    def _unit(self) -> Iterator[None]:
        """Keep who is inside; a unit that comes late would open a connection that nobody closes any more."""
        if self._closed:
            raise RuntimeError("the store is closed")
        task = asyncio.current_task()
        assert task is not None, "a unit of work is opened in a task"
        self._inside.append(task)
        self._left.clear()
        try:
            yield
        finally:
            self._inside.remove(task)
            if not self._inside:
                self._left.set()

    def _forget(self, connection: Any, _record: object) -> None:
        self._open.discard(connection.driver_connection)


def _connect(opened: set[Any], dialect: Dialect, _record: object, args: Any, options: Any) -> Any:
    """Connect, and know the connection before anything else can fail on it.

    No method of the store: mappers remember dialects, dialects their listeners, and so every store for ever.
    """
    connection = dialect.connect(*args, **options)
    opened.add(connection.driver_connection)
    return connection


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite durable, strict about foreign keys, and leave BEGIN to us."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: a later upgrade would fail at once with "locked"."""
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def after_commit(session: AsyncSession, then: Callable[[], None]) -> None:
    """Call this once the unit of work is stored for certain; never when it is rolled back."""
    event.listen(session.sync_session, "after_commit", lambda _session: then(), once=True)


def portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    """Cut ids into sorted portions that stay below SQLite's limit of variables."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]


async def insert_new(session: AsyncSession, table: type[Base], **values: object) -> bool:
    """Insert a row unless a unique constraint already holds one; tell whether it was new."""
    return await insert_row(session, table, values) is not None


async def insert_row(session: AsyncSession, table: type[Base], values: Mapping[str, object]) -> Any | None:
    """Insert a row unless one with the same unique values exists; return its first key or None."""
    sqlite_used = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(table) if sqlite_used else postgresql.insert(table)
    key = next(iter(table.__table__.primary_key))
    statement = insert.values(**values).on_conflict_do_nothing().returning(key)
    return (await session.execute(statement)).scalar_one_or_none()
