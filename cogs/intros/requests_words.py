"""The sentences of asking for one person, of a pause, and of commands in the DM."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "no_place": N_("I do not know which community you mean. Use this command once in a server that I am in."),
    "ask_self": N_("That is you. Choose the person you would like to meet."),
    "ask_bot": N_("That is a bot. Choose the person you would like to meet."),
    "ask_needs_both": N_(
        "Two things first, so that they know who asks: join a niche with `/niche join`, and tell me your "
        "city with `/profile timezone`. Then ask again."
    ),
    "ask_needs_niche": N_(
        "One thing first: join at least one niche with `/niche join`, so that they know what you do. "
        "Then ask again."
    ),
    "ask_needs_zone": N_(
        "One thing first: tell me your city with `/profile timezone`, so that I suggest times when you are "
        "both awake. Then ask again."
    ),
    "ask_reason_short": N_(
        "A little more, please: {least} characters at least, so that they know why. So far it has {length}."
    ),
    "ask_introduced": N_("You and {name} are introduced already: `/intro history`."),
    "ask_repeated": N_("You asked {name} already, on {at}."),
    "ask_enough": N_(
        "You asked for {limit} people within a week, and that is as many as I pass on. The next is possible "
        "on {again}."
    ),
    "ask_over": N_("That question is no longer open, and nothing else happens."),
    "pause_unclear": N_(
        "I could not read “{typed}” as a day. Write it like “in 2 weeks”, “24 Dec” or 2026-12-24."
    ),
    "pause_past": N_("A pause ends on a day to come. Write it like “in 2 weeks”, “24 Dec” or 2026-12-24."),
    "pause_far": N_("A pause lasts a year at most. `/intro leave` ends introductions until you join again."),
}
