"""What can be reported, what moderators can decide, and what may be written about it. Pure."""

from __future__ import annotations

from bot.core.errors import KithError

PLACES = ("profile", "intro", "gig", "pitch", "vouch")
"""Where *Report* stands: the card that shows the person."""

REASONS = ("spam", "contact", "rude", "impostor", "other")
OUTCOMES = ("nothing", "talked", "barred")
WORDS_MAX = 500
PAGE = 5  # reports on one card: more would not fit with their buttons


def checked_words(text: str) -> str | None:
    """Return what was added to a report, None for nothing; raises `text_too_long` (limit, length)."""
    text = text.strip()
    if len(text) > WORDS_MAX:
        raise KithError("text_too_long", limit=WORDS_MAX, length=len(text))
    return text or None


def known_choice(value: str, allowed: tuple[str, ...]) -> str:
    """Pass one of a few words; raises `choice_unknown` for what Kith never offered."""
    if value not in allowed:
        raise KithError("choice_unknown", value=value)
    return value


def page_within(wanted: int, total: int) -> tuple[int, int]:
    """Return the nearest page there is (from 1) and how many there are, at least one."""
    pages = max(1, -(-total // PAGE))
    return min(max(1, wanted), pages), pages
