"""What members see of meetings: slots, reminders, rooms, how it went, what follows."""

from __future__ import annotations

from bot.edge.courier import Renderer
from bot.intros.service import IntroService


def renderers(_service: IntroService) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""
    return {}
