"""Screening on whole corpora: the texts it was tuned on, and those nobody looked at while tuning."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.gigs.budget import find_budget
from bot.gigs.screening import screen

CORPUS = Path(__file__).parent / "corpus"
BOUNDS = {"tuning": (0.01, 0.97), "held_out": (0.02, 0.85)}
"""The largest share of honest gigs stopped and the smallest share of scams caught, by corpus.

A third of the honest ones were written to be mistaken, and a fifth of the scams to pass. What to expect of
other texts is also told by `python -m benchmarks.screening_fit`, which learns without those it judges.
"""


@pytest.mark.parametrize("corpus", BOUNDS)
def test_honest_gigs_go_live_and_scams_are_stopped(corpus: str, capsys: pytest.CaptureFixture[str]) -> None:
    most_stopped, least_caught = BOUNDS[corpus]
    texts = tomllib.loads((CORPUS / f"{corpus}.toml").read_text(encoding="utf-8"))["text"]
    honest = [entry for entry in texts if entry["honest"]]
    scams = [entry for entry in texts if not entry["honest"]]
    stopped, caught = sum(map(_is_stopped, honest)), sum(map(_is_stopped, scams))
    with capsys.disabled():
        print(f"\n{corpus}: {stopped} of {len(honest)} honest stopped, {caught} of {len(scams)} scams caught")
    assert stopped <= most_stopped * len(honest)
    assert caught >= least_caught * len(scams)


def _is_stopped(entry: dict[str, Any]) -> bool:
    text = entry["text"]
    return screen(text, budget_named=find_budget(text) is not None).verdict != "live"
