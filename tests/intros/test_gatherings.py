"""Whom a member is owed, tables of those further along, late joiners, and what happens when time is up."""

import random
from dataclasses import replace
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intros import rules
from bot.intros.late import fallback_round, match_late
from bot.intros.ledger import Ledger
from bot.intros.matching import RoundInputs, match_round
from bot.intros.pool import Pool
from bot.intros.scoring import BALANCE_MAX, Candidate, balance, leaning, reasons
from tests.intros.crowds import allowed, crowd, people, rounds

# --- the balance of peers and others -----------------------------------------------------------------


def test_whoever_met_few_peers_is_owed_peers_and_the_debt_grows_ever_slower():
    steps = [leaning((6 - debt, debt, 0))[1] for debt in (3, 4, 5, 6)]
    assert steps[0] == 0
    assert steps[1] - steps[0] > steps[2] - steps[1] > steps[3] - steps[2] > 0
    assert leaning((6, 0, 0))[1] < 0
    assert leaning((3, 0, 3))[2] > leaning((3, 0, 3))[0]


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[st.integers(0, 6)] * 3), st.tuples(*[st.integers(0, 6)] * 3), st.data())
def test_the_balance_is_symmetric_and_bounded(one, other, data):
    stage = st.sampled_from([None, *rules.STAGES])
    a, b = Candidate(1, stage=data.draw(stage)), Candidate(2, stage=data.draw(stage))
    found = balance(a, b, {1: one, 2: other})
    assert found == balance(b, a, {1: one, 2: other})
    assert abs(found) <= BALANCE_MAX


def test_who_is_owed_a_peer_meets_one_and_a_reason_that_spoke_against_is_not_shown():
    stages = {1: "exploring", 2: "exploring", 3: "scaling", 4: "scaling"}
    pool_ = tuple(Candidate(number, stage=stage) for number, stage in stages.items())
    owed_peers = match_round(RoundInputs(1, pool_, recent=dict.fromkeys(stages, (0, 3, 3))))
    assert {group.members for group in owed_peers.groups} == {(1, 2), (3, 4)}
    owed_others = match_round(RoundInputs(1, pool_, recent=dict.fromkeys(stages, (6, 0, 0))))
    assert {group.members for group in owed_others.groups} & {(1, 2), (3, 4)} == set()
    names = {reason.name for reason in reasons(pool_[0], pool_[1], None, settled=-1000)}
    assert "peer" not in names
    assert "peer" in {reason.name for reason in reasons(pool_[0], pool_[1], None)}


def test_recent_meetings_are_counted_from_the_history_unless_given():
    pool_ = (Candidate(1, stage="exploring"), Candidate(2, stage="scaling"), Candidate(3, stage="starting"))
    met = ((1, 2, 1), (3, 1, 2))
    assert Ledger(RoundInputs(3, pool_, met)).recent == {1: (1, 1, 0), 2: (0, 0, 1), 3: (1, 0, 0)}
    given_ = Ledger(RoundInputs(3, pool_, met, recent={1: (6, 0, 0), 77: (1, 1, 1)})).recent
    assert (given_[1], given_[3], 77 in given_) == ((6, 0, 0), (1, 0, 0), False)


# --- tables, late joiners, time up -------------------------------------------------------------------


def hosted(count: int, seats: int) -> tuple[Candidate, ...]:
    host = Candidate(100, people(1)[0].hours, stage="scaling", comfort="group", seats=seats)
    return (host, *(replace(who, stage="starting") for who in people(count, "group")))


@pytest.mark.parametrize(("guests", "seats", "size"), [(5, 2, 3), (8, 4, 5), (8, 9, 5), (6, 0, 0), (5, 1, 0)])
def test_a_table_seats_the_host_and_two_to_four_others(guests: int, seats: int, size: int):
    outcome = match_round(RoundInputs(1, hosted(guests, seats)))
    tables = [group for group in outcome.groups if group.form == "roundtable"]
    assert [len(group.members) for group in tables] == ([size] if size else [])
    assert outcome.left_out == ()
    assert all(100 in group.members for group in tables)
    assert all(100 in (reason.giver, 100) for group in tables for reason in group.reasons)


