"""Whether the database has the tables this code expects; cheap, without Alembic."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.core.store import Store

_MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


class OldSchema(Exception):
    """The database is empty or older than the code; ``kith migrate`` mends it."""


def newest_revision() -> str:
    """Return the newest migration's number, read from the files' names."""
    return max(file.name.partition("_")[0] for file in _MIGRATIONS.glob("[0-9]*_*.py"))


async def revision_of(store: Store) -> str | None:
    """Return the database's revision; None when it was never migrated."""
    try:
        async with store.read() as session:
            revision: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
            return revision
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error):
            return None
        raise


async def require_current(store: Store) -> None:
    """Refuse to run on a schema that is not this code's.

    Raises:
        OldSchema: with a sentence that says what to do.
    """
    found, wanted = await revision_of(store), newest_revision()
    if found != wanted:
        has = "is empty" if found is None else f"is at revision {found}"
        raise OldSchema(f"The database {has}; this version needs {wanted}. Run: kith migrate")
