"""Rates: coarse bands, five people at least, widening that says so, and nothing to be guessed."""

import random
from dataclasses import replace
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gigs.rate_rules import _EDGES, LEAST, STEPS, Rate, Sample, band_end, band_of, rate_of, rates
from bot.gigs.regions import REGIONS, region_of

people = st.integers(1, 30)
samples = st.lists(
    st.builds(
        Sample, person=people, stage=st.sampled_from(["", "starting", "booked"]),
        region=st.sampled_from(["", "europe", "asia"]), currency=st.sampled_from(["EUR", "USD"]),
        per=st.sampled_from(["hour", "day"]), band=st.floats(0.01, 10**9).map(band_of),
    ),
    max_size=80,
)  # fmt: skip


def of(*bands: int, stage: str = "", region: str = "", first: int = 0, currency: str = "EUR") -> list[Sample]:
    return [
        Sample(first + number, stage, region, currency, "hour", band) for number, band in enumerate(bands)
    ]


@given(st.floats(0.01, 10**9))
def test_an_amount_lies_in_its_band_and_bands_are_coarse(amount: float) -> None:
    start = band_of(amount)
    assert start <= amount < band_end(start)
    assert band_of(start) == start
    assert start < 10 or 1.2 < band_end(start) / start <= 1.6


def test_fewer_than_five_say_nothing_and_five_do() -> None:
    assert rates(of(50, 50, 50, 50)) == ()
    assert rates(of(10, 50, 75, 100, 1000)) == (Rate("EUR", "hour", 50, 150, 5),)


def test_whoever_was_paid_often_counts_once() -> None:
    often = [replace(one, person="same") for one in of(*[50] * 40)]
    assert rates(often + of(10, 10, 10)) == ()
    (rate,) = rates(often + of(10, 10, 10, 10))
    assert (rate.low, rate.high, rate.count) == (10, 15, 5)


def test_what_counts_of_somebody_s_pay_is_the_middle_of_it() -> None:
    several = [replace(one, person="same") for one in of(1000, 30, 5)]
    (rate,) = rates(several + of(30, 30, 30, 1000))
    assert (rate.low, rate.high) == (30, 40)


def test_currencies_and_units_are_never_mixed() -> None:
    mixed = of(50, 50, 50, 50) + of(50, 50, 50, 50, currency="USD", first=10)
    assert rates(mixed) == ()
    both = of(*[50] * 5) + of(*[5000] * 10, currency="INR", first=10)
    assert [(one.currency, one.low, one.count) for one in rates(both)] == [("INR", 5000, 10), ("EUR", 50, 5)]


def test_first_the_region_is_dropped_then_the_stage() -> None:
    here = of(*[100] * 5, stage="booked", region="europe")
    same = of(*[50] * 5, stage="booked", region="asia", first=10)
    others = of(*[20] * 5, stage="starting", region="europe", first=20)
    assert rates(here + same + others, "booked", "europe") == (
        Rate("EUR", "hour", 100, 150, 5, "booked", "europe"),
    )
    (wider,) = rates(here[:4] + same + others, "booked", "europe")
    assert (wider.stage, wider.region, wider.count) == ("booked", "", 5)
    (widest,) = rates(here[:2] + same[:2] + others, "booked", "europe")
    assert (widest.stage, widest.region) == ("", "")
    (region,) = rates(here + same, "", "asia")
    assert (region.stage, region.region) == ("", "asia")
    assert rates(here[:2] + same[:2], "booked", "europe") == ()


@given(samples, st.sampled_from(["", "starting", "booked"]), st.sampled_from(["", "europe", "asia"]))
def test_no_figure_comes_from_fewer_than_five_or_shows_more_than_bands(
    found: list[Sample], stage: str, region: str
) -> None:
    for rate in rates(found, stage, region):
        group = [
            one for one in found
            if (one.currency, one.per) == (rate.currency, rate.per)
            and rate.stage in ("", one.stage) and rate.region in ("", one.region)
        ]  # fmt: skip
        persons = {one.person for one in group}
        assert LEAST <= rate.count <= len(persons)
        assert rate.count in STEPS
        assert {rate.low, rate.high} <= set(_EDGES)
        assert rate.low < rate.high
        assert (rate.stage, rate.region) in {(stage, region), (stage, ""), ("", "")}


@given(samples, st.integers())
def test_the_order_in_which_people_told_does_not_matter(found: list[Sample], seed: int) -> None:
    shuffled = found.copy()
    random.Random(seed).shuffle(shuffled)
    assert rates(found, "booked", "europe") == rates(shuffled, "booked", "europe")


@given(st.lists(st.integers(1, 10**6).map(band_of), min_size=5, max_size=60), st.integers(1, 10**6))
def test_the_highest_and_the_lowest_pay_are_nobody_s_to_see(bands: list[int], extreme: int) -> None:
    """However far out the one at either end is, the figure stays: who is paid most cannot be told from it."""
    ordered = sorted(bands)
    further = [0, *ordered[1:-1], max(ordered[-1], band_of(ordered[-1] * 10))]
    assert rate_of(of(*ordered)) == rate_of(of(*further))


@given(st.lists(st.integers(1, 10**6).map(band_of), min_size=5, max_size=60), st.integers(1, 10**6))
def test_one_more_answer_moves_a_figure_by_one_place_at_most(bands: list[int], amount: int) -> None:
    before, after = rate_of(of(*bands)), rate_of(of(*bands, band_of(amount)))
    assert before is not None
    assert after is not None
    told = sorted({*bands, band_of(amount)})
    places = {band: place for place, band in enumerate(told)}
    assert abs(places[before.low] - places[after.low]) <= 1


def test_every_zone_of_a_place_has_a_region() -> None:
    no_places = ("Etc/", "posix", "right", "SystemV", "Antarctica/", "Arctic/")
    nowhere = {
        zone for zone in available_timezones()
        if "/" in zone and not zone.startswith(no_places)
        and region_of(zone) not in REGIONS
    }  # fmt: skip
    assert nowhere <= {"Indian/Kerguelen"}


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("Europe/Lisbon", "europe"), ("America/New_York", "north-america"),
        ("America/Bogota", "south-america"),
        ("America/Argentina/Ushuaia", "south-america"), ("Atlantic/Azores", "europe"),
        ("Indian/Mauritius", "africa"), ("Australia/Sydney", "oceania"), ("Asia/Dubai", "asia"),
        ("America/Indiana/Knox", "north-america"), ("US/Eastern", "north-america"), ("UTC", ""), (None, ""),
        ("Etc/GMT+3", ""),
    ],
)  # fmt: skip
def test_a_zone_lies_in_its_region(zone: str | None, region: str) -> None:
    assert region_of(zone) == region
