"""The day until which somebody pauses, as people type it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.intros.until import LONGEST, suggested_days, until_day

TODAY = date(2026, 11, 21)
days = st.dates(date(2020, 1, 1), date(2090, 1, 1))
soon = st.integers(1, LONGEST.days)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tomorrow", date(2026, 11, 22)),
        ("in 10 days", date(2026, 12, 1)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("In  TWO Weeks", date(2026, 12, 5)),
        ("a week", date(2026, 11, 28)),
        ("next month", date(2026, 12, 21)),
        ("in 3 months", date(2027, 2, 21)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("until 24 December", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("24th of December", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("24.12", date(2026, 12, 24)),
        ("3 Jan", date(2027, 1, 3)),
        ("21 Nov", date(2027, 11, 21)),
        ("for 2 weeks", date(2026, 12, 5)),
        ("saturday", date(2026, 11, 28)),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, expected: date) -> None:
    assert until_day(typed, TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "pause_unclear"),
        ("soon", "pause_unclear"),
        ("30 Feb", "pause_unclear"),
        ("2026-13-01", "pause_unclear"),
        ("in 0x2 weeks", "pause_unclear"),
        ("in ten weeks", "pause_unclear"),
        ("12/24", "pause_unclear"),
        ("24 Dez", "pause_unclear"),
        ("today", "pause_past"),
        ("in 0 days", "pause_past"),
        ("2026-11-21", "pause_past"),
        ("1 Jan 2020", "pause_past"),
        ("in 900 weeks", "pause_far"),
        ("in 999 months", "pause_far"),
        ("1 Jan 2028", "pause_far"),
    ],
)
def test_what_is_no_day_to_come_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(KithError) as refused:
        until_day(typed, TODAY)
    assert refused.value.code == code


@given(days, soon)
def test_every_way_to_write_a_day_means_that_day(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    for typed in (
        f"in {ahead} days",
        day.isoformat(),
        f"{day:%d %b %Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ):
        assert until_day(typed, today) == day


@given(days, soon)
def test_a_day_without_a_year_is_the_next_of_its_name(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    if day.month == 2 and day.day == 29:
        return
    found = until_day(f"{day.day} {day:%b}", today)
    assert today < found <= day
    assert (found.month, found.day) == (day.month, day.day)


@given(st.text(max_size=30) | st.text("0123456789. -adefghinorstuvwy", max_size=20), days)
def test_anything_typed_is_a_day_to_come_or_refused_in_words(typed: str, today: date) -> None:
    code = ""
    day = today + LONGEST
    try:
        day = until_day(typed, today)
    except KithError as refused:
        code = refused.code
    assert code in {"", "pause_unclear", "pause_past", "pause_far"}
    assert today < day <= today + LONGEST


@given(days)
def test_what_is_offered_can_be_typed(today: date) -> None:
    for weeks, day in suggested_days(today):
        assert until_day(f"in {weeks} weeks", today) == until_day(day.isoformat(), today) == day
