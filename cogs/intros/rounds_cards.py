"""What members see of rounds: notices, previews, reports, silence."""

from __future__ import annotations

from bot.edge.courier import Renderer
from bot.intros.service import IntroService


def renderers(_service: IntroService) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""
    return {}
