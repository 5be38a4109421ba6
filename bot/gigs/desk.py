"""What every room of the gig board stands on: finding, moving and showing gigs, and telling people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.store import Store
from bot.gigs.rules import State
from bot.gigs.tables import Gig, Interest
from bot.gigs.views import GigView, InterestView, gig_view
from bot.people.service import CommunityView, PeopleService, Who
from bot.people.visibility import seen_by

Delivered = Callable[[AsyncSession, Said], Awaitable[None]]
Follow = Callable[[AsyncSession, Gig], Awaitable[None]]
OnWorked = Callable[[AsyncSession, int, int, str, str, datetime], Awaitable[None]]


class Desk:
    """Shared by the rooms; every method joins the caller's unit of work."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the core and on people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        # What rooms do about a gig that has just gone live, came back after its time, changed its words, or
        # closed.
        self.on_live: list[Follow] = []
        self.on_back: list[Follow] = []
        self.on_edited: list[Follow] = []
        self.on_closed: list[Follow] = []

    async def board_of(self, session: AsyncSession, community_id: int) -> CommunityView:
        """Return the community; raise `gig_no_board` where it has chosen no channel for gigs."""
        community = await self.people.community(session, community_id)
        if community is None or community.gig_channel_id is None:
            raise KithError("gig_no_board")
        return community

    async def gig(self, session: AsyncSession, gig_id: int) -> Gig:
        """Return a gig's row; raise `gig_gone` when there is none."""
        gig = await session.get(Gig, gig_id)
        if gig is None:
            raise KithError("gig_gone")
        return gig

    async def gig_here(self, session: AsyncSession, who: Who, gig_id: int) -> Gig:
        """Return a gig of the asker's own community; raise `gig_gone` for any other."""
        gig = await self.gig(session, gig_id)
        if gig.community_id != who.community_id:
            raise KithError("gig_gone")
        return gig

    async def own(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        """Return a person's own gig; raise `not_yours` for another's."""
        gig = await self.gig(session, gig_id)
        if (await self.people.view(session, gig.member_id)).person_id != person_id:
            raise KithError("not_yours")
        return gig

    async def move(self, session: AsyncSession, gig: Gig, before: Sequence[str], after: State) -> bool:
        """Change the state unless another was faster; the row then shows what is true."""
        moved = await session.execute(
            update(Gig).where(Gig.id == gig.id, Gig.state.in_(before)).values(state=after)
            .returning(Gig.id).execution_options(synchronize_session=False)
        )  # fmt: skip
        changed = moved.first() is not None
        await session.refresh(gig)
        return changed

    async def view(self, session: AsyncSession, gig: Gig) -> GigView:
        """Freeze a gig with its poster's name."""
        return (await self.views(session, [gig]))[0]

    async def views(self, session: AsyncSession, gigs: Iterable[Gig]) -> list[GigView]:
        """Freeze gigs of one community, in their order; a list costs as many queries as one of them."""
        rows = list(gigs)
        if not rows:
            return []
        here = rows[0].community_id
        posters = await self.people.views(session, [row.member_id for row in rows])
        name = await self.place(session, here)
        book = await self.people.book(session, here) if any(row.niches for row in rows) else None
        return [
            gig_view(row, posters[row.member_id], name, tuple(map(book.name, row.niches)) if book else ())
            for row in rows
        ]

    async def interest(self, session: AsyncSession, interest_id: int) -> InterestView:
        """Freeze a pitch with its gig and what the poster may see of the applicant."""
        row = await session.get(Interest, interest_id, populate_existing=True)
        if row is None:
            raise KithError("gig_gone")
        gig = await self.view(session, await self.gig(session, row.gig_id))
        applicant = seen_by(await self.people.view(session, row.member_id), "matches")
        return InterestView(row.id, gig, applicant, row.pitch, row.state, row.hours, row.start, row.thread_id)

    async def place(self, session: AsyncSession, community_id: int) -> str:
        """Return a community's name."""
        community = await self.people.community(session, community_id)
        return community.name if community else ""

    async def tell_poster(self, session: AsyncSession, gig: Gig, kind: str, mark: str = "") -> None:
        """Write to the poster of a gig; `mark` as in `tell`."""
        poster = await self.people.view(session, gig.member_id)
        await self.tell(session, kind, gig.id, poster.person_id, gig.community_id, mark)

    async def tell(
        self,
        session: AsyncSession,
        kind: str,
        subject: int,
        person_id: int,
        community_id: int,
        mark: str = "",
        *,
        due_at: datetime | None = None,
        budgeted: bool = False,
    ) -> None:
        """Write to somebody whose yes to gig messages is open; `/stop` takes it back, posting gives it.

        `mark` tells apart what may be said about the same thing more than once.
        """
        member = await self.people.find(session, community_id, person_id)
        if member is None or not await self.people.has_consent(session, member.id, "gigs"):
            return
        key = ":".join(filter(None, (kind, str(subject), str(person_id), mark)))
        await self.outbox.say(
            session, kind=kind, subject=subject, key=key, recipient=person_id, community_id=community_id,
            due_at=due_at, budgeted=budgeted,
        )  # fmt: skip


async def take_back(
    outbox: Outbox,
    session: AsyncSession,
    community_id: int | None,
    channel_id: int | None,
    message_id: int | None,
) -> None:
    """Replace a post or a link by a line without anybody's words; what never reached Discord has none.

    It is known by its place, also when the message's own row is long gone.
    """
    if channel_id is None or message_id is None:
        return
    await outbox.say(
        session, kind="gig.removed", subject=message_id, key=f"gig.removed:{channel_id}:{message_id}",
        recipient=channel_id, community_id=community_id, target="edit", channel_id=channel_id,
        message_id=message_id,
    )  # fmt: skip
