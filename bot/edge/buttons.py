"""The registry of buttons and menus: which handler answers which action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from discord import Interaction

from bot.core.errors import KithError
from bot.edge.answer import Answer, attend


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button or one choice in a menu."""

    interaction: Interaction[Any]
    args: tuple[str, ...]
    values: tuple[str, ...]
    answer: Answer
    person_id: int


PressHandler: TypeAlias = Callable[[Press], Awaitable[None]]


class Buttons:
    """Knows the handler of every action; actions are never reused for something else."""

    def __init__(self) -> None:
        """Start with no action."""
        self._handlers: dict[str, PressHandler] = {}

    def register(self, action: str, handler: PressHandler) -> None:
        """Let `handler` answer every button and menu of this action."""
        if action in self._handlers:
            raise ValueError(f"two handlers for the button {action}")
        self._handlers[action] = handler

    def known(self) -> tuple[str, ...]:
        """List every action, for checks and documents."""
        return tuple(sorted(self._handlers))

    async def dispatch(self, interaction: Interaction[Any]) -> None:
        """Answer one press; an action nobody knows comes from an older version of Kith."""
        await attend(interaction, self._handle)

    async def _handle(self, answer: Answer) -> None:
        interaction = answer.interaction
        data: dict[str, Any] = dict(interaction.data or {})
        _prefix, _, rest = str(data.get("custom_id", "")).partition(":")
        action, *args = rest.split(":")
        handler = self._handlers.get(action)
        if handler is None or "\0" in rest:  # PostgreSQL keeps no such text, and Kith writes none
            raise KithError("button_outdated")
        values = tuple(str(value) for value in data.get("values") or ())
        await handler(Press(interaction, tuple(args), values, answer, interaction.user.id))
