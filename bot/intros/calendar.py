"""An appointment as a file every calendar reads: iCalendar, RFC 5545. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE_OCTETS = 75
LENGTH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment; the same `uid` with a higher `sequence` moves it in a calendar that has it."""

    uid: str
    sequence: int
    starts_at: datetime
    summary: str
    description: str


def ics(appointment: Appointment, now: datetime) -> bytes:
    """Write the file; `now` is when it was written."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kith//Introductions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{escaped(appointment.uid)}",
        f"SEQUENCE:{appointment.sequence}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(appointment.starts_at)}",
        f"DTEND:{_stamp(appointment.starts_at + LENGTH)}",
        f"SUMMARY:{escaped(appointment.summary)}",
        f"DESCRIPTION:{escaped(appointment.description)}",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for line in lines for piece in folded(line))


def escaped(text: str) -> str:
    """Write text as a TEXT value (RFC 5545 3.3.11); what cannot stand in one is dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterable[bytes]:
    """Cut a line into pieces of at most 75 octets, never inside a character; later ones begin with a space.

    RFC 5545 3.1 counts octets, so a character of several bytes moves to the next piece as a whole.
    """
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > LINE_OCTETS:
            yield piece
            piece = b" "
        piece += octets
    yield piece


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
