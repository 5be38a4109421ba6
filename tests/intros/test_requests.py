"""Asking for one person, on a real database: two times yes, and a no that nobody can see."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import OutboxRow, said
from bot.core.store import Store
from bot.intros.asking import AGAIN_AFTER, OPEN_FOR, next_ask, told_at
from bot.intros.tables import Introduction, IntroRequest, Seat
from bot.people.service import ProfileEdit
from cogs.intros import renderers
from tests.conftest import MONDAY
from tests.intros.test_service import WEEK, World, who

WHY = "You know water networks and I pitch to a utility."
DAY = timedelta(days=1)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    return await World(store, clock).begin()


async def profile(world: World, *numbers: int) -> None:
    """Members with a niche and a zone who take part in nothing."""
    for number in numbers:
        await world.people.set_zone(who(number), "Europe/Lisbon")
        await world.niches.join(who(number), "ocr")


async def requests(world: World) -> list[IntroRequest]:
    async with world.store.read() as session:
        return list(await session.scalars(select(IntroRequest).order_by(IntroRequest.id)))


async def introductions(world: World) -> list[tuple[str, int | None, str]]:
    async with world.store.read() as session:
        rows = await session.scalars(select(Introduction).order_by(Introduction.id))
        return [(row.origin, row.round_id, row.form) for row in rows]


async def shown(world: World, row: OutboxRow) -> str:
    outgoing = await renderers(world.intros)[row.kind](said(row))
    return "" if outgoing is None or outgoing.view is None else str(outgoing.view.to_components())


async def refused(doing: Any) -> KithError:
    with pytest.raises(KithError) as caught:
        await doing
    return caught.value


async def heard_by_the_asker(world: World) -> list[str]:
    async with world.store.read() as session:
        return list(await session.scalars(select(OutboxRow.kind).where(OutboxRow.recipient == 1)))


async def test_two_times_yes_makes_an_introduction_with_a_card_for_both(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    assert (question.recipient, question.budgeted) == (2, True)
    text = await shown(world, question)
    assert "Member 1 would like to meet you" in text
    assert WHY in text
    answered = await world.intros.requests.answer(2, question.subject, yes=True)
    assert (answered.said_yes, answered.changed) == (True, True)
    cards = await world.messages("intro.card")
    assert {row.recipient for row in cards} == {1, 2}
    for row, other in zip(sorted(cards, key=lambda row: row.recipient), (2, 1), strict=True):
        assert f"Meet Member {other}" in await shown(world, row)
    assert await introductions(world) == [("ask", None, "text")]
    assert [row.state for row in await requests(world)] == ["accepted"]


async def test_who_asked_without_taking_part_still_meets_and_is_asked_about_it(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    await world.intros.requests.answer(2, question.subject, yes=True)
    async with world.store.write() as session:
        for seat in await session.scalars(select(Seat)):
            seat.state = "told"
    await world.turn(MONDAY + WEEK)
    assert {row.recipient for row in await world.messages("intro.ask")} == {1, 2}
    assert not (await world.intros.next(who(1))).enrolled


async def test_a_no_is_never_told_and_an_answer_stays(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    assert not (await world.intros.requests.answer(2, question.subject, yes=False)).said_yes
    assert await shown(world, question) == ""
    again = await world.intros.requests.answer(2, question.subject, yes=True)
    assert (again.said_yes, again.changed) == (False, False)
    await world.turn(MONDAY + OPEN_FOR + DAY)
    assert await heard_by_the_asker(world) == []
    assert await introductions(world) == []
    assert [row.state for row in await requests(world)] == ["declined"]


async def test_yes_twice_at_once_introduces_once(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    answer = world.intros.requests.answer
    found = await asyncio.gather(*(answer(2, question.subject, yes=True) for _device in range(3)))
    assert sorted(one.changed for one in found) == [False, False, True]
    assert len(await introductions(world)) == 1


async def test_nobody_answers_for_another_and_what_never_was_is_over(world: World) -> None:
    await profile(world, 1, 3)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    for stranger in (1, 3, 99):
        assert (
            await refused(world.intros.requests.answer(stranger, question.subject, yes=True))
        ).code == "not_yours"
    assert (await refused(world.intros.requests.answer(2, 999, yes=True))).code == "ask_over"
    assert await introductions(world) == []


async def test_whoever_is_asked_the_asker_learns_nothing(world: World) -> None:
    """Enrolled, known but not taking part, paused, stopped, kept apart: the same answers, at every step."""
    await profile(world, 1, 3)
    await world.enrol(2, 4, 5)
    await world.intros.pause(who(4), "in 4 weeks")
    await world.intros.avoid(who(5), 1)
    for other in (2, 3, 4):
        await world.intros.requests.may_ask(who(1), other)
        await world.intros.requests.ask(who(1), other, WHY)
    await world.turn(MONDAY + WEEK + DAY)
    await world.intros.requests.ask(who(1), 5, WHY)
    assert {row.recipient for row in await world.messages("intro.request")} == {2}
    for other in (2, 3, 4, 5):
        for asking in (
            world.intros.requests.may_ask(who(1), other),
            world.intros.requests.ask(who(1), other, WHY),
        ):
            error = await refused(asking)
            assert (error.code, set(error.values)) == ("ask_repeated", {"name", "at"})
    stored = await requests(world)
    assert [row.state for row in stored] == ["waiting", "waiting", "waiting", "declined"]
    assert {row.reason for row in stored} == {WHY}


async def test_somebody_kith_never_met_is_asked_in_the_same_words_and_not_stored(world: World) -> None:
    await profile(world, 1)
    await world.intros.requests.may_ask(who(1), 77)
    await world.intros.requests.ask(who(1), 77, WHY)
    assert await requests(world) == []
    assert await heard_by_the_asker(world) == []


async def test_what_is_needed_to_ask_comes_first(world: World) -> None:
    await world.enrol(2)
    asks = world.intros.requests
    assert (await refused(asks.may_ask(who(1), 1))).code == "ask_self"
    assert (await refused(asks.may_ask(who(1), 2))).code == "ask_needs_both"
    await world.people.set_zone(who(1), "Europe/Lisbon")
    assert (await refused(asks.may_ask(who(1), 2))).code == "ask_needs_niche"
    await world.niches.join(who(1), "ocr")
    await asks.may_ask(who(1), 2)
    assert (await refused(asks.ask(who(1), 2, "Hi there"))).code == "ask_reason_short"
    assert (await refused(asks.ask(who(1), 2, "x" * 301))).code == "text_too_long"
    assert (await refused(asks.ask(who(1), 2, "Ping @everyone and tell them"))).code == "mention_in_text"
    assert await requests(world) == []


async def test_three_people_a_week_and_when_the_next_is_possible(world: World) -> None:
    await profile(world, 1, 2, 3, 4, 5)
    for other in (2, 3, 4):
        await world.clock.advance(DAY)
        await world.intros.requests.ask(who(1), other, WHY)
    error = await refused(world.intros.requests.ask(who(1), 5, WHY))
    assert (error.code, error.values["again"]) == ("ask_enough", MONDAY + DAY + WEEK)
    await world.clock.turn_to(MONDAY + DAY + WEEK)
    await world.intros.requests.ask(who(1), 5, WHY)


async def test_the_same_person_is_not_asked_again_for_long_whatever_they_said(world: World) -> None:
    await profile(world, 1, 3)
    await world.enrol(2)
    for other in (2, 3):
        await world.intros.requests.ask(who(1), other, WHY)
    (question,) = await world.messages("intro.request")
    await world.intros.requests.answer(2, question.subject, yes=False)
    await world.turn(MONDAY + AGAIN_AFTER - DAY)
    for other in (2, 3):
        error = await refused(world.intros.requests.ask(who(1), other, WHY))
        assert (error.code, error.values["at"]) == ("ask_repeated", MONDAY)
    assert [row.state for row in await requests(world)] == ["declined", "expired"]
    await world.turn(MONDAY + AGAIN_AFTER)
    assert await requests(world) == []
    for other in (2, 3):
        await world.intros.requests.ask(who(1), other, WHY)


async def test_asking_twice_at_once_asks_once(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    asks = [world.intros.requests.ask(who(1), 2, WHY) for _device in range(2)]
    found = await asyncio.gather(*asks, return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["KithError", "NoneType"]
    assert len(await world.messages("intro.request")) == 1


async def test_a_request_that_nobody_answered_ends_in_silence(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    await world.clock.turn_to(MONDAY + OPEN_FOR)
    assert await shown(world, question) == ""
    assert (await refused(world.intros.requests.answer(2, question.subject, yes=True))).code == "ask_over"
    await world.turn(MONDAY + OPEN_FOR + DAY)
    assert [row.state for row in await requests(world)] == ["expired"]
    assert await heard_by_the_asker(world) == []


@pytest.mark.parametrize("how", ["leave", "pause", "stop", "avoid", "asker_stops", "asker_avoids", "barred"])
async def test_what_changed_meanwhile_closes_the_question(world: World, how: str) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    if how == "leave":
        await world.intros.leave(who(2))
    elif how == "pause":
        await world.intros.pause(who(2), "in 4 weeks")
    elif how in {"avoid", "asker_avoids"}:
        await world.intros.avoid(who(2 if how == "avoid" else 1), 1 if how == "avoid" else 2)
    else:
        async with world.store.write() as session:
            number = 1 if how in {"asker_stops", "barred"} else 2
            member = await world.people.find(session, 10, number)
            assert member is not None
            await world.intros.stop_member(session, member.id)
            if how != "barred":
                await world.people.stop_person(session, number)
    assert await shown(world, question) == ""
    try:
        view = await world.intros.requests.answer(2, question.subject, yes=True)
    except KithError as error:
        assert error.code == "ask_over"  # noqa: PT017 - either is right
    else:
        assert not view.said_yes
    assert await introductions(world) == []


async def test_two_who_ask_each_other_meet_at_once(world: World) -> None:
    await profile(world, 1, 2)
    await world.intros.requests.ask(who(1), 2, WHY)
    await world.intros.requests.ask(who(2), 1, WHY)
    assert {row.recipient for row in await world.messages("intro.card")} == {1, 2}
    assert [row.state for row in await requests(world)] == ["accepted", "accepted"]
    assert len(await introductions(world)) == 1


async def test_those_who_are_introduced_need_not_ask(world: World) -> None:
    await world.enrol(1, 2)
    await world.turn(MONDAY + DAY + timedelta(hours=2))
    assert len(await introductions(world)) == 1
    error = await refused(world.intros.requests.may_ask(who(1), 2))
    assert (error.code, error.values) == ("ask_introduced", {"name": "Member 2"})


async def test_the_third_request_in_a_week_waits_for_the_next(world: World) -> None:
    await profile(world, 1, 2, 3)
    await world.enrol(4)
    for asker in (1, 2, 3):
        await world.intros.requests.ask(who(asker), 4, WHY)
    due = [row.due_at for row in await world.messages("intro.request")]
    assert due[0] == MONDAY
    assert due[1] == MONDAY + DAY  # one a day of what has no agreed time
    assert due[2] >= MONDAY + WEEK


async def test_what_the_asker_hides_from_members_stays_hidden(world: World) -> None:
    await profile(world, 1)
    edit = ProfileEdit(headline="A secret plan", visibility={"headline": "matches", "niches": "nobody"})
    await world.people.edit_profile(who(1), edit)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    (question,) = await world.messages("intro.request")
    text = await shown(world, question)
    assert "secret" not in text
    assert "OCR" not in text


async def test_who_is_deleted_leaves_no_name_or_word_with_those_they_asked(world: World) -> None:
    await profile(world, 1)
    await world.enrol(2)
    await world.intros.requests.ask(who(1), 2, WHY)
    async with world.store.write() as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.kind == "intro.request"))).one()
        row.channel_id, row.message_id, row.state = 5, 6, "done"
    async with world.store.write() as session:
        member = await world.people.find(session, 10, 1)
        assert member is not None
        await world.intros.erase(session, member.id)
    assert await world.messages("intro.request") == []
    assert await requests(world) == []
    (edit,) = await world.messages("intro.ended")
    assert (edit.target, edit.message_id) == ("edit", 6)
    assert "Member 1" not in await shown(world, edit)


def test_a_limit_moves_on_as_time_passes() -> None:
    assert next_ask([], MONDAY) is None
    asked = [MONDAY - 2 * DAY, MONDAY - DAY, MONDAY]
    assert next_ask(asked, MONDAY) == MONDAY + 5 * DAY
    assert next_ask(asked, MONDAY + 5 * DAY) is None
    assert told_at([MONDAY], MONDAY) == MONDAY
    assert told_at([MONDAY, MONDAY + DAY], MONDAY) == MONDAY + WEEK
