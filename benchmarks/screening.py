"""What it costs to screen a post: an ordinary one, and the longest there can be of nothing but scams."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from statistics import median

from bot.gigs.screening import MAX_TEXT, screen

Line = tuple[str, str, str, bool | None]

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "gigs" / "corpus" / "tuning.toml"
TIMES = 20
MOST = 0.020


def _seconds(text: str) -> float:
    began = time.perf_counter()
    screen(text)
    return time.perf_counter() - began


def measure() -> list[Line]:
    """Screen the honest posts of the corpus one by one, and its scams as one text."""
    texts = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["text"]
    honest = [entry["text"] for entry in texts if entry["honest"]]
    scams = "\n".join(entry["text"] for entry in reversed(texts) if not entry["honest"])[:MAX_TEXT]
    screen(scams)
    ordinary = median(_seconds(text) for text in honest)
    longest = median(_seconds(scams) for _time in range(TIMES))
    return [
        (f"screening one of {len(honest):,} honest posts, median", f"{ordinary * 1000:.1f} ms", "", None),
        (
            f"screening {MAX_TEXT:,} characters of nothing but scams, median of {TIMES}",
            f"{longest * 1000:.1f} ms",
            f"≤ {MOST * 1000:.0f} ms",
            longest <= MOST,
        ),
    ]
