"""Migrations are a contract: up, down, up on both databases, and models equal migrations."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, create_engine, inspect, make_url, text

from bot.core.schema import newest_revision
from bot.core.store import async_url
from migrations import runner
from tests.databases import PostgresTemplate, SQLiteTemplate
from tests.house.running import environment


def _engine_url(url: str) -> str:
    return make_url(async_url(url)).render_as_string(hide_password=False).replace("+aiosqlite", "")


def test_models_equal_migrations(database_url: str) -> None:
    engine = create_engine(_engine_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, runner.metadata()) == []
    engine.dispose()


def test_up_down_up(database_url: str) -> None:
    assert runner.current(database_url) == runner.head() == newest_revision()
    runner.downgrade(database_url, "base")
    engine = create_engine(_engine_url(database_url))
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    runner.upgrade(database_url)
    assert runner.current(database_url) == runner.head()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    runner.upgrade(database_url)
    assert runner.current(database_url) == runner.head()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_at_once_wait_for_each_other_and_both_are_content(
    kind: str, postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    with (
        postgres_template.empty() if kind == "postgres" else nullcontext(f"sqlite:///{tmp_path / 'k'}") as url
    ):
        settings = {"KITH_DATABASE_URL": url, "XDG_DATA_HOME": str(tmp_path)}
        with _held_up(url):  # both have begun before either can go on
            both = [
                subprocess.Popen(
                    [sys.executable, "-m", "bot", "migrate"],
                    env=environment(settings), cwd=tmp_path, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                )
                for _ in range(2)
            ]  # fmt: skip
            time.sleep(3)
            assert [each.poll() for each in both] == [None, None]
        said = [each.communicate(timeout=60)[0] for each in both]
        assert [each.returncode for each in both] == [0, 0], said
        assert all(f"is at {runner.head()} now" in each for each in said)
        assert sum(f"-> {runner.head()}" in each for each in said) == 1, "one of them found nothing to do"
        assert runner.current(url) == runner.head()


@contextmanager
def _held_up(url: str) -> Iterator[None]:
    """Hold what migrators wait for."""
    engine = create_engine(_engine_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "SELECT pg_advisory_lock(5391)")
        yield
        connection.exec_driver_sql("ROLLBACK" if sqlite else "SELECT pg_advisory_unlock(5391)")
    engine.dispose()


def test_a_migration_that_fails_half_way_leaves_everything_as_it_was(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations
    from alembic.runtime.environment import EnvironmentContext

    def fail(self: EnvironmentContext, **_kw: object) -> None:
        Operations(self.get_context()).create_table("half_done", Column("id", Integer))
        raise LookupError

    monkeypatch.setattr(EnvironmentContext, "run_migrations", fail)
    with pytest.raises(LookupError):
        runner.upgrade(database_url)
    engine = create_engine(_engine_url(database_url))
    assert "half_done" not in inspect(engine).get_table_names()
    engine.dispose()


def test_an_empty_database_has_no_revision(postgres_template: PostgresTemplate) -> None:
    with postgres_template.empty() as url:
        assert runner.current(url) is None


def test_children_survive_a_batch_change(
    sqlite_template: SQLiteTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic's batch mode drops and renames the parent table; its children must stay."""
    with sqlite_template.copy() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            stamp = "2026-01-05 09:00:00"
            connection.execute(
                text(
                    "INSERT INTO community (id, name, zone, locale, round_weekday, round_hour, round_weeks, "
                    "started, paused, gig_channel_kind, created_at) "
                    f"VALUES (1, 'c', 'UTC', 'en-US', 1, 10, 1, 0, 0, 'forum', '{stamp}')"
                )
            )
            connection.execute(
                text("INSERT INTO person (id, name, locale, dm_state) VALUES (2, 'p', 'en-US', 'open')")
            )
            connection.execute(
                text(
                    "INSERT INTO member (community_id, person_id, headline, comfort, joined_at) "
                    f"VALUES (1, 2, '', 'text', '{stamp}')"
                )
            )
        _rebuild_parent_as_a_migration_would(url, monkeypatch)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM member")) == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        engine.dispose()


def _rebuild_parent_as_a_migration_would(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run env.py itself, with one more step that rebuilds the community table."""
    from alembic.operations import Operations
    from alembic.runtime.environment import EnvironmentContext

    def rebuild(self: EnvironmentContext, **_kw: object) -> None:
        operations = Operations(self.get_context())
        with operations.batch_alter_table("community", recreate="always"):
            pass

    monkeypatch.setattr(EnvironmentContext, "run_migrations", rebuild)
    runner.upgrade(url)


def test_skills_and_the_discipline_become_tags_and_come_back(database_url: str) -> None:
    runner.downgrade(database_url, "0005")
    engine = create_engine(_engine_url(database_url))
    rows = (
        "INSERT INTO community (id, name, zone, locale, round_weekday, round_hour, round_weeks, started, "
        "paused, gig_channel_kind, created_at) "
        "VALUES (1, 'c', 'UTC', 'en-US', 1, 10, 1, false, false, 'forum', '2026-01-05 09:00:00')",
        "INSERT INTO person (id, name, locale, dm_state) VALUES (2, 'p', 'en-US', 'open')",
        "INSERT INTO member (id, community_id, person_id, headline, discipline, comfort, joined_at) "
        "VALUES (3, 1, 2, '', 'analyst', 'text', '2026-01-05 09:00:00')",
        "INSERT INTO member_skill (member_id, side, skill) VALUES (3, 'offer', 'sql'), (3, 'ask', 'pricing')",
    )
    with engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))
    runner.upgrade(database_url)
    tags = "SELECT kind, value FROM member_tag ORDER BY kind"
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(tags))]
    assert found == [("ask", "pricing"), ("discipline", "analyst"), ("offer", "sql")]
    runner.downgrade(database_url, "0005")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT discipline FROM member")) == "analyst"
        assert connection.scalar(text("SELECT count(*) FROM member_skill")) == 2
    engine.dispose()
