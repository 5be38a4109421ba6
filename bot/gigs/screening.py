"""Reads a gig for what scams have in common, and says in plain sentences what it found.

Pure: rules, weights, patterns and sentences come from `seeds/screening.toml`. Score 0–3 goes live, 4–7 waits
for a moderator, 8 and more is held. A rule counts once however often it is met, and the text is quoted so
that its author sees why. Denials ("we never ask you to pay") are not findings.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from bot.gigs.folding import Folded, fold, skeleton
from bot.gigs.links import LinkLists, link_findings

Verdict = Literal["live", "queue", "held"]
Repeat = Literal["", "open", "refused"]
MAX_TEXT = 6000
_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "screening.toml"
_REPEATS = {"open": "repeat", "refused": "repeat_refused"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to look twice: the rule, its weight, the sentence people read, the words that caused it."""

    rule: str
    weight: int
    sentence: str
    quote: str


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found and what follows from it."""

    score: int
    verdict: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the seeds with its patterns compiled."""

    name: str
    weight: int
    sentence: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything the seeds say about screening."""

    rules: Mapping[str, Rule]
    queue: int
    held: int
    names: tuple[str, ...]
    denial: re.Pattern[str]
    harmless: re.Pattern[str]
    links: LinkLists


@cache
def load_rules(path: Path = _SEEDS) -> RuleBook:
    """Read and compile the seeds, once."""
    return _rule_book(tomllib.loads(path.read_text(encoding="utf-8")))


def screen(
    text: str, *, budget_named: bool = True, repeat: Repeat = "", book: RuleBook | None = None
) -> Screening:
    """Judge a text; `repeat` tells whether the same text is open on the board or was refused before."""
    book = book or load_rules()
    text = text[:MAX_TEXT]
    quotes: dict[str, str] = {}
    for rule, quote in _all(text, book):
        quotes.setdefault(rule, quote)
    if not budget_named:
        quotes["no_budget"] = ""
    if repeat:
        quotes[_REPEATS[repeat]] = ""
    found = [
        Finding(rule.name, rule.weight, rule.sentence, quotes[rule.name])
        for rule in book.rules.values()
        if rule.name in quotes
    ]
    found.sort(key=lambda finding: -finding.weight)
    score = sum(finding.weight for finding in found)
    return Screening(score, _verdict(score, book), tuple(found))


def fingerprint(text: str) -> str:
    """The same for the same text, however it is spaced, cased or dressed up."""
    return sha256(skeleton(text).encode()).hexdigest()[:32]


def _verdict(score: int, book: RuleBook) -> Verdict:
    if score >= book.held:
        return "held"
    return "queue" if score >= book.queue else "live"


def _all(text: str, book: RuleBook) -> Iterator[tuple[str, str]]:
    folded, hidden = fold(text, book.names)
    for rule in book.rules.values():
        quote = _first(rule, folded, book)
        if quote is not None:
            yield rule.name, quote
    for start, end in hidden[:1]:
        yield "disguised", " ".join(text[start:end].split())
    yield from link_findings(text, book.links)


def _first(rule: Rule, folded: Folded, book: RuleBook) -> str | None:
    """The quote of the first match that is not denied, None when there is none."""
    for pattern in rule.patterns:
        for match in pattern.finditer(folded.text):
            if not _denied(folded.text, match, book):
                return folded.quote(match.start(), match.end())
    return None


def _denied(text: str, match: re.Match[str], book: RuleBook) -> bool:
    """Whether the match or the four words before it say the opposite."""
    before = text[max(0, match.start() - 60) : match.start()]
    lead = re.search(r"(?:[^ .,;:!?]+ ){0,4}[^ .,;:!?]*$", before)
    zone = (lead.group() if lead else "") + match.group()[:60]
    return book.denial.search(book.harmless.sub(" ", zone)) is not None


def _rule_book(data: Mapping[str, Any]) -> RuleBook:
    rules = {entry["name"]: _rule(entry, data["words"]) for entry in data["rule"]}
    links = LinkLists(**{name: frozenset(values) for name, values in data["links"].items()})
    return RuleBook(
        rules=rules,
        queue=data["thresholds"]["queue"],
        held=data["thresholds"]["held"],
        names=tuple(data["spelled"]["names"]),
        denial=re.compile(rf"\b(?:{data['denial']['words']})\b"),
        harmless=re.compile(rf"\b(?:{data['denial']['harmless']})\b"),
        links=links,
    )


def _rule(entry: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    return Rule(
        name=entry["name"],
        weight=entry["weight"],
        sentence=entry["sentence"],
        patterns=tuple(re.compile(_filled(pattern, words)) for pattern in entry["patterns"]),
    )


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """Put word lists in the place of their {names}; other braces belong to the pattern."""
    return re.sub(r"\{([a-z]+)\}", lambda match: words[match[1]], pattern)
