"""All that is logged while something goes on, at the level that says most, as machines read it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot.core.log import configure_logging


class Log(io.StringIO):
    """What was logged so far."""

    def failures(self) -> list[dict[str, Any]]:
        """The lines that say that something failed."""
        return [line for line in self.lines() if line["level"] in ("error", "critical")]

    def lines(self) -> list[dict[str, Any]]:
        """Every line."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@contextmanager
def whole_log() -> Iterator[Log]:
    """Log everything as `kith run` would at DEBUG, into memory."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers), {name: one.level for name, one in _loggers()})
    log, configured = Log(), structlog.get_config()
    try:
        configure_logging("DEBUG", "json")
        structlog.configure(cache_logger_on_first_use=False)  # the next test has loggers of its own
        for handler in root.handlers:
            assert isinstance(handler, logging.StreamHandler)
            handler.setStream(log)
        yield log
    except AssertionError:
        print(*(line.get("exception", line) for line in log.failures()), sep="\n")
        raise
    finally:
        structlog.configure(**configured)
        logging.captureWarnings(capture=False)
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        for name, one in _loggers():
            one.setLevel(before[2].get(name, logging.NOTSET))


def _loggers() -> list[tuple[str, logging.Logger]]:
    known = logging.root.manager.loggerDict.items()
    return [(name, one) for name, one in known if isinstance(one, logging.Logger)]
