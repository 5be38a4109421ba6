"""By what a member can be found, and what fits a search. Pure.

A facet is a pair (kind, value), such as `("niche", "energy")`; filters are a mapping of kinds to values, and
all of them have to fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.core.errors import KithError
from bot.people.catalogue import Term
from bot.people.niches import CLEAR, SURE, NicheBook
from bot.people.search import ranked
from bot.people.views import MemberView
from bot.people.visibility import seen_by

FacetPair: TypeAlias = tuple[str, str]
Filters: TypeAlias = Mapping[str, str]

PAGE = 5  # members on one card
KEPT_MAX = 5  # searches a member can keep at a time
KEEP_DAYS = timedelta(days=30)  # a search that nobody keeps is forgotten after this
WIDEN_MAX = 50  # more than this many is "50+"
CANDIDATES = 200  # members that are looked at for three suggestions

FILTERS = ("niche", "offer", "language", "discipline", "direction", "stage", "open")
"""What can be searched for; those that usually fit few members stand first."""

EVERYBODY: FacetPair = ("any", "yes")
OPEN: FacetPair = ("open", "yes")
WATCH = "?"
"""Before the kind of a facet: the member does not have it but is to be told about whoever gets it."""


def facets_of(view: MemberView, now: datetime) -> frozenset[FacetPair]:
    """Return by what a listed member can be found: only what they show to the whole community."""
    shown = seen_by(view, "members")
    single = (("stage", shown.stage), ("direction", shown.direction))
    many = (
        ("niche", shown.niches),
        ("offer", shown.offers),
        ("ask", shown.asks),
        ("discipline", shown.disciplines),
        ("language", shown.languages),
    )
    found = {EVERYBODY} | {(kind, value) for kind, value in single if value}
    found |= {(kind, value) for kind, values in many for value in values}
    return frozenset(found | {OPEN} if shown.open_for_work(now) else found)


def fits(filters: Filters, facets: Collection[FacetPair]) -> bool:
    """Tell whether somebody with these facets is what was looked for; no filters fit everybody listed."""
    return EVERYBODY in facets and all(pair in facets for pair in filters.items())


def newly_fits(filters: Filters, before: Collection[FacetPair], after: Collection[FacetPair]) -> bool:
    """Tell whether a change made somebody fit who did not."""
    return fits(filters, after) and not fits(filters, before)


def watched(filters: Filters) -> FacetPair:
    """Return the one facet under which a kept search waits: everyone who fits the search has it."""
    kind = next((kind for kind in FILTERS if kind in filters), None)
    facet, value = (kind, filters[kind]) if kind else EVERYBODY
    return WATCH + facet, value


def current(filters: Filters, book: NicheBook) -> dict[str, str]:
    """Return the filters with a niche that was merged meanwhile under the slug it has now."""
    niche = book.get(filters.get("niche", ""))
    return {**filters, "niche": niche.slug} if niche else dict(filters)


def former_names(facets: Iterable[FacetPair], book: NicheBook) -> set[FacetPair]:
    """Return the facets, and niches also under every slug that was merged into them."""
    found = set(facets)
    for slug in book.merged:
        niche = book.get(slug)
        if niche is not None and ("niche", niche.slug) in found:
            found.add(("niche", slug))
    return found


def wider(filters: Filters, without: str) -> dict[str, str]:
    """Return the filters with one dropped."""
    return {kind: value for kind, value in filters.items() if kind != without}


def speaks(reasons: Iterable[str]) -> bool:
    """Tell whether these names of reasons hold one that is about the two, not about when they last met."""
    return not set(reasons) <= {"new", "again"}


def term_meant(text: str, terms: Mapping[str, Term], kind: str) -> str:
    """Return the slug that a slug, a name or a clear near miss means.

    Raises:
        KithError: `find_<kind>_unknown` with the nearest names in `suggestions`, or `find_<kind>_nowhere`.
    """
    if text in terms:
        return text
    found = ranked(text, _names(terms), least=50.0)
    if found and found[0][1] >= SURE and (len(found) == 1 or found[0][1] - found[1][1] >= CLEAR):
        return found[0][0]
    if not found:
        raise KithError(f"find_{kind}_nowhere", text=text[:60])
    names = " · ".join(terms[slug].name for slug, _score in found[:3])
    raise KithError(f"find_{kind}_unknown", text=text[:60], suggestions=names)


def terms_like(text: str, terms: Mapping[str, Term], limit: int = 25) -> list[Term]:
    """Return the words that fit what was typed so far, best first; the first ones for nothing typed."""
    if not text.strip():
        return list(terms.values())[:limit]
    return [terms[slug] for slug, _score in ranked(text, _names(terms))][:limit]


def _names(terms: Mapping[str, Term]) -> dict[str, tuple[str, str]]:
    return {slug: (term.name, slug) for slug, term in terms.items()}
