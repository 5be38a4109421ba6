"""Reading a slash command as a member types it: `/gig post kind:hire title:"Forecast for a bakery"`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r'\s*([^\s:"]+:(?!//))?("(?:\\.|[^"\\])*"|\S+)?')
_ESCAPE = re.compile(r'\\(["\\])')


class Impossible(AssertionError):
    """Discord's client would not let a member do this."""


@dataclass(frozen=True)
class Typed:
    """A typed line: the command's path and the option values, in the order typed."""

    path: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


def parse(line: str) -> Typed:
    """Split a typed line. Values may be quoted; words without `name:` continue the value before them."""
    if not line.startswith("/"):
        raise Impossible(f"a command starts with a slash: {line!r}")
    path: list[str] = []
    options: list[tuple[str, str]] = []
    position, end = 1, len(line.rstrip())
    while position < end:
        match = _WORD.match(line, position)
        if match is None or match.end() == position:
            raise Impossible(f"cannot be typed: {line[position:]!r}")
        position = match.end()
        name, value = match[1], _unquoted(match[2] or "")
        if name:
            options.append((name[:-1], value))
        elif options:
            options[-1] = (options[-1][0], f"{options[-1][1]} {value}".strip())
        else:
            path.append(value)
    if not path:
        raise Impossible("no command is named")
    return Typed(tuple(path), tuple(options))


def _unquoted(value: str) -> str:
    """The value without its quotes."""
    if not value.startswith('"'):
        return value
    if value == '"' or not value.endswith('"'):
        raise Impossible(f"the quote is not closed: {value}")
    return _ESCAPE.sub(r"\1", value[1:-1])
