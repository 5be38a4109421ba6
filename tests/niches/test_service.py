"""Use cases of niches on a real database."""

import pytest

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.niches.service import NicheService
from bot.people.service import PeopleService, Who

ANA = Who(1, "Data Collective", 11, "Ana", "pt-BR")
BEN = Who(1, "Data Collective", 12, "Ben")


@pytest.fixture
def niches(store: Store, clock: TurnedClock) -> NicheService:
    people = PeopleService(store, clock)
    return NicheService(store, clock, Agenda(store, clock), Outbox(store, clock), people)


async def test_join_and_leave_tell_what_changed(niches: NicheService) -> None:
    assert (await niches.join(ANA, "Energy and utilities")).changed
    assert not (await niches.join(ANA, "energy")).changed
    both = await niches.join(BEN, "enrgy")
    assert (both.niche.slug, both.members) == ("energy", 2)
    assert (await niches.leave(BEN, "energy")).members == 1
    assert not (await niches.leave(BEN, "energy")).changed


async def test_browse_shows_the_largest_first_and_mine(niches: NicheService) -> None:
    await niches.join(ANA, "ocr")
    await niches.join(BEN, "ocr")
    await niches.join(BEN, "energy")
    counts = (await niches.browse(ANA)).counts
    shown = [(one.niche.slug, one.members, one.mine) for one in counts[:2]]
    assert shown == [("ocr", 2, True), ("energy", 1, False)]
    assert len(counts) == len(niches.people.catalogue.niches)
    assert [niche.slug for niche in await niches.search(BEN, "", mine=True)] == ["energy", "ocr"]


async def test_niches_are_full_in_words(niches: NicheService) -> None:
    slugs = list(niches.people.catalogue.niches)
    await niches.join_all(ANA, slugs[:10])
    with pytest.raises(KithError, match="niches_full"):
        await niches.join(ANA, slugs[10])


async def test_joining_several_joins_all_or_none(niches: NicheService) -> None:
    with pytest.raises(KithError, match="niche_nowhere"):
        await niches.join_all(ANA, ["ocr", "qqqqzzzz"])
    assert await niches.search(ANA, "", mine=True) == []
