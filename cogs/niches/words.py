"""The sentences of niches: what to do when something cannot be done."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "niche_unknown": N_(
        "I do not know the niche “{text}”. Did you mean: {suggestions}? `/niche suggest` asks for a new one."
    ),
    "niche_nowhere": N_(
        "I do not know the niche “{text}”. `/niche browse` shows them all, `/niche suggest` asks for it."
    ),
    "niches_full": N_("You are in {limit} niches, the most there can be. `/niche leave` makes room."),
    "niche_gone": N_("That niche is not here any more. `/niche browse` shows all there are."),
    "niche_name_blank": N_("A niche's name needs a letter or a digit, so that search can find it."),
    "niche_too_many_suggestions": N_(
        "{limit} of your suggestions wait for the moderators, the most there can be. "
        "Please wait until they have looked at one."
    ),
    "niche_suggestion_gone": N_("That suggestion is not here any more: whoever made it took it along."),
    "niche_same": N_("A niche cannot be merged into itself. *{name}* is both of the two you chose."),
    "niche_merged": N_("That niche was merged already. It lives on as *{name}*: please choose that one."),
    "niche_name_taken": N_("*{name}* answers to that name already. Merge the two, or choose another name."),
    "niche_has_role": N_("*{name}* has a role already. Delete that role first, or make a new niche of this."),
    "niche_role_linked": N_("That role belongs to the niche *{name}* already."),
    "niche_role_gone": N_("That role is not on the server any more."),
    "niche_role_everyone": N_("@everyone is no niche. Please choose a role that some members have."),
    "niche_role_managed": N_("That role belongs to a bot or to Discord itself, so I cannot give it."),
    "niche_role_above": N_("That role stands above mine. Move mine above it in the server's role settings."),
    "niche_role_powers": N_(
        "That role carries permissions, and whoever joins the niche would get them. "
        "Please choose one without any."
    ),
}

AXES = {"industry": N_("Industries"), "technique": N_("Techniques"), "deliverable": N_("Deliverables")}

AXIS_NAMES = {
    "industry": N_("Industry: whom you work for"),
    "technique": N_("Technique: how you work"),
    "deliverable": N_("Deliverable: what you make"),
}
