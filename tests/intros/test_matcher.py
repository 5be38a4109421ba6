"""Blocks score what the words say, the jump finds the same optimum, and its share of it is proven."""

import json
import pickle
import random
from dataclasses import asdict, replace
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intros import jump, nearest, pool
from bot.intros.board import Board
from bot.intros.bound import prove
from bot.intros.late import fallback_round
from bot.intros.ledger import Ledger
from bot.intros.matching import RoundInputs, match_round
from bot.intros.nearest import all_edges, best_edges
from bot.intros.pool import Pool
from bot.intros.scoring import BALANCE_MAX, Candidate
from bot.intros.shapes import NEW_FIRST, REPEATS_COST
from bot.intros.solver import best_pairs, solve
from bot.intros.tiers import VALUES, Tiers
from bot.people.hours import week_mask
from tests.intros.crowds import START, crowd, people, rounds

recents = st.dictionaries(
    st.integers(0, 8).map(lambda number: number * 7 + 3),
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)),
)


@settings(max_examples=120, deadline=None)
@given(rounds(most=9), recents)
def test_blocks_score_exactly_what_the_words_say(
    inputs: RoundInputs, recent: dict[int, tuple[int, int, int]]
):
    ledger = Ledger(replace(inputs, recent=recent))
    if not ledger.members:
        return
    board = Board(ledger)
    edges = all_edges(board)
    found = {
        (int(i), int(j)): (int(value), bool(cooled), bool(short))
        for i, j, value, cooled, short in zip(
            edges.left, edges.right, edges.value, edges.cooled, edges.short, strict=True
        )
    }
    wanted = {}
    for pair in combinations(range(len(ledger.members)), 2):
        edge = ledger.edge(*pair)
        if edge is not None:
            wanted[pair] = (edge.value, edge.cooled, edge.short)
    assert found == wanted
    assert [ledger.partners(who) for who in ledger.members] == board.partners.tolist()


@settings(max_examples=60, deadline=None)
@given(rounds(most=9))
def test_blocks_score_the_same_when_weeks_are_compared_each_time(inputs: RoundInputs):
    ledger = Ledger(inputs)
    if ledger.members:
        board = Board(ledger)
        before = all_edges(board)
        board._reach = None
        again = all_edges(board)
        assert before.value.tolist() == again.value.tolist()
        assert before.short.tolist() == again.short.tolist()


def drawn(chance: random.Random, count: int, share: float, low: int, high: int) -> dict[tuple[int, int], int]:
    pairs = combinations(range(count), 2)
    return {pair: chance.randint(low, high) for pair in pairs if chance.random() < share}


def worth_of(edges: dict[tuple[int, int], int], prices: list[int], pairs: list[tuple[int, int]]):
    taken = {node for pair in pairs for node in pair}
    assert len(taken) == 2 * len(pairs)
    out = sum(price for node, price in enumerate(prices) if node not in taken)
    return len(pairs), sum(edges[pair] for pair in pairs) - out


