"""The sentences of check-ins: what to do when something cannot be done, and the names of days and topics."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "zone_first": N_(
        "First tell me your city, so that nine o'clock is your nine o'clock: `/profile timezone`."
    ),
    "checkin_when": N_("That is not a day and hour I know. Please pick both from the list."),
    "checkin_off": N_(
        "Your check-ins are not on. `/checkin start` turns them on, at a day and hour you choose."
    ),
    "checkin_closed": N_("That week is closed, and that is fine. Your next check-in comes {next}."),
    "checkin_closed_off": N_("That week is closed. `/checkin start` begins a new one whenever you like."),
    "checkin_empty": N_("One commitment is enough, but I need one. What would make this a good week?"),
    "checkin_long": N_("Please keep each line within {limit} characters."),
    "checkin_gone": N_("That check-in is no longer stored. `/checkin now` opens this week's."),
    "checkin_outcome": N_("That is not an outcome I know. Please pick one from the list."),
}

TOPICS = {
    "nothing": N_("Nothing right now"),
    "clients": N_("Finding clients"),
    "pricing": N_("Pricing"),
    "proposals": N_("Proposals"),
    "scope": N_("Scope"),
    "delivery": N_("Delivering the work"),
    "focus": N_("Time and focus"),
    "confidence": N_("Confidence"),
    "other": N_("Something else"),
}

OUTCOMES = {
    "done": N_("Done"),
    "partly": N_("Partly"),
    "not_done": N_("Not done"),
    "carried": N_("Carry over"),
}

MARKS = {"done": "✔", "partly": "◐", "not_done": "○", "carried": "↻"}
