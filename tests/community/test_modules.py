"""Which part a command, a button, a message or a piece of work belongs to, and the gate in front of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.community import modules
from bot.community.gate import LOOK_AGAIN, Use
from bot.community.service import CommunityService, SetupEdit
from bot.core.agenda import Agenda, AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.errors import KithError, Postponed
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Person
from sandbox import Sandbox
from tests.stage import running

MIA = Who(1, "Data Collective", 10, "Mia")
ANA = Who(1, "Data Collective", 20, "Ana")
ELSEWHERE = Who(2, "Elsewhere", 20, "Ana")
USED = ("gigs", "checkins", "digest")


@pytest.fixture
def community(store: Store, clock: TurnedClock) -> CommunityService:
    return CommunityService(
        store, clock, PeopleService(store, clock), agenda=Agenda(store, clock), outbox=Outbox(store, clock)
    )


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("intro join", "introductions"),
        ("intro.slot", "introductions"),
        ("intro.request", "introductions"),
        ("Introduce us", "introductions"),
        ("start.introduce", "introductions"),
        ("kith round run", "introductions"),
        ("kith holidays add", "introductions"),
        ("gig post", "gigs"),
        ("gig_interest", "gigs"),
        ("kith gigs queue", "gigs"),
        ("checkin now", "checkins"),
        ("checkin help", "checkins"),
        ("commitment.outcome", "checkins"),
        ("help.yes", "checkins"),
        ("pod join", "checkins"),
        ("kith digest checkins", "checkins"),
        ("intro leave", None),
        ("intro.leave", None),
        ("checkin stop", None),
        ("pod leave", None),
        ("help", None),
        ("stop", None),
        ("find", None),
        ("circle", None),
        ("profile edit", None),
        ("kith setup", None),
        ("kith digest week", None),
    ],
)
def test_each_command_and_button_belongs_to_its_part(name: str, module: str | None) -> None:
    assert modules.of_use(name) == module


@pytest.mark.parametrize(
    ("kind", "message", "work"),
    [
        ("intro.card", "introductions", "introductions"),
        ("round.notice", "introductions", "introductions"),
        ("gig.expire", "gigs", None),
        ("pod.out", "checkins", None),
        ("checkin", "checkins", "checkins"),
        ("community.digest", "checkins", "checkins"),
        ("community.week", "digest", "digest"),
        ("community.setback", None, None),
        ("privacy.gone", None, None),
        ("safety.report", None, None),
        ("start.panel", None, None),
        ("find.alert", None, None),
        ("retention", None, None),
    ],
)
def test_each_message_and_work_belongs_to_its_part(kind: str, message: str | None, work: str | None) -> None:
    assert (modules.of_message(kind), modules.of_work(kind)) == (message, work)


def test_parts_are_kept_in_order_and_unknown_ones_refused() -> None:
    assert modules.left_out(["digest", "introductions"]) == ["gigs", "checkins"]
    assert modules.left_out([]) == list(modules.MODULES)
    assert modules.changes(["gigs"], ["checkins", "digest"]) == "+gigs -checkins -digest"
    with pytest.raises(KithError, match="module_unknown"):
        modules.left_out(["payments"])


async def test_what_is_off_is_refused_and_what_is_on_passes(community: CommunityService) -> None:
    await community.use_modules(MIA, USED)
    with pytest.raises(KithError, match="off_introductions"):
        await community.gate.admit(Use("intro join", 20, 1))
    for name in ("intro leave", "gig post", "find"):
        await community.gate.admit(Use(name, 20, 1))
    await community.use_modules(MIA, modules.MODULES)
    await community.gate.admit(Use("intro join", 20, 1))


async def known_in_both(community: CommunityService) -> None:
    for who in (ANA, ELSEWHERE):
        async with community.store.write() as session:
            await community.people.known(session, who)


async def told(store: Store, clock: TurnedClock, community_id: int, message_id: int) -> None:
    """A message of a community that stands in Ana's DM."""
    async with store.write() as session:
        row = OutboxRow(
            kind="intro.card", subject=1, community_id=community_id, key=f"k{message_id}", due_at=clock.now(),
            state="done", attempts=1, recipient=20, target="person", nonce="n", message_id=message_id,
            answers_click=False, budgeted=False,
        )  # fmt: skip
        session.add(row)


