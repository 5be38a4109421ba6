"""Use cases of profiles, niches, zones and consents."""

from datetime import timedelta

import pytest

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people.service import PeopleService, ProfileEdit, Who

ANA = Who(1, "Data Collective", 11, "Ana", "pt-BR")
BEN = Who(1, "Data Collective", 12, "Ben")


@pytest.fixture
def people(store: Store, clock: TurnedClock) -> PeopleService:
    return PeopleService(store, clock)


async def test_knowing_someone_twice_makes_one_member(people: PeopleService) -> None:
    first = await people.mine(ANA)
    again = await people.mine(Who(1, "Renamed", 11, "Ana Lima"))
    assert (again.id, again.name) == (first.id, "Ana Lima")
    async with people.store.read() as session:
        community = await people.community(session, 1)
    assert community is not None
    assert community.name == "Renamed"


async def test_edit_profile_keeps_what_was_not_touched(people: PeopleService) -> None:
    first = ProfileEdit(headline=" Grids \n and OCR ", stage="booked", offers=("sql",))
    await people.edit_profile(ANA, first)
    view = (await people.edit_profile(ANA, ProfileEdit(disciplines=("analyst",), comfort="video"))).view
    assert (view.headline, view.stage, view.discipline, view.comfort) == (
        "Grids and OCR", "booked", "analyst", "video",
    )  # fmt: skip
    assert view.offers == ("sql",)


async def test_edit_profile_empties_what_was_emptied(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(headline="Grids", stage="booked", asks=("pricing",)))
    view = (await people.edit_profile(ANA, ProfileEdit(headline="", stage="", asks=()))).view
    assert (view.headline, view.stage, view.asks) == ("", None, ())
    assert not view.has_profile


async def test_one_menu_of_skills_leaves_the_other_alone(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(offers=("pricing",)), group="business")
    await people.edit_profile(ANA, ProfileEdit(offers=("sql", "dbt")), group="technical")
    view = (await people.edit_profile(ANA, ProfileEdit(offers=("scoping",)), group="business")).view
    assert view.offers == ("dbt", "scoping", "sql")


async def test_a_refused_edit_changes_nothing(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(headline="Grids", offers=("sql",)))
    for edit in (
        ProfileEdit(headline="x" * 200, offers=("dbt",)),
        ProfileEdit(headline="\u200b", stage="booked"),
        ProfileEdit(stage="king"),
        ProfileEdit(comfort=""),
        ProfileEdit(offers=("alchemy",)),
    ):
        with pytest.raises(KithError):
            await people.edit_profile(ANA, edit)
    view = await people.mine(ANA)
    assert (view.headline, view.stage, view.offers) == ("Grids", None, ("sql",))


async def test_a_profile_is_shown_only_once_it_is_written(people: PeopleService) -> None:
    await people.mine(BEN)
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(ANA, 12)
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(ANA, 99)
    await people.edit_profile(BEN, ProfileEdit(headline="Pipelines"))
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(ANA, 12)
    await people.list_me(BEN, listed=True)
    assert (await people.profile_of(ANA, 12)).headline == "Pipelines"


async def test_profiles_are_not_shared_between_communities_but_the_zone_is(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(headline="Grids"))
    await people.set_zone(ANA, "lisboa")
    elsewhere = await people.mine(Who(2, "Other", 11, "Ana"))
    assert (elsewhere.headline, elsewhere.zone) == ("", "Europe/Lisbon")


async def test_set_zone_tells_the_time_there(people: PeopleService, clock: TurnedClock) -> None:
    chosen = await people.set_zone(ANA, "mumbai")
    assert chosen.local_now.utcoffset() == timedelta(hours=5.5)
    assert chosen.local_now == clock.now()
    with pytest.raises(KithError, match="city_unknown"):
        await people.set_zone(ANA, "atlantis")
    assert (await people.mine(ANA)).zone == "Asia/Kolkata"


async def test_consent_is_given_once_withdrawn_once_and_given_again(people: PeopleService) -> None:
    me = await people.mine(ANA)
    async with people.store.write() as session:
        assert await people.consent(session, me.id, "introductions")
        assert not await people.consent(session, me.id, "introductions")
        assert await people.consented(session, 1, "introductions") == [me.id]
        assert await people.consented(session, 1, "gigs") == []
        assert await people.withdraw(session, me.id, "introductions")
        assert not await people.withdraw(session, me.id, "introductions")
        assert not await people.has_consent(session, me.id, "introductions")
        assert await people.consent(session, me.id, "introductions")
        assert await people.has_consent(session, me.id, "introductions")


async def test_stop_takes_every_yes_back_until_a_new_one(people: PeopleService) -> None:
    here, there = await people.mine(ANA), await people.mine(Who(2, "Other", 11, "Ana"))
    async with people.store.write() as session:
        await people.consent(session, here.id, "introductions")
        await people.consent(session, there.id, "gigs")
        await people.stop_person(session, 11)
        assert await people.consented(session, 1, "introductions") == []
        assert await people.consented(session, 2, "gigs") == []
        await people.consent(session, here.id, "gigs")
        assert await people.consented(session, 1, "gigs") == [here.id]


async def test_views_of_many_leave_the_unknown_out(people: PeopleService) -> None:
    ids = [(await people.mine(Who(1, "Data Collective", 100 + n, f"M{n}"))).id for n in range(30)]
    async with people.store.read() as session:
        found = await people.views(session, [*ids, 99_999, *range(200_000, 201_500)])
        with pytest.raises(KithError, match="no_profile"):
            await people.view(session, 99_999)
    assert sorted(found) == sorted(ids)
