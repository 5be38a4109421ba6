"""An export holds all of a person and nothing of what others keep to themselves."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.core.clock import TurnedClock
from bot.core.seal import Sealer
from bot.intros.tables import IntroRequest
from bot.privacy import rules
from bot.privacy.service import Exported
from bot.vouches.tables import Vouch
from cogs.privacy import cards
from tests.privacy.test_residue import lived
from tests.privacy.world import ANA, BEN, CLEO, HERE, NAMES, World, mark, opened, who

TYPED = (
    "headline", "commitment", "win", "draft", "search", "niche", "title", "description", "terms",
    "pitch", "vouch", "report", "request", "step", "note",
)  # fmt: skip


@pytest.fixture
async def world(database_url: str, clock: TurnedClock) -> AsyncIterator[World]:
    async with opened(database_url, clock) as made:
        yield made


async def test_everything_typed_is_there_and_nothing_that_others_typed_for_themselves(world: World) -> None:
    await lived(world)
    exported = await world.app.privacy.export(ANA)
    for text in (json.dumps(exported.data, ensure_ascii=False), exported.page):
        assert [what for what in TYPED if mark(ANA, what) not in text] == []
        secret = {*TYPED, "bar"} - {"vouch", "request"}  # those two were written to them
        theirs = [mark(other, what) for other in (BEN, CLEO) for what in secret]
        assert [found for found in theirs if found in text] == []
        assert str(await world.member(ANA)) not in text
    (here,) = exported.data["communities"]
    assert {one["receiver"] for one in here["vouches"] if "receiver" in one} == {NAMES[BEN]}
    assert {one["giver"] for one in here["vouches"] if "giver" in one} == {NAMES[BEN], NAMES[CLEO]}
    assert exported.data["decided as a moderator"][0]["action"] == "round.run"


async def test_a_no_that_was_said_in_silence_is_not_in_the_askers_export(world: World) -> None:
    await lived(world)
    ana, ben = await world.member(ANA), await world.member(BEN)
    async with world.store.write() as session:
        await session.execute(update(IntroRequest).values(state="waiting", decided_at=None))
        await session.execute(update(Vouch).values(state="offered", decided_at=None))
    before = [await exported(world, person) for person in (ANA, BEN)]
    async with world.store.write() as session:
        no = {"state": "declined", "decided_at": world.now}
        await session.execute(update(IntroRequest).where(IntroRequest.from_id == ana).values(no))
        await session.execute(update(Vouch).where(Vouch.giver_id == ana, Vouch.receiver_id == ben).values(no))
    after = [await exported(world, person) for person in (ANA, BEN)]
    assert after[0] == before[0]
    assert after[1] != before[1]  # whoever said no may read that they did


async def exported(world: World, person: int) -> tuple[object, object]:
    """What an export says of vouches and of introductions asked for."""
    (here,) = (await world.app.privacy.export(person)).data["communities"]
    return here["vouches"], here["introductions asked for"]


async def test_after_going_a_bar_is_all_that_is_left_and_it_is_told(world: World) -> None:
    member = (await world.app.people.mine(who(ANA))).id
    await world.app.safety.bar(who(BEN), ANA, NAMES[ANA], "")
    assert await world.app.privacy.erase(ANA, None)
    assert await world.traces(ANA, member) == []
    assert not (await world.app.privacy.held(ANA)).anything
    (bar,) = (await world.app.privacy.export(ANA)).data["bars_kept_as_a_hash"]
    assert datetime.fromisoformat(bar["until"]) == world.now + timedelta(days=180)
    assert bar["community"] == f"Community {HERE}"
    assert "bars_kept_as_a_hash" not in (await world.app.privacy.export(CLEO)).data


def test_marks_tell_people_apart_and_keys_too() -> None:
    one, other = Sealer(["a" * 40]), Sealer(["b" * 40])
    assert one.mark("1:2") == Sealer(["a" * 40, "b" * 40]).mark("1:2")
    assert len({one.mark("1:2"), one.mark("1:3"), one.mark("12:3"), other.mark("1:2")}) == 4
    assert one.fingerprint not in one.mark("1:2")


def test_files_that_are_too_large_come_in_one_archive() -> None:
    small = cards.export_files(Exported({"a": 1}, "page"))
    assert [file.filename for file in small] == ["kith-export.json", "kith-export.md"]
    (packed,) = cards.export_files(Exported({"a": "x" * cards.FILE_MAX}, "page"))
    assert packed.filename == "kith-export.zip"
    assert len(packed.fp.read()) < cards.FILE_MAX


values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
groups = st.dictionaries(st.text(min_size=1), values, max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from("abc"), values | groups | st.lists(groups, max_size=2)))
def test_any_data_becomes_a_page(data: dict[str, object]) -> None:
    page = rules.page(data, "All")
    assert page.startswith("# All\n")
    for name in data:
        assert name in page.lower()


def test_old_is_older_than_the_days_it_is_kept() -> None:
    assert rules.before(datetime(2026, 1, 31, tzinfo=UTC), 30) == datetime(2026, 1, 1, tzinfo=UTC)
