"""The words of a profile: niches, skills and the small vocabularies, read from `seeds/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.people.niches import Niche, NicheBook

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: what is stored, and what members read; `core`: in a newcomer's first form."""

    slug: str
    name: str
    hint: str = ""
    group: str = ""
    core: bool = False


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
    languages: Mapping[str, Term]

    @cached_property
    def book(self) -> NicheBook:
        """The niches of a community that changed none of them."""
        return NicheBook(self.niches, {})

    def skill_group(self, group: str) -> dict[str, Term]:
        """Return the skills of one menu: `business`, `technical`, or `core` for a newcomer's first form."""
        return {
            slug: term
            for slug, term in self.skills.items()
            if (term.core if group == "core" else term.group == group)
        }


def _read(name: str) -> dict[str, Any]:
    with (SEEDS / name).open("rb") as file:
        return tomllib.load(file)


def _terms(rows: Mapping[str, Mapping[str, Any]], group: str = "") -> dict[str, Term]:
    return {
        slug: Term(slug, row["name"], row.get("hint", ""), group, row.get("core", False))
        for slug, row in rows.items()
    }


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
        languages=_terms(words["language"]),
    )
