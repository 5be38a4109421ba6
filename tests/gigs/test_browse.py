"""Looking through the board: what is found, how pages turn, what is saved, and that a page has its price."""

from typing import Any

import pytest
from sqlalchemy import event, update

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.store import Store
from bot.gigs import browse
from bot.gigs.browse import Page, Wish
from bot.people.service import Who
from bot.people.tables import CommunityNiche, Member
from cogs.gigs import browse_cards
from tests.gigs.board_world import ANA, BEN, CLEO, ELSEWHERE, HERE, BoardWorld


@pytest.fixture
async def world(store: Store, clock: TurnedClock) -> BoardWorld:
    made = BoardWorld(store, clock)
    await made.open()
    return made


async def ids(world: BoardWorld, wish: Wish = Wish(), **place: Any) -> list[int]:  # noqa: B008 - frozen
    return [gig.id for gig in (await world.gigs.browse.page(CLEO, wish, **place)).gigs]


async def wish(world: BoardWorld, **typed: Any) -> Wish:
    return await world.gigs.browse.wish(CLEO, **typed)


async def test_every_filter_finds_what_it_should_and_nothing_else(world: BoardWorld) -> None:
    plain = await world.posted()
    call = await world.posted(kind="scoping", niches=["energy", "ocr"], skills=["pricing"], starter=True)
    dear = await world.posted(BEN, low=20000, high=30000, title="Größe schätzen", niches=["ocr"])
    other = await world.posted(BEN, low=90000, high=90000, per="project", currency="USD")
    for typed, found in (
        ({}, [other, dear, call, plain]),
        ({"kind": "scoping"}, [call]),
        ({"niche": "OCR"}, [dear, call]),
        ({"skill": "Pricing"}, [call]),
        ({"starter": True}, [call]),
        ({"least": "130 €/h"}, [dear]),
        ({"least": "100 €/h"}, [dear, call, plain]),
        ({"least": "$500 fixed"}, [other]),
        ({"text": "GRÖSSE"}, [dear]),
        ({"text": "größe"}, [dear]),
        ({"text": "day-ahead"}, [other, dear, call, plain]),
        ({"niche": "ocr", "kind": "hire"}, [dear]),
        ({"niche": "ocr", "text": "schätzen", "least": "€250/h"}, [dear]),
    ):
        assert await ids(world, await wish(world, **typed)) == found, typed


async def test_only_what_everybody_may_see_is_found(world: BoardWorld) -> None:
    live = await world.posted()
    for state in ("draft", "edit", "queued", "held", "change", "filled", "withdrawn", "refused", "expired"):
        await world.post(state=state, publish=False)
    await world.post(audience="people", publish=False)
    await world.posted(Who(ELSEWHERE, "Elsewhere", 31, "Dan"))
    assert await ids(world) == [live]


async def test_a_barred_member_does_not_browse(world: BoardWorld) -> None:
    await world.posted(CLEO)
    async with world.store.write() as session:
        await session.execute(update(Member).values(barred_at=world.clock.now()))
    with pytest.raises(KithError, match="barred"):
        await world.gigs.browse.page(CLEO, Wish())


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"niche": "no such thing at all"}, "niche_"),
        ({"skill": "juggling"}, "gig_skill_unknown"),
        ({"least": "a lot"}, "gig_least"),
    ],
)
async def test_what_nobody_understands_is_asked_again(
    world: BoardWorld, typed: dict[str, str], refusal: str
) -> None:
    with pytest.raises(KithError, match=refusal):
        await wish(world, **typed)


async def test_a_niche_that_was_merged_is_found_under_its_new_name(world: BoardWorld) -> None:
    gig = await world.posted(niches=["ocr"])
    async with world.store.write() as session:
        session.add(
            CommunityNiche(
                community_id=HERE, slug="ocr", name="OCR", axis="technique", aliases=[], into="energy"
            )
        )
    assert await ids(world, await wish(world, niche="energy")) == [gig]


async def test_pages_turn_both_ways_and_meet_every_gig_once(world: BoardWorld) -> None:
    gigs = [await world.posted(starter=number % 2 == 0) for number in range(12)]
    for asked, expected in ((Wish(), gigs[::-1]), (Wish(starter=True), gigs[0::2][::-1])):
        pages = await turned(world, asked)
        assert [gig.id for page in pages for gig in page.gigs] == expected
        back = pages[-1]
        for before in reversed(pages[:-1]):
            assert back.newer is not None
            back = await world.gigs.browse.page(CLEO, asked, after=back.newer)
            assert back.gigs == before.gigs
        assert pages[0].newer is None
        assert pages[-1].older is None


