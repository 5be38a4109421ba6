"""Random profiles are kept as shown, exported whole, and deleted without a rest.

500 of them here; `KITH_SOAK=1` makes it 10,000, and `KITH_POPULATION` (survey rows) builds them from people.
"""

import os
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock
from bot.people.catalogue import load_catalogue
from bot.people.hours import DEFAULT
from bot.people.rules import HEADLINE_MAX
from bot.people.service import ProfileEdit
from bot.people.visibility import AUDIENCES, DEFAULTS, MATCHES_ONLY
from demo.cast import Persona, cast
from tests.privacy.world import World, opened, who

SOAK = bool(os.environ.get("KITH_SOAK"))
COUNT = 10_000 if SOAK else 500
FIRST = 930_000_000_000
TOGETHER = 100  # so many are there at a time
PIECES = (
    "forecasts", "for energy", "**bold**", "`code`", "[a](https://x.example)", "<@ 123>", "@ everyone",
    "# title", "👩🏽\u200d💻", "🇵🇹", "日本語", "שלום", "مرحبا", "\u202eabc", "zero\u200bwidth",
    "z\u0301\u0302\u0303\u0304a", "\u00a0", "||s||", "'; DROP TABLE person; --", "{braces}", "%s",
    "\\", "\ufeff", "ß", "\u3164",
)  # fmt: skip


def edits() -> Iterator[ProfileEdit]:
    """One profile after the other: what people say about themselves, and what a hostile one types."""
    chance = random.Random(20260105)
    population = os.environ.get("KITH_POPULATION")
    personas = cast(COUNT, 7, population) if population else []
    for number in range(COUNT):
        persona = personas[number] if personas else None
        yield edit_of(chance, persona, f"q{number}x")


def edit_of(chance: random.Random, persona: Persona | None, token: str) -> ProfileEdit:
    """One random profile; the token in it is found again wherever it is left."""
    seeds = load_catalogue()

    def some(values: Iterable[str], most: int) -> tuple[str, ...]:
        choice = sorted(values)
        return tuple(chance.sample(choice, chance.randint(0, min(most, len(choice)))))

    typed = persona.headline if persona else " ".join(chance.choices(PIECES, k=chance.randint(0, 6)))
    fields = chance.sample(sorted(DEFAULTS), 3)
    seen = {field: chance.choice([a for a in AUDIENCES if a != "members"]) for field in fields}
    seen |= {field: "nobody" for field in fields if field in MATCHES_ONLY}
    return ProfileEdit(
        headline=f"{token} {typed}"[:HEADLINE_MAX],
        disciplines=(persona.discipline,) if persona else some(seeds.disciplines, 1),
        stage=persona.stage if persona else chance.choice(["", *seeds.stages]),
        offers=persona.offers if persona else some(seeds.skills, 2),
        asks=persona.asks if persona else some(seeds.skills, 2),
        enjoys=some(seeds.skills, 1),
        weak=some(seeds.skills, 1),
        work_mode=chance.choice(["", *seeds.work_modes]),
        direction=chance.choice(["", *seeds.directions]),
        comfort=persona.comfort if persona else chance.choice(sorted(seeds.comforts)),
        languages=some(seeds.languages, 1),
        contact_hours=tuple(DEFAULT),
        workload=chance.choice([(None, None), (10, 2), (40, 9)]),
        open_for_work=chance.choice([True, False]),
        links={"site": f"{token}.dev"},
        visibility=seen,
    )


async def round_trip(world: World, person: int, edit: ProfileEdit) -> None:
    """What was saved is what is shown and what is exported."""
    me = who(person)
    saved = await world.app.people.edit_profile(me, edit)
    async with world.store.read() as session:
        shown = await world.app.people.find(session, me.community_id, person)
    assert shown == saved.view
    assert shown is not None
    (here,) = (await world.app.privacy.export(person)).data["communities"]
    told = here["profile"]
    assert told["headline"] == shown.headline
    assert (told["links"], told["visibility"]) == (dict(shown.links), dict(shown.visibility))
    tags = {(row["kind"], row["value"]) for row in here.get("skills, disciplines and languages", [])}
    kinds = {"offer": shown.offers, "ask": shown.asks, "enjoy": shown.enjoys, "weak": shown.weak}
    kinds |= {"discipline": shown.disciplines, "language": shown.languages}
    assert tags == {(kind, value) for kind, values in kinds.items() for value in values}


@pytest.mark.timeout(0 if SOAK else 240)
async def test_random_profiles_round_trip_and_leave_nothing(sqlite_url: str, clock: TurnedClock) -> None:
    async with opened(sqlite_url, clock) as world:
        people = list(enumerate(edits()))
        for start in range(0, COUNT, TOGETHER):
            some = people[start : start + TOGETHER]
            for number, edit in some:
                await round_trip(world, FIRST + number, edit)
            for number, _edit in some:
                assert await world.app.privacy.erase(FIRST + number, None)
            needles = [f"q{number}x" for number, _edit in some] + [str(FIRST)[:6]]
            assert await world.traces(*needles) == []
        await world.due(timedelta(days=1))
        assert await world.traces(str(FIRST)[:6]) == []
