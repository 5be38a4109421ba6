"""The command line: `kith run`, `migrate`, `doctor`, `backup` … (`kith --help`); also `python -m bot …`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.core.errors import BadToken, ShutOut, WrongKey
from bot.core.log import configure_logging, get_logger
from bot.core.seal import Sealer
from bot.settings import Settings, SettingsError, load_settings, secret_key

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
        return _do(chosen, settings)
    except SettingsError as error:
        for sentence in error.sentences:
            print(f"✖ {sentence}", file=sys.stderr)
        return NEEDS_SETTINGS


def _do(chosen: argparse.Namespace, settings: Settings) -> int:
    commands: dict[str, Callable[[], int]] = {
        "run": lambda: _run(settings, migrate_first=chosen.migrate),
        "migrate": lambda: _migrate(settings, chosen.to),
        "doctor": lambda: _doctor(settings),
        "invite": lambda: _invite(settings),
        "health": lambda: _health(settings),
        "backup": lambda: _back_up(settings, chosen.file),
        "restore": lambda: _restore(settings, chosen.file),
    }
    return commands[chosen.command]()


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
    commands.add_parser(
        "invite", help="print the address that adds Kith to a server, and why it asks for what"
    )
    commands.add_parser("health", help="ask the running Kith whether it is well: 0 if it is, else 1")
    backup = commands.add_parser("backup", help="write everything but the secret key into one file")
    backup.add_argument("file", type=Path, help="a new file; Kith may run meanwhile")
    restore = commands.add_parser("restore", help="fill an empty database from a backup")
    restore.add_argument("file", type=Path, help="what `kith backup` wrote, from either kind of database")
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
    except ShutOut as error:
        print(f"✖ Discord shut Kith out: {error}", file=sys.stderr)
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


def _invite(settings: Settings) -> int:
    from bot.invite import invitation

    if settings.discord_token is None:
        print(HOW_TO_START, file=sys.stderr)
        return NEEDS_SETTINGS
    try:
        print(invitation(settings.discord_token.get_secret_value()))
    except BadToken as error:
        return _failed(error)
    return 0


def _health(settings: Settings) -> int:
    from bot.health import examine

    fine, line = asyncio.run(examine(settings))
    print(line)
    return 0 if fine else WENT_WRONG


def _back_up(settings: Settings, file: Path) -> int:
    from bot import backup  # Alembic loads for these commands alone

    configure_logging("WARNING", settings.log_format)
    try:
        held = backup.back_up(settings.database_url, file)
    except (backup.BackupError, backup.NoAnswer) as error:
        return _failed(error)
    print(f"✔ {held.rows} rows of {held.tables} tables are in {file}")
    if held.fingerprint is not None:
        print(f"  The secret key {held.fingerprint} is not in it: keep a copy of it, and keep it elsewhere.")
    return 0


def _restore(settings: Settings, file: Path) -> int:
    from bot import backup

    configure_logging("WARNING", settings.log_format)
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    there = settings.secret_key is not None or settings.secret_key_file.exists()
    fingerprint = Sealer([secret_key(settings)[0]]).fingerprint if there else None
    try:
        held = backup.restore(settings.database_url, file, fingerprint)
    except (backup.BackupError, backup.NoAnswer) as error:
        return _failed(error)
    print(f"✔ {held.rows} rows of {held.tables} tables are back, of schema {held.revision}")
    if held.messages or held.work:
        print(f"  {held.messages} messages and {held.work} pieces of work wait and are done when Kith runs.")
        print("  What was said after the backup was made may be said again.")
    return 0


def _failed(error: Exception) -> int:
    """Say what went wrong; of a driver's error, its own first line."""
    driver = getattr(error, "orig", None)
    said = f"the database does not answer: {driver}" if driver is not None else str(error)
    print(f"✖ {said.splitlines()[0]}", file=sys.stderr)
    return WENT_WRONG


if __name__ == "__main__":
    # `kith run | head` must not end in a traceback.
    try:
        sys.exit(main())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WENT_WRONG)
