"""Days as people type them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.circle.days import FAR, coming_day, past_day
from bot.core.errors import KithError

MONDAY = date(2026, 1, 5)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def written(day: date) -> list[str]:
    """A day in every way that names its year."""
    return [
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}. {day.month}. {day.year}",
        f"{day:%d %B %Y}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day.day}th  {day:%B} {day.year}".upper(),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", MONDAY),
        (" Today ", MONDAY),
        ("yesterday", date(2026, 1, 4)),
        ("3 days ago", date(2026, 1, 2)),
        ("a week ago", date(2025, 12, 29)),
        ("2 weeks ago", date(2025, 12, 22)),
        ("12 May", date(2025, 5, 12)),
        ("May 12", date(2025, 5, 12)),
        ("12.5.", date(2025, 5, 12)),
        ("1st of", None),
        ("4 jan.", date(2026, 1, 4)),
        ("5 January", MONDAY),
        ("3rd sept", date(2025, 9, 3)),
        ("29 feb", date(2024, 2, 29)),
        ("monday", MONDAY),
        ("last friday", date(2026, 1, 2)),
        ("on Sun", date(2026, 1, 4)),
        ("31 feb", None),
        ("0 may", None),
        ("12/5/2025", None),
        ("2025-13-01", None),
        ("0000-01-01", None),
        ("1900-01-01", None),
        ("9999 weeks ago", None),
        ("ma 3", None),
        ("١٢ May", None),
        ("soon", None),
        ("12 smarch", None),
        ("x" * 400, None),
    ],
)
def test_a_day_behind(text: str, day: date | None) -> None:
    if day is not None:
        assert past_day(text, MONDAY) == day
        return
    with pytest.raises(KithError, match="circle_day_unclear"):
        past_day(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("  ", None),
        ("today", MONDAY),
        ("tomorrow", date(2026, 1, 6)),
        ("in 3 days", date(2026, 1, 8)),
        ("in one week", date(2026, 1, 12)),
        ("friday", date(2026, 1, 9)),
        ("next sunday", date(2026, 1, 11)),
        ("4 Jan", date(2027, 1, 4)),
        ("12 May", date(2026, 5, 12)),
        ("29 february", date(2028, 2, 29)),
    ],
)
def test_a_day_ahead(text: str, day: date | None) -> None:
    assert coming_day(text, MONDAY) == day


@given(day=days, today=days)
def test_a_whole_date_is_that_day_or_refused_for_its_side(day: date, today: date) -> None:
    for text in written(day):
        if abs(day - today) > FAR:
            expected = "circle_day_unclear"
        elif day > today:
            assert coming_day(text, today) == day
            expected = "circle_day_ahead"
        else:
            assert past_day(text, today) == day
            expected = "circle_day_over" if day < today else ""
        if expected:
            with pytest.raises(KithError, match=expected):
                (coming_day if expected == "circle_day_over" else past_day)(text, today)


@given(day=st.dates(date(2000, 1, 1), date(2000, 12, 31)), today=days)
def test_without_a_year_the_nearest_on_its_side_is_meant(day: date, today: date) -> None:
    behind, ahead = past_day(f"{day:%d %b}", today), coming_day(f"{day:%B} {day.day}", today)
    assert ahead is not None
    assert (behind.month, behind.day) == (ahead.month, ahead.day) == (day.month, day.day)
    assert behind <= today <= ahead
    leap = (day.month, day.day) == (2, 29)
    assert leap or (today - behind < timedelta(days=366) and ahead - today < timedelta(days=366))


@given(today=days, name=st.sampled_from(["monday", "tue", "Wednesday", "THU", "fri", "saturday", "sun"]))
def test_a_weekday_is_within_the_week(today: date, name: str) -> None:
    behind, ahead = past_day(f"last {name}", today), coming_day(name, today)
    assert ahead is not None
    assert 0 <= (today - behind).days < 7
    assert 0 <= (ahead - today).days < 7
    assert f"{behind:%A}".lower().startswith(name.lower())
    assert behind.weekday() == ahead.weekday()


def read(reading: Callable[[str, date], date | None], text: str, today: date) -> date | str | None:
    """The day that was read, or the code of the refusal."""
    try:
        return reading(text, today)
    except KithError as error:
        return error.code


@given(text=st.text(max_size=60), today=days)
def test_whatever_is_typed_is_a_day_on_the_right_side_or_refused_in_words(text: str, today: date) -> None:
    behind, ahead = read(past_day, text, today), read(coming_day, text, today)
    assert behind <= today if isinstance(behind, date) else str(behind).startswith("circle_day_")
    if ahead is not None:
        assert ahead >= today if isinstance(ahead, date) else ahead.startswith("circle_day_")
