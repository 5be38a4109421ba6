"""What moderators have to say with a decision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.gigs import review_rules
from bot.gigs.review_rules import Reason


def test_a_ready_reason_needs_no_words_and_something_else_does() -> None:
    assert review_rules.checked_reason("scam", "  ") == Reason("scam")
    assert review_rules.checked_reason("fit", " too \n far ") == Reason("fit", "too far")
    with pytest.raises(KithError, match="gig_reason"):
        review_rules.checked_reason("other", " ")
    with pytest.raises(KithError, match="gig_reason_choose"):
        review_rules.checked_reason("", "because")


@pytest.mark.parametrize("words", ["", " ", "no", "x" * (review_rules.WORDS_MAX + 1)])
def test_a_change_is_asked_for_in_words(words: str) -> None:
    with pytest.raises(KithError, match="gig_reason"):
        review_rules.checked_change(words)


def test_an_appeal_may_be_silent_but_not_endless() -> None:
    assert review_rules.checked_appeal("  ") == ""
    with pytest.raises(KithError, match="gig_appeal_length"):
        review_rules.checked_appeal("x" * (review_rules.APPEAL_MAX + 1))


@given(st.sampled_from(review_rules.REASONS), st.text(max_size=review_rules.WORDS_MAX))
def test_a_reason_is_read_as_it_was_stored(why: str, words: str) -> None:
    reason = Reason(why, words)
    stored = review_rules.joined(reason)
    assert review_rules.split(stored) == reason
    assert len(stored) <= 300, "the column has no room for more"


def test_words_of_a_moderator_are_no_ready_reason() -> None:
    for words in ("please: name the client", "scams: no", ""):
        assert review_rules.split(review_rules.joined(Reason("", words))) == Reason("", words)
    assert review_rules.joined(None) == ""
