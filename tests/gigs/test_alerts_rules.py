"""Alerts: what fits, which morning, and what a message's key remembers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budget import next_slot
from bot.core.schedule import zone_of
from bot.gigs.alert_rules import (
    KEY_MAX,
    SHOWN_MAX,
    Offered,
    Wanted,
    fits,
    key_of,
    morning_after,
    morning_before,
    named_in,
    send_at,
)
from bot.gigs.alert_views import AlertView
from bot.gigs.budget import parse_budget
from cogs.gigs.alerts_buttons import filled

GIG = Offered("hire", {"energy"}, {"python", "sql"}, 8000, "EUR", "hour")
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "UTC")
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), True),
        (Wanted(niches=("energy", "ocr")), True),
        (Wanted(niches=("ocr",)), False),
        (Wanted(skills=("sql",)), True),
        (Wanted(skills=("r",)), False),
        (Wanted(kinds=("scoping", "hire")), True),
        (Wanted(kinds=("scoping",)), False),
        (Wanted(low=8000, currency="EUR", per="hour"), True),
        (Wanted(low=8001, currency="EUR", per="hour"), False),
        (Wanted(low=1, currency="USD", per="hour"), False),
        (Wanted(low=1, currency="EUR", per="day"), False),
        (Wanted(niches=("energy",), skills=("r",)), False),
        (Wanted(("energy",), ("python",), ("hire",), 6000, "EUR", "hour"), True),
    ],
)
def test_all_of_an_alert_has_to_fit(wanted: Wanted, expected: bool) -> None:
    assert fits(wanted, GIG) is expected


@given(moments, st.sampled_from(ZONES))
def test_a_morning_is_at_nine_on_the_clock_there_and_the_next_one(at: datetime, zone: str) -> None:
    after, before = morning_after(at, zone), morning_before(at, zone)
    assert before <= at < after
    assert after - before <= timedelta(hours=49)  # a day with a change of clocks, or a day left out
    for morning in (after, before):
        assert morning.astimezone(zone_of(zone)).hour == 9
    assert morning_after(before, zone) == after


@given(moments, st.sampled_from(ZONES), st.lists(st.integers(-7 * 24, 14 * 24), max_size=12))
def test_an_alert_goes_out_in_a_morning_with_room(at: datetime, zone: str, hours: list[int]) -> None:
    taken = [at + timedelta(hours=each) for each in hours]
    slot = send_at(taken, at, zone)
    assert slot >= at
    assert next_slot(taken, slot) == slot
    in_the_morning = timedelta(0) <= slot - morning_before(slot, zone) <= timedelta(hours=3)
    assert in_the_morning


def test_a_message_that_is_hours_late_waits_for_the_next_morning() -> None:
    nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert send_at([], nine, "UTC") == nine
    assert send_at([], nine + timedelta(hours=2), "UTC") == nine + timedelta(hours=2)
    assert send_at([], nine + timedelta(hours=12), "UTC") == nine + timedelta(days=1)
    assert send_at([nine - timedelta(hours=1)], nine, "UTC") == nine + timedelta(days=1)


@given(st.integers(1, 2**63 - 1), st.sets(st.integers(1, 2**63 - 1), min_size=1, max_size=40))
def test_a_key_remembers_the_newest_and_how_many_more(member: int, ids: set[int]) -> None:
    key = key_of(member, ids)
    named, more = named_in(key)
    assert len(key) <= KEY_MAX
    assert list(named) == sorted(ids, reverse=True)[: len(named)]
    assert 1 <= len(named) <= SHOWN_MAX
    assert len(named) + more == len(ids)


@given(st.sets(st.integers(1, 10_000_000), min_size=SHOWN_MAX, max_size=SHOWN_MAX))
def test_ordinary_ids_are_all_named(ids: set[int]) -> None:
    assert named_in(key_of(1_000_000, ids)) == (tuple(sorted(ids, reverse=True)), 0)


def test_a_key_of_something_else_names_nothing() -> None:
    assert named_in("gig.lead:1:2") == ((), 0)
    with pytest.raises(ValueError, match="at least one"):
        key_of(1, [])


@given(
    st.integers(1, 10**11), st.sampled_from(["EUR", "USD", "INR", "JPY", "CHF", "PLN"]),
    st.sampled_from(["hour", "day", "week", "month", "project"]),
)  # fmt: skip
def test_a_form_is_filled_in_with_a_rate_that_reads_the_same(low: int, currency: str, per: str) -> None:
    view = AlertView(1, "Data", "on", Wanted(low=low, currency=currency, per=per))
    typed = filled(view)["least"]
    assert isinstance(typed, str)
    read = parse_budget(typed)
    assert (int(read.low * 100), read.currency, read.per) == (low, currency, per)
