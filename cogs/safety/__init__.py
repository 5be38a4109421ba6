"""How reports and bars look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.edge.courier import Renderer
from bot.safety.service import SafetyService

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: SafetyService) -> None:
    """Add the commands, the buttons and the sentences."""


def renderers(_service: SafetyService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""
    return {}
