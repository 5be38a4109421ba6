"""The demo's people use only words that exist, and its verdict notices a broken promise."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.gigs.screening import screen
from bot.people.catalogue import SEEDS, load_catalogue
from demo.cast import cast, written_gigs
from demo.verdict import Card, Seen, Verdict, checkins, introductions

ROUND = datetime(2026, 1, 6, 10, tzinfo=UTC)


def test_everyone_in_the_cast_can_be_typed_into_the_forms():
    words = load_catalogue()
    cities = {line.split(",")[0] for line in (SEEDS / "cities.csv").read_text(encoding="utf-8").splitlines()}
    for who in cast(200, seed=7):
        assert who.discipline in words.disciplines
        assert who.stage in words.stages
        assert who.comfort in words.comforts
        assert {*who.offers, *who.asks} <= words.skills.keys()
        assert set(who.niches) <= words.niches.keys()
        assert who.city in cities


def test_the_same_seed_gives_the_same_people_and_no_name_twice():
    assert cast(100, seed=3) == cast(100, seed=3)
    assert len({who.name for who in cast(2000, seed=3)}) == 2000


@pytest.mark.parametrize("gig", written_gigs(), ids=lambda gig: gig.expect)
def test_screening_makes_of_each_gig_what_the_story_says(gig):
    text = "\n".join((gig.title, gig.description, gig.budget, gig.niches, gig.hours))
    assert screen(text).verdict == gig.expect


def seen(name: str, *cards: Card, asked: int = 1) -> Seen:
    weeks = [ROUND + timedelta(weeks=week) for week in range(asked)]
    return Seen(SimpleNamespace(name=name), list(cards), asked=weeks)  # type: ignore[arg-type]


def card(seat: str, partner: int) -> Card:
    return Card(ROUND + timedelta(minutes=1), seat, frozenset({partner}))


def broken(people: dict[int, Seen]) -> int:
    verdict = Verdict()
    introductions(verdict, people, [ROUND])
    checkins(verdict, people, 1)
    return len(verdict.broken)


def test_kept_promises_break_nothing():
    assert broken({1: seen("A", card("1", 2)), 2: seen("B", card("2", 1))}) == 0


def test_a_member_who_heard_nothing_breaks_the_promise():
    assert broken({1: seen("A", card("1", 2)), 2: seen("B", card("2", 1)), 3: seen("C")}) == 1


def test_an_introduction_that_only_one_side_heard_of_breaks_promises():
    assert broken({1: seen("A", card("1", 2)), 2: seen("B")}) == 2


def test_the_same_card_twice_breaks_promises():
    assert broken({1: seen("A", card("1", 2), card("1", 2)), 2: seen("B", card("2", 1))}) == 2


def test_asking_twice_about_one_week_breaks_the_promise():
    assert broken({1: seen("A", card("1", 2), asked=2), 2: seen("B", card("2", 1))}) == 1
