"""Settings: everything an operator can decide, read from the environment or `.env`, prefix `KITH_`.

`load_settings()` is the one way in. A wrong value becomes one sentence that names the variable, says what is
wrong with it and gives an example; the value itself is never repeated when it is a secret.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core.seal import new_key

DISCORD_API_URL = "https://discord.com/api/v10"
DISCORD_GATEWAY_URL = "wss://gateway.discord.gg/"
MINIMUM_KEY_LENGTH = 32
LONGEST_CONTACT = 200
MOST_SHARDS = 1000

# What each variable may look like; shown when a value is refused.
EXAMPLES = {
    "discord_token": "KITH_DISCORD_TOKEN=MTIz….Gabc12.x3y… (Bot → Reset Token on your application's page)",
    "database_url": "KITH_DATABASE_URL=sqlite:////var/lib/kith/kith.sqlite3 or postgresql://kith@localhost/kith",
    "discord_api_url": f"KITH_DISCORD_API_URL={DISCORD_API_URL}",
    "discord_gateway_url": f"KITH_DISCORD_GATEWAY_URL={DISCORD_GATEWAY_URL}",
    "secret_key": 'KITH_SECRET_KEY=… (python -c "import secrets; print(secrets.token_hex(32))" makes one)',
    "log_level": "KITH_LOG_LEVEL=INFO",
    "log_format": "KITH_LOG_FORMAT=json",
    "sends_per_second": "KITH_SENDS_PER_SECOND=5",
    "dm_opens_per_hour": "KITH_DM_OPENS_PER_HOUR=10",
    "shard_count": "KITH_SHARD_COUNT=4",
    "shard_ids": "KITH_SHARD_IDS=0,1 or 2-3",
    "health_port": "KITH_HEALTH_PORT=8080",
    "phishing_list": "KITH_PHISHING_LIST=/var/lib/kith/phishing.txt",
    "health_host": "KITH_HEALTH_HOST=127.0.0.1",
    "operator_contact": "KITH_OPERATOR_CONTACT=privacy@example.org",
    "keep_left_community_days": "KITH_KEEP_LEFT_COMMUNITY_DAYS=30",
    "keep_settled_days": "KITH_KEEP_SETTLED_DAYS=90",
    "keep_drafts_days": "KITH_KEEP_DRAFTS_DAYS=7",
    "keep_searches_days": "KITH_KEEP_SEARCHES_DAYS=30",
    "keep_reports_days": "KITH_KEEP_REPORTS_DAYS=365",
    "keep_consents_days": "KITH_KEEP_CONSENTS_DAYS=1095",
    "keep_marks_days": "KITH_KEEP_MARKS_DAYS=180",
}

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


class SettingsError(Exception):
    """The settings cannot be used; `sentences` says why, one sentence for each wrong variable."""

    def __init__(self, sentences: list[str]) -> None:
        """Keep the sentences; the text of the error is all of them, a line each."""
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def data_folder() -> Path:
    """The folder Kith keeps its files in when it is told no other: the user's own data folder."""
    return user_data_path("kith", appauthor=False)


def _default_database_url() -> str:
    return f"sqlite+aiosqlite:///{data_folder() / 'kith.sqlite3'}"


def normal_database_url(text: str) -> str:
    """The same database, with the asynchronous driver that Kith uses; ValueError for what it cannot use."""
    scheme, separator, rest = text.strip().partition("://")
    driver = _DRIVERS.get(scheme.lower())
    if not separator or driver is None:
        raise ValueError("must begin with sqlite:// or postgresql://")
    if driver.startswith("sqlite") and not rest.startswith("/"):
        raise ValueError("has two slashes where a SQLite file needs three, or four for a path from the root")
    if driver.startswith("postgresql") and not rest.partition("?")[0].partition("/")[2]:
        raise ValueError("names no database after the host")
    return f"{driver}://{rest}"


