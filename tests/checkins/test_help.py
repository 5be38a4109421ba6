"""Every use case of asking for help on a real database, with a clock that is turned."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import topics
from bot.checkins.help import Help
from bot.checkins.tables import Away, Checkin, HelpRequest
from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService, ProfileEdit, Who
from bot.people.tables import Member, Person

HERE = 10
ANA, BEN, CLEO, DAN, EVE = range(1, 6)
NAMES = {ANA: "Ana", BEN: "Ben", CLEO: "Cleo", DAN: "Dan", EVE: "Eve"}
SECRET = "My client wants day rates and I say too little."
DAY = timedelta(days=1)


def who(person: int) -> Who:
    return Who(HERE, "Data Collective", person, NAMES.get(person, f"M{person}"))


class World:
    """Ana is stuck on pricing; Ben, Cleo and Dan offer it and take part in introductions."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.apart_pairs: set[frozenset[int]] = set()
        self.rests: set[int] = set()
        self.introduced: list[tuple[str, str, str]] = []
        self.help = Help(
            store, clock, self.agenda, self.outbox, self.people, self._apart, self._introduce, self._resting
        )
        self.agenda.register(self.help.handlers())

    async def _apart(self, _session: AsyncSession, one: int, other: int) -> bool:
        return frozenset({one, other}) in self.apart_pairs

    async def _resting(self, _session: AsyncSession, ids: Sequence[int]) -> set[int]:
        return self.rests & set(ids)

    async def _introduce(self, _session: AsyncSession, one: MemberView, other: MemberView, on: str) -> None:
        self.introduced.append((one.name, other.name, on))

    async def helper(self, person: int, *, offers: Sequence[str] = ("pricing",)) -> int:
        """A member who offers something and takes part."""
        await self.people.edit_profile(who(person), ProfileEdit(offers=tuple(offers)))
        await self.people.set_zone(who(person), "Europe/Lisbon")
        async with self.store.write() as session:
            member = await self.people.known(session, who(person))
            await self.people.consent(session, member.id, "introductions")
            return member.id

    async def member(self, person: int) -> int:
        async with self.store.write() as session:
            return (await self.people.known(session, who(person))).id

    async def week(self, person: int = ANA, stuck: str | None = "pricing", **values: Any) -> int:
        """A week that somebody wrote just now."""
        member_id, now = await self.member(person), self.clock.now()
        row = {
            "week": now.date().isoformat(),
            "prompted_at": now,
            "closes_at": now + 2 * DAY,
            "answered_at": now,
            "state": "answered",
            "stuck_words": SECRET,
            "win": "A win nobody else reads",
        }
        async with self.store.write() as session:
            made = Checkin(member_id=member_id, stuck=stuck, **(row | values))
            session.add(made)
            await session.flush()
            return made.id

    async def requests(self) -> dict[str, int]:
        """The open questions, by the name of the asked."""
        async with self.store.read() as session:
            query = (
                select(Person.name, HelpRequest.id)
                .join(Member, Member.id == HelpRequest.to_id)
                .join(Person, Person.id == Member.person_id)
            )
            return {row.name: row.id for row in (await session.execute(query)).all()}

    async def states(self) -> list[str]:
        async with self.store.read() as session:
            return sorted(await session.scalars(select(HelpRequest.state)))

    async def said(self, kind: str) -> list[OutboxRow]:
        async with self.store.read() as session:
            return list(await session.scalars(select(OutboxRow).where(OutboxRow.kind == kind)))

    async def turn(self, by: timedelta) -> None:
        await self.clock.advance(by)
        while await self.agenda.tick():
            pass

    async def do(self, statement: Any) -> None:
        async with self.store.write() as session:
            await session.execute(statement)


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> World:
    made = World(store, clock)
    await made.people.set_zone(who(ANA), "Europe/Lisbon")
    for person in (BEN, CLEO, DAN):
        await made.helper(person)
    return made


