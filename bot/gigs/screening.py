"""Reads a gig for what scams have in common, and says in plain sentences what it found.

Pure. Rules, weights and sentences come from `seeds/screening.toml`, the words of each language from
`seeds/screening/`. Score 0–3 goes live, 4–7 waits for a moderator, 8 and more is held. A rule counts once
however often it is met, and the text is quoted so that its author sees why. What is denied ("we never ask
you to pay") is not a finding. What is known besides the text (age of the account, pay beside the usual,
whether the text was here before) comes in as arguments and counts little, unless it was removed before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from bot.gigs.folding import fold, skeleton
from bot.gigs.links import LinkLists, link_findings
from bot.gigs.reading import Arrangement, Lexicon, Reading, arrangement, build_lexicon, read

Verdict = Literal["live", "queue", "held"]
Repeat = Literal["", "open", "refused"]
MAX_TEXT = 6000
_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "screening.toml"
_QUOTED = 3
_REPEATS = {"open": "repeat", "refused": "repeat_refused"}
_SIMILAR = {"open": "similar", "refused": "similar_refused"}


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
    """A rule of the seeds: what must stand together in a text, or in rare cases a pattern."""

    name: str
    weight: int
    sentence: str
    when: tuple[Arrangement, ...] = ()
    perhaps: tuple[Arrangement, ...] = ()
    """What is a sign of the same but happens to honest people too: it counts half."""
    patterns: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything the seeds say about screening."""

    rules: Mapping[str, Rule]
    queue: int
    held: int
    names: tuple[str, ...]
    signals: Mapping[str, float]
    points: Mapping[str, int]
    lexicon: Lexicon
    links: LinkLists


@cache
def load_rules(path: Path = _SEEDS) -> RuleBook:
    """Read the seeds once: the rules, and beside them a folder with the words of each language."""
    languages: dict[str, dict[str, str]] = {}
    for file in sorted(path.with_suffix("").glob("*.toml")):
        known = languages.setdefault(file.stem.partition("-")[0], {})  # "en-traps" is English too
        for idea, phrases in _toml(file).items():
            known[idea] = f"{known.get(idea, '')} {phrases}"
    return _rule_book(_toml(path) | _toml(path.with_name("screening_points.toml")), languages)


