"""Hours, cooldown and slots."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intros import rules
from bot.intros.openers import pick_openers
from bot.people.hours import week_mask

ZONES = ["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]
MOMENT = datetime(2026, 3, 27, 10, tzinfo=UTC)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_cooldown_shrinks_with_the_smaller_pool(one: int, other: int) -> None:
    assert rules.cooldown(one, other) == min(12, min(one, other) // 2)


@pytest.mark.parametrize(("one", "other"), list(combinations(ZONES, 2)))
def test_slots_lie_within_everyones_contact_hours_on_different_days(one: str, other: str) -> None:
    start = rules.week_start(MOMENT)
    masks = [week_mask((), zone, start) for zone in (one, other)]
    slots = rules.common_slots(masks, start, MOMENT)
    assert len({slot.date() for slot in slots}) == len(slots) <= 3
    assert bool(slots) == bool((masks[0] & masks[1]) >> 48 + 20)
    for slot in slots:
        assert slot >= MOMENT + timedelta(days=1)
        assert all(7 <= slot.astimezone(ZoneInfo(zone)).hour < 22 for zone in (one, other))


def test_the_more_reserved_comfort_decides_the_form() -> None:
    assert rules.meeting_form(["talk", "text"]) == "text"
    assert rules.meeting_form(["talk", "group"]) == "video"


def test_openers_speak_of_the_shared_niche_and_never_show_a_gap() -> None:
    for turn in range(12):
        assert "{" not in "".join([*pick_openers(turn, "OCR"), *pick_openers(turn, None)])
    assert "OCR" in pick_openers(1, "OCR")[0]
