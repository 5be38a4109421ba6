"""Reads a folded text for what it speaks of: who, does what, with which thing; rules put these together.

Pure. A lexicon gives each idea ("pay", "fee", "passport") its words in every language. A word marks an idea,
an arrangement names the ideas that must stand together. Nothing here is a pattern that can run away: words
are looked up, and arrangements are found in one pass over their marks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TypeVar

from bot.gigs.denials import IDEAS, Denials, denials_of
from bot.gigs.folding import Folded, fold

SHARED = ("any", "en")
"""What is heard beside every language: the words of the trade, and English, which all of them borrow."""
_Key = TypeVar("_Key")
GUARDS = frozenset({"work", "users", "later", "botwork", "ourtest", "agreed", "openhere"})
"""Ideas that only ever hold a rule back; a mask does not hide them."""
NUMBER = "#"
REACH = 90
WIDE = 240
_SIGN = r"[$€£¥₹₺₽₴₩₦₱%✈]|(?<![\w@])@(?=\w)|\+(?=\d)"
_WORD = re.compile(rf"[\u3040-\u30ff\u3400-\u9fff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])[^\W_])+|{_SIGN}")
_STOP = re.compile(r"[.!?…](?=\s|$|[\"'”»)])|[。！？।;•]|\n\s*(?:\n|[-*•·▪►✅➡🔹]|\d+[.)])|\n(?=\W)")
_PAUSE = re.compile(r"[,;:()、，]|\s[-–—]\s")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_HOSTS_CODE = re.compile(r"//(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]{2,4}/")
_WRAPPED = 60  # a line this long was broken by its width, not by its author
_FIGURES = str.maketrans("01345789", "oleastbg"), str.maketrans("01345789", "oieastbg")
_HEARD = 0.2  # the share of the strongest language's words above which a language is spoken in a text
_LEAST_STEM = 2
_GAP = 3  # words that "~" in a phrase may stand for


class Word(NamedTuple):
    """A word of the text: where it stands, and the sentence and the clause it belongs to."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int


class Mark(NamedTuple):
    """The words from `first` to `last` mean an idea."""

    first: int
    last: int


