"""Use cases of the circle on a real database."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.circle.service import CircleService, Past
from bot.circle.tables import Circle, CirclePerson, Encounter
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Member

ANA = Who(1, "Data Collective", 11, "Ana")
BEN = Who(1, "Data Collective", 12, "Ben")
CLEO = Who(1, "Data Collective", 13, "Cleo")
ANA_ELSEWHERE = Who(2, "Elsewhere", 11, "Ana")
THEN = datetime(2026, 1, 2, 20, tzinfo=UTC)
NOTE = "Showed me the tide model."


class Known:
    """Who met whom: pairs that are acquainted, and what another feature remembers."""

    def __init__(self) -> None:
        """Nobody knows anybody yet."""
        self.pairs: set[frozenset[int]] = set()
        self.past: list[Past] = []

    async def acquainted(self, _session: AsyncSession, one: int, other: int) -> bool:
        return frozenset((one, other)) in self.pairs

    async def of(self, _session: AsyncSession, _member_id: int) -> Sequence[Past]:
        return self.past


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def circles(store: Store, clock: TurnedClock, known: Known) -> CircleService:
    people = PeopleService(store, clock)
    people.acquainted.append(known.acquainted)
    return CircleService(store, clock, people, past=[known.of])


@pytest.fixture
async def ids(circles: CircleService, known: Known) -> dict[str, int]:
    """Ana, Ben and Cleo by member id; Ana and Ben were brought together."""
    found = {who.name: (await circles.people.mine(who)).id for who in (ANA, BEN, CLEO)}
    known.pairs.add(frozenset((found["Ana"], found["Ben"])))
    return found


async def tell(circles: CircleService, owner: int, other: int, source: str, at: datetime = THEN) -> None:
    async with circles.store.write() as session:
        await circles.met(session, owner, other, "introduction", source, at)


async def untell(circles: CircleService, owner: int, source: str) -> None:
    async with circles.store.write() as session:
        await circles.unmet(session, owner, source)


async def rows(circles: CircleService) -> tuple[int, ...]:
    """How many circles, people and encounters are stored."""
    async with circles.store.read() as session:
        tables = (Circle, CirclePerson, Encounter)
        return tuple([await session.scalar(select(func.count()).select_from(each)) or 0 for each in tables])


async def with_ben(circles: CircleService) -> int:
    """Ana keeps a circle with Ben in it; the id of his entry."""
    await circles.keep(ANA)
    return (await circles.add(ANA, BEN.person_id)).page.person.id


@pytest.mark.usefixtures("ids")
async def test_nothing_is_written_down_for_those_who_keep_none(
    circles: CircleService, ids: dict[str, int]
) -> None:
    await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
    await untell(circles, ids["Ana"], "seat:1")
    assert await rows(circles) == (0, 0, 0)
    assert not (await circles.circle(ANA)).kept
    with pytest.raises(KithError, match="circle_not_kept"):
        await circles.add(ANA, BEN.person_id)


async def test_keep_puts_in_whom_they_met_and_keeping_twice_changes_nothing(
    circles: CircleService, ids: dict[str, int], known: Known
) -> None:
    known.past = [
        Past(ids["Ben"], "introduction", "seat:1", THEN),
        Past(ids["Ben"], "follow_up", "follow:1", THEN + timedelta(days=1)),
        Past(ids["Cleo"], "introduction", "seat:2", THEN),
    ]
    kept = await circles.keep(ANA)
    assert (kept.changed, kept.found, kept.circle.total) == (True, 2, 2)
    assert [(one.name, one.count) for one in kept.circle.people] == [("Ben", 2), ("Cleo", 1)]
    last = kept.circle.people[0].last
    assert last is not None
    assert (last.kind, last.at) == ("follow_up", THEN + timedelta(days=1))
    again = await circles.keep(ANA)
    assert (again.changed, again.found, again.circle) == (False, 0, kept.circle)
    assert not (await circles.circle(BEN)).kept


async def test_met_counts_a_source_once_and_unmet_strikes_it(
    circles: CircleService, ids: dict[str, int]
) -> None:
    await circles.keep(ANA)
    for _time in range(2):
        await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
        await tell(circles, ids["Ana"], ids["Cleo"], "seat:1")
    await tell(circles, ids["Ana"], ids["Ben"], "follow:1")
    assert await rows(circles) == (1, 2, 3)
    await untell(circles, ids["Ben"], "seat:1")
    assert await rows(circles) == (1, 2, 3)
    await untell(circles, ids["Ana"], "seat:1")
    assert [(one.name, one.count) for one in (await circles.circle(ANA)).people] == [("Ben", 1)]
    await untell(circles, ids["Ana"], "seat:1")
    assert await rows(circles) == (1, 1, 1)


async def test_unmet_keeps_who_has_a_next_step(circles: CircleService, ids: dict[str, int]) -> None:
    await circles.keep(ANA)
    await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
    (ben,) = (await circles.circle(ANA)).people
    await circles.plan(11, ben.id, step="Write", day="")
    await untell(circles, ids["Ana"], "seat:1")
    (ben,) = (await circles.circle(ANA)).people
    assert (ben.count, ben.last, ben.next_step) == (0, None, "Write")


@pytest.mark.usefixtures("ids")
async def test_add_is_for_people_one_met_and_says_no_more(circles: CircleService) -> None:
    await circles.keep(ANA)
    for person, code in ((13, "circle_not_met"), (99, "circle_not_met"), (11, "circle_self")):
        with pytest.raises(KithError, match=code):
            await circles.add(ANA, person)
    first, second = await circles.add(ANA, 12), await circles.add(ANA, 12)
    assert (first.changed, second.changed) == (True, False)
    assert first.page == second.page
    assert (first.page.person.name, first.page.person.count) == ("Ben", 0)
    assert not (await circles.circle(BEN)).kept


async def test_add_does_not_tell_that_somebody_was_barred(
    circles: CircleService, ids: dict[str, int]
) -> None:
    row_id = await with_ben(circles)
    await circles.remove_person(11, row_id)
    async with circles.store.write() as session:
        await session.execute(update(Member).where(Member.id == ids["Ben"]).values(barred_at=THEN))
    with pytest.raises(KithError, match="circle_not_met"):
        await circles.add(ANA, 12)


@pytest.mark.usefixtures("ids")
async def test_met_again_on_a_day_of_the_owners_own_zone(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    await circles.people.set_zone(ANA, "Pacific/Auckland")  # there it is the evening of the 5th
    change = await circles.met_again(11, row_id, kind="event", day="yesterday", note=f" {NOTE} ", once="1")
    (one,) = change.page.encounters
    assert (one.kind, one.note, one.day, change.changed) == ("event", NOTE, date(2026, 1, 4), True)
    assert one.at == datetime(2026, 1, 3, 23, tzinfo=UTC)
    again = await circles.met_again(11, row_id, kind="event", day="yesterday", note="", once="1")
    assert (again.changed, again.page.person.count) == (False, 1)
    now = await circles.met_again(11, row_id, kind="helped", day="", note="", once="2")
    assert [each.kind for each in now.page.encounters] == ["helped", "event"]
    assert all(each.at <= circles.clock.now() for each in now.page.encounters)
    assert now.page.encounters[0].note is None


@pytest.mark.usefixtures("ids")
async def test_in_the_morning_today_is_now_and_not_the_coming_noon(circles: CircleService) -> None:
    change = await circles.met_again(
        11, await with_ben(circles), kind="event", day="today", note="", once="1"
    )
    assert change.page.encounters[0].at == circles.clock.now()


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("kind", "day", "note", "code"),
    [
        ("introduction", "", "", "choice_unknown"),
        ("event", "tomorrow", "", "circle_day_ahead"),
        ("event", "soon", "", "circle_day_unclear"),
        ("event", "", "x" * 201, "text_too_long"),
        ("event", "", "ask <@12>", "mention_in_text"),
    ],
)
async def test_met_again_refused_writes_nothing(
    circles: CircleService, kind: str, day: str, note: str, code: str
) -> None:
    row_id = await with_ben(circles)
    with pytest.raises(KithError, match=code):
        await circles.met_again(11, row_id, kind=kind, day=day, note=note, once="1")
    assert await rows(circles) == (1, 1, 0)


@pytest.mark.usefixtures("ids")
async def test_plan_then_done(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    planned = await circles.plan(11, row_id, step=" Send the article ", day="friday")
    assert (planned.page.person.next_step, planned.page.person.next_day) == (
        "Send the article",
        date(2026, 1, 9),
    )
    assert planned.changed
    assert not (await circles.plan(11, row_id, step="Send the article", day="9 January")).changed
    with pytest.raises(KithError, match="circle_day_over"):
        await circles.plan(11, row_id, step="Send", day="yesterday")
    moved = await circles.plan(11, row_id, step="Send the article", day="")
    assert (moved.changed, moved.page.person.next_at) == (True, None)
    first, second = await circles.done(11, row_id), await circles.done(11, row_id)
    assert (first.changed, second.changed, first.page.person.next_step) == (True, False, None)


@pytest.mark.usefixtures("ids")
async def test_remove_encounter_and_person(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    made = await circles.met_again(11, row_id, kind="event", day="", note=NOTE, once="1")
    (one,) = made.page.encounters
    first = await circles.remove_encounter(11, row_id, one.id)
    assert (first.changed, first.page.person.count) == (True, 0)
    assert not (await circles.remove_encounter(11, row_id, one.id)).changed
    await circles.met_again(11, row_id, kind="event", day="", note=NOTE, once="2")
    assert (await circles.remove_person(11, row_id)).person.name == "Ben"
    assert await rows(circles) == (1, 0, 0)
    with pytest.raises(KithError, match="circle_gone"):
        await circles.remove_person(11, row_id)


async def test_an_encounter_is_removed_only_from_its_own_person(
    circles: CircleService, ids: dict[str, int]
) -> None:
    await circles.keep(ANA)
    await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
    await tell(circles, ids["Ana"], ids["Cleo"], "seat:2")
    ben, cleo = sorted((await circles.circle(ANA)).people, key=lambda one: one.name or "")
    assert cleo.last is not None
    assert not (await circles.remove_encounter(11, ben.id, cleo.last.id)).changed
    assert await rows(circles) == (1, 2, 2)


async def test_stop_deletes_everything_of_that_circle_alone(
    circles: CircleService, ids: dict[str, int]
) -> None:
    await circles.keep(ANA)
    await circles.keep(BEN)
    await circles.keep(ANA_ELSEWHERE)
    await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
    await tell(circles, ids["Ben"], ids["Ana"], "seat:2")
    assert await circles.stop(ANA)
    assert not await circles.stop(ANA)
    assert await rows(circles) == (2, 1, 1)
    assert (await circles.circle(BEN)).total == 1
    assert (await circles.circle(ANA_ELSEWHERE)).kept
    await tell(circles, ids["Ana"], ids["Ben"], "seat:1")
    assert await rows(circles) == (2, 1, 1)
    assert not await circles.stop(Who(1, "", 99, "Nobody"))


@pytest.mark.usefixtures("ids")
async def test_only_the_owner_reads_or_changes_anything(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    await circles.met_again(11, row_id, kind="event", day="", note=NOTE, once="1")
    before = await circles.person(11, row_id)
    for person in (12, 13, 99):
        for tried in (
            circles.person(person, row_id),
            circles.met_again(person, row_id, kind="event", day="", note="", once="2"),
            circles.plan(person, row_id, step="x", day=""),
            circles.done(person, row_id),
            circles.remove_encounter(person, row_id, before.encounters[0].id),
            circles.remove_person(person, row_id),
        ):
            with pytest.raises(KithError, match="not_yours"):
                await tried
    assert await circles.person(11, row_id) == before


async def test_who_is_barred_can_only_delete(circles: CircleService, ids: dict[str, int]) -> None:
    row_id = await with_ben(circles)
    await circles.met_again(11, row_id, kind="event", day="", note="", once="1")
    (one,) = (await circles.person(11, row_id)).encounters
    async with circles.store.write() as session:
        await session.execute(update(Member).where(Member.id == ids["Ana"]).values(barred_at=THEN))
    for tried in (
        circles.circle(ANA),
        circles.keep(ANA),
        circles.add(ANA, 12),
        circles.person(11, row_id),
        circles.plan(11, row_id, step="x", day=""),
    ):
        with pytest.raises(KithError, match="barred"):
            await tried
    assert (await circles.remove_encounter(11, row_id, one.id)).changed
    await circles.remove_person(11, row_id)
    assert await circles.stop(ANA)


async def test_whoever_is_deleted_becomes_a_former_member_and_the_owner_takes_all_along(
    circles: CircleService, ids: dict[str, int]
) -> None:
    row_id = await with_ben(circles)
    await circles.met_again(11, row_id, kind="gig", day="", note=NOTE, once="1")
    async with circles.store.write() as session:
        await session.execute(delete(Member).where(Member.id == ids["Ben"]))
    (one,) = (await circles.circle(ANA)).people
    assert (one.name, one.person_id, one.count) == (None, None, 1)
    assert (await circles.person(11, row_id)).encounters[0].note == NOTE
    async with circles.store.write() as session:
        await session.execute(delete(Member).where(Member.id == ids["Ana"]))
    assert await rows(circles) == (0, 0, 0)


async def test_pages_of_people_whom_they_met_last_first(circles: CircleService, ids: dict[str, int]) -> None:
    await circles.keep(ANA)
    for number in range(12):
        other = await circles.people.mine(Who(1, "Data Collective", 100 + number, f"P{number}"))
        await tell(circles, ids["Ana"], other.id, f"seat:{number}", THEN + timedelta(days=number))
    names = []
    for page in range(3):
        view = await circles.circle(ANA, page)
        assert (view.page, view.pages, view.total) == (page, 3, 12)
        names += [one.name for one in view.people]
    assert names == [f"P{number}" for number in reversed(range(12))]
    assert (await circles.circle(ANA, 99)).page == 2


@pytest.mark.usefixtures("ids")
async def test_every_encounter_is_on_one_page(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    for number in range(19):
        await circles.met_again(11, row_id, kind="other", day=f"{number} days ago", note="", once=str(number))
    pages = [await circles.person(11, row_id, page) for page in range(3)]
    shown = [each.day for page in pages for each in page.encounters]
    assert shown == [date(2026, 1, 5) - timedelta(days=number) for number in range(19)]
    assert {page.pages for page in pages} == {3}


@pytest.mark.usefixtures("ids")
async def test_notes_and_next_steps_are_sealed(circles: CircleService) -> None:
    row_id = await with_ben(circles)
    await circles.met_again(11, row_id, kind="event", day="", note=NOTE, once="1")
    await circles.plan(11, row_id, step=NOTE, day="")
    async with circles.store.read() as session:
        for query in ("SELECT note FROM encounter", "SELECT next_step FROM circle_person"):
            kept = bytes((await session.execute(text(query))).scalar_one())
            assert kept
            assert b"tide" not in kept


async def test_the_same_thing_told_at_once_is_there_once(circles: CircleService, ids: dict[str, int]) -> None:
    await asyncio.gather(*[circles.keep(ANA) for _time in range(4)])
    await asyncio.gather(*[tell(circles, ids["Ana"], ids["Ben"], "seat:1") for _time in range(6)])
    assert await rows(circles) == (1, 1, 1)


async def test_nothing_is_left_when_somebody_stops_while_it_is_written(
    circles: CircleService, ids: dict[str, int]
) -> None:
    await circles.keep(ANA)
    told = [tell(circles, ids["Ana"], ids["Ben"], f"seat:{number}") for number in range(8)]
    await asyncio.gather(*told[:4], circles.stop(ANA), *told[4:])
    assert await rows(circles) == (0, 0, 0)
