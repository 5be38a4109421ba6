"""Settings are forgiving about form, strict about danger, and explain themselves."""

import os
import stat
from pathlib import Path

import pytest

from bot.settings import EXAMPLES, Settings, SettingsError, load_settings, normal_database_url, secret_key

A_KEY = "k" * 43


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    for name in os.environ:
        if name.startswith("KITH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def refused(monkeypatch, **values: str) -> list[str]:
    for name, value in values.items():
        monkeypatch.setenv(f"KITH_{name}", value)
    with pytest.raises(SettingsError) as refusal:
        load_settings(env_file=None)
    return refusal.value.sentences


def test_with_nothing_set_kith_keeps_a_sqlite_file_in_the_users_data_folder(tmp_path):
    settings = load_settings(env_file=None)
    assert settings.sqlite_file == tmp_path / "data" / "kith" / "kith.sqlite3"
    assert settings.discord_token is None


def test_every_setting_is_described_and_has_an_example_in_the_example_file():
    example = Path(".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"KITH_{name.upper()}=" in EXAMPLES[name]
        if "url" not in name or name == "database_url":
            assert f"KITH_{name.upper()}=" in example


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@db/kith", "postgresql+psycopg://u:p@db/kith"),
        ("postgresql://u@db/kith?sslmode=require", "postgresql+psycopg://u@db/kith?sslmode=require"),
        ("postgresql+psycopg://db/kith", "postgresql+psycopg://db/kith"),
        ("sqlite:////srv/kith.sqlite3", "sqlite+aiosqlite:////srv/kith.sqlite3"),
        (" sqlite:///kith.sqlite3 ", "sqlite+aiosqlite:///kith.sqlite3"),
    ],
)
def test_a_database_is_accepted_as_hosts_write_it(given, used):
    assert normal_database_url(given) == used
    assert normal_database_url(used) == used


WRONG = ["mysql://db/kith", "kith.sqlite3", "postgresql://db", "sqlite://kith.db", ""]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_database_that_cannot_be_used_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|names|two slashes"):
        normal_database_url(wrong)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://db/kith"),
        ("DISCORD_API_URL", "http://example.org/api"),
        ("DISCORD_API_URL", "example.org"),
        ("DISCORD_GATEWAY_URL", "ws://203.0.113.77.example"),
        ("DISCORD_GATEWAY_URL", "ws://8.8.8.8"),
        ("DISCORD_TOKEN", "Bot abc.def"),
        ("SECRET_KEY", "short"),
        ("LOG_LEVEL", "chatty"),
        ("LOG_FORMAT", "xml"),
        ("SENDS_PER_SECOND", "0"),
        ("SENDS_PER_SECOND", "nan"),
        ("SENDS_PER_SECOND", "fast"),
        ("DM_OPENS_PER_HOUR", "-1"),
        ("DM_OPENS_PER_HOUR", "1.5"),
        ("OPERATOR_CONTACT", "ask me"),
        ("OPERATOR_CONTACT", "x@" + "y" * 300),
        ("KEEP_LEFT_COMMUNITY_DAYS", "0"),
        ("KEEP_MARKS_DAYS", "forever"),
    ],
)
def test_a_wrong_value_names_the_variable_the_problem_and_an_example(monkeypatch, variable, value):
    (sentence,) = refused(monkeypatch, **{variable: value})
    name, _, rest = sentence.partition(" ")
    problem, _, example = rest.partition(" Example: ")
    assert name == f"KITH_{variable}"
    assert len(problem) > 10
    assert example.startswith(f"KITH_{variable}=")


def test_every_wrong_variable_gets_its_own_sentence_and_no_secret_is_repeated(monkeypatch):
    sentences = refused(monkeypatch, SECRET_KEY="hunter2", DISCORD_TOKEN="Bot hunter2", LOG_LEVEL="x")
    assert len(sentences) == 3
    assert "hunter2" not in "".join(sentences)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/api", "http://localhost", "http://10.1.2.3", "http://[::1]:80"]
)
def test_plain_http_is_for_this_machine_and_private_networks(monkeypatch, url):
    monkeypatch.setenv("KITH_DISCORD_API_URL", url)
    assert load_settings(env_file=None).discord_api_url == url


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch):
    monkeypatch.setenv("KITH_DISCORD_TOKEN", "to.ke.n")
    monkeypatch.setenv("KITH_SECRET_KEY", A_KEY)
    monkeypatch.setenv("KITH_DATABASE_URL", "postgresql://kith:pass@db/kith")
    shown = repr(load_settings(env_file=None))
    assert "to.ke.n" not in shown
    assert A_KEY not in shown
    assert "pass@" not in shown


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("KITH_DISCORD_TOKEN", "")
    monkeypatch.setenv("KITH_SENDS_PER_SECOND", "")
    assert load_settings(env_file=None).discord_token is None


def test_the_key_is_made_once_for_the_owners_eyes_only_and_then_kept():
    settings = load_settings(env_file=None)
    first, made = secret_key(settings)
    again, made_again = secret_key(settings)
    assert (made, made_again) == (True, False)
    assert first == again
    assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600


def test_a_key_that_was_set_is_used_and_nothing_is_written(monkeypatch):
    monkeypatch.setenv("KITH_SECRET_KEY", A_KEY)
    settings = load_settings(env_file=None)
    assert secret_key(settings) == (A_KEY, False)
    assert not settings.secret_key_file.exists()


def test_a_damaged_key_file_is_refused_with_what_to_do():
    settings = load_settings(env_file=None)
    secret_key(settings)
    settings.secret_key_file.write_text("")
    with pytest.raises(SettingsError, match="restore it from a backup"):
        secret_key(settings)
