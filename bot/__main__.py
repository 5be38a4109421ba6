"""The command line: `kith run`, `migrate`, `doctor`, `version`; also `python -m bot …`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from bot.core.errors import BadToken, WrongKey
from bot.core.log import configure_logging, get_logger
from bot.settings import Settings, SettingsError, load_settings

log = get_logger(__name__)

WENT_WRONG, NEEDS_SETTINGS = 1, 2

HOW_TO_START = """\
Kith needs a bot token: open https://discord.com/developers/applications, press New Application, then Bot → Reset Token.
Put it in the file .env as KITH_DISCORD_TOKEN=<the token>, and run this again.
No Discord server at hand? `make demo` shows everything Kith does, on this machine alone.\
"""  # noqa: E501 - three lines were promised, and an address cannot be broken


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    chosen = _parser().parse_args(arguments)
    if chosen.command == "version":
        print(f"kith {kith_version()}")
        return 0
    try:
        settings = load_settings()
        if chosen.command == "doctor":
            return _doctor(settings)
        if chosen.command == "migrate":
            return _migrate(settings, chosen.to)
        return _run(settings, migrate_first=chosen.migrate)
    except SettingsError as error:
        for sentence in error.sentences:
            print(f"✖ {sentence}", file=sys.stderr)
        return NEEDS_SETTINGS


def kith_version() -> str:
    """Kith's version; from a source tree that is not installed, 'from source'."""
    try:
        return version("kith")
    except PackageNotFoundError:
        return "from source"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kith",
        description="A Discord bot for communities of data entrepreneurs.",
        epilog="Settings come from KITH_ variables or a .env file; .env.example lists them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    run = commands.add_parser("run", help="connect to Discord and work until stopped")
    run.add_argument("--migrate", action="store_true", help="bring the database up to date first")
    migrate = commands.add_parser("migrate", help="bring the database to the current schema")
    migrate.add_argument(
        "--to", default="head", metavar="REVISION", help="another revision; `base` empties it"
    )
    commands.add_parser("doctor", help="check settings, database, schema, key and extras; changes nothing")
    commands.add_parser("version", help="print the version")
    return parser


def _run(settings: Settings, *, migrate_first: bool) -> int:
    """Run the bot until it is told to stop."""
    if settings.discord_token is None:
        print(HOW_TO_START, file=sys.stderr)
        return NEEDS_SETTINGS
    configure_logging(settings.log_level, settings.log_format)
    if migrate_first:
        _migrate_to(settings, "head")
    # Imported here: discord.py takes half a second that `kith doctor` and `kith version` need not spend.
    from bot.app import run
    from bot.core.schema import OldSchema

    try:
        asyncio.run(run(settings))
    except KeyboardInterrupt:
        return 0
    except (OldSchema, BadToken) as error:
        print(f"✖ {error}", file=sys.stderr)
        return WENT_WRONG
    except WrongKey as error:
        fix = "set KITH_SECRET_KEY to the key this database was made with, or restore its key file"
        print(f"✖ The secret key is not this database's: {error} → {fix}", file=sys.stderr)
        return WENT_WRONG
    return 0


def _migrate(settings: Settings, revision: str) -> int:
    configure_logging(settings.log_level, settings.log_format)
    before, after = _migrate_to(settings, revision)
    print(f"✔ the schema was at {before or 'nothing'} and is at {after or 'nothing'} now")
    return 0


def _migrate_to(settings: Settings, revision: str) -> tuple[str | None, str | None]:
    """Bring the database to a revision; the revisions before and after."""
    from migrations import runner  # Alembic loads for this command alone

    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    before = runner.current(settings.database_url)
    if revision == "base" or (before and revision not in {"head", before} and _is_older(revision, before)):
        runner.downgrade(settings.database_url, revision)
    else:
        runner.upgrade(settings.database_url, revision)
    return before, runner.current(settings.database_url)


def _is_older(revision: str, than: str) -> bool:
    """Revisions are numbered (0001, 0002 …), so their names sort as they follow each other."""
    return revision < than


def _doctor(settings: Settings) -> int:
    from bot.doctor import examine

    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(finding)
    wrong = sum(not finding.fine for finding in findings)
    print("Everything is in order." if not wrong else f"{wrong} of {len(findings)} need you.")
    return WENT_WRONG if wrong else 0


if __name__ == "__main__":
    # `kith run | head` must not end in a traceback.
    try:
        sys.exit(main())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WENT_WRONG)
