"""Which parts of Kith a community uses, and what belongs to which part. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from bot.core.errors import KithError
from bot.core.text import N_

Module = Literal["introductions", "gigs", "checkins", "digest"]
MODULES: tuple[Module, ...] = ("introductions", "gigs", "checkins", "digest")

NAMES: Mapping[str, str] = {
    "introductions": N_("Introductions"),
    "gigs": N_("Gig board"),
    "checkins": N_("Check-ins and pods"),
    "digest": N_("Weekly numbers"),
}
ABOUT: Mapping[str, str] = {
    "introductions": N_("Rounds, requests, and one person at a time by DM"),
    "gigs": N_("Paid work, screened before anyone sees it"),
    "checkins": N_("A week planned and looked back on, alone or in a pod"),
    "digest": N_("How it goes, for moderators, every Monday"),
}

OWNERS: Mapping[str, Module] = {"board": "gigs", "links": "gigs", "digest": "checkins"}
"""Whose the channels beside those of setup are."""

# The first word of a command, a button, a form, a message or a piece of work tells what it belongs to.
_FAMILIES: Mapping[str, Module] = {
    "intro": "introductions",
    "round": "introductions",
    "holidays": "introductions",
    "gig": "gigs",
    "gigs": "gigs",
    "checkin": "checkins",
    "commitment": "checkins",
    "help": "checkins",
    "pod": "checkins",
}
_EXCEPTIONS: Mapping[str, Module] = {
    "start.introduce": "introductions",
    "Introduce us": "introductions",
    "Check for scams": "gigs",
    "community.digest": "checkins",
    "digest checkins": "checkins",
    "community.week": "digest",
}
# What ends or takes back something stays possible, whatever is off; and `/help` is everyone's.
_OPEN_ALWAYS = frozenset(
    {
        "help",
        "intro leave",
        "intro avoid",
        "checkin stop",
        "pod leave",
        "intro.leave",
        "intro.decline",
        "checkin.stop",
        "pod.leave",
        "pod.no",
        "gig.withdraw",
        "gig.refuse",
    }
)
# Work that brings something to its end, or follows from a deletion, is done in any case.
_DONE_ALWAYS = frozenset(
    {
        "gig.draft",
        "gig.expire",
        "gig.out",
        "help.expire",
        "intro.request.expire",
        "pod.close",
        "pod.end",
        "pod.out",
        "pod.thread",
    }
)
_WORDS = re.compile(r"[ ._:]")


def of_use(name: str) -> Module | None:
    """Return the part that a command ("intro join"), a button or a form ("gig_interest") belongs to.

    None for what every community has, and for the ways out.
    """
    name = name.removeprefix("kith ")
    if name in _OPEN_ALWAYS:
        return None
    return _EXCEPTIONS.get(name) or _FAMILIES.get(_WORDS.split(name, maxsplit=1)[0])


def of_message(kind: str) -> Module | None:
    """Return the part that a kind of message belongs to."""
    return _EXCEPTIONS.get(kind) or _FAMILIES.get(_WORDS.split(kind, maxsplit=1)[0])


def of_work(kind: str) -> Module | None:
    """Return the part that a kind of work belongs to; None also for what only brings things to an end."""
    return None if kind in _DONE_ALWAYS else of_message(kind)


def checked(wanted: Collection[str]) -> tuple[Module, ...]:
    """Return these parts in their order; raises `module_unknown` for what is none."""
    if not set(wanted) <= set(MODULES):
        raise KithError("module_unknown")
    return tuple(module for module in MODULES if module in wanted)


def left_out(used: Collection[str]) -> list[str]:
    """Return the parts that a community which uses these leaves out."""
    return [module for module in MODULES if module not in checked(used)]


def changes(before: Sequence[str], after: Sequence[str]) -> str:
    """Say which parts came and went, for the record: "+gigs -checkins"."""
    turned = [f"+{one}" for one in before if one not in after] + [
        f"-{one}" for one in after if one not in before
    ]
    return " ".join(turned)
