"""The buttons and forms of rounds: notices, previews, reports, silence."""

from __future__ import annotations

from bot.edge.buttons import PressHandler
from bot.edge.forms import Forms, FormSpec
from bot.intros.service import IntroService


def buttons(_service: IntroService, _forms: Forms) -> dict[str, PressHandler]:
    """Name every action."""
    return {}


def specs(_service: IntroService, _forms: Forms) -> list[FormSpec]:
    """Return every form."""
    return []
