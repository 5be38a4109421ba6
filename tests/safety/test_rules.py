"""What can be reported, and pages that always exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String

from bot.core.errors import KithError
from bot.safety import rules
from bot.safety.tables import Report
from cogs.safety.words import OUTCOMES, PLACES, REASONS


@given(wanted=st.integers(-5, 10**12), total=st.integers(0, 10_000))
def test_a_page_always_exists_and_every_report_is_on_one(wanted: int, total: int) -> None:
    page, pages = rules.page_within(wanted, total)
    assert 1 <= page <= pages
    assert (pages - 1) * rules.PAGE < max(total, 1) <= pages * rules.PAGE


def test_words_are_optional_and_bounded() -> None:
    assert rules.checked_words(" \n ") is None
    assert rules.checked_words("\ntwo\nlines ") == "two\nlines"
    assert rules.checked_words("x" * rules.WORDS_MAX) is not None
    with pytest.raises(KithError, match="text_too_long"):
        rules.checked_words("x" * (rules.WORDS_MAX + 1))


def test_every_choice_has_words_and_fits_its_column() -> None:
    for column, kept, named in (
        ("place", rules.PLACES, PLACES),
        ("reason", rules.REASONS, REASONS),
        ("outcome", rules.OUTCOMES, OUTCOMES),
    ):
        assert set(kept) == set(named)
        kind = Report.__table__.c[column].type
        assert isinstance(kind, String)
        assert max(map(len, kept)) <= (kind.length or 0)
    with pytest.raises(KithError, match="choice_unknown"):
        rules.known_choice("king", rules.REASONS)
