"""Buttons under a poster's own gigs: translate, call one use case, show one card."""

from __future__ import annotations

from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs import board_cards
from cogs.gigs.common import gig_number


class BoardButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button."""
        self.bot.buttons.register("gig.filled", self.filled)
        self.bot.buttons.register("gig.withdraw", self.withdraw)

    async def filled(self, press: Press) -> None:
        """The poster found someone."""
        done = await self.service.board.filled(press.person_id, gig_number(press.args))
        await press.answer.update(board_cards.closing(done.gig, done.changed))

    async def withdraw(self, press: Press) -> None:
        """The poster takes it back."""
        done = await self.service.board.withdraw(press.person_id, gig_number(press.args))
        await press.answer.update(board_cards.closing(done.gig, done.changed))
