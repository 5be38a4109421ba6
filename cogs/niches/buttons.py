"""The menu and button of niches."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.niches.service import NicheService
from cogs.niches.cards import browse_card, niche_card


class NicheButtons:
    """Handles what is pressed and chosen."""

    def __init__(self, service: NicheService) -> None:
        """Stand on the service."""
        self.service = service

    async def browse(self, press: Press) -> None:
        """Show the niches in place of the card."""
        await press.answer.update(browse_card(await self.service.browse(who(press.interaction))))

    async def join(self, press: Press) -> None:
        """Join the niche chosen in the menu."""
        if not press.values:
            raise KithError("choice_unknown")
        change = await self.service.join(who(press.interaction), press.values[0])
        await press.answer.show(niche_card(change, joined=True))
