"""The rhythm: what counts, what keeps a streak, and what never can be."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins import rules
from bot.checkins.rhythm import (
    FREEZES_MAX,
    WEEKS,
    Opened,
    State,
    Stretch,
    is_away,
    joined,
    rhythm,
    state_of,
    without,
)

LETTERS: dict[str, State] = {
    "k": "kept",
    "c": "caught",
    "m": "missed",
    "a": "away",
    "u": "unasked",
    "o": "open",
}
states = st.lists(st.sampled_from(list(LETTERS.values())), max_size=80)
neutral = st.sampled_from(["away", "unasked", "open"])
OPENED = datetime(2026, 1, 8, 9, tzinfo=UTC)
CLOSED = OPENED + rules.OPEN_FOR
NEXT = OPENED + timedelta(weeks=1)


def told(oldest_first: str) -> list[State]:
    return [LETTERS[letter] for letter in reversed(oldest_first)]


@pytest.mark.parametrize(
    ("weeks", "kept", "of", "streak", "best", "freezes"),
    [
        ("", 0, 0, 0, 0, 0),
        ("k", 1, 1, 1, 1, 0),
        ("km", 1, 2, 0, 1, 0),
        ("kkkk", 4, 4, 4, 4, 1),
        ("kkkkm", 4, 5, 4, 4, 0),
        ("kkkkmk", 5, 6, 5, 5, 0),
        ("kkkkmm", 4, 6, 0, 4, 0),
        ("kkkkkkkk", 8, 8, 8, 8, 2),
        ("kkkkkkkkkkkk", 12, 12, 12, 12, 2),
        ("kkkkmkkkk", 8, 9, 8, 8, 1),
        ("kkkmk", 4, 5, 1, 3, 0),
        ("kkck", 3, 4, 3, 3, 0),
        ("kkakuk", 4, 4, 4, 4, 1),
        ("kkkko", 4, 4, 4, 4, 1),
        ("mmkkkkkkkkkkkkkk", 14, 14, 14, 14, 2),
        ("kkmmkkkkkkkkkkkk", 12, 14, 12, 12, 2),
    ],
)
def test_weeks_are_counted(weeks: str, kept: int, of: int, streak: int, best: int, freezes: int) -> None:
    found = rhythm(told(weeks))
    assert (found.kept, found.of, found.streak, found.best, found.freezes) == (
        kept,
        of,
        streak,
        best,
        freezes,
    )


def test_a_freeze_is_shown_on_the_week_it_kept_and_does_not_make_it_a_written_one() -> None:
    found = rhythm(told("kkkkmm"))
    assert found.states == tuple(reversed(["kept"] * 4 + ["frozen", "missed"]))
    assert found.kept == 4


@given(states)
def test_a_rhythm_never_claims_too_much(weeks: list[State]) -> None:
    found = rhythm(weeks)
    assert 0 <= found.freezes <= FREEZES_MAX
    assert 0 <= found.streak <= found.best <= weeks.count("kept")
    assert found.kept <= found.of <= min(WEEKS, len(weeks))
    assert found.states.count("frozen") <= weeks.count("kept") // 4
    assert len(found.states) == len(weeks)
    for said, was in zip(found.states, weeks, strict=True):
        assert said == was or (said, was) == ("frozen", "missed")


@given(states, st.integers(0, 80), neutral)
def test_a_week_that_does_not_count_changes_nothing_wherever_it_lies(
    weeks: list[State], place: int, extra: State
) -> None:
    with_it = [*weeks[:place], extra, *weeks[place:]]
    before, after = rhythm(weeks), rhythm(with_it)
    assert (before.kept, before.of, before.streak, before.best, before.freezes) == (
        after.kept,
        after.of,
        after.streak,
        after.best,
        after.freezes,
    )


@given(states)
def test_one_more_written_week_never_harms(weeks: list[State]) -> None:
    before, after = rhythm(weeks), rhythm(["kept", *weeks])
    assert after.streak == before.streak + 1
    assert after.best >= before.best
    assert after.freezes >= before.freezes
    assert after.kept >= before.kept


@given(states)
def test_catching_up_is_never_worse_than_missing(weeks: list[State]) -> None:
    caught, missed = rhythm(["caught", *weeks]), rhythm(["missed", *weeks])
    assert caught.streak >= missed.streak
    assert caught.freezes >= missed.freezes
    assert caught.kept == missed.kept


@given(states)
def test_counting_what_was_counted_changes_nothing(weeks: list[State]) -> None:
    found = rhythm(weeks)
    assert rhythm(found.states) == found


def opened(state: str = rules.OPEN, answered: datetime | None = None) -> Opened:
    return Opened("2026-01-05", state, OPENED, CLOSED, answered, NEXT)


@pytest.mark.parametrize(
    ("week", "now", "state"),
    [
        (opened(), CLOSED - timedelta(hours=1), "open"),
        (opened(), CLOSED + timedelta(hours=1), "open"),
        (opened(), NEXT, "missed"),
        (opened(rules.ANSWERED, CLOSED - timedelta(hours=1)), NEXT, "kept"),
        (opened(rules.ANSWERED, CLOSED + timedelta(hours=24)), NEXT, "kept"),
        (opened(rules.ANSWERED, CLOSED + timedelta(hours=25)), NEXT, "caught"),
        (opened(rules.PASSED), OPENED, "missed"),
        (opened(rules.AWAY), NEXT, "away"),
        (opened(rules.UNASKED), NEXT, "unasked"),
    ],
)
def test_what_came_of_a_week(week: Opened, now: datetime, state: State) -> None:
    assert state_of(week, now, "UTC", []) == state
    assert state in get_args(State)


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        (date(2026, 1, 1), date(2026, 1, 7), "missed"),
        (date(2026, 1, 1), date(2026, 1, 8), "away"),
        (date(2026, 1, 9), date(2026, 1, 9), "away"),
        (date(2026, 1, 10), None, "away"),
        (date(2026, 1, 11), None, "missed"),
    ],
)
def test_an_open_week_that_days_away_reach_into_does_not_count(
    first: date, last: date | None, state: State
) -> None:
    away = [Stretch(first, last)]
    assert state_of(opened(), NEXT, "UTC", away) == state
    assert state_of(opened(rules.ANSWERED, OPENED), NEXT, "UTC", away) == "kept"


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
stretches = st.lists(
    st.tuples(days, st.none() | st.integers(0, 20)).map(
        lambda one: Stretch(one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
    ),
    max_size=6,
)


@given(stretches, days)
def test_joined_stretches_hold_the_same_days_and_lie_apart(away: list[Stretch], day: date) -> None:
    found = joined(away)
    assert is_away(found, day) == is_away(away, day)
    for earlier, later in pairwise(found):
        assert earlier.last is not None
        assert later.first > earlier.last + timedelta(days=1)


@given(stretches, days, days)
def test_who_is_back_is_away_no_more_and_was_away_before(away: list[Stretch], back: date, day: date) -> None:
    found = without(joined(away), back)
    assert not is_away(found, back)
    if day < back:
        assert is_away(found, day) == is_away(away, day)
    assert {one for one in found if one.first > back} == {one for one in joined(away) if one.first > back}
