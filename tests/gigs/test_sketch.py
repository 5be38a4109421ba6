"""Near texts share a band, far ones hardly ever, and every process makes the same signature."""

import random
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from bot.gigs.sketch import BANDS, NEAR, ROWS, bands, similarity, sketch
from tests.gigs.samples import DANGEROUS, HONEST

WORDS = sorted({word for text in HONEST + DANGEROUS for word in text.split()})


def _text(chance: random.Random, length: int = 120) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(length))


def _changed(text: str, chance: random.Random, words: int) -> str:
    pieces = text.split()
    for place in chance.sample(range(len(pieces)), words):
        pieces[place] = chance.choice(WORDS)
    return " ".join(pieces)


@given(st.text(max_size=300))
def test_a_text_is_like_itself_however_it_is_dressed(text: str) -> None:
    signature = sketch(text)
    assert signature in ((), sketch("  " + text.replace(" ", "  ") + "\u200b"))
    assert similarity(signature, signature) == (1.0 if signature else 0.0)


@given(st.text(max_size=300))
def test_keys_fit_a_signed_column_and_are_one_a_band(text: str) -> None:
    keys = bands(sketch(text))
    assert len(keys) in (0, BANDS)
    assert all(0 <= key < 2**63 for key in keys)


def test_near_texts_meet_and_are_near() -> None:
    chance = random.Random(1)
    for _ in range(60):
        text = _text(chance)
        near = _changed(text, chance, 4)
        assert similarity(sketch(text), sketch(near)) > NEAR - 0.1
        assert set(bands(sketch(text))) & set(bands(sketch(near)))


def test_far_texts_hardly_ever_meet() -> None:
    signatures = [sketch(text) for text in HONEST + DANGEROUS]
    pairs = [(a, b) for place, a in enumerate(signatures) for b in signatures[place + 1 :]]
    assert max(similarity(a, b) for a, b in pairs) < NEAR / 2
    assert sum(bool(set(bands(a)) & set(bands(b))) for a, b in pairs) <= len(pairs) / 500


def test_the_bands_find_what_is_near_and_spare_what_is_far() -> None:
    def found(share: float) -> float:
        return 1 - (1 - share**ROWS) ** BANDS

    assert found(0.8) > 0.99
    assert found(0.4) < 0.03
    assert found(0.3) < 0.005


def test_a_long_text_with_a_changed_sentence_is_near() -> None:
    chance = random.Random(2)
    text = _text(chance, 900)
    assert similarity(sketch(text), sketch(text + " Call me tomorrow before noon.")) > NEAR


def test_every_process_makes_the_same_signature() -> None:
    code = f"from bot.gigs.sketch import sketch; print(sketch({HONEST[0]!r})[:4])"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(sketch(HONEST[0])[:4])


def test_texts_without_letters_have_no_signature() -> None:
    assert sketch("🎨 !!") == ()
    assert bands(()) == []
    assert similarity((), ()) == 0.0
