"""Text that nobody should type, values of the wrong type, and how what Discord sends is bent out of shape."""

import random
from collections.abc import Iterator
from typing import Any

from sandbox.model import Json

WORDS = (
    "",
    "0",
    "1",
    "-1",
    "9" * 19,
    "0" * 20 + "9" * 40,
    str(2**63),
    "1e999",
    "NaN",
    "٣",
    "energy",
    "ocr",
    "Lisbon",
    "older",
    "on",
    "queue",
    "barred",
    "accepted",
    "members",
    "None",
    "true",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "25:61",
    "@everyone @here <@1> <@&2> <#3> </find:4> <id:browse>",
    "@\u200beveryone <@!1> <@&2>",
    "Z\u0310\u0311\u0312\u0313\u0314\u0315a\u0316l\u0317g\u0318o " * 3,
    "\u202eright to left\u202c \u200b\u2066",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 " * 20,
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u3164\u115f\u00ad",
    "**bold** `x` [a](https://example.org) ~~y~~ # z > q\n- list ||spoiler||",
    "```\n@everyone\n``` ```",
    "> " * 500,
    "\n" * 900,
    "null\x00byte",
    "\x1b[31mred\x07\x08",
    "x" * 4000,
    "x" * 6000,
    "👩‍👩‍👧‍👦" * 60,
    "🇵🇹🏳️‍🌈" * 200,
    "{name} {0} %s %n ${x} {community.__class__}",
    "'; DROP TABLE person; --",
    "=HYPERLINK(A1)+cmd|' /C calc'!A0",
    "../../etc/passwd",
    "40",
    "https://exаmple.org/…",
    "<t:99999999999999:R>",
    "a:b:c",
    ":::",
)

WRONG: tuple[Any, ...] = (None, True, 3, -1.5, 2**70, "x", "", [], ["a", None], {}, {"id": "1"})


def text(rng: random.Random) -> str:
    """Something typed; now and then two of them glued together."""
    found = rng.choice(WORDS)
    return found + rng.choice(WORDS) if rng.random() < 0.1 else found


def leaves(options: list[Json]) -> Iterator[tuple[list[Json], int]]:
    """Where the filled-in options of a command are."""
    for place, option in enumerate(options):
        if "options" in option:
            yield from leaves(option["options"])
        else:
            yield options, place


def bent_command(rng: random.Random, data: Json) -> None:
    """Bend a command: a value of the wrong type, an option nobody declared, one left out, an old name."""
    found = list(leaves(data["options"]))
    how = rng.randrange(5)
    if how == 0 or not found:
        data["options"].append({"name": "nobody-declared-me", "type": 3, "value": rng.choice(WRONG)})
        return
    options, place = rng.choice(found)
    if how == 1:
        del options[place]
    elif how == 2:
        options[place]["name"] = "an-older-name"
    else:
        options[place]["value"] = rng.choice(WRONG)


def bent_component(rng: random.Random, data: Json) -> None:
    """Bend a press or a choice: another kind of component, other values, none at all."""
    data["component_type"] = rng.choice((2, 3, 5, 6, 7, 8))
    how = rng.randrange(3)
    if how == 0:
        data.pop("values", None)
    elif how == 1:
        data["values"] = [rng.choice(WRONG) for _one in range(rng.randint(0, 30))]
    else:
        data["custom_id"] = rng.choice(("", ":", "k", "k:", "f:", "s::", "x" * 100, data["custom_id"] + ":"))


def bent_form(rng: random.Random, data: Json) -> None:
    """Bend a form: values of the wrong type, fields of another form, none at all."""
    how = rng.randrange(3)
    if how == 0:
        data["components"] = []
        return
    for part in data["components"]:
        inner = part["component"]
        if how == 1:
            inner["custom_id"] = rng.choice(("nobody", "x" * 100, inner["custom_id"]))
        elif "value" in inner:
            inner["value"] = rng.choice(WRONG)
        else:
            inner["values"] = rng.choice(([None], [3], ["a"] * 30, [""], []))
