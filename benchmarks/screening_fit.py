"""Learns the points of `seeds/screening_points.tsv` from the texts of the corpus, and says how well they do.

    python -m benchmarks.screening_fit          cross-validate: learn from nine tenths, judge the tenth
    python -m benchmarks.screening_fit --write  learn from all texts and write the table

A logistic regression with a strong penalty on every sign (rules met, ideas, ideas that share a sentence,
words, pairs), so that what is seen a few times weighs little. Texts that are nearly the same stay in one
fold. The table is scaled so that the threshold for the queue is where cross-validation stops few honest
texts. Needs numpy; the bot itself only adds up the table.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.gigs.budget import find_budget
from bot.gigs.screening import Evidence, RuleBook, load_rules, read_evidence, weigh
from bot.gigs.sketch import BANDS, ROWS, sketch
from bot.gigs.tally import Scale, Sign, share

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "gigs" / "corpus" / "tuning.toml"
TABLE = ROOT / "seeds" / "screening_points.tsv"
PENALTY = 0.3
SCALE = {"rule": 0.7, "half": 0.7, "idea": 1.0, "both": 0.5, "word": 1.0, "pair": 1.0, "other_language": 1.0}
"""How freely a kind of sign may weigh; less means a stronger penalty."""
LEAST = {"both": 4}
"""In how many texts a sign must be seen, where that is not three."""
QUEUE = 4
PER_ODDS = 3.0
"""Points of the score for one unit of the logarithm of the odds."""
MARGIN = 1.45
"""How far above even odds, in the same unit, a text must be to wait for a moderator."""
KEPT = 10
"""Words and pairs worth less than this many hundredths are left out of the table."""
BESIDE = frozenset({"unpaid"})
"""Rules of the house rather than signs of a scam: they count by their weight alone."""
BATCHES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
"""The batches of whole posts; the others are single lines, which teach but are not counted."""
FOLDS = 10
FAMILY = 0.25
"""From this share of common runs on, two texts are of one family."""
THRESHOLDS = (2, 3, 4, 5, 6, 8)
_STEPS = 400
_PLACES = BANDS * ROWS

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the corpus, what was read in it and the signs that may be learned from it."""

    batch: str
    honest: bool
    fold: int
    priced: bool
    evidence: Evidence
    signs: frozenset[Sign]


def main(arguments: Sequence[str]) -> None:
    """Cross-validate, or write the table."""
    book = load_rules()
    texts = load(book)
    if "--write" in arguments:
        weights = learn(texts)
        TABLE.write_text(table(weights), encoding="utf-8")
        print(f"{len(weights)} signs learned from {len(texts)} texts")
        return
    scores = cross_validate(texts, book)
    for batch in BATCHES:
        print(batch, told([pair for pair in scores if pair[0].batch == batch], QUEUE))
    whole = [pair for pair in scores if pair[0].batch in BATCHES]
    for threshold in THRESHOLDS:
        print(f"all from {threshold} on:", told(whole, threshold))


def load(book: RuleBook) -> list[Text]:
    """Read every text of the corpus once."""
    counted = {rule.name for rule in book.rules.values() if rule.when or rule.patterns} - BESIDE
    entries = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["text"]
    folds = _folds([entry["text"] for entry in entries])
    texts = []
    for entry, fold in zip(entries, folds, strict=True):
        evidence = read_evidence(entry["text"], book)
        signs = frozenset(
            sign for sign in evidence.signs if sign.kind not in {"rule", "half"} or sign.name in counted
        )
        priced = find_budget(entry["text"]) is not None
        texts.append(Text(entry["batch"], entry["honest"], fold, priced, evidence, signs))
    return texts


def cross_validate(texts: Sequence[Text], book: RuleBook) -> list[tuple[Text, int]]:
    """The score of every text with points that were learned without its fold."""
    scores = []
    for fold in range(FOLDS):
        points = _points(learn([text for text in texts if text.fold != fold]))
        learned = replace(book, scale=Scale(points))
        here = (text for text in texts if text.fold == fold)
        scores += [(text, weigh(text.evidence, learned, budget_named=text.priced).score) for text in here]
    return scores


def told(scores: Sequence[tuple[Text, int]], threshold: int) -> str:
    """How many honest texts are stopped and how many scams caught."""
    parts = []
    for honest, name in ((True, "honest stopped"), (False, "scams caught")):
        stopped = [score >= threshold for text, score in scores if text.honest is honest]
        parts.append(f"{sum(stopped)} of {len(stopped)} {name} ({sum(stopped) / len(stopped):.1%})")
    return ", ".join(parts)


def learn(texts: Sequence[Text]) -> dict[Sign, float]:
    """The weight of every sign that is seen often enough, and of the base."""
    seen = Counter(sign for text in texts for sign in text.signs)
    signs = sorted(sign for sign, count in seen.items() if count >= LEAST.get(sign.kind, 3))
    place = {sign: number for number, sign in enumerate(signs)}
    shown = np.zeros((len(texts), len(signs)))
    for row, text in zip(shown, texts, strict=True):
        row[[place[sign] for sign in text.signs if sign in place]] = share(text.signs)
    freedom = np.array([SCALE[sign.kind] for sign in signs])
    fitted = _regress(shown * freedom, np.array([-1.0 if text.honest else 1.0 for text in texts]))
    weights = {sign: float(value) for sign, value in zip(signs, fitted[1:] * freedom, strict=True)}
    kept = {sign: weight for sign, weight in weights.items() if _is_kept(sign, weight)}
    return {Sign("base", ""): float(fitted[0])} | kept


def table(weights: Mapping[Sign, float]) -> str:
    """The table as it is kept."""
    lines = [
        "# What each sign of a text is worth, in hundredths of the score: kind, name, points.",
        "# Learned from the corpus by `python -m benchmarks.screening_fit --write`; not edited by hand.",
    ]
    lines += [f"{sign.kind}\t{sign.name}\t{points}" for sign, points in sorted(_points(weights).items())]
    return "\n".join(lines) + "\n"


def _points(weights: Mapping[Sign, float]) -> dict[Sign, int]:
    """Hundredths of the score: the base is moved so that a text at the margin reaches the queue."""
    points = {sign: round(100 * PER_ODDS * weight) for sign, weight in weights.items()}
    base = Sign("base", "")
    points[base] = round(100 * (QUEUE + PER_ODDS * (weights[base] - MARGIN)))
    return points


def _folds(texts: Sequence[str]) -> list[int]:
    """The fold of every text; a family is in the fold of its first."""
    signatures = np.array([sketch(text) or (0,) * _PLACES for text in texts])
    first = list(range(len(texts)))
    for number in range(len(texts)):
        near = (signatures[number + 1 :] == signatures[number]).mean(axis=1) >= FAMILY
        for other in np.flatnonzero(near) + number + 1:
            first[other] = min(first[other], first[number])
    return [crc32(texts[number].encode()) % FOLDS for number in first]


def _is_kept(sign: Sign, weight: float) -> bool:
    return sign.kind not in {"both", "word", "pair"} or abs(100 * PER_ODDS * weight) >= KEPT


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
