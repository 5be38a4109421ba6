"""Runs migrations on one connection that ``migrations.runner`` hands in."""

from alembic import context
from sqlalchemy import Connection, text


def _migrate(connection: Connection) -> None:
    """Run what is asked for, with SQLite's foreign keys off meanwhile and checked after.

    Batch mode rebuilds a table by dropping it; with foreign keys on, that would delete its children.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(connection=connection, render_as_batch=True)
    with context.begin_transaction():
        if not sqlite:
            # One migrator at a time: a second process waits here and then finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(5391)"))
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"a migration would leave rows without their parents: {broken[:3]}")
    if sqlite:
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


_migrate(context.config.attributes["connection"])
