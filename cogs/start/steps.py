"""Where a newcomer stands, and which niches they are shown first. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

from bot.niches.views import NicheCount, NicheList
from bot.people.niches import AXES
from bot.people.rules import NICHES_MAX
from bot.people.views import MemberView

Step = Literal["profile", "niches", "city", "value"]

SHOWN = 25
_BETWEEN = re.compile(r"[,;\n]+")


def first_missing(me: MemberView) -> Step:
    """Return the step to go on with; what was said through other commands counts."""
    if not (me.disciplines or me.stage or me.offers or me.asks):
        return "profile"
    return after_profile(me)


def after_profile(me: MemberView) -> Step:
    """Return the step after the form, which may be sent in empty; only a niche cannot be left out."""
    if not me.niches:
        return "niches"
    return "city" if me.zone is None else "value"


def room(me: MemberView) -> int:
    """Return how many more niches a member may join."""
    return max(0, NICHES_MAX - len(me.niches))


def top(niches: NicheList) -> list[NicheCount]:
    """Return the niches of a newcomer's menu, without those they are in.

    The largest come first; while few have members yet, the axes take turns, or one would fill the menu.
    """
    open_ones = [one for one in niches.counts if not one.mine]
    lived_in = [one for one in open_ones if one.members]
    empty: list[Sequence[NicheCount]] = [
        [one for one in open_ones if not one.members and one.niche.axis == axis] for axis in AXES
    ]
    in_turn = [one for turn in zip_longest(*empty) for one in turn if one is not None]
    return [*lived_in, *in_turn][:SHOWN]


def typed_niches(text: str) -> list[str]:
    """Return what was typed between commas, each once, at most as many as one may join."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(text))
    return list({part.casefold(): part for part in parts if part}.values())[:NICHES_MAX]


def city_of(zone: str) -> str:
    """Return the place a zone is named after, for those who chose it elsewhere."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
