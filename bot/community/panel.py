"""Where newcomers begin: one message in a channel, posted by the outbox and remembered once it stands."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.clock import Clock
from bot.core.outbox import Outbox, OutboxRow, Said
from bot.core.queue import WAITING
from bot.people.tables import Community

POSTED, MOVED = "start.panel", "start.moved"


class Panel:
    """Posts the panel; every method joins the caller's unit of work."""

    def __init__(self, clock: Clock, outbox: Outbox) -> None:
        """Stand on the clock and the outbox."""
        self.clock = clock
        self.outbox = outbox

    async def post(self, session: AsyncSession, row: Community) -> bool:
        """Post the panel where the community wants it; False when there is none, or it is on its way.

        One that is on its way may wait for a permission that was missing, so it is tried at once.
        """
        if not row.started or row.panel_channel_id is None:
            return False
        now = self.clock.now()
        waiting = await session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.kind == POSTED,
                OutboxRow.recipient == row.panel_channel_id,
                OutboxRow.target == "channel",
                OutboxRow.state == WAITING,
            )
            .values(due_at=now)
            .returning(OutboxRow.id)
        )
        if waiting.first() is not None:
            return False
        edition = f"{row.panel_message_id or 0}:{int(now.timestamp() * 1000)}"
        return await self.outbox.say(
            session,
            kind=POSTED,
            subject=row.id,
            key=f"{POSTED}:{row.panel_channel_id}:{edition}",
            recipient=row.panel_channel_id,
            community_id=row.id,
            target="channel",
        )

    async def posted(self, session: AsyncSession, said: Said) -> None:
        """Remember where the panel stands; an older one, or one that came too late, says so instead."""
        row = await session.get(Community, said.subject)
        if row is None or said.channel_id is None or said.message_id is None:
            return
        if said.recipient != row.panel_channel_id:
            await self.retire(session, row.id, said.recipient, said.message_id)
            return
        if row.panel_message_id is not None and row.panel_message_id != said.message_id:
            await self.retire(session, row.id, row.panel_channel_id, row.panel_message_id)
        row.panel_message_id = said.message_id

    async def refresh(self, session: AsyncSession, row: Community) -> None:
        """Show the panel anew where it stands: what it offers has changed."""
        if row.panel_channel_id is None or row.panel_message_id is None:
            return
        await self.outbox.say(
            session,
            kind=POSTED,
            subject=row.id,
            key=f"{POSTED}:{row.panel_message_id}:{int(self.clock.now().timestamp() * 1000)}",
            recipient=row.panel_channel_id,
            community_id=row.id,
            target="edit",
            channel_id=row.panel_channel_id,
            message_id=row.panel_message_id,
        )

    async def retire(
        self, session: AsyncSession, community_id: int, channel_id: int, message_id: int
    ) -> None:
        """Let an old panel point at the new one; one that was deleted by hand is simply gone."""
        await self.outbox.say(
            session,
            kind=MOVED,
            subject=community_id,
            key=f"{MOVED}:{message_id}",
            recipient=channel_id,
            community_id=community_id,
            target="edit",
            channel_id=channel_id,
            message_id=message_id,
        )
