"""One message a day and three a week, whatever was said before and is planned already."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.budget import A_WEEK, BETWEEN, WEEK, next_slot

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOURS = st.integers(0, 24 * 21)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def kept(times: list[datetime]) -> bool:
    times = sorted(times)
    days = all(after - before >= BETWEEN for before, after in pairwise(times))
    weeks = all(fourth - first >= WEEK for first, fourth in zip(times, times[A_WEEK:], strict=False))
    return days and weeks


@given(st.lists(HOURS, max_size=12))
def test_messages_given_slots_one_after_the_other_keep_to_the_budget(wishes: list[int]) -> None:
    taken: list[datetime] = []
    for wish in wishes:
        slot = next_slot(taken, at(wish))
        assert slot >= at(wish)
        taken.append(slot)
        assert kept(taken)


@given(st.lists(HOURS, max_size=6), HOURS)
def test_a_slot_is_never_later_than_it_must_be(wishes: list[int], wish: int) -> None:
    taken: list[datetime] = []
    for one in wishes:
        taken.append(next_slot(taken, at(one)))
    slot = next_slot(taken, at(wish))
    earlier = [at(wish + hours) for hours in range(0, int((slot - at(wish)) / timedelta(hours=1)))]
    assert not any(kept([*taken, moment]) for moment in earlier)


def test_the_first_message_waits_for_nothing() -> None:
    assert next_slot([], START) == START


def test_a_fourth_message_waits_until_the_first_is_a_week_old() -> None:
    taken = [START, START + BETWEEN, START + 2 * BETWEEN]
    assert next_slot(taken, START + 3 * BETWEEN) == START + WEEK
