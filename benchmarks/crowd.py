"""Crowds for the matching benchmarks: generated or from survey rows, with rounds behind them."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from functools import lru_cache

from bot.intros import rules
from bot.intros.matching import shared_half_hours
from bot.intros.scoring import Candidate
from bot.people.catalogue import load_catalogue
from bot.people.cities import load_cities
from bot.people.hours import DEFAULT, SLOTS, week_mask
from demo.cast import Persona, fresh_names, written_people
from demo.population import people_from

START = datetime(2026, 1, 5, tzinfo=UTC)
NICHES, SKILLS = 40, 60
ZONES = {
    "America/New_York": 18, "Europe/Berlin": 16, "Asia/Kolkata": 16, "America/Los_Angeles": 10,
    "Europe/London": 10, "America/Sao_Paulo": 7, "Africa/Lagos": 6, "Asia/Singapore": 5,
    "America/Chicago": 5, "Asia/Tokyo": 4, "Australia/Sydney": 3,
}  # fmt: skip
STAGES = {"exploring": 15, "starting": 30, "building": 30, "booked": 18, "scaling": 7}
COMFORTS = ("text", "text", "voice", "voice", "video", "group")
MODES = (None, "employed", "contract", "freelance")


def generated(count: int, chance: random.Random) -> list[Candidate]:
    """People with 40 niches of Zipf's popularity, 60 skills, the zones people live in, five stages."""
    niches = [f"niche{number}" for number in range(NICHES)]
    popular = [1 / (number + 1) for number in range(NICHES)]
    skills = [f"skill{number}" for number in range(SKILLS)]
    disciplines, directions = sorted(load_catalogue().disciplines), sorted(load_catalogue().directions)
    return [
        Candidate(
            member_id=number,
            hours=week_mask(_hours(chance), _drawn(ZONES, chance), START),
            niches=frozenset(chance.choices(niches, popular, k=chance.randint(1, 3))),
            offers=frozenset(chance.sample(skills, 3)),
            asks=frozenset(chance.sample(skills, 2)),
            discipline=chance.choice(disciplines),
            stage=_drawn(STAGES, chance),
            work_mode=chance.choice(MODES),
            direction=chance.choice(directions),
            comfort=chance.choice(COMFORTS),
        )
        for number in range(1, count + 1)
    ]


def surveyed(count: int, chance: random.Random) -> list[Candidate]:
    """People from the survey rows of KITH_POPULATION; where that names no file, generated ones."""
    path = os.environ.get("KITH_POPULATION")
    if path is None:
        return generated(count, chance)
    written = written_people()
    names = fresh_names(chance, set())
    found = people_from(path, count, chance, names, written)
    return [_candidate(number, persona, chance) for number, persona in enumerate(found, 1)]


def with_history(
    pool: list[Candidate], chance: random.Random, played: int = 11
) -> tuple[tuple[int, int, int], ...]:
    """Meetings of so many rounds: allowed pairs that share a niche where a few tries find one."""
    met: list[tuple[int, int, int]] = []
    known: set[tuple[int, int]] = set()
    for number in range(1, played + 1):
        order = pool[:]
        chance.shuffle(order)
        while len(order) > 1:
            one = order.pop()
            tries = range(len(order) - 1, max(-1, len(order) - 13), -1)
            fitting = [place for place in tries if _may_meet(one, order[place], known)]
            close = [place for place in fitting if one.niches & order[place].niches]
            if fitting:
                other = order.pop((close or fitting)[0])
                pair = rules.pair_key(one.member_id, other.member_id)
                known.add(pair)
                met.append((*pair, number))
    return tuple(met)


def _may_meet(one: Candidate, other: Candidate, known: set[tuple[int, int]]) -> bool:
    pair = rules.pair_key(one.member_id, other.member_id)
    return pair not in known and shared_half_hours(one, other) >= rules.NEEDED_HALF_HOURS


def _candidate(number: int, persona: Persona, chance: random.Random) -> Candidate:
    directions = sorted(load_catalogue().directions)
    return Candidate(
        member_id=number,
        hours=week_mask(_hours(chance), _zone(persona.city), START),
        niches=frozenset(persona.niches),
        offers=frozenset(persona.offers),
        asks=frozenset(persona.asks),
        discipline=persona.discipline,
        stage=persona.stage,
        work_mode=chance.choice(MODES),
        direction=chance.choice(directions),
        comfort=persona.comfort,
    )


@lru_cache(maxsize=256)
def _zone(city: str) -> str | None:
    return load_cities().resolve(city, START).zone


def _hours(chance: random.Random) -> tuple[str, ...]:
    """Half the members keep the usual hours; the others drop some of them or add an evening."""
    if chance.random() < 0.5:
        return ()
    chosen = {slot for slot in DEFAULT if chance.random() < 0.7} | {chance.choice(SLOTS)}
    return tuple(slot for slot in SLOTS if slot in chosen)


def _drawn(table: dict[str, int], chance: random.Random) -> str:
    return chance.choices(list(table), list(table.values()))[0]
