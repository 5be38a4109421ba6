"""The command line answers a newcomer and an operator in words, never with a traceback."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def kith(tmp_path):
    """Run `python -m bot …` as an operator would, in an environment without settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KITH_")}
    clean |= {"XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path, env=clean | settings,
        )  # fmt: skip

    return run


def test_run_without_a_token_says_in_three_lines_how_to_get_one(kith):
    done = kith("run")
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 3
    assert "https://discord.com/developers/applications" in lines[0]
    assert "KITH_DISCORD_TOKEN" in lines[1]
    assert "make demo" in lines[2]


def test_a_wrong_setting_stops_every_command_with_a_sentence(kith):
    for command in ("run", "migrate", "doctor", "health", "invite"):
        done = kith(command, KITH_SENDS_PER_SECOND="many")
        assert done.returncode == 2
        assert done.stderr.startswith("✖ KITH_SENDS_PER_SECOND must be a number.")
        assert "Traceback" not in done.stderr


def test_doctor_names_the_fix_and_after_it_is_content(kith, tmp_path):
    settings = {"KITH_DISCORD_TOKEN": "a.b.c", "KITH_DATABASE_URL": f"sqlite:///{tmp_path / 'kith.sqlite3'}"}
    before = kith("doctor", **settings)
    assert before.returncode == 1
    assert "→ kith migrate" in before.stdout
    assert not (tmp_path / "kith.sqlite3").exists(), "doctor changes nothing"
    assert kith("migrate", **settings).returncode == 0
    after = kith("doctor", **settings)
    assert after.returncode == 0, after.stdout
    assert "✖" not in after.stdout
    assert "the schema is current" in after.stdout


def test_doctor_says_when_the_database_does_not_answer(kith, tmp_path):
    broken = tmp_path / "kith.sqlite3"
    broken.write_text("this is no database, and it is long enough to be noticed as such" * 40)
    done = kith("doctor", KITH_DATABASE_URL=f"sqlite:///{broken}")
    assert done.returncode == 1
    assert "✖ the database does not answer" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_migrate_goes_up_down_and_up(kith):
    for revision in ("head", "base", "head"):
        assert kith("migrate", "--to", revision).returncode == 0


def test_invite_prints_one_address_and_a_reason_for_every_permission(kith):
    done = kith("invite", KITH_DISCORD_TOKEN="MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b")
    assert done.returncode == 0
    addresses = [line.strip() for line in done.stdout.splitlines() if "https://" in line]
    assert len(addresses) == 1
    assert addresses[0].startswith("https://discord.com/oauth2/authorize?client_id=123456789012345678&")
    assert "scope=bot+applications.commands" in addresses[0]
    assert "Send Messages" in done.stdout
    assert kith("invite").returncode == 2
    wrong = kith("invite", KITH_DISCORD_TOKEN="a.b.c")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("✖ ")
    assert "Traceback" not in wrong.stderr


def test_health_of_nothing_is_said_in_a_line(kith):
    done = kith("health", KITH_HEALTH_PORT="1")
    assert done.returncode == 1
    assert done.stdout == "✖ nothing answers on port 1: URLError\n"


def test_version_is_printed(kith):
    assert kith("version").stdout.startswith("kith ")
