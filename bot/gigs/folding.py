"""Undoes the tricks that hide words from a reader of patterns, and remembers where every letter came from.

Pure. Folded text is lower case without accents, look-alikes or anything invisible; a quote is cut from the
original.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIC = dict(
    zip("аеорсухіјѕһԁԛԝӏгпктмвнАВЕКМНОРСТУХІЈЅ", "aeopcyxijshdqwlrnktmbhabekmhopctyxijs", strict=True)
)
_GREEK = dict(zip("αβεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abeikvoptuxwabezhikmnoptyx", strict=True))
_OTHER = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ɡ": "g",
          "ɑ": "a", "ⅼ": "l", "ß": "ss", "æ": "ae", "œ": "oe",
          "’": "'", "‘": "'", "ʼ": "'", "´": "'",
          "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}  # fmt: skip
ALIEN = frozenset(_CYRILLIC) | frozenset(_GREEK)
"""The look-alikes that no language mixes with Latin letters."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u00ad\u034f")
_FIGURES = {
    "a": "a4@",
    "e": "e3",
    "i": "i1!l",
    "l": "l1|i",
    "o": "o0",
    "s": "s5$",
    "t": "t7",
    "g": "g9",
    "b": "b8",
}
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_BADGES = {chr(first + place): chr(ord("a") + place) for first in (0x1F150, 0x1F170) for place in range(26)}
LOOK_ALIKES = _CYRILLIC | _GREEK | _SMALL_CAPITALS | _BADGES | _OTHER
"""Letters of other alphabets that are read as a Latin letter."""
_MANY_GAPS = 3
_SPACES = re.compile(r" {2,}")
_SET_APART = re.compile(r"(?<![^\W_])(?:[^\W_][ ._*|/~-]){3,}[^\W_](?![^\W_])")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `at[i]` is the place of character i in the original."""

    text: str
    at: tuple[int, ...]
    original: str

    def quote(self, start: int, end: int, limit: int = 120) -> str:
        """The words of the original that a span of the folded text was made from."""
        if not self.at or end <= start:
            return ""
        piece = self.original[self.at[start] : self.at[min(end, len(self.at)) - 1] + 1]
        clean = " ".join(visible(piece).split())
        return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"

    def rewritten(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> "Folded":
        """The same text with each match replaced; new letters point into what they replaced."""
        text, at, last = [], list[int](), 0
        for match in pattern.finditer(self.text):
            new = replace(match)
            text += [self.text[last : match.start()], new]
            at += self.at[last : match.start()]
            span = match.end() - match.start()
            at += [
                self.at[match.start() + min(i * span // max(len(new), 1), span - 1)]
                for i in range(len(new) - 1)
            ]
            at += [self.at[match.end() - 1]] if new else []
            last = match.end()
        return Folded("".join([*text, self.text[last:]]), (*at, *self.at[last:]), self.original)


def visible(text: str) -> str:
    """The text without characters that show nothing."""
    return "".join(filter(_shows, text))


@lru_cache(maxsize=4096)
def _shows(char: str) -> bool:
    return unicodedata.category(char) != "Cf" and char not in _BLANK


def fold(text: str, names: Iterable[str] = ()) -> tuple[Folded, tuple[tuple[int, int], ...]]:
    """Fold a text; also return the spans (in the original) where one of `names` was disguised."""
    plain = _plain(text)
    hidden: list[tuple[int, int]] = []
    for name in names:
        pattern = _spelled(name)

        def mended(match: re.Match[str], now: Folded = plain, word: str = name) -> str:
            if _is_disguise(match.group()):
                hidden.append((now.at[match.start()], now.at[match.end() - 1] + 1))
            return word

        plain = plain.rewritten(pattern, mended)
    joined = plain.rewritten(_SET_APART, lambda match: re.sub(r"[ ._*|/~-]", "", match.group()))
    return joined.rewritten(_SPACES, lambda _: " "), tuple(hidden)


def skeleton(text: str) -> str:
    """Letters and figures only, folded: what stays the same when a text is dressed up."""
    return "".join(char for char in _plain(text).text if char.isalnum())


def _plain(text: str) -> Folded:
    letters: list[str] = []
    at: list[int] = []
    for place, char in enumerate(text):
        for new in _letters(char):
            letters.append(new)
            at.append(place)
    return Folded("".join(letters), tuple(at), text)


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """What one character becomes; nothing when it shows nothing."""
    if char.isascii():
        return " " if char.isspace() and char != "\n" else char.lower()
    parts = []
    for part in unicodedata.normalize("NFKD", LOOK_ALIKES.get(char, char)):
        if part in _BLANK or unicodedata.category(part) in {"Mn", "Me", "Cf", "Cc"}:
            continue
        parts.append(
            " " if part.isspace() else LOOK_ALIKES.get(part, LOOK_ALIKES.get(part.lower(), part.lower()))
        )
    return "".join(parts)


def _spelled(name: str) -> re.Pattern[str]:
    letters = [f"[{re.escape(_FIGURES.get(letter, letter))}]" for letter in name]
    return re.compile(r"(?<![^\W_])" + r"[\W_]{0,2}".join(letters) + r"(?![^\W_])")


def _is_disguise(written: str) -> bool:
    """Three gaps or a figure for a letter: more than a hyphen or "What's App"."""
    gaps = len(re.findall(r"[\W_]+", re.sub(r"[@$!|]", "a", written)))
    return gaps >= _MANY_GAPS or any(char in "0134578@$!|9" for char in written)
