"""The slash commands of the introductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.text import ngettext
from bot.edge.answer import answer_of, who
from bot.edge.kit import plain
from bot.edge.where import place_of
from bot.intros.service import IntroService
from bot.intros.until import suggested_days, until_day
from cogs.intros.cards import avoided_card
from cogs.intros.places import Places, words_of
from cogs.intros.requests_buttons import Asking

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX = 100
Choices: TypeAlias = list[app_commands.Choice[str]]


@app_commands.allowed_contexts(guilds=True, dms=True)
class Intros(
    commands.GroupCog, group_name="intro", group_description="Meet one person at a time, for a reason"
):
    """Introductions: take part, pause, leave, when is mine, whom did I meet, ask for one, keep us apart."""

    def __init__(self, service: IntroService, asking: Asking) -> None:
        """Stand on the service; the form is shared with the menu of a person."""
        super().__init__()
        self.service = service
        self.asking = asking
        self.places = Places(service)

    @app_commands.command(name="join")
    @app_commands.describe(
        extra="Glad to meet one more when somebody joins late or is left over",
        seats="At how many roundtables a month you would take a seat, if you are booked or scaling",
    )
    async def join(
        self,
        interaction: Interaction[Kith],
        extra: bool | None = None,
        seats: app_commands.Range[int, 0, 4] | None = None,
    ) -> None:
        """Be introduced to someone who fits, in every round."""
        await self._here(interaction, "join", words_of(extra), words_of(seats))

    @app_commands.command(name="pause")
    @app_commands.describe(until="Until when: in 2 weeks, 24 Dec, 2026-12-24")
    async def pause(self, interaction: Interaction[Kith], until: str) -> None:
        """Get no introductions until a day, and come back by yourself."""
        day = until_day(until, await self.service.today(interaction.user.id))
        await self._here(interaction, "pause", day.isoformat())

    @pause.autocomplete("until")
    async def days(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest one, two, four and eight weeks, each with its day."""
        offered = suggested_days(await self.service.today(interaction.user.id))
        shown = [
            (ngettext("{n} week", "{n} weeks", weeks).format(n=weeks) + f" · {day:%Y-%m-%d}", day.isoformat())
            for weeks, day in offered
        ]
        return [
            app_commands.Choice(name=plain(name, CHOICE_MAX), value=value)
            for name, value in shown
            if current.strip().lower() in name.lower()
        ]

    @app_commands.command(name="leave")
    async def leave(self, interaction: Interaction[Kith]) -> None:
        """Get no more introductions."""
        await self._here(interaction, "leave")

    @app_commands.command(name="next")
    async def next(self, interaction: Interaction[Kith]) -> None:
        """See when your next introduction comes."""
        await self._here(interaction, "next")

    @app_commands.command(name="history")
    async def history(self, interaction: Interaction[Kith]) -> None:
        """See whom you were introduced to, in private."""
        await self._here(interaction, "history")

    @app_commands.command(name="ask")
    @app_commands.describe(member="The person you would like to meet; I ask them, and they decide")
    async def ask(self, interaction: Interaction[Kith], member: discord.User) -> None:
        """Ask to be introduced to one person, with a reason."""
        await self.asking.begin(interaction, member)

    @app_commands.command(name="avoid")
    @app_commands.describe(member="The person you would rather not be introduced to; they are not told")
    async def avoid(self, interaction: Interaction[Kith], member: discord.User) -> None:
        """Never be introduced to one person; nobody is told."""
        view = await self.service.avoid(who(interaction), member.id)
        await answer_of(interaction).show(avoided_card(view))

    async def _here(self, interaction: Interaction[Kith], command: str, *args: str) -> None:
        """Run a command where it was given; in a DM, in the only community or the one to be chosen."""
        place = await place_of(interaction, self.service.places_of, "intro.where", command, *args)
        if place is not None:
            await self.places.run(answer_of(interaction).show, command, place, args)
