"""Use cases of vouches on a real database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.core.outbox import IN_INBOX, Outbox, OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Member
from bot.vouches.service import VouchService
from bot.vouches.tables import Vouch

ANA = Who(1, "Data Collective", 11, "Ana", "pt-BR")
BEN = Who(1, "Data Collective", 12, "Ben")
CLEO = Who(1, "Data Collective", 13, "Cleo")
WORDS = "She explained our forecasts very well."
OTHERS = "She explained our forecasts, and my client signed."


class Met:
    """Who met whom, in a list."""

    def __init__(self) -> None:
        """Nobody met anybody yet."""
        self.pairs: set[frozenset[int]] = set()

    async def __call__(self, _session: AsyncSession, giver_id: int, receiver_id: int) -> bool:
        return frozenset((giver_id, receiver_id)) in self.pairs


@pytest.fixture
def met() -> Met:
    return Met()


@pytest.fixture
def vouches(store: Store, clock: TurnedClock, met: Met) -> VouchService:
    async def never(_session: AsyncSession, _giver_id: int, _receiver_id: int) -> bool:
        return False

    return VouchService(store, clock, Outbox(store, clock), PeopleService(store, clock), [never, met])


@pytest.fixture
async def acquainted(vouches: VouchService, met: Met) -> tuple[int, int]:
    """Ana and Ben, who met, by member id; Ben agreed to be written to."""
    ids = [(await vouches.people.mine(who)).id for who in (ANA, BEN)]
    met.pairs.add(frozenset(ids))
    async with vouches.store.write() as session:
        await vouches.people.consent(session, ids[1], "gigs")
    return ids[0], ids[1]


async def messages(vouches: VouchService) -> list[tuple[int, str, bool]]:
    async with vouches.store.read() as session:
        rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        return [(row.recipient, row.state, row.budgeted) for row in rows]


async def states(vouches: VouchService) -> list[tuple[str, str]]:
    async with vouches.store.read() as session:
        rows = (await session.scalars(select(Vouch).order_by(Vouch.id))).all()
        return [(row.state, row.text) for row in rows]


@pytest.mark.usefixtures("acquainted")
async def test_offer_then_answer_shows_it(vouches: VouchService) -> None:
    assert await vouches.between(ANA, 12) is None
    made = await vouches.offer(ANA, 12, f" {WORDS}\n")
    assert (made.changed, made.vouch.text, made.vouch.state) == (True, WORDS, "offered")
    assert await messages(vouches) == [(12, WAITING, True)]
    assert await vouches.shown_for(made.vouch.receiver.member_id) == ()
    assert await vouches.offered(made.vouch.id) is not None
    assert (await vouches.answer(12, made.vouch.id, shown=True)).changed
    assert not (await vouches.answer(12, made.vouch.id, shown=True)).changed
    assert await vouches.offered(made.vouch.id) is None
    (shown,) = await vouches.shown_for(made.vouch.receiver.member_id)
    assert (shown.text, shown.giver.name) == (WORDS, "Ana")
    assert (await vouches.between(ANA, 12)) == shown
    assert await vouches.shown_for(made.vouch.giver.member_id) == ()


@pytest.mark.usefixtures("acquainted")
async def test_offer_to_someone_not_met_unknown_barred_or_oneself(vouches: VouchService) -> None:
    await vouches.people.mine(CLEO)
    waiting = (await vouches.offer(ANA, 12, WORDS)).vouch
    for person, code in ((13, "vouch_not_met"), (99, "vouch_not_met"), (11, "vouch_self")):
        with pytest.raises(KithError, match=code):
            await vouches.offer(ANA, person, WORDS)
        with pytest.raises(KithError, match=code):
            await vouches.between(ANA, person)
    async with vouches.store.write() as session:
        await session.execute(
            update(Member).where(Member.person_id == 12).values(barred_at=vouches.clock.now())
        )
    with pytest.raises(KithError, match="vouch_not_met"):
        await vouches.offer(ANA, 12, OTHERS)
    for asked in (
        vouches.offer(BEN, 11, WORDS),
        vouches.between(BEN, 11),
        vouches.mine(BEN),
        vouches.answer(12, waiting.id, shown=True),
    ):
        with pytest.raises(KithError, match="barred"):
            await asked
    assert await states(vouches) == [("offered", WORDS)]


@pytest.mark.usefixtures("acquainted")
async def test_a_stranger_to_kith_has_met_nobody(vouches: VouchService) -> None:
    stranger = Who(1, "Data Collective", 55, "Sue")
    with pytest.raises(KithError, match="vouch_not_met"):
        await vouches.between(stranger, 12)
    assert await vouches.mine(stranger) == type(await vouches.mine(stranger))((), ())


@pytest.mark.usefixtures("acquainted")
async def test_two_devices_at_once_make_one_vouch(vouches: VouchService) -> None:
    both = await asyncio.gather(vouches.offer(ANA, 12, WORDS), vouches.offer(ANA, 12, WORDS))
    assert sorted(one.changed for one in both) == [False, True]
    assert await states(vouches) == [("offered", WORDS)]
    other = await asyncio.gather(vouches.offer(ANA, 12, OTHERS), vouches.offer(ANA, 12, OTHERS + "!"))
    assert all(one.changed for one in other)
    assert [state for state, _text in await states(vouches)].count("offered") == 1


@pytest.mark.usefixtures("acquainted")
async def test_changed_words_are_accepted_again_and_never_unseen(vouches: VouchService) -> None:
    first = (await vouches.offer(ANA, 12, WORDS)).vouch
    await vouches.answer(12, first.id, shown=True)
    second = (await vouches.offer(ANA, 12, OTHERS)).vouch
    assert await vouches.shown_for(first.receiver.member_id) == ()
    old = await vouches.answer(12, first.id, shown=True)
    assert (old.changed, old.newer, old.vouch.id, old.vouch.state) == (False, True, second.id, "offered")
    assert await states(vouches) == [("withdrawn", ""), ("offered", OTHERS)]
    # The new words wait in the inbox: one message a week about one giver is enough.
    assert await messages(vouches) == [(12, WAITING, True), (12, IN_INBOX, False)]


@pytest.mark.usefixtures("acquainted")
async def test_asking_again_and_again_writes_once_a_week(vouches: VouchService, clock: TurnedClock) -> None:
    for number in range(4):
        made = (await vouches.offer(ANA, 12, f"{WORDS} {number}")).vouch
        await vouches.answer(12, made.id, shown=False)
        await vouches.withdraw(11, made.id)
    assert [state for _who, state, _budgeted in await messages(vouches)] == [WAITING, *[IN_INBOX] * 3]
    await clock.advance(timedelta(days=8))
    await vouches.offer(ANA, 12, WORDS)
    assert (await messages(vouches))[-1][1] == WAITING


async def test_whoever_agreed_to_nothing_finds_it_in_the_inbox(
    vouches: VouchService, acquainted: tuple[int, int]
) -> None:
    async with vouches.store.write() as session:
        await vouches.people.stop_member(session, acquainted[1])
    await vouches.offer(ANA, 12, WORDS)
    assert await messages(vouches) == [(12, IN_INBOX, False)]


async def test_whoever_only_waits_for_answers_of_their_own_is_not_written_to(
    vouches: VouchService, acquainted: tuple[int, int]
) -> None:
    async with vouches.store.write() as session:
        await vouches.people.stop_member(session, acquainted[1])
        await vouches.people.consent(session, acquainted[1], "requests")
    await vouches.offer(ANA, 12, WORDS)
    assert await messages(vouches) == [(12, IN_INBOX, False)]


@pytest.mark.usefixtures("acquainted")
async def test_answer_is_the_receivers_and_withdraw_the_givers(vouches: VouchService) -> None:
    made = (await vouches.offer(ANA, 12, WORDS)).vouch
    for person in (11, 13):
        with pytest.raises(KithError, match="not_yours"):
            await vouches.answer(person, made.id, shown=True)
    for person in (12, 13):
        with pytest.raises(KithError, match="not_yours"):
            await vouches.withdraw(person, made.id)
    with pytest.raises(KithError, match="not_yours"):
        await vouches.one(13, made.id)
    for number in (0, 2**62):
        with pytest.raises(KithError, match="vouch_gone"):
            await vouches.answer(12, number, shown=True)
        with pytest.raises(KithError, match="vouch_gone"):
            await vouches.withdraw(11, number)
    assert (await vouches.one(12, made.id)).state == "offered"


@pytest.mark.usefixtures("acquainted")
async def test_declined_may_be_shown_later_and_withdrawn_is_gone(vouches: VouchService) -> None:
    made = (await vouches.offer(ANA, 12, WORDS)).vouch
    assert (await vouches.answer(12, made.id, shown=False)).vouch.state == "declined"
    assert not (await vouches.answer(12, made.id, shown=False)).changed
    assert not (await vouches.offer(ANA, 12, WORDS)).changed
    assert (await vouches.answer(12, made.id, shown=True)).vouch.state == "shown"
    assert (await vouches.withdraw(11, made.id)).changed
    assert not (await vouches.withdraw(11, made.id)).changed
    assert await vouches.shown_for(made.receiver.member_id) == ()
    assert await states(vouches) == [("withdrawn", "")]
    for asked in (vouches.answer(12, made.id, shown=True), vouches.one(12, made.id)):
        with pytest.raises(KithError, match="vouch_gone"):
            await asked


@pytest.mark.usefixtures("acquainted")
async def test_mine_lists_both_directions_newest_first(vouches: VouchService) -> None:
    await vouches.offer(ANA, 12, WORDS)
    await vouches.offer(BEN, 11, OTHERS)
    ana, ben = await vouches.mine(ANA), await vouches.mine(BEN)
    assert [one.text for one in ana.about_me] == [one.text for one in ben.by_me] == [OTHERS]
    assert [one.text for one in ana.by_me] == [one.text for one in ben.about_me] == [WORDS]
    assert await vouches.mine(CLEO) == await vouches.mine(Who(9, "Nowhere", 11, "Ana"))


async def test_shown_for_gives_the_newest_first(
    vouches: VouchService, met: Met, acquainted: tuple[int, int], clock: TurnedClock
) -> None:
    for number in range(3):
        giver = Who(1, "Data Collective", 100 + number, f"M{number}")
        met.pairs.add(frozenset(((await vouches.people.mine(giver)).id, acquainted[1])))
        made = (await vouches.offer(giver, 12, WORDS)).vouch
        await clock.advance(timedelta(minutes=1))
        await vouches.answer(12, made.id, shown=True)
    assert [one.giver.name for one in await vouches.shown_for(acquainted[1])] == ["M2", "M1", "M0"]


async def test_end_member_takes_back_what_they_said_and_what_waits_for_them(
    vouches: VouchService, acquainted: tuple[int, int]
) -> None:
    given = (await vouches.offer(ANA, 12, WORDS)).vouch
    await vouches.answer(12, given.id, shown=True)
    waiting = (await vouches.offer(BEN, 11, OTHERS)).vouch
    async with vouches.store.write() as session:
        await vouches.end_member(session, acquainted[0])
    assert await vouches.shown_for(acquainted[1]) == ()
    assert await vouches.offered(waiting.id) is None
    assert await states(vouches) == [("withdrawn", "")] * 2


async def test_a_vouch_goes_with_either_of_its_people(
    vouches: VouchService, acquainted: tuple[int, int]
) -> None:
    made = (await vouches.offer(ANA, 12, WORDS)).vouch
    await vouches.answer(12, made.id, shown=True)
    async with vouches.store.write() as session:
        await session.delete(await session.get_one(Member, acquainted[0]))
    assert await vouches.shown_for(acquainted[1]) == ()
    with pytest.raises(KithError, match="vouch_gone"):
        await vouches.answer(12, made.id, shown=True)
