"""In which part of the world a time zone lies; as coarse as a continent. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.text import N_

REGIONS: Mapping[str, str] = {
    "africa": N_("Africa"),
    "asia": N_("Asia"),
    "europe": N_("Europe"),
    "north-america": N_("North and Central America"),
    "oceania": N_("Oceania"),
    "south-america": N_("South America"),
}
_BY_AREA = {
    "Africa": "africa",
    "America": "north-america",
    "Asia": "asia",
    "Atlantic": "europe",
    "Australia": "oceania",
    "Brazil": "south-america",
    "Canada": "north-america",
    "Chile": "south-america",
    "Europe": "europe",
    "Indian": "africa",
    "Mexico": "north-america",
    "Pacific": "oceania",
    "US": "north-america",
}
_SOUTH = (
    "Araguaina Argentina Asuncion Bahia Belem Boa_Vista Bogota Buenos_Aires Campo_Grande Caracas Catamarca"
    " Cayenne Cordoba Coyhaique Cuiaba Eirunepe Fortaleza Guayaquil Guyana Jujuy La_Paz Lima Maceio Manaus"
    " Mendoza Montevideo Noronha Paramaribo Porto_Acre Porto_Velho Punta_Arenas Recife Rio_Branco Rosario"
    " Santarem Santiago Sao_Paulo"
)
_ELSEWHERE = {
    **{f"America/{city}": "south-america" for city in _SOUTH.split()},
    "Atlantic/Bermuda": "north-america",
    "Atlantic/Cape_Verde": "africa",
    "Atlantic/South_Georgia": "south-america",
    "Atlantic/St_Helena": "africa",
    "Atlantic/Stanley": "south-america",
    "Chile/EasterIsland": "oceania",
    "Indian/Chagos": "asia",
    "Indian/Christmas": "oceania",
    "Indian/Cocos": "oceania",
    "Indian/Kerguelen": "",
    "Indian/Maldives": "asia",
    "Pacific/Galapagos": "south-america",
}


def region_of(zone: str | None) -> str:
    """The region of an IANA zone; "" for none, and for zones that say nothing about a place."""
    parts = (zone or "").split("/")
    if len(parts) == 1:
        return ""
    place = "/".join(parts[:2])
    return _ELSEWHERE.get(place, _BY_AREA.get(parts[0], ""))
