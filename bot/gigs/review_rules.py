"""What moderators may decide about a gig, and what they have to say with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.errors import KithError

Verdict = Literal["approved", "change", "refused"]
"""What is decided about a gig that waits; what is taken off the board is `removed`."""
REASONS = ("scam", "pay", "fit", "copy", "other")
WORDS_MAX, WORDS_MIN = 250, 3
APPEAL_MAX = 600
REMIND_AFTER = timedelta(hours=24)
"""Moderators are reminded once the oldest gig waited so long, and then once in as much."""
_BETWEEN = ": "


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gig is not on the board: one of `REASONS` ("" where a change is asked for), and words."""

    why: str
    words: str = ""


def checked_reason(why: str, words: str) -> Reason:
    """A reason for a refusal; raises `gig_reason_choose`, or `gig_reason` where words are missing."""
    if why not in REASONS:
        raise KithError("gig_reason_choose")
    words = " ".join(words.split())
    if words or why == "other":
        _long_enough(words)
    return Reason(why, words)


def checked_change(words: str) -> Reason:
    """What is to be changed; raises `gig_reason` when it says nothing or too much."""
    words = " ".join(words.split())
    _long_enough(words)
    return Reason("", words)


def checked_appeal(words: str) -> str:
    """A poster's words against a decision; raises `gig_appeal_length` for too many."""
    words = words.strip()
    if len(words) > APPEAL_MAX:
        raise KithError("gig_appeal_length", most=APPEAL_MAX, length=len(words))
    return words


def joined(reason: Reason | None) -> str:
    """A reason as it is stored."""
    if reason is None:
        return ""
    return _BETWEEN.join(filter(None, (reason.why, reason.words)))


def split(stored: str) -> Reason:
    """A stored reason; words without one of `REASONS` before them are a moderator's own."""
    why, _between, words = stored.partition(_BETWEEN)
    return Reason(why, words) if why in REASONS else Reason("", stored)


def _long_enough(words: str) -> None:
    if not WORDS_MIN <= len(words) <= WORDS_MAX:
        raise KithError("gig_reason", least=WORDS_MIN, most=WORDS_MAX, length=len(words))
