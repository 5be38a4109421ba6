"""Buttons of the moderators' queue: translate, call one use case, show one card."""

from __future__ import annotations

from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs import review_cards
from cogs.gigs.common import gig_number


class ReviewButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button."""
        self.bot.buttons.register("gig.approve", self.approve)
        self.bot.buttons.register("gig.refuse", self.refuse)

    async def approve(self, press: Press) -> None:
        """A moderator lets a gig through."""
        await self._decide(press, approve=True)

    async def refuse(self, press: Press) -> None:
        """A moderator refuses a gig."""
        await self._decide(press, approve=False)

    async def _decide(self, press: Press, approve: bool) -> None:
        rights = press.interaction.permissions
        is_moderator = rights.manage_guild or rights.manage_messages
        acting = who(press.interaction)
        done = await self.service.review.decide(acting, gig_number(press.args), approve, is_moderator)
        await press.answer.update(review_cards.reviewed(done.gig, done.changed, acting.name))
