"""How long things are kept, and how an export is read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

MARK_BAR, MARK_AVOID = "bar", "avoid"


@dataclass(frozen=True, slots=True)
class Periods:
    """How many days each thing is kept; the same numbers stand in the policy and in the code that deletes."""

    left_community: int = 30
    settled: int = 90
    drafts: int = 7
    searches: int = 30
    reports: int = 365
    consents: int = 1095
    marks: int = 180


def before(now: datetime, days: int) -> datetime:
    """Return the moment up to which things that are kept so many days are old."""
    return now - timedelta(days=days)


def marked(community_id: int, person_id: int) -> str:
    """Return what is hashed to know a person again who deleted themselves."""
    return f"{community_id}:{person_id}"


def page(data: Mapping[str, Any], title: str) -> str:
    """Write an export as a readable Markdown page."""
    return "\n".join([f"# {title}", "", *_lines(data, 2)]).rstrip() + "\n"


def _lines(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Plain values first, as a list; then every group under a heading of its own."""
    plain = {name: value for name, value in data.items() if not _is_group(value)}
    for name, value in plain.items():
        yield f"- {_words(name)}: {_text(value)}"
    if plain:
        yield ""
    for name, group in data.items():
        if not _is_group(group):
            continue
        yield f"{'#' * min(depth, 6)} {_words(name).capitalize()}"
        yield ""
        if isinstance(group, Mapping):
            yield from _lines(group, depth + 1)
            continue
        for number, row in enumerate(group, start=1):
            yield f"**{number}.**"
            yield ""
            yield from _lines(row, depth + 1)


def _is_group(value: object) -> bool:
    """Tell whether a value has a heading of its own: a group, or a list of groups."""
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(one, Mapping | Sequence) for one in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    """One line, or an indented block where something was typed in several."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(key))}: {_text(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return str(value).replace("\n", "\n  ")
