"""The sentences of vouches, and where one stands as each side reads it."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "vouch_self": N_("That is you. Others can vouch for you once you met."),
    "vouch_not_met": N_("You can vouch for people you met through an introduction, a gig or an event here."),
    "vouch_short": N_(
        "A little more, please: at least {least} characters say something; there are {length} so far."
    ),
    "vouch_gone": N_("These words were taken back. `/vouch` shows what there is."),
}

# One sentence for two states: that somebody said no is theirs alone.
_NOT_SHOWN = N_("It is not on their profile at the moment; that is up to them.")

FOR_GIVER = {
    "offered": _NOT_SHOWN,
    "shown": N_("It stands on their profile."),
    "declined": _NOT_SHOWN,
}

FOR_RECEIVER = {
    "offered": N_("waits for you"),
    "shown": N_("on your profile"),
    "declined": N_("not shown"),
}
