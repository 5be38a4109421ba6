"""Use cases of the profile's later forms: hours, links, workload, who may find and see a member."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.people import hours
from bot.people.service import MemberView, PeopleService, ProfileEdit, Who
from bot.people.tables import Member
from bot.people.visibility import DEFAULTS

ANA = Who(1, "Data Collective", 11, "Ana")
BEN = Who(1, "Data Collective", 12, "Ben")
CLEO = Who(1, "Data Collective", 13, "Cleo")


@pytest.fixture
def people(store: Store, clock: TurnedClock) -> PeopleService:
    return PeopleService(store, clock)


def introduce(people: PeopleService, *pairs: tuple[int, int]) -> None:
    """Say of these members, by id, that Kith brought them together."""

    async def met(_session: AsyncSession, one: int, other: int) -> bool:
        return (one, other) in pairs or (other, one) in pairs

    people.acquainted.append(met)


async def test_edit_profile_keeps_every_new_field(people: PeopleService, clock: TurnedClock) -> None:
    edit = ProfileEdit(
        disciplines=("product", "analyst"),
        enjoys=("dbt",),
        weak=("contracts", "pricing"),
        languages=("uk", "en"),
        contact_hours=("sun-evening", "mon-morning"),
        workload=(10, 2),
        open_for_work=True,
        links={"github": "octocat", "site": "", "portfolio": "ana.dev/work"},
        visibility={"stage": "nobody", "headline": "members"},
    )
    view = (await people.edit_profile(ANA, edit)).view
    assert view == await people.mine(ANA)
    assert view.disciplines == ("analyst", "product")
    assert (view.enjoys, view.weak) == (("dbt",), ("contracts", "pricing"))
    assert view.languages == ("en", "uk")
    assert view.contact_hours == ("mon-morning", "sun-evening")
    assert (view.hours_open, view.clients) == (10, 2)
    assert view.open_until == clock.now() + timedelta(days=14)
    assert dict(view.links) == {"github": "https://github.com/octocat", "portfolio": "https://ana.dev/work"}
    assert view.visibility == (("stage", "nobody"),)
    again = (await people.edit_profile(ANA, ProfileEdit(headline="Grids"))).view
    assert (again.links, again.open_until, again.weak) == (view.links, view.open_until, view.weak)


async def test_the_usual_hours_are_kept_as_nothing_chosen(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(contact_hours=("sat-evening",)))
    view = (await people.edit_profile(ANA, ProfileEdit(contact_hours=tuple(reversed(hours.DEFAULT))))).view
    assert view.contact_hours == ()
    with pytest.raises(KithError, match="choice_unknown"):
        await people.edit_profile(ANA, ProfileEdit(contact_hours=("mon-night",)))


async def test_being_open_for_work_ends_by_itself(people: PeopleService, clock: TurnedClock) -> None:
    await people.edit_profile(ANA, ProfileEdit(open_for_work=True))
    await clock.advance(timedelta(days=13))
    assert (await people.mine(ANA)).open_for_work(clock.now())
    await people.edit_profile(ANA, ProfileEdit(open_for_work=True))
    await clock.advance(timedelta(days=13))
    assert (await people.mine(ANA)).open_for_work(clock.now())
    await clock.advance(timedelta(days=1))
    assert not (await people.mine(ANA)).open_for_work(clock.now())
    await people.edit_profile(ANA, ProfileEdit(open_for_work=True))
    assert (await people.edit_profile(ANA, ProfileEdit(open_for_work=False))).view.open_until is None


@pytest.mark.parametrize(
    ("workload", "is_open", "word"),
    [
        ((10, 3), True, None),
        ((10, 4), False, "many_clients"),
        ((0, 4), True, "many_clients"),
        ((0, 1), True, "no_hours_open"),
        ((0, None), False, None),
        ((None, None), True, None),
    ],
)
async def test_a_gentle_word_fits_the_workload(
    people: PeopleService, workload: tuple[int | None, int | None], is_open: bool, word: str | None
) -> None:
    saved = await people.edit_profile(ANA, ProfileEdit(workload=workload, open_for_work=is_open))
    assert saved.word == word
    assert (saved.view.hours_open, saved.view.clients) == workload
    assert (await people.edit_profile(ANA, ProfileEdit(headline="Grids"))).word is None


async def test_the_hint_is_given_once_ever_and_only_when_it_fits(people: PeopleService) -> None:
    assert (await people.edit_profile(ANA, ProfileEdit(headline="Grids"))).hint is None
    assert (await people.edit_profile(ANA, ProfileEdit(headline="Grids"), may_hint=True)).hint == "niches"
    for _time in range(3):
        assert (await people.edit_profile(ANA, ProfileEdit(headline=""), may_hint=True)).hint is None


async def test_two_hints_at_once_are_one(people: PeopleService) -> None:
    await people.mine(ANA)
    edits = [people.edit_profile(ANA, ProfileEdit(stage="booked"), may_hint=True) for _time in range(4)]
    assert [saved.hint for saved in await asyncio.gather(*edits)].count("niches") == 1


async def test_two_devices_at_once_lose_nothing_of_each_other(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(offers=("sql", "pricing"), headline="Before"))
    await asyncio.gather(
        people.edit_profile(ANA, ProfileEdit(offers=("scoping",)), group="business"),
        people.edit_profile(ANA, ProfileEdit(offers=("dbt",)), group="technical"),
        people.edit_profile(ANA, ProfileEdit(headline="After", stage="booked")),
        people.edit_profile(ANA, ProfileEdit(workload=(5, 1))),
        people.edit_profile(ANA, ProfileEdit(links={"github": "octocat"})),
    )
    view = await people.mine(ANA)
    assert view.offers == ("dbt", "scoping")
    assert (view.headline, view.stage, view.hours_open, len(view.links)) == ("After", "booked", 5, 1)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (ProfileEdit(links={"github": "https://gitlab.com/ana"}), "link_wrong_site"),
        (ProfileEdit(links={"site": "javascript:alert(1)"}), "link_unsafe"),
        (ProfileEdit(links={"site": "not an address"}), "link_"),
        (ProfileEdit(links={"portfolio": "a.dev/" + "x" * 300}), "link_too_long"),
        (ProfileEdit(languages=("en", "de", "fr", "es", "it", "pt", "uk")), "too_many_choices"),
        (ProfileEdit(disciplines=("analyst", "product", "designer", "ml-engineer")), "too_many_choices"),
        (ProfileEdit(workload=(81, None)), "number_needed"),
        (ProfileEdit(workload=(1, -1)), "number_needed"),
        (ProfileEdit(visibility={"weak": "members"}), "matches_only"),
    ],
)
async def test_what_cannot_be_kept_is_refused_whole(
    people: PeopleService, edit: ProfileEdit, code: str
) -> None:
    before = (await people.edit_profile(ANA, ProfileEdit(headline="Grids"))).view
    with pytest.raises(KithError, match=code):
        await people.edit_profile(ANA, edit, listed=True)
    assert await people.own(ANA) == (before, False)


async def test_too_many_skills_over_both_menus_are_refused(people: PeopleService) -> None:
    business = ("pricing", "scoping", "contracts", "proposals", "negotiation")
    await people.edit_profile(ANA, ProfileEdit(asks=business), group="business")
    with pytest.raises(KithError, match="too_many_skills"):
        await people.edit_profile(ANA, ProfileEdit(asks=("sql", "dbt", "r", "python")), group="technical")
    assert len((await people.mine(ANA)).asks) == 5


async def test_list_me_says_whether_it_changed_anything(people: PeopleService) -> None:
    followed: list[int] = []

    async def follow(_session: AsyncSession, view: MemberView) -> None:
        followed.append(view.id)

    people.on_profile.append(follow)
    assert not await people.listed(ANA)
    assert [await people.list_me(ANA, listed=True) for _time in range(2)] == [True, False]
    assert await people.listed(ANA)
    assert not await people.listed(BEN)
    assert [await people.list_me(ANA, listed=False) for _time in range(2)] == [True, False]
    assert not await people.listed(ANA)
    assert len(followed) == 2


async def test_one_form_sets_who_finds_and_who_sees(people: PeopleService) -> None:
    hidden = dict.fromkeys(DEFAULTS, "nobody") | {"headline": "members"}
    await people.edit_profile(ANA, ProfileEdit(headline="Grids", stage="booked"))
    await people.edit_profile(ANA, ProfileEdit(visibility=hidden), listed=True)
    view, listed = await people.own(ANA)
    assert listed
    assert view.stage == "booked"
    seen = await people.profile_of(BEN, 11)
    assert (seen.headline, seen.stage, seen.comfort) == ("Grids", None, "")
    await people.edit_profile(ANA, ProfileEdit(visibility=dict(DEFAULTS)), listed=False)
    assert (await people.own(ANA))[1] is False
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(BEN, 11)


async def test_strangers_members_and_matches_see_what_is_theirs(people: PeopleService) -> None:
    edit = ProfileEdit(headline="Grids", stage="booked", weak=("contracts",), visibility={"stage": "nobody"})
    ana = (await people.edit_profile(ANA, edit)).view
    ben, _cleo = await people.mine(BEN), await people.mine(CLEO)
    introduce(people, (ana.id, ben.id))
    match = await people.profile_of(BEN, 11)
    assert (match.headline, match.stage, match.weak) == ("Grids", None, ("contracts",))
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(CLEO, 11)
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(Who(2, "Elsewhere", 12, "Ben"), 11)
    await people.list_me(ANA, listed=True)
    member = await people.profile_of(CLEO, 11)
    assert (member.headline, member.weak) == ("Grids", ())
    newcomer = await people.profile_of(Who(1, "Data Collective", 99, "New"), 11)
    assert newcomer.headline == "Grids"
    assert (await people.profile_of(ANA, 11)).stage == "booked"


async def test_a_profile_hidden_from_all_looks_like_none(people: PeopleService) -> None:
    edit = ProfileEdit(headline="Grids", visibility=dict.fromkeys(DEFAULTS, "nobody"))
    await people.edit_profile(ANA, edit, listed=True)
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(BEN, 11)


async def test_who_is_barred_neither_looks_nor_is_looked_at(people: PeopleService) -> None:
    await people.edit_profile(ANA, ProfileEdit(headline="Grids"), listed=True)
    await people.edit_profile(BEN, ProfileEdit(headline="Pipelines"), listed=True)
    barred = await people.mine(BEN)
    async with people.store.write() as session:
        (await session.get_one(Member, barred.id)).barred_at = people.clock.now()
    with pytest.raises(KithError, match="barred"):
        await people.profile_of(BEN, 11)
    with pytest.raises(KithError, match="no_profile"):
        await people.profile_of(ANA, 12)
