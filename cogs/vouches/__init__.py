"""How vouches look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.edge.courier import Renderer
from bot.vouches.service import VouchService

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: VouchService) -> None:
    """Add the commands, the buttons and the sentences."""


def renderers(_service: VouchService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""
    return {}
