"""The fields of a form, and reading them back from what Discord sends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.edge import kit

LABEL_MAX = 45
ABOUT_MAX = 100
TEXT_MAX = 4000
RADIO_MIN, RADIO_MAX = 2, 10
# Marks a menu of which one value counts; a submitted menu does not say how many could be chosen.
_SINGLE = "="

_LABEL, _ROW, _TEXT, _MENU, _RADIO = 18, 1, 4, 3, 21


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled field of a form."""

    name: str
    text: str
    item: ui.Item[Any]
    about: str | None = None

    def label(self) -> ui.Label[Any]:
        """Return the field as Discord wants it."""
        return ui.Label(
            text=kit.plain(self.text, LABEL_MAX) or "…",
            description=kit.plain(self.about or "", ABOUT_MAX) or None,
            component=self.item,
        )


def text_field(
    name: str,
    label: str,
    *,
    required: bool = True,
    min: int | None = None,
    max: int = 1000,
    value: object = None,
    placeholder: str | None = None,
    description: str | None = None,
    long: bool = False,
) -> Field:
    """Ask for text: one line, or several with `long`."""
    most = min_of(max, TEXT_MAX)
    filled = first_of(value)
    item: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        required=required,
        min_length=min,
        max_length=most,
        default=filled[:most] or None,
        placeholder=kit.plain(placeholder or "", ABOUT_MAX) or None,
    )
    return Field(name, label, item, description)


def choice_field(
    name: str,
    label: str,
    options: Iterable[kit.Option],
    *,
    required: bool = True,
    value: object = None,
    placeholder: str | None = None,
    description: str | None = None,
) -> Field:
    """Ask for one of several: radio buttons up to ten, a menu above."""
    shown = kit.menu_options(options, [first_of(value)])
    if not RADIO_MIN <= len(shown) <= RADIO_MAX:
        item: ui.Item[Any] = _menu(_SINGLE + name, shown, required, 1, 1, placeholder)
    else:
        item = ui.RadioGroup(
            custom_id=name,
            required=required,
            options=[
                discord.RadioGroupOption(
                    label=one.label, value=one.value, description=one.description, default=one.default
                )
                for one in shown
            ],
        )
    return Field(name, label, item, description)


def choices_field(
    name: str,
    label: str,
    options: Iterable[kit.Option],
    *,
    required: bool = True,
    min: int = 1,
    max: int = kit.OPTIONS_MAX,
    values: object = (),
    placeholder: str | None = None,
    description: str | None = None,
) -> Field:
    """Ask for several out of at most 25, in a menu."""
    shown = _ticked(options, values, max)
    return Field(name, label, _menu(name, shown, required, min, max, placeholder), description)


def checks_field(
    name: str,
    label: str,
    options: Iterable[kit.Option],
    *,
    required: bool = False,
    min: int | None = None,
    max: int | None = None,
    values: object = (),
    description: str | None = None,
) -> Field:
    """Ask for any of at most ten, as boxes to tick."""
    shown = _ticked(options, values, max or RADIO_MAX)[:RADIO_MAX]
    least = min if min is not None else (1 if required else 0)
    item: ui.CheckboxGroup[Any] = ui.CheckboxGroup(
        custom_id=name,
        required=required,
        min_values=min_of(least, len(shown)),
        max_values=min_of(max or len(shown), len(shown)),
        options=[
            discord.CheckboxGroupOption(
                label=one.label, value=one.value, description=one.description, default=one.default
            )
            for one in shown
        ],
    )
    return Field(name, label, item, description)


def read_values(components: Iterable[Mapping[str, Any]]) -> dict[str, str | list[str]]:
    """Read the values of a submitted form by field name."""
    values: dict[str, str | list[str]] = {}
    for outer in components:
        if outer.get("type") == _ROW:
            values.update(read_values(outer.get("components") or ()))
            continue
        inner = outer.get("component") if outer.get("type") == _LABEL else outer
        if isinstance(inner, Mapping) and "custom_id" in inner:
            name, value = _value(inner)
            values[name] = value
    return values


def _value(component: Mapping[str, Any]) -> tuple[str, str | list[str]]:
    name = str(component["custom_id"])
    if component.get("type") in (_TEXT, _RADIO):
        return name, str(component.get("value") or "")
    if "values" not in component and "value" in component:
        return name, str(component["value"])
    chosen = [str(value) for value in component.get("values") or ()]
    if name.startswith(_SINGLE):
        return name.removeprefix(_SINGLE), chosen[0] if chosen else ""
    return name, chosen


def _menu(
    custom_id: str,
    shown: list[discord.SelectOption],
    required: bool,
    least: int,
    most: int,
    placeholder: str | None,
) -> ui.Select[Any]:
    """Make a menu for a form; Discord refuses `min_values` 0 where an answer is required."""
    floor = 1 if required else 0
    return ui.Select(
        custom_id=custom_id,
        options=shown,
        required=required,
        min_values=min_of(least if required and least > floor else floor, len(shown)),
        max_values=min_of(most, len(shown)),
        placeholder=kit.plain(placeholder or "", ABOUT_MAX) or None,
    )


def _ticked(options: Iterable[kit.Option], values: object, most: int) -> list[discord.SelectOption]:
    """Preselect `values`, never more than may be chosen (Discord refuses that form)."""
    given = [values] if isinstance(values, str) else values
    chosen: Collection[str] = [str(one) for one in given] if isinstance(given, Iterable) else ()
    shown = kit.menu_options(options, chosen)
    left = most
    for one in shown:
        one.default = one.default and left > 0
        left -= one.default
    return shown


def first_of(value: object) -> str:
    """Return a value as text: the first of a list, "" for none."""
    if isinstance(value, (list, tuple)):
        return str(value[0]) if value else ""
    return "" if value is None else str(value)


def min_of(*numbers: int) -> int:
    """Return the smallest number (`min` is a field's own word here)."""
    return sorted(numbers)[0]
