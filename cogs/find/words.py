"""The sentences of finding members."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "find_offer_unknown": N_("I do not know the offer “{text}”. Did you mean: {suggestions}?"),
    "find_offer_nowhere": N_("I do not know the offer “{text}”. Please pick one while you type."),
    "find_language_unknown": N_("I do not know the language “{text}”. Did you mean: {suggestions}?"),
    "find_language_nowhere": N_("I do not know the language “{text}”. Please pick one while you type."),
    "find_gone": N_("I no longer keep this search. `/find` starts a new one."),
    "find_left": N_("That member can no longer be found here. `/find` shows who can."),
    "find_too_many_alerts": N_(
        "I look out for {limit} searches for you, the most there can be. *My alerts* lets you stop one."
    ),
}

FILTER_NAMES = {
    "niche": N_("niche"),
    "offer": N_("offers"),
    "language": N_("speaks"),
    "discipline": N_("does"),
    "direction": N_("heading"),
    "stage": N_("stage"),
    "open": N_("open for work"),
}
