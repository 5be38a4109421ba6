"""What members and moderators see of reports and bars."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge.kit import button


def report_button(place: str, member_id: int, subject: int = 0) -> ui.Item[Any]:
    """Make the button that reports a member to the moderators, from the card that shows them.

    `place` is where it stands (`profile` · `intro` · `gig` · `pitch` · `vouch`), `subject` the row it shows.
    """
    return button(_("Report"), "form.open", "safety.report", place, member_id, subject)
