"""What a niche may be called, how it is named in the database, and how many can be asked for. Pure."""

from __future__ import annotations

from collections.abc import Container

from bot.core.errors import KithError
from bot.people.niches import AXES, Niche, NicheBook
from bot.people.rules import clean
from bot.people.search import plain

NAME_MAX = 40  # characters: it has to fit a menu, and to be read at a glance
FOLDED_MAX = 60
SLUG_MAX = 32  # two of them fit in the id of a button
WAITING_MAX = 3  # suggestions of one member that nobody has decided yet
LEAST_FOR_ROLE = 5
QUEUE_MAX = 4  # suggestions a moderator sees at once: a card has no room for more
NEAR_MAX = 25


def niche_name(text: str) -> str:
    """Return a niche's name as it is kept.

    Raises:
        KithError: what `clean` raises, or `niche_name_blank` when search could never find it.
    """
    name = clean(text, limit=NAME_MAX)
    if not plain(name):
        raise KithError("niche_name_blank")
    return name


def folded(name: str) -> str:
    """Return the name as search sees it: two people who write it differently ask for the same."""
    return plain(name)[:FOLDED_MAX]


def known_axis(axis: str) -> str:
    """Pass an axis; raise `choice_unknown` for anything else."""
    if axis not in AXES:
        raise KithError("choice_unknown", value=axis)
    return axis


def slug_of(name: str, taken: Container[str]) -> str:
    """Derive a slug that nobody has: short, of letters, digits and hyphens only, so that it fits any id."""
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in plain(name))
    base = "-".join(kept.split())[: SLUG_MAX - 4].strip("-") or "niche"
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def same_named(book: NicheBook, name: str, *, but: str = "") -> Niche | None:
    """Return the niche that has this very name already, or the alias; `but` is not looked at."""
    wanted = folded(name)
    for niche in book.niches.values():
        names = (niche.name, niche.slug, *niche.aliases)
        if niche.slug != but and wanted in {folded(one) for one in names}:
            return niche
    return None


def live(book: NicheBook, text: str) -> Niche:
    """Return the niche a moderator means; raises `niche_merged` for one that was merged away."""
    if text in book.merged:
        raise KithError("niche_merged", name=book.name(text))
    return book.find(text)


def two_niches(book: NicheBook, source: str, target: str) -> tuple[Niche, Niche]:
    """Return which niche is merged into which; raises `niche_same` for a niche and itself."""
    gone, kept = live(book, source), live(book, target)
    if gone.slug == kept.slug:
        raise KithError("niche_same", name=kept.name)
    return gone, kept


def with_aliases(held: list[str], *more: str) -> list[str]:
    """Return aliases with more of them, each once, in the order they came."""
    return list(dict.fromkeys([*held, *more]))