async def asked(world: World) -> tuple[int, dict[str, int]]:
    week = await world.week()
    view = await world.help.ask(ANA, week, "How do I name a day rate?")
    assert (view.count, view.changed) == (3, True)
    return week, await world.requests()


async def test_before_anybody_is_asked_there_are_numbers_and_the_names_of_the_listed(world: World) -> None:
    week = await world.week()
    view = await world.help.offer(ANA, week)
    assert (view.count, view.names, view.words, view.asked_until) == (3, (), SECRET, None)
    await world.people.list_me(who(CLEO), listed=True)
    assert (await world.help.offer(ANA, week)).names == ("Cleo",)
    assert (await world.help.stuck(who(ANA))).checkin_id == week
    assert await world.said("help.request") == []


async def test_asked_people_read_what_was_chosen_and_nothing_else_of_the_week(world: World) -> None:
    _week, rows = await asked(world)
    for name, key in rows.items():
        view = await world.help.view(key)
        assert view is not None
        assert view.words == "How do I name a day rate?"
        assert view.asker.name == "Ana"
        assert view.asker.zone is None  # as members see her: her local time is for matches
        assert SECRET not in repr(view)
        assert "win" not in repr(view)
        assert name in {"Ben", "Cleo", "Dan"}
    sent = await world.said("help.request")
    assert {row.recipient for row in sent} == {BEN, CLEO, DAN}
    assert all(row.budgeted and row.expires_at == world.clock.now() + topics.OPEN_FOR for row in sent)


async def test_nothing_needs_to_be_shared(world: World) -> None:
    week = await world.week()
    await world.help.ask(ANA, week, " \u200b ")
    for key in (await world.requests()).values():
        view = await world.help.view(key)
        assert view is not None
        assert view.words == ""


@pytest.mark.parametrize(
    ("words", "code"), [("x" * 301, "text_too_long"), ("Ask <@123> and @everyone", "mention_in_text")]
)
async def test_words_that_cannot_be_passed_on_ask_nobody(world: World, words: str, code: str) -> None:
    week = await world.week()
    with pytest.raises(KithError, match=code):
        await world.help.ask(ANA, week, words)
    assert await world.states() == []


async def test_asking_twice_asks_once_and_says_so(world: World) -> None:
    week, rows = await asked(world)
    again = await world.help.ask(ANA, week, "Once more")
    assert (again.count, again.changed, again.until) == (3, False, world.clock.now() + topics.OPEN_FOR)
    assert await world.requests() == rows
    assert (await world.help.offer(ANA, week)).asked_until == world.clock.now() + topics.OPEN_FOR
    first, second = await asyncio.gather(*(world.help.ask(ANA, week, "Both at once") for _ in range(2)))
    assert not first.changed
    assert not second.changed


async def test_two_forms_at_once_ask_once(world: World) -> None:
    week = await world.week()
    views = await asyncio.gather(*(world.help.ask(ANA, week, "Now") for _time in range(2)))
    assert sorted(view.changed for view in views) == [False, True]
    assert len(await world.said("help.request")) == 3


async def test_the_first_yes_introduces_both_and_closes_the_rest_quietly(world: World) -> None:
    week, rows = await asked(world)
    view = await world.help.answer(BEN, rows["Ben"], yes=True)
    assert (view.state, view.changed, view.name) == ("yes", True, "Ana")
    assert world.introduced == [("Ana", "Ben", "pricing")]
    assert await world.states() == ["accepted", "expired", "expired"]
    assert await world.help.view(rows["Cleo"]) is None
    for yes in (True, False):
        late = await world.help.answer(CLEO, rows["Cleo"], yes=yes)
        assert (late.state, late.changed) == ("late", False)
    again = await world.help.answer(BEN, rows["Ben"], yes=False)
    assert (again.state, again.changed) == ("yes", False)
    assert (await world.help.offer(ANA, week)).introduced
    await world.turn(8 * DAY)
    assert await world.said("help.expired") == []
    async with world.store.read() as session:
        words = set(await session.scalars(select(HelpRequest.words)))
    assert words == {None}


