"""The moment of a commitment, from what people type."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins import when
from bot.core.errors import KithError

THURSDAY_NINE = datetime(2026, 1, 8, 9, tzinfo=UTC)
ZONES = (
    "UTC",
    "Europe/Lisbon",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "America/New_York",
)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14:00", time(14)),
        (" 9 ", time(9)),
        ("09.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("14h", time(14)),
        ("2pm", time(14)),
        ("2:15 PM", time(14, 15)),
        ("2 p.m.", time(14)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("at 7", time(7)),
        ("Noon", time(12)),
        ("00:00", time(0)),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, at: time) -> None:
    assert when.read_hour(typed) == at


@pytest.mark.parametrize(
    "typed", ["", "25:00", "14:60", "13pm", "0am", "soon", "14:0", "1400", "-3", "١٤", "9" * 40]
)
def test_what_is_no_hour_is_none(typed: str) -> None:
    assert when.read_hour(typed) is None


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert when.read_hour(text) is None or isinstance(when.read_hour(text), time)
    with suppress(KithError):
        moment = when.read_moment(text, "14:00", THURSDAY_NINE, "UTC")
        assert THURSDAY_NINE < moment <= THURSDAY_NINE + when.AHEAD


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        ("Thu", "14:00", datetime(2026, 1, 8, 14, tzinfo=UTC)),
        ("thursday", "8:00", datetime(2026, 1, 15, 8, tzinfo=UTC)),
        ("today", "9:01", datetime(2026, 1, 8, 9, 1, tzinfo=UTC)),
        ("tomorrow", "noon", datetime(2026, 1, 9, 12, tzinfo=UTC)),
        ("12 Jan", "14:00", datetime(2026, 1, 12, 14, tzinfo=UTC)),
        ("2026-01-20", "7", datetime(2026, 1, 20, 7, tzinfo=UTC)),
    ],
)
def test_a_day_and_an_hour_are_one_moment(day: str, hour: str, moment: datetime) -> None:
    assert when.read_moment(day, hour, THURSDAY_NINE, "UTC") == moment


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        ("someday", "14:00", "when_day"),
        ("", "14:00", "when_day"),
        ("Thu", "", "when_hour"),
        ("Thu", "late", "when_hour"),
        ("today", "9:00", "when_past"),
        ("2026-01-07", "14:00", "when_past"),
        ("23 Jan", "14:00", "when_far"),
        ("7 Jan", "14:00", "when_far"),
        ("9999-12-31", "23:59", "when_far"),
    ],
)
def test_what_cannot_be_is_refused_in_words(day: str, hour: str, code: str) -> None:
    with pytest.raises(KithError, match=code):
        when.read_moment(day, hour, THURSDAY_NINE, "America/New_York" if day == "9999-12-31" else "UTC")


@given(
    st.integers(0, 334 * 24 * 60).map(lambda minutes: THURSDAY_NINE + timedelta(minutes=minutes)),
    st.integers(1, 14 * 24 * 60),
    st.sampled_from(ZONES),
)
def test_what_the_form_shows_is_read_back_as_the_same_moment(now: datetime, minutes: int, zone: str) -> None:
    now = now.replace(second=0, microsecond=0)
    moment = now + timedelta(minutes=minutes)
    if moment.astimezone(ZoneInfo(zone)).fold:
        return  # the wall shows that hour twice, and the first is meant
    day, hour = when.on_the_wall(moment, zone)
    assert when.read_moment(day, hour, now, zone) == moment


@given(
    st.integers(0, 334 * 24 * 60).map(lambda minutes: THURSDAY_NINE + timedelta(minutes=minutes)),
    st.sampled_from(["mon", "Tuesday", "next wed", "thu", "FRI", "sat", "sunday"]),
    st.times().map(lambda at: f"{at:%H:%M}"),
    st.sampled_from(ZONES),
)
def test_a_day_of_the_week_is_never_past_nor_more_than_a_week_ahead(
    now: datetime, day: str, hour: str, zone: str
) -> None:
    moment = when.read_moment(day, hour, now, zone)
    assert now < moment <= now + timedelta(days=7, hours=1)
    assert f"{moment.astimezone(ZoneInfo(zone)):%a}".lower() in day.lower()
