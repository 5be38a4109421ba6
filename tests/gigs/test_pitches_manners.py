"""How people around a gig treat each other: the decisions, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.gigs import manners
from bot.gigs.manners import Candidate
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
MINUTES = st.lists(st.integers(0, 3 * 24 * 60), min_size=1, max_size=40)
TEXTS = st.text(alphabet="abcdefgh ,.", min_size=0, max_size=200)


def at(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


# --- limits ----------------------------------------------------------------------------------------


@given(MINUTES)
def test_whoever_waits_for_their_turn_never_sends_more_than_five_within_a_day(wishes: list[int]) -> None:
    sent: list[datetime] = []
    now = MONDAY
    for minutes in sorted(wishes):
        now = max(now, at(minutes))
        now = manners.next_pitch(sent, now)
        sent.append(now)
    for first in sent:
        assert sum(first <= other < first + manners.DAY for other in sent) <= manners.PITCHES_A_DAY


@given(MINUTES)
def test_the_wait_is_no_longer_than_needed(minutes: list[int]) -> None:
    sent = [at(one) for one in minutes]
    now = max(sent)
    free = manners.next_pitch(sent, now)
    assert now <= free <= now + manners.DAY
    if free > now:
        assert manners.next_pitch(sent, free - timedelta(seconds=1)) > free - timedelta(seconds=1)
    assert manners.next_pitch(sent, free) == free


@given(TEXTS)
def test_the_same_words_are_alike_however_they_are_written(text: str) -> None:
    assert manners.alike(text, text.upper().replace(",", " ").replace(".", " ! "))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "I have built three such models for grid operators and would love to help you, Ana.",
            "I have built three such models for grid operators and would love to help you, Ben!",
            True,
        ),
        (
            "I have built three such models for grid operators.",
            "My last two clients were museums; I made their ticket data readable and can start on Monday.",
            False,
        ),
    ],
)
def test_a_changed_name_does_not_make_a_new_pitch(one: str, other: str, same: bool) -> None:
    assert manners.alike(one, other) is same
    assert manners.sprayed(one, [other] * 3) is same
    assert not manners.sprayed(one, [other] * 2)


# --- when posters and applicants are told ----------------------------------------------------------


@given(MINUTES)
@example([0, 0, 0, 60])
def test_a_poster_hears_once_an_hour_at_most_and_of_each_pitch_within_an_hour(minutes: list[int]) -> None:
    created = [at(one) for one in sorted(minutes)]
    told = [manners.told_at(created[: n + 1]) for n in range(len(created))]
    assert told[0] == created[0]
    for pitch, moment in zip(created, told, strict=True):
        assert pitch <= moment <= pitch + HOUR + manners.MARGIN
    # A pitch that is told at once is the only one of its moment: it comes as a message of its own.
    pairs = zip(created, told, strict=True)
    assert all(told.count(moment) == 1 for pitch, moment in pairs if pitch == moment)
    assert all(later - earlier >= HOUR for earlier, later in pairwise(sorted(set(told))))


@given(
    st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
    st.sampled_from(["UTC", "Pacific/Apia", "America/St_Johns", "Europe/Lisbon", "No/Such"]),
)
def test_declines_come_on_the_next_morning(now: datetime, zone: str) -> None:
    told = manners.declines_at(now, zone)
    assert now + manners.MARGIN < told <= now + timedelta(hours=26)
    assert manners.declines_at(told - timedelta(minutes=2), zone) == told


# --- handing on ------------------------------------------------------------------------------------


def test_a_gig_goes_from_people_to_the_niche_to_the_board_and_stays_there() -> None:
    assert manners.next_audience("people") == "niche"
    assert manners.next_audience("niche") == "board"
    assert manners.next_audience("board") == "board"
    with pytest.raises(ValueError, match="not in"):
        manners.next_audience("nowhere")


@given(st.lists(st.sampled_from(["asked", "passed", "pitched"])))
def test_it_goes_on_early_only_when_everybody_passed(states: list[str]) -> None:
    assert manners.all_passed(states) == (len(states) > 0 and set(states) == {"passed"})


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 1000)), max_size=60))
def test_turns_are_fair(raw: list[tuple[bool, int | None]]) -> None:
    people = [
        Candidate(number, open_, at(asked) if asked is not None else None)
        for number, (open_, asked) in enumerate(raw)
    ]
    order = manners.in_turn(people)
    assert sorted(order) == list(range(len(people)))
    for first, second in pairwise(people[number] for number in order):
        assert first.open_for_work >= second.open_for_work
        if first.open_for_work == second.open_for_work:
            assert first.asked_at is None or (
                second.asked_at is not None and first.asked_at <= second.asked_at
            )


# --- how it went -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hired", "counts"),
    [
        ([], True),
        ([None, None], True),
        ([True, None], True),
        ([False, None], False),
        ([None, False], False),
        ([False, False], False),
        ([True, False], True),
        ([False, True], True),
        ([True, True], True),
    ],
)
def test_a_no_counts_where_nobody_says_yes(hired: list[bool | None], counts: bool) -> None:
    assert manners.worked(hired) is counts


@given(st.booleans(), st.sampled_from([None, True, False]), st.sampled_from([None, True, False]))
def test_nothing_is_kept_about_pay_where_nobody_was_hired(
    hired: bool, paid: bool | None, finished: bool | None
) -> None:
    kept = manners.tidy(hired, paid, finished)
    assert kept == ((hired, paid, finished) if hired else (False, None, None))
