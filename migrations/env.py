"""Runs migrations on one connection that ``migrations.runner`` hands in."""

from alembic import context
from sqlalchemy import Connection, text


def _migrate(connection: Connection) -> None:
    """Run what is asked for in one transaction, one process at a time: all of it is done, or nothing.

    Batch mode rebuilds a table by dropping it; with foreign keys on, that would delete its children. So the
    runner leaves them off on SQLite, and here they are checked.
    """
    sqlite = connection.dialect.name == "sqlite"
    context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        if not sqlite:
            # A second process waits here and then finds nothing to do; SQLite's wait when they begin.
            connection.execute(text("SELECT pg_advisory_xact_lock(5391)"))
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"a migration would leave rows without their parents: {broken[:3]}")


_migrate(context.config.attributes["connection"])
