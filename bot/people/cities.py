"""From a city, a zone name or an offset to an IANA zone; the table is `seeds/cities.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.errors import KithError
from bot.core.schedule import valid_zone
from bot.people.catalogue import SEEDS
from bot.people.niches import CLEAR, SURE
from bot.people.search import plain, ranked

_OFFSET = re.compile(
    r"^(?:utc|gmt)\s*(?:([+\u2212-])\s*(\d{1,2})(?:[:.]?([0-5]\d))?)?$"  # UTC, GMT-3, UTC+5:30
    r"|^([+\u2212-])(\d{1,2})(?::?([0-5]\d))?$",  # +05:30
    re.IGNORECASE,
)
UTC_LABEL = "UTC"
LIKE = 60.0  # below it, "did you mean" would name places that nobody meant


@dataclass(frozen=True, slots=True)
class Place:
    """A choice: what members read, and the zone it stands for."""

    label: str
    zone: str


@dataclass(frozen=True, slots=True)
class City:
    """A city with its country, its zone and other names people type."""

    name: str
    country: str
    zone: str
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The city as members read it."""
        return f"{self.name}, {self.country}"


def parse_offset(text: str) -> timedelta | None:
    """Return the offset 'UTC+5:30', 'gmt-3' or '+05:30' means, or None for anything else."""
    found = _OFFSET.match(text.strip())
    if not found:
        return None
    sign, hours, minutes = (found[1] or found[4]), (found[2] or found[5] or 0), (found[3] or found[6] or 0)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return offset if sign == "+" or not sign else -offset


class Cities:
    """The table of cities, searchable."""

    def __init__(self, cities: Sequence[City]) -> None:
        """Index the cities by label, in the order given (larger communities first)."""
        self.by_label = {city.label: city for city in cities}
        self._names = {city.label: (city.name, city.label, city.country, *city.aliases) for city in cities}

    def search(self, text: str, now: datetime, limit: int = 25) -> list[Place]:
        """Return places that fit what was typed so far, best first."""
        text = text.strip()
        if not text:
            return [Place(c.label, c.zone) for c in list(self.by_label.values())[:limit]]
        offset = parse_offset(text)
        if offset is not None:
            return self._at_offset(offset, now)[:limit]
        found = [Place(label, self.by_label[label].zone) for label, _ in ranked(text, self._names)]
        if valid_zone(text) and text not in {place.zone for place in found[:1]}:
            found.insert(0, Place(text, text))
        return found[:limit]

    def resolve(self, text: str, now: datetime) -> Place:
        """Return the one place that was meant.

        Raises:
            KithError: `city_several` or `city_unknown`, both with `suggestions`; `city_nowhere`.
        """
        text = text.strip()
        if text in self.by_label:
            return Place(text, self.by_label[text].zone)
        if text.casefold() in ("utc", "gmt"):
            return Place(UTC_LABEL, "UTC")
        if valid_zone(text):
            return Place(text, text)
        if (offset := parse_offset(text)) is not None:
            return self._only(self._at_offset(offset, now), text)
        found = ranked(text, self._names, least=LIKE)
        sure = [(label, s) for label, s in found if s >= SURE and found[0][1] - s < CLEAR]
        if sure:
            return self._only([Place(label, self.by_label[label].zone) for label, _ in sure], text)
        if not found:
            raise KithError("city_nowhere", text=text[:60])
        raise KithError("city_unknown", text=text[:60], suggestions=_names([label for label, _ in found]))

    def _at_offset(self, offset: timedelta, now: datetime) -> list[Place]:
        """Cities whose clocks show that offset now, one for each zone."""
        places = {UTC_LABEL: Place(UTC_LABEL, "UTC")} if not offset else {}
        for city in self.by_label.values():
            if now.astimezone(ZoneInfo(city.zone)).utcoffset() == offset:
                places.setdefault(city.zone, Place(city.label, city.zone))
        return list(places.values())

    def _only(self, places: list[Place], text: str) -> Place:
        """Return the place all agree on; several zones are asked about, never guessed."""
        if not places:
            raise KithError("city_nowhere", text=text[:60])
        if len({place.zone for place in places}) > 1:
            raise KithError("city_several", text=text[:60], suggestions=_names([p.label for p in places]))
        return places[0]


def _names(labels: Sequence[str]) -> str:
    return " · ".join(labels[:3])


@lru_cache(maxsize=1)
def load_cities() -> Cities:
    """Read the table; the same object every time."""
    with (SEEDS / "cities.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if not line.startswith("#"))
        _header, *lines = list(rows)
    return Cities(
        [City(n, c, z, tuple(a for a in aliases.split("|") if plain(a))) for n, c, z, aliases in lines]
    )
