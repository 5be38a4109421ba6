"""Errors become one sentence, and never a leak."""

from datetime import UTC, datetime
from typing import Any

import pytest
from discord import app_commands

from bot.core.errors import KithError
from bot.edge.answer import Seen
from bot.edge.trouble import SENTENCES, explain


def test_a_known_error_is_told_with_its_values_made_harmless() -> None:
    said = explain(KithError("full", name="**Ana** @everyone"), {"full": "{name} is full{missing}."})
    assert said == "\\*\\*Ana\\*\\* @\u200beveryone is full…."


def test_a_time_in_an_error_is_shown_in_the_readers_zone() -> None:
    said = explain(KithError("later", at=datetime(2026, 1, 5, 9, tzinfo=UTC)), {"later": "From {at}."})
    assert said == "From <t:1767603600:f>."


@pytest.mark.parametrize("error", [ValueError("secret"), KithError("no_sentence_for_this")])
def test_an_unknown_error_gives_a_reference_and_no_detail(error: Exception) -> None:
    said = explain(error, {})
    assert "secret" not in said
    assert "Reference: " in said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (app_commands.NoPrivateMessage(), "server_only"),
        (app_commands.CheckFailure("x"), "not_allowed"),
        (app_commands.CommandNotFound("x", []), "command_outdated"),
    ],
)
def test_what_discord_py_refuses_has_words(error: Any, code: str) -> None:
    assert explain(error, {}) == SENTENCES[code]


def test_missing_rights_are_named() -> None:
    assert "Manage Server" in explain(app_commands.MissingPermissions(["manage_guild"]), {})


def test_a_repeated_event_is_seen_once_and_memory_stays_small() -> None:
    seen = Seen(2)
    assert [seen.first(n) for n in (1, 1, 2, 3, 1)] == [True, False, True, True, True]
