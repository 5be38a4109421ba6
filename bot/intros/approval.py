"""A round that waits for a moderator: asked, asked again after a day, skipped after three."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Work
from bot.intros.gathering import taking_part
from bot.intros.notice import UNAPPROVED
from bot.intros.tables import Round
from bot.people.service import CommunityView

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

ASK_AGAIN_AFTER = timedelta(hours=24)
SKIP_AFTER = timedelta(hours=72)


class Approval:
    """What happens to a round between its hour and a moderator's yes."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def ask(self, session: AsyncSession, round_: Round, community: CommunityView) -> None:
        """Let a matched round wait, and tell the moderators."""
        now = self.on.clock.now()
        round_.state = "ready"
        round_.plan = {**round_.plan, "ready_at": now.isoformat()}
        await session.flush()
        await self._tell(session, "round.ready", round_, community, "1")
        await self._plan(session, round_, "2", now + ASK_AGAIN_AFTER)

    async def due(self, work: Work) -> None:
        """Ask once more, or skip the round; agenda work `round.approval`."""
        told: list[int] = []
        async with self.on.store.write() as session:
            round_ = await session.get(Round, work.subject, with_for_update=True)
            community = await self.on.people.community(session, work.community_id or 0)
            if round_ is None or community is None:
                await self.on.agenda.settle(session, work)
                return
            if round_.state == "ready":
                await self._late(session, round_, community)
            if round_.report.get("why") == UNAPPROVED:
                told = sorted(await taking_part(session, self.on.people, community.id, round_.number))
            key = f"{UNAPPROVED}:{round_.id}:{community.id}"
        # Done again after a crash, this tells nobody twice.
        await self.on.notices.say_all("intro.skipped", key, told)
        async with self.on.store.write() as session:
            await self.on.agenda.settle(session, work)

    async def _late(self, session: AsyncSession, round_: Round, community: CommunityView) -> None:
        """A round that still waits: one more word to the moderators, or the end of it."""
        ready_at = datetime.fromisoformat(round_.plan["ready_at"])
        if self.on.clock.now() < ready_at + SKIP_AFTER:
            await self._tell(session, "round.ready", round_, community, "2")
            await self._plan(session, round_, "3", ready_at + SKIP_AFTER)
            return
        report = {"why": UNAPPROVED, "enrolled": round_.plan["enrolled"]}
        await self.on.close(session, round_, community, "skipped", report)
        await self._tell(session, "round.report", round_, community, "skipped")

    async def _plan(self, session: AsyncSession, round_: Round, turn: str, due_at: datetime) -> None:
        await self.on.agenda.plan(
            session, kind="round.approval", key=f"round.approval:{round_.id}:{turn}", subject=round_.id,
            community_id=round_.community_id, due_at=due_at,
        )  # fmt: skip

    async def _tell(
        self, session: AsyncSession, kind: str, round_: Round, community: CommunityView, turn: str
    ) -> None:
        """Say something in the moderators' channel, where there is one."""
        if community.mod_channel_id is None:
            return
        await self.on.outbox.say(
            session, kind=kind, subject=round_.id, key=f"{kind}:{round_.id}:{turn}",
            recipient=community.mod_channel_id, community_id=community.id, target="channel",
        )  # fmt: skip
