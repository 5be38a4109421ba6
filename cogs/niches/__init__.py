"""How niches look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.agenda import Handler
from bot.edge.courier import Renderer
from bot.niches.service import NicheService
from cogs.niches.buttons import NicheButtons
from cogs.niches.commands import Niches
from cogs.niches.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: NicheService) -> None:
    """Add the commands, the buttons and the sentences of niches."""
    await bot.add_cog(Niches(service))
    handlers = NicheButtons(service)
    bot.buttons.register("niche.browse", handlers.browse)
    bot.buttons.register("niche.join", handlers.join)
    bot.sentences.update(SENTENCES)


def renderers(_service: NicheService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""
    return {}


def handlers(_bot: Kith, _service: NicheService) -> dict[str, Handler]:
    """Name the agenda work that reaches for Discord: roles."""
    return {}