async def test_two_who_say_yes_at_once_make_one_introduction(world: World) -> None:
    _week, rows = await asked(world)
    views = await asyncio.gather(
        *(world.help.answer(person, rows[NAMES[person]], yes=True) for person in (BEN, CLEO, DAN))
    )
    assert sorted(view.state for view in views) == ["late", "late", "yes"]
    assert len(world.introduced) == 1


async def test_a_no_changes_nothing_that_the_asker_can_see(world: World) -> None:
    week, rows = await asked(world)
    before = await world.help.offer(ANA, week)
    view = await world.help.answer(BEN, rows["Ben"], yes=False)
    assert (view.state, view.changed) == ("no", True)
    assert not (await world.help.answer(BEN, rows["Ben"], yes=True)).changed
    for person in (CLEO, DAN):
        await world.help.answer(person, rows[NAMES[person]], yes=False)
    assert await world.help.offer(ANA, week) == before
    assert not (await world.help.ask(ANA, week, "")).changed
    assert await world.said("help.expired") == []


@pytest.mark.parametrize("declined", [0, 1, 3])
async def test_after_seven_days_the_asker_hears_once_and_the_same_whatever_they_did(
    world: World, declined: int
) -> None:
    week, rows = await asked(world)
    for person in (BEN, CLEO, DAN)[:declined]:
        await world.help.answer(person, rows[NAMES[person]], yes=False)
    await world.turn(6 * DAY)
    assert await world.said("help.expired") == []
    await world.turn(DAY)
    (said,) = await world.said("help.expired")
    assert (said.recipient, said.subject, said.budgeted) == (ANA, week, True)
    view = await world.help.unanswered(week)
    assert view is not None
    assert view.topic == "pricing"
    if declined < 3:
        with pytest.raises(KithError, match="help_over"):
            await world.help.answer(DAN, rows["Dan"], yes=True)
    await world.turn(30 * DAY)
    assert len(await world.said("help.expired")) == 1


async def test_a_bot_that_was_down_for_a_month_still_tells_once(world: World) -> None:
    await asked(world)
    await world.turn(30 * DAY)
    await world.turn(DAY)
    assert len(await world.said("help.expired")) == 1


async def test_the_same_person_is_not_asked_again_by_the_same_within_a_month(world: World) -> None:
    await world.helper(EVE)
    week, rows = await asked(world)
    await world.turn(8 * DAY)
    assert (await world.help.offer(ANA, week)).count == 1
    assert (await world.help.ask(ANA, week, "")).count == 1
    (fourth,) = set(await world.requests()) - set(rows)
    assert fourth not in rows
    await world.turn(31 * DAY)
    later = await world.week()
    assert (await world.help.offer(ANA, later)).count == 3


async def test_nobody_is_asked_more_than_twice_a_week_by_anyone(world: World) -> None:
    for person in (CLEO, DAN):
        await world.do(update(Member).where(Member.person_id == person).values(barred_at=world.clock.now()))
    for asker in (20, 21):
        week = await world.week(asker)
        assert (await world.help.ask(asker, week, "")).count == 1
    week = await world.week(22)
    assert (await world.help.offer(22, week)).count == 0
    view = await world.help.ask(22, week, "")
    assert view.count == 0
    assert len(await world.said("help.request")) == 2
    await world.clock.advance(timedelta(days=7, minutes=1))
    assert (await world.help.ask(22, week, "")).count == 1


async def test_several_who_ask_the_same_person_at_once_do_not_get_past_that(world: World) -> None:
    for person in (CLEO, DAN):
        await world.do(update(Member).where(Member.person_id == person).values(barred_at=world.clock.now()))
    weeks = {asker: await world.week(asker) for asker in range(20, 24)}
    await asyncio.gather(*(world.help.ask(asker, week, "") for asker, week in weeks.items()))
    assert len(await world.said("help.request")) == topics.ASKED_A_WEEK


async def test_who_said_stop_is_not_asked_whatever_else_they_once_said(world: World) -> None:
    week = await world.week()
    await world.do(update(Person).where(Person.id == BEN).values(stopped_at=world.clock.now()))
    assert (await world.help.offer(ANA, week)).count == 2


