"""Where two versions of a gig differ, for who decides between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gigs.change_rules import apart


@pytest.mark.parametrize(
    ("old", "new"),
    [("one two", "one three"), ("", "new"), ("all of it", ""), ("same", "same"), ("aa", "aaa")],
)
def test_short_texts_are_shown_whole(old: str, new: str) -> None:
    assert apart(old, new) == (old, new)


@pytest.mark.parametrize(("old", "new"), [("RED", "BLUE"), ("", "BLUE"), ("RED", ""), ("aa", "a")])
def test_of_long_texts_the_place_where_they_differ_is_shown(old: str, new: str) -> None:
    before, after = "It begins with many words. " * 20, " And ends with many others." * 20
    found = apart(f"{before}{old}{after}", f"{before}{new}{after}")
    for text, part in zip(found, (old, new), strict=True):
        assert part in text
        assert text.startswith("… ")
        assert text.endswith(" …")
        assert len(text) < 110


@given(st.text("ab "), st.text("ab "), st.text("ab "), st.text("ab "))
def test_nothing_that_differs_is_left_out(before: str, old: str, new: str, after: str) -> None:
    one, other = apart(f"{before}#{old}#{after}", f"{before}#{new}#{after}")
    assert old == new or one != other
