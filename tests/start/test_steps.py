"""Where a newcomer goes on, what the first menu shows, and what a search was meant to say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.niches.views import NicheCount, NicheList
from bot.people.niches import AXES, Niche
from bot.people.rules import NICHES_MAX
from bot.people.views import MemberView
from cogs.start.steps import SHOWN, after_profile, city_of, first_missing, room, top, typed_niches

NEW = MemberView(1, 2, 3, "Ana", datetime(2026, 1, 5, tzinfo=UTC))
ENERGY = {"niches": ("energy",), "niche_names": ("Energy",)}


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ({}, "profile"),
        ({"zone": "Europe/Lisbon", **ENERGY}, "profile"),
        ({"headline": "A line says nothing that matches"}, "profile"),
        ({"disciplines": ("analyst",)}, "niches"),
        ({"stage": "starting"}, "niches"),
        ({"offers": ("pricing",)}, "niches"),
        ({"asks": ("pricing",), "zone": "Europe/Lisbon"}, "niches"),
        ({"stage": "starting", **ENERGY}, "city"),
        ({"stage": "starting", "zone": "Europe/Lisbon", **ENERGY}, "value"),
    ],
)
def test_a_newcomer_goes_on_at_the_first_missing_step(said: dict[str, object], step: str) -> None:
    assert first_missing(replace(NEW, **said)) == step  # type: ignore[arg-type]


def test_the_form_may_be_sent_in_empty_but_a_niche_is_needed() -> None:
    assert after_profile(NEW) == "niches"
    assert after_profile(replace(NEW, niches=("energy",))) == "city"


def counts(**members: tuple[str, int, bool]) -> NicheList:
    """A list as the service gives it: the largest first."""
    found = [
        NicheCount(Niche(slug, slug.title(), axis), n, mine) for slug, (axis, n, mine) in members.items()
    ]
    return NicheList(tuple(sorted(found, key=lambda one: -one.members)))


def test_the_menu_shows_the_largest_first_then_the_axes_in_turn() -> None:
    shown = top(
        counts(
            a=("industry", 0, False),
            b=("industry", 0, False),
            c=("technique", 0, False),
            d=("deliverable", 0, False),
            e=("deliverable", 3, False),
            f=("technique", 5, True),
        )
    )
    assert [one.niche.slug for one in shown] == ["e", "a", "c", "d", "b"]


@given(st.lists(st.tuples(st.sampled_from(AXES), st.integers(0, 3), st.booleans()), max_size=60))
def test_the_menu_always_fits_and_never_repeats(made: list[tuple[str, int, bool]]) -> None:
    listed = counts(**{f"n{number}": one for number, one in enumerate(made)})
    shown = [one.niche.slug for one in top(listed)]
    open_ones = [one for one in listed.counts if not one.mine]
    assert len(shown) == len(set(shown)) == min(SHOWN, len(open_ones))
    assert not any(one.mine for one in top(listed))


@pytest.mark.parametrize(
    ("typed", "niches"),
    [
        ("energy", ["energy"]),
        ("energy, OCR ;  llm  apps", ["energy", "OCR", "llm apps"]),
        (",, ,", []),
        ("OCR, ocr", ["ocr"]),
        ("\n", []),
    ],
)
def test_several_niches_are_read_from_one_line(typed: str, niches: list[str]) -> None:
    assert typed_niches(typed) == niches


@given(st.text(max_size=200))
def test_never_more_niches_are_read_than_one_may_join(typed: str) -> None:
    found = typed_niches(typed)
    assert len(found) <= NICHES_MAX
    assert all(one.strip() for one in found)


def test_room_is_left_up_to_the_most_niches() -> None:
    assert room(NEW) == NICHES_MAX
    assert room(replace(NEW, niches=tuple(f"n{number}" for number in range(NICHES_MAX)))) == 0


@pytest.mark.parametrize(
    ("zone", "city"),
    [("Europe/Lisbon", "Lisbon"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_a_zone_is_named_after_its_city(zone: str, city: str) -> None:
    assert city_of(zone) == city
