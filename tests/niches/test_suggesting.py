"""Suggesting a niche, and the moderators' decision."""

import asyncio

import pytest

from bot.core.errors import KithError
from bot.niches.rules import QUEUE_MAX
from bot.people.service import Who
from tests.niches.world import ANA, BEN, MIA, MODS, World, who

NAME = "Hydrogen storage"


async def waiting(world: World, name: str = NAME, one: Who = ANA) -> int:
    """A suggestion of that name, by its id."""
    seen = await world.niches.suggest(one, name, "industry", sure=True)
    assert not seen.near
    return (await world.niches.queue(MIA)).first[-1].id


async def test_near_duplicates_are_pointed_out_before_anything_is_stored(world: World) -> None:
    seen = await world.niches.suggest(ANA, "Energy utility", "industry")
    assert "energy" in {niche.slug for niche in seen.near}
    assert not seen.exact
    assert (await world.niches.queue(MIA)).total == 0
    assert (await world.niches.suggest(ANA, "Energy utility", "industry", sure=True)).near == ()
    assert [one.name for one in (await world.niches.queue(MIA)).first] == ["Energy utility"]
    exact = await world.niches.suggest(ANA, "renewables", "industry", sure=True)
    assert exact.exact
    assert [niche.slug for niche in exact.near] == ["energy"]


async def test_accepting_makes_the_niche_and_lets_the_member_in(world: World) -> None:
    number = await waiting(world)
    assert await world.said("niche.suggested") == [(MODS, "waiting")]
    done = await world.niches.decide(MIA, number, "accepted")
    assert done.changed
    assert done.suggestion.niche is not None
    assert (done.suggestion.niche.slug, done.suggestion.niche.axis) == ("hydrogen-storage", "industry")
    assert (await world.view(ANA)).niche_names == (NAME,)
    assert await world.said("niche.decided") == [(ANA.person_id, "waiting")]
    answer = await world.niches.answer_to(number)
    assert answer is not None
    assert (answer.state, answer.joined) == ("accepted", True)
    assert await world.audit() == [("niche.accepted", NAME)]


async def test_two_who_ask_for_the_same_ask_once_and_both_join(world: World) -> None:
    number = await waiting(world)
    assert (await world.niches.suggest(BEN, "hydrogen  STORAGE", "technique")).new
    assert not (await world.niches.suggest(BEN, NAME, "industry")).new
    assert [(one.id, one.asked) for one in (await world.niches.queue(MIA)).first] == [(number, 2)]
    assert len(await world.said("niche.suggested")) == 1
    await world.niches.decide(MIA, number, "accepted")
    for one in (ANA, BEN):
        assert await world.niches_of(one) == ("hydrogen-storage",)
    assert await world.said("niche.decided") == [(11, "waiting"), (12, "waiting")]


async def test_the_second_who_asked_still_waits_when_the_first_is_gone(world: World) -> None:
    first = await waiting(world)
    await world.niches.suggest(BEN, NAME, "industry")
    async with world.store.write() as session:
        member = await world.people.known(session, ANA)
        await session.delete(member)
    with pytest.raises(KithError, match="niche_suggestion_gone"):
        await world.niches.decide(MIA, first, "accepted")
    (left,) = (await world.niches.queue(MIA)).first
    assert (await world.niches.decide(MIA, left.id, "accepted")).changed
    assert await world.niches_of(BEN) == ("hydrogen-storage",)


async def test_of_two_moderators_one_decides_and_both_see_what(world: World) -> None:
    number = await waiting(world)
    done = await asyncio.gather(
        world.niches.decide(MIA, number, "refused"), world.niches.decide(who(2), number, "accepted")
    )
    assert sorted(one.changed for one in done) == [False, True]
    assert len({one.suggestion.state for one in done}) == 1
    assert len(await world.said("niche.decided")) == 1
    assert len(await world.audit()) == 1


