"""The registry of buttons and menus: which handler answers which action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from discord import Interaction

from bot.core.errors import KithError
from bot.edge.answer import Answer, attend
from bot.edge.gates import admit

_OPENS_FORM = "form.open"


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

    def action_of(self, interaction: Interaction[Any]) -> str | None:
        """Return the action of a press; None when it has no handler."""
        action = _rest_of(dict(interaction.data or {})).partition(":")[0]
        return action if action in self._handlers else None

    def handler_of(self, interaction: Interaction[Any]) -> PressHandler | None:
        """Return what answers a press; None when nothing does."""
        return self._handlers.get(self.action_of(interaction) or "")

    async def dispatch(self, interaction: Interaction[Any]) -> None:
        """Answer one press; an action nobody knows comes from an older version of Kith."""
        await attend(interaction, self._handle)

    async def _handle(self, answer: Answer) -> None:
        interaction = answer.interaction
        data: dict[str, Any] = dict(interaction.data or {})
        rest = _rest_of(data)
        action, *args = rest.split(":")
        handler = self._handlers.get(action)
        if handler is None or "\0" in rest:  # PostgreSQL keeps no such text, and Kith writes none
            raise KithError("button_outdated")
        values = tuple(str(value) for value in data.get("values") or ())
        await admit(interaction, args[0] if action == _OPENS_FORM and args else action)
        await handler(Press(interaction, tuple(args), values, answer, interaction.user.id))


def _rest_of(data: dict[str, Any]) -> str:
    """Return a component's custom_id without its prefix."""
    return str(data.get("custom_id", "")).partition(":")[2]
