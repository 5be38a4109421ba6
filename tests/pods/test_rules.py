"""Who makes up a pod: what every grouping keeps to, whoever wishes for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pods import rules
from bot.pods.rules import Pair, Wisher, fits, form, pair

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
MORNING, EVENING = (1 << 12) - 1, ((1 << 12) - 1) << 20
ALL_WEEK = (1 << 336) - 1


def wisher(number: int, mask: int = ALL_WEEK, **more: object) -> Wisher:
    since = more.pop("since", MONDAY + timedelta(minutes=number))
    return Wisher(number, since, mask, **more)  # type: ignore[arg-type]


MASKS = st.sampled_from([MORNING, EVENING, MORNING | EVENING, ALL_WEEK, 1, 0])


@st.composite
def crowds(draw: st.DrawFn, most: int = 14) -> tuple[list[Wisher], set[Pair], set[Pair]]:
    """Wishers with hours, directions, stages, some in blocks of two; pairs kept apart, pairs that met."""
    count = draw(st.integers(0, most))
    blocks = draw(st.integers(0, count // 2))
    people = [
        Wisher(
            number,
            MONDAY + timedelta(hours=draw(st.integers(0, 5))),
            draw(MASKS),
            draw(st.sampled_from([None, "consultancy", "product"])),
            draw(st.sampled_from([None, 0, 1, 2, 4])),
            number // 2 if number // 2 < blocks and draw(st.booleans()) else None,
        )
        for number in range(count)
    ]
    some = st.sets(st.tuples(st.integers(0, most), st.integers(0, most)), max_size=8)
    apart = {pair(a, b) for a, b in draw(some) if a != b}
    liked = {pair(a, b) for a, b in draw(some) if a != b}
    return people, apart, liked


def most_covered(people: Sequence[Wisher], apart: set[Pair]) -> int:
    """The most members that pods can cover, by trying everything."""
    if not people:
        return 0
    first, rest = people[0], people[1:]
    best = most_covered(rest, apart)
    for size in (2, 3, 4):
        for others in combinations(rest, size):
            if fits((first, *others), apart):
                left = [one for one in rest if one not in others]
                best = max(best, 1 + size + most_covered(left, apart))
    return best


@settings(max_examples=150, deadline=None)
@given(crowds())
def test_every_pod_keeps_to_the_rules(crowd: tuple[list[Wisher], set[Pair], set[Pair]]) -> None:
    people, apart, liked = crowd
    by_id = {one.member_id: one for one in people}
    pods = form(people, apart, liked)
    placed = [number for pod in pods for number in pod]
    assert len(placed) == len(set(placed))
    for pod in pods:
        assert rules.SMALLEST <= len(pod) <= rules.LARGEST
        assert not {pair(a, b) for a, b in combinations(pod, 2)} & apart
        shared = ALL_WEEK
        for number in pod:
            shared &= by_id[number].mask
        assert shared.bit_count() >= 10
        for number in pod:
            block = {one.member_id for one in people if one.block == by_id[number].block}
            assert by_id[number].block is None or block <= set(pod)


@settings(max_examples=60, deadline=None)
@given(crowds(), st.randoms())
def test_the_order_of_the_wishes_makes_no_difference(
    crowd: tuple[list[Wisher], set[Pair], set[Pair]], chance: object
) -> None:
    people, apart, liked = crowd
    mixed = list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert form(mixed, apart, liked) == form(people, apart, liked)


@settings(max_examples=60, deadline=None)
@given(crowds(most=7))
def test_a_few_are_covered_as_far_as_can_be(crowd: tuple[list[Wisher], set[Pair], set[Pair]]) -> None:
    people, apart, liked = crowd
    alone = [Wisher(one.member_id, one.since, one.mask, one.direction, one.stage) for one in people]
    covered = sum(map(len, form(alone, apart, liked)))
    assert covered == most_covered(alone, apart)


@settings(max_examples=60, deadline=None)
@given(crowds(most=16))
def test_no_three_are_left_who_could_be_a_pod(crowd: tuple[list[Wisher], set[Pair], set[Pair]]) -> None:
    people, apart, liked = crowd
    pods = form(people, apart, liked)
    placed = {number for pod in pods for number in pod}
    left = [one for one in people if one.member_id not in placed and one.block is None]
    assert not any(fits(three, apart) for three in combinations(left, 3))


@pytest.mark.parametrize("count", [*range(3, 30), 61])
def test_everybody_is_covered_where_everybody_fits(count: int) -> None:
    pods = form([wisher(number) for number in range(count)])
    assert sum(map(len, pods)) == count


def test_four_are_preferred() -> None:
    assert [len(pod) for pod in form([wisher(number) for number in range(12)])] == [4, 4, 4]
    assert form([wisher(1), wisher(2)]) == ()


def test_who_waits_longest_comes_first() -> None:
    """Of six who fit only with three of the others, the first ones get the place."""
    rivals = [wisher(number, since=MONDAY - timedelta(days=number)) for number in (4, 5, 6)]
    apart = {pair(a, b) for a, b in combinations((4, 5, 6), 2)}
    assert form([wisher(1), wisher(2), wisher(3), *rivals], apart) in (
        ((1, 2, 3, 6),),
        ((1, 2, 5), (3, 4, 6)),
    )
    two = [wisher(1), wisher(2), *rivals]
    assert form(two, apart) == ((1, 2, 6),)


def test_direction_stage_and_good_introductions_decide_who_is_together() -> None:
    product = [wisher(number, direction="product", stage=0) for number in (1, 3, 5, 7)]
    grow = [wisher(number, direction="consultancy", stage=3) for number in (2, 4, 6, 8)]
    assert form([*product, *grow]) == ((1, 3, 5, 7), (2, 4, 6, 8))
    people = [wisher(number) for number in range(1, 9)]
    liked = {pair(a, b) for a, b in combinations((1, 4, 6, 8), 2)}
    assert form(people, set(), liked) == ((1, 4, 6, 8), (2, 3, 5, 7))


def test_a_pod_that_became_too_small_stays_together_and_two_of_them_merge() -> None:
    small = [wisher(number, block=9) for number in (1, 2)]
    assert form([*small, wisher(3), wisher(4)]) == ((1, 2, 3, 4),)
    other = [wisher(number, block=8) for number in (3, 4)]
    assert form([*small, *other]) == ((1, 2, 3, 4),)
    assert form([*small, *other], {pair(1, 2)}) == ()


@pytest.mark.parametrize(
    ("yes", "asked", "over", "expected"),
    [
        (0, 4, False, "open"),
        (3, 1, False, "open"),
        (3, 0, False, "begins"),
        (3, 1, True, "begins"),
        (2, 1, False, "open"),
        (2, 1, True, "fails"),
        (2, 0, False, "fails"),
        (1, 1, False, "fails"),
    ],
)
def test_when_a_pod_begins(yes: int, asked: int, over: bool, expected: str) -> None:
    assert rules.standing(yes, asked, over=over) == expected


def test_three_who_renew_go_on() -> None:
    assert rules.renews(["renew", "renew", "renew", "end"])
    assert not rules.renews(["renew", "renew", "change", None])
    assert [rules.looks_on(wish) for wish in ("renew", "change", "company", "end", None)] == [
        True, True, True, False, False,
    ]  # fmt: skip
