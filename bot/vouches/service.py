"""Use cases of vouches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService, Who
from bot.vouches import rules
from bot.vouches.tables import Vouch
from bot.vouches.views import Side, VouchChange, VouchList, VouchView

__all__ = ["VouchChange", "VouchList", "VouchService", "VouchView"]

Encounter: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[bool]]

LISTED_MAX = 25  # a menu holds no more


class VouchService:
    """Testimonials of members for each other."""

    def __init__(
        self, store: Store, clock: Clock, outbox: Outbox, people: PeopleService, met: list[Encounter]
    ) -> None:
        """Stand on the core and on people; each of `met` tells whether two members met in one way."""
        self.store = store
        self.clock = clock
        self.outbox = outbox
        self.people = people
        self.met = met

    # --- the giver ---------------------------------------------------------------------------------

    async def between(self, who: Who, person_id: int) -> VouchView | None:
        """Return what the acting member said about a person, None when they may say something now.

        Raises:
            KithError: `vouch_self`, `barred`, or `vouch_not_met` for everybody else they cannot vouch for.
        """
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is not None and me.barred:
                raise KithError("barred")
            receiver = await self._receiver(session, who, me, person_id)
            row = await self._standing(session, me.id, receiver.id) if me else None
            return await self._view(session, row) if row else None

    async def offer(self, who: Who, person_id: int, text: str) -> VouchChange:
        """Offer words to the person they are about; other words than before have to be accepted again."""
        text = rules.checked_text(text)
        async with self.store.write() as session:
            giver = await self.people.known(session, who)
            me = await self.people.view(session, giver.id)
            receiver = await self._receiver(session, who, me, person_id)
            # The same form sent from two devices at once is one vouch.
            await session.refresh(giver, with_for_update=True)
            old = await self._standing(session, me.id, receiver.id, lock=True)
            if old is not None and old.text == text:
                return VouchChange(await self._view(session, old), changed=False)
            if old is not None:
                # A row of its own for the new words: nobody accepts words they have not seen.
                await self._take_back(session, old)
            row = Vouch(
                community_id=who.community_id,
                giver_id=me.id,
                receiver_id=receiver.id,
                text=text,
                state="offered",
                created_at=self.clock.now(),
            )
            quiet = not await self._may_tell(session, me.id, receiver.id)
            session.add(row)
            await session.flush()
            await self.outbox.say(
                session,
                kind="vouch.offered",
                subject=row.id,
                key=f"vouch.offered:{row.id}",
                recipient=receiver.person_id,
                community_id=row.community_id,
                budgeted=not quiet,
                quiet=quiet,
            )
            return VouchChange(await self._view(session, row), changed=True)

    async def withdraw(self, person_id: int, vouch_id: int) -> VouchChange:
        """Take one's own words back: they are gone at once, for both."""
        async with self.store.write() as session:
            row = await self._row(session, vouch_id)
            view = await self._view(session, row)
            if view.giver.person_id != person_id:
                raise KithError("not_yours")
            changed = row.state in rules.STANDING
            await self._take_back(session, row)
            return VouchChange(await self._view(session, row), changed)

    async def end_member(self, session: AsyncSession, member_id: int) -> None:
        """Take back what a member said about others, and what others offered them; for one who is barred."""
        await session.execute(
            update(Vouch)
            .where(
                or_(
                    Vouch.giver_id == member_id,
                    (Vouch.receiver_id == member_id) & (Vouch.state == "offered"),
                )
            )
            .values(state="withdrawn", text="")
            .execution_options(synchronize_session="fetch")
        )

    # --- the receiver ------------------------------------------------------------------------------

    async def answer(self, person_id: int, vouch_id: int, *, shown: bool) -> VouchChange:
        """Show a vouch on the receiver's profile, or not; they may change their mind either way.

        Where the giver changed the words meanwhile, nothing is decided and the new ones are returned.
        """
        async with self.store.write() as session:
            row = await self._row(session, vouch_id)
            receiver = await self.people.view(session, row.receiver_id)
            if receiver.person_id != person_id:
                raise KithError("not_yours")
            if receiver.barred:
                raise KithError("barred")
            if row.state not in rules.STANDING:
                newer = await self._standing(session, row.giver_id, row.receiver_id)
                if newer is None:
                    raise KithError("vouch_gone")
                return VouchChange(await self._view(session, newer), changed=False, newer=True)
            state = "shown" if shown else "declined"
            changed = row.state != state
            if changed:
                row.state, row.decided_at = state, self.clock.now()
            return VouchChange(await self._view(session, row), changed)

    # --- reading -----------------------------------------------------------------------------------

    async def mine(self, who: Who) -> VouchList:
        """Return what others say about the acting member, and what they say about others."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is None:
                return VouchList((), ())
            if me.barred:
                raise KithError("barred")
            query = (
                select(Vouch)
                .where(
                    or_(Vouch.giver_id == me.id, Vouch.receiver_id == me.id), Vouch.state.in_(rules.STANDING)
                )
                .order_by(Vouch.id.desc())
            )
            views = await self._views(session, (await session.scalars(query)).all())
        about = [view for view in views if view.receiver.member_id == me.id]
        given = [view for view in views if view.giver.member_id == me.id]
        return VouchList(tuple(about[:LISTED_MAX]), tuple(given[:LISTED_MAX]))

    async def one(self, person_id: int, vouch_id: int) -> VouchView:
        """Return one vouch to either of its two people; raises `not_yours` or `vouch_gone`."""
        async with self.store.read() as session:
            view = await self._view(session, await self._row(session, vouch_id, lock=False))
        if person_id not in (view.giver.person_id, view.receiver.person_id):
            raise KithError("not_yours")
        if view.state not in rules.STANDING:
            raise KithError("vouch_gone")
        return view

    async def offered(self, vouch_id: int) -> VouchView | None:
        """Return a vouch that still waits for its receiver, for a message that is about to be sent."""
        async with self.store.read() as session:
            row = await session.get(Vouch, vouch_id)
            return await self._view(session, row) if row is not None and row.state == "offered" else None

    async def shown_for(self, member_id: int) -> tuple[VouchView, ...]:
        """Return what stands on a member's profile, newest first."""
        query = (
            select(Vouch)
            .where(Vouch.receiver_id == member_id, Vouch.state == "shown")
            .order_by(Vouch.decided_at.desc(), Vouch.id.desc())
        )
        async with self.store.read() as session:
            return tuple(await self._views(session, (await session.scalars(query)).all()))

    # --- inside ------------------------------------------------------------------------------------

    async def _receiver(
        self, session: AsyncSession, who: Who, me: MemberView | None, person_id: int
    ) -> MemberView:
        """Return the other, if they met; unknown and barred people look like those one never met."""
        if person_id == who.person_id:
            raise KithError("vouch_self")
        receiver = await self.people.find(session, who.community_id, person_id)
        if me is None or receiver is None or receiver.barred:
            raise KithError("vouch_not_met")
        for met in self.met:
            if await met(session, me.id, receiver.id):
                return receiver
        raise KithError("vouch_not_met")

    async def _may_tell(self, session: AsyncSession, giver_id: int, receiver_id: int) -> bool:
        """Tell whether the receiver agreed to be written to, and was not written to just now about it."""
        query = select(Vouch.created_at).where(Vouch.giver_id == giver_id, Vouch.receiver_id == receiver_id)
        if not rules.tells_again((await session.scalars(query)).all(), self.clock.now()):
            return False
        agreed = [await self.people.has_consent(session, receiver_id, purpose) for purpose in rules.TELLS]
        return any(agreed)

    async def _standing(
        self, session: AsyncSession, giver_id: int, receiver_id: int, *, lock: bool = False
    ) -> Vouch | None:
        """Return the one vouch of a pair whose words are kept."""
        query = select(Vouch).where(
            Vouch.giver_id == giver_id, Vouch.receiver_id == receiver_id, Vouch.state.in_(rules.STANDING)
        )
        query = query.order_by(Vouch.id.desc()).limit(1)
        return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()

    async def _take_back(self, session: AsyncSession, row: Vouch) -> None:
        """Let the words go; that there were some is kept, so that nobody is told of new ones too often."""
        row.state, row.text = "withdrawn", ""
        await session.flush()

    async def _row(self, session: AsyncSession, vouch_id: int, *, lock: bool = True) -> Vouch:
        row = await session.get(Vouch, vouch_id, with_for_update=lock)
        if row is None:
            raise KithError("vouch_gone")
        return row

    async def _view(self, session: AsyncSession, row: Vouch) -> VouchView:
        return (await self._views(session, [row]))[0]

    async def _views(self, session: AsyncSession, rows: Sequence[Vouch]) -> list[VouchView]:
        """Freeze vouches of one community."""
        people = await self.people.views(
            session, [side for row in rows for side in (row.giver_id, row.receiver_id)]
        )
        community = await self.people.community(session, rows[0].community_id) if rows else None
        return [
            VouchView(
                id=row.id,
                community_name=community.name if community else "",
                giver=_side(people[row.giver_id]),
                receiver=_side(people[row.receiver_id]),
                text=row.text,
                state=row.state,
                created_at=row.created_at,
            )
            for row in rows
        ]


def _side(view: MemberView) -> Side:
    return Side(view.id, view.person_id, view.name)
