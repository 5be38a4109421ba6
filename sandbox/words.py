"""Discord's markup in words: timestamps written out, markdown taken away."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_STAMP_FORMATS = {
    "t": "%H:%M UTC",
    "T": "%H:%M:%S UTC",
    "d": "%d/%m/%Y",
    "D": "{day} %B %Y",
    "F": "%A, {day} %B %Y at %H:%M UTC",
}


def stamp(unix: int, style: str) -> str:
    """A Discord timestamp in words, in UTC; a relative one is written out, since no now is known here."""
    try:
        moment = datetime.fromtimestamp(unix, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return "Invalid date"
    pattern = _STAMP_FORMATS.get(style, "{day} %B %Y at %H:%M UTC")
    return moment.strftime(pattern.replace("{day}", str(moment.day)))


def plain(text: str) -> str:
    """Markdown as a reader sees it: marks and escapes gone."""
    text = re.sub(r"(?m)^(?:#{1,3}|-#|>) ", "", text)
    text = re.sub(r"(?<!\\)(\*\*\*|\*\*|__|~~|\|\||`)", "", text)
    text = re.sub(r"\[([^\]\[]+)\]\((https?://[^)\s]+)\)", r"\1 (\2)", text)
    return re.sub(r"\\([\\*_~`|>#\-\[\]()<@:.])", r"\1", text).replace("\u200b", "")
