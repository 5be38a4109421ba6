"""Merging, renaming and importing niches."""

import asyncio
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.people.rules import NICHES_MAX
from tests.niches.world import ANA, BEN, MIA, World, who

SLUGS = ["energy", "ocr", "nlp", "rag", "llm", "legal", "hr", "media", "gaming", "sports", "travel", "retail"]
numbers = count(1000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    memberships=st.lists(st.sets(st.sampled_from(SLUGS), max_size=NICHES_MAX), min_size=1, max_size=6),
    merges=st.lists(st.permutations(SLUGS).map(lambda order: order[:2]), min_size=1, max_size=4),
)
async def test_merging_loses_nobody_and_doubles_nobody(
    world: World, memberships: list[set[str]], merges: list[list[str]]
) -> None:
    place = next(numbers)
    members = [who(place * 10 + number, place) for number in range(len(memberships))]
    outsider = who(1, place + 1_000_000)
    await world.niches.join_all(outsider, SLUGS[:NICHES_MAX])
    for member, slugs in zip(members, memberships, strict=True):
        await world.people.mine(member)
        if slugs:
            await world.niches.join_all(member, sorted(slugs))
    lives = {slug: slug for slug in SLUGS}
    for source, target in merges:
        if lives[source] != source or lives[target] != target:
            with pytest.raises(KithError, match="niche_merged"):
                await world.niches.merge(members[0], source, target)
            continue
        done = await world.niches.merge(members[0], source, target)
        assert done.moving == sum(source in {lives[one] for one in slugs} for slugs in memberships)
        lives = {slug: target if now == source else now for slug, now in lives.items()}
    for member, slugs in zip(members, memberships, strict=True):
        assert sorted(await world.niches_of(member)) == sorted({lives[one] for one in slugs})
    assert len(await world.niches_of(outsider)) == NICHES_MAX


async def test_the_names_of_a_merged_niche_find_the_other(world: World) -> None:
    await world.niches.join(ANA, "nlp")
    preview = await world.niches.merge_preview(MIA, "nlp", "llm")
    assert (preview.moving, preview.both) == (1, 0)
    await world.niches.merge(MIA, "nlp", "llm")
    for text in ("nlp", "Natural language", "sentiment"):
        assert (await world.niches.join(BEN, text)).niche.slug == "llm"
    listed = {one.niche.slug: one.members for one in (await world.niches.browse(ANA)).counts}
    assert listed["llm"] == 2
    assert "nlp" not in listed
    assert await world.audit() == [("niche.merged", "Natural language → LLM applications")]


async def test_aliases_travel_along_a_chain_of_merges(world: World) -> None:
    await world.niches.merge(MIA, "nlp", "llm")
    await world.niches.merge(MIA, "llm", "agents")
    found = await world.niches.search(ANA, "sentiment")
    assert found[0].slug == "agents"
    assert (await world.niches.join(ANA, "nlp")).niche.slug == "agents"


async def test_a_niche_is_merged_neither_into_itself_nor_twice(world: World) -> None:
    with pytest.raises(KithError, match="niche_same"):
        await world.niches.merge(MIA, "nlp", "Natural language")
    await world.niches.merge(MIA, "nlp", "llm")
    for pair in (("nlp", "llm"), ("ocr", "nlp")):
        with pytest.raises(KithError, match="niche_merged"):
            await world.niches.merge(MIA, *pair)
        with pytest.raises(KithError, match="niche_merged"):
            await world.niches.merge_preview(MIA, *pair)


async def test_a_merge_and_a_join_at_once_leave_nobody_behind(world: World) -> None:
    newcomers = [who(number) for number in range(20, 32)]
    joins = [world.niches.join(one, "nlp") for one in newcomers]
    await asyncio.gather(*joins[:6], world.niches.merge(MIA, "nlp", "llm"), *joins[6:])
    for one in newcomers:
        assert await world.niches_of(one) == ("llm",)


