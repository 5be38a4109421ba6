"""A weekly hour comes round exactly once a week, in every zone there is."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.schedule import local_date, next_local, valid_zone, zone_of

ZONES = sorted(available_timezones())
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS, st.sampled_from(ZONES), st.integers(0, 6), st.integers(0, 23), st.sampled_from([0, 30]))
def test_next_is_later_and_within_a_week_and_a_day(
    after: datetime, zone: str, weekday: int, hour: int, minute: int
) -> None:
    instant = next_local(after, zone, weekday, hour, minute)
    assert after < instant <= after + timedelta(days=8, hours=1)


@pytest.mark.parametrize("weekday", [0, 6])
@pytest.mark.parametrize("hour", [0, 2, 9])
def test_a_year_has_one_instant_a_week_in_every_zone(weekday: int, hour: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for zone in ZONES:
        instants = [next_local(start, zone, weekday, hour)]
        while len(instants) < 54:
            instants.append(next_local(instants[-1], zone, weekday, hour))
        gaps = {b - a for a, b in itertools.pairwise(instants)}
        assert max(gaps) <= timedelta(days=7, hours=3), zone
        assert min(gaps) >= timedelta(days=7, hours=-3), zone
        weeks = {local_date(i, zone).isocalendar()[:2] for i in instants}
        assert len(weeks) == len(instants), zone


def test_nine_stays_nine_across_daylight_saving() -> None:
    before = next_local(datetime(2026, 3, 20, tzinfo=UTC), "Europe/Berlin", 0, 9)
    after = next_local(before, "Europe/Berlin", 0, 9)
    berlin = ZoneInfo("Europe/Berlin")
    assert (before.hour, after.hour) == (8, 7)
    assert before.astimezone(berlin).hour == after.astimezone(berlin).hour == 9


def test_a_gap_moves_forward_and_a_fold_is_the_first() -> None:
    gap = next_local(datetime(2026, 3, 25, tzinfo=UTC), "Europe/Berlin", 6, 2, 30)
    assert gap == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    fold = next_local(datetime(2026, 10, 21, tzinfo=UTC), "Europe/Berlin", 6, 2, 30)
    assert fold == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_weeks_skips_ahead() -> None:
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert next_local(start, "UTC", 0, 9, weeks=2) == start + timedelta(days=14)


def test_a_zone_that_no_longer_exists_is_no_crash() -> None:
    assert not valid_zone("Mars/Olympus")
    assert zone_of("Mars/Olympus").key == "UTC"
