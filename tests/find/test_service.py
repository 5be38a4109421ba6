"""Use cases of finding, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.core.errors import KithError
from bot.find.directory import held
from bot.find.tables import Facet, Search
from bot.people.service import ProfileEdit
from bot.people.tables import CommunityNiche, Member
from tests.find.world import DAY, World, names, who


async def test_search_finds_those_who_fit_all_newest_first(world: World) -> None:
    await world.member(2, "energy", offers=("sql",), stage="booked", languages=("pt",))
    await world.member(3, "energy", offers=("sql",), stage="building", disciplines=("analyst",))
    await world.member(4, "ocr", offers=("sql",), direction="product", open_for_work=True)
    await world.member(5, "energy", community=20)
    assert await world.names(1) == ["4", "3", "2"]
    assert await world.names(1, niche="energy") == ["3", "2"]
    assert await world.names(1, niche="energy", offer="sql", stage="booked") == ["2"]
    assert await world.names(1, discipline="analyst", niche="enrgy") == ["3"]
    assert await world.names(1, direction="product", open_for_work=True) == ["4"]
    assert await world.names(1, language="portuguese") == ["2"]
    assert await world.names(1, niche="ocr", stage="booked") == []


async def test_nobody_finds_themselves(world: World) -> None:
    await world.member(1, "energy")
    await world.member(2, "energy")
    assert await world.names(1, niche="energy") == ["2"]
    assert await world.names(2) == ["1"]


async def test_only_listed_members_are_found_and_they_vanish_at_once(world: World) -> None:
    await world.people.edit_profile(who(2), ProfileEdit(stage="booked"))
    assert await world.names(1, stage="booked") == []
    await world.people.list_me(who(2), listed=True)
    assert await world.names(1, stage="booked") == ["2"]
    await world.people.list_me(who(2), listed=False)
    assert await world.names(1, stage="booked") == []
    await world.people.list_me(who(2), listed=True)
    async with world.store.write() as session:
        await world.people.stop_person(session, 2)
    assert await world.names(1) == []


async def test_a_barred_member_is_neither_found_nor_finds(world: World) -> None:
    them = await world.member(2, "energy")
    page = await world.search(1)
    async with world.store.write() as session:
        (await session.get_one(Member, them.id)).barred_at = world.clock.now()
        await world.people.changed(session, them.id)
    assert await world.facets(them.id) == set()
    with pytest.raises(KithError, match="barred"):
        await world.search(2)
    with pytest.raises(KithError, match="find_left"):
        await world.find.look(1, page.search_id, them.id)


async def test_open_for_work_runs_out(world: World) -> None:
    them = await world.member(2, open_for_work=True)
    assert await world.names(1, open_for_work=True) == ["2"]
    await world.clock.advance(timedelta(days=14))
    assert await world.names(1, open_for_work=True) == []
    assert ("open", "yes") in await world.facets(them.id)
    await world.settle()
    assert ("open", "yes") not in await world.facets(them.id)
    assert await world.names(1) == ["2"]


async def test_only_differences_are_written(world: World) -> None:
    them = await world.member(2, "energy", offers=("sql", "dbt"), stage="booked")
    async with world.store.write() as session:
        await session.execute(
            update(Facet).where(Facet.member_id == them.id, Facet.value == "sql").values(value="marked")
        )
        view = await world.people.view(session, them.id)
        rows = await held(session, them.id)
        await world.find.follow(session, view)
        assert rows - await held(session, them.id) == {("offer", "marked")}
    await world.people.edit_profile(who(2), ProfileEdit(offers=("dbt",), stage="building"))
    assert await world.facets(them.id) == {
        ("any", "yes"), ("niche", "energy"), ("offer", "dbt"), ("stage", "building"),
    }  # fmt: skip


async def test_what_is_shown_of_those_found_follows_visibility_and_acquaintance(world: World) -> None:
    await world.member(2, "energy", headline="Grids", stage="booked", visibility={"stage": "matches"})
    (seen,) = (await world.search(1, niche="energy")).members
    assert (seen.headline, seen.stage, seen.comfort) == ("Grids", None, "")

    async def everyone_met(*_: object) -> bool:
        return True

    world.people.acquainted.append(everyone_met)
    (seen,) = (await world.search(1, niche="energy")).members
    assert (seen.stage, seen.comfort) == ("booked", "text")
    assert await world.names(1, stage="booked") == []  # found only by what everybody sees


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"niche": "qqqqzzzz"}, "niche_nowhere"),
        ({"offer": "data"}, "find_offer_unknown"),
        ({"offer": "qqqqzzzz"}, "find_offer_nowhere"),
        ({"language": "qqqqzzzz"}, "find_language_nowhere"),
        ({"stage": "king"}, "choice_unknown"),
        ({"direction": "down"}, "choice_unknown"),
        ({"discipline": "alchemy"}, "choice_unknown"),
    ],
)
async def test_search_refuses_what_is_in_no_list(world: World, wanted: dict[str, str], code: str) -> None:
    with pytest.raises(KithError, match=code):
        await world.search(1, **wanted)


async def test_pages_turn_both_ways(world: World) -> None:
    for number in range(2, 14):
        await world.member(number, "energy")
    first = await world.search(1, niche="energy")
    second = await world.turn(1, first)
    third = await world.turn(1, second)
    assert [names(page) for page in (first, second, third)] == [
        ["13", "12", "11", "10", "9"], ["8", "7", "6", "5", "4"], ["3", "2"],
    ]  # fmt: skip
    assert (first.newer, third.older) == (None, None)
    assert names(await world.turn(1, third, "newer")) == names(second)
    back = await world.turn(1, second, "newer")
    assert (names(back), back.newer) == (names(first), None)


async def test_a_page_whose_members_all_left_says_so(world: World) -> None:
    for number in range(2, 9):
        await world.member(number)
    first = await world.search(1)
    for number in (2, 3):
        await world.people.list_me(who(number), listed=False)
    page = await world.turn(1, first)
    assert (page.members, page.over, page.wider) == ((), True, ())


async def test_only_the_searcher_turns_pages_and_only_there(world: World) -> None:
    page = await world.search(1)
    with pytest.raises(KithError, match="not_yours"):
        await world.find.page(2, page.search_id, "older", 0)
    with pytest.raises(KithError, match="find_gone"):
        await world.find.page(1, page.search_id, "older", 0, 20)
    with pytest.raises(KithError, match="find_gone"):
        await world.find.page(1, 99_999, "older", 0, 10)
    assert (await world.find.page(1, page.search_id, "older", 0, 10)).search_id == page.search_id


async def test_look_shows_only_members_of_the_same_community(world: World) -> None:
    here, there = await world.member(2, "energy"), await world.member(3, community=20)
    page = await world.search(1)
    assert (await world.find.look(1, page.search_id, here.id)).name == "Member 2"
    with pytest.raises(KithError, match="find_left"):
        await world.find.look(1, page.search_id, there.id)


async def test_widen_says_how_many_there_would_be(world: World) -> None:
    for number in range(2, 5):
        await world.member(number, "energy")
    await world.member(5, stage="booked")
    page = await world.search(1, niche="energy", stage="booked", offer="sql")
    assert page.wider == ()  # leaving one out is not enough
    page = await world.search(1, niche="energy", stage="booked")
    assert [(one.without, one.name, one.count, one.more) for one in page.wider] == [
        ("niche", "Energy and utilities", 1, False), ("stage", "Booked", 3, False),
    ]  # fmt: skip
    assert names(await world.find.widen(1, page.search_id, "stage")) == ["4", "3", "2"]
    assert (await world.find.page(1, page.search_id, "older", 0)).members == ()


async def test_old_searches_are_forgotten_but_not_the_kept_ones(world: World) -> None:
    old, kept = await world.search(1), await world.search(1, stage="booked")
    others = await world.search(2)
    await world.find.keep(1, kept.search_id)
    await world.clock.advance(30 * DAY)
    await world.search(1)
    await world.find.page(1, old.search_id, "older", 0)
    await world.clock.advance(DAY)
    await world.search(1)
    with pytest.raises(KithError, match="find_gone"):
        await world.find.page(1, old.search_id, "older", 0)
    await world.find.page(1, kept.search_id, "older", 0)
    await world.find.page(2, others.search_id, "older", 0)


async def test_suggestions_are_the_best_with_reasons_and_new_ones_first(world: World) -> None:
    await world.member(1, "energy", "ocr", asks=("pricing",), offers=("sql",))
    one = await world.member(2, "energy", headline="One niche")
    two = await world.member(3, "energy", "ocr")
    three = await world.member(4, offers=("pricing",))
    four = await world.member(5, asks=("sql",))
    await world.member(6, "finance")
    await world.member(7, "energy", visibility={"niches": "matches"})
    await world.people.edit_profile(who(8), ProfileEdit(offers=("pricing",)))
    found = await world.find.suggestions(who(1))
    assert [(each.view.id, each.reasons[0].name) for each in found] == [
        (two.id, "niche"), (one.id, "niche"), (three.id, "gets"),
    ]  # fmt: skip

    async def met_two(_session: object, me: int, other: int) -> bool:
        return two.id in (me, other)

    world.people.acquainted.append(met_two)
    found = await world.find.suggestions(who(1), most=4)
    assert [each.view.id for each in found] == [one.id, three.id, four.id, two.id]
    assert await world.find.suggestions(who(99)) == []


async def test_suggestions_never_tell_what_is_for_matches(world: World) -> None:
    await world.member(1, "energy")
    await world.member(2, "energy", stage="booked", visibility={"stage": "matches"})
    (found,) = await world.find.suggestions(who(1))
    assert [reason.name for reason in found.reasons] == ["niche", "new"]
    assert found.view.stage is None


async def test_a_merged_niche_is_still_found_by_an_old_search(world: World) -> None:
    await world.member(2, "energy")
    page = await world.search(1, niche="ocr")
    async with world.store.write() as session:
        row = CommunityNiche(
            community_id=10, slug="ocr", name="OCR", axis="technique", into="energy", aliases=[]
        )
        session.add(row)
    again = await world.find.page(1, page.search_id, "older", 0)
    assert names(again) == ["2"]
    assert again.asked.filters[0][2] == "Energy and utilities"


async def test_two_devices_at_once_leave_one_true_directory(world: World) -> None:
    them = await world.member(2, "energy")
    edits = (ProfileEdit(offers=("sql",)), ProfileEdit(stage="booked"), ProfileEdit(languages=("pt",)))
    await asyncio.gather(*(world.people.edit_profile(who(2), edit) for edit in edits))
    await world.people.edit_profile(who(2), ProfileEdit(headline="Grids"))
    assert await world.facets(them.id) == {
        ("any", "yes"), ("niche", "energy"), ("offer", "sql"), ("stage", "booked"), ("language", "pt"),
    }  # fmt: skip


async def test_a_deleted_member_leaves_nothing_behind(world: World) -> None:
    await world.member(1, "energy")
    them = await world.member(2, "energy")
    page = await world.search(2, niche="ocr")
    await world.find.keep(2, page.search_id)
    async with world.store.write() as session:
        await session.delete(await session.get_one(Member, them.id))
        await session.flush()
        assert await session.scalar(select(func.count()).select_from(Search)) == 0
        query = select(func.count()).where(Facet.member_id == them.id)
        assert await session.scalar(query) == 0
    assert await world.names(1) == []
