"""The sentences of reports and bars, and the names of reasons, places and outcomes."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "barred": N_(
        "The moderators of this server have closed Kith for you here. "
        "Please ask them; /privacy, /inbox and /stop still work."
    ),
    "safety_not_here": N_(
        "This card is not from a community of yours, or the person is no longer there. Nothing was sent."
    ),
    "safety_self": N_(
        "That is you. If something is wrong with your own profile, `/profile edit` changes it."
    ),
    "safety_told_already": N_("You told the moderators already. They are on it."),
    "safety_report_gone": N_("This report is no longer here. `/kith reports` shows those that wait."),
    "safety_about_you": N_("Somebody else has to look at this one."),
    "safety_bar_self": N_("That is you. Another moderator can do this, if you want it."),
    "safety_unbar_self": N_("Another moderator has to open Kith for you again."),
    "safety_bar_bot": N_("That is a bot. Kith never talks to bots anyway."),
    "safety_not_barred": N_("Kith is not closed for {name} here, so nothing changed."),
}

REASONS = {
    "spam": N_("Spam or scam"),
    "contact": N_("Unwanted contact"),
    "rude": N_("Rude or hurtful"),
    "impostor": N_("Not who they say they are"),
    "other": N_("Something else"),
}

PLACES = {
    "profile": N_("a profile"),
    "intro": N_("an introduction"),
    "gig": N_("a gig"),
    "pitch": N_("an answer to a gig"),
    "vouch": N_("a vouch"),
}

OUTCOMES = {
    "nothing": N_("No action"),
    "talked": N_("Talked to them"),
    "barred": N_("Kith is closed for them"),
}
