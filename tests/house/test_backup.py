"""`kith backup` and `kith restore`: a whole world moves between databases, and nothing is lost on the way."""

import gzip
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.backup import BackupError, back_up, examine, restore
from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.memory import Memory
from bot.core.seal import Sealer
from bot.core.store import Store
from migrations import runner
from tests.conftest import KEY
from tests.databases import PostgresTemplate
from tests.house.running import environment
from tests.privacy.world import ANA, BEN, World, mark, opened

THE_KEY = KEY.replace(" ", "-")
FINGERPRINT = Sealer([THE_KEY]).fingerprint

# A row that refers to a later one of its own table.
FORWARD = (
    "UPDATE commitment SET carried_from = (SELECT max(id) FROM commitment) "
    "WHERE id = (SELECT min(id) FROM commitment)"
)

Rows = dict[str, list[dict[str, Any]]]


async def dump(url: str) -> Rows:
    """Every row of every table, sealed text opened with the key."""
    store = Store(url, Sealer([THE_KEY]))
    try:
        found = await World.dump(type("Reader", (), {"store": store})())
    finally:
        await store.close()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


async def new_id(url: str, clock: TurnedClock) -> int:
    """The id that a new row gets."""
    store = Store(url, Sealer([THE_KEY]))
    async with store.write() as session:
        row = AgendaRow(kind="job", subject=1, key="new", due_at=clock.now(), state="waiting", attempts=0)
        session.add(row)
        await session.flush()
        found = row.id
    await store.close()
    return found


async def fill(url: str, clock: TurnedClock) -> Rows:
    """A world in which people did everything."""
    async with opened(url, clock) as world:
        await Memory(world.store).require_key(world.app.sealer.fingerprint)
        for person in (ANA, BEN):
            await world.fill(person)
        await world.due(timedelta(days=8))  # a round: they meet
        await world.deliver()
        await world.between(ANA, BEN)
        await world.between(BEN, ANA)
        async with world.store.write() as session:
            await session.execute(text(FORWARD))
    return await dump(url)


async def test_a_whole_world_moves_to_postgresql_and_back(
    sqlite_url: str, postgres_template: PostgresTemplate, clock: TurnedClock, tmp_path: Path
) -> None:
    world = await fill(sqlite_url, clock)
    filled = {name for name, rows in world.items() if rows}
    assert {"member", "outbox", "agenda", "introduction", "checkin", "circle_person", "audit"} <= filled
    to_postgres, to_sqlite = tmp_path / "from-sqlite", tmp_path / "from-postgres"
    held = back_up(sqlite_url, to_postgres)
    assert held.rows == sum(len(rows) for rows in world.values())
    assert held.messages == sum(row["state"] == "waiting" for row in world["outbox"]) > 0
    assert any((row["carried_from"] or 0) > row["id"] for row in world["commitment"])
    with postgres_template.empty() as url:
        restore(url, to_postgres, FINGERPRINT)
        assert await dump(url) == world
        assert back_up(url, to_sqlite) == held
        assert await new_id(url, clock) > max(row["id"] for row in world["agenda"])
    home = f"sqlite:///{tmp_path / 'home.sqlite3'}"
    restore(home, to_sqlite, FINGERPRINT)
    assert await dump(home) == world
    assert runner.current(home) == runner.head()


