"""Structured logs: ids on every line; tokens and members' words on none."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.types import Processor

_NOISY = (
    "alembic.runtime.plugins",
    "apscheduler",
    "aiosqlite",
    "discord.client",
    "discord.gateway",
    "discord.webhook.async_",
    "sqlalchemy.engine",
)
# At DEBUG they write whole requests, events and rows; what members typed is in them.
_TELLTALE = ("discord.http",)
_SECRET_WORDS = ("token", "secret", "password", "authorization")
# Secrets inside a text: in Discord's addresses, a bot's token, a database's password; and the row that
# PostgreSQL repeats when it refuses it.
_SECRETS_IN_TEXT = (
    (re.compile(r"(/(?:interactions|webhooks)/\d+/)[^/\s?\"']+"), r"\1…"),
    (re.compile(r"[\w-]{18,}\.[\w-]{6}\.[\w-]{25,}"), "…"),
    (re.compile(r"(://[^:/@\s]+:)[^@/\s]+@"), r"\1…@"),
    (re.compile(r"(DETAIL:).*?(?=\n\[SQL: |\n\n(?:The above|During) |\Z)", re.DOTALL), r"\1 …"),
)


def _hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name says that it is a secret."""
    for name in event:
        if any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = "…"
    return event


def _without_secrets(text: str) -> str:
    for pattern, shown in _SECRETS_IN_TEXT:
        text = pattern.sub(shown, text)
    return text


def _hide_in_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blank the secrets that stand inside a text, tracebacks included; before JSON escapes it."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _without_secrets(value)
    return event


def _hide_in_line(_logger: object, _method: str, line: str) -> str:
    """Blank the secrets that stand in a finished line, whose traceback was no text before."""
    return _without_secrets(line)


def configure_logging(level: str = "INFO", style: Literal["console", "json"] = "console") -> None:
    """Send structlog's and the standard library's lines through one formatter to stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    # JSON has no place for a traceback object: without format_exc_info, machines would log none at all.
    json: list[Any] = [
        structlog.processors.format_exc_info,
        _hide_in_values,
        structlog.processors.JSONRenderer(),
    ]
    # Plain tracebacks: the pretty ones print local variables, members' words among them.
    plain = structlog.dev.plain_traceback
    console: list[Any] = [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain),
        _hide_in_line,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(json if style == "json" else console),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.ERROR, root.level))
    for name in _TELLTALE:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    logging.captureWarnings(capture=True)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
