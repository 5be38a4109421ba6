"""Days as people type them: every way to write a day is read back as that day, and nothing else is one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dates import read_day

THURSDAY = date(2026, 1, 8)
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 1, 8)),
        ("Tomorrow", date(2026, 1, 9)),
        (" in  2 weeks ", date(2026, 1, 22)),
        ("in three days", date(2026, 1, 11)),
        ("a month", date(2026, 2, 8)),
        ("next week", date(2026, 1, 15)),
        ("thursday", date(2026, 1, 8)),
        ("next Mon", date(2026, 1, 12)),
        ("12 May", date(2026, 5, 12)),
        ("12May", date(2026, 5, 12)),
        ("May 12th", date(2026, 5, 12)),
        ("7 January", date(2027, 1, 7)),
        ("3rd of Sept.", date(2026, 9, 3)),
        ("December 24, 2027", date(2027, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24. 12. 2026", date(2026, 12, 24)),
        ("2026-05-12", date(2026, 5, 12)),
        ("2025-12-31", date(2025, 12, 31)),
        ("29 feb", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_typed(typed: str, day: date) -> None:
    assert read_day(typed, THURSDAY) == day


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "30 Feb", "12 marble", "2026-13-01", "in a while", "99999 weeks", "0-0-0", "12", "१२ may"],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed, THURSDAY) is None


@given(today=days, ahead=st.integers(0, 364))
def test_a_day_of_the_coming_year_is_read_back_from_every_way_to_write_it(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    ways = [
        day.isoformat(),
        f"{day.day} {day:%B}",
        f"{day:%b} {day.day}",
        f"{day.day}.{day.month}.",
        f"{day.day} {day:%b} {day.year}",
        f"in {ahead} days",
    ]
    assert {read_day(way, today) for way in ways} == {day}


@given(today=days, later=st.integers(0, 400), day=days)
def test_a_day_without_a_year_is_never_before_the_first_that_counts(
    today: date, later: int, day: date
) -> None:
    first = today + timedelta(days=later)
    found = read_day(f"{day.day} {day:%b}", today, first=first)
    assert found is not None
    assert found >= first
    assert (found.month, found.day) == (day.month, day.day)


@given(today=days, name=st.sampled_from(["Monday", "tue", "WEDNESDAY", "thu", "friday", "sat", "sunday"]))
def test_a_day_of_the_week_is_within_the_next_seven(today: date, name: str) -> None:
    found = read_day(name, today)
    assert found is not None
    assert today <= found < today + timedelta(days=7)
    assert f"{found:%A}".lower().startswith(name.lower()[:3])


@given(st.text(max_size=40), days)
def test_whatever_is_typed_is_a_day_or_none(typed: str, today: date) -> None:
    found = read_day(typed, today)
    assert found is None or isinstance(found, date)
