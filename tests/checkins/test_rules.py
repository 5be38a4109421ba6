"""One prompt for every week, in every zone, whatever the member changes; and what may be written."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.checkins import rules
from bot.checkins.guessing import guess_kind
from bot.checkins.rules import Slot
from bot.core.errors import KithError

ZONES = [
    "UTC",
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Nuuk",
    "America/Scoresbysund",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
zones = st.sampled_from(ZONES)
weekdays = st.integers(0, 6)
hours = st.integers(0, 23)
instants = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda m: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
)


def weeks_from(first: str, count: int) -> list[str]:
    monday = datetime.fromisoformat(first)
    return [(monday + timedelta(weeks=number)).date().isoformat() for number in range(count)]


@given(start=instants, zone=zones, weekday=weekdays, hour=hours)
def test_a_year_has_one_prompt_for_each_local_week(
    start: datetime, zone: str, weekday: int, hour: int
) -> None:
    slots = [rules.next_slot(start, zone, weekday, hour)]
    for _week in range(53):
        slots.append(rules.next_slot(slots[-1].at, zone, weekday, hour, slots[-1].week))
    assert [slot.week for slot in slots] == weeks_from(slots[0].week, 54)
    assert all(earlier.at < later.at for earlier, later in pairwise(slots))
    assert start < slots[0].at <= start + timedelta(days=7, hours=2)


@given(
    start=instants,
    changes=st.lists(st.tuples(st.integers(1, 20 * 24), zones, weekdays, hours), max_size=12),
    zone=zones,
    weekday=weekdays,
    hour=hours,
)
@example(
    start=datetime(2024, 1, 1, tzinfo=UTC),
    changes=[(1, "America/New_York", 6, 19), (1, "UTC", 0, 0)],
    zone="UTC",
    weekday=0,
    hour=0,
)
def test_changing_day_hour_or_zone_never_doubles_or_loses_a_week(
    start: datetime, changes: list[tuple[int, str, int, int]], zone: str, weekday: int, hour: int
) -> None:
    """Play the plan by hand: prompts happen when due, changes come in between."""
    pending = rules.next_slot(start, zone, weekday, hour)
    now, prompted = start, list[str]()

    def run_until(moment: datetime) -> None:
        nonlocal pending
        while pending.at <= moment:
            prompted.append(pending.week)
            pending = rules.next_slot(pending.at, zone, weekday, hour, pending.week)

    for after, new_zone, new_weekday, new_hour in changes:
        now += timedelta(hours=after)
        run_until(now)
        zone, weekday, hour = new_zone, new_weekday, new_hour
        taken = prompted[-1] if prompted else None
        pending = rules.replan(now, zone, weekday, hour, pending=pending, taken=taken)
    run_until(now + timedelta(weeks=4))
    assert prompted == weeks_from(prompted[0], len(prompted))


@given(start=instants, zone=zones, weekday=weekdays, hour=hours)
def test_replanning_without_a_change_changes_nothing(
    start: datetime, zone: str, weekday: int, hour: int
) -> None:
    pending = rules.next_slot(start, zone, weekday, hour)
    assert rules.replan(start, zone, weekday, hour, pending=pending, taken=None) == pending


def test_a_day_that_is_over_leaves_this_week_on_its_old_day() -> None:
    wednesday = datetime(2026, 1, 7, 12, tzinfo=UTC)
    friday = rules.next_slot(wednesday, "UTC", 4, 9)
    assert rules.replan(wednesday, "UTC", 0, 9, pending=friday, taken="2025-12-29") == friday
    assert rules.next_slot(friday.at, "UTC", 0, 9, friday.week) == Slot(
        "2026-01-12", datetime(2026, 1, 12, 9, tzinfo=UTC)
    )


def test_a_week_that_had_its_check_in_is_not_asked_again() -> None:
    monday = datetime(2026, 1, 5, 9, 1, tzinfo=UTC)
    assert rules.next_slot(monday, "UTC", 4, 9, "2026-01-05").at == datetime(2026, 1, 16, 9, tzinfo=UTC)


def test_an_hour_that_a_clock_change_pushes_past_midnight_stays_in_its_week() -> None:
    # Nuuk skips from Saturday 23:00 to Sunday 00:00 on 2025-03-29.
    slot = rules.next_slot(datetime(2025, 3, 29, 12, tzinfo=UTC), "America/Nuuk", 5, 23)
    assert slot == Slot("2025-03-24", datetime(2025, 3, 30, 1, tzinfo=UTC))


@given(st.text(max_size=rules.TEXT_LIMIT))
def test_cleaned_text_is_one_visible_line_within_the_limit(text: str) -> None:
    # A normal form may be longer than what was typed, by three characters for one at most.
    line = rules.clean(text[: rules.TEXT_LIMIT // 3])
    assert len(line) <= rules.TEXT_LIMIT
    assert line == " ".join(line.split())
    assert rules.clean(line) == line


@pytest.mark.parametrize("empty", ["", "   ", "\u200b\u200d", "\n\t", "\u202e", None])
def test_at_least_one_commitment_is_needed(empty: str | None) -> None:
    with pytest.raises(KithError, match="checkin_empty"):
        rules.draft([empty, empty])


def test_a_line_over_the_limit_is_refused_rather_than_cut() -> None:
    with pytest.raises(KithError, match="checkin_long"):
        rules.draft(["x" * 201])


def test_a_draft_keeps_three_different_commitments_in_order() -> None:
    made = rules.draft([" Call  Mia ", None, "call mia", "Send offer", "Publish", "Rest"], "rockets", "  ")
    assert made == rules.Draft(("Call Mia", "Send offer", "Publish"), rules.NOT_STUCK, None)


@pytest.mark.parametrize(("weekday", "hour"), [(7, 9), (-1, 9), (0, 24), (0, -1)])
def test_a_time_that_does_not_exist_is_refused(weekday: int, hour: int) -> None:
    with pytest.raises(KithError, match="checkin_when"):
        rules.check_when(weekday, hour)


def test_a_kind_that_does_not_exist_is_refused() -> None:
    assert [rules.check_kind(kind) for kind in rules.KINDS] == list(rules.KINDS)
    with pytest.raises(KithError, match="checkin_kind"):
        rules.check_kind("heroics")


CLOSES = datetime(2026, 1, 10, 9, tzinfo=UTC)
NEXT = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered", "newest", "next_at", "until"),
    [
        (CLOSES - timedelta(hours=1), True, NEXT, CLOSES),
        (None, True, NEXT, NEXT),
        (None, True, None, CLOSES + timedelta(days=1)),
        (None, True, CLOSES - timedelta(hours=9), CLOSES),
        (None, False, NEXT, CLOSES),
        (CLOSES + timedelta(hours=1), True, NEXT, NEXT),
        (CLOSES + timedelta(hours=1), False, NEXT, CLOSES),
    ],
)
def test_a_week_is_written_until_it_closes_and_caught_up_with_until_the_next(
    answered: datetime | None, newest: bool, next_at: datetime | None, until: datetime
) -> None:
    assert rules.writable_until(CLOSES, answered, newest=newest, next_at=next_at) == until


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Call three clients", "outreach"),
        ("Send the offer to Ben", "proposal"),
        ("Publish an article on tides", "publishing"),
        ("Finish the dashboard", "delivery"),
        ("Meet Mia for coffee", "networking"),
        ("Read a book on pricing", "learning"),
        ("Invoices and taxes", "admin"),
        ("Rest", None),
        ("", None),
    ],
)
def test_the_kind_of_a_commitment_is_guessed_from_its_words(text: str, kind: str | None) -> None:
    assert guess_kind(text) == kind


@given(st.text(max_size=200))
def test_a_guess_is_a_known_kind_or_none(text: str) -> None:
    assert guess_kind(text) in (*rules.KINDS, None)