def load_phishing(path: Path) -> frozenset[str]:
    """Read a list of phishing sites: one a line, also as a hosts file has it; `#` begins a comment."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    words = (line.partition("#")[0].split() for line in lines)
    return frozenset(last[-1].lower().strip(".").removeprefix("www.") for last in words if last)


def with_phishing(book: RuleBook, sites: frozenset[str]) -> RuleBook:
    """The same rules, which also know these sites."""
    return replace(book, links=replace(book.links, phishing=book.links.phishing | sites))


def screen(
    text: str,
    *,
    budget_named: bool = True,
    repeat: Repeat = "",
    similar: Repeat = "",
    account_days: int | None = None,
    member_days: int | None = None,
    pay_ratio: float | None = None,
    book: RuleBook | None = None,
) -> Screening:
    """Judge a text.

    `repeat` and `similar` tell whether the same, or nearly the same text is open on the board or was refused
    before; `pay_ratio` is what it pays, divided by the usual pay here. What is not known is None.
    """
    book = book or load_rules()
    text = text[:MAX_TEXT]
    found: dict[str, Finding] = {}
    for rule, quote, share in _in_text(text, book):
        found.setdefault(rule, _finding(book.rules[rule], quote, share))
    known = {
        "no_budget": not budget_named,
        _REPEATS.get(repeat, ""): True,
        _SIMILAR.get(similar, ""): not repeat,
        "new_account": account_days is not None and account_days < book.signals["account_days"],
        "new_member": member_days is not None and member_days < book.signals["member_days"],
        "far_pay": pay_ratio is not None and pay_ratio >= book.signals["pay_ratio"],
    }
    found |= {rule: _finding(book.rules[rule]) for rule, is_so in known.items() if is_so and rule}
    findings = sorted(found.values(), key=lambda finding: -finding.weight)
    score = sum(finding.weight for finding in findings)
    return Screening(score, _verdict(score, book), tuple(findings))


def fingerprint(text: str) -> str:
    """The same for the same text, however it is spaced, cased or dressed up."""
    return sha256(skeleton(text).encode()).hexdigest()[:32]


def _verdict(score: int, book: RuleBook) -> Verdict:
    if score >= book.held:
        return "held"
    return "queue" if score >= book.queue else "live"


def _finding(rule: Rule, quote: str = "", share: int = 1) -> Finding:
    return Finding(rule.name, rule.weight // share, rule.sentence, quote)


def _in_text(text: str, book: RuleBook) -> Iterator[tuple[str, str, int]]:
    """Yield (rule, quote, share of its weight) for everything the text itself shows."""
    folded, hidden = fold(text, book.names)
    reading = read(folded, book.lexicon)
    spoken = reading.ideas() & book.points.keys()
    points = _points(spoken, book)
    for rule in book.rules.values():
        yield from _met(rule, reading, points >= book.signals["doubt"])
    for share, least in ((1, book.signals["together"]), (2, book.signals["together_half"])):
        if points >= least:
            yield "together", _strongest(reading, spoken, book), share
    for start, end in hidden[:1]:
        yield "disguised", " ".join(text[start:end].split()), 1
    for name, link in link_findings(text, book.links):
        yield name, link, 1


def _met(rule: Rule, reading: Reading, doubtful: bool) -> Iterator[tuple[str, str, int]]:
    """Yield where a rule is met; by half only in a text that is not plainly about work."""
    languages, folded = reading.languages(), reading.folded
    for share, arrangements in ((1, rule.when), (2, rule.perhaps if doubtful else ())):
        span = _first(arrangements, reading, languages)
        if span:
            yield rule.name, folded.quote(*span), share
    for pattern in rule.patterns:
        match = pattern.search(folded.text)
        if match:
            yield rule.name, folded.quote(*match.span()), 1


def _points(spoken: Collection[str], book: RuleBook) -> int:
    """What the ideas of a text add up to; one or two suspicious words are no pattern."""
    points = sum(book.points[idea] for idea in spoken)
    signs = sum(book.points[idea] > 0 for idea in spoken)
    return points if signs >= book.signals["together_ideas"] else min(points, 0)


def _strongest(reading: Reading, spoken: Collection[str], book: RuleBook) -> str:
    """The words behind the three ideas that weigh most."""
    ideas = sorted(spoken, key=lambda idea: (-book.points[idea], idea))
    return " … ".join(reading.words_for(idea) for idea in ideas[:_QUOTED])


def _first(
    arrangements: Sequence[Arrangement], reading: Reading, languages: Sequence[str]
) -> tuple[int, int] | None:
    """Where one of some arrangements is met first, None when none is."""
    for language in languages:
        for wanted in arrangements:
            span = reading.find(wanted, language)
            if span:
                return span
    return None


def _rule_book(data: Mapping[str, Any], languages: Mapping[str, Mapping[str, str]]) -> RuleBook:
    words = {
        name: {idea: phrases.split() for idea, phrases in ideas.items()} for name, ideas in languages.items()
    }
    links = {name: frozenset(values) for name, values in data["links"].items()}
    return RuleBook(
        rules={entry["name"]: _rule(entry) for entry in data["rule"]},
        queue=data["thresholds"]["queue"],
        held=data["thresholds"]["held"],
        names=tuple(data["spelled"]["names"]),
        signals=data["signals"],
        points=data["points"],
        lexicon=build_lexicon(words),
        links=LinkLists(**links),
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        name=entry["name"],
        weight=entry["weight"],
        sentence=entry["sentence"],
        when=tuple(arrangement(written) for written in entry.get("when", ())),
        perhaps=tuple(arrangement(written) for written in entry.get("perhaps", ())),
        patterns=tuple(re.compile(pattern) for pattern in entry.get("patterns", ())),
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
