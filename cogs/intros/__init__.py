"""How the introductions look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.edge.courier import Renderer
from bot.intros.service import IntroService
from cogs.intros import (
    cards,
    ended,
    meeting_buttons,
    meeting_cards,
    requests_buttons,
    requests_cards,
    rounds_buttons,
    rounds_cards,
)
from cogs.intros.buttons import IntroButtons
from cogs.intros.commands import Intros
from cogs.intros.words import SENTENCES

__all__ = ["renderers", "setup"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: IntroService) -> None:
    """Add the commands, the buttons, the forms and the sentences of the introductions."""
    await bot.add_cog(Intros(service))
    handlers = IntroButtons(service)
    bot.buttons.register("intro.outcome", handlers.outcome)
    bot.buttons.register("intro.leave", handlers.leave)
    for part in (rounds_buttons, meeting_buttons, requests_buttons):
        for action, handler in part.buttons(service, bot.forms).items():
            bot.buttons.register(action, handler)
        for spec in part.specs(service, bot.forms):
            bot.forms.register(spec)
    bot.sentences.update(SENTENCES)


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each message of the introductions."""
    found: dict[str, Renderer] = {}
    for part in (cards, ended, rounds_cards, meeting_cards, requests_cards):
        found |= part.renderers(service)
    return found
