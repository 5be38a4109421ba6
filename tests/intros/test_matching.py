"""The matching keeps every hard rule, covers all it can, and does not depend on the order of its inputs."""

import random
from dataclasses import replace
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intros import rules
from bot.intros.board import Board
from bot.intros.ledger import Ledger
from bot.intros.matching import Outcome, RoundInputs, match_round
from bot.intros.nearest import best_edges
from bot.intros.scoring import WORTH_MAX, Candidate, reasons, side, terms, worth
from bot.intros.solver import best_pairs
from bot.people.hours import week_mask
from tests.intros.crowds import START, ZONES, allowed, candidate, people, rounds


def covered(outcome: Outcome) -> list[int]:
    return sorted(member for group in outcome.groups for member in group.members)


@settings(max_examples=150, deadline=None)
@given(rounds(most=9))
def test_hard_rules_are_never_broken_and_everyone_is_accounted_for(inputs: RoundInputs) -> None:
    outcome = match_round(inputs)
    may, by_id = allowed(inputs), {who.member_id: who for who in inputs.candidates}
    for group in outcome.groups:
        seated = group.form == "roundtable"
        assert len(group.members) in ((3, 4, 5) if seated else (2, 3))
        assert all(pair in may for pair in combinations(group.members, 2))
        if len(group.members) > 2:
            assert all(rules.accepts_groups(by_id[member].comfort) for member in group.members)
    assert sorted([*covered(outcome), *outcome.left_out]) == sorted(by_id)


@settings(max_examples=100, deadline=None)
@given(rounds(most=8, comforts=("text", "voice", "video")))
def test_pairs_cover_as_many_as_any_matching_could(inputs: RoundInputs) -> None:
    outcome = match_round(inputs)
    graph = networkx.Graph(sorted(allowed(inputs)))
    assert len(outcome.groups) == len(networkx.max_weight_matching(graph, maxcardinality=True))


@settings(max_examples=100, deadline=None)
@given(rounds(most=9), st.randoms(use_true_random=False))
def test_the_order_of_members_and_history_changes_nothing(inputs: RoundInputs, chance: random.Random) -> None:
    shuffled = [list(inputs.candidates), list(inputs.met), list(inputs.avoided)]
    for values in shuffled:
        chance.shuffle(values)
    turned = [(b, a, number) for a, b, number in shuffled[1]]
    again = RoundInputs(
        10, tuple(shuffled[0]), tuple(turned), tuple(shuffled[2]), inputs.seed, inputs.repeats
    )
    assert match_round(again) == match_round(inputs)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 8), st.data())
def test_the_solver_is_exact_against_every_possible_matching(count: int, data: st.DataObject) -> None:
    pairs = data.draw(st.sets(st.sampled_from(list(combinations(range(count), 2)))))
    edges = {pair: data.draw(st.integers(-50, 100)) for pair in sorted(pairs)}
    prices = [data.draw(st.integers(0, 80)) for _ in range(count)]

    def quality(chosen: list[tuple[int, int]]) -> tuple[int, int]:
        taken = {node for pair in chosen for node in pair}
        out = sum(prices[node] for node in range(count) if node not in taken)
        return len(chosen), sum(edges[pair] for pair in chosen) - out

    def every(rest: frozenset[int]) -> list[list[tuple[int, int]]]:
        if not rest:
            return [[]]
        first = min(rest)
        found = every(rest - {first})
        for other in rest - {first}:
            if (first, other) in edges:
                found += [[(first, other), *more] for more in every(rest - {first, other})]
        return found

    assert quality(best_pairs(count, edges, prices)) == max(map(quality, every(frozenset(range(count)))))


