"""The niches of one community: those of the seeds, under the names and with the merges it decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from bot.core.errors import KithError
from bot.people.search import plain, ranked

AXES = ("industry", "technique", "deliverable")
SURE = 84.0  # a near miss this close is taken for what was meant
CLEAR = 4.0  # … if the runner-up is at least this much further off
WORDS = 80.0  # so much of the words two names share makes them near


@dataclass(frozen=True, slots=True)
class Niche:
    """A subject members gather around; the axis is industry, technique or deliverable."""

    slug: str
    name: str
    axis: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class NicheBook:
    """What can be joined, by slug; `merged` tells where a slug that was merged away lives on."""

    niches: Mapping[str, Niche]
    merged: Mapping[str, str]

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        return {n.slug: (n.name, n.slug, *n.aliases) for n in self.niches.values()}

    def get(self, slug: str) -> Niche | None:
        """Return the niche a stored slug stands for now; None for one that is gone."""
        seen = set()
        while slug in self.merged and slug not in seen:
            seen.add(slug)
            slug = self.merged[slug]
        return self.niches.get(slug)

    def name(self, slug: str) -> str:
        """Return what members read for a stored slug."""
        niche = self.get(slug)
        return niche.name if niche else slug

    def search(self, text: str, limit: int = 25) -> list[Niche]:
        """Return niches that fit what was typed so far, best first; all of them for nothing typed."""
        if not text.strip():
            return list(self.niches.values())[:limit]
        return [self.niches[slug] for slug, _ in ranked(text, self._names)][:limit]

    def near(self, text: str, least: float = 78.0, limit: int = 3) -> list[Niche]:
        """Return what is nearly called that already, best first: before somebody suggests it again.

        Unlike `search` it looks at words in any order and number, so that "solar energy" is near "energy".
        """
        found = dict(ranked(text, self._names, least=least))
        for slug, names in self._names.items():
            shared = max(fuzz.token_set_ratio(plain(text), plain(name)) for name in names)
            if shared >= max(least, WORDS):
                found[slug] = max(found.get(slug, 0.0), shared * 0.95)  # below what is really called so
        best = sorted(found, key=lambda slug: -found[slug])
        return [self.niches[slug] for slug in best[:limit]]

    def find(self, text: str) -> Niche:
        """Return the niche a slug, name, alias or clear near miss means.

        Raises:
            KithError: `niche_unknown` with the nearest names in `suggestions`, or `niche_nowhere`.
        """
        if (known := self.get(text)) is not None:
            return known
        found = ranked(text, self._names, least=50.0)
        if found and found[0][1] >= SURE and (len(found) == 1 or found[0][1] - found[1][1] >= CLEAR):
            return self.niches[found[0][0]]
        if not found:
            raise KithError("niche_nowhere", text=text[:60])
        names = " · ".join(self.niches[slug].name for slug, _ in found[:3])
        raise KithError("niche_unknown", text=text[:60], suggestions=names)
