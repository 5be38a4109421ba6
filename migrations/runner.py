"""Brings a database to a revision, and tells which one it has."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from bot.core.store import Base, async_url

TABLES = (
    "bot.core.agenda",
    "bot.core.outbox",
    "bot.core.drafts",
    "bot.core.memory",
    "bot.core.shared",
    "bot.people.tables",
    "bot.community.tables",
    "bot.niches.tables",
    "bot.find.tables",
    "bot.vouches.tables",
    "bot.safety.tables",
    "bot.privacy.tables",
    "bot.intros.tables",
    "bot.circle.tables",
    "bot.gigs.tables",
    "bot.checkins.tables",
    "bot.pods.tables",
)
"""Every module that defines tables: what migrations are compared with."""

_PATIENCE_MS = 120_000
"""How long a second migrator waits for the first."""


def metadata() -> MetaData:
    """Return all tables of all features."""
    for module in TABLES:
        import_module(module)
    return Base.metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def sync_url(url: str) -> str:
    """Return the URL with a blocking driver: migrations and backups are no work for an event loop."""
    parsed = make_url(async_url(url))
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def _run(url: str, what: Callable[[Config], None]) -> None:
    engine = create_engine(sync_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_begin_to_us)
        event.listen(engine, "begin", _begin_alone)
    with engine.connect() as connection:
        what(_config(connection))


def _leave_begin_to_us(connection: Any, _record: object) -> None:
    """Keep Python's driver from beginning and committing by itself, around every change of a table."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")


def _begin_alone(connection: Connection) -> None:
    """Take SQLite's write lock before looking: a second process waits, and then finds nothing to do."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up to a revision, the newest by default."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision; ``base`` empties it."""
    _run(url, lambda config: command.downgrade(config, revision))


def revisions() -> frozenset[str]:
    """Return every revision this code knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def head() -> str:
    """Return the newest revision this code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def current(url: str) -> str | None:
    """Return the revision of the database; None when it is empty."""
    engine = create_engine(sync_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
