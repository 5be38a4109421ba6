"""What the asking for help hands to the outside: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.people.service import MemberView


@dataclass(frozen=True, slots=True)
class OfferView:
    """What a member reads before anybody is asked.

    `count` could be asked; `names` are those of them whom the asker may see in any case. `words` are what
    they wrote about it themselves. `asked_until`: some are asked already, and answer until then;
    `introduced`: one of them said yes.
    """

    checkin_id: int
    community_name: str
    topic: str
    count: int
    names: tuple[str, ...] = ()
    words: str = ""
    asked_until: datetime | None = None
    introduced: bool = False


@dataclass(frozen=True, slots=True)
class AskedView:
    """Who asks for help is told how many were asked; `changed` False: they were asked before."""

    community_name: str
    topic: str
    count: int
    until: datetime
    changed: bool = True


@dataclass(frozen=True, slots=True)
class HelpView:
    """What an asked member reads: the asker as members see them, and what the asker chose to share."""

    request_id: int
    community_name: str
    asker: MemberView
    topic: str
    words: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HelpedView:
    """An answer: `state` is `yes`, `no`, or `late` when somebody else said yes first."""

    request_id: int
    community_name: str
    asker_id: int
    name: str
    state: str
    changed: bool


@dataclass(frozen=True, slots=True)
class UnansweredView:
    """Nobody found the time; told to whoever asked."""

    checkin_id: int
    community_name: str
    topic: str
