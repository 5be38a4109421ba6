"""`make demo`: plays the story and says whether Kith kept its promises; exit code 0 only if it did.

`WEEKS`, `MEMBERS` and `SEED` change it; `POPULATION=rows.csv.gz` builds the members from survey rows.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
import warnings

from bot.core.log import configure_logging
from demo.cast import cast, written_gigs
from demo.screens import Theatre
from demo.stage import opened
from demo.story import Story
from demo.verdict import Verdict, judge

LEAST_MEMBERS = 24


def number(name: str, default: int, least: int) -> int:
    """A whole number from the environment; SystemExit with a sentence for anything else."""
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        sys.exit(
            f"{name}={text} cannot be played: give a whole number, {least} or more, such as {name}={default}."
        )
    return int(text)


async def play(theatre: Theatre) -> Verdict:
    """The whole story, from the opening to the verdict."""
    weeks, members, seed = number("WEEKS", 4, 1), number("MEMBERS", 24, LEAST_MEMBERS), number("SEED", 7, 0)
    people = cast(members, seed, os.environ.get("POPULATION") or None)
    gigs = written_gigs()
    async with opened() as stage:
        story = Story(stage, theatre, people, seed)
        await story.set_up()
        await story.join()
        await story.weeks(weeks, gigs)
        return judge(stage, story.enrolled, story.rounds, weeks, gigs)


def main() -> int:
    """Play, print, and turn the verdict into an exit code."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    configure_logging("WARNING")
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it misses voice, which Kith does not have
    theatre = Theatre()
    began = time.perf_counter()
    with theatre.progress:
        verdict = asyncio.run(play(theatre))
    verdict.rows.append(("seconds", round(time.perf_counter() - began, 1)))
    theatre.table("What happened", verdict.rows)
    theatre.promises(verdict.kept, verdict.broken)
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    sys.exit(main())
