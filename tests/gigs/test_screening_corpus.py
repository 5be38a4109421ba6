"""Screening on the whole corpus: the half it was tuned on, and the half nobody looked at while tuning."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.gigs.budget import find_budget
from bot.gigs.screening import screen

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize(
    ("half", "honest_stopped", "scams_caught"), [("tuning", 0.01, 0.95), ("held_out", 0.02, 0.90)]
)
def test_honest_gigs_go_live_and_scams_are_stopped(
    half: str, honest_stopped: float, scams_caught: float, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = tomllib.loads((CORPUS / f"{half}.toml").read_text(encoding="utf-8"))["text"]
    honest = [entry for entry in texts if entry["honest"]]
    scams = [entry for entry in texts if not entry["honest"]]
    stopped, caught = sum(map(_is_stopped, honest)), sum(map(_is_stopped, scams))
    with capsys.disabled():
        print(f"\n{half}: {stopped} of {len(honest)} honest stopped, {caught} of {len(scams)} scams caught")
    assert stopped <= honest_stopped * len(honest)
    assert caught >= scams_caught * len(scams)


def _is_stopped(entry: dict[str, Any]) -> bool:
    text = entry["text"]
    return screen(text, budget_named=find_budget(text) is not None).verdict != "live"
