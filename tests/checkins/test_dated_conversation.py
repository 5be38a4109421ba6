"""Commitments with a time, as members live them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.checkins.tables import Checkin, Commitment
from bot.people.service import Who
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    NASTY,
    SENDS,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
    turn_to,
)
from tests.stage import Stage

DAY_FIELD, HOUR_FIELD = "Which day?", "At what time?"
THURSDAY_TWO = datetime(2026, 1, 8, 14, tzinfo=UTC)  # in Lisbon too; the clock stands at Monday 09:00
HOUR = timedelta(hours=1)


async def committed(stage: Stage, text: str = "Call three clients") -> tuple[Member, int]:
    """A member with check-ins on and one commitment; its number."""
    member = await newcomer(stage, "Ana")
    await member.slash('/checkin start day:Sunday hour:"18:00"')
    await stage.app.settled()
    now = stage.clock.now()
    async with stage.app.store.write() as session:
        row = await stage.app.people.known(session, Who(stage.guild.id, "Data Collective", member.id, "Ana"))
        week = Checkin(
            member_id=row.id,
            week="2026-01-05",
            prompted_at=now,
            closes_at=now + timedelta(days=2),
            answered_at=now,
            state="answered",
        )
        session.add(week)
        await session.flush()
        made = Commitment(checkin_id=week.id, position=0, text=text)
        session.add(made)
        await session.flush()
        return member, made.id


async def opens(member: Member, commitment: int) -> Screen:
    """Press *Put a time to it* on the card of a written week."""
    data = {"custom_id": f"k:checkin.time:{commitment}", "component_type": 2}
    return await member._use("presses Put a time to it", member.channel("general")[0], data)


async def dates(member: Member, commitment: int, day: str, hour: str) -> Screen:
    """Put a time to a commitment."""
    await opens(member, commitment)
    return await member.submit({DAY_FIELD: day, HOUR_FIELD: hour})


async def outcome_of(stage: Stage, commitment: int) -> str | None:
    async with stage.app.store.read() as session:
        return await session.scalar(select(Commitment.outcome).where(Commitment.id == commitment))


async def test_a_reminder_before_and_one_press_after(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, one = await committed(stage)
        said = await dates(ana, one, "Thu", "14:00")
        assert "It has a time" in said.text
        assert "Thursday, 8 January 2026 at 14:00 UTC" in said.text
        await turn_to(stage, THURSDAY_TWO - HOUR)
        (reminder,) = having(ana.inbox, "Coming up · Data Collective")
        assert "Call three clients" in reminder.text
        assert reminder.find_button("Stop check-ins")
        await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        (question,) = having(ana.inbox, "How did it go? · Data Collective")
        assert question.find_button("Stop check-ins")
        assert "Noted: Done" in (await ana.press("Done", on=question)).text
        assert await outcome_of(stage, one) == "done"
        assert "Noted already: Done" in (await forge(ana, question, "Done")).text
        assert "has its outcome already" in (await forge(ana, reminder, "Put a time to it")).text


@pytest.mark.parametrize(
    ("label", "outcome"), [("Partly", "partly"), ("Not done", "not_done"), ("Carry over", "carried")]
)
async def test_every_answer_is_one_press(sqlite_url: str, label: str, outcome: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await dates(ana, one, "Thu", "14:00")
        await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        await ana.press(label, on=having(ana.inbox, "How did it go?")[0])
        assert await outcome_of(stage, one) == outcome


async def test_a_moved_time_moves_the_reminder_and_an_empty_one_ends_it(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await dates(ana, one, "tomorrow", "9am")
        form = await opens(ana, one)
        assert held_values(form) == {DAY_FIELD: ("2026-01-06",), HOUR_FIELD: ("09:00",)}
        assert "It has that time already" in (await ana.submit({})).text
        assert "It has a time" in (await dates(ana, one, "Thu", "14:00")).text
        await turn_to(stage, THURSDAY_TWO - 2 * HOUR)
        assert not having(ana.inbox, "Coming up")
        await turn_to(stage, THURSDAY_TWO - HOUR)
        reminder = having(ana.inbox, "Coming up")[0]
        await ana.press("Put a time to it", on=reminder)
        assert "No time" in (await ana.submit({DAY_FIELD: "", HOUR_FIELD: ""})).text
        await turn_to(stage, THURSDAY_TWO + 3 * HOUR)
        assert not having(ana.inbox, "How did it go?")


@pytest.mark.parametrize(
    ("day", "hour", "answer"),
    [
        ("someday", "14:00", "could not read “someday” as a day"),
        ("Thu", "`late` @everyone", "as an hour"),
        ("today", "7:00", "That moment is over"),
        ("24 Dec", "14:00", "within the next 14 days"),
    ],
)
async def test_what_cannot_be_read_comes_back_filled_in(
    sqlite_url: str, day: str, hour: str, answer: str
) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        refused = await dates(ana, one, day, hour)
        assert answer in refused.text
        assert "@everyone" not in refused.text
        assert "`late`" not in refused.text
        again = await ana.press("Open it again, filled in", on=refused)
        assert held_values(again) == {DAY_FIELD: (day,), HOUR_FIELD: (hour,)}
        assert "It has a time" in (await ana.submit({DAY_FIELD: "Thu", HOUR_FIELD: "14:00"})).text


async def test_hostile_words_are_harmless_in_the_reminder_and_the_question(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage, NASTY)
        screens = [await dates(ana, one, "Thu", "14:00")]
        await turn_to(stage, THURSDAY_TWO - HOUR)
        await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        screens += [having(ana.inbox, "Coming up")[0], having(ana.inbox, "How did it go?")[0]]
        screens.append(await ana.press("Partly", on=screens[-1]))
        for screen in screens:
            assert "Hi" in screen.text
            assert "**bold**" not in screen.text
            assert "\u202e" not in screen.text


async def test_strangers_can_neither_date_nor_answer(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        ben = stage.guild.member("Ben")
        assert "belongs to someone else" in (await opens(ben, one)).text
        await dates(ana, one, "Thu", "14:00")
        await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        question = having(ana.inbox, "How did it go?")[0]
        assert "belongs to someone else" in (await forge(ben, question, "Done")).text
        assert await outcome_of(stage, one) is None


async def test_a_restart_between_form_and_reminder_loses_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await opens(ana, one)
        async with restarted(stage):
            await ana.submit({DAY_FIELD: "Thu", HOUR_FIELD: "14:00"})
        async with restarted(stage):
            await turn_to(stage, THURSDAY_TWO - HOUR)
            assert len(having(ana.inbox, "Coming up")) == 1
            await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        async with restarted(stage):
            assert "Noted: Done" in (await ana.press("Done", on=having(ana.inbox, "How did it go?")[0])).text


@pytest.mark.parametrize(("late", "asked"), [(timedelta(hours=25), 1), (timedelta(hours=27), 0)])
async def test_after_downtime_no_late_reminder_and_a_question_only_within_a_day(
    sqlite_url: str, late: timedelta, asked: int
) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await dates(ana, one, "Thu", "14:00")
        await stage.clock.turn_to(THURSDAY_TWO + late)
        async with restarted(stage):
            await stage.app.settled()
            assert not having(ana.inbox, "Coming up")
            assert len(having(ana.inbox, "How did it go? · Data")) == asked


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}])
async def test_a_reminder_that_failed_to_arrive_arrives_once(
    sqlite_url: str, fault: dict[str, object]
) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await dates(ana, one, "Thu", "14:00")
        struck = stage.discord.faults.add(method="POST", path=SENDS, **fault)
        await turn_to(stage, THURSDAY_TWO - HOUR)
        assert struck.hits == 1
        for _time in range(2):
            await pass_time(stage, timedelta(minutes=10))
        assert len(having(ana.inbox, "Coming up")) == 1


async def test_stop_check_ins_ends_reminders_too(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, one = await committed(stage)
        await dates(ana, one, "Thu", "14:00")
        await turn_to(stage, THURSDAY_TWO - HOUR)
        await ana.press("Stop check-ins", on=having(ana.inbox, "Coming up")[0])
        await turn_to(stage, THURSDAY_TWO + 2 * HOUR)
        assert not having(ana.inbox, "How did it go? · Data")


async def test_a_slot_picked_in_an_introduction_is_among_what_is_agreed(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        for member in (ana, ben):
            await member.slash("/intro join")
        await ana.slash("/intro ask member:Ben")
        await ana.submit({"Why would you like to meet?": "You know water networks and I pitch to a utility."})
        await stage.app.settled()
        await ben.press("Yes, introduce us", on=having(ben.inbox, "would like to meet you")[0])
        await stage.app.settled()
        meet = having(ana.inbox, "Meet Ben")[0]
        menu = meet.find_select("Pick a slot")
        assert menu is not None
        await ana.choose("Pick a slot", [menu.options[0].label], on=meet)
        async with stage.app.store.read() as session:
            mine = await stage.app.people.find(session, stage.guild.id, ana.id)
            theirs = await stage.app.people.find(session, stage.guild.id, ben.id)
        assert mine is not None
        assert theirs is not None
        ((at, name),) = await stage.app.dated.agreed(mine.id)
        assert (name, at > stage.clock.now()) == ("Ben", True)
        assert await stage.app.dated.agreed(theirs.id) == ((at, "Ana"),)
        await turn_to(stage, at + HOUR)
        assert await stage.app.dated.agreed(mine.id) == ()
