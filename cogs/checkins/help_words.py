"""The sentences of asking for help and of times for commitments."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "help_no_topic": N_(
        "Your latest weeks name nothing that is in the way. `/checkin now` opens this week's; choose a topic "
        "there, and I look for somebody who can help."
    ),
    "help_old": N_("That was a while ago. `/checkin now` opens this week's check-in; begin from there."),
    "help_over": N_("That question is no longer open, and nothing else happens."),
    "when_day": N_("I could not read “{typed}” as a day. Write it like “Thu”, “tomorrow” or “12 May”."),
    "when_hour": N_("I could not read “{typed}” as an hour. Write it like “14:00” or “2pm”."),
    "when_past": N_("That moment is over. Choose one that is still to come."),
    "when_far": N_("Choose a moment within the next {days} days; later ones belong to a later week."),
    "dated_done": N_("That commitment has its outcome already, so it needs no time any more."),
}
