"""What people are paid, from so many that nobody can be guessed: coarse bands, widening, five at least. Pure.

Figures never come from fewer than `LEAST` people, are bands only, and count in steps. So whoever compares two
of them, by another stage or region or before and after somebody added theirs, learns no one's pay.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

LEAST = 5
STEPS = (5, 10, 20, 50, 100, 200, 500)
SHOWN_MAX = 8
_STARTS = (10, 15, 20, 30, 40, 50, 75)
_POWERS = tuple(int(10**power) for power in range(9))  # more than the largest budget there is
_EDGES = (0, 1, 2, 3, 5, 7, *(start * power for power in _POWERS for start in _STARTS))


@dataclass(frozen=True, slots=True)
class Sample:
    """What one person was paid once: the start of the coarse band, in whole units of the currency.

    `person` tells people apart, and nothing else; stage and region are "" where they are not known.
    """

    person: Hashable
    stage: str
    region: str
    currency: str
    per: str
    band: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The middle half of what at least `count` people are paid, from one band's start to another's end.

    `stage` and `region` are those it is about, "" for all of them.
    """

    currency: str
    per: str
    low: int
    high: int
    count: int
    stage: str = ""
    region: str = ""


def band_of(amount: float) -> int:
    """The start of the coarse band an amount lies in."""
    return _EDGES[max(0, bisect_right(_EDGES, amount) - 1)]


def band_end(band: int) -> int:
    """Where the band with this start ends, and the next one begins."""
    return _EDGES[min(bisect_right(_EDGES, band), len(_EDGES) - 1)]


def rate_of(samples: Iterable[Sample]) -> Rate | None:
    """The figure of samples in one currency and unit; None where they are of fewer than five people.

    Whoever was paid often counts once, with the middle of what they were paid.
    """
    own: dict[Hashable, list[int]] = defaultdict(list)
    currency = per = ""
    for sample in samples:
        own[sample.person].append(sample.band)
        currency, per = sample.currency, sample.per
    if len(own) < LEAST:
        return None
    bands = sorted(_middle(each) for each in own.values())
    aside = (len(bands) - 1) // 4  # a quarter at each end
    low, high = bands[aside], band_end(bands[-1 - aside])
    return Rate(currency, per, low, high, STEPS[bisect_right(STEPS, len(bands)) - 1])


def rates(samples: Sequence[Sample], stage: str = "", region: str = "") -> tuple[Rate, ...]:
    """A figure for every currency and unit, of those asked for or, where they are too few, of more people.

    First the region is dropped, then the stage; currencies and units are never mixed. Most people first.
    """
    groups: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[sample.currency, sample.per].append(sample)
    found = [rate for group in groups.values() if (rate := _narrowest(group, stage, region)) is not None]
    return tuple(sorted(found, key=lambda rate: (-rate.count, rate.currency, rate.per))[:SHOWN_MAX])


def _narrowest(group: Sequence[Sample], stage: str, region: str) -> Rate | None:
    for some_stage, some_region in dict.fromkeys(((stage, region), (stage, ""), ("", ""))):
        fitting = [
            sample
            for sample in group
            if some_stage in ("", sample.stage) and some_region in ("", sample.region)
        ]
        if (rate := rate_of(fitting)) is not None:
            return Rate(rate.currency, rate.per, rate.low, rate.high, rate.count, some_stage, some_region)
    return None


def _middle(bands: Sequence[int]) -> int:
    return sorted(bands)[(len(bands) - 1) // 2]