def is_private_host(host: str) -> bool:
    """Whether a host is this machine or on a private network, where plain http and ws are acceptable."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _checked_url(text: str, secure: str, plain: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {secure, plain} or not parts.hostname:
        raise ValueError(f"must be a full address that begins with {secure}://")
    if parts.scheme == plain and not is_private_host(parts.hostname):
        raise ValueError(
            f"may use plain {plain}:// only for this machine or a private address; use {secure}:// here"
        )
    return text.strip().rstrip("/") if secure == "https" else text.strip()


def _api_url(text: str) -> str:
    return _checked_url(text, "https", "http")


def _gateway_url(text: str) -> str:
    return _checked_url(text, "wss", "ws")


def _secret_key(secret: SecretStr | None) -> SecretStr | None:
    if secret is None or not secret.get_secret_value().strip():
        return None
    text = secret.get_secret_value().strip()
    if len(text) < MINIMUM_KEY_LENGTH or any(c.isspace() for c in text):
        raise ValueError(f"must be {MINIMUM_KEY_LENGTH} random characters or more, without spaces")
    return SecretStr(text)


def _token(secret: SecretStr | None) -> SecretStr | None:
    text = secret.get_secret_value().strip() if secret is not None else ""
    if not text:
        return None
    if text.lower().startswith("bot ") or any(c.isspace() for c in text):
        raise ValueError("must be the bare token, without the word Bot and without spaces")
    return SecretStr(text)


def _contact(text: str | None) -> str | None:
    """One line that a card can show; what looks like neither an e-mail nor an address is a mistake."""
    text = (text or "").strip()
    if not text:
        return None
    if any(c.isspace() for c in text) or not ("@" in text or text.startswith(("https://", "http://"))):
        raise ValueError("must be an e-mail or a web address")
    if len(text) > LONGEST_CONTACT:
        raise ValueError(f"must have {LONGEST_CONTACT} characters or fewer")
    return text


def _numbers(value: object) -> object:
    """Read `0,1` and `2-5` as whole numbers, each once and in order."""
    if not isinstance(value, str):
        return value
    found: set[int] = set()
    for part in value.split(","):
        first, _, last = (part if "-" in part else f"{part}-{part}").partition("-")
        if not (first.strip().isdecimal() and last.strip().isdecimal()):
            raise ValueError("must be numbers like 0,1 or a range like 2-5")
        if int(last) > MOST_SHARDS:
            raise ValueError(f"must be numbers below {MOST_SHARDS}")
        found |= set(range(int(first), int(last) + 1))
    return tuple(sorted(found))


def _existing(ids: tuple[int, ...] | None, info: ValidationInfo) -> tuple[int, ...] | None:
    count = info.data.get("shard_count", MOST_SHARDS)
    if ids is not None and not (ids and all(0 <= number < count for number in ids)):
        raise ValueError(f"must name shards from 0 to {count - 1}, as KITH_SHARD_COUNT={count} makes them")
    return ids


_Days: TypeAlias = Annotated[int, Field(ge=1, le=3650)]


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator can decide. Each field is the variable `KITH_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="KITH_", env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True,
        extra="ignore", frozen=True, hide_input_in_errors=True,
    )  # fmt: skip

    discord_token: Annotated[SecretStr | None, AfterValidator(_token)] = Field(
        default=None, description="The bot's token from Discord's developer pages; `kith run` needs it."
    )
    database_url: Annotated[str, AfterValidator(normal_database_url)] = Field(
        default_factory=_default_database_url,
        repr=False,  # it may hold a password
        description="Where Kith keeps its data: a SQLite file (the default) or a PostgreSQL database.",
    )
    discord_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        default=DISCORD_API_URL,
        description="Discord's REST address; another one only for the sandbox or a proxy.",
    )
    discord_gateway_url: Annotated[str, AfterValidator(_gateway_url)] = Field(
        default=DISCORD_GATEWAY_URL,
        description="Discord's gateway address; another one only for the sandbox or a proxy.",
    )
    secret_key: Annotated[SecretStr | None, AfterValidator(_secret_key)] = Field(
        default=None,
        description="Seals members' private text; unset, it is made on the first run and kept in a file.",
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", description="How much is logged."
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = Field(
        default="console", description="How it is logged: `console` for people, `json` for machines."
    )
    sends_per_second: float = Field(
        default=5.0, gt=0, le=50, description="Messages per second in all; Discord allows a bot 50."
    )
    dm_opens_per_hour: int = Field(
        default=10, ge=0, le=1000,
        description="Newly opened direct messages per hour; opening many at once gets a bot flagged.",
    )  # fmt: skip
    shard_count: int = Field(
        default=1, ge=1, le=MOST_SHARDS,
        description="How many connections to Discord carry its servers in all; 2,500 servers fit on one.",
    )  # fmt: skip
    shard_ids: Annotated[
        tuple[int, ...] | None, NoDecode, BeforeValidator(_numbers), AfterValidator(_existing)
    ] = Field(
        default=None,
        description="Which of them this process has, when several share the work; unset, all.",
    )
    health_port: int | None = Field(
        default=None, ge=1, le=65535,
        description="Answers /healthz, /readyz and /metrics on this port; unset, it does not.",
    )  # fmt: skip
    health_host: str = Field(
        default="127.0.0.1",
        description="The address that port listens on: this machine alone, or 0.0.0.0 in a container.",
    )
    phishing_list: Path | None = Field(
        default=None,
        description="A file with sites known for phishing, one a line or as a hosts file.",
    )  # fmt: skip
    operator_contact: Annotated[str | None, AfterValidator(_contact)] = Field(
        default=None,
        description="Whom people ask about their data: an e-mail or a web address; in `/privacy policy`.",
    )
    keep_left_community_days: _Days = Field(
        default=30, description="Days until a server that removed Kith is deleted with everything in it."
    )
    keep_settled_days: _Days = Field(
        default=90, description="Days that the record of a sent message or of finished work is kept."
    )
    keep_drafts_days: _Days = Field(
        default=7, description="Days that the contents of a refused form can be taken up again."
    )
    keep_searches_days: _Days = Field(default=30, description="Days that a search without an alert is kept.")
    keep_reports_days: _Days = Field(
        default=365, description="Days that a report is kept after the moderators settled it."
    )
    keep_consents_days: _Days = Field(
        default=1095, description="Days that a consent is kept, as proof, after it was taken back."
    )
    keep_marks_days: _Days = Field(
        default=180,
        description="Days that a deleted person's keyed hash is kept where a bar or another's wish needs it.",
    )

    @property
    def shards(self) -> tuple[int, ...]:
        """The numbers of this process's shards."""
        return self.shard_ids or tuple(range(self.shard_count))

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, when it is SQLite and not in memory."""
        scheme, _, rest = self.database_url.partition(":///")
        name = rest.partition("?")[0]
        return Path(name) if scheme.startswith("sqlite") and name not in {"", ":memory:"} else None

    @property
    def secret_key_file(self) -> Path:
        """Where an unset `secret_key` is kept: beside the SQLite file, else in the data folder."""
        file = self.sqlite_file
        return file.with_suffix(".key") if file is not None else data_folder() / "kith.key"


_WORDS = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be one of {expected}",
    "float_parsing": "must be a number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a number",
}


def _sentence(field: str, kind: str, values: dict[str, object], message: str) -> str:
    if kind in _WORDS:
        problem = _WORDS[kind].format(**values).replace("'", "")
    else:
        problem = message.removeprefix("Value error, ")
    return f"KITH_{field.upper()} {problem}. Example: {EXAMPLES.get(field, '')}".rstrip()


def load_settings(env_file: str | Path | None = ".env") -> Settings:
    """The settings of this process, from its environment and then `env_file`.

    Raises `SettingsError` with one sentence for each wrong variable.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    sentences = [
        _sentence(str(each["loc"][0]), each["type"], dict(each.get("ctx", {})), each["msg"]) for each in found
    ]
    raise SettingsError(sentences)


def secret_key(settings: Settings) -> tuple[str, bool]:
    """The key that seals private text, and whether it was made just now (which must be said).

    Unset, it is read from `settings.secret_key_file`, which is made with mode 0600 when it does not exist.
    Raises `SettingsError` when that file holds no key.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value(), False
    path = settings.secret_key_file
    path.parent.mkdir(parents=True, exist_ok=True)
    key = new_key()
    try:
        # Exclusive creation: of two processes started at once one makes the key and the other reads it.
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(key + "\n")
    except FileExistsError:
        return read_key(path), False
    return key, True


def read_key(path: Path) -> str:
    """The key kept in a file; `SettingsError` when the file does not hold one."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (ValueError, OSError):
        text = ""
    if len(text) < MINIMUM_KEY_LENGTH:
        raise SettingsError(
            [f"The key file {path} holds no key: restore it from a backup, or set KITH_SECRET_KEY."]
        )
    return text


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
