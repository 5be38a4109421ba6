"""When members are glad to hear from others."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.people.hours import DAYS, DEFAULT, PARTS, SLOTS, WEEK_HALF_HOURS, checked_hours, lines, week_mask

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
MIDNIGHTS = st.integers(0, 365 * 8).map(lambda days: datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days))
CHOICES = st.sets(st.sampled_from(SLOTS), min_size=1).map(lambda chosen: checked_hours(sorted(chosen)))
ZONES = sorted(available_timezones())


def is_chosen(local: datetime, chosen: set[str]) -> bool:
    for part, (opens, closes) in PARTS.items():
        if opens <= local.hour < closes:
            return f"{DAYS[local.weekday()]}-{part}" in chosen
    return False


def minute_by_minute(slots: tuple[str, ...], zone: str, start: datetime, step: int) -> int:
    """What the mask should be, from looking at the wall every `step` minutes."""
    mask, place, chosen = 0, ZoneInfo(zone), set(slots)
    for index in range(WEEK_HALF_HOURS):
        begins = start + timedelta(minutes=30 * index)
        looks = [begins + timedelta(minutes=minute) for minute in range(0, 30, step)]
        if all(is_chosen(look.astimezone(place), chosen) for look in looks):
            mask |= 1 << index
    return mask


def halves(slots: tuple[str, ...], zone: str | None, start: datetime = MONDAY) -> list[datetime]:
    mask = week_mask(slots, zone, start)
    return [start + timedelta(minutes=30 * k) for k in range(WEEK_HALF_HOURS) if mask >> k & 1]


def test_one_menu_holds_every_slot() -> None:
    assert len(SLOTS) == len(set(SLOTS)) == 21
    assert (SLOTS[0], SLOTS[-1]) == ("mon-morning", "sun-evening")


def test_the_default_is_every_part_of_a_working_day_and_the_weekends_afternoons() -> None:
    assert len(DEFAULT) == 17
    assert {slot for slot in DEFAULT if slot[:3] in {"sat", "sun"}} == {"sat-afternoon", "sun-afternoon"}
    assert checked_hours(DEFAULT) == DEFAULT


@pytest.mark.parametrize(
    ("slots", "kept"),
    [
        ([], ()),
        (["sun-evening", "mon-morning"], ("mon-morning", "sun-evening")),
        (("tue-evening", "tue-evening"), ("tue-evening",)),
    ],
)
def test_slots_are_kept_once_and_in_order(slots: list[str], kept: tuple[str, ...]) -> None:
    assert checked_hours(slots) == kept


@pytest.mark.parametrize("slot", ["mon", "mon-night", "MON-MORNING", ""])
def test_a_slot_nobody_offered_is_refused(slot: str) -> None:
    with pytest.raises(KithError) as refused:
        checked_hours(["mon-morning", slot])
    assert (refused.value.code, refused.value.values) == ("choice_unknown", {"value": slot})


def test_lines_group_parts_by_day_in_order() -> None:
    assert lines(["sun-evening", "mon-evening", "mon-morning"]) == [
        ("mon", ("morning", "evening")),
        ("sun", ("evening",)),
    ]
    assert lines(()) == lines(DEFAULT)
    assert [len(parts) for _, parts in lines(())] == [3, 3, 3, 3, 3, 1, 1]


def test_a_morning_in_utc_is_its_ten_half_hours() -> None:
    found = halves(("tue-morning",), "UTC")
    assert (len(found), found[0], found[-1]) == (
        10,
        datetime(2026, 1, 6, 7, tzinfo=UTC),
        datetime(2026, 1, 6, 11, 30, tzinfo=UTC),
    )


def test_at_an_odd_offset_only_whole_half_hours_count() -> None:
    # Kathmandu is 5:45 ahead: its morning is 01:15 to 06:15 in UTC.
    found = halves(("wed-morning",), "Asia/Kathmandu")
    assert (len(found), found[0].time(), found[-1].time()) == (9, time(1, 30), time(5, 30))


def test_slots_that_touch_are_one_stretch() -> None:
    apart = len(halves(("wed-morning",), "Asia/Kathmandu")) + len(
        halves(("wed-afternoon",), "Asia/Kathmandu")
    )
    assert len(halves(("wed-morning", "wed-afternoon"), "Asia/Kathmandu")) == apart + 1


def test_the_wall_decides_when_the_clocks_change() -> None:
    before, after = ("sat-morning",), ("sun-morning",)
    start = datetime(2026, 3, 23, tzinfo=UTC)  # Berlin springs forward on Sunday the 29th
    assert halves(before, "Europe/Berlin", start)[0].time() == time(6)
    assert halves(after, "Europe/Berlin", start)[0].time() == time(5)


def test_a_day_that_was_left_out_has_no_hours() -> None:
    # Samoa went from Thursday to Saturday.
    assert halves(("fri-morning",), "Pacific/Apia", datetime(2011, 12, 27, tzinfo=UTC)) == []


def test_without_a_zone_nothing_is_known_and_a_lost_zone_is_utc() -> None:
    assert week_mask(DEFAULT, None, MONDAY) == 0
    assert week_mask(DEFAULT, "Nowhere/Atlantis", MONDAY) == week_mask(DEFAULT, "UTC", MONDAY) != 0


def test_nothing_chosen_is_the_default_and_a_lost_slot_is_passed_over() -> None:
    assert week_mask(None, "Asia/Tokyo", MONDAY) == week_mask((), "Asia/Tokyo", MONDAY)
    assert week_mask([], "Asia/Tokyo", MONDAY) == week_mask(DEFAULT, "Asia/Tokyo", MONDAY)
    assert week_mask(("mon-night", "mon-evening"), "UTC", MONDAY) == week_mask(
        ("mon-evening",), "UTC", MONDAY
    )


def test_a_week_without_a_zone_of_its_own_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        week_mask(None, "UTC", MONDAY.replace(tzinfo=None))


@given(CHOICES, st.sampled_from(ZONES), MIDNIGHTS)
@example(DEFAULT, "Europe/Berlin", datetime(2026, 3, 23, tzinfo=UTC))
@example(DEFAULT, "Europe/Berlin", datetime(2026, 10, 19, tzinfo=UTC))
@example(DEFAULT, "Australia/Lord_Howe", datetime(2026, 4, 1, tzinfo=UTC))
@example(SLOTS, "Pacific/Chatham", datetime(2026, 9, 23, tzinfo=UTC))
@example(SLOTS, "America/Nuuk", datetime(2022, 10, 24, tzinfo=UTC))
@example(SLOTS, "Antarctica/Troll", datetime(2026, 3, 28, tzinfo=UTC))
@example(SLOTS, "Pacific/Apia", datetime(2011, 12, 27, tzinfo=UTC))
@example(SLOTS, "Pacific/Easter", datetime(1990, 3, 8, tzinfo=UTC))  # 21:00 to 22:00 came twice
@example(("sat-morning",), "Africa/Juba", datetime(2000, 1, 10, tzinfo=UTC))  # 12:00 to 13:00 never came
def test_the_mask_is_what_a_look_at_the_wall_finds(
    slots: tuple[str, ...], zone: str, start: datetime
) -> None:
    assert week_mask(slots, zone, start) == minute_by_minute(slots, zone, start, 15)


@pytest.mark.parametrize("start", [datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 10, 21, tzinfo=UTC)])
def test_every_zone_is_right_in_the_weeks_when_europe_changes_its_clocks(start: datetime) -> None:
    # Zones whose walls agree all week are looked at once.
    seen: set[tuple[timedelta | None, ...]] = set()
    for zone in ZONES:
        offsets = tuple(
            (start + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset() for hour in range(169)
        )
        if offsets not in seen:
            seen.add(offsets)
            assert week_mask(None, zone, start) == minute_by_minute(DEFAULT, zone, start, 5), zone
    assert len(seen) > 35


@given(CHOICES, CHOICES, st.sampled_from(ZONES), MIDNIGHTS)
def test_more_slots_never_mean_fewer_half_hours(
    some: tuple[str, ...], others: tuple[str, ...], zone: str, start: datetime
) -> None:
    both = week_mask(checked_hours(some + others), zone, start)
    apart = week_mask(some, zone, start) | week_mask(others, zone, start)
    assert both & apart == apart
    assert both < 1 << WEEK_HALF_HOURS