@pytest.mark.parametrize("seed", range(60))
def test_the_jump_finds_the_optimum_of_plain_rustworkx(seed: int):
    """Odd and even, with isolated members and several parts, weights of any sign and size."""
    numpy = pytest.importorskip("numpy")
    chance = random.Random(seed)
    count, share = chance.randint(2, 45), chance.choice([0.05, 0.1, 0.3, 0.9])
    top = chance.choice([20, 10**4, 10**9, 10**15])
    edges = drawn(chance, count, share, -top // 2, top)
    prices = [chance.choice([0, 0, top, 9 * top]) for _ in range(count)]
    left, right = (numpy.array([pair[end] for pair in edges], dtype=int) for end in (0, 1))
    weights = numpy.array(list(edges.values()), dtype=object if seed % 3 else numpy.int64)
    jumped = solve(left, right, weights, prices, jumping=True)
    plain = solve(left, right, weights, prices, jumping=False)
    assert worth_of(edges, prices, jumped.pairs) == worth_of(edges, prices, plain.pairs)
    assert worth_of(edges, prices, plain.pairs) == worth_of(edges, prices, best_pairs(count, edges, prices))


def test_the_jump_copes_with_weights_that_no_float_holds():
    numpy = pytest.importorskip("numpy")
    chance = random.Random(5)
    edges = drawn(chance, 31, 0.4, 0, 10**30)
    prices = [0] * 31
    left, right = (numpy.array([pair[end] for pair in edges]) for end in (0, 1))
    weights = numpy.array(list(edges.values()), dtype=object)
    found = solve(left, right, weights, prices, jumping=True)
    assert worth_of(edges, prices, found.pairs) == worth_of(edges, prices, best_pairs(31, edges, prices))
    assert found.duals is None, "rounded prices prove nothing"


@pytest.mark.parametrize("seed", range(12))
def test_sixty_members_are_matched_as_well_as_networkx_does(seed: int):
    numpy = pytest.importorskip("numpy")
    chance = random.Random(seed)
    count = chance.randint(40, 60)
    edges = drawn(chance, count, chance.choice([0.04, 0.2]), 1, 999)
    graph = networkx.Graph()
    graph.add_weighted_edges_from((i, j, weight) for (i, j), weight in edges.items())
    best = [(min(pair), max(pair)) for pair in networkx.max_weight_matching(graph, maxcardinality=True)]
    left, right = (numpy.array([pair[end] for pair in edges]) for end in (0, 1))
    weights = numpy.array(list(edges.values()))
    prices = [0] * count
    for jumping in (True, False):
        ours = solve(left, right, weights, prices, jumping=jumping).pairs
        assert worth_of(edges, prices, ours) == worth_of(edges, prices, best)


@settings(max_examples=60, deadline=None)
@given(rounds(most=9))
def test_a_round_that_jumps_is_worth_as_much_as_one_that_does_not(inputs: RoundInputs):
    ledger = Ledger(inputs)
    if not ledger.members:
        return
    found = Pool(ledger)
    for busy in ((), (0,)):
        (one, edges, tiers), (other, *_) = found.solve(busy, True), found.solve(busy, False)
        weights = dict(
            zip(
                zip(edges.left.tolist(), edges.right.tolist(), strict=True),
                tiers.weights(edges).tolist(),
                strict=True,
            )
        )
        prices = [tiers.price(who.waited) for who in ledger.members]
        assert worth_of(weights, prices, one.pairs) == worth_of(weights, prices, other.pairs)


def test_the_bench_takes_who_costs_least_to_leave_out():
    pool_ = tuple(replace(who, waited=0 if who.member_id == 3 else 1) for who in people(5))
    for jumping in (True, False):
        assert match_round(RoundInputs(2, pool_), jumping).left_out == (3,)


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 900), st.data())
def test_each_tier_outweighs_everything_below_it(count: int, data: st.DataObject):
    tiers = Tiers(count)
    pairs = count // 2
    worst, best = -2 * BALANCE_MAX, VALUES
    flags = data.draw(st.sampled_from([("new", "again"), ("repeat", "cooled"), ("hours", "short")]))
    below = {"new": 0, "repeat": tiers.new, "hours": tiers.new + tiers.repeat}[flags[0]]
    everything = pairs * (best - worst + below)
    assert getattr(tiers, flags[0]) >= everything - pairs * VALUES
    assert tiers.missed > pairs * (tiers.hours + tiers.repeat + tiers.new + VALUES)
    assert tiers.stranded > pairs * tiers.missed


def every_plan(nodes: frozenset[int], trios: int):
    """All plans of pairs, at most so many trios, and members who stay out."""
    if not nodes:
        yield []
        return
    first, rest = min(nodes), nodes - {min(nodes)}
    yield from every_plan(rest, trios)
    for other in rest:
        yield from ([(first, other), *more] for more in every_plan(rest - {other}, trios))
    if trios:
        for two in combinations(sorted(rest), 2):
            yield from ([(first, *two), *more] for more in every_plan(rest - {*two}, trios - 1))


@settings(max_examples=40, deadline=None)
@given(rounds(most=7, comforts=("text", "group", "group")))
def test_trios_reach_the_best_of_all_plans(inputs: RoundInputs):
    inputs = replace(inputs, candidates=tuple(replace(who, seats=0) for who in inputs.candidates))
    ledger = Ledger(inputs)
    if not ledger.members:
        return
    found = Pool(ledger)
    pairs, *_ = found.solve()
    outcome = match_round(inputs)
    ours = [tuple(sorted(ledger.node[one] for one in group.members)) for group in outcome.groups]
    count = len(ledger.members)
    possible = (
        plan
        for plan in every_plan(frozenset(range(count)), count - 2 * len(pairs.pairs))
        if all(
            found.weight(*group) is not None if len(group) == 2 else found.trio_value(group) is not None
            for group in plan
        )
    )
    assert found.quality(ours) == max(map(found.quality, possible))


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch):
    """Candidates and certificates for a pool of 150, as for thousands."""
    for module in (nearest, pool):
        monkeypatch.setattr(module, "EVERYONE_UP_TO", 50)
    monkeypatch.setattr("bot.intros.matching.EVERYONE_UP_TO", 50)


