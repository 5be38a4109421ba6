"""Several channels: where gigs live, where they are linked, and what is kept of tags and guidelines."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import said
from bot.core.store import Store
from bot.gigs import shelves
from bot.gigs.review_rules import Reason
from bot.gigs.tables import Gig
from bot.people.service import ProfileEdit, Who
from bot.people.tables import AuditEntry, MemberNiche
from cogs.gigs.board_renderers import board_renderers
from tests.gigs.board_world import ANA, BOARD, HERE, LINKS, MIA, SECOND, BoardWorld


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def test_a_gig_lives_in_one_channel_and_is_linked_from_others_once(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, SECOND, "forum", "home", None, "energy")
    await world.gigs.channels.add(MIA, LINKS, "text", "links", "hire", "")
    energy = await world.posted(niches=["energy"])
    other = await world.posted(kind="partner")
    assert (await world.view(energy)).board_id == SECOND
    assert (await world.view(other)).board_id == BOARD
    assert await world.told("gig.post") == [SECOND, BOARD]
    assert await world.told("gig.link") == [LINKS]
    await world.deliver()
    await world.board.filled(ANA.person_id, energy)
    (edit,) = [row for row in await world.deliver() if row.kind == "gig.link"]
    assert (edit.target, edit.recipient, edit.channel_id) == ("edit", LINKS, LINKS)


async def test_a_link_that_was_sent_while_the_gig_closed_is_corrected(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    gig = await world.posted()
    await world.board.filled(ANA.person_id, gig)
    await world.deliver()
    assert [row.target for row in await world.said("gig.link")] == ["channel", "edit"]


async def test_a_post_and_a_link_that_were_sent_while_the_gig_was_taken_down_say_nothing(
    world: BoardWorld,
) -> None:
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    linked = await world.posted()  # its link waits
    sent = await world.post(
        title="Another plain title", description="Charts for a museum, in Python or R. " * 3
    )
    for gig in (linked, sent):
        await world.gigs.review.take_down(MIA, gig, Reason("scam"))
    await world.deliver()
    assert LINKS in await world.told("gig.removed")
    (row,) = [one for one in await world.said("gig.post") if one.target == "edit" and one.subject == sent]
    outgoing = await board_renderers(world.gigs)["gig.post"](said(row))
    assert outgoing is not None
    assert outgoing.embed is not None
    assert outgoing.embed.description == "This gig was removed."


async def test_a_post_and_a_link_that_were_sent_while_the_gig_was_edited_are_shown_again(
    world: BoardWorld,
) -> None:
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    gig = await world.post()
    async with world.store.write() as session:
        (await session.get_one(Gig, gig)).edited_at = world.clock.now()
    await world.deliver()
    assert [row.target for row in await world.said("gig.post")] == ["forum", "edit"]
    await world.deliver()
    assert [row.target for row in await world.said("gig.link")] == ["channel", "edit"]


async def test_a_post_put_back_has_no_second_link_and_the_old_one_follows(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    gig = await world.posted()
    await world.deliver()
    spot = await world.gigs.watch.spot(gig)
    assert spot is not None
    await world.gigs.watch.lost(spot)
    await world.board.post_again(ANA.person_id, gig)
    await world.deliver()
    assert [row.target for row in await world.said("gig.link")] == ["channel", "edit", "edit"]


@pytest.mark.parametrize(
    ("channel", "kind", "role", "gig_kind", "niches", "refusal"),
    [
        (BOARD, "forum", "home", "hire", "", "gig_channel_main"),
        (SECOND, "forum", "home", None, "", "gig_channel_rule"),
        (SECOND, "forum", "nonsense", "hire", "", "gig_channel_rule"),
        (SECOND, "forum", "links", None, "", "gig_channel_links"),
        (SECOND, "forum", "home", None, "no such thing at all", "niche_"),
    ],
)
async def test_a_channel_that_would_not_work_is_refused(
    world: BoardWorld, channel: int, kind: str, role: str, gig_kind: str | None, niches: str, refusal: str
) -> None:
    with pytest.raises(KithError, match=refusal):
        await world.gigs.channels.add(MIA, channel, kind, role, gig_kind, niches)
    assert len((await world.gigs.channels.seen(MIA)).shelves) == 1


async def test_a_community_without_a_board_is_told_so(world: BoardWorld) -> None:
    nowhere = Who(77, "Empty", MIA.person_id, "Mia")
    with pytest.raises(KithError, match="gig_no_board"):
        await world.gigs.channels.seen(nowhere)


async def test_adding_again_changes_the_rule_and_ten_are_enough(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, SECOND, "forum", "home", "hire", "")
    again = await world.gigs.channels.add(MIA, SECOND, "forum", "home", None, "ocr")
    assert [(one.channel_id, one.kinds, one.niches) for one in again.shelves[1:]] == [(SECOND, (), ("ocr",))]
    assert again.niche_names["ocr"]
    for number in range(shelves.SHELVES_MAX - 1):
        await world.gigs.channels.add(MIA, 700 + number, "forum", "home", "hire", "")
    with pytest.raises(KithError, match="gig_channels_full"):
        await world.gigs.channels.add(MIA, 799, "forum", "home", "hire", "")


async def test_taking_a_channel_off_twice_says_so_and_leaves_what_lives_there(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, SECOND, "forum", "home", "hire", "")
    gig = await world.posted()
    assert (await world.gigs.channels.remove(MIA, SECOND)).changed
    assert not (await world.gigs.channels.remove(MIA, SECOND)).changed
    assert (await world.view(gig)).board_id == SECOND
    assert (await world.view(await world.posted())).board_id == BOARD
    async with world.store.read() as session:
        written = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert written == ["gigs.channel.add", "gigs.channel.remove"]


async def test_a_board_is_prepared_once_a_day_and_when_a_channel_comes(world: BoardWorld) -> None:
    for _each in range(3):
        await world.post()
    await world.work()
    assert world.looks.count(("gig.board", HERE)) == 1
    await world.gigs.channels.add(MIA, SECOND, "forum", "home", "hire", "")
    await world.work()
    assert world.looks.count(("gig.board", HERE)) == 2
    await world.work(timedelta(days=1))
    assert world.looks.count(("gig.board", HERE)) == 3


async def test_tags_name_the_niches_with_most_members(world: BoardWorld) -> None:
    for person, niches in ((21, ("ocr", "energy")), (22, ("ocr",)), (23, ("llm", "ocr", "energy"))):
        who = Who(HERE, "Data Collective", person, f"Person {person}")
        await world.people.edit_profile(who, ProfileEdit(headline="x"))
        async with world.store.write() as session:
            member = await world.people.known(session, who)
            session.add_all([MemberNiche(member_id=member.id, niche=niche) for niche in niches])
    await world.gigs.channels.add(MIA, SECOND, "forum", "home", "hire", "")
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    plan = await world.gigs.channels.wanted(HERE)
    assert plan is not None
    assert [shelf.channel_id for shelf in plan.homes] == [BOARD, SECOND]
    catalogue = world.people.catalogue.niches
    assert plan.tags[-3:] == tuple(
        shelves.tag_name(catalogue[slug].name) for slug in ("ocr", "energy", "llm")
    )


async def test_guidelines_are_posted_once_and_pinned(world: BoardWorld) -> None:
    main = (await world.gigs.channels.seen(MIA)).shelves[0]
    for _each in range(2):
        await world.gigs.channels.guide(HERE, main, needs_tag=False)
    (row,) = await world.deliver()
    assert (row.kind, row.target, row.recipient) == ("gig.guide", "forum", BOARD)
    await world.work()
    assert ("gig.pin", BOARD) in world.looks
    assert await world.gigs.channels.guidelines(BOARD) == (row.channel_id, row.message_id)
    await world.gigs.channels.guide(HERE, main, needs_tag=True)
    assert await world.deliver() == []


async def test_new_tags_are_shown_on_what_lives_there(world: BoardWorld) -> None:
    live, closed = await world.posted(), await world.posted()
    await world.board.withdraw(ANA.person_id, closed)
    await world.deliver()
    await world.gigs.channels.tagged(HERE, BOARD)
    assert [(row.target, row.subject) for row in await world.deliver()] == [("edit", live)]
    await world.gigs.channels.tagged(HERE, SECOND)
    assert await world.deliver() == []


async def test_links_to_the_gigs_of_somebody_who_deletes_themselves_are_emptied(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, LINKS, "text", "links", None, "")
    gig = await world.posted()
    await world.deliver()
    async with world.store.write() as session:
        member = await world.people.known(session, ANA)
        await world.gigs.channels.erase(session, member.id)
    assert await world.said("gig.link") == []
    (edit,) = await world.said("gig.removed")
    assert (edit.target, edit.recipient) == ("edit", LINKS)
    assert gig not in (edit.subject,)


async def test_a_gig_that_waits_for_a_removed_channel_goes_to_the_main_one(world: BoardWorld) -> None:
    await world.gigs.channels.add(MIA, SECOND, "text", "home", None, "energy")
    sent = await world.posted(niches=["energy"])
    waits = await world.post(niches=["energy"], title="Another plain title", fingerprint="other")
    await world.gigs.channels.remove(MIA, SECOND)
    assert [(row.recipient, row.target) for row in await world.said("gig.post")] == [
        (SECOND, "channel"),
        (BOARD, "forum"),
    ]
    assert (await world.view(waits)).board_id == BOARD
    assert (await world.view(sent)).board_id == SECOND
