"""The sentences of the circle, and what its kinds of encounters are called."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "circle_self": N_("That is you. Your circle holds the people you met."),
    "circle_not_kept": N_("You keep no circle here. `/circle` begins one."),
    "circle_not_met": N_(
        "Your circle holds people you met through Kith: by an introduction or a gig. "
        "`/intro ask` is the way to somebody new."
    ),
    "circle_gone": N_("This is no longer in your circle. `/circle` shows what there is."),
    "circle_day_unclear": N_("I could not read that day. Write it like: yesterday, 12 May, or 2026-05-12."),
    "circle_day_ahead": N_(
        "That day has not come yet. Write it down once you met; *Next step* keeps a plan."
    ),
    "circle_day_over": N_("That day has passed. Choose one from today on, or leave it empty."),
}

KINDS = {
    "introduction": N_("an introduction"),
    "follow_up": N_("a follow-up"),
    "event": N_("an event"),
    "helped": N_("one of you helped the other"),
    "gig": N_("a gig together"),
    "pod": N_("a pod"),
    "other": N_("another way"),
}

CHOICES = {
    "event": N_("At an event"),
    "helped": N_("One of us helped the other"),
    "gig": N_("A gig together"),
    "pod": N_("In our pod"),
    "other": N_("Another way"),
}
"""The same as one chooses them in the form."""

FORMER = N_("a former member")
