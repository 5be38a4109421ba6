"""Deletes a person, or one of their memberships, within the caller's unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.outbox import Outbox, OutboxRow
from bot.core.seal import Sealer
from bot.people.tables import Member, Person
from bot.people.views import MemberView
from bot.privacy import atlas, rules
from bot.privacy.atlas import Naming
from bot.privacy.tables import Forgotten

OnMember: TypeAlias = Callable[[AsyncSession, int], Awaitable[None]]
OthersOf: TypeAlias = Callable[[AsyncSession, int], Awaitable[Sequence[int]]]
OnPair: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[None]]

GONE = "privacy.gone"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What other features do and know, handed in by the composition root.

    `erases` end a feature for a member, in the same transaction, before the rows go. `asked_apart_from` tells
    who asked not to be introduced to a member, `keep_apart` notes that the second asked about the first.
    `roles_of` are the roles at Discord that Kith gave a member.
    """

    erases: Sequence[OnMember] = ()
    asked_apart_from: OthersOf | None = None
    keep_apart: OnPair | None = None
    roles_of: OthersOf | None = None


class Erasing:
    """Leaves nothing of a person but a mark where somebody else depends on it."""

    def __init__(
        self, agenda: Agenda, outbox: Outbox, sealer: Sealer, hooks: Hooks, keep_marks: timedelta
    ) -> None:
        """Stand on the queues and the key that makes marks."""
        self.agenda = agenda
        self.outbox = outbox
        self.sealer = sealer
        self.hooks = hooks
        self.keep_marks = keep_marks

    async def membership(self, session: AsyncSession, member: Member, now: datetime) -> None:
        """Delete a member, with all that is theirs and all that was to be said or done about it.

        What only names the person is left to `traces` or `person`.
        """
        for erase in self.hooks.erases:
            await erase(session, member.id)
        await self._keep_marks(session, member, now)
        for name, ids in (await atlas.doomed(session, member.id)).items():
            said, work = atlas.kinds_about(atlas.MESSAGES, name), atlas.kinds_about(atlas.WORK, name)
            await self.outbox.retract(
                session, kinds=said, subjects=ids, into=GONE, except_for=member.person_id
            )
            await self.agenda.forget(session, work, ids)
        for naming in atlas.NAMINGS:
            if naming.of == "member" and naming.emptied:
                table = atlas.table_of(naming.table)
                named = table.c[naming.column] == member.id
                await session.execute(update(table).where(named).values(**naming.emptied))
        await session.execute(delete(Member).where(Member.id == member.id))

    async def traces(
        self,
        session: AsyncSession,
        person_id: int,
        community_id: int | None,
        ends: Collection[str] = ("row", "name"),
    ) -> bool:
        """Remove what names a person outside their own rows, in one community or all; False: nothing did."""
        found = False
        for naming in atlas.NAMINGS:
            if naming.of == "person" and naming.end in ends:
                found |= await self._trace(session, naming, person_id, community_id)
        return found

    async def person(self, session: AsyncSession, person_id: int, *, everywhere: bool) -> bool:
        """Delete what is left of a person who is a member nowhere any more; False when nothing was.

        Unless they go from everywhere, what they decided as a moderator of another server keeps their name.
        """
        found = await self.traces(session, person_id, None, ("row", "name") if everywhere else ("row",))
        person = await session.get(Person, person_id)
        if person is None:
            return found
        if person.dm_channel_id is not None:  # edits of what stands in their DM
            in_dm = or_(
                OutboxRow.channel_id == person.dm_channel_id, OutboxRow.recipient == person.dm_channel_id
            )
            await session.execute(delete(OutboxRow).where(in_dm))
        await session.execute(delete(Person).where(Person.id == person_id))
        return True

    async def restore(self, session: AsyncSession, member: MemberView, now: datetime) -> None:
        """Let what others depend on hold again for someone who deleted themselves and came back."""
        mark = self.mark(member.community_id, member.person_id)
        here = (Forgotten.community_id == member.community_id) & (Forgotten.mark == mark)
        query = select(Forgotten).where(here, Forgotten.until > now)
        for kept in (await session.scalars(query)).all():
            if kept.kind == rules.MARK_BAR:
                await session.execute(update(Member).where(Member.id == member.id).values(barred_at=now))
            elif kept.other_id is not None and self.hooks.keep_apart is not None:
                await self.hooks.keep_apart(session, kept.other_id, member.id)
        await session.execute(delete(Forgotten).where(here))

    def mark(self, community_id: int, person_id: int) -> str:
        """Return the mark by which a person is known again in a community."""
        return self.sealer.mark(rules.marked(community_id, person_id))

    async def _keep_marks(self, session: AsyncSession, member: Member, now: datetime) -> None:
        others = await self.hooks.asked_apart_from(session, member.id) if self.hooks.asked_apart_from else ()
        kept: list[tuple[str, int | None]] = [(rules.MARK_AVOID, other) for other in others]
        if member.barred_at is not None:
            kept.append((rules.MARK_BAR, None))
        session.add_all(
            Forgotten(
                community_id=member.community_id,
                mark=self.mark(member.community_id, member.person_id),
                kind=kind,
                other_id=other,
                until=now + self.keep_marks,
            )
            for kind, other in kept
        )
        await session.flush()

    async def _trace(
        self, session: AsyncSession, naming: Naming, person_id: int, community_id: int | None
    ) -> bool:
        table = atlas.table_of(naming.table)
        where = [table.c[naming.column] == person_id, *_within(naming, community_id)]
        key = next(iter(table.primary_key))
        if naming.end == "row":
            done = await session.execute(delete(table).where(*where).returning(key))
        else:
            empty = {naming.column: naming.nobody}
            done = await session.execute(update(table).where(*where).values(empty).returning(key))
        return done.first() is not None


def _within(naming: Naming, community_id: int | None) -> list[ColumnElement[bool]]:
    """Narrow a naming to messages to people, and to one community where only that one is left."""
    table = atlas.table_of(naming.table)
    where: list[ColumnElement[bool]] = []
    if "target" in table.c:
        where.append(table.c.target == "person")
    if community_id is not None and "community_id" in table.c:
        where.append(table.c.community_id == community_id)
    elif community_id is not None and "gig_id" in table.c:
        gig = atlas.table_of("gig")
        where.append(table.c.gig_id.in_(select(gig.c.id).where(gig.c.community_id == community_id)))
    return where
