"""Forms as members see them: labelled fields with what they are filled with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.kinds import (
    CHECK,
    CHECKS,
    LABEL,
    MAX_INPUT,
    RADIO,
    ROW,
    SELECT,
    SELECTS,
    TEXT,
    TEXT_INPUT,
)  # fmt: skip

Json = Mapping[str, Any]

# Selects whose values are ids.
MENTIONING = SELECTS - {SELECT}
_MARKS = {"user": "@", "role": "@&", "channel": "#"}


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen."""

    label: str
    value: str
    description: str = ""
    default: bool = False


@dataclass(frozen=True)
class Field:
    """One labelled field of a form. `values` holds what it is filled with when the form opens.

    People, roles and channels are ids there; `mentions` has them as members read them.
    """

    label: str
    kind: int
    custom_id: str
    description: str = ""
    placeholder: str = ""
    required: bool = True
    least: int = 0
    most: int = 4000
    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The field as words."""
        yield f"{self.label}{' *' if self.required else ''}"
        if self.description:
            yield f"  {self.description}"
        if self.options:
            chosen = set(self.values)
            yield from (
                f"  {'(x)' if option.value in chosen else '( )'} {option.label}" for option in self.options
            )
        elif self.kind == CHECK:
            yield f"  {'(x)' if self.values else '( )'}"
        else:
            shown = self.mentions if self.kind in MENTIONING else self.values
            yield f"  > {' '.join(shown) or self.placeholder}".rstrip()


@dataclass(frozen=True)
class Form:
    """An open form: its fields in order, and the plain texts between them."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]
    texts: tuple[str, ...] = ()
    parts: tuple[Json, ...] = ()

    def field(self, label: str) -> Field | None:
        """The field with that label (case does not matter), if there is one."""
        return next((field for field in self.fields if field.label.casefold() == label.casefold()), None)

    def lines(self) -> Iterator[str]:
        """The form as words."""
        yield f"« {self.title} »"
        yield from self.texts
        for field in self.fields:
            yield from field.lines()


def options_of(part: Json) -> tuple[Option, ...]:
    """The options of a select, radio group or checkbox group."""
    return tuple(
        Option(str(o["label"]), str(o["value"]), str(o.get("description") or ""), bool(o.get("default")))
        for o in part.get("options") or []
    )


def number_of(part: Json, key: str, default: int) -> int:
    """A number that may be missing."""
    value = part.get(key)
    return default if value is None else int(value)


def form_of(modal: Json) -> Form:
    """The form a modal callback opens."""
    fields: list[Field] = []
    texts: list[str] = []
    for part in modal.get("components") or []:
        if part.get("type") == TEXT:
            texts.append(str(part.get("content") or ""))
        elif part.get("type") == LABEL:
            fields.append(_field(part, part.get("component") or {}))
        elif part.get("type") == ROW:
            fields += [_field(child, child) for child in part.get("components") or []]
    title, custom_id = str(modal.get("title") or ""), str(modal.get("custom_id") or "")
    return Form(title, custom_id, tuple(fields), tuple(texts), tuple(modal.get("components") or []))


def _field(label: Json, part: Json) -> Field:
    """A field from its Label and the component in it."""
    kind = int(part.get("type") or 0)
    options = options_of(part)
    least, most = _bounds(kind, part, len(options))
    return Field(
        label=str(label.get("label") or ""),
        kind=kind,
        custom_id=str(part.get("custom_id") or ""),
        description=str(label.get("description") or ""),
        placeholder=str(part.get("placeholder") or ""),
        required=kind != CHECK and bool(part.get("required", True)),
        least=least,
        most=most,
        options=options,
        values=_values(kind, part, options),
        mentions=tuple(_mention(value) for value in part.get("default_values") or []),
    )


def _bounds(kind: int, part: Json, count: int) -> tuple[int, int]:
    """The least and most characters or choices a field takes."""
    if kind == TEXT_INPUT:
        return number_of(part, "min_length", 0), number_of(part, "max_length", MAX_INPUT)
    if kind in (RADIO, CHECK):
        return (1, 1) if kind == RADIO else (0, 1)
    return number_of(part, "min_values", 1), number_of(part, "max_values", count if kind == CHECKS else 1)


def _values(kind: int, part: Json, options: tuple[Option, ...]) -> tuple[str, ...]:
    """What the field holds when the form opens."""
    if kind == TEXT_INPUT:
        return (str(part["value"]),) if part.get("value") else ()
    if kind == CHECK:
        return ("true",) if part.get("default") else ()
    if kind in MENTIONING:
        return tuple(str(value["id"]) for value in part.get("default_values") or [])
    return tuple(option.value for option in options if option.default)


def _mention(value: Json) -> str:
    return f"<{_MARKS[str(value['type'])]}{value['id']}>"