class Phrase(NamedTuple):
    """One way to say an idea in one language: the words after the first, each with its wildcard."""

    language: str
    idea: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The ways to say things, found by their first word (whole, its beginning, its ending) or first two."""

    whole: Mapping[str, tuple[Phrase, ...]]
    pairs: Mapping[tuple[str, str], tuple[Phrase, ...]]
    begins: Mapping[str, tuple[Phrase, ...]]
    ends: Mapping[str, tuple[Phrase, ...]]

    def of(self, word: str, following: str) -> Iterator[tuple[Phrase, int]]:
        """Yield every phrase that may begin here, and how many of its words have been seen with that."""
        seconds = (following, NUMBER) if following[:1].isdecimal() else (following,)
        for form in _forms(word):
            for head in (form, NUMBER) if form[0].isdecimal() else (form,):
                for phrase in self.whole.get(head, ()):
                    yield phrase, 1
                for second in seconds:
                    for phrase in self.pairs.get((head, second), ()):
                        yield phrase, 2
            for cut in range(_LEAST_STEM, len(form) + 1):
                for phrase in self.begins.get(form[:cut], ()):
                    yield phrase, 1
                for phrase in self.ends.get(form[-cut:], ()):
                    yield phrase, 1


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Ideas that must stand together within a reach, and ideas that must not be near."""

    needs: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...] = ()
    reach: int = REACH
    crosses: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text and what they mean, by language."""

    folded: Folded
    words: tuple[Word, ...]
    marks: Mapping[str, Mapping[str, tuple[Mark, ...]]] = field(default_factory=dict)
    sentences: Mapping[str, Mapping[str, frozenset[int]]] = field(default_factory=dict)
    """The sentences in which each idea is said."""
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The ideas that a language has words of its own for in this text."""
    denials: Mapping[str, Denials] = field(default_factory=dict)
    meant: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Every idea that is not denied, in whichever language, and all its places."""
    spoken: str = "en"
    """The language heard most."""

    def languages(self) -> tuple[str, ...]:
        """The languages heard in the text, English first."""
        return ("en", *sorted(self.marks.keys() - set(SHARED)))

    def said(self, language: str, idea: str) -> Sequence[Mark]:
        """Where an idea is said, in a language or in what all share, in the order of the text."""
        return self.marks.get(language, {}).get(idea, ())

    def ideas(self) -> dict[str, Mark]:
        """Everything the text speaks of, and does not deny, in any of its languages, and where first."""
        return {idea: marks[0] for idea, marks in self.meant.items()}

    def find(self, wanted: Arrangement, language: str) -> tuple[int, int] | None:
        """The span of the first place where the ideas stand together and nobody denies them."""
        own = self.own[language]
        if language != "en" and not any(idea in own for ideas in wanted.needs for idea in ideas):
            return None  # what all share was already read as English
        by_idea = [[mark for idea in ideas for mark in self.said(language, idea)] for ideas in wanted.needs]
        if not all(by_idea):
            return None
        if not wanted.crosses:
            shared = self._shared(wanted, language)
            if not shared:
                return None
            by_idea = [[mark for mark in marks if self._sentence(mark) in shared] for marks in by_idea]
        for first, last in _together(by_idea):
            if self._holds(wanted, language, first, last):
                return self.words[first].start, self.words[last].end
        return None

    def _sentence(self, mark: Mark) -> int:
        return self.words[mark.first].sentence

    def _shared(self, wanted: Arrangement, language: str) -> frozenset[int]:
        """The sentences in which every idea of an arrangement is said."""
        said, nothing = self.sentences[language], frozenset[int]()
        everyone = (nothing.union(*(said.get(idea, nothing) for idea in ideas)) for ideas in wanted.needs)
        return frozenset.intersection(*everyone)

    def _holds(self, wanted: Arrangement, language: str, first: int, last: int) -> bool:
        begin, end = self.words[first], self.words[last]
        if end.end - begin.start > wanted.reach or (begin.sentence != end.sentence and not wanted.crosses):
            return False
        said, within = self.sentences[language], range(begin.sentence, end.sentence + 1)
        if any(not said[idea].isdisjoint(within) for idea in wanted.lacks if idea in said):
            return False
        return not self.denials[language].hold(first, last)


def read(folded: Folded, lexicon: Lexicon) -> Reading:
    """Mark the ideas of a text; what a longer phrase or a mask covers is not marked."""
    folded = folded.rewritten(
        _ADDRESS, lambda match: "repo" if _HOSTS_CODE.search(match.group()) else "https"
    )
    words = tuple(_words(folded))
    found: dict[tuple[str, str], set[Mark]] = defaultdict(set)
    for place, word in enumerate(words):
        following = words[place + 1].text if place + 1 < len(words) else ""
        for phrase, seen in lexicon.of(word.text, following):
            last = _follow(words, place + seen - 1, phrase.rest)
            if last is not None:
                found[phrase.language, phrase.idea].add(Mark(place, last))
    weight: dict[str, int] = defaultdict(int)
    for (language, _), marks in found.items():
        weight[language] += len(marks)
    heard = {name for name, count in weight.items() if count >= max(weight.values()) * _HEARD} | {"en"}
    said = {name: _merged(found, name) for name in heard - {"any"}}
    weight.pop("any", None)
    spoken = max(weight, key=lambda name: (weight[name], name == "en"), default="en")
    own = {name: frozenset(idea for language, idea in found if language == name) for name in said}
    sentences = {
        name: {idea: frozenset(words[mark.first].sentence for mark in marks) for idea, marks in ideas.items()}
        for name, ideas in said.items()
    }
    denied = {
        name: {idea: [mark.first for mark in ideas.get(idea, ())] for idea in IDEAS}
        for name, ideas in said.items()
    }
    denials = denials_of([word.clause for word in words], denied)
    return Reading(folded, words, said, sentences, own, denials, _meant(said, denials), spoken)


def _meant(
    said: Mapping[str, Mapping[str, tuple[Mark, ...]]], denials: Mapping[str, Denials]
) -> dict[str, tuple[Mark, ...]]:
    places: dict[str, set[Mark]] = defaultdict(set)
    for language, ideas in said.items():
        hold = denials[language].hold
        for idea, marks in ideas.items():
            places[idea].update(mark for mark in marks if not hold(*mark))
    return {idea: tuple(sorted(marks)) for idea, marks in places.items() if marks}


def build_lexicon(languages: Mapping[str, Mapping[str, Iterable[str]]]) -> Lexicon:
    """Index phrases such as "registration_fee", "überweis*", "*gebühr" or "no_~_experience"."""
    whole: dict[str, list[Phrase]] = defaultdict(list)
    pairs: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
    begins: dict[str, list[Phrase]] = defaultdict(list)
    ends: dict[str, list[Phrase]] = defaultdict(list)
    for language, ideas in languages.items():
        for idea, phrases in ideas.items():
            for written in phrases:
                head, *rest = _parts(written)
                if head.startswith("*"):
                    ends[head[1:]].append(Phrase(language, idea, tuple(rest)))
                elif head.endswith("*"):
                    begins[head[:-1]].append(Phrase(language, idea, tuple(rest)))
                elif rest and not {"*", "~"}.intersection(rest[0]):
                    pairs[head, rest[0]].append(Phrase(language, idea, tuple(rest[1:])))
                else:
                    whole[head].append(Phrase(language, idea, tuple(rest)))
    return Lexicon(_frozen(whole), _frozen(pairs), _frozen(begins), _frozen(ends))


def arrangement(written: str) -> Arrangement:
    """Read "must pay fee", "pay fee|kit !work", "30: chat handle", "wide: fee refund"."""
    reach, crosses, ideas = REACH, False, written
    if ":" in written:
        how, _, ideas = written.partition(":")
        crosses = not how.isdecimal()
        reach = int(how) if how.isdecimal() else {"wide": WIDE, "text": 1_000_000}[how]
    terms = ideas.split()
    return Arrangement(
        needs=tuple(tuple(term.split("|")) for term in terms if not term.startswith("!")),
        lacks=tuple(term[1:] for term in terms if term.startswith("!")),
        reach=reach,
        crosses=crosses,
    )


def _frozen(table: Mapping[_Key, Sequence[Phrase]]) -> dict[_Key, tuple[Phrase, ...]]:
    return {key: tuple(phrases) for key, phrases in table.items()}


def _parts(written: str) -> list[str]:
    """The folded words of a phrase, with their wildcards; scripts without spaces give a word a letter."""
    parts = []
    for piece in written.split("_"):
        if piece == "~":
            parts.append(piece)
            continue
        words = [match.group() for match in _WORD.finditer(fold(piece)[0].text)] or [piece]
        if piece.startswith("*"):
            words[0] = "*" + words[0]
        if piece.endswith("*"):
            words[-1] += "*"
        parts += words
    return parts


def _words(folded: Folded) -> Iterator[Word]:
    text, last, sentence, clause = folded.text, 0, 0, 0
    line = 0
    for match in _WORD.finditer(text):
        between = text[last : match.start()]
        stop = _STOP.search(between + "x") is not None
        if "\n" in between:
            stop = stop or last - line < _WRAPPED
            line = match.start()
        sentence += stop
        clause += stop or _PAUSE.search(between) is not None
        yield Word(match.group(), match.start(), match.end(), sentence, clause)
        last = match.end()


def _follow(words: Sequence[Word], place: int, rest: Sequence[str]) -> int | None:
    """Where a phrase that begins at `place` ends, None when the text goes on differently."""
    sentence, gap = words[place].sentence, 0
    for part in rest:
        if part == "~":
            gap = _GAP
            continue
        for step in range(1, gap + 2):
            ahead = place + step
            if ahead >= len(words) or words[ahead].sentence != sentence:
                return None
            if _fits(words[ahead].text, part):
                place, gap = ahead, 0
                break
        else:
            return None
    return place


def _fits(word: str, part: str) -> bool:
    stem = part.strip("*")
    for form in _forms(word):
        if part == NUMBER:
            fits = form[0].isdecimal()
        elif part.endswith("*"):
            fits = form.startswith(stem)
        elif part.startswith("*"):
            fits = form.endswith(stem)
        else:
            fits = form == part
        if fits:
            return True
    return False


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it says when figures stand for letters in it."""
    if word.isalpha() or word.isdecimal():
        return (word,)
    return (word, *{word.translate(table) for table in _FIGURES} - {word})


