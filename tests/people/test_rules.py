"""What may stand in a profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.people.catalogue import load_catalogue
from bot.people.rules import NICHES_MAX, clean, known_purpose, room_for_niche, some_of, tidy


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(max_size=200))
def test_tidied_text_is_one_line_without_invisible_characters(text: str) -> None:
    kept = tidy(text)
    assert "\n" not in kept
    assert kept == kept.strip()
    assert not set(kept) & {"\u200b", "\u202e", "\u3164", "\ufeff", "\u2066"}


@given(st.text(max_size=200))
def test_cleaning_keeps_text_or_says_what_to_do(text: str) -> None:
    try:
        kept = clean(text, limit=50)
    except KithError as error:
        kept = error.code
        expected = kept in {"empty_text", "mention_in_text", "text_too_long"}
    else:
        expected = 1 <= len(kept) <= 50
    assert expected, kept


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\u3164\n\u2800", "\u202e", "\u0301"])
def test_text_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(KithError) as refused:
        clean(text, limit=50)
    assert refused.value.code == "empty_text"


@pytest.mark.parametrize("text", ["hi @everyone", "ask <@123>", "<@&9>", "<#1>", "@h\u200bere now"])
def test_mentions_are_refused_also_when_hidden(text: str) -> None:
    with pytest.raises(KithError) as refused:
        clean(text, limit=50)
    assert refused.value.code == "mention_in_text"


def test_a_family_emoji_and_an_accent_survive() -> None:
    assert clean("  👩\u200d👩\u200d👧  Lu\u0301cia\n", limit=50) == "👩\u200d👩\u200d👧 Lúcia"


def test_a_tower_of_marks_is_cut_down() -> None:
    assert len(tidy("x" + "\u0335" * 40)) <= 4


def test_too_long_says_how_long_it_was() -> None:
    with pytest.raises(KithError) as refused:
        clean("x" * 51, limit=50)
    assert refused.value.values == {"limit": 50, "length": 51}


def test_too_many_skills_are_refused() -> None:
    skills = list(load_catalogue().skills)
    assert some_of([skills[0], skills[0]], skills) == (skills[0],)
    with pytest.raises(KithError) as refused:
        some_of(skills[:9], skills)
    assert refused.value.code == "too_many_skills"


def test_the_last_niche_fits_and_one_more_does_not() -> None:
    mine = [str(n) for n in range(NICHES_MAX)]
    room_for_niche(mine, "3")
    room_for_niche(mine[:-1], "new")
    with pytest.raises(KithError):
        room_for_niche(mine, "new")


def test_nobody_agrees_to_a_purpose_that_was_never_asked() -> None:
    with pytest.raises(ValueError, match="unknown purpose"):
        known_purpose("selling")
