"""Screening stops what is dangerous, lets honest work through, and is not fooled by how a text is dressed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gigs.folding import fold
from bot.gigs.screening import fingerprint, load_rules, screen
from tests.gigs.samples import DANGEROUS, DOUBTFUL, HONEST

load_rules()  # once, outside of what is timed
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
TWINS = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "s": "ѕ"}
NO_LINKS = tuple(text for text in DANGEROUS + DOUBTFUL + HONEST if "http" not in text and "t.me" not in text)


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_gig_goes_live(text: str) -> None:
    assert screen(text).verdict == "live", screen(text).findings


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_dangerous_gig_is_stopped_for_a_reason(text: str) -> None:
    assert screen(text).verdict != "live", screen(text)
    assert any(finding.quote for finding in screen(text).findings)


def test_most_dangerous_gigs_are_held_at_once() -> None:
    assert sum(screen(text).verdict == "held" for text in DANGEROUS) >= 0.8 * len(DANGEROUS)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubtful_gig_waits_for_a_person(text: str) -> None:
    assert screen(text).verdict != "live", screen(text)


@given(st.sampled_from(NO_LINKS), st.sampled_from(INVISIBLE), st.integers(0, 2**32))
def test_invisible_letters_change_nothing(text: str, blank: str, seed: int) -> None:
    chance = random.Random(seed)
    dressed = "".join(char + blank * (chance.random() < 0.3) for char in text)
    assert _rules(dressed) == _rules(text)


@given(st.sampled_from(NO_LINKS), st.integers(0, 2**32))
def test_look_alike_letters_change_nothing(text: str, seed: int) -> None:
    chance = random.Random(seed)
    dressed = "".join(TWINS.get(char, char) if chance.random() < 0.5 else char for char in text)
    assert _rules(dressed) == _rules(text)


@given(st.text(max_size=400))
def test_any_text_gets_an_answer_that_never_exceeds_its_reasons(text: str) -> None:
    result = screen(text, budget_named=False)
    assert 0 <= result.score <= sum(finding.weight for finding in result.findings)
    assert all(finding.sentence for finding in result.findings)


@given(st.text(max_size=200))
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded, _ = fold(text, load_rules().names)
    assert len(folded.text) == len(folded.at)
    assert list(folded.at) == sorted(folded.at)
    assert all(0 <= place < len(text) for place in folded.at)


def test_the_quote_is_cut_from_what_was_written() -> None:
    finding = screen("Hi! Send us a photo of your Pаssport, please.").findings[0]
    assert finding.quote in "Hi! Send us a photo of your Pаssport, please."
    assert "your Pаssport" in finding.quote


def test_the_same_text_again_is_queued_and_a_refused_text_is_held() -> None:
    assert screen(HONEST[0], repeat="open").verdict == "queue"
    assert screen(HONEST[0], repeat="refused").verdict == "held"


def test_a_fingerprint_sees_through_spaces_case_and_twins() -> None:
    assert fingerprint("Clean our  data!") == fingerprint("cleаn OUR\u200b data")
    assert fingerprint("Clean our data") != fingerprint("Clean your data")


@pytest.mark.parametrize(
    ("link", "rule"),
    [
        ("https://tinyurl.com/abc", "short_link"),
        ("https://xn--80ak6aa92e.com/x", "lookalike_link"),
        ("https://xn--mnchen-3ya.de", "odd_link"),
        ("https://gіthub.com/x", "lookalike_link"),
        ("https://github-login.com", "lookalike_link"),
        ("https://g00gle.com/forms", "lookalike_link"),
        ("https://wa.me/491510000", "off_platform"),
        ("https://discord.gg/abc", "invite_link"),
        ("http://1572395042/x", "odd_link"),
        ("https://docs.google.com/x", None),
        ("https://www.linkedin.com/in/ana", None),
        ("https://medium.com/@ana/post", None),
        ("http://localhost:8000 and http://127.0.0.1:9000", None),
        ("Node.js, e.g. scikit.learn and main.py", None),
        ("https://münchen.de/amt", None),
        ("https://[broken", "odd_link"),
    ],
)
def test_links_are_judged_by_their_address(link: str, rule: str | None) -> None:
    found = {finding.rule for finding in screen(f"Look: {link} thanks").findings}
    assert found - {"together"} == ({rule} if rule else set())


def _rules(text: str) -> set[str]:
    return {finding.rule for finding in screen(text).findings}
