"""What a gig that is friendly to first-timers pays at least; the floors are in `seeds/gigs.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from bot.core.errors import KithError
from bot.gigs.budget import Budget

_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "gigs.toml"


@dataclass(frozen=True, slots=True)
class Floors:
    """The least an hour pays by currency, and how many hours a unit of a budget holds at least."""

    an_hour: Mapping[str, Decimal]
    hours: Mapping[str, int]

    def of(self, currency: str, per: str) -> Decimal | None:
        """Return the floor of a budget; None for a currency that has none."""
        least = self.an_hour.get(currency)
        return least * self.hours[per] if least is not None else None


@cache
def load_floors(path: Path = _SEEDS) -> Floors:
    """Read the seeds, once."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["starter"]
    return Floors({code: Decimal(least) for code, least in rows["floor"].items()}, rows["hours"])


def check_starter(budget: Budget, floors: Floors | None = None) -> None:
    """Raise `gig_starter_floor` when a budget is below what a starter-friendly gig pays at least."""
    least = (floors or load_floors()).of(budget.currency, budget.per)
    if least is not None and budget.low < least:
        raise KithError("gig_starter_floor", least=f"{least:,.0f}", currency=budget.currency)
