"""Kept searches: who is told about whom, once, and when not."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.errors import KithError
from bot.find.tables import Search
from bot.people.service import ProfileEdit
from bot.people.tables import CommunityNiche, Member
from tests.find.world import DAY, World, who


async def kept(world: World, number: int = 1, **wanted: object) -> int:
    page = await world.search(number, **wanted)
    await world.find.keep(number, page.search_id)
    return page.search_id


async def test_a_newcomer_who_fits_is_told_about_once(world: World) -> None:
    search = await kept(world, niche="energy", stage="booked")
    them = await world.member(2, "energy", headline="Grids")
    await world.settle()
    assert await world.messages() == []
    await world.people.edit_profile(who(2), ProfileEdit(stage="booked"))
    await world.settle()
    (message,) = await world.messages()
    assert (message.recipient, message.subject, message.budgeted) == (1, search, True)
    told = await world.deliver(message)
    assert told is not None
    for words in ("Member 2", "Grids", "Stop this alert", "/stop", "Server 10"):
        assert words in told
    assert await world.hits() == [(search, them.id, True)]
    await world.people.edit_profile(who(2), ProfileEdit(stage="building"))
    await world.people.edit_profile(who(2), ProfileEdit(stage="booked"))
    await world.settle()
    assert len(await world.messages()) == 1


async def test_several_newcomers_are_told_in_one_message(world: World) -> None:
    await kept(world, niche="energy")
    for number in range(2, 10):
        await world.member(number, "energy")
        await world.settle()
    (message,) = await world.messages()
    told = await world.deliver(message) or ""
    assert [n for n in range(2, 10) if f"**Member {n}**" in told] == [5, 6, 7, 8, 9]
    assert "and 3 more" in told
    assert all(hit[2] for hit in await world.hits())


async def test_who_comes_after_the_message_is_told_the_next_day(world: World) -> None:
    await kept(world, niche="energy")
    await world.member(2, "energy")
    await world.settle()
    (first,) = await world.messages()
    await world.deliver(first)
    await world.clock.advance(timedelta(hours=2))
    await world.member(3, "energy")
    await world.member(4, "energy")
    await world.settle()
    _, second = await world.messages()
    assert second.due_at == first.due_at + DAY
    told = await world.deliver(second) or ""
    assert ("**Member 2**" in told, "**Member 3**" in told, "**Member 4**" in told) == (False, True, True)


async def test_who_comes_while_the_message_is_sent_gets_another(world: World) -> None:
    from bot.core.outbox import OutboxRow, said
    from cogs.find.cards import renderers

    await kept(world, niche="energy")
    await world.member(2, "energy")
    await world.settle()
    (first,) = await world.messages()
    message = said(first)
    await renderers(world.find)["find.alert"](message)
    late = await world.member(3, "energy")
    await world.settle()
    assert len(await world.messages()) == 1
    async with world.store.write() as session:
        (await session.get_one(OutboxRow, first.id)).state = "done"
        await world.find.delivered()["find.alert"](session, message)
    _, second = await world.messages()
    told = await world.deliver(second) or ""
    assert ("**Member 2**" in told, "**Member 3**" in told) == (False, True)
    assert (late.id, True) in [hit[1:] for hit in await world.hits()]


async def test_who_left_again_before_the_message_is_not_named(world: World) -> None:
    await kept(world, niche="energy")
    await world.member(2, "energy")
    await world.settle()
    await world.people.list_me(who(2), listed=False)
    (message,) = await world.messages()
    assert await world.deliver(message) is None
    await world.people.list_me(who(2), listed=True)
    await world.settle()
    _, again = await world.messages()
    assert "**Member 2**" in (await world.deliver(again) or "")


async def test_nobody_is_told_about_themselves_the_hidden_or_other_communities(world: World) -> None:
    await kept(world, niche="energy")
    await world.member(1, "energy")
    await world.people.edit_profile(who(2), ProfileEdit(headline="Not listed"))
    await world.niches.join(who(2), "energy")
    await world.member(3, visibility={"niches": "matches"})
    await world.niches.join(who(3), "energy")
    await world.member(4, "energy", community=20)
    await world.settle()
    assert await world.messages() == []


async def test_everybody_can_be_waited_for(world: World) -> None:
    await kept(world)
    await world.member(2)
    await world.settle()
    assert len(await world.messages()) == 1


async def test_those_found_already_are_no_news(world: World) -> None:
    await world.member(2, "energy")
    await kept(world, niche="energy")
    await world.people.edit_profile(who(2), ProfileEdit(headline="New words", stage="booked"))
    await world.settle()
    assert await world.messages() == []


async def test_open_again_is_news_after_it_ran_out(world: World) -> None:
    await world.member(2, open_for_work=True)
    await kept(world, open_for_work=True)
    await world.people.edit_profile(who(2), ProfileEdit(open_for_work=True))
    await world.settle()
    assert await world.messages() == []
    await world.clock.advance(15 * DAY)
    await world.settle()
    await world.people.edit_profile(who(2), ProfileEdit(open_for_work=True))
    await world.settle()
    assert len(await world.messages()) == 1


async def test_keeping_twice_keeps_once_and_five_are_the_most(world: World) -> None:
    page, again = await world.search(1, niche="energy"), await world.search(1, niche="energy")
    assert (await world.find.keep(1, page.search_id)).changed
    assert not (await world.find.keep(1, page.search_id)).changed
    assert not (await world.find.keep(1, again.search_id)).changed
    assert (await world.find.page(1, again.search_id, "older", 0)).alert
    for stage in ("exploring", "starting", "building", "booked"):
        await kept(world, stage=stage)
    page = await world.search(1, stage="scaling")
    with pytest.raises(KithError, match="find_too_many_alerts"):
        await world.find.keep(1, page.search_id)
    listed = await world.find.kept(1, page.search_id)
    assert [one.asked.filters[0][1] for one in listed] == [
        "energy", "exploring", "starting", "building", "booked",
    ]  # fmt: skip
    assert (await world.find.drop(1, listed[1].search_id)).changed
    assert (await world.find.keep(1, page.search_id)).changed


async def test_stopping_ends_messages_that_wait_and_the_last_ends_the_consent(world: World) -> None:
    one, two = await kept(world, niche="energy"), await kept(world, niche="energy", stage="booked")
    them = await world.member(2, "energy", stage="booked")
    await world.settle()
    assert (await world.find.drop(1, one)).changed
    assert not (await world.find.drop(1, one)).changed
    first, second = await world.messages()
    assert (first.subject, await world.deliver(first)) == (one, None)
    assert await world.deliver(second) is not None
    await world.find.drop(1, two)
    me = await world.people.mine(who(1))
    assert await world.facets(me.id) == set()
    async with world.store.read() as session:
        assert not await world.people.has_consent(session, me.id, "alerts")
    assert (two, them.id, True) in await world.hits()


async def test_stop_ends_every_alert_and_no_message_follows(world: World) -> None:
    await kept(world, niche="energy")
    await world.member(2, "energy")
    await world.settle()
    async with world.store.write() as session:
        await world.people.stop_person(session, 1)
    (message,) = await world.messages()
    assert await world.deliver(message) is None
    await world.member(3, "energy")
    await world.settle()
    assert len(await world.messages()) == 1
    async with world.store.read() as session:
        search = await session.get_one(Search, message.subject)
        assert not search.alert


async def test_a_taken_back_consent_is_enough_to_be_silent(world: World) -> None:
    await kept(world, niche="energy")
    me = await world.people.mine(who(1))
    async with world.store.write() as session:
        await world.people.withdraw(session, me.id, "alerts")
    await world.member(2, "energy")
    await world.settle()
    assert await world.messages() == []


async def test_a_barred_searcher_is_told_nothing(world: World) -> None:
    await kept(world, niche="energy")
    await world.member(2, "energy")
    await world.settle()
    async with world.store.write() as session:
        await session.execute(update(Member).where(Member.person_id == 1).values(barred_at=world.clock.now()))
    (message,) = await world.messages()
    assert await world.deliver(message) is None
    await world.member(3, "energy")
    await world.settle()
    assert len(await world.messages()) == 1


async def test_an_alert_follows_a_merged_niche(world: World) -> None:
    await kept(world, niche="ocr")
    async with world.store.write() as session:
        row = CommunityNiche(
            community_id=10, slug="ocr", name="OCR", axis="technique", into="energy", aliases=[]
        )
        session.add(row)
    await world.member(2, "energy")
    await world.settle()
    assert len(await world.messages()) == 1


async def test_only_the_owner_keeps_and_stops(world: World) -> None:
    search = await kept(world, niche="energy")
    for use in (world.find.keep, world.find.drop, world.find.kept):
        with pytest.raises(KithError, match="not_yours"):
            await use(2, search)
        with pytest.raises(KithError, match="find_gone"):
            await use(1, search, 20)


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_the_last_search_takes_the_yes_back_unless_another_feature_needs_it(
    world: World, elsewhere: bool
) -> None:
    search = await kept(world, niche="energy")
    me = await world.people.mine(who(1))

    async def needs(_session: object, member_id: int) -> bool:
        return elsewhere and member_id == me.id

    world.find.alerts.elsewhere.append(needs)
    await world.find.drop(1, search)
    async with world.store.read() as session:
        assert await world.people.has_consent(session, me.id, "alerts") is elsewhere
