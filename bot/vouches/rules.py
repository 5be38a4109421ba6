"""What a vouch may say, and how often its receiver hears of one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.errors import KithError
from bot.people.rules import clean

TEXT_MIN, TEXT_MAX = 20, 300
STANDING = ("offered", "shown", "declined")
"""States in which the words are still kept; a `withdrawn` vouch has none."""

BETWEEN_TELLING = timedelta(days=7)
TELLS = ("introductions", "gigs")
"""Whoever said yes to one of these may be written to about a vouch; for the others it waits in the inbox."""


def checked_text(text: str) -> str:
    """Return the words as they are kept; raises `vouch_short` (least, length) or what `clean` raises."""
    text = clean(text, limit=TEXT_MAX)
    if len(text) < TEXT_MIN:
        raise KithError("vouch_short", least=TEXT_MIN, length=len(text))
    return text


def tells_again(told: Iterable[datetime], now: datetime) -> bool:
    """Tell whether a receiver may be written to again about the same giver's words."""
    return all(now - at >= BETWEEN_TELLING for at in told)