async def test_after_an_introduction_nothing_more_is_said_even_if_the_helper_goes(world: World) -> None:
    _week, rows = await asked(world)
    await world.help.answer(BEN, rows["Ben"], yes=True)
    await world.do(delete(Member).where(Member.person_id == BEN))
    await world.turn(8 * DAY)
    assert await world.said("help.expired") == []


async def test_only_who_offers_it_and_is_open_to_it_is_counted(world: World) -> None:
    week = await world.week()
    ben, cleo, dan = [await world.member(person) for person in (BEN, CLEO, DAN)]

    async def count() -> int:
        return (await world.help.offer(ANA, week)).count

    assert await count() == 3
    await world.helper(EVE, offers=("sql",))
    assert await count() == 3
    async with world.store.write() as session:
        await world.people.withdraw(session, ben, "introductions")
    assert await count() == 2
    async with world.store.write() as session:
        await world.people.consent(session, ben, "requests")
    assert await count() == 3
    world.rests.add(ben)
    assert await count() == 2
    world.apart_pairs.add(frozenset({await world.member(ANA), cleo}))
    assert await count() == 1
    world.apart_pairs.clear()
    await world.people.edit_profile(who(DAN), ProfileEdit(visibility={"offers": "matches"}))
    assert await count() == 1

    async def met(_session: AsyncSession, _one: int, other: int) -> bool:
        return other == dan

    world.people.acquainted.append(met)
    assert await count() == 2
    await world.people.edit_profile(who(DAN), ProfileEdit(visibility={"offers": "nobody"}))
    assert await count() == 1
    async with world.store.write() as session:
        session.add(Away(member_id=cleo, from_day="2026-01-01", until_day="2026-01-05"))
    assert await count() == 0
    await world.clock.advance(DAY)
    assert await count() == 1
    async with world.store.write() as session:
        await world.people.stop_person(session, CLEO)
    assert await count() == 0


async def test_members_of_another_community_are_not_asked(world: World) -> None:
    week = await world.week(stuck="contracts")
    elsewhere = Who(HERE + 1, "Map Makers", EVE, "Eve")
    await world.people.edit_profile(elsewhere, ProfileEdit(offers=("contracts",)))
    async with world.store.write() as session:
        member = await world.people.known(session, elsewhere)
        await world.people.consent(session, member.id, "introductions")
    assert (await world.help.offer(ANA, week)).count == 0
    assert (await world.help.ask(ANA, week, "")).count == 0


async def test_with_nobody_to_ask_nothing_is_stored_and_nothing_agreed_to(world: World) -> None:
    week = await world.week(stuck="contracts")
    view = await world.help.ask(ANA, week, "Please")
    assert view.count == 0
    assert await world.states() == []
    async with world.store.read() as session:
        assert not await world.people.has_consent(session, await world.member(ANA), "requests")
        assert (await session.scalars(select(AgendaRow))).all() == []


async def test_tech_looks_at_what_the_asker_wants_to_learn(world: World) -> None:
    await world.helper(EVE, offers=("dbt", "sql"))
    week = await world.week(stuck="tech")
    assert (await world.help.offer(ANA, week)).count == 0
    await world.people.edit_profile(who(ANA), ProfileEdit(asks=("dbt",)))
    assert (await world.help.offer(ANA, week)).count == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"stuck": None}, "help_no_topic"),
        ({"stuck": "nothing"}, "help_no_topic"),
        ({"answered_at": None, "state": "open"}, "help_no_topic"),
    ],
)
async def test_a_week_without_a_topic_has_no_help(world: World, values: dict[str, Any], code: str) -> None:
    week = await world.week(**values)
    for use in (world.help.offer(ANA, week), world.help.ask(ANA, week, ""), world.help.stuck(who(ANA))):
        with pytest.raises(KithError, match=code):
            await use


