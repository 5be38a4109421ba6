"""The sentences of setup and the check-up, and the names of days."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "manage_server_only": N_("This is for moderators: it needs the server permission “Manage Server”."),
    "setup_incomplete": N_("Choose a lobby first: `/kith setup lobby:`, or press *Create what is missing*."),
    "panel_unset": N_("There is no channel for the panel yet. Choose one with `/kith setup panel:`."),
    "panel_not_started": N_("The panel is posted when you press *Start*."),
    "panel_channel_gone": N_("The panel's channel was deleted. Choose another with `/kith setup panel:`."),
    "day_unknown": N_("That is not a day I know. Please pick one from the list."),
    "hour_unknown": N_("I could not read that hour. Please write it like 10 or 18:00, on the full hour."),
}

CHECKS = {
    "chosen": N_("Channel chosen"),
    "seen_by_members": N_("Members can see it"),
    "only_kith_posts": N_("Only Kith posts"),
    "private": N_("Members cannot see it"),
    "dms": N_("Direct messages are on"),
    "role_order": N_("Kith's role is high enough"),
}
