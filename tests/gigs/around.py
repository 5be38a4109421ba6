"""A gig board with a live gig in it, and what its rooms said: for tests about the people around a gig."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.core.agenda import Agenda, AgendaRow, Work
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow
from bot.core.store import Store
from bot.gigs import ties
from bot.gigs.service import GigService
from bot.gigs.tables import Gig, GigAlert, GigLead, Interest
from bot.people.service import PeopleService, Who
from bot.people.tables import Community, Member, MemberNiche

ANA, BEN, CLEO, DORA, EVE = (
    Who(1, "Data Collective", number, name)
    for number, name in ((11, "Ana"), (12, "Ben"), (13, "Cleo"), (14, "Dora"), (15, "Eve"))
)
BOARD, MODS, LOBBY = 500, 600, 400
PITCH = "I built three such models for grid operators."
PITCHES = (
    "I built three such models for grid operators.",
    "Museums are my field; their ticket data taught me patience.",
    "Two years of harbour logistics, mostly in R and SQL.",
    "A bakery's demand is what I forecast every Sunday evening.",
    "You want tests? My last report had more tests than words.",
    "Airports, then airlines, and now I would like to do energy.",
    "Ask the library about my dashboards, they still use them.",
)


@dataclass
class Around:
    """The rooms of a gig board on a real database, without Discord."""

    gigs: GigService
    clock: TurnedClock

    @property
    def store(self) -> Store:
        return self.gigs.desk.store

    async def member(self, who: Who, *purposes: str, niche: str | None = None) -> int:
        """A member who said yes to these purposes; their id."""
        people = self.gigs.desk.people
        async with self.store.write() as session:
            member = await people.known(session, who)
            for purpose in purposes:
                await people.consent(session, member.id, purpose)
            if "alerts" in purposes and await session.get(GigAlert, member.id) is None:
                session.add(
                    GigAlert(
                        member_id=member.id, community_id=member.community_id, created_at=self.clock.now()
                    )
                )
            if niche is not None:
                session.add(MemberNiche(member_id=member.id, niche=niche))
            return member.id

    async def gig(self, poster: Who = ANA, **values: Any) -> int:
        """A gig of the poster's, live unless said otherwise; its id."""
        member_id = await self.member(poster, "gigs")
        now = self.clock.now()
        row = {
            "community_id": poster.community_id, "member_id": member_id, "kind": "hire",
            "title": "Forecast energy demand", "description": "A day-ahead model in Python, with tests.",
            "budget": "80–120 €/h", "low": 8000, "high": 12000, "currency": "EUR", "per": "hour", "terms": "",
            "niches": ["energy"], "state": "live", "score": 0, "findings": [], "fingerprint": "f",
            "created_at": now, "expires_at": now + timedelta(days=14),
        }  # fmt: skip
        async with self.store.write() as session:
            gig = Gig(**(row | values))
            session.add(gig)
            await session.flush()
            return gig.id

    async def pitch(self, who: Who, gig_id: int, words: str = PITCH) -> int:
        """A pitch that was sent; its id."""
        return (await self.gigs.pitches.send(who, gig_id, words)).id

    async def accepted(self, who: Who, gig_id: int) -> int:
        """A pitch that the poster accepted, where both were told; its id."""
        interest = await self.pitch(who, gig_id, f"{PITCH} {who.name}")
        await self.gigs.pitches.answer(ANA.person_id, interest, accept=True)
        await self.in_contact(interest, None)
        return interest

    async def in_contact(self, interest: int, thread_id: int | None) -> None:
        """Do what the edge does when a thread could be opened, or not."""
        async with self.store.write() as session:
            query = update(AgendaRow).where(AgendaRow.key == f"gig.room:{interest}").values(owner="me")
            row = (await session.execute(query.returning(AgendaRow.id, AgendaRow.due_at))).one()
        work = Work(row[0], "gig.room", interest, 1, f"gig.room:{interest}", row[1], None, 1, "me")
        await self.gigs.replies.in_contact(work, thread_id)

    async def close(self, gig_id: int, state: str) -> None:
        """A gig that ends, whoever ended it, and what the rooms do then."""
        async with self.store.write() as session:
            gig = await session.get_one(Gig, gig_id)
            gig.state = state
            await session.flush()
            for follow in self.gigs.desk.on_closed:
                await follow(session, gig)

    async def publish(self, gig_id: int) -> None:
        """A gig that was found clean goes out."""
        async with self.store.write() as session:
            gig = await session.get_one(Gig, gig_id)
            gig.state = "live"
            await session.flush()
            community = await self.gigs.desk.board_of(session, gig.community_id)
            await self.gigs.board.publish(session, gig, community)

    async def said(self, *kinds: str) -> list[tuple[str, int, int]]:
        """Kind, subject and recipient of every message of these kinds, in order."""
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind.in_(kinds)).order_by(OutboxRow.id)
            return [(row.kind, row.subject, row.recipient) for row in await session.scalars(query)]

    async def rows(self, kind: str) -> list[OutboxRow]:
        """Every message of a kind."""
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
            return list(await session.scalars(query))

    async def state(self, interest: int) -> str:
        """How a pitch stands."""
        async with self.store.read() as session:
            return (await session.get_one(Interest, interest)).state

    async def of_gig(self, gig_id: int) -> Gig:
        """A gig's row."""
        async with self.store.read() as session:
            return await session.get_one(Gig, gig_id)

    async def leads(self, gig_id: int) -> dict[int, str]:
        """Person to state of everybody a gig was handed to."""
        query = (
            select(Member.person_id, GigLead.state).join(GigLead, GigLead.member_id == Member.id)
            .where(GigLead.gig_id == gig_id)
        )  # fmt: skip
        async with self.store.read() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def met(self, one: Who, other: Who) -> bool:
        """Whether two count as having worked together."""
        first, second = await self.member(one), await self.member(other)
        async with self.store.read() as session:
            return await ties.met(session, first, second)

    async def pass_time(self, by: timedelta) -> None:
        """Turn the clock, and do what fell due."""
        await self.clock.advance(by)
        while await self.gigs.desk.agenda.tick():
            pass


async def around(store: Store, clock: TurnedClock) -> Around:
    """A gig board in a community that has set everything up."""
    agenda, outbox = Agenda(store, clock), Outbox(store, clock)
    service = GigService(store, clock, agenda, outbox, PeopleService(store, clock))
    agenda.register(service.handlers())
    async with store.write() as session:
        session.add(
            Community(
                id=1, name="Data Collective", gig_channel_id=BOARD, mod_channel_id=MODS,
                lobby_channel_id=LOBBY, created_at=clock.now(),
            )
        )  # fmt: skip
    return Around(service, clock)