async def test_an_old_week_another_s_week_and_no_week_are_refused(world: World) -> None:
    week = await world.week()
    with pytest.raises(KithError, match="not_yours"):
        await world.help.offer(BEN, week)
    with pytest.raises(KithError, match="not_yours"):
        await world.help.ask(BEN, week, "")
    with pytest.raises(KithError, match="checkin_gone"):
        await world.help.offer(ANA, week + 99)
    await world.clock.advance(15 * DAY)
    with pytest.raises(KithError, match="help_old"):
        await world.help.ask(ANA, week, "")


async def test_strangers_and_the_asker_cannot_answer(world: World) -> None:
    _week, rows = await asked(world)
    for person in (ANA, CLEO, 99):
        with pytest.raises(KithError, match="not_yours"):
            await world.help.answer(person, rows["Ben"], yes=True)
    with pytest.raises(KithError, match="help_over"):
        await world.help.answer(BEN, rows["Ben"] + 99, yes=True)
    assert world.introduced == []


async def test_an_asker_who_stopped_is_introduced_to_nobody_and_hears_nothing(world: World) -> None:
    week, rows = await asked(world)
    async with world.store.write() as session:
        await world.help.ends.stop_person(session, ANA)
        await world.people.stop_person(session, ANA)
    assert await world.help.view(rows["Ben"]) is None
    with pytest.raises(KithError, match="help_over"):
        await world.help.answer(BEN, rows["Ben"], yes=True)
    await world.turn(8 * DAY)
    assert await world.said("help.expired") == []
    assert world.introduced == []
    assert not (await world.help.offer(ANA, week)).asked_until


async def test_without_the_hook_a_withdrawn_yes_counts_too(world: World) -> None:
    _week, rows = await asked(world)
    async with world.store.write() as session:
        await world.people.stop_person(session, ANA)
    with pytest.raises(KithError, match="help_over"):
        await world.help.answer(BEN, rows["Ben"], yes=True)
    assert await world.help.unanswered(_week) is None


async def test_a_helper_who_stopped_or_was_barred_or_kept_apart_can_no_longer_say_yes(world: World) -> None:
    _week, rows = await asked(world)
    async with world.store.write() as session:
        await world.help.ends.stop_person(session, BEN)
        await world.people.stop_person(session, BEN)
    await world.do(update(Member).where(Member.person_id == CLEO).values(barred_at=world.clock.now()))
    world.apart_pairs.add(frozenset({await world.member(ANA), await world.member(DAN)}))
    for person in (BEN, CLEO, DAN):
        assert await world.help.view(rows[NAMES[person]]) is None
        with pytest.raises(KithError, match="help_over"):
            await world.help.answer(person, rows[NAMES[person]], yes=True)
    await world.turn(7 * DAY)
    assert len(await world.said("help.expired")) == 1


async def test_a_barred_member_cannot_ask(world: World) -> None:
    week = await world.week()
    await world.do(update(Member).where(Member.person_id == ANA).values(barred_at=world.clock.now()))
    with pytest.raises(KithError, match="barred"):
        await world.help.ask(ANA, week, "")


async def test_who_is_deleted_meanwhile_leaves_no_question_and_the_asker_still_hears(world: World) -> None:
    _week, rows = await asked(world)
    for person in (BEN, CLEO, DAN):
        await world.do(delete(Member).where(Member.person_id == person))
    with pytest.raises(KithError, match="help_over"):
        await world.help.answer(BEN, rows["Ben"], yes=True)
    await world.turn(7 * DAY)
    assert len(await world.said("help.expired")) == 1


async def test_a_deleted_asker_leaves_work_that_does_nothing(world: World) -> None:
    _week, rows = await asked(world)
    await world.do(delete(Member).where(Member.person_id == ANA))
    assert await world.help.view(rows["Ben"]) is None
    await world.turn(7 * DAY)
    assert await world.said("help.expired") == []


async def test_what_is_shared_is_sealed_at_rest(world: World) -> None:
    await asked(world)
    async with world.store.read() as session:
        raw = (await session.execute(text("SELECT words FROM help_request"))).scalars().all()
    assert all("day rate" not in str(words) for words in raw)
