"""`make bench`: every figure with its goal, and how it compares."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
import warnings
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    alerts,
    answers,
    board,
    finding,
    matching,
    memory,
    rounds,
    screening,
    simulation,
    starting,
    ticks,
    weeks,
)
from bot.core.log import configure_logging

RESULTS = Path(__file__).with_name("RESULTS.md")
Line = tuple[str, str, str, bool | None]
MILLI = 1000
GROWTH_MOST, TICK_MOST, START_MOST = 3.0, 1.5, 2.0
TIMES_MOST = 1.3


def answer_lines(found: list[tuple[str, float, float, float]]) -> list[Line]:
    """Both commands, against the hand-written and the empty handler."""
    lines: list[Line] = []
    for name, kith, hand, none in found:
        times = kith / hand
        seconds = f"{kith * MILLI:.2f} / {hand * MILLI:.2f} / {none * MILLI:.2f} ms"
        lines.append(
            (f"{name}, Kith : hand-written", f"{times:.2f} ×", f"≤ {TIMES_MOST} ×", times <= TIMES_MOST)
        )
        lines.append((f"{name}, Kith : empty", f"{kith / none:.2f} ×", "", None))
        lines.append((f"{name}, Kith / hand-written / empty", seconds, "", None))
    return lines


def memory_lines(kith: float, bare: float) -> list[Line]:
    """Resident memory of an idle bot."""
    times = kith / bare
    return [
        (
            "idle memory, Kith : bare with the same libraries",
            f"{times:.2f} ×",
            f"≤ {TIMES_MOST} ×",
            times <= TIMES_MOST,
        ),
        (
            f"idle memory with {memory.COMMUNITIES} communities, Kith / bare",
            f"{kith:.1f} / {bare:.1f} MiB",
            "",
            None,
        ),
    ]


def finding_lines(found: list[finding.Figures]) -> list[Line]:
    """Searching, and one more member, in small and in large communities."""
    small, large = found[0], found[-1]
    lines: list[Line] = []
    for what, name in (
        ("/find, typical", "typical"),
        ("/find, two large facets that share nobody", "worst"),
        ("one more member: listed, with a profile", "newcomer"),
    ):
        took = " / ".join(f"{getattr(one, name) * MILLI:.1f}" for one in found)
        sizes = " / ".join(f"{one.members:,}" for one in found)
        growth = getattr(large, name) / getattr(small, name)
        lines.append((f"{what}, with {sizes} members", f"{took} ms", "", None))
        lines.append(
            (
                f"… {large.members:,} : {small.members:,}",
                f"{growth:.2f} ×",
                f"≤ {GROWTH_MOST:g} ×",
                growth <= GROWTH_MOST,
            )
        )
    return lines


def start_lines(kith: float, bare: float) -> list[Line]:
    """From nothing to connected, each in a process of its own."""
    times, took = kith / bare, f"{kith:.2f} / {bare:.2f} s"
    return [
        (
            "start, Kith : bare with the same libraries",
            f"{times:.2f} ×",
            f"≤ {START_MOST:g} ×",
            times <= START_MOST,
        ),
        ("start, Kith / bare", took, "", None),
    ]


def tick_lines(found: ticks.Ticks) -> list[Line]:
    """An idle tick with few and with many rows."""
    growth = found.large / found.small
    took = f"{found.small * MILLI:.2f} / {found.large * MILLI:.2f} ms"
    return [
        (f"agenda tick, nothing due, {ticks.SMALL:,} / {ticks.LARGE:,} rows", took, "", None),
        ("… many : few", f"{growth:.2f} ×", f"≤ {TICK_MOST} ×", growth <= TICK_MOST),
    ]


async def measure(folder: Path) -> list[Line]:
    """Run every benchmark, one after the other."""
    lines = answer_lines(await answers.measure(folder))
    lines += memory_lines(*await memory.measure(folder))
    lines += start_lines(*await starting.measure(folder))
    lines += tick_lines(await ticks.measure(folder))
    lines += finding_lines(await finding.measure(folder))
    lines += board.lines(await board.measure(folder))
    lines += await alerts.alert_lines(folder)
    for members in rounds.SIZES:
        lines += rounds.lines(await rounds.measure(folder, members))
    return lines


def main() -> int:
    """Measure, print and write it down, and exit with 0: a figure is information, not a test."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    configure_logging("ERROR")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        lines = asyncio.run(measure(Path(folder)))
    lines += screening.measure() + weeks.measure() + matching.measure() + simulation.measure()
    people = "a population file" if "KITH_POPULATION" in os.environ else "variations of seeds/demo.toml"
    took = time.perf_counter() - began
    note = (
        f"Members from {people}; SQLite; Python {platform.python_version()} on {platform.system()}, "
        f"{os.cpu_count()} cores; {took:.0f} s in all."
    )
    table = Table("what", "measured", "goal", "", title="Kith, measured")
    for what, measured, goal, met in lines:
        table.add_row(what, measured, goal, _mark(met))
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(table)
    console.print(note)
    RESULTS.write_text(_report(lines, note), encoding="utf-8")
    return 0


def _mark(met: bool | None) -> str:
    return "" if met is None else "✔" if met else "✘"


def _report(lines: list[Line], note: str) -> str:
    """The same table as Markdown, for those who do not run it themselves."""
    rows = [
        "| " + " | ".join((what, measured, goal, _mark(met))) + " |" for what, measured, goal, met in lines
    ]
    head = "# What `make bench` measured last\n\n" + note
    return "\n".join((head, "\n| what | measured | goal | |\n|---|---|---|---|", *rows, ""))


if __name__ == "__main__":
    sys.exit(main())