@pytest.mark.parametrize(("count", "seed"), [(150, 1), (151, 2), (200, 3)])
def test_the_certificate_is_never_more_than_the_truth_and_close_to_it(small_limits, count: int, seed: int):
    chance = random.Random(seed)
    members = crowd(count, chance)
    met = tuple((*sorted(chance.sample(range(1, count), 2)), 3) for _ in range(2 * count))
    ledger = Ledger(RoundInputs(9, members, met, seed=seed))
    found = Pool(ledger)
    solution, edges, tiers = found.solve((), jumping=True)
    prices = [0] * count
    proof = prove(found.board, edges, solution, tiers, prices, [])
    everything = all_edges(found.board)
    clean = everything.where(~everything.relaxed)
    best = solve(clean.left, clean.right, tiers.weights(clean), prices, jumping=False)
    values = {(int(i), int(j)): int(v) for i, j, v in zip(clean.left, clean.right, clean.value, strict=True)}
    truth = sum(values[pair] for pair in solution.pairs) / sum(values[pair] for pair in best.pairs)
    assert proof is not None
    assert 0.995 <= proof.share <= truth + 1e-9
    found.look_at(proof.missing)
    better = found.solve((), jumping=True)[0]
    again = sum(values[pair] for pair in better.pairs) / sum(values[pair] for pair in best.pairs)
    assert truth <= again <= 1


def test_candidates_are_a_choice_of_the_allowed_meetings_and_cover_everyone(small_limits):
    inputs = RoundInputs(1, crowd(150, random.Random(8)))
    ledger = Ledger(inputs)
    edges, everything = best_edges(Board(ledger), 1), all_edges(Board(ledger))
    known = {
        (int(i), int(j)): int(v)
        for i, j, v in zip(everything.left, everything.right, everything.value, strict=True)
    }
    assert len(edges) < len(everything) / 2
    assert all(
        known[int(i), int(j)] == v for i, j, v in zip(edges.left, edges.right, edges.value, strict=True)
    )
    outcome = match_round(inputs)
    assert outcome.left_out == ()
    assert outcome.share is None or outcome.share > 0.99


def test_without_scipy_a_large_round_is_the_same_but_not_certified(small_limits, monkeypatch):
    inputs = RoundInputs(1, crowd(120, random.Random(3)))
    jumped = match_round(inputs, jumping=True)
    monkeypatch.setattr(jump, "possible", lambda: False)
    plain = match_round(inputs)
    assert (jumped.jumped, plain.jumped, plain.share) == (True, False, None)
    assert sum(group.worth for group in plain.groups) == sum(group.worth for group in jumped.groups)


def test_one_voice_that_hardly_anybody_shares_hours_with_is_covered_in_a_large_pool(small_limits):
    far = Candidate(999, hours=0b1111, comfort="voice")
    friend = Candidate(998, hours=0b0011, comfort="voice")
    members = tuple(replace(who, comfort="voice", hours=0xFF00) for who in people(78))
    outcome = match_round(RoundInputs(1, (*members, far, friend)))
    assert outcome.left_out == ()
    assert outcome.relaxed == (("hours", 1),)


def test_repeats_may_cost_a_quarter_instead_of_coming_last():
    """1 and 2 fit so well that a repeat at three quarters still beats two meetings without a topic."""
    skills = frozenset({"sql", "sales"})
    pool_ = tuple(
        Candidate(number, niches=frozenset({topic}), offers=skills, asks=skills)
        if number < 3
        else Candidate(number)
        for number, topic in ((1, "ocr"), (2, "ocr"), (3, ""), (4, ""))
    )
    met = ((1, 2, 1), (3, 4, 1))
    groups = {
        repeats: {group.members for group in match_round(RoundInputs(20, pool_, met, repeats=repeats)).groups}
        for repeats in (NEW_FIRST, REPEATS_COST)
    }
    assert groups[REPEATS_COST] == {(1, 2), (3, 4)}
    assert groups[NEW_FIRST] & {(1, 2), (3, 4)} == set()


# --- what comes out ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(8))
def test_pools_of_none_to_seven_members_travel_as_json_and_to_the_worker(count: int):
    for members in (people(count), people(count, "group")):
        outcome = match_round(RoundInputs(1, members))
        assert pickle.loads(pickle.dumps(outcome)) == outcome
        assert json.loads(json.dumps(asdict(outcome)))["left_out"] == list(outcome.left_out)
        assert json.loads(json.dumps(outcome.report()))["left_out"] == len(outcome.left_out)
        assert fallback_round(RoundInputs(1, members)).fallback


def test_one_member_a_zone_apart_is_told_and_the_others_meet():
    hours = week_mask((), "Europe/Lisbon", START)
    members = [Candidate(number, hours, comfort="voice") for number in range(1, 5)]
    alone = Candidate(9, 0b1, comfort="voice")
    outcome = match_round(RoundInputs(1, (*members, alone)))
    assert outcome.left_out == (9,)
    assert len(outcome.groups) == 2
    assert outcome.report()["covered"] == 4
