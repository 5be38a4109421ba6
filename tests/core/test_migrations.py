"""Migrations are a contract: up, down, up on both databases, and models equal migrations."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, text

from bot.core.schema import newest_revision
from bot.core.store import async_url
from migrations import runner
from tests.databases import PostgresTemplate, SQLiteTemplate


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
