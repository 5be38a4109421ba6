"""The slash command of the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.circle.service import CircleService
from bot.edge.answer import Answer, answer_of
from bot.edge.buttons import Press
from bot.edge.where import chosen_place, place_of
from bot.people.service import Who
from cogs.circle.buttons import number
from cogs.circle.cards import added_card, circle_card

if TYPE_CHECKING:
    from bot.edge.client import Kith

WHERE = "circle.where"


class Circles(commands.Cog):
    """`/circle`: one's own diary, in a server or in the DM with Kith."""

    def __init__(self, service: CircleService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="circle")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.describe(member="Somebody you met through Kith, to add or to look at")
    async def circle(self, interaction: Interaction[Kith], member: discord.User | None = None) -> None:
        """The people you met, in a private diary that only you see."""
        about = member.id if member else 0
        place = await place_of(interaction, self.service.places_of, WHERE, about)
        if place is not None:
            await self._show(answer_of(interaction), place, about)

    async def where(self, press: Press) -> None:
        """Go on in the community chosen in the DM."""
        about = number(*press.args[:1])
        place = await chosen_place(press, self.service.places_of)
        await self._show(press.answer, place, about)

    async def _show(self, answer: Answer, place: Who, about: int) -> None:
        """Show the circle, or with `about` that person in it."""
        view = await self.service.circle(place)
        if about and view.kept:
            await answer.show(added_card(await self.service.add(place, about)))
        else:
            await answer.show(circle_card(view))