async def test_another_communitys_niches_are_its_own(world: World) -> None:
    away = who(11, community_id=2)
    await world.niches.join(away, "nlp")
    await world.niches.merge(MIA, "nlp", "llm")
    await world.niches.rename(MIA, "llm", "Language models")
    assert (await world.view(away)).niche_names == ("Natural language",)


async def test_a_new_name_shows_everywhere_and_the_old_one_still_finds(world: World) -> None:
    await world.niches.join(ANA, "energy")
    done = await world.niches.rename(MIA, "Energy and utilities", "Power and grids")
    assert (done.before, done.niche.name) == ("Energy and utilities", "Power and grids")
    assert (await world.view(ANA)).niche_names == ("Power and grids",)
    assert "Power and grids" in {one.niche.name for one in (await world.niches.browse(ANA)).counts}
    assert (await world.niches.search(ANA, "Energy and ut"))[0].name == "Power and grids"
    assert await world.audit() == [("niche.renamed", "Energy and utilities → Power and grids")]
    await world.niches.rename(MIA, "energy", "Energy and utilities")
    assert (await world.niches.search(ANA, "Power and grids"))[0].name == "Energy and utilities"


async def test_a_taken_name_is_refused_and_the_same_name_changes_nothing(world: World) -> None:
    with pytest.raises(KithError, match="niche_name_taken"):
        await world.niches.rename(MIA, "energy", "banking")
    same = await world.niches.rename(MIA, "energy", "Energy and utilities")
    assert same.before == same.niche.name
    assert await world.audit() == []


async def test_a_renamed_niche_of_ones_own_keeps_its_old_name_as_an_alias(world: World) -> None:
    await world.niches.suggest(ANA, "Beekeeping", "industry", sure=True)
    await world.niches.decide(MIA, (await world.niches.queue(MIA)).first[0].id, "accepted")
    await world.niches.rename(MIA, "beekeeping", "Apiculture")
    assert (await world.niches.join(BEN, "Beekeeping")).niche.name == "Apiculture"


async def test_a_role_becomes_a_niche_and_nobody_is_enrolled(world: World) -> None:
    done = await world.niches.import_role(MIA, 500, "Beekeepers", "industry", 42)
    assert (done.niche.slug, done.changed, done.gives_roles) == ("beekeepers", True, False)
    assert await world.said("niche.invite") == [(42, "waiting")]
    again = await world.niches.import_role(MIA, 500, "Beekeepers", "industry", 42)
    assert not again.changed
    assert len(await world.said("niche.invite")) == 1
    assert (await world.niches.browse(ANA)).inhabited() == ()
    with pytest.raises(KithError, match="niche_role_linked"):
        await world.niches.link_role(MIA, 500, "ocr", 42)
    with pytest.raises(KithError, match="niche_role_linked"):
        await world.niches.import_role(MIA, 500, "Falconers", "industry", 42)
    with pytest.raises(KithError, match="niche_role_linked"):
        await world.niches.near_role(MIA, 500, "Beekeepers")
    assert await world.audit() == [("niche.imported", "Beekeepers")]


async def test_a_niche_has_one_role(world: World) -> None:
    assert [one.slug for one in await world.niches.near_role(MIA, 500, "OCR")][:1] == ["ocr"]
    await world.niches.link_role(MIA, 500, "ocr", 42)
    with pytest.raises(KithError, match="niche_has_role"):
        await world.niches.link_role(MIA, 501, "ocr", 42)


async def test_an_invitation_is_good_in_its_own_community_only(world: World) -> None:
    await world.niches.link_role(MIA, 500, "ocr", 42)
    async with world.store.read() as session:
        (row,) = await world.niches.rows_of(session, MIA.community_id)
    assert (await world.niches.join_invited(ANA, row.id)).niche.slug == "ocr"
    for one, number in ((who(11, 2), row.id), (ANA, row.id + 99)):
        with pytest.raises(KithError, match="niche_gone"):
            await world.niches.join_invited(one, number)
