"""Buttons of looking through the board: translate, call one use case, show one card."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.limits import SEARCH, costs
from bot.gigs.browse import Wish
from bot.gigs.service import GigService
from cogs.gigs import browse_cards
from cogs.gigs.common import gig_number

_WAYS = ("older", "newer")


class BrowseButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button."""
        self.bot.buttons.register("gig.look", self.look)
        self.bot.buttons.register("gig.browse", self.turn)
        self.bot.buttons.register("gig.keep", self.save)
        self.bot.buttons.register("gig.unkeep", self.unsave)
        self.bot.buttons.register("gig.saved", self.saved)

    async def look(self, press: Press) -> None:
        """Show the newest gigs, to whoever asks under the guidelines."""
        page = await self.service.browse.page(who(press.interaction), Wish())
        await press.answer.show(browse_cards.page(page))

    @costs(SEARCH)
    async def turn(self, press: Press) -> None:
        """Turn to another page of the same search."""
        acting = who(press.interaction)
        marked, way, place = browse_cards.unpack(press.args)
        if way not in _WAYS:
            raise KithError("button_outdated")
        number = gig_number((place,))
        wish = await self.service.browse.unmarked(acting, marked)
        ends = {"before": number} if way == "older" else {"after": number}
        await press.answer.update(browse_cards.page(await self.service.browse.page(acting, wish, **ends)))

    async def save(self, press: Press) -> None:
        """Keep a gig for later."""
        done = await self.service.saved.save(who(press.interaction), gig_number(press.args))
        await press.answer.show(browse_cards.kept(done.gig, done.changed))

    async def unsave(self, press: Press) -> None:
        """Keep a gig no longer."""
        done = await self.service.saved.drop(who(press.interaction), gig_number(press.args))
        await press.answer.show(browse_cards.dropped(done.gig, done.changed))

    async def saved(self, press: Press) -> None:
        """Turn to older saved gigs."""
        page = await self.service.saved.page(who(press.interaction), gig_number(press.args))
        await press.answer.update(browse_cards.saved(page))
