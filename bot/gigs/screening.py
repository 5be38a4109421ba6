"""Reads a gig for what scams have in common, and says in plain sentences what it found.

Pure. Rules, weights and sentences come from `seeds/screening.toml`, the words of each language from
`seeds/screening/`. Score 0–3 goes live, 4–7 waits for a moderator, 8 and more is held. A rule counts once
however often it is met, and the text is quoted so that its author sees why. How much all of it weighs
together, beside the signs of real work, is for `tally`. What is denied ("we never ask you to pay") is not a
finding. What is known besides the text (age of the account, pay beside the usual,
whether the text was here before) comes in as arguments and counts little, unless it was removed before.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from heapq import nlargest
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from bot.gigs.folding import fold, skeleton
from bot.gigs.links import LinkLists, link_findings
from bot.gigs.reading import REACH, Arrangement, Lexicon, Reading, arrangement, build_lexicon, read
from bot.gigs.tally import Scale, Sign, load_scale, signs_of

Verdict = Literal["live", "queue", "held"]
Repeat = Literal["", "open", "refused"]
MAX_TEXT = 6000
_QUOTABLE = 60
_NOWHERE = (0, -1)
_BARE = 1  # how much more small signs must weigh where no rule is met
_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "screening.toml"
_MARKS = re.compile('["“”„«»「」]')
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
    """What is a sign of the same but happens to honest people too: its weight is halved."""
    patterns: tuple[re.Pattern[str], ...] = ()
    alone: tuple[Arrangement, ...] = ()
    """What stops a text whatever else stands there."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything the seeds say about screening."""

    rules: Mapping[str, Rule]
    queue: int
    held: int
    names: tuple[str, ...]
    signals: Mapping[str, int | float]
    scale: Scale
    lexicon: Lexicon
    links: LinkLists


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text itself shows: its words, the rules it meets (quote, share of the weight), its signs."""

    reading: Reading
    met: Mapping[str, tuple[str, int]]
    signs: Mapping[Sign, tuple[int, int]]
    certain: bool
    """Whether one of the rules is met in a way that needs no second sign."""


@cache
def load_rules(path: Path = _SEEDS) -> RuleBook:
    """Read the seeds once: the rules, and beside them a folder with the words of each language."""
    languages: dict[str, dict[str, str]] = {}
    for file in sorted(path.with_suffix("").glob("*.toml")):
        known = languages.setdefault(file.stem.partition("-")[0], {})  # "en-traps" is English too
        for idea, phrases in _toml(file).items():
            known[idea] = f"{known.get(idea, '')} {phrases}"
    return _rule_book(_toml(path), languages, load_scale(path.with_name("screening_points.tsv")))


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
    known = {
        _REPEATS.get(repeat, ""): True,
        _SIMILAR.get(similar, ""): not repeat,
        "new_account": account_days is not None and account_days < book.signals["account_days"],
        "new_member": member_days is not None and member_days < book.signals["member_days"],
        "far_pay": pay_ratio is not None and pay_ratio >= book.signals["pay_ratio"],
    }
    outside = [rule for rule, is_so in known.items() if is_so and rule]
    return weigh(read_evidence(text, book), book, outside, budget_named=budget_named)


def read_evidence(text: str, book: RuleBook) -> Evidence:
    """Everything the text itself shows."""
    text = text[:MAX_TEXT]
    folded, hidden = fold(text, book.names)
    reading = read(folded, book.lexicon)
    met: dict[str, tuple[str, int]] = {}
    for rule in book.rules.values():
        for name, quote, share in _met(rule, reading):
            met.setdefault(name, (quote, share))
    for start, end in hidden[:1]:
        met["disguised"] = " ".join(text[start:end].split()), 1
    for name, link in link_findings(text, book.links):
        met.setdefault(name, (link, 1))
    signs = signs_of(reading, {rule: share for rule, (_quote, share) in met.items()})
    signs |= _both(reading)
    return Evidence(reading, met, signs, any(_is_certain(book.rules[rule], reading) for rule in met))


def weigh(
    evidence: Evidence, book: RuleBook, outside: Sequence[str] = (), *, budget_named: bool = True
) -> Screening:
    """Put together what the text adds up to and the rules it meets from outside.

    Where the text as a whole weighs more than the rules it meets, small signs make up the difference; where
    it weighs less, because it is plainly about work, the difference is taken off.
    """
    total = max(0, book.scale.total(evidence.signs))
    inside: list[Finding] = []
    beside = [_finding(book.rules[rule]) for rule in (*outside, *([] if budget_named else ["no_budget"]))]
    for rule, (quote, share) in evidence.met.items():
        counted = book.scale.counts(rule)
        if total > 0 or share == 1 or not counted:  # a mere "perhaps" is no word worth beside plain work
            (inside if counted else beside).append(_finding(book.rules[rule], quote, share))
    if not inside:
        total -= _BARE
    more, met = sum(each.weight for each in beside), sum(each.weight for each in inside)
    total = min(total, max(met, book.held - 1))  # small signs may make a post wait; only rules hold it
    if total > met and total + more >= book.queue:
        quote = book.scale.strongest(_weighty(evidence.signs, book.scale), evidence.reading)
        inside.append(replace(_finding(book.rules["together"], quote), weight=total - met))
    least = book.queue if evidence.certain else 0
    score = max(least, min(total, sum(each.weight for each in inside))) + more
    findings = sorted(inside + beside, key=lambda finding: -finding.weight)
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


def _weighty(signs: Mapping[Sign, tuple[int, int]], scale: Scale) -> dict[Sign, tuple[int, int]]:
    """The signs that weigh most and stand somewhere; a quote is chosen from them."""
    placed = (sign for sign, place in signs.items() if place != _NOWHERE)
    chosen = nlargest(_QUOTABLE, placed, key=lambda sign: (scale.points.get(sign, 0), sign))
    return {sign: signs[sign] for sign in chosen}


def _met(rule: Rule, reading: Reading) -> Iterator[tuple[str, str, int]]:
    """Yield where a rule is met, the surest way first."""
    languages, folded = reading.languages(), reading.folded
    for pattern in rule.patterns:
        match = pattern.search(folded.text)
        if match:
            yield rule.name, folded.quote(*match.span()), 1
    for share, arrangements in ((1, rule.when), (2, rule.perhaps)):
        span = _first(arrangements, reading, languages)
        if span:
            yield rule.name, folded.quote(*span), share


def _both(reading: Reading) -> dict[Sign, tuple[int, int]]:
    """The pairs of ideas that one sentence speaks of: "your" and "card" say more together than apart."""
    sentences: dict[int, list[str]] = defaultdict(list)
    for idea in sorted(reading.meant):
        for sentence in {reading.words[mark.first].sentence for mark in reading.meant[idea]}:
            sentences[sentence].append(idea)
    pairs = {pair for ideas in sentences.values() for pair in combinations(ideas, 2)}
    return {Sign("both", f"{one} {other}"): _NOWHERE for one, other in pairs}


def _is_certain(rule: Rule, reading: Reading) -> bool:
    """Whether a rule is met in a way that needs no second sign; who quotes a scam only speaks of it."""
    span = _first(rule.alone, reading, reading.languages())
    return span is not None and not _MARKS.search(reading.folded.text, max(0, span[0] - REACH), span[1])


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


def _rule_book(data: Mapping[str, Any], languages: Mapping[str, Mapping[str, str]], scale: Scale) -> RuleBook:
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
        scale=scale,
        lexicon=build_lexicon(words),
        links=LinkLists(**links),
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        name=entry["name"],
        weight=entry["weight"],
        sentence=entry["sentence"],
        when=tuple(arrangement(written) for key in ("alone", "when") for written in entry.get(key, ())),
        perhaps=tuple(arrangement(written) for written in entry.get("perhaps", ())),
        patterns=tuple(re.compile(pattern) for pattern in entry.get("patterns", ())),
        alone=tuple(arrangement(written) for written in entry.get("alone", ())),
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
