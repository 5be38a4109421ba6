"""How the introductions look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands

from bot.edge.courier import Renderer
from bot.intros.service import IntroService
from cogs.intros import (
    cards,
    ended,
    meeting_buttons,
    meeting_cards,
    requests_buttons,
    requests_cards,
    requests_words,
    rounds_buttons,
    rounds_cards,
    rounds_commands,
    rounds_words,
)
from cogs.intros.buttons import IntroButtons
from cogs.intros.commands import Intros
from cogs.intros.words import SENTENCES

__all__ = ["renderers", "setup"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: IntroService) -> None:
    """Add the commands, the buttons, the forms and the sentences of the introductions."""
    asking = requests_buttons.Asking(service, bot.forms)
    await bot.add_cog(Intros(service, asking))

    @app_commands.context_menu(name="Introduce us")
    @app_commands.guild_only()
    async def introduce_us(interaction: Interaction[Kith], user: discord.User) -> None:
        """Ask to be introduced to the person whose menu was opened."""
        await asking.begin(interaction, user)

    bot.tree.add_command(introduce_us)
    rounds_commands.add_to_kith(bot, service)
    handlers = IntroButtons(service)
    bot.buttons.register("intro.outcome", handlers.outcome)
    bot.buttons.register("intro.leave", handlers.leave)
    bot.buttons.register("intro.unavoid", handlers.unavoid)
    for part in (rounds_buttons, meeting_buttons, requests_buttons):
        for action, handler in part.buttons(service, bot.forms).items():
            bot.buttons.register(action, handler)
        for spec in part.specs(service, bot.forms):
            bot.forms.register(spec)
    bot.sentences.update(SENTENCES)
    bot.sentences.update(rounds_words.SENTENCES)
    bot.sentences.update(requests_words.SENTENCES)


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each message of the introductions."""
    found: dict[str, Renderer] = {}
    for part in (cards, ended, rounds_cards, meeting_cards, requests_cards):
        found |= part.renderers(service)
    return found
