"""Where a gig belongs, under which tags, how long it may stay, and what the check-up says about a forum."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gigs import shelves
from bot.gigs.shelves import Shelf

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAIN = Shelf(1, "forum")
HIRE, ENERGY, BOTH = (
    Shelf(2, "forum", kinds=("hire",)),
    Shelf(3, "forum", niches=("energy", "ocr")),
    Shelf(4, "forum", kinds=("hire",), niches=("energy",)),
)


@pytest.mark.parametrize(
    ("others", "kind", "niches", "home"),
    [
        ((), "hire", ("energy",), MAIN),
        ((HIRE,), "hire", (), HIRE),
        ((HIRE,), "scoping", ("energy",), MAIN),
        ((HIRE, ENERGY), "hire", ("ocr",), ENERGY),
        ((HIRE, ENERGY, BOTH), "hire", ("energy",), BOTH),
        ((HIRE, ENERGY, BOTH), "partner", ("energy",), ENERGY),
        ((HIRE, Shelf(5, "text", kinds=("hire",))), "hire", (), HIRE),
        ((Shelf(6, "text", "links", kinds=("hire",)),), "hire", (), MAIN),
    ],
)
def test_a_gig_lives_where_most_is_asked_for(
    others: tuple[Shelf, ...], kind: str, niches: tuple[str, ...], home: Shelf
) -> None:
    assert shelves.home_of(MAIN, others, kind, niches) == home


def test_links_go_to_every_channel_that_wants_them() -> None:
    links = Shelf(6, "text", "links"), Shelf(7, "text", "links", niches=("ocr",)), HIRE
    assert shelves.links_of(links, "hire", ["energy"]) == [links[0]]
    assert shelves.links_of(links, "hire", ["ocr"]) == list(links[:2])


def test_a_post_says_first_how_it_stands_and_never_has_more_than_five_tags() -> None:
    named = ["Energy", "OCR", "A niche with a very long name", "Retail"]
    tags = shelves.tags_of("scoping", "live", named, starter=True)
    assert tags == ("open", "scoping", "starter-friendly", "Energy", "OCR")
    assert shelves.tags_of("hire", "filled", named) == (
        "filled", "hire", "Energy", "OCR", "A niche with a very",
    )  # fmt: skip
    assert shelves.tags_of("hire", "withdrawn", ["Hire"]) == ("closed", "hire")
    assert shelves.tags_of("hire", "expired", [])[0] == "closed"


@given(st.lists(st.text(max_size=60), max_size=40), st.lists(st.text(min_size=1, max_size=20), max_size=20))
def test_tags_always_fit_a_forum_whatever_niches_are_called(niches: list[str], there: list[str]) -> None:
    wanted = shelves.board_tags(niches)
    assert all(1 <= len(tag) <= shelves.TAG_NAME_MAX for tag in wanted)
    assert len({tag.casefold() for tag in wanted}) == len(wanted)
    added, left = shelves.missing_tags(there, wanted)
    assert len(there) + len(added) <= shelves.TAGS_MAX
    assert not {tag.casefold() for tag in added} & {tag.casefold() for tag in there}
    assert set(added) | set(left) <= set(wanted)
    assert not left or len(there) + len(added) == shelves.TAGS_MAX


def test_a_full_list_gets_nothing_and_a_nearly_full_one_the_most_important() -> None:
    full = [f"ours {number}" for number in range(20)]
    assert shelves.missing_tags(full, shelves.board_tags(["Energy"]))[0] == []
    assert shelves.missing_tags(full[:18], shelves.board_tags(["Energy"]))[0] == ["open", "filled"]


@pytest.mark.parametrize(
    ("state", "days_to_the_end", "may"),
    [
        ("live", 14, False),
        ("live", 7, True),
        ("live", 1, True),
        ("expired", -1, True),
        ("expired", -30, True),
        ("expired", -31, False),
        ("filled", -1, False),
        ("withdrawn", 3, False),
        ("queued", 3, False),
    ],
)
def test_a_gig_is_renewed_around_its_end(state: str, days_to_the_end: int, may: bool) -> None:
    assert shelves.may_renew(state, NOW + timedelta(days=days_to_the_end), NOW) is may


OWN = shelves.board_tags([])
