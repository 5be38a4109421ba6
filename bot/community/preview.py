"""The made-up people of `seeds/demo.toml`, with whom a moderator looks at what members will see."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.people.service import MemberView, PeopleService

SEEDS = Path(__file__).parents[2] / "seeds" / "demo.toml"


@dataclass(frozen=True, slots=True)
class Cast:
    """Two made-up members who fit each other, what the first commits to, and a gig of a third."""

    me: MemberView
    other: MemberView
    week: tuple[str, ...]
    poster: str
    gig: dict[str, str]


@cache
def _seeds() -> dict[str, Any]:
    with SEEDS.open("rb") as file:
        return tomllib.load(file)


def cast(people: PeopleService, community_id: int, person_id: int, now: datetime) -> Cast:
    """Return the demo's first two members, and its first gig that may go live.

    Both carry `person_id`, since a made-up person has no account to mention.
    """
    members, gigs = _seeds()["member"], _seeds()["gig"]
    gig = next(one for one in gigs if one["expect"] == "live")
    shown = [
        _member(people, one, number, community_id, person_id, now)
        for number, one in enumerate(members[:2], 1)
    ]
    return Cast(shown[0], shown[1], tuple(members[0]["week"]), gig["by"], gig)


def _member(
    people: PeopleService, seed: dict[str, Any], number: int, community_id: int, person_id: int, now: datetime
) -> MemberView:
    names = people.catalogue.niches
    niches = tuple(sorted(seed["niches"]))
    return MemberView(
        id=number,
        community_id=community_id,
        person_id=person_id,
        name=seed["name"],
        joined_at=now,
        headline=seed["headline"],
        disciplines=(seed["discipline"],),
        stage=seed["stage"],
        comfort=seed["comfort"],
        zone=people.cities.resolve(seed["city"], now).zone,
        offers=tuple(sorted(seed["offers"])),
        asks=tuple(sorted(seed["asks"])),
        niches=niches,
        niche_names=tuple(names[slug].name for slug in niches),
    )