def _merged(found: Mapping[tuple[str, str], set[Mark]], spoken: str) -> dict[str, tuple[Mark, ...]]:
    """All marks of a language and of what all share, by idea, without those that a longer phrase explains."""
    merged: dict[str, set[Mark]] = defaultdict(set)
    for (language, idea), marks in found.items():
        if language in {spoken, *SHARED}:
            merged[idea] |= marks
    masks = merged.pop("mask", set())
    longer = {mark for marks in merged.values() for mark in marks if mark.last > mark.first}
    kept = {}
    for idea, marks in merged.items():
        over = longer | masks if idea.startswith("not") else masks
        hidden = set() if idea in GUARDS else _inside(marks, over)
        kept[idea] = tuple(sorted(marks - hidden))
    return kept


def _inside(marks: set[Mark], over: set[Mark]) -> set[Mark]:
    """The marks that lie within a longer one."""
    covering: dict[int, list[Mark]] = defaultdict(list)
    for wide in over:
        for place in range(wide.first, wide.last + 1):
            covering[place].append(wide)
    return {
        mark
        for mark in marks
        for wide in covering.get(mark.first, ())
        if mark.last <= wide.last and mark.last - mark.first < wide.last - wide.first
    }


def _together(by_idea: Sequence[Sequence[Mark]]) -> Iterator[tuple[int, int]]:
    """Yield the closest spans in which every idea has a mark of its own, in one pass over the marks."""
    events: dict[Mark, list[int]] = defaultdict(list)
    for number, marks in enumerate(by_idea):
        for mark in marks:
            events[mark].append(number)
    seen: list[list[Mark]] = [[] for _ in by_idea]
    for mark in sorted(events):
        for number in events[mark]:
            chosen = [mark]
            for other, latest in enumerate(seen):
                if other != number:
                    chosen += [old for old in reversed(latest) if old.last < mark.first][:1]
            if len(chosen) == len(seen) and _apart(chosen):
                yield min(one.first for one in chosen), max(one.last for one in chosen)
        for number in events[mark]:
            seen[number] = [*seen[number][-2:], mark]


def _apart(marks: Sequence[Mark]) -> bool:
    ordered = sorted(marks)
    return all(left.last < right.first for left, right in pairwise(ordered))
