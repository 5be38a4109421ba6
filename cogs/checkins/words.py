"""The sentences of check-ins: what to do when something cannot be done, and the names of topics and kinds."""

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
    "checkin_closed_newer": N_(
        "That week is closed, and that is fine. The one after it is open: `/checkin now`."
    ),
    "checkin_closed_off": N_("That week is closed. `/checkin start` begins a new one whenever you like."),
    "checkin_empty": N_("One commitment is enough, but I need one. What would make this a good week?"),
    "checkin_long": N_("Please keep each line within {limit} characters."),
    "checkin_gone": N_("That check-in is no longer stored. `/checkin now` opens this week's."),
    "checkin_outcome": N_("That is not an outcome I know. Please pick one from the list."),
    "checkin_kind": N_("That is not a kind I know. Please pick one from the list."),
    "checkin_written": N_("That week is written already, so there is nothing to skip."),
    "away_unclear": N_(
        "I do not know the day “{typed}”. Write it like 12 May, 2026-05-12, tomorrow or in 2 weeks."
    ),
    "away_past": N_("That day is over. Please name one from today on."),
    "away_backwards": N_("The last day away comes before the first. Please swap them."),
    "away_far": N_("That is more than a year ahead. Please name a day within a year."),
    "away_many": N_("I keep {most} stretches ahead. Remove one under `/checkin away` first."),
    "away_gone": N_("Those days are no longer noted. `/checkin away` shows what is."),
}

TOPICS = {
    "nothing": N_("Nothing right now"),
    "pricing": N_("Pricing"),
    "scoping": N_("Scoping the work"),
    "contracts": N_("Contracts"),
    "clients": N_("Finding clients"),
    "delivery": N_("Delivering the work"),
    "tech": N_("A technical problem"),
    "time": N_("Time and focus"),
    "motivation": N_("Motivation"),
}

OLD_TOPICS = {
    "proposals": N_("Proposals"),
    "scope": N_("Scope"),
    "focus": N_("Time and focus"),
    "confidence": N_("Confidence"),
    "other": N_("Something else"),
}
"""Topics that earlier weeks name; they are shown, and no longer offered."""

OUTCOMES = {
    "done": N_("Done"),
    "partly": N_("Partly"),
    "not_done": N_("Not done"),
    "carried": N_("Carry over"),
}

MARKS = {"done": "✔", "partly": "◐", "not_done": "○", "carried": "↻"}

KINDS = {
    "outreach": N_("Outreach"),
    "proposal": N_("Proposal"),
    "delivery": N_("Delivery"),
    "publishing": N_("Publishing"),
    "networking": N_("Networking"),
    "learning": N_("Learning"),
    "admin": N_("Admin"),
}

STATES = {
    "kept": N_("written"),
    "caught": N_("caught up with"),
    "frozen": N_("kept by a freeze"),
    "missed": N_("no check-in"),
    "away": N_("away"),
    "unasked": N_("I could not ask"),
    "open": N_("open"),
}

BARS = {"kept": "▇", "caught": "▅", "frozen": "▃", "missed": "▁", "away": "╌", "unasked": "╌", "open": "…"}
