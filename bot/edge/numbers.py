"""Numbers in the ids of buttons, menus and forms: a client can send anything there."""

from __future__ import annotations

from bot.core.errors import KithError

BELOW = 2**63  # what every database can hold
DIGITS_MAX = 19


def number_in(text: str, code: str) -> int:
    """Return the number of a row, person or server; raises KithError `code` for what Kith never wrote."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX) or int(text) >= BELOW:
        raise KithError(code)
    return int(text)
