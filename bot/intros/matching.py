"""One round: from the pool to pairs, trios and tables, with the reasons that really counted (MATCHING.md, 3).

Pure and picklable: `match_round` runs in the worker process. Same inputs and seed, same groups, in whatever
order the members come.

Tiers of one integer weight, each larger than all below it together: cover everyone who can be covered (the
solver's cardinality) > nobody left out twice in a row > few meetings with too few shared hours > few repeats
inside the cooldown > new pairs > worth and balance. The two relaxed rules are therefore only ever used where
somebody would otherwise stay alone, or stay alone once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from bot.intros import rules
from bot.intros.bound import prove
from bot.intros.ledger import Ledger, shared_half_hours
from bot.intros.nearest import EVERYONE_UP_TO
from bot.intros.pool import Pool
from bot.intros.roundtables import seat_tables
from bot.intros.scoring import Reason, balance, reasons
from bot.intros.shapes import Group, Outcome, RoundInputs
from bot.intros.solver import Solution
from bot.intros.trios import with_trios

__all__ = ["Group", "Outcome", "RoundInputs", "group_of", "match_round", "outcome_of", "shared_half_hours"]

PAIR = 2
ENOUGH = 0.9995
"""A proven share with which a round is content (DESIGN, 10 asks for 0.999)."""


def match_round(inputs: RoundInputs, jumping: bool | None = None) -> Outcome:
    """Tables, pairs, trios where someone would stay alone, and who is left out this time.

    `jumping` decides whether the solver starts from the assignment; None leaves it to the size of the pool.
    """
    pool = Pool(Ledger(inputs))
    tables = seat_tables(pool)
    found = _matched(pool, tables, jumping)
    if tables and found.left_out:
        plain = _matched(pool, [], jumping)
        found = plain if len(plain.left_out) < len(found.left_out) else found
    return found


def _matched(pool: Pool, tables: Sequence[tuple[int, ...]], jumping: bool | None) -> Outcome:
    """Pairs and trios for everyone who has no seat at a table."""
    if pool.board is None:
        return Outcome()
    busy = sorted(node for table in tables for node in table)
    found, share = _solved(pool, busy, jumping)
    plan = with_trios(pool, found.pairs, busy)
    outcome = outcome_of(pool.ledger, plan, tables)
    return replace(outcome, share=share, jumped=found.jumped)


def _solved(pool: Pool, busy: Sequence[int], jumping: bool | None) -> tuple[Solution, float | None]:
    """The best pairs and what is proven of them; where that is little, once more with what was missing."""
    assert pool.board is not None
    found, edges, tiers = pool.solve(busy, jumping)
    if len(pool.members) <= EVERYONE_UP_TO:
        # In a small pool the solver sees every meeting: what it finds is the optimum.
        return found, 1.0
    prices = [tiers.price(who.waited) for who in pool.members]
    proof = prove(pool.board, edges, found, tiers, prices, busy)
    if proof is not None and proof.share < ENOUGH:
        pool.look_at(proof.missing)
        found, edges, tiers = pool.solve(busy, jumping)
        proof = prove(pool.board, edges, found, tiers, prices, busy)
    return found, proof.share if proof is not None else None


def outcome_of(
    ledger: Ledger, plan: Iterable[tuple[int, ...]], tables: Iterable[tuple[int, ...]] = ()
) -> Outcome:
    """What a plan means: its groups, and who is left out."""
    groups = [group_of(ledger, nodes) for nodes in plan]
    groups += [group_of(ledger, nodes, host=nodes[0]) for nodes in tables]
    covered = {member for group in groups for member in group.members}
    used = [rule for group in groups for rule in group.relaxed]
    return Outcome(
        groups=tuple(sorted(groups, key=lambda group: group.members)),
        left_out=tuple(sorted(who.member_id for who in ledger.members if who.member_id not in covered)),
        relaxed=tuple((rule, used.count(rule)) for rule in ("repeat", "hours") if rule in used),
    )


def group_of(ledger: Ledger, nodes: Sequence[int], host: int | None = None) -> Group:
    """What the card needs of one group; at a table only what speaks for the host counts as a reason."""
    found: dict[tuple[str, tuple[str, ...], int | None, int | None], Reason] = {}
    worths, relaxed = 0, set()
    for i, j in combinations(sorted(nodes), 2):
        edge = ledger.edge(i, j)
        assert edge is not None, "a hard rule would be broken"
        worths += edge.worth
        relaxed |= {*edge.relaxed}
        if host is None or host in (i, j):
            one, other = ledger.members[i], ledger.members[j]
            for reason in reasons(one, other, edge.rounds_since, balance(one, other, ledger.recent)):
                found.setdefault((reason.name, reason.values, reason.giver, reason.taker), reason)
    form = rules.meeting_form(ledger.members[node].comfort for node in nodes)
    return Group(
        members=tuple(sorted(ledger.members[node].member_id for node in nodes)),
        form="roundtable" if host is not None else form if len(nodes) == PAIR else "group",
        reasons=tuple(sorted(found.values(), key=_strength)),
        worth=worths,
        relaxed=tuple(sorted(relaxed, reverse=True)),
    )


def _strength(reason: Reason) -> tuple[int, str, tuple[str, ...], int, int]:
    """The strongest first, and always in the same order."""
    return -reason.points, reason.name, reason.values, reason.giver or 0, reason.taker or 0