async def test_a_copy_is_made_while_kith_writes(
    database_url: str, clock: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    async with opened(database_url, clock) as world, world.store.write() as session:
        await world.app.people.note(session, 71_000_001, ANA, "round.run", detail="not yet certain")
        back_up(database_url, file)
    restore(home := f"sqlite:///{tmp_path / 'home.sqlite3'}", file, FINGERPRINT)
    rows = await dump(home)
    assert len(rows["community"]) == 2
    assert rows["audit"] == [], "what was not certain is not in it"


async def test_private_words_are_sealed_in_the_file_and_the_key_is_not_in_it(
    database_url: str, clock: TurnedClock, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    async with opened(database_url, clock) as world:
        await Memory(world.store).require_key(world.app.sealer.fingerprint)
        await world.fill(ANA)
    back_up(database_url, file)
    raw = file.read_bytes()
    inside = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    assert mark(ANA, "headline").encode() in inside
    assert mark(ANA, "commitment").encode() not in inside
    assert THE_KEY.encode() not in inside
    assert FINGERPRINT.encode() in inside
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_only_an_empty_database_the_right_key_and_a_whole_file_are_taken(
    database_url: str, clock: TurnedClock, tmp_path: Path
) -> None:
    await fill(database_url, clock)
    file, home = tmp_path / "copy", f"sqlite:///{tmp_path / 'home.sqlite3'}"
    before = await dump(database_url)
    back_up(database_url, file)
    with pytest.raises(BackupError, match="not empty"):
        restore(database_url, file, FINGERPRINT)
    assert await dump(database_url) == before
    with pytest.raises(BackupError, match=f"sealed with the secret key {FINGERPRINT}, not 0123"):
        restore(home, file, "0123")
    with pytest.raises(BackupError, match="there is no key here"):
        restore(home, file, None)
    with pytest.raises(BackupError, match="exists already"):
        back_up(database_url, file)
    raw = file.read_bytes()
    half = len(raw) // 2
    cut = raw[:-1] if raw[:2] == b"\x1f\x8b" else raw[:-4096]
    for damaged in (cut, raw[:half], raw[:half] + bytes(4096) + raw[half + 4096 :], b"", b"not a backup"):
        (part := tmp_path / "part").write_bytes(damaged)
        with pytest.raises(BackupError, match=r"no backup of Kith|not whole"):
            restore(home, part, FINGERPRINT)
    assert "home.sqlite3" not in os.listdir(tmp_path)


def test_a_file_without_its_last_rows_or_of_a_newer_kith_is_refused(tmp_path: Path) -> None:
    head = {"kith_backup": 1, "revision": runner.head(), "fingerprint": None, "counters": {}}
    table = {"table": "remembered", "columns": ["key", "value"]}
    lines = [head, table, ["a", "b"], {"rows": 1}]

    def written(*lines: object) -> Path:
        (file := tmp_path / "lines").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
        return file

    assert examine(written(*lines)).rows == 1
    for wrong, why in (
        (lines[:-1], "not whole"),
        ([*lines[:2], lines[3]], "0 of 1 rows"),
        (lines[:1], "damaged"),
        ([head | {"kith_backup": 2}, *lines[1:]], "newer Kith"),
    ):
        with pytest.raises(BackupError, match=why):
            examine(written(*wrong))
    newer = written(head | {"revision": "9999"}, *lines[1:])
    with pytest.raises(BackupError, match="newer Kith"):
        restore(f"sqlite:///{tmp_path / 'home.sqlite3'}", newer, None)


def test_a_row_the_database_refuses_leaves_it_empty(tmp_path: Path) -> None:
    head = {"kith_backup": 1, "revision": runner.head(), "fingerprint": None, "counters": {}}
    table = {"table": "remembered", "columns": ["key", "value"]}
    lines = [head, table, ["a", "b"], ["a", "the same key"], {"rows": 2}]
    file, database = tmp_path / "lines", tmp_path / "home.sqlite3"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    with pytest.raises(BackupError, match="nothing was restored"):
        restore(f"sqlite:///{database}", file, None)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM remembered").fetchone() == (0,)
    connection.close()


def test_a_copy_of_an_older_kith_is_brought_up_to_date(tmp_path: Path) -> None:
    old, home = f"sqlite:///{tmp_path / 'old.sqlite3'}", f"sqlite:///{tmp_path / 'home.sqlite3'}"
    runner.upgrade(old, "0003")
    with sqlite3.connect(tmp_path / "old.sqlite3") as connection:
        connection.execute("INSERT INTO person (id, name, locale, dm_state) VALUES (2, 'p', 'en-US', 'open')")
    connection.close()
    assert back_up(old, tmp_path / "copy").revision == "0003"
    runner.upgrade(home)  # prepared, as `kith migrate` does
    restore(home, tmp_path / "copy", None)
    assert runner.current(home) == runner.head()
    with sqlite3.connect(tmp_path / "home.sqlite3") as connection:
        assert connection.execute("SELECT name FROM person").fetchall() == [("p",)]
    connection.close()


def test_the_commands_say_what_they_did_and_what_to_keep(sqlite_url: str, tmp_path: Path) -> None:
    def kith(*arguments: str, key: str = THE_KEY, file: str = "kith.sqlite3") -> tuple[int, str]:
        url = f"sqlite:///{tmp_path / file}"
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
            env=environment({"KITH_DATABASE_URL": url, "KITH_SECRET_KEY": key}),
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "kith.sqlite3")
    with sqlite3.connect(tmp_path / "kith.sqlite3") as connection:
        connection.execute("INSERT INTO remembered VALUES ('secret key', ?)", [FINGERPRINT])
    connection.close()
    code, said = kith("backup", "monday.backup")
    assert code == 0
    assert "✔ 1 rows of" in said
    assert f"The secret key {FINGERPRINT} is not in it" in said
    assert kith("backup", "monday.backup") == (1, "✖ monday.backup exists already: name another file\n")
    code, said = kith("restore", "monday.backup", key="another-key-that-is-long-enough-0123456789", file="b")
    assert code == 1
    assert f"sealed with the secret key {FINGERPRINT}" in said
    assert kith("restore", "nothing", file="b") == (1, "✖ there is no file nothing\n")
    code, said = kith("restore", "monday.backup", file="b")
    assert code == 0
    assert "✔ 1 rows of" in said
