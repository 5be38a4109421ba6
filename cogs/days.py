"""The days of the week in words; 0 is Monday, as in `bot.core.schedule`."""

from bot.core.text import N_

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