@pytest.mark.parametrize("seed", range(6))
def test_forty_members_are_matched_as_well_as_networkx_does(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(20, 40)
    edges = {pair: chance.randint(1, 999) for pair in combinations(range(count), 2) if chance.random() < 0.3}
    graph = networkx.Graph()
    graph.add_weighted_edges_from((i, j, weight) for (i, j), weight in edges.items())
    best = [(min(pair), max(pair)) for pair in networkx.max_weight_matching(graph, maxcardinality=True)]
    ours = best_pairs(count, edges, [0] * count)
    assert (len(ours), sum(edges[p] for p in ours)) == (len(best), sum(edges[p] for p in best))


@pytest.mark.parametrize(("count", "groups", "left"), [(0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1), (7, 3, 1)])
def test_small_pools_without_group_comfort_leave_the_odd_one_out_and_say_so(
    count: int, groups: int, left: int
) -> None:
    outcome = match_round(RoundInputs(1, people(count)))
    assert (len(outcome.groups), len(outcome.left_out)) == (groups, left)


@pytest.mark.parametrize("count", [3, 5, 7, 19, 21, 33])
def test_an_odd_member_makes_a_trio_where_groups_are_welcome(count: int) -> None:
    outcome = match_round(RoundInputs(1, people(count, "group")))
    assert outcome.left_out == ()
    assert sorted(len(group.members) for group in outcome.groups)[-1] == 3


@pytest.mark.parametrize("count", [5, 25])
def test_three_who_like_groups_are_enough_to_leave_nobody_out(count: int) -> None:
    pool = tuple(replace(who, comfort="group" if who.member_id <= 3 else "text") for who in people(count))
    outcome = match_round(RoundInputs(1, pool))
    assert outcome.left_out == ()
    assert next(group for group in outcome.groups if len(group.members) == 3).members == (1, 2, 3)


def test_when_everybody_avoids_everybody_all_are_told() -> None:
    pairs = tuple(combinations(range(1, 6), 2))
    outcome = match_round(RoundInputs(1, people(5, "group"), avoided=pairs))
    assert outcome.groups == ()
    assert outcome.left_out == (1, 2, 3, 4, 5)


def test_when_all_pairs_are_used_up_repeats_fill_the_round() -> None:
    met = tuple((*pair, 9) for pair in combinations(range(1, 5), 2))
    outcome = match_round(RoundInputs(10, people(4), met=met))
    assert len(outcome.groups) == 2
    assert outcome.relaxed == (("repeat", 2),)


def test_new_pairs_come_before_repeats() -> None:
    outcome = match_round(RoundInputs(20, people(4), met=((1, 2, 1), (3, 4, 1))))
    assert {group.members for group in outcome.groups} & {(1, 2), (3, 4)} == set()
    assert outcome.relaxed == ()


@pytest.mark.parametrize("seed", range(8))
def test_nobody_is_left_out_twice_in_a_row(seed: int) -> None:
    pool, met, last = people(5), [], set()
    for number in range(1, 12):
        outcome = match_round(RoundInputs(number, pool, met=tuple(met), seed=seed))
        met += [(*group.members[:2], number) for group in outcome.groups]
        assert not last & set(outcome.left_out)
        last = set(outcome.left_out)
        pool = tuple(replace(who, waited=who.waited + 1 if who.member_id in last else 0) for who in pool)


def test_those_who_want_to_talk_need_shared_hours_and_text_needs_none() -> None:
    far = [week_mask((), zone, START) for zone in ("Pacific/Auckland", "Europe/Lisbon")]
    talkers = tuple(
        Candidate(n, hours, comfort="voice") for n, hours in enumerate([far[0] & ~far[1], far[1]])
    )
    assert match_round(RoundInputs(1, talkers)).left_out == (0, 1)
    writers = (replace(talkers[0], comfort="text"), talkers[1])
    assert [group.form for group in match_round(RoundInputs(1, writers)).groups] == ["text"]


def test_one_shared_hour_is_used_only_as_a_last_resort_and_is_reported() -> None:
    pool = (Candidate(1, 0b0011, comfort="voice"), Candidate(2, 0b1111, comfort="voice"))
    assert match_round(RoundInputs(1, pool)).relaxed == (("hours", 1),)


@settings(max_examples=200, deadline=None)
@given(candidate, candidate, st.none() | st.integers(1, 40))
def test_worth_is_symmetric_bounded_and_explained_by_its_reasons(
    a: Candidate, b: Candidate, since: int | None
) -> None:
    a, b = replace(a, member_id=1), replace(b, member_id=2)
    assert 0 < worth(a, b, since) == worth(b, a, since) <= WORTH_MAX
    counted = {term.name for term in terms(a, b, since)} | {term.name for term in terms(b, a, since)}
    assert {reason.name for reason in reasons(a, b, since)} <= counted
    assert side(terms(a, b, since)) > sum(term.points for term in terms(a, b, since))


def test_a_meeting_good_for_both_is_worth_more_than_one_that_is_splendid_for_one() -> None:
    wants = Candidate(1, asks=frozenset({"sql", "sales"}))
    gives_all = Candidate(2, offers=frozenset({"sql", "sales"}))
    trades = Candidate(3, offers=frozenset({"sql"}), asks=frozenset({"design"}))
    swaps = replace(wants, offers=frozenset({"design"}))
    assert worth(swaps, trades, None) > worth(wants, gives_all, None)


@pytest.mark.slow
def test_a_pool_above_five_hundred_is_covered_completely() -> None:
    chance = random.Random(4)
    pool = tuple(
        Candidate(
            number,
            week_mask((), chance.choice(ZONES), START),
            frozenset(chance.sample([f"n{i}" for i in range(40)], 3)),
            comfort=chance.choice(rules.COMFORTS),
        )
        for number in range(601)
    )
    outcome = match_round(RoundInputs(1, pool))
    assert outcome.left_out == ()


def test_offers_and_asks_of_a_large_pool_are_compared_tag_by_tag() -> None:
    """The two vocabularies differ in size here; whoever offers what another asks for must be weighed."""
    crowd = [
        Candidate(n, offers=frozenset({f"offer{n % 40}"}), asks=frozenset({f"ask{n % 7}"}))
        for n in range(598)
    ]
    giver = Candidate(598, offers=frozenset({"rare"}), asks=frozenset({"barter"}))
    taker = Candidate(599, offers=frozenset({"barter"}), asks=frozenset({"rare"}))
    ledger = Ledger(RoundInputs(1, (*crowd, giver, taker)))
    edges = best_edges(Board(ledger), seed=1)
    found = {
        frozenset(ledger.members[node].member_id for node in pair)
        for pair in zip(edges.left, edges.right, strict=True)
    }
    assert {598, 599} in found
