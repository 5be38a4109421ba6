"""What `kith doctor` looks at without Discord; each finding carries its exact fix. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from bot.core.clock import SystemClock
from bot.core.memory import Memory
from bot.core.processes import Processes, Share
from bot.core.seal import Sealer, new_key
from bot.core.store import Store
from bot.settings import Settings, SettingsError, read_key, secret_key

# What each optional extra adds, and a module that shows it is there.
EXTRAS = {
    "postgres": ("psycopg", "a PostgreSQL database"),
    "scale": ("scipy", "rounds of thousands of members"),
    "pictures": ("resvg_py", "pictures on cards"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine or not, in words, and how to mend it."""

    fine: bool
    what: str
    fix: str = ""

    def __str__(self) -> str:
        """One line: ✔ what is fine, or ✖ what is not → the fix."""
        return f"✔ {self.what}" if self.fine else f"✖ {self.what} → {self.fix}"


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that can be checked offline, the settings first."""
    findings = [_token(settings), _key(settings)]
    reachable = await asyncio.to_thread(_database, settings)
    findings += reachable
    if all(finding.fine for finding in findings):
        findings += await _sealed_with(settings)
        findings += await _shards(settings)
    findings += [_extra(name, settings) for name in EXTRAS]
    return findings


def _token(settings: Settings) -> Finding:
    if settings.discord_token is None:
        return Finding(
            False,
            "no Discord token",
            "put KITH_DISCORD_TOKEN=… in .env (Bot → Reset Token on discord.com/developers/applications)",
        )
    return Finding(True, "settings are valid and there is a Discord token")


def _key(settings: Settings) -> Finding:
    if settings.secret_key is not None:
        return Finding(True, f"secret key {Sealer([settings.secret_key.get_secret_value()]).fingerprint}")
    path = settings.secret_key_file
    if not path.exists():
        return Finding(True, f"no secret key yet: the first run makes one in {path}")
    try:
        fingerprint = Sealer([read_key(path)]).fingerprint
    except SettingsError as error:
        return Finding(False, "the secret key cannot be read", error.sentences[0])
    if path.stat().st_mode & 0o077:
        return Finding(False, f"others on this machine can read the secret key {path}", f"chmod 600 {path}")
    beside = (
        " (it lies beside the database: a copy of both opens everything; KITH_SECRET_KEY keeps them apart)"
    )
    near = settings.sqlite_file is not None and settings.sqlite_file.parent == path.parent
    return Finding(True, f"secret key {fingerprint} from {path}{beside if near else ''}")


async def _sealed_with(settings: Settings) -> list[Finding]:
    """Whether the key is the one that sealed this database; nothing before the first start."""
    if settings.secret_key is None and not settings.secret_key_file.exists():
        return []
    sealer = Sealer([secret_key(settings)[0]])
    store = Store(settings.database_url, sealer)
    try:
        known = await Memory(store).fingerprint()
    finally:
        await store.close()
    if known is None:
        return []
    if known == sealer.fingerprint:
        return [Finding(True, "the secret key is this database's")]
    return [
        Finding(
            False,
            f"the database was sealed with another secret key ({known})",
            "set KITH_SECRET_KEY to the key it was made with, or restore its key file",
        )
    ]


async def _shards(settings: Settings) -> list[Finding]:
    """Whether every shard has a process, where there are several; nothing while none runs."""
    count = settings.shard_count
    if count == 1:
        return []
    store = Store(settings.database_url, Sealer([new_key()]))  # nothing sealed is read
    try:
        running = await Processes(store, SystemClock(), Share(count, settings.shards)).others()
    finally:
        await store.close()
    if not running:
        return []
    other = sorted({one.share.count for one in running} - {count})
    if other:
        what = f"a process counts {other[0]} shards, and these settings {count}"
        return [Finding(False, what, "stop all processes, and start them with the same KITH_SHARD_COUNT")]
    covered = {shard for one in running for shard in one.share.ids}
    missing = [str(shard) for shard in range(count) if shard not in covered]
    if not missing:
        return [Finding(True, f"all {count} shards have a process")]
    ids = ",".join(missing)
    return [
        Finding(False, f"no process has these of {count} shards: {ids}", f"KITH_SHARD_IDS={ids} kith run")
    ]


def _database(settings: Settings) -> list[Finding]:
    """Whether the database answers and has the schema of this version; blocking, run it in a thread."""
    file = settings.sqlite_file
    if file is not None and not file.exists():
        return [Finding(False, f"no database yet at {file}", "kith migrate")]
    from migrations import runner  # Alembic, for this command alone

    try:
        current = runner.current(settings.database_url)
    except Exception as error:  # noqa: BLE001 - whatever the driver says is the finding
        return [
            Finding(False, f"the database does not answer: {_first_line(error)}", _database_fix(settings))
        ]
    newest = runner.head()
    answers = Finding(True, "the database answers")
    if current == newest:
        return [answers, Finding(True, f"the schema is current ({newest})")]
    return [
        answers,
        Finding(False, f"the schema is {current or 'empty'} and should be {newest}", "kith migrate"),
    ]


def _database_fix(settings: Settings) -> str:
    if settings.sqlite_file is not None:
        return f"check that {settings.sqlite_file} is a SQLite file this user may read and write"
    return "check that the server of KITH_DATABASE_URL runs and lets this user in"


def _first_line(error: Exception) -> str:
    """An error's first line; drivers never put the password there."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _extra(name: str, settings: Settings, find: Callable[[str], object | None] = find_spec) -> Finding:
    """Whether an extra is there; only one that the settings need can be missing."""
    module, purpose = EXTRAS[name]
    if find(module) is not None:
        return Finding(True, f"extra {name} is installed")
    needed = name == "postgres" and settings.database_url.startswith("postgresql")
    install = f"pip install 'kith[{name}]'"
    if needed:
        return Finding(False, f"extra {name} is missing, and KITH_DATABASE_URL needs it", install)
    return Finding(True, f"extra {name} is not installed; {purpose} would need it ({install})")
