"""Who plays: the people of `seeds/demo.toml`, variations of them, or people built from real survey rows."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

SEED_FILE = Path(__file__).parents[1] / "seeds" / "demo.toml"

INITIALS = "ABCDEFGHIJKLMNOPRSTVWZ"


@dataclass(frozen=True, slots=True)
class Persona:
    """One member: what they type into the profile, and how they behave."""

    name: str
    city: str
    discipline: str
    stage: str
    comfort: str
    headline: str
    offers: tuple[str, ...]
    asks: tuple[str, ...]
    niches: tuple[str, ...]
    week: tuple[str, ...]
    closed_dms: bool = False

    def commitments(self, week: int) -> list[str]:
        """What they commit to in a week (from 0): one, then two, then three things."""
        return list(self.week[: 1 + week % len(self.week)])


@dataclass(frozen=True, slots=True)
class GigScript:
    """A gig someone posts, and what screening must make of it: `live`, `queue` or `held`."""

    by: str
    expect: str
    kind: str
    title: str
    description: str
    budget: str
    niches: str
    skills: str
    hours: str


def written_people() -> list[Persona]:
    """The people of `seeds/demo.toml`, in its order."""
    return [Persona(**_tuples(row)) for row in _seed()["member"]]


def written_gigs() -> list[GigScript]:
    """The gigs of `seeds/demo.toml`."""
    return [GigScript(**_tuples(row)) for row in _seed()["gig"]]


def cast(members: int, seed: int, population: str | None = None) -> list[Persona]:
    """That many people: the written ones first, then variations of them, or survey rows in their place.

    Those who post the three gigs and the one with closed DMs are always there.
    """
    written = written_people()
    chance = random.Random(seed)
    if population:
        from demo.population import people_from

        needed = {gig.by for gig in written_gigs()} | {who.name for who in written if who.closed_dms}
        kept = [who for who in written if who.name in needed]
        names = fresh_names(chance, {who.name for who in kept})
        return (kept + people_from(population, members - len(kept), chance, names, written))[:members]
    names = fresh_names(chance, {who.name for who in written})
    while len(written) < members:
        written.append(variation(written[chance.randrange(24)], written[chance.randrange(24)], next(names)))
    return written[:members]


def variation(one: Persona, other: Persona, name: str) -> Persona:
    """Someone new: the craft of one, the place and the way of another."""
    return replace(
        one, name=name, city=other.city, comfort=other.comfort, asks=other.asks,
        niches=tuple(dict.fromkeys((one.niches[0], other.niches[-1]))), closed_dms=False,
    )  # fmt: skip


def fresh_names(chance: random.Random, taken: set[str]) -> Iterator[str]:
    """Names nobody has yet, without end."""
    order = [f"{name} {initial}." for initial in INITIALS for name in _seed()["names"]]
    chance.shuffle(order)
    yield from (name for name in order if name not in taken)
    number = 2
    while True:
        yield from (f"{name[:-1]}{number}." for name in order)
        number += 1


def _seed() -> dict[str, Any]:
    return tomllib.loads(SEED_FILE.read_text(encoding="utf-8"))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
