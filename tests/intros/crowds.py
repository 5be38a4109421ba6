"""Members and rounds for the tests of the matching."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import strategies as st

from bot.intros import rules
from bot.intros.ledger import shared_half_hours
from bot.intros.scoring import Candidate
from bot.intros.shapes import NEW_FIRST, REPEATS_COST, RoundInputs
from bot.people.hours import week_mask

START = datetime(2026, 3, 3, tzinfo=UTC)
ZONES = ["Europe/Lisbon", "America/Los_Angeles", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney"]

candidate = st.builds(
    Candidate,
    member_id=st.just(0),
    hours=st.sampled_from([week_mask((), zone, START) for zone in ZONES] + [0, 0b11, 0b1111]),
    niches=st.frozensets(st.sampled_from(["ocr", "energy", "retail"]), max_size=3),
    offers=st.frozensets(st.sampled_from(["sql", "sales", "design"]), max_size=3),
    asks=st.frozensets(st.sampled_from(["sql", "sales", "design"]), max_size=3),
    discipline=st.sampled_from([None, "data-engineer", "analyst", "product"]),
    stage=st.sampled_from([None, *rules.STAGES]),
    work_mode=st.sampled_from([None, "employed", "contract"]),
    direction=st.sampled_from([None, "product", "deciding"]),
    comfort=st.sampled_from(rules.COMFORTS),
    waited=st.integers(0, 3),
    seats=st.sampled_from([0, 0, 2, 3]),
)


@st.composite
def rounds(draw: st.DrawFn, most: int = 8, comforts: tuple[str, ...] = rules.COMFORTS) -> RoundInputs:
    members = [
        replace(who, member_id=number * 7 + 3, comfort=draw(st.sampled_from(comforts)))
        for number, who in enumerate(draw(st.lists(candidate, max_size=most)))
    ]
    pairs = [(a.member_id, b.member_id) for a, b in combinations(members, 2)]
    some = st.lists(st.sampled_from(pairs), max_size=12) if pairs else st.just([])
    met = [(*pair, draw(st.integers(1, 9))) for pair in draw(some)]
    repeats = draw(st.sampled_from([NEW_FIRST, REPEATS_COST]))
    return RoundInputs(10, tuple(members), tuple(met), tuple(draw(some)), draw(st.integers(0, 3)), repeats)


def allowed(inputs: RoundInputs) -> set[tuple[int, int]]:
    avoided = {rules.pair_key(*pair) for pair in inputs.avoided}
    return {
        rules.pair_key(a.member_id, b.member_id)
        for a, b in combinations(inputs.candidates, 2)
        if shared_half_hours(a, b) >= rules.RELAXED_HALF_HOURS
        and rules.pair_key(a.member_id, b.member_id) not in avoided
    }


def people(count: int, comfort: str = "text") -> tuple[Candidate, ...]:
    hours = week_mask((), "Europe/Lisbon", START)
    return tuple(
        Candidate(number, hours, frozenset({"ocr"}), comfort=comfort) for number in range(1, count + 1)
    )


def crowd(count: int, chance: random.Random) -> tuple[Candidate, ...]:
    skills = [f"s{number}" for number in range(30)]
    return tuple(
        Candidate(
            number,
            week_mask((), chance.choice(ZONES), START),
            frozenset(chance.sample([f"n{i}" for i in range(30)], 2)),
            frozenset(chance.sample(skills, 3)),
            frozenset(chance.sample(skills, 2)),
            stage=chance.choice(rules.STAGES),
            comfort=chance.choice(rules.COMFORTS),
        )
        for number in range(1, count + 1)
    )
