"""First sentences for a conversation, read from `seeds/openers.toml`: past, present and future."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
TENSES = ("past", "present", "future")


@lru_cache(maxsize=1)
def load_openers() -> dict[str, dict[str, list[str]]]:
    """Read the seeds: `shared` (with {niche}) and `open`, each with a list per tense."""
    with (SEEDS / "openers.toml").open("rb") as file:
        return tomllib.load(file)


def pick_openers(turn: int, niche: str | None) -> list[str]:
    """One opener per tense; the same `turn` gives the same ones, the next turn others.

    With a shared niche the first two speak of it, and the last leaves room for the person.
    """
    seeds = load_openers()
    found = []
    for place, tense in enumerate(TENSES):
        kind = "shared" if niche is not None and tense != "future" else "open"
        lines = seeds[kind][tense]
        found.append(lines[(turn + place) % len(lines)].replace("{niche}", niche or ""))
    return found
