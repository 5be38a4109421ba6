"""What a vouch may say, and how often its receiver hears of one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.vouches import rules
from bot.vouches.views import Side, VouchView
from cogs.vouches.cards import vouch_blocks
from cogs.vouches.words import FOR_GIVER, FOR_RECEIVER

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def vouch(number: int, text: str = "She explained it all very well.", giver: str = "Ana") -> VouchView:
    return VouchView(number, "Here", Side(1, 11, giver), Side(2, 12, "Ben"), text, "shown", NOW)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (rules.TEXT_MIN - 1), "vouch_short"),
        (" \u200b " * 40, "empty_text"),
        ("x" * (rules.TEXT_MAX + 1), "text_too_long"),
        ("Ask @everyone, they all know how good he is", "mention_in_text"),
    ],
)
def test_words_that_are_none_too_few_or_too_many_are_refused(text: str, code: str) -> None:
    with pytest.raises(KithError, match=code):
        rules.checked_text(text)


def test_words_are_kept_on_one_line() -> None:
    assert (
        rules.checked_text("  She explained\nit all\u200b very well. ") == "She explained it all very well."
    )


@given(hours=st.lists(st.integers(0, 400), max_size=6))
def test_the_receiver_is_written_to_at_most_once_in_seven_days(hours: list[int]) -> None:
    told = [NOW - timedelta(hours=hour) for hour in hours]
    assert rules.tells_again(told, NOW) == (not hours or min(hours) >= 7 * 24)


def test_every_standing_state_has_words_for_both() -> None:
    assert set(FOR_GIVER) == set(FOR_RECEIVER) == set(rules.STANDING)
    assert not any("declin" in words.lower() for words in FOR_GIVER.values())


def test_a_profile_shows_the_three_newest_and_how_many_more() -> None:
    assert vouch_blocks([]) == []
    (three,) = vouch_blocks([vouch(number, f"Words number {number} of them") for number in range(3)])
    assert "more" not in three
    (five,) = vouch_blocks([vouch(number, f"Words number {number} of them") for number in range(5)])
    assert five.count("“") == 3
    assert five.endswith("+2 more")


def test_hostile_words_are_harmless_on_a_profile() -> None:
    (block,) = vouch_blocks([vouch(1, "**bold** <@1> [a](https://x.example)", giver="@everyone\n# x")])
    for mark in ("**bold**", "<@1>", "[a](", "@everyone", "\n# "):
        assert mark not in block
