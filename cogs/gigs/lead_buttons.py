"""Buttons and menus of handing a gig on: translate, call one use case, show one card."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.gigs.service import GigService
from cogs.gigs import lead_cards
from cogs.gigs.common import gig_number


class LeadButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.leads = service.leads

    def register(self) -> None:
        """Add every button and menu."""
        self.bot.buttons.register("gig.first", self.first)
        self.bot.buttons.register("gig.leads", self.choose)
        self.bot.buttons.register("gig.firsthours", self.hours)
        self.bot.buttons.register("gig.firstnone", self.nobody)
        self.bot.buttons.register("gig.pass", self.passes)

    async def first(self, press: Press) -> None:
        """Show whom a gig goes to first; a gig chosen in the menu comes as a value."""
        if press.interaction.guild_id is None:
            raise KithError("server_only")  # a DM has nobody to choose from
        found = await self.leads.plan(press.person_id, gig_number(press.values or press.args))
        await press.answer.show(lead_cards.plan(found))

    async def choose(self, press: Press) -> None:
        """The poster chose people."""
        chosen = [gig_number((value,)) for value in press.values]
        found = await self.leads.choose(press.person_id, gig_number(press.args), chosen)
        await press.answer.update(lead_cards.plan(found, chosen))

    async def hours(self, press: Press) -> None:
        """The poster says how long each step takes."""
        hours = gig_number(press.values)
        found = await self.leads.set_hours(press.person_id, gig_number(press.args), hours)
        await press.answer.update(lead_cards.plan(found))

    async def nobody(self, press: Press) -> None:
        """The poster wants it on the board at once after all."""
        found = await self.leads.ask_nobody(press.person_id, gig_number(press.args))
        await press.answer.update(lead_cards.plan(found))

    async def passes(self, press: Press) -> None:
        """Somebody who was asked first passes."""
        done = await self.leads.passes(press.person_id, gig_number(press.args))
        await press.answer.update(lead_cards.passed(done))
