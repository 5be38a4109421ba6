"""A community with a board and no Discord: what was said is settled by hand."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.core.agenda import Agenda
from bot.core.clock import TurnedClock
from bot.core.outbox import Outbox, OutboxRow, said
from bot.core.queue import DONE, WAITING
from bot.core.store import Store
from bot.gigs import rules
from bot.gigs.service import GigService, GigView
from bot.gigs.tables import Gig
from bot.people.service import PeopleService, Who
from bot.people.tables import Community

HERE, ELSEWHERE = 1, 2
ANA, BEN, CLEO, MIA = (
    Who(HERE, "Data Collective", number, name)
    for number, name in ((11, "Ana"), (12, "Ben"), (13, "Cleo"), (14, "Mia"))
)
BOARD, MODS, SECOND, LINKS = 500, 600, 501, 502


class BoardWorld:
    """The services on a database; gigs come straight onto the board, as posting leaves them."""

    def __init__(self, store: Store, clock: TurnedClock) -> None:
        self.store, self.clock = store, clock
        self.agenda, self.outbox = Agenda(store, clock), Outbox(store, clock)
        self.people = PeopleService(store, clock)
        self.gigs = GigService(store, clock, self.agenda, self.outbox, self.people)
        self.board = self.gigs.board
        self.looks: list[tuple[str, int]] = []
        self.agenda.register(self.gigs.handlers())
        self.agenda.register(dict.fromkeys(("gig.board", "gig.pin", "gig.look", "gig.poster"), self._looked))
        self.messages = itertools.count(9_000)

    async def _looked(self, work: Any) -> None:
        """Stands for the edge, which would ask Discord."""
        self.looks.append((work.kind, work.subject))

    async def open(self) -> None:
        async with self.store.write() as session:
            for community in (HERE, ELSEWHERE):
                session.add(
                    Community(
                        id=community, name="Data Collective", gig_channel_id=BOARD * community,
                        mod_channel_id=MODS, created_at=self.clock.now(),
                    )
                )  # fmt: skip

    async def post(self, who: Who = ANA, *, publish: bool = True, **values: Any) -> int:
        """A live gig on its way to the board; the words that matter may be given."""
        now = self.clock.now()
        given: dict[str, Any] = {
            "kind": "hire", "title": "Forecast energy demand", "description": "A day-ahead model in Python.",
            "budget": "80–120 €/h", "low": 8000, "high": 12000, "currency": "EUR", "per": "hour",
            "terms": "", "niches": [], "skills": [], "state": "live", "score": 0, "findings": [],
            "fingerprint": "", "created_at": now, "expires_at": rules.expires(now),
        }  # fmt: skip
        async with self.store.write() as session:
            member = await self.people.known(session, who)
            await self.people.consent(session, member.id, "gigs")
            gig = Gig(**(given | {"community_id": who.community_id, "member_id": member.id} | values))
            session.add(gig)
            await session.flush()
            community = await self.people.community(session, who.community_id)
            assert community is not None
            if publish:
                await self.board.publish(session, gig, community)
            return gig.id

    async def posted(self, who: Who = ANA, **values: Any) -> int:
        """A live gig that reached the board."""
        gig_id = await self.post(who, **values)
        await self.deliver()
        return gig_id

    async def deliver(self, *, fail: str = "") -> list[OutboxRow]:
        """Say all that waits, as the courier does; messages of the kind `fail` are refused."""
        async with self.store.write() as session:
            query = (
                select(OutboxRow).where(OutboxRow.state == WAITING).order_by(OutboxRow.due_at, OutboxRow.id)
            )
            rows = list(await session.scalars(query))
            for row in rows:
                if row.kind == fail:
                    row.state = "failed"
                    continue
                row.state = DONE
                if row.target != "edit":
                    number = next(self.messages)
                    row.channel_id = number if row.target == "forum" else row.recipient
                    row.message_id = number
                if hook := self.gigs.delivered().get(row.kind):
                    await hook(session, said(row))
        return rows

    async def work(self, by: timedelta = timedelta(0)) -> None:
        """Do what falls due within this time."""
        await self.clock.turn_to(self.clock.now() + by)
        while await self.agenda.tick():
            pass

    async def view(self, gig_id: int) -> GigView:
        found = await self.gigs.gig(gig_id)
        assert found is not None
        return found

    async def said(self, kind: str) -> list[OutboxRow]:
        """Every message of a kind, the oldest first."""
        async with self.store.read() as session:
            query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
            return list(await session.scalars(query))

    async def told(self, kind: str) -> list[int]:
        """To whom, or where, messages of a kind went."""
        return [row.recipient for row in await self.said(kind)]
