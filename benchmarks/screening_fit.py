"""Learns the points of `seeds/screening_points.tsv` from the texts of the corpus, and says how well they do.

    python -m benchmarks.screening_fit          cross-validate, batch by batch: learn from all others
    python -m benchmarks.screening_fit --write  learn from all texts and write the table

A logistic regression with a strong penalty on every sign (rules met, ideas, words and pairs), so that what is
seen a few times weighs little. The table is scaled so that the threshold for the queue is where
cross-validation stops few honest texts. Needs numpy; the bot itself only adds up the table.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.gigs.screening import RuleBook, load_rules, read_evidence
from bot.gigs.tally import Sign, enough

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "gigs" / "corpus" / "tuning.toml"
TABLE = ROOT / "seeds" / "screening_points.tsv"
PENALTY = 1.0
SCALE = {"rule": 0.7, "half": 0.7, "idea": 1.0, "word": 1.0, "pair": 1.0, "other_language": 1.0}
"""How freely a kind of sign may weigh; less means a stronger penalty."""
LEAST = {"word": 3, "pair": 3}
"""In how many English texts a word must be seen; the other signs in three texts."""
QUEUE = 4
PER_ODDS = 3.0
"""Points of the score for one unit of the logarithm of the odds."""
MARGIN = 1.3
"""How far above even odds, in the same unit, a text must be to wait for a moderator."""
KEPT = 10
"""Words worth less than this many hundredths are left out of the table."""
BESIDE = frozenset({"unpaid"})
"""Rules of the house rather than signs of a scam: they count by their weight alone."""
FOLDS = ("first", "second", "third")
_STEPS = 400

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the corpus and the signs it shows; single words are learned from English alone."""

    batch: str
    honest: bool
    signs: frozenset[Sign]
    english: bool


def main(arguments: Sequence[str]) -> None:
    """Cross-validate, or write the table."""
    texts = load(load_rules())
    if "--write" in arguments:
        weights = learn(texts)
        TABLE.write_text(table(weights), encoding="utf-8")
        print(f"{len(weights)} signs learned from {len(texts)} texts")
        return
    for batch in FOLDS:
        weights = learn([text for text in texts if text.batch != batch])
        here = [text for text in texts if text.batch == batch]
        print(batch, *(f"{name} {value:.1%}" for name, value in measure(here, weights).items()))


def load(book: RuleBook) -> list[Text]:
    """Read every text of the corpus once."""
    counted = {rule.name for rule in book.rules.values() if rule.when or rule.patterns} - BESIDE
    texts = []
    for entry in tomllib.loads(CORPUS.read_text(encoding="utf-8"))["text"]:
        evidence = read_evidence(entry["text"], book)
        signs = frozenset(
            sign for sign in evidence.signs if sign.kind not in {"rule", "half"} or sign.name in counted
        )
        english = evidence.reading.spoken == "en"
        texts.append(Text(entry["batch"], entry["honest"], signs, english))
    return texts


def learn(texts: Sequence[Text]) -> dict[Sign, float]:
    """The weight of every sign that is seen often enough, and of the base."""
    seen = Counter(sign for text in texts for sign in text.signs if _is_learned(sign, text))
    signs = sorted(sign for sign, count in seen.items() if count >= LEAST.get(sign.kind, 3))
    freedom = np.array([SCALE[sign.kind] for sign in signs])
    shown = np.array([[sign in text.signs for sign in signs] for text in texts], float) * freedom
    fitted = _regress(shown, np.array([-1.0 if text.honest else 1.0 for text in texts]))
    weights = {sign: float(value) for sign, value in zip(signs, fitted[1:] * freedom, strict=True)}
    kept = {sign: weight for sign, weight in weights.items() if _is_kept(sign, weight)}
    return {Sign("base", ""): float(fitted[0])} | kept


def measure(texts: Sequence[Text], weights: dict[Sign, float]) -> dict[str, float]:
    """The shares stopped and caught at the threshold, and caught where 1 or 2 % of the honest are stopped."""
    honest, scams = (
        np.sort([_odds(text, weights) for text in texts if text.honest is is_so])[::-1]
        for is_so in (True, False)
    )
    shares = {"stopped": float((honest >= MARGIN).mean()), "caught": float((scams >= MARGIN).mean())}
    for allowed in (0.01, 0.02):
        shares[f"caught at {allowed:.0%}"] = float((scams > honest[int(allowed * len(honest))]).mean())
    shares["above"] = float((scams[:, None] > honest[None]).mean())
    return shares


def table(weights: dict[Sign, float]) -> str:
    """The table as it is kept: the base is moved so that a text at the margin reaches the queue."""
    lines = [
        "# What each sign of a text is worth, in hundredths of the score: kind, name, points.",
        "# Learned from the corpus by `python -m benchmarks.screening_fit --write`; not edited by hand.",
    ]
    for sign, weight in sorted(weights.items()):
        points = round(100 * PER_ODDS * weight)
        if sign.kind == "base":
            points = round(100 * (QUEUE + PER_ODDS * (weight - MARGIN)))
        lines.append(f"{sign.kind}\t{sign.name}\t{points}")
    return "\n".join(lines) + "\n"


def _is_learned(sign: Sign, text: Text) -> bool:
    return text.english or sign.kind not in {"word", "pair"}


def _is_kept(sign: Sign, weight: float) -> bool:
    return sign.kind not in {"word", "pair"} or abs(100 * PER_ODDS * weight) >= KEPT


def _odds(text: Text, weights: dict[Sign, float]) -> float:
    if not enough(text.signs, weights):
        return -float("inf")
    return weights[Sign("base", "")] + sum(weights.get(sign, 0.0) for sign in text.signs)


def _regress(shown: Floats, truth: Floats) -> Floats:
    """Minimise the logistic loss and the penalty by Newton's steps, in the space of the texts."""
    kernel = shown @ shown.T / PENALTY
    alpha, base = np.zeros(len(truth)), 0.0
    for _step in range(_STEPS):
        odds = kernel @ alpha + base
        chance = 1 / (1 + np.exp(np.clip(truth * odds, -500, 500)))
        spread = np.maximum(chance * (1 - chance), 1e-9)
        target = odds + truth * chance / spread
        system = kernel + np.diag(1 / spread)
        ones, wanted = np.linalg.solve(system, np.array([np.ones(len(truth)), target]).T).T
        new_base = float(wanted.sum() / ones.sum())
        new = wanted - new_base * ones
        change = float(np.abs(new - alpha).max())
        alpha, base = new, new_base
        if change < 1e-8:
            break
    return np.concatenate([[base], shown.T @ alpha / PENALTY])


if __name__ == "__main__":
    main(sys.argv[1:])
