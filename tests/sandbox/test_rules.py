"""The hand rules refuse what Discord refuses and its OpenAPI file does not express."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import rules

CREATE = ("POST", "/channels/1/messages")
EDIT = ("PATCH", "/channels/1/messages/2")
CALLBACK = ("POST", "/interactions/1/token/callback")
COMMANDS = ("PUT", "/applications/1/commands")
V2 = 1 << 15


def button(**extra: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **extra}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def select(**extra: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "A", "value": "a"}], **extra}


def text(content: str = "hello") -> dict[str, Any]:
    return {"type": 10, "content": content}


def command(**extra: Any) -> dict[str, Any]:
    return {"name": "gig", "description": "Gigs", "type": 1, **extra}


def option(name: str = "kind", **extra: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "A word", **extra}


def form(*fields: dict[str, Any], **extra: Any) -> dict[str, Any]:
    labels = [{"type": 18, "label": f"Field {i}", "component": field} for i, field in enumerate(fields)]
    return {"type": 9, "data": {"custom_id": "f", "title": "Form", "components": labels, **extra}}


def entry(i: int = 0, **extra: Any) -> dict[str, Any]:
    return {"type": 4, "style": 1, "custom_id": f"t{i}", **extra}


REFUSED = [
    (COMMANDS, [command(name="Gig")], "lower case"),
    (COMMANDS, [command(name="gig board")], "pattern"),
    (COMMANDS, [command(), command()], "duplicate command"),
    (COMMANDS, [command(options=[option("a"), option("b", required=True)])], "after an optional"),
    (COMMANDS, [command(options=[option(choices=[{"name": "x", "value": "v" * 101}])])], "101 characters"),
    (COMMANDS, [command(options=[option(f"o{i}", description="d" * 100,
     choices=[{"name": f"n{j}" + "n" * 90, "value": "v" * 99} for j in range(25)])
     for i in range(5)])], "8000"),
    (CREATE, {}, "empty"),
    (CREATE, {"content": "x" * 2001}, "2000"),
    (CREATE, {"content": "x", "flags": 64}, "EPHEMERAL"),
    (CREATE, {"content": "x", "colour": 3}, "unknown field"),
    (CREATE, {"embeds": [{"description": "x" * 4000}, {"description": "y" * 2001}]}, "6000"),
    (CREATE, {"components": [row(button(custom_id=str(i))) for i in range(6)]}, "5 is the most"),
    (CREATE, {"components": [row(button(), select())]}, "shares its row"),
    (CREATE, {"components": [row(button(), button())]}, "duplicate custom_id"),
    (CREATE, {"components": [row(button(custom_id=None))]}, "no custom_id"),
    (CREATE, {"components": [row(button(style=5, url="https://a.example"))]}, "cannot have custom_id"),
    (CREATE, {"components": [row(button(label="x" * 81))]}, "label"),
    (CREATE, {"components": [text()]}, "without the IS_COMPONENTS_V2"),
    (CREATE, {"components": [text()], "content": "x", "flags": V2}, "not allowed with Components V2"),
    (CREATE, {"components": [text()], "embeds": [{"title": "x"}], "flags": V2}, "embeds"),
    (CREATE, {"components": [text(str(i)) for i in range(41)], "flags": V2}, "40 is the most"),
    (CREATE, {"components": [text("x" * 2001), text("y" * 2000)], "flags": V2}, "4000"),
    (EDIT, {"components": [text()], "content": "x", "flags": V2}, "Components V2"),
    (CALLBACK, {"type": 5, "data": {"flags": 64 | V2}}, "deferred"),
    (CALLBACK, {"type": 8, "data": {"choices": [{"name": str(i), "value": "v"} for i in range(26)]}}, "25"),
    (CALLBACK, form(*(entry(i) for i in range(6))), "1 to 5"),
    (CALLBACK, form(select(disabled=True)), "disabled"),
    (CALLBACK, form(select(min_values=0)), "required false"),
    (CALLBACK, form(entry(value="x" * 11, max_length=10)), "max_length"),
    (CALLBACK, form(entry(), components=[row(entry())]), "only Label and Text Display"),
    (CALLBACK, form({"type": 21, "custom_id": "r", "options": [{"label": "A", "value": "a"}]}), "2 to 10"),
]  # fmt: skip


@pytest.mark.parametrize(("request_line", "body", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_what_discord_refuses_is_refused(request_line: tuple[str, str], body: Any, reason: str) -> None:
    found = rules.violations(*request_line, body)
    assert any(reason in line for line in found), found


ACCEPTED = [
    (COMMANDS, [command(), command(type=2, name="View Profile", description="")]),
    (COMMANDS, [command(name="größe", options=[option("a", required=True), option("b")])]),
    (CREATE, {"content": "x", "nonce": "1", "enforce_nonce": True, "tts": False}),
    (CREATE, {"content": "x", "components": [row(button()), row(select())]}),
    (CREATE, {"components": [{"type": 17, "components": [text(), row(button())]}], "flags": V2}),
    (EDIT, {"content": None, "embeds": [], "components": [text()], "flags": V2}),
    (EDIT, {}),
    (CALLBACK, {"type": 6}),
    (CALLBACK, {"type": 5, "data": {"flags": 64}}),
    (CALLBACK, form(entry(), select(min_values=0, required=False))),
    (("DELETE", "/channels/1"), None),
]


@pytest.mark.parametrize(("request_line", "body"), ACCEPTED)
def test_what_discord_takes_is_taken(request_line: tuple[str, str], body: Any) -> None:
    assert rules.violations(*request_line, body) == []
