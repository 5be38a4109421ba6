"""Live gigs whose new words wait for the moderators; for tests of changes."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.core.outbox import SAID, OutboxRow
from bot.gigs.change_review import ChangeView
from bot.gigs.review_rules import Reason
from bot.gigs.rules import Draft
from bot.gigs.service import GigService, GigView
from bot.gigs.tables import Gig
from bot.people.service import Who
from tests.gigs.posters import (
    ANA,
    COMMUNITY,
    DANGEROUS,
    GOOD,
    MODS,
    SETTLED,
    stood,
)  # fmt: skip

MIA, MAX = (Who(COMMUNITY, "Data Collective", number, name) for number, name in ((14, "Mia"), (15, "Max")))
ELSEWHERE = Who(2, "Elsewhere", 14, "Mia")
WORSE = replace(GOOD, description=DANGEROUS.description, budget="90 €/h")
OTHER = replace(WORSE, title="Forecast energy prices")
BETTER = replace(GOOD, title="Forecast energy demand, day ahead")
PITCH = "I built three such models for grid operators."
WHY, PLEASE = Reason("scam", "Nobody pays here."), Reason("", "Please leave out the fee.")
DAY = timedelta(days=1)


async def waits(gigs: GigService, draft: Draft = WORSE) -> tuple[GigView, GigView]:
    """A live gig of Ana's, and the change of it that waits for the moderators."""
    gig = await stood(gigs)
    return gig, await asked(gigs, gig.id, draft)


async def asked(gigs: GigService, gig_id: int, draft: Draft = WORSE) -> GigView:
    shown = await gigs.editing.words(ANA.person_id, gig_id, draft, SETTLED)
    done = await gigs.editing.ask(ANA.person_id, shown.gig.id, gig_id, SETTLED)
    assert done.changed
    assert done.gig.state in ("queued", "held")
    return done.gig


async def arrive(gigs: GigService) -> None:
    """Do what the courier does once the moderators' cards reached Discord."""
    async with gigs.desk.store.write() as session:
        query = select(OutboxRow).where(OutboxRow.kind == "gig.review", OutboxRow.target == "channel")
        for row in (await session.scalars(query)).all():
            row.state, row.channel_id, row.message_id = SAID, MODS, 9_000 + row.id


async def cards(gigs: GigService) -> list[tuple[int, str]]:
    """What is said to the moderators' channel: about which row, and how."""
    async with gigs.desk.store.read() as session:
        found = await session.scalars(
            select(OutboxRow).where(OutboxRow.kind == "gig.review").order_by(OutboxRow.id)
        )
        return [(row.subject, row.target) for row in found]


async def row_of(gigs: GigService, gig_id: int) -> Gig:
    async with gigs.desk.store.read() as session:
        return await session.get_one(Gig, gig_id)


async def seen(gigs: GigService, gig_id: int) -> ChangeView:
    view = await gigs.review.one(MIA, gig_id)
    assert isinstance(view, ChangeView)
    return view
