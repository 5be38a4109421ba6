"""How often one person may ask for what is costly: generous for people, tight for a script.

A command, a button or a form says what it costs, where it is written:

    @app_commands.command(name="find")
    @costs(SEARCH)
    async def find(self, interaction, …): ...

Each person has a bucket of each kind, in the memory of each process; forms cost `FORM` if they say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final, TypeVar

from discord import Interaction, InteractionType

from bot.core.clock import Clock
from bot.core.errors import KithError

if TYPE_CHECKING:
    from bot.edge.client import Kith
    from bot.edge.gates import Gate

_T = TypeVar("_T", bound=Callable[..., Any])

_COST: Final = "kith_cost"
SWEEP_ABOVE = 10_000
_ROUNDING = 1e-6  # of a second: sums of fractions never come out even


@dataclass(frozen=True, slots=True)
class Cost:
    """A kind of costly action: so many at once, and one more every so many seconds."""

    name: str
    most: int
    every: float


EXPORT: Final = Cost("export", 5, 120)
PICTURE: Final = Cost("picture", 20, 5)
SEARCH: Final = Cost("search", 30, 2)
PREVIEW: Final = Cost("preview", 10, 20)
POST: Final = Cost("post", 10, 60)
FORM: Final = Cost("form", 30, 5)


def costs(cost: Cost) -> Callable[[_T], _T]:
    """Say what a command, a button or a form costs."""

    def declare(handler: _T) -> _T:
        setattr(handler, _COST, cost)
        return handler

    return declare


def cost_of(handler: object) -> Cost | None:
    """Return what a handler said it costs; None if nothing."""
    found = getattr(handler, _COST, None)
    return found if isinstance(found, Cost) else None


class Limits:
    """Counts what people did lately; a bucket fills up again by the clock.

    What is remembered of a bucket is only when it will be full again (the generic cell rate algorithm).
    """

    def __init__(self, clock: Clock, sweep_above: int = SWEEP_ABOVE) -> None:
        """Count by this clock; above `sweep_above` buckets the full ones are forgotten."""
        self._clock = clock
        self._sweep_above = sweep_above
        self._full_at: dict[tuple[int, str], float] = {}

    def __len__(self) -> int:
        """Count the buckets that are remembered."""
        return len(self._full_at)

    def take(self, person_id: int, cost: Cost) -> None:
        """Let a person do it once more.

        Raises:
            KithError: `a_moment`, with the time `again`; then nothing was counted.
        """
        now, key = self._clock.monotonic(), (person_id, cost.name)
        full_at = max(now, self._full_at.get(key, now)) + cost.every
        wait = full_at - now - cost.most * cost.every
        if wait > _ROUNDING:
            raise KithError("a_moment", again=self._clock.now() + timedelta(seconds=ceil(wait - _ROUNDING)))
        self._full_at[key] = full_at
        if len(self._full_at) > self._sweep_above:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}


def gate_of(bot: Kith, limits: Limits) -> Gate:
    """Make the gate that counts what commands, buttons and forms cost."""

    async def gate(interaction: Interaction[Any], _name: str) -> None:
        cost = _asked(bot, interaction)
        if cost is not None:
            limits.take(interaction.user.id, cost)

    return gate


def _asked(bot: Kith, interaction: Interaction[Any]) -> Cost | None:
    """Return what an interaction costs."""
    if interaction.type is InteractionType.component:
        return cost_of(bot.buttons.handler_of(interaction))
    if interaction.type is InteractionType.modal_submit:
        return cost_of(bot.forms.submit_of(interaction)) or FORM
    return cost_of(getattr(interaction.command, "callback", None))
