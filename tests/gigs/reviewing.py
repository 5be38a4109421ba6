"""A community whose moderators read gigs, and what they see and say; for tests of the queue."""

from datetime import timedelta

from sqlalchemy import select

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import SAID, Outbox, OutboxRow, Said
from bot.core.store import Store
from bot.gigs.review_rules import Reason
from bot.gigs.review_views import ReviewView
from bot.gigs.rules import Draft
from bot.gigs.service import GigService, GigView
from bot.people.service import PeopleService, Who
from bot.people.tables import AuditEntry, Community

ANA, BEN, CLEO, MIA, MAX = (
    Who(1, "Data Collective", number, name)
    for number, name in ((11, "Ana"), (12, "Ben"), (13, "Cleo"), (14, "Mia"), (15, "Max"))
)
ELSEWHERE = Who(2, "Elsewhere", 14, "Mia")
BOARD, MODS = 500, 600
DAY = timedelta(days=1)
GOOD = Draft(
    "hire", "Forecast energy demand", "A day-ahead model in Python for an energy retailer, with tests.",
    "80–120 €/h",
)  # fmt: skip
DOUBTFUL = Draft(
    "hire", "Simple dashboards wanted", "Two dashboards for a shop. Please contact me on Telegram about it.",
    "50 €/h",
)  # fmt: skip
OTHERWISE = Draft(
    "hire", "Reports about bicycles", "Three reports about bicycles. Please contact me on Telegram about it.",
    "50 €/h",
)  # fmt: skip
SCAM, FIT = Reason("scam"), Reason("fit", "No shops here.")


async def moderated(store: Store, clock: TurnedClock) -> GigService:
    """A gig service in a community whose board and moderators' channel are set."""
    agenda, outbox = Agenda(store, clock), Outbox(store, clock)
    service = GigService(store, clock, agenda, outbox, PeopleService(store, clock))
    agenda.register({"gig.waiting": service.review.remind})
    async with store.write() as session:
        session.add(
            Community(
                id=1, name="Data Collective", gig_channel_id=BOARD, mod_channel_id=MODS,
                created_at=clock.now(),
            )
        )  # fmt: skip
    return service


async def waiting(gigs: GigService, who: Who = ANA, draft: Draft = DOUBTFUL) -> GigView:
    """A gig that waits for the moderators."""
    gig = await gigs.posting.post(who, draft)
    assert gig.state in ("queued", "held")
    return gig


async def live(gigs: GigService) -> GigView:
    """A gig of Ana's on the board, where Discord has it."""
    gig = await gigs.posting.post(ANA, GOOD)
    async with gigs.desk.store.write() as session:
        await gigs.delivered()["gig.post"](
            session, Said(1, "gig.post", gig.id, BOARD, 1, f"gig.post:{gig.id}", "forum", 700, 701)
        )
    return gig


async def rows(gigs: GigService, *kinds: str) -> list[OutboxRow]:
    """What was enqueued, of these kinds."""
    async with gigs.desk.store.read() as session:
        query = select(OutboxRow).where(OutboxRow.kind.in_(kinds)).order_by(OutboxRow.id)
        return list(await session.scalars(query))


async def arrive(gigs: GigService) -> None:
    """Do what the courier does once the moderators' cards reached Discord."""
    async with gigs.desk.store.write() as session:
        query = select(OutboxRow).where(OutboxRow.kind == "gig.review", OutboxRow.target == "channel")
        for row in (await session.scalars(query)).all():
            row.state, row.channel_id, row.message_id = SAID, MODS, 9_000 + row.id


async def audit(gigs: GigService) -> list[tuple[str, int | None, str]]:
    """The community's record: what, who, about which gig."""
    async with gigs.desk.store.read() as session:
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.actor_id, entry.detail) for entry in entries]


async def first(gigs: GigService) -> ReviewView:
    """The first gig of the queue."""
    view = (await gigs.review.queue(MIA)).view
    assert view is not None
    return view
