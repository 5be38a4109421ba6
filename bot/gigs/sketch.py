"""Finds texts that are nearly the same: MinHash signatures, and bands of them to look up by an index.

Pure, and the same in every process. Two texts are compared by the runs of letters they share after folding,
so that spacing, case, look-alikes and a changed number or name matter little. The share of equal places in
two signatures estimates the share of common runs (Broder 1997). A signature is cut into bands; texts with one
band in common are worth comparing. With 32 bands of 8 places, texts that share 80 % of their runs meet with
a probability of 0.997, those that share 40 % with 0.02 and 30 % with 0.002; `similarity` tells which are
near.
A library for this would bring numpy and scipy into the process that talks to Discord.
"""

from __future__ import annotations

from hashlib import blake2b, shake_128
from heapq import nsmallest
from struct import unpack
from zlib import crc32

from bot.gigs.folding import skeleton

NEAR = 0.8
"""From here on two texts are told to be nearly the same."""
BANDS, ROWS = 32, 8
_PLACES = BANDS * ROWS
_RUN = 5  # letters in a run: long enough to be rare, short enough that a changed word spoils few
_KEPT = 400  # of a long text, the runs with the smallest sums stand for all; near texts keep the same ones
_KEY_BYTES, _KEY_BITS = 8, 63  # a key fits a signed column of eight bytes


def sketch(text: str) -> tuple[int, ...]:
    """The signature of a text; a text without letters or figures has none."""
    letters = skeleton(text)
    if not letters:
        return ()
    runs = {crc32(letters[place : place + _RUN].encode()) for place in range(max(1, len(letters) - _RUN + 1))}
    rows = (_hashes(run) for run in nsmallest(_KEPT, runs))
    return tuple(map(min, zip(*rows, strict=True)))


def bands(signature: tuple[int, ...]) -> list[int]:
    """The keys under which a signature is kept and looked up."""
    keys = []
    for place in range(0, len(signature), ROWS):
        digest = blake2b(repr((place, signature[place : place + ROWS])).encode(), digest_size=_KEY_BYTES)
        keys.append(int.from_bytes(digest.digest(), "big") >> (8 * _KEY_BYTES - _KEY_BITS))
    return keys


def similarity(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """Estimate, from 0 to 1, how much two texts have in common."""
    if not first or len(first) != len(second):
        return 0.0
    return sum(one == other for one, other in zip(first, second, strict=True)) / len(first)


def _hashes(run: int) -> tuple[int, ...]:
    """As many independent hashes of a run as a signature has places."""
    return unpack(f">{_PLACES}I", shake_128(run.to_bytes(4, "big")).digest(4 * _PLACES))
