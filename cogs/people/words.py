"""The sentences of profiles, niches and zones: what to do when something cannot be done."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "empty_text": N_("I need at least one visible letter. Please write a few words."),
    "mention_in_text": N_("Please leave mentions such as @everyone out, so nobody is pinged."),
    "text_too_long": N_("That is {length} characters. Please keep it within {limit}."),
    "choice_unknown": N_("I do not know that choice. Please pick one from the list."),
    "too_many_skills": N_("Up to {limit} skills fit on each side. Fewer say more; please drop some."),
    "no_profile": N_("There is no profile here yet. People write theirs with `/profile edit`."),
    "city_unknown": N_("I do not know the city “{text}”. Did you mean: {suggestions}?"),
    "city_several": N_("“{text}” fits several places, such as {suggestions}. Please name one."),
    "city_nowhere": N_("I do not know “{text}”. Please name a larger city nearby, in the same time zone."),
}

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
