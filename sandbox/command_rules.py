"""Hand-written rules for application commands that Discord enforces but its OpenAPI file does not express."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.kinds import MAX_CHOICES, MAX_NAME, MAX_OPTION_TEXT

Json = Mapping[str, Any]

CHAT_INPUT, SUBCOMMAND, GROUP, STRING = 1, 1, 2, 3
MAX_COMMANDS = {1: 100, 2: 15, 3: 15}
MAX_COMMAND_CHARS = 8000


def commands_violations(commands: Sequence[Json]) -> list[str]:
    """Everything wrong with a whole set of commands sent in one upsert."""
    found = [
        line for index, command in enumerate(commands) for line in command_violations(command, f"/{index}")
    ]
    names = Counter((command.get("type", CHAT_INPUT), command.get("name")) for command in commands)
    found += [
        f"duplicate command {name!r} of type {kind}" for (kind, name), count in names.items() if count > 1
    ]
    kinds = Counter(command.get("type", CHAT_INPUT) for command in commands)
    found += [
        f"{count} commands of type {kind}; {MAX_COMMANDS.get(kind, 0)} is the most"
        for kind, count in kinds.items()
        if count > MAX_COMMANDS.get(kind, 0)
    ]
    return found


def command_violations(command: Json, where: str = "") -> list[str]:
    """Everything wrong with one command."""
    found: list[str] = []
    name = str(command.get("name", ""))
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        found += _name_violations(name, where)
        found += _description_violations(command, where)
        found += _options_violations(command.get("options") or [], where, depth=0)
    elif not 1 <= len(name) <= MAX_NAME:
        found.append(f"{where}/name: {name!r} must be 1 to 32 characters")
    elif command.get("description"):
        found.append(f"{where}/description: a context menu has none")
    if (total := sum(_weights(command))) > MAX_COMMAND_CHARS:
        found.append(f"{where}: {total} characters in all; {MAX_COMMAND_CHARS} is the most")
    return found


def _name_violations(name: str, where: str) -> list[str]:
    """Chat command and option names: 1-32 letters, digits, - _ ', lower case."""
    found: list[str] = []
    if not 1 <= len(name) <= MAX_NAME or not all(_name_character(character) for character in name):
        found.append(f"{where}/name: {name!r} does not match the pattern of a command name")
    if name != name.lower():
        found.append(f"{where}/name: {name!r} must be lower case")
    return found


def _name_character(character: str) -> bool:
    """Whether Discord's name pattern accepts the character (marks only in Devanagari and Thai)."""
    if character in "-_'" or unicodedata.category(character)[0] in "LN":
        return True
    return "\u0900" <= character <= "\u097f" or "\u0e00" <= character <= "\u0e7f"


def _description_violations(thing: Json, where: str) -> list[str]:
    text = str(thing.get("description") or "")
    return (
        []
        if 1 <= len(text) <= MAX_OPTION_TEXT
        else [f"{where}/description: 1 to 100 characters, not {len(text)}"]
    )


def _options_violations(options: Sequence[Json], where: str, depth: int) -> list[str]:
    """Rules of a list of options: count, order, names, and each option's own rules."""
    found: list[str] = []
    if len(options) > MAX_CHOICES:
        found.append(f"{where}/options: {len(options)} options; {MAX_CHOICES} is the most")
    names = Counter(option.get("name") for option in options)
    found += [f"{where}/options: duplicate option {name!r}" for name, count in names.items() if count > 1]
    nested = [option.get("type") in (SUBCOMMAND, GROUP) for option in options]
    if any(nested) and not all(nested):
        found.append(f"{where}/options: subcommands cannot be mixed with other options")
    optional_seen = False
    for index, option in enumerate(options):
        here = f"{where}/options/{index}"
        if option.get("required") and optional_seen:
            found.append(f"{here}: required option {option.get('name')!r} after an optional one")
        optional_seen = optional_seen or not option.get("required")
        found += _option_violations(option, here, depth)
    return found


def _option_violations(option: Json, where: str, depth: int) -> list[str]:
    """Rules of one option or subcommand."""
    found = _name_violations(str(option.get("name", "")), where) + _description_violations(option, where)
    kind = option.get("type")
    if kind in (SUBCOMMAND, GROUP):
        if depth > 1 or (depth == 1 and kind == GROUP):
            found.append(f"{where}: nested too deeply")
        return found + _options_violations(option.get("options") or [], where, depth + 1)
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        found.append(f"{where}: choices and autocomplete exclude each other")
    if len(choices) > MAX_CHOICES:
        found.append(f"{where}/choices: {len(choices)} choices; {MAX_CHOICES} is the most")
    return found + choices_violations(choices, f"{where}/choices")


def choices_violations(choices: Sequence[Json], where: str) -> list[str]:
    """Rules of choices, of an option or of an autocomplete answer."""
    found: list[str] = []
    for index, choice in enumerate(choices):
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= MAX_OPTION_TEXT:
            found.append(f"{where}/{index}/value: {len(value)} characters; 1 to {MAX_OPTION_TEXT}")
        if isinstance(value, int) and abs(value) > 2**53:
            found.append(f"{where}/{index}/value: beyond 2^53")
        if not 1 <= len(str(choice.get("name", ""))) <= MAX_OPTION_TEXT:
            found.append(f"{where}/{index}/name: 1 to 100 characters")
    names = Counter(choice.get("name") for choice in choices)
    return found + [f"{where}: duplicate choice {name!r}" for name, count in names.items() if count > 1]


def _weights(thing: Json) -> Iterator[int]:
    """Characters that count towards the 8000 of a command, the longest localisation of each text."""
    for key in ("name", "description"):
        texts = [str(thing.get(key) or ""), *map(str, (thing.get(f"{key}_localizations") or {}).values())]
        yield max(map(len, texts))
    if isinstance(thing.get("value"), str):
        yield len(thing["value"])
    for child in [*(thing.get("options") or []), *(thing.get("choices") or [])]:
        yield from _weights(child)
