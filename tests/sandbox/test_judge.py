"""The judge names what is wrong with a request, with or without Discord's OpenAPI file."""

from __future__ import annotations

import os
from typing import Any

import pytest

from sandbox.judge import Judge, readable, widened


@pytest.fixture(scope="module")
def judge() -> Judge:
    """The strict judge where DISCORD_OPENAPI names the file, the hand rules elsewhere."""
    return Judge(os.environ.get("DISCORD_OPENAPI") or None)


def test_an_ordinary_request_passes(judge: Judge) -> None:
    body = {
        "content": "Hello",
        "tts": False,
        "nonce": "1",
        "enforce_nonce": True,
        "allowed_mentions": {"parse": []},
    }
    assert judge.violations("POST", "/api/v10/channels/12/messages", body) == []
    assert judge.violations("POST", "/users/@me/channels", {"recipient_id": 5}) == []
    assert judge.violations("GET", "/api/v10/channels/12/messages?limit=2", None) == []


def test_permissions_may_be_numbers_or_digits(judge: Judge) -> None:
    for value in (32, "32"):
        assert judge.violations("POST", "/guilds/1/roles", {"name": "Niche", "permissions": value}) == []


def test_too_many_options_are_named_where_they_are(judge: Judge) -> None:
    options = [{"label": str(i), "value": str(i)} for i in range(26)]
    body = {"components": [{"type": 1, "components": [{"type": 3, "custom_id": "s", "options": options}]}]}
    found = judge.violations("POST", "/channels/1/messages", body)
    assert any("options" in line for line in found), found


def test_a_form_error_is_not_blamed_on_another_kind_of_answer(judge: Judge) -> None:
    field = {"type": 18, "label": "x" * 46, "component": {"type": 4, "style": 1, "custom_id": "t"}}
    body = {"type": 9, "data": {"custom_id": "f", "title": "Form", "components": [field]}}
    found = judge.violations("POST", "/interactions/1/tok/callback", body)
    assert any("/data/components/0/label" in line for line in found), found


def test_an_unknown_operation_is_a_violation_where_the_file_is_known(judge: Judge) -> None:
    found = judge.violations("POST", "/channels/1/telepathy", {})
    assert bool(found) is judge.strict


def test_literal_segments_win_over_placeholders(judge: Judge) -> None:
    assert (
        judge.violations("PATCH", "/webhooks/1/token/messages/@original", {"content": "x", "tts": False})
        == []
    )
    assert judge.violations("PATCH", "/guilds/1/members/@me", {"nick": "Kith"}) == []


def test_the_file_is_widened_to_what_discord_takes() -> None:
    spec: dict[str, Any] = {
        "components": {
            "schemas": {
                "SnowflakeType": {"type": "string"},
                "Role": {"properties": {"allow": {"type": ["integer"]}}},
            }
        }
    }
    wide = widened(spec)["components"]["schemas"]
    assert {"type": "integer", "minimum": 0} in wide["SnowflakeType"]["anyOf"]
    assert wide["Role"]["properties"]["allow"]["anyOf"][1]["type"] == "string"


def test_the_deepest_complaint_is_told() -> None:
    errors = [
        {
            "schemaLocation": "/a/properties/type/enum",
            "instanceLocation": "/c/0/x/y/type",
            "error": "wrong branch",
        },
        {"schemaLocation": "/a/required", "instanceLocation": "/c/0", "error": "missing"},
        {"schemaLocation": "/a/maxItems", "instanceLocation": "/c/0/options", "error": "more than 25 items"},
    ]
    assert readable(errors) == "/c/0/options maxItems: more than 25 items"
