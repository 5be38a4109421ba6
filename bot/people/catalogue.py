"""The words of a profile: niches, skills and the small vocabularies, read from `seeds/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.core.errors import KithError
from bot.people.search import ranked

SEEDS = Path(__file__).parents[2] / "seeds"
SURE = 84.0  # a near miss this close is taken for what was meant
CLEAR = 4.0  # … if the runner-up is at least this much further off


@dataclass(frozen=True, slots=True)
class Niche:
    """A subject members gather around; the axis is industry, technique or deliverable."""

    slug: str
    name: str
    axis: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: what is stored, and what members read."""

    slug: str
    name: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Everything a profile may say, in the order members see it."""

    niches: Mapping[str, Niche]
    skills: Mapping[str, Term]
    disciplines: Mapping[str, Term]
    stages: Mapping[str, Term]
    work_modes: Mapping[str, Term]
    directions: Mapping[str, Term]
    comforts: Mapping[str, Term]

    @cached_property
    def _niche_names(self) -> dict[str, tuple[str, ...]]:
        return {n.slug: (n.name, n.slug, *n.aliases) for n in self.niches.values()}

    def skill_group(self, group: str) -> dict[str, Term]:
        """Return the skills of one menu: `business` or `technical`."""
        return {slug: term for slug, term in self.skills.items() if term.group == group}

    def search_niches(self, text: str, limit: int = 25) -> list[Niche]:
        """Return niches that fit what was typed so far, best first; all of them for nothing typed."""
        if not text.strip():
            return list(self.niches.values())[:limit]
        return [self.niches[slug] for slug, _ in ranked(text, self._niche_names)][:limit]

    def niche(self, text: str) -> Niche:
        """Return the niche a slug, name, alias or clear near miss means.

        Raises:
            KithError: `niche_unknown` with the nearest names in `suggestions`, or `niche_nowhere`.
        """
        if text in self.niches:
            return self.niches[text]
        found = ranked(text, self._niche_names, least=50.0)
        if found and found[0][1] >= SURE and (len(found) == 1 or found[0][1] - found[1][1] >= CLEAR):
            return self.niches[found[0][0]]
        if not found:
            raise KithError("niche_nowhere", text=text[:60])
        names = " · ".join(self.niches[slug].name for slug, _ in found[:3])
        raise KithError("niche_unknown", text=text[:60], suggestions=names)


def _read(name: str) -> dict[str, Any]:
    with (SEEDS / name).open("rb") as file:
        return tomllib.load(file)


def _terms(rows: Mapping[str, Mapping[str, str]], group: str = "") -> dict[str, Term]:
    return {slug: Term(slug, row["name"], row.get("hint", ""), group) for slug, row in rows.items()}


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Read the seeds; the same object every time."""
    niches = {
        slug: Niche(slug, row["name"], axis, tuple(row.get("aliases", ())))
        for axis, rows in _read("niches.toml").items()
        for slug, row in rows.items()
    }
    words = _read("vocabulary.toml")
    skills: dict[str, Term] = {}
    for group, rows in _read("skills.toml").items():
        skills |= _terms(rows, group)
    return Catalogue(
        niches=niches,
        skills=skills,
        disciplines=_terms(words["discipline"]),
        stages=_terms(words["stage"]),
        work_modes=_terms(words["work_mode"]),
        directions=_terms(words["direction"]),
        comforts=_terms(words["comfort"]),
    )