async def turned(world: BoardWorld, asked: Wish) -> list[Page]:
    pages = [await world.gigs.browse.page(CLEO, asked)]
    while (older := pages[-1].older) is not None:
        pages.append(await world.gigs.browse.page(CLEO, asked, before=older))
    return pages


async def test_what_lies_far_back_is_found_by_looking_further(
    world: BoardWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "LOOKED_AT", 4)
    rare = await world.posted(kind="partner")
    for _each in range(9):
        await world.posted()
    for asked in (Wish(kind="partner"), Wish(kind="partner", text="day-ahead")):
        pages = await turned(world, asked)
        assert [[gig.id for gig in page.gigs] for page in pages] == [[], [], [rare]]
        assert [page.further for page in pages] == [True, True, False]


async def test_a_page_asks_the_same_number_of_times_however_full_the_board_is(world: BoardWorld) -> None:
    counts = []
    for _times in range(2):
        for _each in range(7):
            await world.posted(niches=["energy"])
        statements: list[str] = []
        engine = world.store._engine.sync_engine

        def note(*args: Any, into: list[str] = statements) -> None:
            into.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        await world.gigs.browse.page(CLEO, Wish())
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_saving_is_private_repeatable_and_outlives_the_gig(world: BoardWorld) -> None:
    gig, other = await world.posted(), await world.posted(BEN)
    assert [(await world.gigs.saved.save(CLEO, gig)).changed for _twice in range(2)] == [True, False]
    await world.gigs.saved.save(CLEO, other)
    page = await world.gigs.browse.page(CLEO, Wish())
    assert page.saved == {gig, other}
    assert (await world.gigs.browse.page(BEN, Wish())).saved == frozenset()
    await world.board.withdraw(ANA.person_id, gig)
    found = (await world.gigs.saved.page(CLEO)).gigs
    assert [(one.id, one.state) for one in found] == [(other, "live"), (gig, "withdrawn")]
    assert [(await world.gigs.saved.drop(CLEO, gig)).changed for _twice in range(2)] == [True, False]
    assert [one.id for one in (await world.gigs.saved.page(CLEO)).gigs] == [other]
    assert (await world.gigs.saved.page(BEN)).gigs == ()


async def test_what_is_not_on_the_board_cannot_be_saved_nor_read_by_its_number(world: BoardWorld) -> None:
    hidden = await world.post(state="held", publish=False)
    lead = await world.post(audience="people", publish=False)
    elsewhere = await world.posted(Who(ELSEWHERE, "Elsewhere", 31, "Dan"))
    for gig, refusal in ((hidden, "gig_closed"), (lead, "gig_closed"), (elsewhere, "gig_gone")):
        with pytest.raises(KithError, match=refusal):
            await world.gigs.saved.save(CLEO, gig)
    for gig in (hidden, elsewhere, 999):
        with pytest.raises(KithError, match="gig_gone"):
            await world.gigs.saved.drop(CLEO, gig)


async def test_saved_gigs_turn_pages(world: BoardWorld) -> None:
    gigs = [await world.posted() for _each in range(6)]
    for gig in gigs:
        await world.gigs.saved.save(CLEO, gig)
    first = await world.gigs.saved.page(CLEO)
    assert first.older == gigs[1]
    assert [gig.id for gig in (await world.gigs.saved.page(CLEO, first.older)).gigs] == gigs[:1]


async def test_what_is_asked_for_comes_back_from_the_id_of_a_button(world: BoardWorld) -> None:
    full = await wish(
        world, kind="subcontract", niche="ocr", skill="pricing", least="999,999,999 USD per project",
        starter=True, text="wörter: mit Umlauten, lang, sehr lang",
    )  # fmt: skip
    for asked in (Wish(), full, Wish(text="x~y;z")):
        args = (*browse_cards.pack(asked), "older", "9" * 19)
        assert len(":".join(("k", "gig.browse", *args))) <= 100
        marked, way, place = browse_cards.unpack(args)
        assert (way, place) == ("older", "9" * 19)
        assert await world.gigs.browse.unmarked(CLEO, marked) == asked


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("0", "", "", "", "", "older"),
        ("9", "", "", "", "", "older", "1"),
        ("٣", "", "", "", "", "older", "1"),
        ("0", "", "", "12EUR9", "", "older", "1"),
        ("0", "", "", "EUR", "", "older", "1"),
        ("0", "nonsense", "", "", "", "older", "1"),
        ("0", "", "nonsense", "", "", "older", "1"),
    ],
)
async def test_a_made_up_id_is_refused(world: BoardWorld, args: tuple[str, ...]) -> None:
    with pytest.raises(KithError, match="button_outdated"):
        await world.gigs.browse.unmarked(CLEO, browse_cards.unpack(args)[0])