def test_no_table_where_it_would_leave_somebody_out():
    host, *guests = hosted(4, 2)
    quiet = [replace(who, comfort="text") if who.member_id > 2 else who for who in guests[:3]]
    outcome = match_round(RoundInputs(1, (host, *quiet)))
    assert outcome.left_out == ()
    assert {group.form for group in outcome.groups} == {"video", "text"}


def test_a_table_never_seats_two_who_are_kept_apart_or_have_met_the_host():
    inputs = RoundInputs(5, hosted(7, 4), ((1, 100, 4),), ((2, 3), (4, 100)))
    table = next(group.members for group in match_round(inputs).groups if group.form == "roundtable")
    assert not {1, 4} & {*table}
    assert not {2, 3} <= {*table}


@settings(max_examples=100, deadline=None)
@given(rounds(most=9), st.data())
def test_a_late_joiner_gets_the_best_meeting_that_is_left(inputs: RoundInputs, data: st.DataObject):
    ids = [who.member_id for who in inputs.candidates]
    if not ids:
        return
    who = data.draw(st.sampled_from(ids))
    free = data.draw(st.sets(st.sampled_from(ids)))
    group = match_late(inputs, who, free)
    may = {pair for pair in allowed(inputs) if who in pair and {*pair} <= {who, *free}}
    assert (group is None) == (not may)
    if group is not None:
        assert group.members in may
        ledger = Ledger(inputs)
        weights = {pair: Pool(ledger).weight(ledger.node[pair[0]], ledger.node[pair[1]]) for pair in may}
        assert weights[group.members] == max(weights.values())  # type: ignore[type-var]


def test_a_late_joiner_meets_again_whom_they_met_long_ago_rather_than_lately():
    """The two met lately share a topic; long ago is better all the same."""
    lately, long_ago = replace(people(2)[1], niches=frozenset({"ocr"})), Candidate(3)
    pool_ = (people(1)[0], lately, long_ago, *(Candidate(number) for number in range(10, 20)))
    inputs = RoundInputs(20, pool_, met=((1, 2, 18), (1, 3, 2)))
    group = match_late(inputs, 1, [2, 3])
    assert group is not None
    assert (group.members, group.relaxed) == ((1, 3), ())


def test_a_late_joiner_whom_nobody_knows_or_with_nobody_free_has_to_wait():
    assert match_late(RoundInputs(1, people(3)), 9, [1, 2]) is None
    assert match_late(RoundInputs(1, people(3)), 1, [1]) is None
    assert match_late(RoundInputs(1, people(3), avoided=((1, 2),)), 1, [2]) is None


@settings(max_examples=100, deadline=None)
@given(rounds(most=9, comforts=("text", "voice", "video")))
def test_when_time_is_up_as_many_as_possible_meet_within_the_hard_rules(inputs: RoundInputs):
    outcome, may = fallback_round(inputs), allowed(inputs)
    assert outcome.fallback
    assert all(group.members in may for group in outcome.groups)
    nodes = range(len(inputs.candidates))
    ledger = Ledger(inputs)
    standings = {pair: ledger.standing(*pair) for pair in combinations(nodes, 2)}
    kept = [pair for pair, found in standings.items() if found is not None and not found.relaxed]
    best = networkx.max_weight_matching(networkx.Graph(kept), maxcardinality=True)
    assert len(outcome.groups) >= len(best)
    shuffled = replace(inputs, candidates=inputs.candidates[::-1])
    assert fallback_round(shuffled) == outcome


def test_when_time_is_up_a_large_pool_is_covered_too():
    outcome = fallback_round(RoundInputs(1, crowd(301, random.Random(6))))
    assert len(outcome.left_out) == 1
