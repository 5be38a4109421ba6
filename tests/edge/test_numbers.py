"""Numbers in ids: whatever a client sends there is a number every database takes, or a refusal in words."""

import pytest

from bot.core.errors import KithError
from bot.edge.numbers import number_in


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(2**63 - 1), 2**63 - 1)])
def test_what_kith_writes_is_read(text: str, number: int) -> None:
    assert number_in(text, "gone") == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1.0", "٣", "²", "x", str(2**63), "9" * 40, "0" * 20 + "9" * 40, "1\x00"]
)
def test_everything_else_is_refused_in_the_callers_words(text: str) -> None:
    with pytest.raises(KithError, match="gone"):
        number_in(text, "gone")
