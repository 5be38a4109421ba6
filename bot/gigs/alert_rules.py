"""Which new gigs somebody wants to hear of, on which morning, and how a message remembers them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from bot.core.budget import next_slot
from bot.core.schedule import at_local, local_date

AlertState = Literal["none", "on", "paused", "asleep"]
"""`asleep`: it is kept, and its member took back the yes to such messages, as with `/stop`."""

PURPOSE = "alerts"
SHOWN_MAX = 8
KEY_MAX = 120
_AT = time(9)
_DAY = timedelta(days=1)
_LATE_MOST = timedelta(hours=3)
_MORNINGS = 60  # more than any three messages a week can block
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_KEY = re.compile(r"gig\.alert:\d+:([0-9a-z.]+)(?:\+(\d+))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an alert asks for; all of it has to fit, and what is empty fits every gig.

    Of `niches`, `skills` and `kinds` one is enough. `low` is in hundredths, and says something about gigs
    that are paid in the same currency and unit alone.
    """

    niches: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    low: int | None = None
    currency: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What of a gig an alert asks about; `niches` with every slug that means one of them."""

    kind: str
    niches: Collection[str]
    skills: Collection[str]
    high: int
    currency: str
    per: str


def fits(wanted: Wanted, gig: Offered) -> bool:
    """Tell whether an alert is about a gig; `alerts.fitting` says the same to the database."""
    pays = wanted.low is None or (
        (wanted.currency, wanted.per) == (gig.currency, gig.per) and wanted.low <= gig.high
    )
    return (
        pays
        and (not wanted.kinds or gig.kind in wanted.kinds)
        and (not wanted.niches or not set(wanted.niches).isdisjoint(gig.niches))
        and (not wanted.skills or not set(wanted.skills).isdisjoint(gig.skills))
    )


def morning_after(at: datetime, zone: str) -> datetime:
    """The first morning after a moment, on the clock of that zone."""
    day = local_date(at, zone)
    while (found := at_local(day, _AT, zone)) <= at:
        day += _DAY
    return found


def morning_before(at: datetime, zone: str) -> datetime:
    """The last morning up to a moment, on the clock of that zone."""
    day = local_date(at, zone)
    while (found := at_local(day, _AT, zone)) > at:
        day -= _DAY
    return found


def send_at(taken: Collection[datetime], now: datetime, zone: str) -> datetime:
    """When an alert goes out: now, in the morning, or on the first morning with room in the person's budget.

    Where the morning is long over, the next one: nobody is written to late in the evening.
    """
    slot = now if now - morning_before(now, zone) <= _LATE_MOST else morning_after(now, zone)
    for _morning in range(_MORNINGS):
        if next_slot(taken, slot) == slot:
            break
        slot = morning_after(slot, zone)
    return slot


def key_of(member_id: int, gig_ids: Iterable[int]) -> str:
    """The key of a message, which remembers what it names: a few gigs, the newest first, and how many more.

    The waiting rows are gone once the message is planned, so nothing is named twice whatever happens then.
    """
    ids = sorted(set(gig_ids), reverse=True)
    for shown in range(min(len(ids), SHOWN_MAX), 0, -1):
        rest = f"+{len(ids) - shown}" if len(ids) > shown else ""
        key = f"gig.alert:{member_id}:{'.'.join(map(_written, ids[:shown]))}{rest}"
        if len(key) <= KEY_MAX:
            return key
    raise ValueError("an alert names at least one gig")


def named_in(key: str) -> tuple[Sequence[int], int]:
    """What the key of a message names: gigs, and how many more there were."""
    found = _KEY.fullmatch(key)
    if found is None:
        return (), 0
    return tuple(int(one, len(_DIGITS)) for one in found[1].split(".")), int(found[2] or 0)


def _written(number: int) -> str:
    """A number in as few characters as letters and figures allow."""
    digits = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return digits or "0"
