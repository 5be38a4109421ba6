"""Days without introductions: how they are read, and how a round steps over them."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.core.schedule import local_date
from bot.intros.dates import HOLIDAYS_MAX, after_holidays, days_of, parse_day, stretches

TODAY = date(2026, 1, 5)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        (" 24. december ", date(2026, 12, 24)),
        ("Dec 24, 2027", date(2027, 12, 24)),
        ("3 jan", date(2027, 1, 3)),
        ("5 Jan", date(2026, 1, 5)),
        ("1 Sept", date(2026, 9, 1)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("tomorrow", date(2026, 1, 6)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, meant: date) -> None:
    assert parse_day(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("soon", "date_unknown"),
        ("", "date_unknown"),
        ("31 Feb", "date_unknown"),
        ("24 Foo", "date_unknown"),
        ("2026-13-01", "date_unknown"),
        ("0 Jan", "date_unknown"),
        ("2026-01-04", "date_past"),
        ("4 Jan 2026", "date_past"),
    ],
)
def test_what_is_no_day_to_come_is_refused(typed: str, code: str) -> None:
    with pytest.raises(KithError, match=code):
        parse_day(typed, TODAY)


@given(DAYS)
def test_every_day_written_in_iso_or_in_words_comes_back(day: date) -> None:
    start = date(2026, 1, 1)
    assert parse_day(day.isoformat(), start) == day
    assert parse_day(f"{day.day} {day:%B} {day.year}", start) == day


def test_a_stretch_backwards_or_too_long_is_refused() -> None:
    assert days_of(TODAY, TODAY) == [TODAY]
    with pytest.raises(KithError, match="dates_backwards"):
        days_of(date(2026, 1, 6), TODAY)
    with pytest.raises(KithError, match="holidays_too_many"):
        days_of(TODAY, date.fromordinal(TODAY.toordinal() + HOLIDAYS_MAX))


@given(st.sets(DAYS, max_size=40))
def test_stretches_hold_the_same_days(days: set[date]) -> None:
    found = stretches(days)
    assert sorted(day for first, last in found for day in days_of(first, last)) == sorted(days)
    assert all(one[1] < two[0] for one, two in pairwise(found))


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=60), st.sampled_from([1, 2, 4]))
def test_a_round_falls_on_no_holiday_and_on_its_weekday(holidays: set[date], weeks: int) -> None:
    regular = datetime(2026, 1, 6, 9, tzinfo=UTC)  # ten o'clock in Berlin, a Tuesday
    found = after_holidays(regular, "Europe/Berlin", 1, 10, weeks, holidays)
    day = local_date(found, "Europe/Berlin")
    assert day not in holidays
    assert (day.weekday(), (day - date(2026, 1, 6)).days % (7 * weeks)) == (1, 0)
