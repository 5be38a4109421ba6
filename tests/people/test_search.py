"""Finding niches and cities by what people type."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.core.schedule import valid_zone
from bot.people.catalogue import load_catalogue
from bot.people.cities import load_cities, parse_offset
from bot.people.search import plain, score

WORDS, CITIES = load_catalogue(), load_cities()
WINTER = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("ocr", "ocr"), ("orc", "ocr"), ("OCR and documents", "ocr"), ("enrgy", "energy"),
        ("dashbord", "dashboards"), ("power bi", "dashboards"), ("gis", "geospatial"), ("chatgpt", "llm"),
    ],
)  # fmt: skip
def test_a_niche_is_found_first_by_name_alias_or_slip(typed: str, slug: str) -> None:
    assert WORDS.book.search(typed)[0].slug == slug


@given(st.sampled_from(sorted(WORDS.niches)), st.data())
def test_every_niche_is_found_while_its_name_is_typed(slug: str, data: st.DataObject) -> None:
    name = WORDS.niches[slug].name
    typed = name[: data.draw(st.integers(3, len(name)))]
    assert slug in [niche.slug for niche in WORDS.book.search(typed, limit=60)]


@given(st.sampled_from(sorted(WORDS.niches)), st.data())
def test_a_niche_with_two_letters_swapped_is_still_found(slug: str, data: st.DataObject) -> None:
    name = WORDS.niches[slug].name
    at = data.draw(st.integers(0, len(name) - 2))
    typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert slug in [niche.slug for niche in WORDS.book.search(typed)]


def test_every_niche_answers_to_its_own_name_and_slug() -> None:
    for niche in WORDS.niches.values():
        assert WORDS.book.find(niche.slug) is niche
        assert WORDS.book.find(niche.name) is niche


def test_an_unknown_niche_names_the_nearest() -> None:
    with pytest.raises(KithError) as refused:
        WORDS.book.find("energgetic dashbord")
    assert refused.value.code == "niche_unknown"
    assert refused.value.values["suggestions"]


@given(st.text(max_size=120))
def test_any_text_is_searched_without_failing(text: str) -> None:
    assert len(WORDS.book.search(text)) <= 25
    assert len(CITIES.search(text, WINTER)) <= 25


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_score_lies_between_nothing_and_the_same(query: str, name: str) -> None:
    assert 0 <= score(plain(query), plain(name)) <= 100


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("san fran", "America/Los_Angeles"), ("lviv", "Europe/Kyiv"), ("berln", "Europe/Berlin"),
        ("sao paulo", "America/Sao_Paulo"), ("Bombay", "Asia/Kolkata"), ("Kiev", "Europe/Kyiv"),
        ("Lisbon, Portugal", "Europe/Lisbon"), ("Europe/Lisbon", "Europe/Lisbon"), ("utc", "UTC"),
    ],
)  # fmt: skip
def test_a_city_is_understood(typed: str, zone: str) -> None:
    assert CITIES.resolve(typed, WINTER).zone == zone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("UTC+3", "city_several"),
        ("atlantis", "city_unknown"),
        ("UTC+13:37", "city_nowhere"),
        ("", "city_nowhere"),
    ],
)
def test_what_is_not_clear_is_asked_about_never_guessed(typed: str, code: str) -> None:
    with pytest.raises(KithError) as refused:
        CITIES.resolve(typed, WINTER)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("UTC+5:30", 330),
        ("gmt-3", -180),
        ("+05:30", 330),
        ("utc", 0),
        ("+5", 300),
        ("Berlin", None),
        ("5", None),
    ],
)
def test_offsets_are_read(typed: str, minutes: int | None) -> None:
    assert parse_offset(typed) == (None if minutes is None else timedelta(minutes=minutes))


def test_an_offset_suggests_only_places_that_show_it_now() -> None:
    places = CITIES.search("UTC+5:30", WINTER)
    assert "Mumbai, India" in [place.label for place in places]
    assert {WINTER.astimezone(ZoneInfo(p.zone)).utcoffset() for p in places} == {timedelta(hours=5.5)}


def test_every_city_has_a_zone_that_exists_and_answers_to_its_label() -> None:
    assert len(CITIES.by_label) >= 250
    for label, city in CITIES.by_label.items():
        assert valid_zone(city.zone), label
        assert CITIES.resolve(label, WINTER).zone == city.zone
        assert len(label) <= 80


def test_the_seeds_fit_discords_menus() -> None:
    for terms in (WORDS.disciplines, WORDS.stages, WORDS.work_modes, WORDS.directions, WORDS.comforts):
        assert 2 <= len(terms) <= 10
    assert len(WORDS.skill_group("business")) <= 25 >= len(WORDS.skill_group("technical"))
    assert len(WORDS.skill_group("business")) + len(WORDS.skill_group("technical")) == len(WORDS.skills)
    assert {niche.axis for niche in WORDS.niches.values()} == {"industry", "technique", "deliverable"}
    assert len(WORDS.niches) >= 60
