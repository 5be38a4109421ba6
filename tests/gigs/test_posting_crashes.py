"""Changing a live gig while the bot dies at every point of its work: nothing is lost or said twice."""

import pytest

from tests.crash.killing import Killer, Toll
from tests.crash.plays import Play

_HERE = "tests.conversations.test_gig_posting_changes"
PLAYS = (
    Play(
        _HERE,
        "test_a_yes_puts_the_words_into_the_post_that_stands_there",
        "gig.look",
        "gig.review gig.decided gig.post gig.repaid",
    ),
    Play(_HERE, "test_newer_words_take_the_place_of_those_that_wait", "", "gig.review"),
    Play(
        _HERE,
        "test_who_looks_for_better_pay_hears_of_it_once_it_was_approved",
        "gig.match gig.alerts",
        "gig.alert",
    ),
    Play(_HERE, "test_a_gig_that_runs_out_takes_along_what_waited", "gig.expire", "gig.expired gig.review"),
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name.removeprefix("test_"))
async def test_a_change_outlives_every_death(sqlite_url: str, play: Play) -> None:
    toll = Toll()
    only = {table: play.kinds(table) for table in ("agenda", "outbox")}
    with Killer(toll, only=only).at_work():
        await play.act(sqlite_url)
    assert (toll.lost, toll.doubled) == ([], [])
    for table, kinds in only.items():
        assert kinds <= {case[1] for case in toll.cases if case[0] == table}
