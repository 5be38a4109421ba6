"""What Kith must say, and to whom: messages as rows, each said once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, String, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.budget import WEEK, next_slot
from bot.core.clock import Clock
from bot.core.errors import LeaseLost
from bot.core.ids import stable_nonce
from bot.core.queue import LEASE, WAITING, Queue, QueueRow
from bot.core.store import Base, BigId, Store, UTCDateTime, insert_new, portions

SAID = "done"
IN_INBOX = "inbox"
"""It could not be delivered by DM and waits for the person to open ``/inbox``."""
BLOCKED = "no permission"
"""Why it waits: Kith may not write there at present, and moderators were told."""


class OutboxRow(QueueRow, Base):
    """One message; ``tried_at`` is when it may first have reached Discord."""

    __tablename__ = "outbox"

    recipient: Mapped[int] = mapped_column(BigId, index=True)
    target: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    nonce: Mapped[str] = mapped_column(String(25))
    channel_id: Mapped[int | None] = mapped_column(BigId)
    message_id: Mapped[int | None] = mapped_column(BigId)
    answers_click: Mapped[bool] = mapped_column(default=False)
    budgeted: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as its renderer and its delivery hook see it."""

    id: int
    kind: str
    subject: int
    recipient: int
    community_id: int | None
    key: str
    target: str
    channel_id: int | None
    message_id: int | None


class Outbox:
    """Takes messages in; the courier sends them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.queue = Queue(store, clock, OutboxRow, line="recipient")

    async def say(
        self,
        session: AsyncSession,
        *,
        kind: str,
        subject: int,
        key: str,
        recipient: int,
        community_id: int | None = None,
        target: str = "person",
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
        channel_id: int | None = None,
        message_id: int | None = None,
        answers_click: bool = False,
        budgeted: bool = False,
        quiet: bool = False,
    ) -> bool:
        """Enqueue a message once; false when that key was said before.

        Args:
            session: the unit of work of what is being told.
            kind: names the renderer.
            subject: the id of the row that the message is about.
            key: unique; what makes "once" mean once.
            recipient: a person's id, or a channel's for the other targets.
            community_id: the community it concerns, if any.
            target: ``person`` · ``channel`` · ``forum`` (a new post) · ``edit``.
            due_at: not before; now by default.
            expires_at: after this it is no longer worth saying.
            channel_id: for ``edit``, where the message is.
            message_id: for ``edit``, which message.
            answers_click: the person just asked for it, so their DM may be opened at once.
            budgeted: it has no agreed time, so it waits for room in the person's one a day and three a week.
            quiet: the person did not agree to be written to about it; it waits in their inbox.
        """
        due_at = due_at or self._clock.now()
        if budgeted:
            due_at = next_slot(await self._budgeted(session, recipient, due_at), due_at)
        return await insert_new(
            session,
            OutboxRow,
            kind=kind,
            subject=subject,
            key=key,
            recipient=recipient,
            community_id=community_id,
            target=target,
            due_at=due_at,
            expires_at=expires_at,
            channel_id=channel_id,
            message_id=message_id,
            answers_click=answers_click,
            budgeted=budgeted,
            nonce=stable_nonce(key),
            state=IN_INBOX if quiet else WAITING,
            attempts=0,
        )

    async def _budgeted(self, session: AsyncSession, person_id: int, wanted: datetime) -> Sequence[datetime]:
        """Return when this person hears, or heard, about other things that had no agreed time."""
        query = select(OutboxRow.due_at).where(
            OutboxRow.recipient == person_id,
            OutboxRow.target == "person",
            OutboxRow.budgeted,
            OutboxRow.state.in_((WAITING, SAID)),
            OutboxRow.due_at > wanted - WEEK,
        )
        return (await session.scalars(query)).all()

    async def silence(self, session: AsyncSession, person_id: int) -> None:
        """Drop everything that still waits for a person, as ``/stop`` promises."""
        await session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.recipient == person_id,
                OutboxRow.target == "person",
                OutboxRow.state.in_((WAITING, IN_INBOX)),
            )
            .values(state="dropped", reason="stopped")
            .execution_options(synchronize_session=False)
        )

    async def retract(
        self,
        session: AsyncSession,
        *,
        kinds: Collection[str],
        subjects: Collection[int],
        into: str,
        except_for: int,
        shown: Mapping[int, int] | None = None,
    ) -> None:
        """Take messages back whose subjects are being deleted.

        What waits is never said; what somebody else has on screen is edited.

        Args:
            session: the unit of work of the deletion.
            kinds: of messages.
            subjects: the rows these messages are about.
            into: the kind that renders what stands there from now on.
            except_for: the person whose own messages need no edit.
            shown: what the edit is about, by subject; the message's own id where nothing is named.
        """
        for some in portions(subjects):
            query = select(OutboxRow).where(OutboxRow.kind.in_(kinds), OutboxRow.subject.in_(some))
            for row in (await session.scalars(query.order_by(OutboxRow.id))).all():
                if row.message_id is not None and not (
                    row.target == "person" and row.recipient == except_for
                ):
                    await self._replace(session, row, into, (shown or {}).get(row.subject, row.message_id))
                await session.delete(row)
        await session.flush()

    async def _replace(self, session: AsyncSession, row: OutboxRow, into: str, subject: int) -> None:
        assert row.channel_id is not None
        await self.say(
            session,
            kind=into,
            subject=subject,
            key=f"{into}:{row.channel_id}:{row.message_id}",
            recipient=row.channel_id,
            community_id=row.community_id,
            target="edit",
            channel_id=row.channel_id,
            message_id=row.message_id,
        )

    async def inbox(self, person_id: int) -> Sequence[Said]:
        """Return what could not reach a person by DM, oldest first."""
        undelivered = select(OutboxRow).where(
            OutboxRow.recipient == person_id, OutboxRow.target == "person", OutboxRow.state == IN_INBOX
        )
        async with self._store.read() as session:
            rows = await session.scalars(undelivered.order_by(OutboxRow.id))
            return [said(row) for row in rows]

    async def read_in_inbox(self, ids: Sequence[int]) -> None:
        """Mark messages as read, once they were shown to the person."""
        async with self._store.write() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.id.in_(ids), OutboxRow.state == IN_INBOX)
                .values(state=SAID, reason="read in the inbox")
            )

    async def mark_tried(self, row: OutboxRow) -> bool:
        """Note that a message may now reach Discord, and whether it may have before; keep its lease.

        Raises:
            LeaseLost: another process took it over, or it was silenced; it must not be sent.
        """
        now = self._clock.now()
        tried_before = row.tried_at is not None
        async with self._store.write() as session:
            marked = await session.execute(
                update(OutboxRow)
                .where(OutboxRow.id == row.id, OutboxRow.owner == row.owner, OutboxRow.state == WAITING)
                .values(tried_at=row.tried_at or now, lease_until=now + LEASE)
            )
            assert isinstance(marked, CursorResult)
            if marked.rowcount != 1:
                raise LeaseLost(f"OutboxRow {row.id}")
        return tried_before


def said(row: OutboxRow) -> Said:
    """Return the frozen view of a row."""
    return Said(
        row.id,
        row.kind,
        row.subject,
        row.recipient,
        row.community_id,
        row.key,
        row.target,
        row.channel_id,
        row.message_id,
    )
