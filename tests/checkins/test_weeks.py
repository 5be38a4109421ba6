"""A week beyond its happy path: the reminder, skipping, catching up, kinds, carrying over, what is stuck."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.checkins import rules, service, sharing
from bot.checkins.tables import Checkin, Commitment
from bot.core.agenda import AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people.tables import Community
from tests.checkins.world import ANA, DAY, HOUR, THURSDAY_NINE, WEEK, World

CLOSED = THURSDAY_NINE + rules.OPEN_FOR


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def reminders(world: World) -> int:
    return len(await world.said("checkin.remind"))


# --- the reminder --------------------------------------------------------------------------------------


async def test_an_open_week_is_mentioned_once_more_after_a_day_within_the_budget(world: World) -> None:
    view = await world.prompted()
    await world.turn(THURSDAY_NINE + DAY - HOUR)
    assert await reminders(world) == 0
    await world.turn(THURSDAY_NINE + DAY)
    (row,) = await world.said("checkin.remind")
    assert (row.subject, row.budgeted, row.expires_at) == (view.id, True, CLOSED)
    await world.turn(CLOSED + DAY)
    assert await reminders(world) == 1


@pytest.mark.parametrize("what", ["written", "skipped", "stopped", "paused", "down"])
async def test_nobody_is_reminded_of_what_is_settled(world: World, what: str) -> None:
    view = await world.prompted()
    match what:
        case "written":
            await world.service.submit(1, view.id, ["Call Mia"])
        case "skipped":
            await world.service.skip(1, view.id)
        case "stopped":
            await world.service.stop(ANA)
        case "paused":
            await world.set(Community, paused=True)
        case "down":
            await world.clock.turn_to(CLOSED + HOUR)
    await world.turn(max(THURSDAY_NINE + DAY, world.clock.now()))
    assert await reminders(world) == 0


async def test_a_week_settled_takes_its_reminder_off_the_agenda(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"])
    async with world.store.read() as session:
        query = select(AgendaRow).where(AgendaRow.kind == "checkin.remind", AgendaRow.state == "waiting")
        assert (await session.scalars(query)).all() == []


async def test_a_reminder_that_runs_twice_is_said_once(world: World) -> None:
    await world.prompted()
    await world.turn(THURSDAY_NINE + DAY)
    await world.set(AgendaRow, state="waiting", attempts=0)
    await world.turn(THURSDAY_NINE + DAY + HOUR)
    assert await reminders(world) == 1


# --- skipping ------------------------------------------------------------------------------------------


async def test_a_week_is_skipped_with_a_reason_that_is_sealed_and_can_still_be_written(world: World) -> None:
    view = await world.prompted()
    skipped = await world.service.skip(1, view.id, "Down with the flu")
    assert skipped.passed
    assert await world.weeks() == [("2026-01-05", "passed")]
    async with world.store.read() as session:
        assert b"flu" not in bytes((await session.execute(text("SELECT reason FROM checkin"))).scalar_one())
    assert await world.service.prompt(view.id) is None
    written = await world.service.submit(1, view.id, ["Rest"])
    assert not written.passed
    async with world.store.read() as session:
        assert (await session.scalars(select(Checkin.reason))).all() == [None]


async def test_a_written_week_is_not_skipped_and_a_closed_one_neither(world: World) -> None:
    view = await world.prompted()
    with pytest.raises(KithError, match="checkin_long"):
        await world.service.skip(1, view.id, "x" * 201)
    await world.service.submit(1, view.id, ["Call Mia"])
    with pytest.raises(KithError, match="checkin_written"):
        await world.service.skip(1, view.id)
    await world.turn(CLOSED)
    with pytest.raises(KithError, match="checkin_closed"):
        await world.service.skip(1, view.id)
    with pytest.raises(KithError, match="not_yours"):
        await world.service.skip(2, view.id)


# --- catching up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "state"), [(DAY, "kept"), (DAY + HOUR, "caught")])
async def test_a_week_that_closed_can_be_caught_up_with_until_the_next_opens(
    world: World, after: timedelta, state: str
) -> None:
    view = await world.prompted()
    await world.clock.turn_to(CLOSED + after)
    waiting = await world.service.mine(1, view.id)
    assert (waiting.late, waiting.until) == (True, THURSDAY_NINE + WEEK)
    await world.service.submit(1, view.id, ["Call Mia"])
    changed = await world.service.submit(1, view.id, ["Call Mia twice"])
    assert (changed.edited, changed.until) == (True, THURSDAY_NINE + WEEK)
    history = await world.service.history(ANA)
    assert history.weeks[0].state == state
    assert (history.rhythm.kept, history.rhythm.of) == (int(state == "kept"), 1)


async def test_catching_up_ends_when_the_next_week_opens(world: World) -> None:
    view = await world.prompted()
    await world.turn(THURSDAY_NINE + WEEK)
    with pytest.raises(KithError, match="checkin_closed_newer"):
        await world.service.submit(1, view.id, ["Too late"])
    await world.service.submit(1, (await world.prompts())[-1], ["This one"])
    await world.turn(THURSDAY_NINE + WEEK + 3 * DAY)
    with pytest.raises(KithError, match="checkin_closed") as refused:
        await world.service.submit(1, view.id, ["Too late"])
    assert refused.value.values == {"next": THURSDAY_NINE + 2 * WEEK}


async def test_now_offers_the_week_that_closed_and_this_one_instead(world: World) -> None:
    view = await world.prompted()
    await world.turn(THURSDAY_NINE + 5 * DAY)
    missed = await world.service.now(ANA)
    assert (missed.id, missed.late, missed.ahead) == (view.id, True, True)
    opened = await world.service.ahead(1, missed.member_id)
    assert (opened.week, opened.late, opened.ahead) == ("2026-01-12", False, False)
    assert await world.planned() == [THURSDAY_NINE + 2 * WEEK]
    again = await world.service.ahead(1, missed.member_id)
    assert again.id == opened.id
    with pytest.raises(KithError, match="not_yours"):
        await world.service.ahead(2, missed.member_id)


async def test_now_in_the_same_week_catches_up_and_offers_no_other(world: World) -> None:
    view = await world.prompted()
    await world.turn(CLOSED + HOUR)
    missed = await world.service.now(ANA)
    assert (missed.id, missed.late, missed.ahead) == (view.id, True, False)


async def test_now_leaves_a_skipped_week_alone_and_opens_this_one(world: World) -> None:
    view = await world.prompted()
    await world.service.skip(1, view.id)
    await world.turn(THURSDAY_NINE + 5 * DAY)
    assert (await world.service.now(ANA)).week == "2026-01-12"


# --- what is written -----------------------------------------------------------------------------------


async def test_the_same_form_sent_twice_changes_nothing_and_says_so(world: World) -> None:
    view = await world.prompted()
    first = await world.service.submit(1, view.id, ["Call Mia"], "pricing", "A lead")
    again = await world.service.submit(1, view.id, ["Call Mia"], "pricing", "A lead")
    assert (first.same, again.same) == (False, True)
    assert again.commitments == first.commitments


async def test_a_kind_is_guessed_kept_when_chosen_and_guessed_again_for_other_words(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia", "Rest"])
    assert [one.kind for one in saved.commitments] == ["outreach", None]
    chosen = await world.service.kind(1, saved.commitments[0].id, "networking")
    assert [one.kind for one in chosen.commitments] == ["networking", None]
    kept = await world.service.submit(1, view.id, ["Call Mia", "Send invoices"])
    assert [one.kind for one in kept.commitments] == ["networking", "admin"]
    for attempt, code in (
        (world.service.kind(1, saved.commitments[0].id, "heroics"), "checkin_kind"),
        (world.service.kind(2, saved.commitments[0].id, "admin"), "not_yours"),
        (world.service.kind(1, 999, "admin"), "checkin_gone"),
    ):
        with pytest.raises(KithError, match=code):
            await attempt


async def test_more_about_what_is_stuck_is_sealed_and_goes_with_its_topic(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"], "pricing")
    more = await world.service.say_more(1, view.id, "They asked for\na day rate")
    assert more.stuck_words == "They asked for a day rate"
    async with world.store.read() as session:
        raw = (await session.execute(text("SELECT stuck_words FROM checkin"))).scalar_one()
        assert b"day rate" not in bytes(raw)
    same = await world.service.submit(1, view.id, ["Call Ben"], "pricing")
    assert same.stuck_words is not None
    other = await world.service.submit(1, view.id, ["Call Ben"], "time")
    assert other.stuck_words is None
    with pytest.raises(KithError, match="checkin_long"):
        await world.service.say_more(1, view.id, "x" * 301)
    with pytest.raises(KithError, match="not_yours"):
        await world.service.say_more(2, view.id, "Mine")


async def test_all_done_is_one_press(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia", "Rest"])
    await world.turn(THURSDAY_NINE + WEEK)
    prompt = await world.asked_about()
    done, changed = await world.service.all_done(1, prompt.id)
    assert (changed, [one.outcome for one in done.before]) == (True, ["done", "done"])
    assert (await world.service.all_done(1, prompt.id))[1] is False
    with pytest.raises(KithError, match="not_yours"):
        await world.service.all_done(2, prompt.id)


async def test_what_is_carried_over_comes_first_and_is_linked(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia", "Rest"])
    await world.turn(THURSDAY_NINE + WEEK)
    prompt = await world.asked_about()
    await world.service.outcome(1, saved.commitments[0].id, "carried")
    written = await world.service.submit(1, prompt.id, ["call mia", "Publish"])
    async with world.store.read() as session:
        links = (await session.scalars(select(Commitment.carried_from).order_by(Commitment.id))).all()
    assert list(links) == [None, None, saved.commitments[0].id, None]
    assert written.prefill() == ("call mia", "Publish")


async def test_what_is_carried_over_late_waits_in_the_form_of_the_written_week(world: World) -> None:
    view = await world.prompted()
    saved = await world.service.submit(1, view.id, ["Call Mia", "Rest"])
    await world.turn(THURSDAY_NINE + WEEK)
    prompt = await world.asked_about()
    await world.service.submit(1, prompt.id, ["Publish"])
    await world.service.outcome(1, saved.commitments[1].id, "carried")
    assert (await world.service.mine(1, prompt.id)).prefill() == ("Publish", "Rest")


# --- the rhythm in the next prompt ---------------------------------------------------------------------


async def written_weeks(world: World, count: int) -> None:
    await world.service.start(ANA, 3, 9)
    for number in range(count):
        await world.turn(THURSDAY_NINE + number * WEEK)
        await world.service.submit(1, (await world.prompts())[-1], ["Call Mia"])


async def test_a_freeze_is_used_by_itself_and_said_so_in_the_next_prompt(world: World) -> None:
    await written_weeks(world, 5)
    await world.turn(THURSDAY_NINE + 5 * WEEK)  # not written
    assert (await world.asked_about()).froze is None
    await world.turn(THURSDAY_NINE + 6 * WEEK)
    assert (await world.asked_about()).froze == 0
    history = await world.service.history(ANA)
    assert [one.state for one in history.weeks][:3] == ["open", "frozen", "kept"]
    assert (history.rhythm.streak, history.rhythm.kept, history.rhythm.of) == (5, 5, 6)


async def test_a_missed_week_without_a_freeze_is_not_mentioned(world: World) -> None:
    await written_weeks(world, 3)
    await world.turn(THURSDAY_NINE + 3 * WEEK)
    await world.turn(THURSDAY_NINE + 4 * WEEK)
    assert (await world.asked_about()).froze is None
    history = await world.service.history(ANA)
    assert (history.rhythm.streak, history.rhythm.best) == (0, 3)


async def test_a_week_that_was_honestly_not_done_is_kept(world: World) -> None:
    await written_weeks(world, 1)
    commitment = (await world.service.history(ANA)).weeks[0].commitments[0]
    await world.service.outcome(1, commitment.id, "not_done")
    history = await world.service.history(ANA)
    assert (history.weeks[0].state, history.weeks[0].commitments[0].outcome) == ("kept", "not_done")


async def test_the_history_of_a_stranger_is_empty_and_of_another_refused(world: World) -> None:
    view = await world.prompted()
    assert (await world.service.history_of(1, view.member_id)).rhythm.of == 0
    with pytest.raises(KithError, match="not_yours"):
        await world.service.history_of(2, view.member_id)


async def test_a_picture_is_drawn_in_the_worker_and_a_broken_or_slow_one_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DRAWN_WITHIN", 60.0)
    drawn = await world.service.draw('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    assert await world.service.draw("no picture") is None
    monkeypatch.setattr(service, "DRAWN_WITHIN", 0.0)
    assert await world.service.draw("<svg/>") is None
    world.worker.close()


# --- a win the community may see -----------------------------------------------------------------------


async def test_new_words_of_a_win_are_not_public_because_the_old_ones_were(world: World) -> None:
    view = await world.prompted()
    await world.service.submit(1, view.id, ["Call Mia"], "nothing", "First client")
    async with world.store.write() as session:
        assert await sharing.share_win(session, view.id)
    await world.service.submit(1, view.id, ["Call Mia twice"], "nothing", "First client")
    assert (await shared(world, view.id)).count(sharing.PUBLIC) == 1
    await world.service.submit(1, view.id, ["Call Mia twice"], "nothing", "First client, and what she pays")
    assert sharing.PUBLIC not in await shared(world, view.id)


async def shared(world: World, checkin_id: int) -> list[str]:
    async with world.store.read() as session:
        return (await session.get_one(Checkin, checkin_id)).shared
