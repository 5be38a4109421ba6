"""Buttons, menus and forms with ids that Kith never made: a sentence, never a failure."""

import pytest

from tests.conversations.helpers import community, newcomer

ACTIONS = (
    "plan", "outcome", "alldone", "kind", "stuck", "skip", "ahead", "history", "back", "here", "stop",
    "time", "help",
)  # fmt: skip
IDS = ("9" * 60, str(2**63), "٣", "-1", "", "1")


@pytest.mark.parametrize("number", IDS)
async def test_made_up_ids_are_answered(sqlite_url: str, number: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        public = ana.channel("general")[0]
        for action in ACTIONS:
            kind = 3 if action in {"outcome", "kind"} else 2
            data = {"custom_id": f"k:checkin.{action}:{number}", "component_type": kind, "values": ["done"]}
            answer = await ana._use(f"forges {action}", public, data)
            assert answer.text, action
            assert "Reference" not in answer.text, action
