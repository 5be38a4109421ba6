"""The buttons and forms of meetings: slots, reminders, rooms, how it went, what follows."""

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
