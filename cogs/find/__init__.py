"""How finding members looks on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.find.service import FindService
from cogs.find.buttons import FindButtons
from cogs.find.cards import renderers, suggestion_lines
from cogs.find.commands import Find
from cogs.find.words import SENTENCES
from cogs.people.showing import Showing

__all__ = ["renderers", "setup", "suggestion_lines"]

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: FindService, showing: Showing) -> None:
    """Add the command, the buttons and the sentences."""
    await bot.add_cog(Find(service))
    for action, handler in FindButtons(service, showing).handlers().items():
        bot.buttons.register(action, handler)
    bot.sentences.update(SENTENCES)
