"""Who can help with what: topics as skills, and the order in which people are asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins import rules, topics
from bot.checkins.topics import Helper, Need
from bot.people.catalogue import load_catalogue

NOW = datetime(2026, 1, 8, 9, tzinfo=UTC)
TECHNICAL = tuple(load_catalogue().skill_group("technical"))
PRICING = Need(("pricing", "negotiation"), "pricing")

skills = st.frozensets(st.sampled_from(["pricing", "negotiation", "sql", "python"]))
helpers = st.lists(
    st.builds(
        Helper,
        st.integers(1, 50),
        skills,
        st.frozensets(st.sampled_from(["energy", "ocr"])),
        st.integers(0, 60),
        st.none() | st.integers(1, 9000).map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    unique_by=lambda one: one.member_id,
    max_size=12,
)


def test_every_skill_of_a_topic_is_in_the_catalogue() -> None:
    known = load_catalogue().skills
    assert {skill for wanted in topics.SKILLS.values() for skill in wanted} <= set(known)


@pytest.mark.parametrize("topic", rules.STUCK_TOPICS)
def test_every_topic_of_the_form_can_be_helped_with_except_none(topic: str) -> None:
    assert topics.has_help(topic) == (topic not in {rules.NOT_STUCK, "other"})
    assert len(topic) <= 16  # the room in the table


@pytest.mark.parametrize("topic", [None, "", "nothing", "other", "made up"])
def test_what_is_no_topic_needs_nothing(topic: str | None) -> None:
    assert not topics.has_help(topic)
    assert topics.need(topic or "", TECHNICAL, ["sql"], ["energy"]) is None


def test_pricing_takes_pricing_before_negotiation() -> None:
    assert topics.need("pricing", TECHNICAL) == PRICING
    order = topics.ranked(
        PRICING,
        [
            Helper(1, frozenset({"negotiation"}), overlap=60),
            Helper(2, frozenset({"pricing"})),
            Helper(3, frozenset({"pricing", "negotiation"})),
            Helper(4, frozenset({"sql"}), overlap=60),
        ],
        0,
    )
    assert order == [3, 2, 1]


def test_tech_looks_for_what_the_asker_wants_to_learn_else_for_a_shared_niche() -> None:
    assert topics.need("tech", TECHNICAL, ["sql", "pricing"], ["energy"]) == Need(("sql",))
    near = topics.need("tech", TECHNICAL, ["pricing"], ["energy"])
    assert near == Need(TECHNICAL, niches=frozenset({"energy"}))
    assert topics.need("tech", TECHNICAL, ["pricing"], []) is None
    assert near is not None
    assert topics.fit(near, Helper(1, frozenset({"dbt"}), frozenset({"energy"}))) == 1
    assert topics.fit(near, Helper(1, frozenset({"dbt"}), frozenset({"ocr"}))) == 0
    assert topics.fit(near, Helper(1, frozenset({"pricing"}), frozenset({"energy"}))) == 0


def test_hours_in_common_come_before_freshness_and_whoever_was_never_asked_before_all() -> None:
    offers = frozenset({"pricing"})
    people = [
        Helper(1, offers, overlap=0),
        Helper(2, offers, overlap=30, asked_at=NOW - timedelta(days=8)),
        Helper(3, offers, overlap=40, asked_at=NOW - timedelta(days=40)),
        Helper(4, offers, overlap=20),
        Helper(5, offers, overlap=5),
    ]
    assert topics.ranked(PRICING, people, 7) == [4, 3, 2, 5, 1]


@given(helpers, st.integers(0, 1000))
def test_the_order_depends_on_the_seed_alone_and_holds_only_who_fits(people: list[Helper], seed: int) -> None:
    order = topics.ranked(PRICING, people, seed)
    shuffled = sorted(people, key=lambda one: hash((one.member_id, seed)))
    assert topics.ranked(PRICING, shuffled, seed) == order
    fits = {one.member_id: topics.fit(PRICING, one) for one in people}
    assert set(order) == {key for key, points in fits.items() if points}
    assert [fits[key] for key in order] == sorted((fits[key] for key in order), reverse=True)


def test_chance_does_not_favour_the_same_person_every_time() -> None:
    equal = [Helper(number, frozenset({"pricing"})) for number in range(1, 6)]
    assert len({topics.ranked(PRICING, equal, seed)[0] for seed in range(40)}) == 5


@given(st.lists(st.integers(0, 20 * 24)))
def test_nobody_is_asked_more_than_twice_a_week(hours: list[int]) -> None:
    heard: list[datetime] = []
    for hour in sorted(hours):
        at = NOW + timedelta(hours=hour)
        if topics.may_be_asked(heard, at):
            heard.append(at)
    for at in heard:
        assert sum(at - one < topics.WEEK for one in heard if one <= at) <= topics.ASKED_A_WEEK
