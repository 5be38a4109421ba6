"""The matcher from 100 to 20,000 members with eleven rounds behind them: time, memory, cover, and how good.

Every measurement runs in a process of its own, so that its memory is its own. Run alone with
`python -m benchmarks.matching [members ...]`.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Line = tuple[str, str, str, bool | None]

SIZES = (100, 1000, 5000, 10_000, 20_000)
COMPARED = 10_000
PLAYED = 11
SEED = 5
TIMES_FASTER, CERTIFIED = 5, 0.999
NETWORKX_UP_TO, NETWORKX_LIMIT = 1000, 12.0
ALL_PAIRS_UP_TO = 5000
PLAIN_LIMIT = 90.0
MIB = 1024


def _inputs(members: int, surveyed: bool) -> Any:
    """A round of so many members."""
    from benchmarks import crowd
    from bot.intros.matching import RoundInputs

    chance = random.Random(SEED)
    pool = crowd.surveyed(members, chance) if surveyed else crowd.generated(members, chance)
    return RoundInputs(PLAYED + 1, tuple(pool), crowd.with_history(pool, chance, PLAYED), seed=SEED)


def _peak() -> int:
    """Return the most memory this process ever had, in KiB.

    Linux keeps the parent's figure in `ru_maxrss` across a fork and exec; VmHWM begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def matched(members: int, surveyed: bool) -> dict[str, Any]:
    """A whole round, as the worker runs it."""
    from bot.intros.matching import match_round, shared_half_hours
    from bot.intros.rules import NEEDED_HALF_HOURS

    inputs = _inputs(members, surveyed)
    began = time.perf_counter()
    outcome = match_round(inputs)
    seconds = time.perf_counter() - began
    peak = _peak() / MIB
    by_id = {who.member_id: who for who in inputs.candidates}
    alone = [
        one
        for one in outcome.left_out
        if any(
            shared_half_hours(by_id[one], other) >= NEEDED_HALF_HOURS
            for other in inputs.candidates
            if other.member_id != one
        )
    ]
    pairs = [group for group in outcome.groups if len(group.members) == 2]
    return {
        "members": members,
        "seconds": seconds,
        "peak": peak,
        "covered": members - len(outcome.left_out),
        # One of an odd number stays out, where nobody welcomes a third.
        "missed": max(0, len(alone) - members % 2),
        "share": outcome.share,
        "jumped": outcome.jumped,
        "relaxed": dict(outcome.relaxed),
        "worth": sum(group.worth for group in pairs) / max(1, len(pairs)) / 10,
    }


def compared(members: int, surveyed: bool) -> dict[str, Any]:
    """What the same round is worth when others choose: random with a zone filter, greedy, networkx."""
    from benchmarks import simulation

    inputs = _inputs(members, surveyed)
    policies: dict[str, Callable[..., Any]] = {"random in zones": simulation.at_random}
    if members <= ALL_PAIRS_UP_TO:
        policies["greedy"] = simulation.greedily
    found: dict[str, Any] = {"members": members}
    for name, policy in policies.items():
        began = time.perf_counter()
        groups = policy(inputs)
        found[name] = (*_worth(inputs, groups), time.perf_counter() - began)
    return found


def _worth(inputs: Any, pairs: Sequence[tuple[int, ...]]) -> tuple[float, float]:
    """Mean worth in points, and cover."""
    from bot.intros.ledger import Ledger

    ledger = Ledger(inputs)
    edges = [ledger.edge(ledger.node[one], ledger.node[other]) for one, other in pairs]
    worth = sum(edge.worth for edge in edges if edge is not None) / max(1, len(edges)) / 10
    return worth, 2 * len(pairs) / max(1, len(inputs.candidates))


def with_networkx(members: int, surveyed: bool) -> dict[str, Any]:
    """The candidate graph solved by networkx."""
    import networkx

    left, right, weights, _ = _graph(members, surveyed)
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_weighted_edges_from(zip(left.tolist(), right.tolist(), weights.tolist(), strict=True))
    began = time.perf_counter()
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    value = sum(graph.edges[pair]["weight"] for pair in pairs)
    return {"seconds": time.perf_counter() - began, "pairs": len(pairs), "value": value}


def with_solver(members: int, surveyed: bool, jumping: bool) -> dict[str, Any]:
    """The candidate graph solved from the assignment, or plainly."""
    from bot.intros.solver import solve

    left, right, weights, count = _graph(members, surveyed)
    began = time.perf_counter()
    found = solve(left, right, weights, [0] * count, jumping=jumping)
    seconds = time.perf_counter() - began
    values = dict(zip(zip(left.tolist(), right.tolist(), strict=True), weights.tolist(), strict=True))
    value = sum(values[pair] for pair in found.pairs)
    return {"seconds": seconds, "pairs": len(found.pairs), "value": value, "edges": len(left)}


