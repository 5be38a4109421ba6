"""Decisions about niches: names, slugs, near names, roles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.niches import rules
from bot.niches.roles import change_of
from bot.people.catalogue import load_catalogue
from bot.people.niches import Niche, NicheBook

BOOK = load_catalogue().book


@given(st.text(max_size=60), st.sets(st.text(alphabet="ab-2", max_size=4), max_size=6))
def test_a_slug_is_new_short_and_fits_the_id_of_a_button(name: str, others: set[str]) -> None:
    taken = others | set(BOOK.niches)
    for _again in range(3):
        slug = rules.slug_of(name, taken)
        assert slug not in taken
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= rules.SLUG_MAX
        taken.add(slug)


def test_seed_slugs_fit_two_to_a_button() -> None:
    assert max(map(len, BOOK.niches)) <= rules.SLUG_MAX


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Hydrogen storage", "hydrogen-storage"),
        ("Energy", "energy-2"),
        ("Ökostrom", "okostrom"),
        ("数据", "niche"),
    ],
)
def test_a_slug_reads_like_its_name(name: str, slug: str) -> None:
    assert rules.slug_of(name, set(BOOK.niches)) == slug


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_text"), ("\u200b", "empty_text"), ("@everyone", "mention_in_text"),
     ("x" * 41, "text_too_long"), ("!!!", "niche_name_blank")],
)  # fmt: skip
def test_what_cannot_be_a_name_is_refused(text: str, code: str) -> None:
    with pytest.raises(KithError, match=code):
        rules.niche_name(text)


@pytest.mark.parametrize("name", ["energy", " ENERGY  and utilities", "Renewables", "sólar"])
def test_a_niche_is_found_under_any_name_it_has(name: str) -> None:
    found = rules.same_named(BOOK, name)
    assert found is not None
    assert found.slug == "energy"
    assert rules.same_named(BOOK, name, but="energy") is None


def test_a_merged_niche_is_named_by_what_it_became() -> None:
    book = NicheBook({"b": Niche("b", "Bees", "industry")}, {"a": "b"})
    with pytest.raises(KithError, match="niche_merged") as error:
        rules.two_niches(book, "b", "a")
    assert error.value.values == {"name": "Bees"}
    with pytest.raises(KithError, match="niche_same"):
        rules.two_niches(book, "b", "bees")


ROLES = {"a": 1, "b": 2, "c": None}


@pytest.mark.parametrize(
    ("slug", "into", "mine", "expected"),
    [
        ("a", "a", {"a"}, (1, None)),
        ("a", "a", {"b"}, (None, 1)),
        ("a", "b", {"b"}, (2, 1)),  # merged: the other's role in its place
        ("a", "b", set(), (None, 1)),
        ("c", "c", {"c"}, (None, None)),
        ("c", "a", {"a"}, (1, None)),
        ("gone", "gone", {"a"}, (None, None)),
    ],
)
def test_only_the_changed_niches_roles_change(
    slug: str, into: str, mine: set[str], expected: tuple[int | None, int | None]
) -> None:
    assert change_of(slug, into, ROLES, mine) == expected


def test_a_role_that_two_niches_shared_is_not_taken_from_who_stays() -> None:
    assert change_of("a", "b", {"a": 5, "b": 5}, {"b"}) == (5, None)
