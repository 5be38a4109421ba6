"""The sentences of rounds: refusals, and the reasons of a pair as a moderator reads them."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "round_gone": N_("That round is over already. `/intro next` shows when the next one is."),
    "round_none": N_("No round is planned. Press *Start* in `/kith setup` first."),
    "round_busy": N_("The round has just gone out. `/kith round history` shows how it went."),
    "round_not_ready": N_(
        "There is nothing to send: the round is not ready. `/kith round preview` shows it."
    ),
    "round_changed": N_("The round was matched anew meanwhile. Press *Match again*, then choose."),
    "round_weeks_unknown": N_("Rounds come every week, every two weeks or every four."),
    "date_unknown": N_("I could not read that date. Please write it like 2026-12-24 or 24 Dec."),
    "date_past": N_("That day is over. Please choose one that is still to come."),
    "dates_backwards": N_("The last day is before the first. Please check the two dates."),
    "holidays_too_many": N_(
        "I can keep {most} days at most. Check the two dates, or remove some days first."
    ),
    "pause_too_long": N_(
        "A pause lasts a year at most. `/intro leave` ends introductions for as long as you like."
    ),
    "approve_needs_channel": N_(
        "Choose a moderators' channel first: `/kith setup moderators:`. That is where a round waits for you."
    ),
    "not_enrolled": N_("You are not taking part right now. `/intro join` takes you along."),
}

REASONS_TOLD = {
    "niche": N_("both in {values}"),
    "direction": N_("headed the same way: {values}"),
    "stack": N_("their work fits together"),
    "peer": N_("at a similar point"),
    "senior": N_("one is further along"),
    "background": N_("they work in different ways"),
    "new": N_("new to each other"),
}

RULES_RELAXED = {
    "repeat": N_("introduced again sooner than usual"),
    "hours": N_("fewer shared hours than usual"),
}

STATES = {
    "planned": N_("planned"),
    "ready": N_("waits for approval"),
    "done": N_("done"),
    "skipped": N_("skipped"),
}
