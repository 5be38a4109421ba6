"""The words members choose from: enough of them, each meaning one thing, in menus that fit."""

import re
from collections import Counter

import pytest

from bot.people.catalogue import Term, load_catalogue
from bot.people.niches import AXES, Niche
from bot.people.search import plain

WORDS = load_catalogue()
MENU = 25  # Discord shows no more choices at once
# Kept by members since the first release: renamed perhaps, never gone.
FIRST = [
    "energy", "climate", "healthcare", "biotech", "fintech", "insurance", "ecommerce", "retail",
    "marketing", "saas", "manufacturing", "logistics", "mobility", "real-estate", "agriculture",
    "education", "public-sector", "nonprofit", "legal", "hr", "sports", "gaming", "media", "travel",
    "telecom", "security", "ocr", "nlp", "llm", "rag", "computer-vision", "speech", "forecasting",
    "recommenders", "causal", "experimentation", "optimisation", "anomaly", "geospatial", "graphs",
    "data-engineering", "analytics-engineering", "streaming", "mlops", "web-scraping", "survey",
    "privacy", "dashboards", "spreadsheets", "automation", "chatbots", "data-products", "web-apps",
    "data-platforms", "ml-models", "audits", "training", "visualisation", "newsletters", "tracking",
]  # fmt: skip


def words_of(niche: Niche) -> tuple[str, ...]:
    return (niche.name, niche.slug, *niche.aliases)


def test_there_are_about_120_niches_on_three_axes() -> None:
    count = Counter(niche.axis for niche in WORDS.niches.values())
    assert tuple(count) == AXES
    assert 115 <= count.total() <= 130
    assert min(count.values()) >= 33


def test_no_niche_is_ever_lost() -> None:
    assert set(FIRST) <= WORDS.niches.keys()
    assert len(FIRST) == 60


def test_no_word_means_two_niches_or_is_given_twice() -> None:
    owners: dict[str, set[str]] = {}
    for niche in WORDS.niches.values():
        for word in words_of(niche):
            owners.setdefault(plain(word), set()).add(niche.slug)
        given = [plain(word) for word in (niche.name, *niche.aliases)]
        assert len(given) == len(set(given)), niche.slug
        assert all(given), niche.slug
    assert {word: slugs for word, slugs in owners.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize("niche", WORDS.niches.values(), ids=lambda niche: niche.slug)
def test_a_niche_is_well_written_and_found_by_each_of_its_words(niche: Niche) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", niche.slug)
    assert len(niche.slug) <= 32
    assert 3 <= len(niche.name) <= 40
    assert niche.name[0].isupper()
    assert len(niche.aliases) >= 2
    for alias in niche.aliases:
        assert alias == alias.lower().strip()
        assert 2 <= len(alias) <= 40
    for word in words_of(niche):
        assert WORDS.book.find(word) is niche, word
        assert WORDS.book.find(f" {word.upper()} ") is niche, word
        assert WORDS.book.search(word)[0] is niche, word


def test_a_newcomers_first_form_shows_25_skills_of_both_groups() -> None:
    core = WORDS.skill_group("core")
    assert len(core) == MENU
    assert Counter(term.group for term in core.values()) == {"business": 13, "technical": 12}


@pytest.mark.parametrize(
    "terms",
    [
        WORDS.skills, WORDS.disciplines, WORDS.stages, WORDS.work_modes, WORDS.directions, WORDS.comforts,
        WORDS.languages,
    ],
)  # fmt: skip
def test_the_words_of_a_menu_differ_and_fit(terms: dict[str, Term]) -> None:
    assert len({plain(term.name) for term in terms.values()}) == len(terms)
    for slug, term in terms.items():
        assert re.fullmatch(r"[a-z0-9-]{1,32}", slug)
        assert 1 <= len(term.name) <= 40
        assert len(term.hint) <= 100


def test_menus_are_no_longer_than_discord_shows() -> None:
    for group in ("business", "technical"):
        assert 2 <= len(WORDS.skill_group(group)) <= MENU
    assert len(WORDS.languages) == 24
    assert all(re.fullmatch("[a-z]{2}", code) for code in WORDS.languages)
    assert [term.name for term in WORDS.languages.values()] == sorted(
        t.name for t in WORDS.languages.values()
    )
    assert {"en", "es", "pt", "fr", "de", "ar", "hi", "zh"} <= WORDS.languages.keys()
