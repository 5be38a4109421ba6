"""What a member can be found by, and what fits a search."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.find import rules
from bot.people.catalogue import load_catalogue
from bot.people.niches import Niche, NicheBook
from bot.people.views import MemberView
from bot.people.visibility import AUDIENCES, DEFAULTS, MATCHES_ONLY

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FULL = MemberView(
    id=1, community_id=1, person_id=1, name="Ana", joined_at=NOW, headline="Grids", disciplines=("analyst",),
    stage="booked", direction="product", offers=("sql",), asks=("pricing",), niches=("energy",),
    niche_names=("Energy",), languages=("pt",), open_until=NOW + timedelta(days=1), weak=("excel",),
)  # fmt: skip
PARTS = {
    "niches": ("niche", "energy"), "offers": ("offer", "sql"), "asks": ("ask", "pricing"),
    "disciplines": ("discipline", "analyst"), "stage": ("stage", "booked"),
    "direction": ("direction", "product"), "languages": ("language", "pt"), "open_for_work": ("open", "yes"),
}  # fmt: skip

pairs = st.tuples(st.sampled_from(rules.FILTERS), st.sampled_from("abc"))
facet_sets = st.frozensets(pairs).map(lambda found: found | {rules.EVERYBODY})
filters = st.dictionaries(st.sampled_from(rules.FILTERS), st.sampled_from("abc"))


@given(
    st.fixed_dictionaries(
        {part: st.sampled_from(AUDIENCES[1:] if part in MATCHES_ONLY else AUDIENCES) for part in DEFAULTS}
    )
)
def test_nobody_is_found_by_what_they_hide(visibility: dict[str, str]) -> None:
    from dataclasses import replace

    found = rules.facets_of(replace(FULL, visibility=tuple(visibility.items())), NOW)
    assert found == {rules.EVERYBODY} | {
        pair for part, pair in PARTS.items() if visibility[part] == "members"
    }


def test_open_for_work_ends_by_time() -> None:
    assert rules.OPEN not in rules.facets_of(FULL, NOW + timedelta(days=1))


@given(filters, facet_sets, facet_sets)
def test_a_search_waits_under_a_facet_of_everyone_who_fits(
    wanted: dict[str, str], before: frozenset[tuple[str, str]], after: frozenset[tuple[str, str]]
) -> None:
    mark, value = rules.watched(wanted)
    assert mark.startswith(rules.WATCH)
    if rules.fits(wanted, after):
        assert (mark.removeprefix(rules.WATCH), value) in after
    assert rules.newly_fits(wanted, before, after) == (
        all(pair in after for pair in wanted.items()) and not all(pair in before for pair in wanted.items())
    )


@given(filters, facet_sets)
def test_dropping_a_filter_never_loses_anybody(
    wanted: dict[str, str], facets: frozenset[tuple[str, str]]
) -> None:
    if rules.fits(wanted, facets):
        assert all(rules.fits(rules.wider(wanted, kind), facets) for kind in wanted)


def test_nobody_fits_who_is_not_listed() -> None:
    assert not rules.fits({}, frozenset())
    assert rules.fits({}, {rules.EVERYBODY})


def test_a_search_follows_a_niche_that_was_merged() -> None:
    energy = Niche("energy", "Energy", "industry")
    book = NicheBook({"energy": energy}, {"power": "energy", "grids": "power"})
    assert rules.current({"niche": "grids", "stage": "booked"}, book) == {
        "niche": "energy",
        "stage": "booked",
    }
    assert rules.current({"niche": "gone"}, book) == {"niche": "gone"}
    assert rules.former_names({("niche", "energy")}, book) == {
        ("niche", "energy"), ("niche", "power"), ("niche", "grids"),
    }  # fmt: skip


def test_a_word_is_known_by_slug_name_and_near_miss() -> None:
    skills = load_catalogue().skills
    assert rules.term_meant("pricing", skills, "offer") == "pricing"
    assert rules.term_meant("Power BI", skills, "offer") == "power-bi"
    assert rules.term_meant("pricng", skills, "offer") == "pricing"
    with pytest.raises(KithError, match="find_offer_unknown") as refused:
        rules.term_meant("data", skills, "offer")
    assert "Data" in str(refused.value.values["suggestions"])
    with pytest.raises(KithError, match="find_language_nowhere"):
        rules.term_meant("qqqqzzzz", load_catalogue().languages, "language")


def test_words_are_suggested_by_what_was_typed() -> None:
    languages = load_catalogue().languages
    assert [term.slug for term in rules.terms_like("portu", languages)][:1] == ["pt"]
    assert len(rules.terms_like(" ", load_catalogue().skills)) == 25
