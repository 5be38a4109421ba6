"""A gig board on a database, and what people on it say; for tests of posting and editing."""

from sqlalchemy import select

from bot.core.agenda import Agenda, AgendaRow
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow, Said
from bot.core.store import Store
from bot.gigs.rules import Draft
from bot.gigs.service import GigService, GigView, Standing
from bot.gigs.tables import Gig
from bot.people.service import PeopleService, Who
from bot.people.tables import Community

COMMUNITY, BOARD, MODS = 1, 500, 600
ANA, BEN = (Who(COMMUNITY, "Data Collective", number, name) for number, name in ((11, "Ana"), (12, "Ben")))
SETTLED = Standing(account_days=2000, tenure_days=400)
GOOD = Draft(
    "hire",
    "Forecast energy demand",
    "A day-ahead model in Python for an energy retailer, with tests.",
    "80–120 €/h",
    "energy; OCR",
)
DANGEROUS = Draft(
    "hire",
    "Easy data entry work",
    "You will need to pay a small registration fee before you get the tasks.",
    "50 €/h",
)


async def board_of(store: Store, clock: TurnedClock, *, channel: int | None = BOARD) -> GigService:
    """The service in a community whose moderators' channel is set, and most often its board."""
    agenda, outbox = Agenda(store, clock), Outbox(store, clock)
    service = GigService(store, clock, agenda, outbox, PeopleService(store, clock))
    agenda.register(service.handlers())
    async with store.write() as session:
        session.add(
            Community(
                id=COMMUNITY, name="Data Collective", gig_channel_id=channel, mod_channel_id=MODS,
                created_at=clock.now(),
            )
        )  # fmt: skip
    return service


async def rows(gigs: GigService) -> list[Gig]:
    """Every gig that is stored."""
    async with gigs.desk.store.read() as session:
        return list(await session.scalars(select(Gig).order_by(Gig.id)))


async def said(gigs: GigService, *kinds: str) -> list[tuple[str, int]]:
    """What waits to be said, of these kinds: kind and recipient."""
    async with gigs.desk.store.read() as session:
        found = await session.scalars(
            select(OutboxRow).where(OutboxRow.kind.in_(kinds)).order_by(OutboxRow.id)
        )
        return [(row.kind, row.recipient) for row in found]


async def planned(gigs: GigService, kind: str) -> list[int]:
    """The gigs that such work is planned about."""
    async with gigs.desk.store.read() as session:
        query = select(AgendaRow.subject).where(AgendaRow.kind == kind, AgendaRow.state == "waiting")
        return sorted(await session.scalars(query))


async def stood(gigs: GigService, who: Who = ANA, draft: Draft = GOOD) -> GigView:
    """A live gig whose post has reached the board."""
    gig = await gigs.posting.post(who, draft, SETTLED)
    assert gig.state == "live"
    async with gigs.desk.store.write() as session:
        message = 700 + gig.id
        key = f"gig.post:{gig.id}"
        posted = Said(1, "gig.post", gig.id, BOARD, COMMUNITY, key, "forum", message, message + 100)
        await gigs.delivered()["gig.post"](session, posted)
    return gig
