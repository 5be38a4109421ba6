"""A reason as finding expects it from whoever gives reasons."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why two members should meet."""

    name: str
    points: int
    values: tuple[str, ...] = ()
    giver: int | None = None
    taker: int | None = None
