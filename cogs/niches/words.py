"""The sentences of niches: what to do when something cannot be done."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "niche_unknown": N_("I do not know the niche “{text}”. Did you mean: {suggestions}?"),
    "niche_nowhere": N_("I do not know the niche “{text}”. `/niche browse` shows them all."),
    "niches_full": N_("You are in {limit} niches, the most there can be. `/niche leave` makes room."),
}

AXES = {"industry": N_("Industries"), "technique": N_("Techniques"), "deliverable": N_("Deliverables")}
