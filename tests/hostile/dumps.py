"""All rows of a database, and whose they are."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import select

from bot.core.store import Store
from migrations.runner import metadata

Row: TypeAlias = tuple[tuple[str, Any], ...]
Dump: TypeAlias = Mapping[str, list[Row]]


async def dump(store: Store, *, but: Iterable[str] = ()) -> Dump:
    """Every row of every table, except of some."""
    found: dict[str, list[Row]] = {}
    async with store.read() as session:
        for table in metadata().sorted_tables:
            if table.name not in but:
                rows = (await session.execute(select(table))).mappings()
                found[table.name] = sorted((tuple(dict(row).items()) for row in rows), key=repr)
    return found


def changes(before: Dump, after: Dump) -> list[str]:
    """What is in one and not in the other, row by row."""
    found = []
    for table in before:
        found += [f"- {table} {dict(row)}" for row in before[table] if row not in after[table]]
        found += [f"+ {table} {dict(row)}" for row in after[table] if row not in before[table]]
    return found


def rows_of(found: Dump, community_id: int) -> Dump:
    """The rows that belong to a community: by its id, or by what they point to."""
    kept: dict[str, list[Row]] = {}
    for table in metadata().sorted_tables:
        points = {
            key.parent.name: {dict(one)[key.column.name] for one in kept.get(key.column.table.name, ())}
            for key in table.foreign_keys
        }
        rows = found.get(table.name, ())
        kept[table.name] = [row for row in rows if _belongs(dict(row), table.name, points, community_id)]
    return kept


def _belongs(row: Mapping[str, Any], table: str, points: Mapping[str, set[Any]], community_id: int) -> bool:
    own = row["id"] if table == "community" else row.get("community_id")
    if own is not None:
        return bool(own == community_id)
    return any(row[name] in there for name, there in points.items() if row[name] is not None)