def _graph(members: int, surveyed: bool) -> tuple[Any, Any, Any, int]:
    """The meetings a round of this size weighs, no rule giving way."""
    from bot.intros.board import Board
    from bot.intros.ledger import Ledger
    from bot.intros.nearest import edges_for
    from bot.intros.tiers import Tiers

    ledger = Ledger(_inputs(members, surveyed))
    edges = edges_for(Board(ledger), SEED)
    edges = edges.where(~edges.relaxed)
    return edges.left, edges.right, Tiers(members, relaxing=False).weights(edges), members


def apart(limit: float, job: str, *values: object) -> dict[str, Any] | None:
    """What one of the functions above finds in a process of its own; None when it takes longer."""
    code = f"import json, benchmarks.matching as m; print(json.dumps(m.{job}(*{values!r})))"
    # One thread: the worker shares its machine with the bot, and so it is measured.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def round_lines(members: int, surveyed: bool) -> list[Line]:
    """One size of pool: the round, and what others would have made of it."""
    who = "surveyed" if surveyed else "generated"
    name = f"{members:,} {who}, {PLAYED} rounds behind them"
    found = apart(PLAIN_LIMIT, "matched", members, surveyed)
    if found is None:
        return [(f"{name}: matched", f"not within {PLAIN_LIMIT:.0f} s", "", False)]
    share = found["share"]
    lines: list[Line] = [
        (f"{name}: matched", f"{found['seconds']:.1f} s, {found['peak']:.0f} MiB", "", None),
        ("… of those who can be covered", f"{found['covered']:,}", "all", found["missed"] == 0),
        ("… of the optimum, or certified", _percent(share), f"≥ {CERTIFIED:.1%}", (share or 0) >= CERTIFIED),
    ]
    if members <= ALL_PAIRS_UP_TO:
        lines += _others(found["worth"], apart(PLAIN_LIMIT, "compared", members, surveyed))
    if members <= NETWORKX_UP_TO and not surveyed:
        solved = apart(NETWORKX_LIMIT, "with_networkx", members, surveyed)
        ours = apart(NETWORKX_LIMIT, "with_solver", members, surveyed, False)
        lines.append(_networkx(solved, ours))
    return lines


def _others(worth: float, found: dict[str, Any] | None) -> list[Line]:
    """The mean worth of a meeting, beside that of others' choices."""
    if found is None:
        return []
    rest = {name: value for name, value in found.items() if name != "members"}
    measured = [f"{name} {mean:.0f} (cover {cover:.1%})" for name, (mean, cover, _) in rest.items()]
    better = all(worth >= mean for mean, _, _ in rest.values())
    return [("… mean worth of a meeting", f"{worth:.0f}; " + "; ".join(measured), "the most", better)]


def _networkx(found: dict[str, Any] | None, ours: dict[str, Any] | None) -> Line:
    """The same graph given to networkx."""
    if found is None or ours is None:
        return "… networkx on the same graph", f"not within {NETWORKX_LIMIT:.0f} s", "", None
    same = found["value"] == ours["value"] and found["pairs"] == ours["pairs"]
    measured = f"{found['seconds']:.1f} s, ours {ours['seconds']:.2f} s"
    return "… networkx on the same graph", measured, "the same optimum", same


def jump_lines(members: int = COMPARED) -> list[Line]:
    """The jump start against plain rustworkx on the same graph."""
    jumped = apart(PLAIN_LIMIT, "with_solver", members, False, True)
    plain = apart(PLAIN_LIMIT, "with_solver", members, False, False)
    name = f"{members:,}: jump start, of plain rustworkx's time"
    if jumped is None:
        return [(name, f"not within {PLAIN_LIMIT:.0f} s", "", False)]
    if plain is None:
        least = PLAIN_LIMIT / jumped["seconds"]
        return [
            (name, f"{jumped['seconds']:.1f} s, plain > {PLAIN_LIMIT:.0f} s", "≤ 1/5", least >= TIMES_FASTER)
        ]
    times = plain["seconds"] / jumped["seconds"]
    return [
        (
            name,
            f"1/{times:.1f} ({jumped['seconds']:.1f} s of {plain['seconds']:.1f} s)",
            f"≤ 1/{TIMES_FASTER}",
            times >= TIMES_FASTER,
        ),
        ("… the same optimum", f"{jumped['edges']:,} meetings", "", jumped["value"] == plain["value"]),
    ]


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.3%}"


def measure(sizes: Sequence[int] = SIZES) -> list[Line]:
    """Every size generated, and up to 10,000 surveyed where KITH_POPULATION names a file."""
    lines: list[Line] = []
    for members in sizes:
        lines += round_lines(members, surveyed=False)
        if os.environ.get("KITH_POPULATION"):
            lines += round_lines(members, surveyed=True)
    return lines + (jump_lines() if COMPARED in sizes else [])


if __name__ == "__main__":
    for what, measured, goal, met in measure([int(one) for one in sys.argv[1:]] or SIZES):
        sys.stdout.write(f"{what:52} {measured:46} {goal} {'' if met is None else '✔' if met else '✘'}\n")
        sys.stdout.flush()
