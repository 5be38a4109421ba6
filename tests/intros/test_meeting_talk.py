"""From the card to the follow-up, as two members see it: every branch, restarts, downtime, faults."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.core.agenda import AgendaRow
from bot.intros.tables import Round
from bot.people.tables import Community
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    FIRST_ROUND,
    NASTY,
    WEEK,
    community,
    forge,
    having,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage, running

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CREATE_THREAD = r"/channels/\d+/threads$"


@asynccontextmanager
async def introduced(url: str) -> AsyncIterator[tuple[Stage, Member, Member]]:
    """Two members who just read each other's card, in a community without further rounds."""
    async with community(url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for member in (ana, ben):
            await member.slash("/intro join")
        await stage.app.settled()
        await turn_to(stage, FIRST_ROUND)
        async with stage.app.store.write() as session:
            await session.execute(delete(AgendaRow).where(AgendaRow.kind.in_(["round", "round.notice"])))
        yield stage, ana, ben


def card_of(member: Member) -> Screen:
    return having(member.inbox, "Meet ")[0]


def slots(screen: Screen, menu: str = "Pick a slot") -> list[tuple[str, datetime]]:
    """The label and the moment of every time in a menu."""
    found = screen.find_select(menu)
    assert found is not None, screen.text
    return [(one.label, datetime.fromtimestamp(int(one.value), UTC)) for one in found.options]


def read(content: bytes) -> dict[str, str]:
    """The properties of a calendar file."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return dict(line.split(":", 1) for line in lines if line)


def asks(member: Member) -> Iterator[Screen]:
    yield from having(member.inbox, "did you meet")
    yield from having(member.inbox, "Did you meet")


async def test_from_a_picked_time_to_the_follow_up(database_url: str) -> None:
    async with introduced(database_url) as (stage, ana, ben):
        (label, slot), *_others = slots(card_of(ana))
        assert label.endswith("your time")
        assert slot > FIRST_ROUND + DAY
        picked = await ana.choose("Pick a slot", label, on=card_of(ana))
        assert f"{label} it is" in picked.text
        await stage.app.settled()
        (told,) = having(ben.inbox, "Ana picked")
        (mine,) = having(ana.inbox, "You picked")
        files = [read(screen.files[0].content) for screen in (told, mine)]
        assert [screen.files[0].name for screen in (told, mine)] == ["meeting.ics", "meeting.ics"]
        assert {file["DTSTART"] for file in files} == {f"{slot:%Y%m%dT%H%M%SZ}"}
        assert len({file["UID"] for file in files}) == 1
        assert "Ana" in files[0]["SUMMARY"]
        async with restarted(stage):
            await turn_to(stage, slot - HOUR - timedelta(minutes=1))
            assert not having(ben.inbox, "Soon:")
            await turn_to(stage, slot - HOUR)
            for member in (ana, ben):
                (reminder,) = having(member.inbox, "Soon:")
                assert label in reminder.text
                assert not list(asks(member))
            await turn_to(stage, slot + 2 * HOUR)
            (question,) = asks(ana)
            met = await ana.press("Met", on=question)
            assert "Lovely" in met.text
            await ana.press("Write a note", on=met)
            noted = await ana.submit(
                {"One line to remember": "`meters` for **towns**", "We agreed to talk again": "No, not yet"}
            )
            assert "meters" in noted.text
        async with restarted(stage):
            met_at = stage.clock.now()
            await turn_to(stage, met_at + timedelta(days=14) - timedelta(minutes=1))
            assert not having(ana.inbox, "Write to Ben again?")
            await turn_to(stage, met_at + timedelta(days=16))
            (follow,) = having(ana.inbox, "Write to Ben again?")
            assert not having(ben.inbox, "Write to Ana again?")
            assert "`meters` for **towns**" in follow.text
            await ana.press("Edit the draft", on=follow)
            edited = await ana.submit({"Your words": "Hi Ben ``` @everyone\nsoon?"})
            assert "@everyone" in edited.text
            assert edited.text.count("```") == 2
            assert "Well done" in (await ana.press("Done", on=follow)).text
            await pass_time(stage, timedelta(days=60))
            assert not having(ana.inbox, "Write to Ben again?")


async def test_another_time_replaces_the_first_and_its_reminder(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        first, second, third = slots(card_of(ana))
        await ana.choose("Pick a slot", first[0], on=card_of(ana))
        await stage.app.settled()
        (told,) = having(ben.inbox, "Ana picked")
        others = slots(told, "Another time")
        assert [one for _label, one in others] == [second[1], third[1]]
        again = await ben.choose("Another time", others[1][0], on=told)
        assert "it is" in again.text
        assert again.files == []
        await stage.app.settled()
        (moved,) = having(ana.inbox, "Ben picked")
        file = read(moved.files[0].content)
        assert (file["SEQUENCE"], file["DTSTART"]) == ("2", f"{third[1]:%Y%m%dT%H%M%SZ}")
        assert "already" in (await ben.choose("Pick a slot", third[0], on=card_of(ben))).text
        await turn_to(stage, first[1] + 3 * HOUR)
        assert not having(ana.inbox, "Soon:")
        assert not list(asks(ana))
        await turn_to(stage, third[1] - HOUR)
        assert len(having(ana.inbox, "Soon:")) == 1
        await turn_to(stage, third[1] + 2 * HOUR)
        assert len(list(asks(ana))) == 1


async def test_old_menus_are_refused_kindly_and_times_change_only_a_few_times(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        first, second, _third = slots(card_of(ana))
        await ana.choose("Pick a slot", first[0], on=card_of(ana))
        for turn in range(5):
            await ana.choose("Another time", (second, first)[turn % 2][0], on=card_of(ana))
        refused = await ana.choose("Another time", first[0], on=card_of(ana))
        assert "Agree on the next one with each other" in refused.text
        await stage.app.settled()
        assert len(having(ben.inbox, "Ana picked")) == 1  # the earlier ones had nothing to say any more


async def test_a_time_that_passed_meanwhile_is_refused_and_later_ones_are_offered(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        first, second, third = slots(card_of(ana))
        await turn_to(stage, second[1])
        late = await ben.choose("Pick a slot", first[0], on=card_of(ben))
        assert "no longer free" in late.text
        await ana.press("Not yet", on=card_of(ana))
        offered = [moment for _label, moment in slots(card_of(ana))]
        assert len(offered) == 3
        assert offered[0] == third[1]
        await ana.choose("Pick a slot", slots(card_of(ana))[2][0], on=card_of(ana))
        await stage.app.settled()
        assert having(ben.inbox, "Ana picked")


async def test_a_nudge_comes_once_and_only_where_nobody_moved(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await pass_time(stage, timedelta(hours=47))
        assert not having(ana.inbox, "A first line")
        async with restarted(stage):
            await pass_time(stage, HOUR)
            (nudge,) = having(ana.inbox, "A first line to Ben?")
            assert len(having(ben.inbox, "A first line to Ana?")) == 1
            await ana.choose("Pick a slot", slots(nudge)[0][0], on=nudge)
            await pass_time(stage, 4 * DAY)
            assert not having(ana.inbox, "A first line")  # its message says now what was picked
            assert len(having(ben.inbox, "A first line")) == 1


async def test_whoever_moved_is_not_nudged(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await ana.press("A call instead?", on=card_of(ana))
        await pass_time(stage, 3 * DAY)
        assert not having(ana.inbox, "A first line")
        assert not having(ben.inbox, "A first line")


async def test_not_yet_is_asked_three_times_and_no_more(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await ben.press("Met", on=card_of(ben))
        for number in (1, 2, 3):
            await pass_time(stage, WEEK + DAY)
            questions = list(asks(ana))
            assert len(questions) == 1, number
            answered = await ana.press("Not yet", on=questions[0])
            assert "no hurry" in answered.text
            assert answered.find_select("Pick a slot") is not None
        await pass_time(stage, 4 * WEEK)
        assert not list(asks(ana))
        assert not having(ben.inbox, "Did you meet Ana?")


async def test_not_a_fit_is_private_and_keeps_them_apart_for_ever(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await pass_time(stage, WEEK + HOUR)
        (question,) = having(ana.inbox, "Did you meet Ben?")
        before = len(ben.inbox)
        answer = await ana.press("Not a fit", on=question)
        assert "nobody is told, ever" in answer.text
        assert answer.find_select("Pick a slot") is None
        await stage.app.settled()
        assert len(ben.inbox) == before
        async with stage.app.store.write() as session:
            await session.execute(update(Round).where(Round.state == "planned").values(state="skipped"))
            communities = list(await session.scalars(select(Community.id)))
            for one in communities:
                await stage.app.intros.plan_first_round(session, one)
        for _number in range(14):
            await pass_time(stage, WEEK)
        assert having(ana.inbox, "No introduction this time")
        for member in (ana, ben):
            assert len(having(member.inbox, "Meet ")) == 1


async def test_a_single_wish_for_a_call_is_never_told_and_a_double_one_is(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        before = card_of(ben).text, card_of(ben).buttons
        noted = await ana.press("A call instead?", on=card_of(ana))
        assert "only for you" in noted.text
        await stage.app.settled()
        assert (card_of(ben).text, card_of(ben).buttons) == before
        assert not having(ben.inbox, "would like a call")
        assert not having(ana.inbox, "would like a call")
        both = await ben.press("A call instead?", on=card_of(ben))
        assert "You both would like that" in both.text
        await stage.app.settled()
        for member in (ana, ben):
            (told,) = having(member.inbox, "You both would like a call")
            assert "call without a camera" in told.text


async def test_it_did_not_happen_asks_nothing_else(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, _ben):
        await pass_time(stage, WEEK + HOUR)
        (question,) = having(ana.inbox, "Did you meet Ben?")
        answer = await ana.press("It didn't happen", on=question)
        assert "That is all right" in answer.text
        await pass_time(stage, 4 * WEEK)
        assert not list(asks(ana))


async def test_what_was_agreed_sooner_comes_sooner_and_not_now_asks_once_more(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, _ben):
        met = await ana.press("Met", on=card_of(ana))
        await ana.press("Write a note", on=met)
        await ana.submit({"One line to remember": "solar maps", "We agreed to talk again": "In one week"})
        await pass_time(stage, WEEK - HOUR)
        assert not having(ana.inbox, "Write to Ben again?")
        await pass_time(stage, DAY + HOUR)
        (follow,) = having(ana.inbox, "Write to Ben again?")
        assert "once more" in (await ana.press("Not now", on=follow)).text
        await pass_time(stage, 2 * WEEK - HOUR)
        assert not having(ana.inbox, "Write to Ben again?")
        await pass_time(stage, DAY + HOUR)
        (second,) = having(ana.inbox, "Write to Ben again?")
        assert "I will not ask again" in (await ana.press("Not now", on=second)).text
        await pass_time(stage, 8 * WEEK)
        assert not having(ana.inbox, "Write to Ben again?")


async def test_remind_me_without_a_note(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, _ben):
        met = await ana.press("Met", on=card_of(ana))
        assert "I will remind you" in (await ana.press("Remind me", on=met)).text
        await pass_time(stage, 2 * WEEK + DAY)
        (follow,) = having(ana.inbox, "Write to Ben again?")
        assert "I still think of this" not in follow.text


async def test_hostile_notes_and_names_stay_inside_the_draft(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, _ben):
        met = await ana.press("Met", on=card_of(ana))
        await ana.press("Write a note", on=met)
        noted = await ana.submit({"One line to remember": NASTY + " ``` <@1>"})
        assert "**bold**" not in noted.text
        await pass_time(stage, 2 * WEEK + DAY)
        (follow,) = having(ana.inbox, "Write to Ben again?")
        assert follow.text.count("```") == 2
        assert "\u202e" not in follow.text


async def test_strangers_change_nothing(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        card = card_of(ana)
        for label in ("Open our room", "A call instead?"):
            assert "belongs to someone else" in (await forge(ben, card, label)).text
        met = await ana.press("Met", on=card)
        for label in ("Write a note", "Remind me"):
            assert "belongs to someone else" in (await forge(ben, met, label)).text
        assert not ben.threads()
        await pass_time(stage, 3 * WEEK)
        assert not having(ana.inbox, "Write to Ben again?")


async def test_a_week_of_downtime_says_no_more_than_is_still_true(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        _label, slot = slots(card_of(ana))[0]
        await ana.choose("Pick a slot", _label, on=card_of(ana))
        await stage.app.settled()
        await stage.app.close()
        await stage.clock.turn_to(slot + 4 * DAY)
        async with running(stage.url, stage.discord, stage.clock) as app:
            stage.app = app
            await stage.app.settled()
            for member in (ana, ben):
                assert not having(member.inbox, "Soon:")
                assert not having(member.inbox, "A first line")
                assert len(list(asks(member))) == 1


async def test_a_room_is_opened_once_and_found_again(database_url: str) -> None:
    async with introduced(database_url) as (stage, ana, ben):
        opened = await ana.press("Open our room", on=card_of(ana))
        assert "Moderators with Manage Threads can read it" in opened.text
        (room,) = ana.threads()
        assert [thread.id for thread in ben.threads()] == [room.id]
        welcome = ana.channel(room)[0]
        assert "Ana and Ben" in welcome.text
        assert "Moderators with Manage Threads can read it" in welcome.text
        async with restarted(stage):
            again = await ben.press("Open our room", on=card_of(ben))
            button = again.find_button("Go to our room")
            assert button is not None
            assert str(room.id) in (button.url or "")
            assert len(ben.threads()) == 1
            assert len(ben.channel(room)) == 1


async def test_two_presses_at_once_open_one_room(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (_stage, ana, ben):
        answers = await asyncio.gather(
            ana.press("Open our room", on=card_of(ana)), ben.press("Open our room", on=card_of(ben))
        )
        assert len(ana.threads()) == 1
        assert len(ben.threads()) == 1
        texts = sorted(answer.text for answer in answers)
        assert any("Your room" in text for text in texts)
        assert "Your room" in (await ben.press("Open our room", on=card_of(ben))).text


async def test_a_room_whose_making_was_cut_off_is_used_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        rooms = stage.app.intros.meeting.rooms

        async def killed(_introduction: int, _claim: int, _room: int) -> int:
            raise asyncio.CancelledError

        with monkeypatch.context() as patched:
            patched.setattr(rooms, "opened", killed)
            pressing = asyncio.ensure_future(ana.press("Open our room", on=card_of(ana)))
            await asyncio.wait([pressing], timeout=5)
        assert len(ana.threads()) == 1
        early = await ben.press("Open our room", on=card_of(ben))
        assert "being opened" in early.text
        async with restarted(stage):
            await pass_time(stage, timedelta(minutes=2))
            assert "Your room" in (await ben.press("Open our room", on=card_of(ben))).text
            (room,) = ben.threads()
            assert len(ana.threads()) == 1
            assert len(ben.channel(room)) == 1


@pytest.mark.parametrize("fault", [{"status": 403, "code": 50013}, {"status": 500}])
async def test_a_room_that_cannot_be_opened_says_what_else_to_do(
    sqlite_url: str, fault: dict[str, int]
) -> None:
    async with introduced(sqlite_url) as (stage, ana, _ben):
        stage.discord.faults.add(method="POST", path=CREATE_THREAD, times=9, **fault)
        refused = await ana.press("Open our room", on=card_of(ana))
        assert not ana.threads()
        assert fault["status"] == 500 or "Write to each other by DM" in refused.text
        stage.discord.faults.clear()
        assert "Your room" in (await ana.press("Open our room", on=card_of(ana))).text


async def test_a_partner_who_left_the_server_gets_no_room(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (_stage, ana, ben):
        ben.leave()
        refused = await ana.press("Open our room", on=card_of(ana))
        assert "Write to each other by DM" in refused.text or "Write to each other" in refused.text
        assert not ana.threads()


async def test_who_stepped_back_ends_what_was_planned(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await ben.press("Leave introductions", on=card_of(ben))
        await stage.app.settled()
        for label in ("Open our room", "A call instead?"):
            assert "has ended" in (await ana.press(label, on=card_of(ana))).text
        await pass_time(stage, 3 * DAY)
        assert not having(ana.inbox, "A first line")