async def test_a_refusal_is_told_and_the_name_is_free_again(world: World) -> None:
    number = await waiting(world)
    await world.niches.decide(MIA, number, "refused")
    assert await world.said("niche.decided") == [(11, "waiting")]
    assert await world.niches_of(ANA) == ()
    assert (await world.niches.suggest(BEN, NAME, "industry")).new


async def test_merging_a_suggestion_joins_what_there_is(world: World) -> None:
    number = await waiting(world)
    done = await world.niches.decide(MIA, number, "merged", "energy")
    assert done.suggestion.state == "merged"
    assert await world.niches_of(ANA) == ("energy",)
    assert await world.audit() == [("niche.merged", f"{NAME} → Energy and utilities")]


async def test_accepting_what_was_made_meanwhile_makes_no_second(world: World) -> None:
    number = await waiting(world)
    await world.niches.rename(MIA, "energy", NAME)
    done = await world.niches.decide(MIA, number, "accepted")
    assert done.suggestion.state == "merged"
    assert await world.niches_of(ANA) == ("energy",)


async def test_three_suggestions_may_wait(world: World) -> None:
    for name in ("Hydrogen storage", "Beekeeping", "Quilting"):
        await waiting(world, name)
    with pytest.raises(KithError, match="niche_too_many_suggestions"):
        await world.niches.suggest(ANA, "Falconry", "industry", sure=True)
    await world.niches.decide(MIA, (await world.niches.queue(MIA)).first[0].id, "refused")
    assert (await world.niches.suggest(ANA, "Falconry", "industry", sure=True)).new


async def test_whoever_is_full_is_told_and_loses_nothing(world: World) -> None:
    slugs = list(world.people.catalogue.niches)[:10]
    await world.niches.join_all(ANA, slugs)
    number = await waiting(world)
    await world.niches.decide(MIA, number, "accepted")
    assert sorted(await world.niches_of(ANA)) == sorted(slugs)
    answer = await world.niches.answer_to(number)
    assert answer is not None
    assert not answer.joined


async def test_after_a_withdrawn_yes_the_answer_waits_in_the_inbox(world: World) -> None:
    number = await waiting(world)
    async with world.store.write() as session:
        await world.people.stop_person(session, ANA.person_id)
    await world.niches.decide(MIA, number, "refused")
    assert await world.said("niche.decided") == [(11, "inbox")]


async def test_suggestions_stay_in_their_community(world: World) -> None:
    number = await waiting(world)
    stranger = who(1, community_id=2)
    assert (await world.niches.queue(stranger)).total == 0
    for wrong in (number, number + 999):
        with pytest.raises(KithError, match="niche_suggestion_gone"):
            await world.niches.decide(stranger, wrong, "accepted")


async def test_without_a_moderators_channel_it_waits_in_the_queue(world: World) -> None:
    await world.begin(mod_channel=None)
    await waiting(world)
    assert await world.said("niche.suggested") == []
    assert [one.name for one in (await world.niches.queue(MIA)).first] == [NAME]


async def test_what_is_no_axis_or_no_name_is_refused(world: World) -> None:
    with pytest.raises(KithError, match="choice_unknown"):
        await world.niches.suggest(ANA, NAME, "planet")
    with pytest.raises(KithError, match="text_too_long"):
        await world.niches.suggest(ANA, "x" * 41, "industry")
    with pytest.raises(KithError, match="niche_nowhere"):
        await world.niches.decide(MIA, await waiting(world), "merged", "qqqqzzzz")


async def test_a_long_queue_shows_its_beginning_and_how_much_there_is(world: World) -> None:
    names = [f"Niche of kind {number}{number}{number}{number}" for number in range(1, 7)]
    for number, name in enumerate(names):
        await world.niches.suggest(who(20 + number), name, "industry", sure=True)
    waiting = await world.niches.queue(MIA)
    assert [one.name for one in waiting.first] == names[:QUEUE_MAX]
    assert waiting.total == len(names)
