"""What new words change about a live gig, and where such a change stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.gigs.views import GigView

UNSENT = ("edit", "change")
"""Words that are in their poster's hands: not handed over yet, or sent back by the moderators."""
WITH_MODERATORS = ("queued", "held")
WAITING = (*WITH_MODERATORS, "change")
"""What moderators have seen, and nobody has decided for good."""
OVER = "over"
"""A change that went in, made room for other words, or ended with its gig: nothing comes of it any more."""
FIELDS = ("kind", "title", "description", "budget", "terms", "skills", "hours", "length", "apply", "starter")
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes: what stands on the board, and what would."""

    field: str
    old: GigView
    new: GigView


def differences(old: GigView, new: GigView) -> list[Difference]:
    """Return what changes between two versions of a gig, in the order of the form."""
    return [Difference(name, old, new) for name in FIELDS if getattr(old, name) != getattr(new, name)]


def apart(old: str, new: str) -> tuple[str, str]:
    """Return where two texts differ, with a few words around it; … stands for what is the same.

    A change in one place of a long text is seen at once; of several, all that lies between them is shown.
    """
    same = _shared(old, new)
    alike = _shared(old[same:][::-1], new[same:][::-1])
    start = _word(old, same - _AROUND)
    tail = max(0, alike - _AROUND)
    return _cut(old, start, tail), _cut(new, start, tail)


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (here, there) in enumerate(pairs) if here != there), min(len(one), len(other)))


def _word(text: str, at: int) -> int:
    """The beginning of the word around a place; the beginning of the text where there is none before."""
    return text.rfind(" ", 0, at) + 1 if at > 0 else 0


def _cut(text: str, start: int, tail: int) -> str:
    """A text without its first characters and its last ones."""
    middle = text[start : len(text) - tail].strip()
    return ("… " if start else "") + middle + (" …" if tail else "")
