"""Whatever members do between two pages: nobody twice, nobody skipped, nobody seen who hides."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.clock import TurnedClock
from bot.core.seal import Sealer
from bot.core.store import Store
from bot.people.service import ProfileEdit
from bot.people.visibility import AUDIENCES
from tests.conftest import KEY, MONDAY
from tests.databases import SQLiteTemplate
from tests.find.world import World, names, who

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEMBERS = range(2, 20)
HIDEABLE = ("niches", "offers", "stage", "direction", "languages", "disciplines", "open_for_work")

# What happens before each turn of a page: members by number, listed or not listed any more.
changes = st.lists(
    st.lists(st.tuples(st.sampled_from([*MEMBERS, *range(30, 36)]), st.booleans()), max_size=5), max_size=6
)


def played(template: SQLiteTemplate, story: Any) -> None:
    """Play a story on a fresh database."""

    async def run(url: str) -> None:
        store = Store(url, Sealer([KEY]))
        try:
            await story(World(store, TurnedClock(MONDAY, frozen=True)))
        finally:
            await store.close()

    with template.copy() as url:
        started: Coroutine[Any, Any, None] = run(url)
        asyncio.run(started)


@FEW
@given(changes)
def test_paging_shows_who_stays_exactly_once(
    sqlite_template: SQLiteTemplate, turns: list[list[tuple[int, bool]]]
) -> None:
    async def story(world: World) -> None:
        for number in MEMBERS:
            await world.member(number, stage="booked" if number % 4 else "building")
        stayed = {number for number in MEMBERS if number % 4}
        page, seen = await world.search(1, stage="booked"), []
        for turn in [*turns, *([[]] * len(MEMBERS))]:
            seen += [int(name) for name in names(page)]
            for number, listed in turn:
                if number not in MEMBERS:
                    await world.people.edit_profile(who(number), ProfileEdit(stage="booked"))
                await world.people.list_me(who(number), listed=listed)
                stayed -= {number}
            if page.older is None:
                break
            page = await world.turn(1, page)
        assert len(seen) == len(set(seen))
        assert stayed <= set(seen)

    played(sqlite_template, story)


@FEW
@given(
    st.dictionaries(st.sampled_from(HIDEABLE), st.sampled_from(AUDIENCES)),
    st.booleans(),
)
def test_a_member_is_never_found_by_what_they_hide(
    sqlite_template: SQLiteTemplate, visibility: dict[str, str], listed: bool
) -> None:
    parts: dict[str, dict[str, Any]] = {
        "niches": {"niche": "energy"}, "offers": {"offer": "sql"}, "stage": {"stage": "booked"},
        "direction": {"direction": "product"}, "languages": {"language": "pt"},
        "disciplines": {"discipline": "analyst"}, "open_for_work": {"open_for_work": True},
    }  # fmt: skip

    async def story(world: World) -> None:
        them = await world.member(
            2, "energy", offers=("sql",), stage="booked", direction="product", languages=("pt",),
            disciplines=("analyst",), open_for_work=True, visibility=visibility,
        )  # fmt: skip
        if not listed:
            await world.people.list_me(who(2), listed=False)
        for part, wanted in parts.items():
            visible = listed and visibility.get(part, "members") == "members"
            assert await world.names(1, **wanted) == (["2"] if visible else [])
        for shown in (await world.search(1)).members:
            for part, field in (("niches", "niches"), ("offers", "offers"), ("stage", "stage")):
                if visibility.get(part, "members") != "members":
                    assert not getattr(shown, field)
        assert (await world.facets(them.id) != set()) == listed

    played(sqlite_template, story)
