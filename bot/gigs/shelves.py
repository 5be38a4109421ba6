"""Where on the board a gig belongs, under which tags, and how long it may stay. Pure.

A shelf is one channel of the board: the community's own, or one beside it with rules of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.text import N_, _

Kind = Literal["forum", "text"]
Role = Literal["home", "links"]
ROLES: tuple[Role, ...] = ("home", "links")
SHELVES_MAX = 10

# What Discord allows a forum and a post (REFERENCE 2.3).
TAGS_MAX, TAGS_OF_POST_MAX, TAG_NAME_MAX = 20, 5, 20
NICHES_MAX = 8
"""Niches with a tag of their own; the rest of a forum's twenty is left to moderators."""

OPEN, FILLED, CLOSED = N_("open"), N_("filled"), N_("closed")
STARTER = N_("starter-friendly")
# As setup calls them when it makes a forum.
KIND_TAGS = {
    "hire": N_("hire"),
    "subcontract": N_("subcontract"),
    "scoping": N_("scoping"),
    "partner": N_("partner"),
}

WARN_BEFORE = timedelta(days=2)
RENEW_WITHIN = timedelta(days=7)
"""Before its end a gig may be renewed for so long; earlier it would only be moved to where it is already."""
RENEW_UNTIL = timedelta(days=30)
"""After its end likewise: what is older is better written anew."""
LOSSES_MAX = 2
"""A post that was deleted so often stays down: somebody means it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One channel of the board; empty `kinds` and `niches` take every gig."""

    channel_id: int
    kind: str
    role: str = "home"
    kinds: tuple[str, ...] = ()
    niches: tuple[str, ...] = ()

    def takes(self, kind: str, niches: Collection[str]) -> bool:
        """Tell whether a gig fits this channel's rules."""
        fits_kind = not self.kinds or kind in self.kinds
        return fits_kind and (not self.niches or not set(self.niches).isdisjoint(niches))


def home_of(main: Shelf, others: Iterable[Shelf], kind: str, niches: Collection[str]) -> Shelf:
    """Return the one channel a gig lives in: the one that asks for most of it, else the main one."""
    homes = [one for one in others if one.role == "home" and one.takes(kind, niches)]
    # A niche says more than a kind; of equals the first that was added.
    return max(homes, key=lambda one: (bool(one.niches), bool(one.kinds)), default=main)


def links_of(others: Iterable[Shelf], kind: str, niches: Collection[str]) -> list[Shelf]:
    """Return the channels in which a gig is announced with a link."""
    return [one for one in others if one.role == "links" and one.takes(kind, niches)]


def tag_name(name: str) -> str:
    """Return what a tag for this niche is called: Discord takes twenty characters."""
    return " ".join(name.split())[:TAG_NAME_MAX].strip()


def tags_of(kind: str, state: str, niche_names: Iterable[str], *, starter: bool = False) -> tuple[str, ...]:
    """Return the tags of a gig's post, the most important first: how it stands, what it is, for whom."""
    stands = {"live": OPEN, "filled": FILLED}.get(state, CLOSED)
    first = [
        _(stands),
        *([_(KIND_TAGS[kind])] if kind in KIND_TAGS else []),
        *([_(STARTER)] if starter else []),
    ]
    return _different([*first, *map(tag_name, niche_names)])[:TAGS_OF_POST_MAX]


def board_tags(niche_names: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that every forum of the board should have, in the order in which room is given."""
    own = [_(name) for name in (OPEN, FILLED, CLOSED, *KIND_TAGS.values(), STARTER)]
    return _different([*own, *[tag_name(name) for name in niche_names][:NICHES_MAX]])


def missing_tags(there: Sequence[str], wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which tags to add to a forum, and which have no room in its twenty."""
    known = {name.casefold() for name in there}
    lacking = [name for name in wanted if name.casefold() not in known]
    room = max(0, TAGS_MAX - len(there))
    return lacking[:room], lacking[room:]


def _different(names: Iterable[str]) -> tuple[str, ...]:
    """The names without empty ones, each once, however it is written."""
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


def may_renew(state: str, expires_at: datetime, now: datetime) -> bool:
    """Tell whether a gig may be given two more weeks now."""
    if state == "live":
        return now >= expires_at - RENEW_WITHIN
    return state == "expired" and now <= expires_at + RENEW_UNTIL