async def test_a_press_in_a_dm_is_about_the_community_of_its_message(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    await known_in_both(community)
    await told(store, clock, 1, 901)
    await told(store, clock, 2, 902)
    await community.use_modules(MIA, USED)
    gate = community.gate
    await gate.admit(Use("intro.slot", 20, None, message_id=902))
    with pytest.raises(KithError, match="off_introductions"):
        await gate.admit(Use("intro.slot", 20, None, message_id=901))
    await gate.admit(Use("intro next", 20, None))  # there is a community where it works
    with pytest.raises(KithError, match="off_introductions"):
        await gate.admit(Use("intro.where", 20, None, message_id=77, chosen=("1",)))
    await gate.admit(Use("intro.where", 20, None, message_id=77, chosen=("2",)))
    await community.use_modules(Who(2, "Elsewhere", 10, "Mia"), USED)
    with pytest.raises(KithError, match="off_introductions"):
        await gate.admit(Use("intro next", 20, None))


async def test_work_waits_while_its_part_is_off_and_goes_on_at_once_afterwards(
    community: CommunityService, store: Store, clock: TurnedClock
) -> None:
    done: list[str] = []

    async def handler(work: Work) -> None:
        done.append(work.kind)

    agenda = Agenda(store, clock)
    kinds = ("intro.ask", "checkin", "gig.expire")
    agenda.register({kind: community.gate.guarded(kind, handler) for kind in kinds})
    await community.configure(MIA, SetupEdit(lobby=5))
    await community.start(MIA)
    await community.use_modules(MIA, ["introductions", "digest"])
    async with store.write() as session:
        for kind in kinds:
            await agenda.plan(
                session, kind=kind, key=kind, subject=1, due_at=clock.now(), community_id=MIA.community_id
            )
    await agenda.tick()
    assert sorted(done) == ["gig.expire", "intro.ask"]
    async with store.read() as session:
        row = (await session.scalars(select(AgendaRow).where(AgendaRow.kind == "checkin"))).one()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert row.due_at == clock.now() + LOOK_AGAIN
    await community.use_modules(MIA, modules.MODULES)
    await agenda.tick()
    assert done[-1] == "checkin"


async def test_messages_of_a_part_that_is_off_are_postponed(community: CommunityService) -> None:
    await community.use_modules(MIA, USED)
    with pytest.raises(Postponed):
        await community.gate.let_out(1, "intro.card")
    await community.gate.let_out(1, "gig.post")
    await community.gate.let_out(2, "intro.card")
    await community.gate.let_out(None, "intro.card")


async def test_another_process_notices_within_half_a_minute(store: Store, clock: TurnedClock) -> None:
    one, other = (CommunityService(store, clock, PeopleService(store, clock)) for _ in range(2))
    await one.state(MIA)
    assert await other.gate.off(1) == frozenset()
    await one.use_modules(MIA, USED)
    assert await one.gate.off(1) == {"introductions"}
    await clock.advance(timedelta(seconds=31))
    assert await other.gate.off(1) == {"introductions"}


async def test_start_plans_no_round_where_there_are_no_introductions(
    store: Store, clock: TurnedClock
) -> None:
    started: list[int] = []

    async def start(_session: object, community_id: int) -> None:
        started.append(community_id)

    service = CommunityService(store, clock, PeopleService(store, clock), on_start=[start])
    await service.configure(MIA, SetupEdit(lobby=5))
    await service.use_modules(MIA, USED)
    await service.start(MIA)
    assert started == []
    await service.use_modules(MIA, modules.MODULES)
    assert started == [1]


async def test_every_kind_there_is_belongs_to_a_part_or_to_none(sqlite_url: str) -> None:
    free = {
        "community", "start", "privacy", "safety", "niche", "vouch", "find", "retention",
    }  # fmt: skip
    async with Sandbox(TurnedClock()) as discord:
        discord.guild("Data Collective", owner="Mia")
        app: App
        async with running(sqlite_url, discord, TurnedClock()) as app:
            kinds = {*app.courier.renderers, *app.agenda.handlers}
    outside = {kind.partition(".")[0] for kind in kinds if modules.of_message(kind) is None}
    assert outside <= free


async def test_nobody_is_off_by_default(store: Store, clock: TurnedClock) -> None:
    service = CommunityService(store, clock, PeopleService(store, clock))
    await service.state(MIA)
    async with store.read() as session:
        assert (await session.get_one(Community, 1)).modules_off == []
        assert (await session.scalars(select(Person))).all() == []
