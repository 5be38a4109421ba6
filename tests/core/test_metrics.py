"""What is counted: under names from the code alone, and only what really happened."""

import logging
from datetime import timedelta

import pytest

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.metrics import Backlog, Backlogs, Metrics
from bot.core.outbox import Outbox
from bot.core.store import Store, after_commit

NAMES = (
    "kith_interactions_total", "kith_interaction_seconds_bucket", "kith_sends_total", "kith_failures_total",
    "kith_agenda_depth", "kith_agenda_oldest_seconds", "kith_outbox_depth", "kith_outbox_oldest_seconds",
    "kith_gateway_latency_seconds", "kith_round_total", "kith_round_groups_total", "kith_round_members_total",
    "kith_round_last_timestamp_seconds",
)  # fmt: skip


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    found: float | None = metrics.registry.get_sample_value(name, labels)
    return found


def test_every_promised_figure_has_its_name(clock: TurnedClock) -> None:
    metrics = Metrics()
    metrics.answered("/find", "answered", 0.2)
    metrics.sent("intro.card", "done")
    report = {"groups": 3, "enrolled": 8, "matched": 7, "left_out": 1, "skipped": 0, "unreachable": 2}
    metrics.round_done(report, clock.now())
    metrics.failures.emit(logging.LogRecord("x", logging.ERROR, "", 0, {"event": "e"}, (), None))
    text = metrics.text().decode()
    for name in NAMES:
        assert f"\n{name}" in text, name
    assert value(metrics, "kith_round_members_total", part="matched") == 7
    assert value(metrics, "kith_round_last_timestamp_seconds") == clock.now().timestamp()
    assert value(metrics, "kith_interaction_seconds_bucket", le="0.25") == 1
    assert value(metrics, "kith_interaction_seconds_bucket", le="0.1") == 0


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.sent("intro.card", "done")
    assert value(other, "kith_sends_total", kind="intro.card", outcome="done") is None


def test_every_line_logged_as_an_error_is_counted_and_no_other() -> None:
    metrics = Metrics()
    metrics.failures.attach()
    logger = logging.getLogger("some.library")
    try:
        logger.error({"event": "work failed", "kind": "round"})
        logger.error("could not send 'private words' to %s", "Ana")
        logger.warning("nothing broke")
    finally:
        metrics.failures.detach()
    logger.error("nobody counts any more")
    assert value(metrics, "kith_failures_total", kind="work failed: round") == 1
    assert value(metrics, "kith_failures_total", kind="some.library") == 1
    assert b"private" not in metrics.text()
    assert metrics.text().decode().count("kith_failures_total{") == 2


async def test_depth_and_age_are_of_what_is_due_and_not_done(store: Store, clock: TurnedClock) -> None:
    agenda, outbox, backlogs = Agenda(store, clock), Outbox(store, clock), Backlogs(store, clock)
    assert await backlogs.read() == {"agenda": Backlog(0, 0.0), "outbox": Backlog(0, 0.0)}
    now = clock.now()
    async with store.write() as session:
        for number, due in enumerate((-90, -30, 60)):
            at = now + timedelta(seconds=due)
            await agenda.plan(session, kind="job", subject=1, key=f"k{number}", due_at=at)
        for number in range(3):
            await outbox.say(
                session, kind="word", subject=1, key=f"w{number}", recipient=7, quiet=number == 0
            )
    assert (await backlogs.read())["agenda"].depth == 0, "what was just read is not read again"
    await clock.advance(timedelta(seconds=5))
    assert await backlogs.read() == {"agenda": Backlog(2, 95.0), "outbox": Backlog(2, 5.0)}
    await outbox.queue.claim(9)
    await clock.advance(timedelta(seconds=5))
    assert (await backlogs.read())["outbox"].depth == 2, "taken is not yet done"
    metrics = Metrics()
    metrics.waits("agenda", (await backlogs.read())["agenda"])
    assert value(metrics, "kith_agenda_depth") == 2
    assert value(metrics, "kith_agenda_oldest_seconds") == 100.0


async def test_what_follows_a_commit_does_not_follow_a_rollback(store: Store) -> None:
    told: list[str] = []

    async def fail() -> None:
        async with store.write() as session:
            after_commit(session, lambda: told.append("undone"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with store.write() as session:
        after_commit(session, lambda: told.append("done"))
        assert told == []
    assert told == ["done"]
