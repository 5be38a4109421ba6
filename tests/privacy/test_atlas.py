"""Every table and every column that may name a person is accounted for: a new one cannot be forgotten."""

import pytest
from sqlalchemy import BigInteger, Column

from bot.app import App
from bot.core.clock import TurnedClock
from bot.privacy import atlas
from migrations.runner import metadata
from sandbox import Sandbox
from tests.stage import running

TABLES = metadata().tables
REACHED = {way.table for way in atlas.all_ways()}
NAMED = {(naming.table, naming.column) for naming in atlas.NAMINGS}

# Numbers that are no person's: of messages, channels, roles, and rows that other columns explain.
PLACES = {
    "channel_id",
    "message_id",
    "role_id",
    "room_id",
    "thread_id",
    "dm_channel_id",
    "subject",
    "board_id",
    "post_id",
}


def names_somebody(column: Column[object]) -> bool:
    """Whether a column holds an id that no foreign key to anything but a person explains."""
    if column.foreign_keys:
        return any(key.column.table.name in atlas.ROOTS for key in column.foreign_keys)
    is_id = isinstance(column.type, BigInteger) or column.name.endswith(("_id", "_by", "recipient"))
    place = column.name in PLACES or column.name.endswith(("_channel_id", "_message_id", "community_id"))
    return is_id and not place and not column.primary_key


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_is_reached_from_a_person_or_listed_with_a_reason(name: str) -> None:
    found = name in REACHED | set(atlas.ROOTS) or any(table == name for table, _column in NAMED)
    assert found != (name in atlas.WITHOUT_PEOPLE), name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_that_names_somebody_is_known(name: str) -> None:
    ways = {(way.table, way.column) for way in atlas.all_ways()}
    amounts = {("gig", "low"), ("gig", "high"), ("gig_alert", "low")}  # of money
    for column in TABLES[name].c:
        if names_somebody(column) and (name, column.name) not in amounts:
            assert (name, column.name) in ways | NAMED, f"{name}.{column.name}"


def test_the_lists_name_nothing_that_is_not_there() -> None:
    columns = {(table.name, column.name) for table in TABLES.values() for column in table.c}
    hidden = {(table, column) for table, some in atlas.HIDDEN.items() for column in some}
    assert {*atlas.NOT_THEIRS, *atlas.WITH_NAMES, *NAMED, *hidden} <= columns
    assert {*atlas.WITHOUT_PEOPLE, *atlas.TITLES} <= set(TABLES)
    subjects = {where for where in (*atlas.MESSAGES.values(), *atlas.WORK.values()) if where}
    assert subjects <= REACHED


async def test_every_kind_of_message_and_work_tells_what_it_is_about(sqlite_url: str) -> None:
    async with Sandbox(TurnedClock()) as discord:
        discord.guild("Data Collective", owner="Mia")
        app: App
        async with running(sqlite_url, discord, TurnedClock()) as app:
            assert set(app.courier.renderers) == set(atlas.MESSAGES)
            assert set(app.agenda.handlers) == set(atlas.WORK)
