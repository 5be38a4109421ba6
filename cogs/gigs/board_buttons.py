"""Buttons under a poster's own gigs: translate, call one use case, show one card."""

from __future__ import annotations

from discord import ui

from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.gigs.service import GigService, Outcome
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
        self.bot.buttons.register("gig.renew", self.renew)
        self.bot.buttons.register("gig.again", self.again)
        self.bot.buttons.register("gig.mine", self.mine)

    async def filled(self, press: Press) -> None:
        """The poster found someone."""
        done = await self.service.board.filled(press.person_id, gig_number(press.args))
        await press.answer.update(_closing(done))

    async def withdraw(self, press: Press) -> None:
        """The poster takes it back."""
        done = await self.service.board.withdraw(press.person_id, gig_number(press.args))
        await press.answer.update(_closing(done))

    async def renew(self, press: Press) -> None:
        """The poster is still looking."""
        done = await self.service.board.renew(press.person_id, gig_number(press.args))
        await press.answer.update(board_cards.renewed(done.gig, done.changed))

    async def again(self, press: Press) -> None:
        """The poster puts a deleted post back."""
        done = await self.service.board.post_again(press.person_id, gig_number(press.args))
        await press.answer.update(board_cards.posted_again(done.gig, done.changed))

    async def mine(self, press: Press) -> None:
        """Turn to older gigs of one's own."""
        page = await self.service.board.mine_page(who(press.interaction), gig_number(press.args))
        await press.answer.update(board_cards.mine(page))


def _closing(done: Outcome) -> ui.LayoutView:
    return board_cards.closing(done.gig, done.changed, change_ended=done.change_ended)
