"""Decisions about asking for one person: how often, how long it is open, what may be written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.errors import KithError
from bot.people.rules import clean
from bot.people.views import MemberView

REASON_MIN, REASON_MAX = 20, 300
OPEN_FOR = timedelta(days=14)
QUIET_FOR = timedelta(days=60)
"""After a no, or no answer, the same person is not asked again for so long."""
AGAIN_AFTER = OPEN_FOR + QUIET_FOR
"""Counted from the asking: counted from the answer it would tell when there was one."""
WEEK = timedelta(days=7)
ASKS_A_WEEK = 3
ASKED_A_WEEK = 2


def checked_reason(text: str) -> str:
    """Return the reason as it is kept; raises `ask_reason_short` (least, length) or what `clean` raises."""
    text = clean(text, limit=REASON_MAX)
    if len(text) < REASON_MIN:
        raise KithError("ask_reason_short", least=REASON_MIN, length=len(text))
    return text


def require_profile(me: MemberView, prefix: str) -> None:
    """Refuse, with what to do next, until there is a niche and a time zone.

    Raises `…needs_both`, `…needs_niche` or `…needs_zone`, each behind the prefix.
    """
    missing = "both" if not me.niches and me.zone is None else ""
    missing = missing or ("niche" if not me.niches else "") or ("zone" if me.zone is None else "")
    if missing:
        raise KithError(f"{prefix}_needs_{missing}")


def next_ask(asked: Iterable[datetime], now: datetime) -> datetime | None:
    """Return when somebody who asked at these moments may ask again; None: now."""
    recent = sorted(at for at in asked if now - at < WEEK)
    return None if len(recent) < ASKS_A_WEEK else recent[-ASKS_A_WEEK] + WEEK


def told_at(others: Iterable[datetime], now: datetime) -> datetime:
    """Return when a request is told to somebody who hears, or heard, of others at these moments."""
    latest = sorted(others)[-ASKED_A_WEEK:]
    return now if len(latest) < ASKED_A_WEEK else max(now, latest[0] + WEEK)
