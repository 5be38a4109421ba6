"""How the introductions look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.intros.service import IntroService
from cogs.intros.buttons import IntroButtons
from cogs.intros.cards import renderers
from cogs.intros.commands import Intros
from cogs.intros.words import SENTENCES

__all__ = ["renderers", "setup"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: IntroService) -> None:
    """Add the commands, the buttons and the sentences of the introductions."""
    await bot.add_cog(Intros(service))
    handlers = IntroButtons(service)
    bot.buttons.register("intro.outcome", handlers.outcome)
    bot.buttons.register("intro.leave", handlers.leave)
    bot.sentences.update(SENTENCES)
