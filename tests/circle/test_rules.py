"""How a circle counts, what it keeps, and how pages turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.circle import rules
from bot.core.errors import KithError
from cogs.circle.words import CHOICES, KINDS


@given(encounters=st.integers(0, 500), more=st.integers(0, 50))
def test_counting_goes_up_to_eight_and_never_back(encounters: int, more: int) -> None:
    now, then = rules.closeness(encounters), rules.closeness(encounters + more)
    assert 0 <= now.n <= rules.TIE
    assert now.n <= then.n
    assert now.tie == (encounters >= rules.TIE)
    assert (now.n == encounters) == (encounters <= rules.TIE)


@given(total=st.integers(0, 200), page=st.integers(-3, 2**63), size=st.integers(1, 20))
def test_there_is_always_a_page_and_it_is_never_beyond_the_last(total: int, page: int, size: int) -> None:
    shown, pages = rules.paged(total, page, size)
    assert 0 <= shown < pages
    assert (pages - 1) * size <= max(0, total - 1) < pages * size
    assert shown == page or not 0 <= page < pages


def test_members_write_down_all_but_what_kith_itself_saw() -> None:
    assert set(rules.KINDS) - set(rules.OWN_KINDS) == {"introduction", "follow_up"}
    for kind in rules.OWN_KINDS:
        assert rules.checked_kind(kind) == kind
    for kind in ("introduction", "follow_up", "", "x"):
        with pytest.raises(KithError, match="choice_unknown"):
            rules.checked_kind(kind)


def test_every_kind_has_words_and_fits_its_column() -> None:
    assert set(KINDS) == set(rules.KINDS)
    assert tuple(CHOICES) == rules.OWN_KINDS
    assert max(map(len, rules.KINDS)) <= 12


def test_notes_may_be_empty_and_steps_may_not() -> None:
    assert rules.checked_note("  ") is None
    assert rules.checked_note(" likes\nmaps ") == "likes maps"
    assert rules.checked_step("x" * rules.NOTE_MAX) == "x" * rules.NOTE_MAX
    for text, code in (("", "empty_text"), ("x" * 201, "text_too_long"), ("ask <@1>", "mention_in_text")):
        with pytest.raises(KithError, match=code):
            rules.checked_step(text)
    with pytest.raises(KithError, match="text_too_long"):
        rules.checked_note("x" * 201)
