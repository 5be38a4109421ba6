"""Roundtables: somebody far along, and two to four who have the road before them (MATCHING.md, 3.9).

Half peers, half people further along does not fit into pairs where few are far along. Whoever is, says how
many they welcome at a table now; where nobody does, there are no tables. They are set before the pairs are
chosen.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.intros import rules
from bot.intros.pool import Pool
from bot.intros.scoring import Candidate, step

HOSTS = ("booked", "scaling")
FEWEST, MOST = 2, 4
"""Guests at one table."""


def seat_tables(pool: Pool) -> list[tuple[int, ...]]:
    """Tables as nodes, the host first. Who waited longest chooses first; nobody sits at two."""
    taken: set[int] = set()
    tables = []
    hosts = [node for node, who in enumerate(pool.members) if is_host(who)]
    for host in sorted(hosts, key=lambda node: (-pool.members[node].waited, node)):
        guests = [] if host in taken else _guests(pool, host, taken)
        if len(guests) >= FEWEST:
            tables.append((host, *guests))
            taken |= {host, *guests}
    return tables


def is_host(who: Candidate) -> bool:
    """True for somebody far along who offers seats and likes groups."""
    return who.seats > 0 and who.stage in HOSTS and rules.accepts_groups(who.comfort)


def _guests(pool: Pool, host: int, taken: Collection[int]) -> list[int]:
    """The best guests who may all meet one another, in an hour that suits the whole table."""
    table = [host]
    for node in _ranked(pool, host, taken):
        if len(table) > min(MOST, pool.members[host].seats):
            break
        fits = all(_may_meet(pool, node, other) for other in table)
        if fits and pool.ledger.have_common_hours([*table, node], rules.NEEDED_HALF_HOURS):
            table.append(node)
    return table[1:]


def _ranked(pool: Pool, host: int, taken: Collection[int]) -> list[int]:
    """Those who like groups, are less far along and have not met the host: worth most to both first."""
    found = []
    for node, who in enumerate(pool.members):
        if node == host or node in taken or not pool.accepts_groups(node) or is_host(who):
            continue
        edge = pool.edge(host, node) if step(who.stage, pool.members[host].stage) == 1 else None
        if edge is not None and edge.rounds_since is None:
            found.append((-edge.value, node))
    return [node for _, node in sorted(found)]


def _may_meet(pool: Pool, one: int, other: int) -> bool:
    """True where no rule has to give way."""
    edge = pool.edge(one, other)
    return edge is not None and not edge.relaxed
